/* needs: exact exact_pair exact_polynomial */
/* exact_exp_reduced: k and p with e^(x + y) = 2^k (1 + p), |p| < 0.42, for |x| < 1100 and |y| < ulp(x); the error of p is below
 * 2^-56, relative to p where k = 0.
 * x + y = k ln 2 + r, ln 2 in two parts of which the first has 42 bits, so that k times it is exact (Cody, Waite 1980: Software
 * Manual for the Elementary Functions). Then p = e^r - 1 = r + r^2 q(r); q is minimax on |r| <= ln(2)/2, error of r^2 q 2^-61.
 */
static exact_pair exact_exp_reduced(double x, double y, int *k) {
    static const double q[] = {0x1.0000000000000p-1,  0x1.5555555555557p-3,  0x1.5555555555556p-5,  0x1.111111111009cp-7,
                               0x1.6c16c16c162b0p-10, 0x1.a01a01ac0a9eep-13, 0x1.a01a01a6ec522p-16, 0x1.71de01c3fc936p-19,
                               0x1.27e4db25ce3adp-22, 0x1.af4ecd2129492p-26, 0x1.1f7385560be05p-29};
    const double log2_e = 0x1.71547652b82fep+0, ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    *k = (int)(ROUNDED(x * log2_e) + (x < 0 ? -0.5 : 0.5));
    const double high = x - ROUNDED(*k * ln2_high);
    const double low = y - ROUNDED(*k * ln2_low);
    const double r = high + low;
    const double lost = (high - r) + low;
    exact_pair p;
    p.high = r;
    p.low = ROUNDED(lost * (1 + r)) + ROUNDED(r * r * exact_polynomial(q, 11, r));
    return p;
}
