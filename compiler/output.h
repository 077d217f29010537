/* output: files that appear whole or not at all, temporary folders, and other programs run without a shell. */
#ifndef NNC_OUTPUT_H
#define NNC_OUTPUT_H

#include "arena.h"
#include <stdbool.h>

bool output_is_same_file(const char *a, const char *b); /* whatever the paths to it */

/* Writes `size` bytes to `path` ("-": standard output): under a temporary name beside it, synced, then renamed; `mode` as
 * chmod. Any failure is fatal (exit status 3) and leaves what was there. */
void output_write(Arena *arena, const char *path, const void *bytes, size_t size, unsigned mode);

/* All bytes of a file. */
void *output_read(Arena *arena, const char *path, size_t *size);

/* Makes a folder and those above it where missing. */
void output_make_folder(Arena *arena, const char *path);

/* The same; a folder that belongs to somebody else, or that others may write to, is refused. */
void output_make_private_folder(Arena *arena, const char *path);

/* A fresh folder under $TMPDIR or /tmp. It and what output_write puts into it are temporary. */
char *output_temporary_folder(Arena *arena);

/* A file or folder that is to be removed, before folders that were named earlier: when asked to, or when nnc ends, by itself,
 * by an error or by a signal. The path must stay. */
void output_temporary(const char *path);
void output_remove_temporaries(void);

/* Runs argv[0], found along PATH; gives its exit status, 128 + signal if it was killed, -1 with errno set if it can't be run.
 */
int output_run(char *const *argv);

/* The part of a path before the last '/', with it; "" without one. And the rest. */
char *path_folder(Arena *arena, const char *path);
const char *path_name(const char *path);

#endif
