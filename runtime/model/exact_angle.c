/* needs: exact exact_sum exact_multiply exact_to_bits */
/* exact_high_product: the upper 64 bits of a 128-bit product. */
static uint64_t exact_high_product(uint64_t a, uint64_t b) {
    const uint64_t low = UINT64_C(0xffffffff);
    const uint64_t cross = (a >> 32) * (b & low) + (((a & low) * (b & low)) >> 32);
    const uint64_t other = (a & low) * (b >> 32) + (cross & low);
    return (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
}

/* exact_angle: x = n pi/2 + angle, |angle| <= pi/4, for any finite x with |x| > 0.78; gives n modulo 4. Relative error of the
 * angle below 2^-62, as no double is nearer than 2^-62 pi/2 to a multiple of pi/2. Payne, Hanek 1983 (Radian reduction for
 * trigonometric functions): with |x| = M 2^e, the bits of 2/pi that count whole turns with this e are left out; M times the
 * next 192 is |x| 2/pi modulo 4 (2 bits of quadrant, 126 of the fraction are kept). */
static exact_pair exact_angle(double x, int *quadrant) {
    static const uint64_t two_over_pi[] = {
        0 /* before the point */,     UINT64_C(0xa2f9836e4e441529), UINT64_C(0xfc2757d1f534ddc0), UINT64_C(0xdb6295993c439041),
        UINT64_C(0xfe5163abdebbc561), UINT64_C(0xb7246e3a424dd2e0), UINT64_C(0x06492eea09d1921c), UINT64_C(0xfe1deb1cb129a73e),
        UINT64_C(0xe88235f52ebb4484), UINT64_C(0xe99c7026b45f7e41), UINT64_C(0x3991d639835339f4), UINT64_C(0x9c845f8bbdf9283b),
        UINT64_C(0x1ff897ffde05980f), UINT64_C(0xef2f118b5a0a6d1f), UINT64_C(0x6d367ecf27cb09b7), UINT64_C(0x4f463f669e5fea2d),
        UINT64_C(0x7527bac7ebe5f17b), UINT64_C(0x3d0739f78a5292ea), UINT64_C(0x6bfb5fb11f8d5d08), UINT64_C(0x56033046fc7b6bab)};
    const exact_pair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
    const uint64_t bits = exact_to_bits(x), low = UINT64_C(0xffffffff);
    const uint64_t M = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    const int from = (int)((bits >> 52) & 0x7ff) - 1075 - 2 + 64; /* 64 zeros, then e - 2 bits are left out */
    const int word = from / 64, shift = from % 64;
    uint64_t w[3];
    for (int k = 0; k < 3; k++) w[k] = two_over_pi[word + k] << shift | (shift ? two_over_pi[word + k + 1] >> (64 - shift) : 0);
    const uint64_t below = exact_high_product(M, w[2]) + M * w[1];
    const uint64_t carry = below < M * w[1];
    const uint64_t above = M * w[0] + exact_high_product(M, w[1]) + carry;
    /* to the nearest quadrant; what is left is a signed fraction of 128 bits */
    const uint64_t turns = (above + (UINT64_C(1) << 61)) >> 62;
    uint64_t high_bits = above << 2 | below >> 62, low_bits = below << 2;
    const int down = (int)(high_bits >> 63);
    if (down) {
        low_bits = ~low_bits + 1;
        high_bits = ~high_bits + (low_bits == 0);
    }
    const exact_pair a = exact_sum((double)(high_bits >> 32) * 0x1p-32, (double)(high_bits & low) * 0x1p-64);
    const exact_pair b = exact_sum(a.high, a.low + ROUNDED((double)(low_bits >> 32) * 0x1p-96));
    const exact_pair fraction = {b.high, b.low + ROUNDED((double)(low_bits & low) * 0x1p-128)};
    exact_pair angle = exact_multiply(fraction, half_pi);
    if ((x < 0) != down) {
        angle.high = -angle.high;
        angle.low = -angle.low;
    }
    *quadrant = (int)((x < 0 ? 4 - (turns & 3) : turns) & 3);
    return angle;
}
