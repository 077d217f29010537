/* needs: exact_nan exact_infinity exact_log_pair */
/* exact_log: the natural logarithm; error below 0.51 ulp. */
static double exact_log(double x) {
    if (x != x) return x;
    if (x < 0) return exact_nan();
    if (x == 0) return -exact_infinity();
    if (x > 0x1.fffffffffffffp+1023) return x;
    return x < 0x1p-1022 ? exact_log_pair(x * 0x1p54, 0, -54).high : exact_log_pair(x, 0, 0).high;
}
