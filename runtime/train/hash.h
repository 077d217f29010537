/* hash: XXH64 with the seed 0; the compiler uses it too. */
#ifndef NNC_HASH_H
#define NNC_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_xxh64(const void *bytes, size_t size);

#endif
