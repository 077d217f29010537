/* exact_to_bits: the bits of a double (IEEE 754 binary64: sign, 11 of exponent + 1023, 52 of fraction). */
static uint64_t exact_to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
