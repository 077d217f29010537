/* needs: exact_nan exact_to_bits exact_from_bits */
/* exact_sqrt: the square root, correctly rounded whatever the machine and the compiler's flags.
 * x = M 4^k with a whole M in [2^52, 2^54). Heron's rule (r + m/r) / 2 on a linear guess (4.2 % off at most) gives sqrt(2^52 M)
 * to a unit or two; whole numbers decide: the rest 2^52 M - r^2 is small, so arithmetic modulo 2^64 has it exactly. The root is
 * never halfway between two doubles. */
static double exact_sqrt(double x) {
    const uint64_t infinity = UINT64_C(0x7ff0000000000000), one = UINT64_C(1);
    if (x != x || x == 0 || exact_to_bits(x) == infinity) return x;
    if (x < 0) return exact_nan();
    const int subnormal = x < 0x1p-1022;
    const uint64_t bits = exact_to_bits(subnormal ? x * 0x1p54 : x);
    const int exponent = (int)(bits >> 52) - 1023 - (subnormal ? 54 : 0), odd = exponent & 1;
    const uint64_t whole = ((bits & ((one << 52) - 1)) | one << 52) << odd;
    const double m = (double)whole * 0x1p-52;
    double guess = 17.0 / 24 + m / 3;
    for (int k = 0; k < 4; k++) guess = (guess + m / guess) / 2;
    uint64_t r = (uint64_t)(guess * 0x1p52);
    int64_t rest = (int64_t)((whole << 52) - r * r);
    for (; rest < 0; rest += (int64_t)(2 * r + 1)) r--;
    for (; rest > (int64_t)(2 * r); r++) rest -= (int64_t)(2 * r + 1);
    if (rest > (int64_t)r) r++;
    return (double)r * exact_from_bits((uint64_t)((exponent - odd) / 2 - 52 + 1023) << 52);
}
