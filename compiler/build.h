/* build: generated C becomes a program, by the C compiler of the user's choice ($CC, $CFLAGS), never through a shell. */
#ifndef NNC_BUILD_H
#define NNC_BUILD_H

#include "output.h"
#include "target.h"

typedef struct BuildJob {
    Arena *arena;
    OutputFiles files;    /* what the network became, without folders; the trainer's sources are added here */
    bool f64, native;     /* native: for this machine's instructions */
    const Target *target; /* for which the code was made */
    bool unrolled;        /* straight-line code: gcc's SLP vectorizer makes it slower */
    bool verbose;
} BuildJob;

/* Compiles and links all files into the program that is to be written to `path`. Exit status 3 with the compiler's messages if
 * that fails. */
OutputFile build_program(const BuildJob *job, const char *path);

/* The same into the user's cache, keyed by everything that goes into it; gives the program's path. */
char *build_cached(const BuildJob *job);

/* $CC, and what it is told for the network's C. */
const char *build_compiler(const BuildJob *job);

#endif
