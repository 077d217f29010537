/* needs: random */
/* random_float: uniform in [0, 1), a multiple of 2^-24: the upper 24 of 64 random bits. Exact. */
static float random_float(uint64_t key, uint64_t element) {
    return (float)(random_bits(key, element) >> 40) * 5.9604644775390625e-8F; /* 2^-24 */
}
