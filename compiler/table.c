/* table: open addressing, a power of two of room, at most half of it taken. */
#include "table.h"
#include <stdbool.h>
#include <string.h>

enum { POINTER = -1 }; /* the kind of keys that are no names */

static bool is_key(const TableEntry *e, int kind, const void *key) {
    return e->kind == kind && (e->key == key || (kind != POINTER && !strcmp(e->key, key)));
}

uint64_t hash_bytes(uint64_t h, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    for (size_t k = 0; k < size; k++) h = (h ^ at[k]) * UINT64_C(0x100000001b3);
    return h;
}

static uint64_t hash_of(int kind, const void *key) {
    if (kind == POINTER) return ((uintptr_t)key >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
    const uint64_t h = hash_bytes(HASH_START + (uint64_t)kind, key, strlen(key));
    return h ^ (h >> 32);
}

/* The key's entry, or the free one where it belongs. */
static TableEntry *entry_of(const Table *table, int kind, const void *key) {
    size_t k = (size_t)hash_of(kind, key) & (size_t)(table->room - 1);
    while (table->at[k].key && !is_key(&table->at[k], kind, key)) k = (k + 1) & (size_t)(table->room - 1);
    return &table->at[k];
}

static void table_double(Arena *arena, Table *table) {
    const Table old = *table;
    table->room = old.room ? 2 * old.room : 16;
    table->at = arena_many(arena, table->room, TableEntry);
    for (int k = 0; k < old.room; k++)
        if (old.at[k].key) *entry_of(table, old.at[k].kind, old.at[k].key) = old.at[k];
}

static void put(Arena *arena, Table *table, TableEntry new) {
    if (2 * table->n >= table->room) table_double(arena, table);
    TableEntry *e = entry_of(table, new.kind, new.key);
    table->n += !e->key;
    *e = new;
}

int table_find(const Table *table, int kind, const char *name) {
    const TableEntry *e = table->room ? entry_of(table, kind, name) : NULL;
    return e && e->key ? e->number : -1;
}

void table_put(Arena *arena, Table *table, int kind, const char *name, int number) {
    put(arena, table, (TableEntry){name, kind, number, NULL});
}

void *table_value(const Table *table, const void *pointer) {
    return table->room ? entry_of(table, POINTER, pointer)->value : NULL;
}

void table_set(Arena *arena, Table *table, const void *pointer, void *value) {
    put(arena, table, (TableEntry){pointer, POINTER, 0, value});
}
