/* needs: exact exact_sum exact_multiply exact_divide exact_polynomial exact_to_bits exact_from_bits */
/* exact_log_pair: log(2^exponent (high + low)) for high > 0, normal, |low| <= ulp(high); relative error below 2^-64.
 * high + low = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2). With s = f / (2 + f) and w = s^2, log(1 + f) = 2 artanh(s)
 * = 2 s + 2/3 s w + s w^2 R(w): the first two terms in pairs, R minimax on w <= 0.02945, error of w^2 R / 2 2^-66. */
static exact_pair exact_log_pair(double high, double low, int exponent) {
    static const double R[] = {0x1.999999999999ap-2, 0x1.2492492492522p-2, 0x1.c71c71c6ea871p-3, 0x1.745d177aad02ap-3,
                               0x1.3b1395c881220p-3, 0x1.1118c9ee5b8a4p-3, 0x1.df7c5bc7c7563p-4, 0x1.e032e4d8436a1p-4};
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    const exact_pair two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
    const uint64_t fraction = (UINT64_C(1) << 52) - 1, root_half = UINT64_C(0x3fe6a09e667f3bcd);
    const uint64_t bits = exact_to_bits(high) + (UINT64_C(0x3ff0000000000000) - root_half);
    const int k = (int)(bits >> 52) - 1023;
    const double m = exact_from_bits((bits & fraction) + root_half);
    /* low / 2^k in two steps: a power of two beyond 2^1023 does not exist */
    const double half_power = exact_from_bits((uint64_t)(1023 - k / 2) << 52);
    const double rest_power = exact_from_bits((uint64_t)(1023 - (k - k / 2)) << 52);
    const exact_pair f = exact_sum(m - 1, ROUNDED(low * half_power * rest_power));
    exact_pair d = exact_sum(2, f.high);
    d.low += f.low;
    const exact_pair s = exact_divide(f, d);
    const exact_pair w = exact_multiply(s, s);
    const exact_pair cubic = exact_multiply(exact_multiply(s, w), two_thirds);
    const double rest = ROUNDED(s.high * w.high * w.high * exact_polynomial(R, 8, w.high));
    const int n = k + exponent;
    const exact_pair a = exact_sum(ROUNDED(n * ln2_high), ROUNDED(2 * s.high));
    const exact_pair b = exact_sum(a.high, cubic.high);
    return exact_sum(b.high, a.low + (b.low + (ROUNDED(2 * s.low) + (cubic.low + (rest + ROUNDED(n * ln2_low))))));
}
