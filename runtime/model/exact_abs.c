/* needs: exact_to_bits exact_from_bits */
/* exact_abs: |x|, the sign bit cleared; exact, also for -0 and nan. */
static double exact_abs(double x) {
    return exact_from_bits(exact_to_bits(x) & UINT64_C(0x7fffffffffffffff));
}
