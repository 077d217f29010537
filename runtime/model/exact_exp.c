/* needs: exact_infinity exact_scale exact_exp_reduced */
/* exact_exp: e^x; error below 0.8 ulp, and below 1 ulp where the result is subnormal.
 * e^x = 2^k (1 + p), see exact_exp_reduced; 1 + p is summed with what its rounding loses. */
static double exact_exp(double x) {
    if (x != x) return x;
    if (x > 710) return exact_infinity();
    if (x < -746) return 0;
    int k;
    const exact_pair p = exact_exp_reduced(x, 0, &k);
    const double high = 1 + p.high;
    const double low = (1 - high) + p.high;
    return exact_scale(high + (low + p.low), k);
}
