/* needs: exact_from_bits */
/* exact_nan: the one nan that the exact functions return for arguments outside their domain. */
static double exact_nan(void) {
    return exact_from_bits(UINT64_C(0x7ff8000000000000));
}
