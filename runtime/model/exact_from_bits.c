/* exact_from_bits: the double that has these bits (IEEE 754 binary64). */
static double exact_from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
