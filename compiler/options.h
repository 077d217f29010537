/* options: the command line of nnc. */
#ifndef NNC_OPTIONS_H
#define NNC_OPTIONS_H

#include "plan.h"
#include "settings.h"

#define NNC_VERSION "0.1"

typedef enum Command { COMMAND_BUILD, COMMAND_RUN, COMMAND_EMIT, COMMAND_CHECK, COMMAND_SHOW, COMMAND_LIST } Command;

typedef struct Options {
    Command command;
    const char *command_name; /* "build", ... */
    const char *file;         /* the .nn file, "-": standard input; NULL for list */
    const char *kind;         /* of list: layers, activations, ... */
    const char *output;       /* -o, or NULL; "-": standard output */
    LIST(Define) defines;     /* -D */
    int real;                 /* --real: 32 or 64; 0: as the file says */
    const char *target;       /* --target, or NULL */
    UnrollKind unroll;        /* --unroll */
    long long unroll_limit;   /* multiply-adds, of UNROLL_LIMIT */
    bool exact;               /* --exact */
    bool no_gradient;         /* --no-gradient */
    LIST(const char *) dumps; /* -d STAGE */
    bool verbose;             /* -v */
    bool predict;             /* --predict */
    bool raw;                 /* --raw: the frozen network alone, without what data do */
    const char *params;       /* --params FILE, or NULL */
    const char *prefix;       /* --prefix, or NULL: the network's name */
    bool dependencies;        /* -MD */
    bool color;               /* --color, or a terminal that can */
    bool markdown;            /* --markdown, of list */
    int nargs;                /* after `--` */
    char **args;
} Options;

/* Reads the command line. --help and --version are printed and end the program with status 0, mistakes with status 2. */
Options *options_parse(Arena *arena, int argc, char **argv);

#endif
