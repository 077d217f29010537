/* arena: memory that lives as long as the compiler run.
 *
 * Everything the compiler builds is allocated here and freed at once. Sizes are computed with overflow checks; when memory
 * runs out the program says so and exits with status 3, so callers never see NULL. All memory is zeroed. */
#ifndef NNC_ARENA_H
#define NNC_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *arena);

/* `count` zeroed objects of `size` bytes, aligned for any type. */
void *arena_array(Arena *arena, size_t count, size_t size);

/* A copy of `count` objects of `size` bytes in a block that holds `room` of them. */
void *arena_grow(Arena *arena, const void *old, size_t count, size_t room, size_t size);

/* Strings, zero-terminated. */
char *arena_text(Arena *arena, const char *text, size_t length);
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *arena, const char *format, va_list args);
/* bug() if a %s has no text, which would be printed as "(null)". */
void format_check(const char *format, va_list args);

#define arena_one(arena, type) ((type *)arena_array((arena), 1, sizeof(type)))
#define arena_many(arena, count, type) ((type *)arena_array((arena), (size_t)(count), sizeof(type)))

/* A growable list of T: `LIST(Node *) nodes;`, read as nodes.at[k] for k in 0..nodes.n-1. */
#define LIST(T)                                                                                                                \
    struct {                                                                                                                   \
        T *at;                                                                                                                 \
        int n, room;                                                                                                           \
    }

/* Appends one item; the list's storage may move, its items keep their order. */
#define list_push(arena, list, item)                                                                                           \
    do {                                                                                                                       \
        if ((list)->n == (list)->room) {                                                                                       \
            (list)->room = (list)->room ? 2 * (list)->room : 4;                                                                \
            (list)->at = arena_grow((arena), (list)->at, (size_t)(list)->n, (size_t)(list)->room, sizeof *(list)->at);         \
        }                                                                                                                      \
        (list)->at[(list)->n++] = (item);                                                                                      \
    } while (0)

#endif
