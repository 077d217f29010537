/* table: hash tables, from a name to its place in a list, or from a pointer to what belongs to it: one or the other in a table.
 * And the hash of bytes. */
#ifndef NNC_TABLE_H
#define NNC_TABLE_H

#include "arena.h"
#include <stdint.h>

typedef struct TableEntry {
    const void *key; /* NULL: free */
    int kind, number;
    void *value;
} TableEntry;

typedef struct Table { /* starts as {0} */
    TableEntry *at;
    int n, room;
} Table;

/* Names of different kinds (0 or greater) are apart. -1: it was never put. */
int table_find(const Table *table, int kind, const char *name);
/* The name is kept, not copied. Put again, it stands for the later number. */
void table_put(Arena *arena, Table *table, int kind, const char *name, int number);

/* The same for pointers; NULL: it was never put. */
void *table_value(const Table *table, const void *pointer);
void table_set(Arena *arena, Table *table, const void *pointer, void *value);

/* FNV-1a, 64 bits, of all bytes so far (HASH_START: none) and these. */
#define HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t hash_bytes(uint64_t h, const void *bytes, size_t size);

#endif
