/* source: the text being compiled, places in it, and messages about them.
 *
 * A Span is a range of bytes of one source; every node of the tree and every statement of the program carries the span it
 * came from, so that any stage can point at the user's text. Four ways to say that something is wrong, by who is wrong:
 *   source_error   the user's .nn file: printed, counted, compilation goes on to the end of the stage; exit status 1
 *   usage          the command line: exit status 2
 *   fatal          the world (disk, memory, the C compiler): exit status 3
 *   bug            this program: abort */
#ifndef NNC_SOURCE_H
#define NNC_SOURCE_H

#include "arena.h"
#include <stdbool.h>
#include <stdio.h>

enum { ERROR_LIMIT = 20 };

/* What all sources of one run share: how many errors there were and how to print them. */
typedef struct Messages {
    Arena *arena;
    FILE *to;   /* stderr, or a memory stream in tests */
    bool color; /* ANSI colours */
    int errors; /* errors reported so far; printing stops after ERROR_LIMIT */
    struct {
        const struct Source *in;
        int at;
    } places[ERROR_LIMIT]; /* where they were: one place costs one message */
    int nplaces;
    bool silent; /* the last error was not printed: neither are its notes */
} Messages;

/* No more errors are shown: there is no use in looking for them. */
bool messages_full(const Messages *messages);

typedef struct Source {
    const char *name; /* as the user wrote it, "<prelude>" for the prelude */
    const char *text; /* zero-terminated */
    int length;
    bool prelude;
    int nlines;
    const int *lines; /* where each line starts */
    Messages *messages;
} Source;

typedef struct Span {
    const Source *source;
    int from, to; /* byte offsets, `to` is one past the end */
} Span;

enum { SOURCE_MAX = 16 << 20 }; /* bytes in one file */

/* Reads a whole file ("-": standard input). NULL when it can't be read, is larger than SOURCE_MAX or holds a zero byte; `why`
 * says so. */
Source *source_read(Messages *messages, const char *path, const char **why);
Source *source_from_text(Messages *messages, const char *name, const char *text, bool prelude);

/* From the start of `a` to the end of `b`. */
Span span_join(Span a, Span b);

/* Line (from 1) of a span's start. */
int span_line(Span span);

/* The span's bytes, in the arena. */
char *span_text(Arena *arena, Span span);

/* ---- message.c */

/* "file:line:column: error: …", the line, and the span underlined. */
void source_error(Span span, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same as a note to the error just printed (silent if that error was). */
void source_note(Span span, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same as a warning: not counted, compilation is not stopped. */
void source_warning(Span span, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An error about a file as a whole: "file: error: …". */
void file_error(Messages *messages, const char *path, const char *format, ...) __attribute__((format(printf, 3, 4)));

void usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn)); /* adds strerror(errno) if errno != 0 */
void bug(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
