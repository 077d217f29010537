/* random: counter-based random numbers. A draw depends on nothing but (seed, site, step, element), so the same run gives the
 * same numbers whatever the order of evaluation, and backward can draw again what forward drew.
 * The mixer is the finalizer of SplitMix64 (Steele, Lea, Flood 2014: Fast splittable pseudorandom number generators). */
static uint64_t random_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The stream of one `random()` in the text (site) at one step. */
static uint64_t random_key(uint64_t seed, uint64_t site, uint64_t step) {
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    return random_mix(random_mix(seed + golden * (site + 1)) + golden * (step + 1));
}

/* 64 random bits for one element. */
static uint64_t random_bits(uint64_t key, uint64_t element) {
    return random_mix(key + UINT64_C(0x9e3779b97f4a7c15) * (element + 1));
}
