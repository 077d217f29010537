/* needs: exact exact_sum exact_divide exact_exp_pair exact_exp */
/* exact_sigmoid: 1 / (1 + e^-x); error below 1 ulp. With e = e^-|x|:  1 / (1 + e) for x >= 0, e / (1 + e) for x < 0, and e^x
 * where that is below 2^-57. */
static double exact_sigmoid(double x) {
    if (x != x) return x;
    if (x > 40) return 1;
    if (x < -40) return exact_exp(x);
    const exact_pair one = {1, 0}, e = exact_exp_pair(x > 0 ? -x : x);
    exact_pair d = exact_sum(1, e.high);
    d.low += e.low;
    return exact_divide(x < 0 ? e : one, d).high;
}
