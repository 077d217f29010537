/* needs: exact exact_abs exact_polynomial exact_exp */
/* exact_erf: the error function; error below 1.2 ulp.
 * |x| < 1: x + x P(x^2).  1 <= x < 6: 1 - e^(-x^2) H(t) / (1 + 2 x) with t = (x - 3) / (x + 3) (the form of Shepherd,
 * Laframboise 1981: Chebyshev approximation of (1 + 2x) exp(x^2) erfc x). P and H are minimax, error 2^-56. */
static double exact_erf(double x) {
    static const double P[] = {0x1.06eba8214db69p-3,  -0x1.812746b0379e7p-2,  0x1.ce2f21a042bdep-4,  -0x1.b82ce312889bap-6,
                               0x1.565bcd0e6502dp-8,  -0x1.c02db3feeb579p-11, 0x1.f9a326c233146p-14, -0x1.f4d2561aeafd4p-17,
                               0x1.b9e6509b9867dp-20, -0x1.5f6d925a0bc7ap-23, 0x1.fc4356498c2d9p-27, -0x1.4e607b41a6416p-30,
                               0x1.7f072188e194dp-34, -0x1.29b9f1b3df556p-38};
    static const double H[] = {0x1.40c522d7e4987p+0,  -0x1.15c084bb9e8f6p-3,  -0x1.85a15c58aaf57p-5,  0x1.098366a5b48dep-3,
                               -0x1.e88b803a23eedp-4, 0x1.17ca2877f10ebp-4,   -0x1.8574c4279d471p-6,  0x1.4b884db29eaeap-9,
                               0x1.ef1c0567e5b75p-10, -0x1.98daefef091c2p-11, -0x1.b9305c3ca50ecp-14, 0x1.06405c01b1a34p-13,
                               0x1.56fea76f8e4dbp-18, -0x1.4aeb5d3c995fcp-16, -0x1.192982fbf6129p-20, 0x1.32af670bbdb95p-19};
    if (x != x || x == 0) return x;
    const double size = exact_abs(x);
    if (size < 1) return x + ROUNDED(x * exact_polynomial(P, 14, ROUNDED(x * x)));
    double y = 1;
    if (size < 6) {
        const double tail = exact_polynomial(H, 16, (size - 3) / (size + 3)) / (1 + ROUNDED(2 * size));
        y = 1 - ROUNDED(exact_exp(ROUNDED(-x * x)) * tail);
    }
    return x < 0 ? -1 * y : y;
}
