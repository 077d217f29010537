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

typedef struct Conversion { /* of a format: %-8lld */
    int longs;
    bool size;
    char letter;
} Conversion;

/* The one at *c, behind its '%'; the widths that it takes from the arguments are passed over. */
static Conversion conversion_at(const char **c, va_list *args) {
    Conversion is = {0, false, '\0'};
    for (; **c && strchr("-+ #0123456789.*lz", **c); ++*c) {
        if (**c == '*') (void)va_arg(*args, int);
        is.longs += **c == 'l';
        is.size = is.size || **c == 'z';
    }
    is.letter = **c;
    return is;
}

void format_check(const char *format, va_list args) {
    va_list at;
    va_copy(at, args);
    for (const char *c = strchr(format, '%'); c; c = strchr(c + 1, '%')) {
        c++;
        const Conversion is = conversion_at(&c, &at);
        if (is.letter == 's') {
            if (!va_arg(at, const char *)) bug("a name is missing in '%s'", format);
        } else if (strchr("fg", is.letter)) {
            (void)va_arg(at, double);
        } else if (strchr("diuxoc", is.letter)) {
            if (is.longs > 1)
                (void)va_arg(at, long long);
            else if (is.longs || is.size)
                (void)va_arg(at, size_t);
            else
                (void)va_arg(at, int);
        } else if (is.letter != '%') {
            bug("'%s' is no format", format);
        }
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
