/* needs: random */
/* random_double: uniform in [0, 1), a multiple of 2^-53: the upper 53 of 64 random bits. Exact. */
static double random_double(uint64_t key, uint64_t element) {
    return (double)(random_bits(key, element) >> 11) * 1.1102230246251565e-16; /* 2^-53 */
}
