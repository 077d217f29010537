/* hash: XXH64 with the seed 0, by the algorithm's description (Yann Collet, "xxHash fast digest algorithm", 2016): four sums,
 * each of every fourth 8 bytes, in any order of bytes that the machine has. It finds damage, not ill will. */
#include "hash.h"

#define PRIME_1 UINT64_C(0x9E3779B185EBCA87)
#define PRIME_2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define PRIME_3 UINT64_C(0x165667B19E3779F9)
#define PRIME_4 UINT64_C(0x85EBCA77C2B2AE63)
#define PRIME_5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t rotate(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

static uint64_t word_at(const unsigned char *at) {
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
           (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

static uint64_t add_word(uint64_t sum, uint64_t word) {
    return rotate(sum + word * PRIME_2, 31) * PRIME_1;
}

/* What whole pieces of 32 bytes give; `at` is moved beyond them. */
static uint64_t hash_pieces(const unsigned char **at, size_t count) {
    const unsigned char *p = *at;
    uint64_t a = PRIME_1 + PRIME_2, b = PRIME_2, c = 0, d = 0 - PRIME_1;
    for (; count > 0; count--, p += 32) {
        a = add_word(a, word_at(p));
        b = add_word(b, word_at(p + 8));
        c = add_word(c, word_at(p + 16));
        d = add_word(d, word_at(p + 24));
    }
    *at = p;
    const uint64_t sums[4] = {a, b, c, d};
    uint64_t hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    for (int k = 0; k < 4; k++) hash = (hash ^ add_word(0, sums[k])) * PRIME_1 + PRIME_4;
    return hash;
}

static uint64_t join_word(uint64_t hash, uint64_t word) {
    return rotate(hash ^ add_word(0, word), 27) * PRIME_1 + PRIME_4;
}

static uint64_t avalanche(uint64_t hash) {
    hash = (hash ^ hash >> 33) * PRIME_2;
    hash = (hash ^ hash >> 29) * PRIME_3;
    return hash ^ hash >> 32;
}

uint64_t hash_pair(uint64_t first, uint64_t second) {
    return avalanche(join_word(join_word(PRIME_5 + 16, first), second));
}

uint64_t hash_xxh64(const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    uint64_t hash = (size < 32 ? PRIME_5 : hash_pieces(&at, size / 32)) + size;
    size_t rest = size % 32;
    for (; rest >= 8; rest -= 8, at += 8) hash = join_word(hash, word_at(at));
    if (rest >= 4) {
        const uint64_t word = (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
        hash = rotate(hash ^ word * PRIME_1, 23) * PRIME_2 + PRIME_3;
        rest -= 4, at += 4;
    }
    for (; rest > 0; rest--, at++) hash = rotate(hash ^ *at * PRIME_5, 11) * PRIME_1;
    return avalanche(hash);
}
