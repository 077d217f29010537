/* hash: XXH64 with the seed 0; the compiler uses it too. */
#ifndef NNC_HASH_H
#define NNC_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_xxh64(const void *bytes, size_t size);
uint64_t hash_pair(uint64_t first, uint64_t second); /* of their 16 bytes, the lowest one first, on any machine */

#endif
