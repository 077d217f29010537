/* needs: exact exact_pair exact_polynomial */
/* exact_cosine_near: cos(high + low) for |high| <= pi/4; error below 0.8 ulp. 1 - z/2 + z^2 C(z) - x low, z = x^2; C is
 * minimax, error of z^2 C 2^-60. */
static double exact_cosine_near(exact_pair x) {
    static const double C[] = {0x1.5555555555555p-5,  -0x1.6c16c16c16c16p-10, 0x1.a01a01a019d0ap-16, -0x1.27e4fb7712bdfp-22,
                               0x1.1eed8deb6d561p-29, -0x1.9394b9c9c20a4p-37, 0x1.ab783376962cfp-45};
    const double z = ROUNDED(x.high * x.high);
    const double half = ROUNDED(z * 0.5);
    const double high = 1 - half;
    const double low = (1 - high) - half;
    return high + (low + (ROUNDED(z * z * exact_polynomial(C, 7, z)) - ROUNDED(x.high * x.low)));
}
