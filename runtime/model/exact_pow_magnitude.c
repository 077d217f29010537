/* needs: exact exact_infinity exact_abs exact_product exact_sum exact_scale exact_log_pair exact_exp_reduced */
/* exact_pow_magnitude: x^y for x > 0, not 1 and finite, y not 0 and finite; error below 0.8 ulp (1 ulp where subnormal).
 * e^(y log x), log x and the product as pairs. */
static double exact_pow_magnitude(double x, double y) {
    const int grows = (x > 1) == (y > 0);
    const double size = exact_abs(y);
    if (size > 0x1p65) return grows ? exact_infinity() : 0; /* |log x| > 2^-54 */
    if (size < 0x1p-65) return 1;
    const exact_pair l = x < 0x1p-1022 ? exact_log_pair(x * 0x1p54, 0, -54) : exact_log_pair(x, 0, 0);
    const exact_pair p = exact_product(y, l.high);
    if (p.high > 710) return exact_infinity();
    if (p.high < -746) return 0;
    const exact_pair e = exact_sum(p.high, p.low + ROUNDED(y * l.low));
    int k;
    const exact_pair r = exact_exp_reduced(e.high, e.low, &k);
    const double high = 1 + r.high;
    const double low = (1 - high) + r.high;
    return exact_scale(high + (low + r.low), k);
}
