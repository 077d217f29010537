/* needs: exact_sum exact_divide exact_expm1_pair */
/* exact_tanh: the hyperbolic tangent; error below 1 ulp. With e = e^(2|x|) - 1:  tanh |x| = e / (e + 2). */
static double exact_tanh(double x) {
    if (x != x || (x > -0x1p-28 && x < 0x1p-28)) return x; /* x - x^3/3 */
    if (x > 20) return 1;
    if (x < -20) return -1;
    const exact_pair e = exact_expm1_pair(x < 0 ? -2 * x : 2 * x);
    exact_pair d = exact_sum(2, e.high);
    d.low += e.low;
    const double t = exact_divide(e, d).high;
    return x < 0 ? -1 * t : t;
}
