/* source: reading texts, finding lines. */
#include "source.h"
#include <errno.h>
#include <string.h>

/* ---- reading */

static void index_lines(Source *source) {
    int count = 1;
    for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(source->text + source->length - p))); p++) count++;
    int *lines = arena_many(source->messages->arena, count, int);
    int n = 1;
    for (int k = 0; k < source->length; k++)
        if (source->text[k] == '\n') lines[n++] = k + 1;
    source->lines = lines;
    source->nlines = count;
}

Source *source_from_text(Messages *messages, const char *name, const char *text, bool prelude) {
    Source *source = arena_one(messages->arena, Source);
    *source = (Source){.name = name, .text = text, .length = (int)strlen(text), .prelude = prelude, .messages = messages};
    index_lines(source);
    return source;
}

/* The bytes of an open file, at most SOURCE_MAX + 1 of them, or NULL with errno set. */
static char *read_all(Arena *arena, FILE *file, size_t *length) {
    size_t room = 1 << 14;
    char *text = arena_array(arena, room, 1);
    *length = 0;
    for (;;) {
        errno = 0;
        *length += fread(text + *length, 1, room - 1 - *length, file);
        if (ferror(file)) return NULL;
        if (*length < room - 1 || *length > SOURCE_MAX) break;
        text = arena_grow(arena, text, *length, 4 * room, 1);
        room *= 4;
    }
    text[*length] = 0;
    return text;
}

Source *source_read(Messages *messages, const char *path, const char **why) {
    const bool standard = !strcmp(path, "-");
    FILE *file = standard ? stdin : fopen(path, "rb");
    size_t length = 0;
    const char *text = file ? read_all(messages->arena, file, &length) : NULL;
    *why = strerror(errno);
    if (file && !standard) fclose(file);
    if (!text) return NULL;
    if (length > SOURCE_MAX) return *why = "it is too large (16 MiB at most)", NULL;
    if (length > 1 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2)))
        return *why = "it is UTF-16; save it as UTF-8", NULL;
    if (memchr(text, 0, length)) return *why = "it holds zero bytes, so it is no text", NULL;
    return source_from_text(messages, standard ? "<stdin>" : arena_text(messages->arena, path, strlen(path)), text, false);
}

/* ---- places */

Span span_join(Span a, Span b) {
    if (!a.source) return b;
    return (Span){a.source, a.from, b.source == a.source && b.to > a.to ? b.to : a.to};
}

int span_line(Span span) {
    if (!span.source) return 0;
    int low = 0, high = span.source->nlines;
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        if (span.source->lines[middle] <= span.from)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

char *span_text(Arena *arena, Span span) {
    if (!span.source) return arena_text(arena, "", 0);
    return arena_text(arena, span.source->text + span.from, (size_t)(span.to - span.from));
}
