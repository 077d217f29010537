/* hash: XXH64 gives what other programs give; every bit counts, wherever it stands. */
#include "../../runtime/train/hash.h"
#include "unit.h"
#include <string.h>

static const struct {
    const char *text;
    uint64_t hash;
} known[] = {{"", UINT64_C(0xef46db3751d8e999)},
             {"a", UINT64_C(0xd24ec4f1a98c6e5b)},
             {"abc", UINT64_C(0x44bc2cf5ad770999)},
             {"Nobody inspects the spammish repetition", UINT64_C(0xfbcea83c8a378bf1)}};

/* Of the bytes 0, 1, 2, ... */
static const struct {
    size_t size;
    uint64_t hash;
} counted[] = {{31, UINT64_C(0xc346d2b59b4d8ee1)},
               {32, UINT64_C(0xcbf59c5116ff32b4)},
               {47, UINT64_C(0x0d9883a03e7bfbb8)},
               {256, UINT64_C(0x1facbe8406cd904b)}};

static bool every_bit_counts(unsigned char *bytes, size_t size) {
    const uint64_t whole = hash_xxh64(bytes, size);
    bool counts = true;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
        counts &= hash_xxh64(bytes, size) != whole;
        bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    return counts;
}

int main(void) {
    unsigned char bytes[256];
    bool right = true, counts = true;
    for (int k = 0; k < 256; k++) bytes[k] = (unsigned char)k;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        right &= hash_xxh64(known[k].text, strlen(known[k].text)) == known[k].hash;
    for (size_t k = 0; k < sizeof counted / sizeof *counted; k++)
        right &= hash_xxh64(bytes, counted[k].size) == counted[k].hash;
    ok(right, "XXH64 of known texts");
    ok(hash_pair(UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)) == hash_xxh64(bytes, 16), "of two words");
    for (size_t size = 1; size <= sizeof bytes; size++) counts &= every_bit_counts(bytes, size);
    ok(counts, "every bit counts");
    return unit_done();
}
