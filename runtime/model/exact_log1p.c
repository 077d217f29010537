/* needs: exact_nan exact_infinity exact_sum exact_log_pair */
/* exact_log1p: log(1 + x); error below 0.51 ulp. 1 + x is kept as a pair; a tiny x is its own result. */
static double exact_log1p(double x) {
    if (x != x || (x > -0x1p-54 && x < 0x1p-54)) return x;
    if (x < -1) return exact_nan();
    if (x == -1) return -exact_infinity();
    if (x > 0x1.fffffffffffffp+1023) return x;
    const exact_pair s = exact_sum(1, x);
    return exact_log_pair(s.high, s.low, 0).high;
}
