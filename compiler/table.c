/* table: open addressing, a power of two of room, at most half of it taken. */
#include "table.h"
#include <stdint.h>
#include <string.h>

static TableEntry *entry_of(const Table *table, int kind, const char *name) {
    uint64_t h = (uint64_t)kind;
    for (const char *c = name; *c; c++) h = (h ^ (unsigned char)*c) * UINT64_C(0x100000001b3); /* FNV-1a's step */
    size_t k = (size_t)(h ^ (h >> 32)) & (size_t)(table->room - 1);
    for (;; k = (k + 1) & (size_t)(table->room - 1)) {
        TableEntry *e = &table->at[k];
        if (!e->name || (e->kind == kind && !strcmp(e->name, name))) return e;
    }
}

int table_find(const Table *table, int kind, const char *name) {
    const TableEntry *e = table->room ? entry_of(table, kind, name) : NULL;
    return e && e->name ? e->number : -1;
}

static void table_double(Arena *arena, Table *table) {
    const Table old = *table;
    table->room = old.room ? 2 * old.room : 16;
    table->at = arena_many(arena, table->room, TableEntry);
    for (int k = 0; k < old.room; k++)
        if (old.at[k].name) *entry_of(table, old.at[k].kind, old.at[k].name) = old.at[k];
}

void table_put(Arena *arena, Table *table, int kind, const char *name, int number) {
    if (2 * table->n >= table->room) table_double(arena, table);
    TableEntry *e = entry_of(table, kind, name);
    table->n += !e->name;
    *e = (TableEntry){name, kind, number};
}
