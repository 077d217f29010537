/* needs: exact exact_sum exact_scale exact_exp_reduced */
/* exact_expm1_pair: e^x - 1 for |x| < 600; relative error below 2^-54. (2^k - 1) + 2^k p, see exact_exp_reduced. */
static exact_pair exact_expm1_pair(double x) {
    int k;
    const exact_pair p = exact_exp_reduced(x, 0, &k);
    const double power = exact_scale(1, k);
    const exact_pair s = exact_sum(power, -1);
    const exact_pair e = exact_sum(s.high, ROUNDED(power * p.high));
    return exact_sum(e.high, e.low + (s.low + ROUNDED(power * p.low)));
}
