/* needs: exact exact_sum exact_scale exact_exp_reduced */
/* exact_exp_pair: e^x for |x| < 600; relative error below 2^-54. 2^k (1 + p), see exact_exp_reduced. */
static exact_pair exact_exp_pair(double x) {
    int k;
    const exact_pair p = exact_exp_reduced(x, 0, &k);
    exact_pair e = exact_sum(1, p.high);
    e = exact_sum(e.high, e.low + p.low);
    const double power = exact_scale(1, k);
    e.high = ROUNDED(e.high * power);
    e.low = ROUNDED(e.low * power);
    return e;
}
