/* needs: exact exact_from_bits */
/* exact_scale: x * 2^k for 0.25 <= |x| < 4 (or 0) and |k| < 1960; rounded once, where the result is subnormal. The power goes
 * in two steps, the first of which neither overflows nor loses a bit. */
static double exact_scale(double x, int k) {
    const int first = k > 1000 ? 1000 : k < -960 ? -960 : k;
    const double high = exact_from_bits((uint64_t)(first + 1023) << 52);
    const double low = exact_from_bits((uint64_t)(k - first + 1023) << 52);
    return ROUNDED(x * high * low);
}
