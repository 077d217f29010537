/* output: texts in memory, files that appear together or not at all, temporary folders, and other programs run without a shell.
 *
 * What goes wrong is fatal (exit status 3) with the path and the reason, and leaves the files and folders that were there. */
#ifndef NNC_OUTPUT_H
#define NNC_OUTPUT_H

#include "arena.h"
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* ---- texts in memory, so that nothing is written before all is well */

typedef struct MemoryFile {
    FILE *to;   /* from open to close */
    char *text; /* after close: what was written, zero-terminated, in the arena */
    size_t size;
} MemoryFile;

void memory_file_open(MemoryFile *file);
void memory_file_close(MemoryFile *file, Arena *arena);

/* ---- files */

typedef struct OutputFile {
    const char *path; /* "-": standard output */
    const void *bytes;
    size_t size;
    unsigned mode; /* as chmod; the umask takes away from it */
} OutputFile;
typedef LIST(OutputFile) OutputFiles;

/* Writes all files or none: each under a temporary name beside its place, synced; when all are there they are renamed. What is
 * no regular file (a device, a pipe, standard output) is written as it is, a symbolic link is followed. `folder` ("": none) is
 * made with those above it where missing. */
void output_write(Arena *arena, const char *folder, const OutputFiles *files);

/* All bytes of a file. */
void *output_read(Arena *arena, const char *path, size_t *size);

bool output_is_same_file(const char *a, const char *b); /* whatever the paths to it */

/* ---- folders, and what is removed again */

/* Makes a folder and those above it where missing. One that belongs to somebody else, or that others may write to, is refused.
 */
void output_make_private_folder(Arena *arena, const char *path);

/* A fresh folder under $TMPDIR or /tmp. It is temporary. */
char *output_temporary_folder(Arena *arena);

/* Writes a file that is temporary. */
void output_write_temporary(Arena *arena, const char *path, const void *bytes, size_t size);

/* A file or folder that is to be removed, before those that were named earlier: when asked to, or when nnc ends, by itself, by
 * an error or by a signal. The path must stay. */
void output_temporary(Arena *arena, const char *path);
void output_remove_temporaries(void);

/* ---- other programs */

/* Starts argv[0], found along PATH; -1 with errno set if it can't be run. */
pid_t output_start(char *const *argv);
/* Waits until it ends; gives its exit status, 128 + signal if it was killed. */
int output_wait(pid_t child);

/* ---- paths */

/* The part of a path before the last '/', with it; "" without one. And the rest. */
char *path_folder(Arena *arena, const char *path);
const char *path_name(const char *path);

#endif
