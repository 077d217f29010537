/* needs: exact exact_pair exact_polynomial */
/* exact_sine_near: sin(high + low) for |high| <= pi/4; error below 0.7 ulp. x + x z S(z) + low (1 - z/2), z = x^2; S is
 * minimax, error of z S 2^-57. */
static double exact_sine_near(exact_pair x) {
    static const double S[] = {-0x1.5555555555555p-3,  0x1.1111111111110p-7,  -0x1.a01a01a019936p-13, 0x1.71de3a54605eep-19,
                               -0x1.ae64541266378p-26, 0x1.61217ec01749dp-33, -0x1.ab17a79237a19p-41};
    if (x.high > -0x1p-27 && x.high < 0x1p-27) return x.high;
    const double z = ROUNDED(x.high * x.high);
    return x.high + (ROUNDED(x.high * z * exact_polynomial(S, 7, z)) + ROUNDED(x.low * (1 - ROUNDED(z * 0.5))));
}
