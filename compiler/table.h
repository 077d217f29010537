/* table: numbers by name, for lists that may be long: a name gives its place in the list.
 *
 * Names of different kinds are apart. A name put again stands for the later number. */
#ifndef NNC_TABLE_H
#define NNC_TABLE_H

#include "arena.h"

typedef struct TableEntry {
    const char *name; /* NULL: free */
    int kind, number;
} TableEntry;

typedef struct Table { /* starts as {0} */
    TableEntry *at;
    int n, room;
} Table;

/* -1: it was never put. */
int table_find(const Table *table, int kind, const char *name);
/* The name is kept, not copied. */
void table_put(Arena *arena, Table *table, int kind, const char *name, int number);

#endif
