/* needs: exact_infinity exact_exp exact_expm1_pair */
/* exact_expm1: e^x - 1; error below 1 ulp. Tiny x is its own result; from 60 on the 1 is far below half an ulp. */
static double exact_expm1(double x) {
    if (x != x || (x > -0x1p-54 && x < 0x1p-54)) return x;
    if (x > 60) return exact_exp(x);
    if (x < -60) return -1;
    return exact_expm1_pair(x).high;
}
