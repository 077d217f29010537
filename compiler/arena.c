/* arena: blocks of memory handed out front to back and freed together. */
#include "arena.h"
#include "source.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 1 << 18, ALIGNMENT = 16 };

typedef struct Block {
    struct Block *older;
    size_t used, room;
    _Alignas(ALIGNMENT) char bytes[];
} Block;

struct Arena {
    Block *newest;
};

static void out_of_memory(void) {
    errno = ENOMEM;
    fatal("cannot go on");
}

Arena *arena_new(void) {
    Arena *arena = calloc(1, sizeof *arena);
    if (!arena) out_of_memory();
    return arena;
}

void arena_free(Arena *arena) {
    for (Block *b = arena->newest, *older; b; b = older) {
        older = b->older;
        free(b);
    }
    free(arena);
}

static Block *block_new(Arena *arena, size_t size) {
    const size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    Block *b = calloc(1, sizeof *b + room);
    if (!b) out_of_memory();
    b->room = room;
    b->older = arena->newest;
    arena->newest = b;
    return b;
}

void *arena_array(Arena *arena, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 4) / size) out_of_memory();
    const size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Block *b = arena->newest;
    if (!b || b->room - b->used < bytes) b = block_new(arena, bytes);
    void *p = b->bytes + b->used;
    b->used += bytes;
    return p;
}

void *arena_grow(Arena *arena, const void *old, size_t count, size_t room, size_t size) {
    void *p = arena_array(arena, room, size);
    if (count) memcpy(p, old, count * size);
    return p;
}

char *arena_text(Arena *arena, const char *text, size_t length) {
    char *p = arena_array(arena, length + 1, 1);
    if (length) memcpy(p, text, length);
    return p;
}

enum { SIZE = 3 }; /* z, where l counts 1 and ll 2 */

/* Moves *c over what stands between '%' and the letter of a conversion: %-*.2lld. The lengths h, j, t and L are not used here.
 */
static int skip_to_letter(const char **c, va_list *args) {
    int longs = 0;
    for (; **c && strchr("-+ #0123456789.*lz", **c); ++*c) {
        if (**c == '*') (void)va_arg(*args, int);
        longs += **c == 'l' ? 1 : **c == 'z' ? SIZE : 0;
    }
    return longs;
}

static void check_argument(const char *format, char letter, int longs, va_list *args) {
    if (letter == 's') {
        if (!va_arg(*args, const char *)) bug("a name is missing in '%s'", format);
    } else if (letter && strchr("fFeEgGaA", letter)) {
        (void)va_arg(*args, double);
    } else if (letter && strchr("diouxXc", letter)) {
        if (longs == SIZE)
            (void)va_arg(*args, size_t);
        else if (longs > 1)
            (void)va_arg(*args, long long);
        else if (longs)
            (void)va_arg(*args, long);
        else
            (void)va_arg(*args, int);
    } else if (letter != '%') {
        bug("'%s' is no format", format);
    }
}

void format_check(const char *format, va_list args) {
    va_list at;
    va_copy(at, args);
    for (const char *c = strchr(format, '%'); c; c = strchr(c + 1, '%')) {
        c++;
        const int longs = skip_to_letter(&c, &at);
        check_argument(format, *c, longs, &at);
        if (!*c) break;
    }
    va_end(at);
}

/* Formatted where the next object would be, if there is room. */
char *arena_vprintf(Arena *arena, const char *format, va_list args) {
    va_list again;
    format_check(format, args);
    va_copy(again, args);
    const Block *b = arena->newest;
    const size_t room = b ? b->room - b->used : 0;
    char *there = b ? arena->newest->bytes + b->used : NULL;
    const int length = vsnprintf(there, room, format, args);
    if (length < 0) bug("cannot format %s", format);
    if (there && (size_t)length >= room) memset(there, 0, room);
    char *p = arena_array(arena, (size_t)length + 1, 1);
    if (p != there) vsnprintf(p, (size_t)length + 1, format, again);
    va_end(again);
    return p;
}

char *arena_printf(Arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *p = arena_vprintf(arena, format, args);
    va_end(args);
    return p;
}
