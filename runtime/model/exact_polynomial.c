/* needs: exact */
/* exact_polynomial: c[0] + c[1] x + ... + c[n-1] x^(n-1), by Horner's rule. */
static double exact_polynomial(const double *c, int n, double x) {
    double sum = c[n - 1];
    for (int k = n - 2; k >= 0; k--) sum = c[k] + ROUNDED(sum * x);
    return sum;
}
