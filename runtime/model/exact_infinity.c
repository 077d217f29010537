/* needs: exact_from_bits */
/* exact_infinity: +inf. */
static double exact_infinity(void) {
    return exact_from_bits(UINT64_C(0x7ff0000000000000));
}
