/* needs: exact exact_sum exact_exp_pair exact_log_pair exact_exp */
/* exact_softplus: log(1 + e^x) = max(x, 0) + log(1 + e^-|x|); error below 1 ulp. Beyond 40 the terms are too far apart to meet:
 * x, and e^x. */
static double exact_softplus(double x) {
    if (x != x || x > 40) return x;
    if (x < -40) return exact_exp(x);
    const exact_pair e = exact_exp_pair(x > 0 ? -x : x);
    const exact_pair d = exact_sum(1, e.high);
    const exact_pair l = exact_log_pair(d.high, d.low + e.low, 0);
    if (x < 0) return l.high;
    const exact_pair s = exact_sum(x, l.high);
    return s.high + (s.low + l.low);
}
