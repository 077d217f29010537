/* build: generated C becomes a program, by the C compiler of the user's choice ($CC, $CFLAGS), never through a shell. */
#include "build.h"
#include "embedded.h"
#include "output.h"
#include "source.h"
#include "table.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef LIST(char *) Words;

static void push_word(Arena *arena, Words *words, const char *word) {
    list_push(arena, words, arena_text(arena, word, strlen(word)));
}

/* "ccache gcc" is two words; there is no quoting, as there is no shell. */
static void push_words(Arena *arena, Words *words, const char *text) {
    while (text && *text) {
        const size_t blank = strspn(text, " \t\n"), length = strcspn(text + blank, " \t\n");
        if (length) list_push(arena, words, arena_text(arena, text + blank, length));
        text += blank + length;
    }
}

static bool is_clang(const Words *cc) {
    for (int k = 0; k < cc->n; k++)
        if (strstr(path_name(cc->at[k]), "clang")) return true;
    return false;
}

/* For the network's C. */
static void push_code_flags(const BuildJob *job, Words *words) {
    Arena *arena = job->arena;
    const bool clang = is_clang(words);
    push_word(arena, words, "-std=c99");
    push_word(arena, words, "-O2");
    if (job->native) push_word(arena, words, "-march=native");
    for (int k = 0; !job->native && job->target->flags[k]; k++) push_word(arena, words, job->target->flags[k]);
    if (clang && job->target->vector_bytes == 64) push_word(arena, words, "-mprefer-vector-width=512");
    /* so that square roots are one instruction */
    if (job->target->vector_bytes) push_word(arena, words, "-fno-math-errno");
    if (job->target->vector_bytes) push_word(arena, words, "-ffp-contract=fast");
    if (job->unrolled && !clang) push_word(arena, words, "-fno-tree-slp-vectorize");
}

/* And the trainer's. */
static void push_flags(const BuildJob *job, Words *words) {
    push_code_flags(job, words);
    push_word(job->arena, words, "-D_POSIX_C_SOURCE=200809L");
    push_word(job->arena, words, job->f64 ? "-DREAL=double" : "-DREAL=float");
    push_words(job->arena, words, getenv("CFLAGS"));
}

/* $CC's. */
static Words compiler_words(const BuildJob *job) {
    Words words = {0};
    const char *cc = getenv("CC");
    push_words(job->arena, &words, cc && *cc ? cc : "cc");
    if (!words.n) push_word(job->arena, &words, "cc");
    return words;
}

const char *build_compiler(const BuildJob *job) {
    Words words = compiler_words(job);
    push_code_flags(job, &words);
    const char *text = words.at[0];
    for (int k = 1; k < words.n; k++) text = arena_printf(job->arena, "%s %s", text, words.at[k]);
    return text;
}

/* The trainer's sources are compiled as one file. */
static bool is_trainer_source(const Embedded *e) {
    return !strncmp(e->path, "runtime/train/", 14);
}

typedef LIST(const char *) Paths;

/* Into the folder; what is C and no part of another file is `compiled`. */
static void write_source(const BuildJob *job, const char *folder, const OutputFile *f, bool compiled, Paths *sources) {
    const char *path = arena_printf(job->arena, "%s/%s", folder, path_name(f->path));
    output_write_temporary(job->arena, path, f->bytes, f->size);
    if (compiled) list_push(job->arena, sources, path);
}

static void write_sources(const BuildJob *job, const char *folder, Paths *sources) {
    for (const Embedded *e = embedded; e->path; e++) {
        const OutputFile f = {.path = e->path, .bytes = e->text, .size = e->size};
        if (is_trainer_source(e)) write_source(job, folder, &f, !strcmp(path_name(e->path), "trainer_all.c"), sources);
    }
    for (int k = 0; k < job->files.n; k++) {
        const char *path = job->files.at[k].path;
        write_source(job, folder, &job->files.at[k], path[strlen(path) - 1] == 'c', sources);
    }
}

/* ---- the C compiler */

/* cc FLAGS -o TO; ready for what it is made of. */
static Words command_to(const BuildJob *job, const char *to) {
    Words words = compiler_words(job);
    push_flags(job, &words);
    push_word(job->arena, &words, "-o");
    push_word(job->arena, &words, to);
    return words;
}

static pid_t start(const BuildJob *job, Words *words) {
    for (int k = 0; k < words->n && job->verbose; k++) fprintf(stderr, "%s%s", k ? " " : "", words->at[k]);
    if (job->verbose) fprintf(stderr, "\n");
    list_push(job->arena, words, NULL);
    const pid_t child = output_start(words->at);
    if (child < 0) fatal("cannot run the C compiler `%s` (set CC to another one)", words->at[0]);
    errno = 0;
    return child;
}

static void must_succeed(const BuildJob *job, int status) {
    const Words words = compiler_words(job);
    if (status) fatal("the C compiler `%s` failed with status %d", words.at[0], status);
}

/* cc FLAGS -I FOLDER -o SOURCE.o -c SOURCE */
static pid_t start_compiling(const BuildJob *job, const char *folder, const char *source, const char *object) {
    Words words = command_to(job, object);
    output_temporary(job->arena, object);
    push_word(job->arena, &words, "-I");
    push_word(job->arena, &words, folder);
    push_word(job->arena, &words, "-c");
    push_word(job->arena, &words, source);
    return start(job, &words);
}

/* All sources at once; the words of the command that links them. */
static Words compile(const BuildJob *job, const char *folder, const char *program) {
    Words link = command_to(job, program);
    Paths sources = {0};
    LIST(pid_t) running = {0};
    int failed = 0;
    write_sources(job, folder, &sources);
    for (int k = 0; k < sources.n; k++) {
        const char *object = arena_printf(job->arena, "%s.o", sources.at[k]);
        push_word(job->arena, &link, object);
        list_push(job->arena, &running, start_compiling(job, folder, sources.at[k], object));
    }
    for (int k = 0; k < running.n; k++) {
        const int status = output_wait(running.at[k]);
        if (status && !failed) failed = status;
    }
    must_succeed(job, failed);
    push_word(job->arena, &link, "-lm");
    push_word(job->arena, &link, "-pthread");
    return link;
}

OutputFile build_program(const BuildJob *job, const char *path) {
    const char *folder = output_temporary_folder(job->arena), *program = arena_printf(job->arena, "%s/program", folder);
    OutputFile result = {.path = path, .mode = 0777};
    output_temporary(job->arena, program);
    Words link = compile(job, folder, program);
    must_succeed(job, output_wait(start(job, &link)));
    if (access(program, R_OK)) fatal("the C compiler `%s` made no program", link.at[0]);
    result.bytes = output_read(job->arena, program, &result.size);
    output_remove_temporaries();
    return result;
}

/* ---- the cache */

/* Of 128 bits two halves, which start differently. */
static uint64_t hash_job(const BuildJob *job, const Words *words, uint64_t h) {
    for (int k = 0; k < words->n; k++) h = hash_bytes(h, words->at[k], strlen(words->at[k]) + 1);
    for (int k = 0; k < job->files.n; k++) h = hash_bytes(h, job->files.at[k].bytes, job->files.at[k].size);
    for (const Embedded *e = embedded; e->path; e++)
        if (is_trainer_source(e)) h = hash_bytes(h, e->text, e->size);
    return h;
}

static const char *cache_folder(Arena *arena) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache) return arena_printf(arena, "%s/nnc", cache);
    if (home && *home) return arena_printf(arena, "%s/.cache/nnc", home);
    return arena_printf(arena, "/tmp/nnc-cache-%ld", (long)getuid());
}

char *build_cached(const BuildJob *job) {
    Words words = compiler_words(job);
    push_flags(job, &words);
    const char *folder = cache_folder(job->arena);
    char *path = arena_printf(job->arena, "%s/%016llx%016llx", folder, (unsigned long long)hash_job(job, &words, HASH_START),
                              (unsigned long long)hash_job(job, &words, HASH_START + 1));
    output_make_private_folder(job->arena, folder);
    if (!access(path, X_OK)) return path;
    OutputFiles files = {0};
    list_push(job->arena, &files, build_program(job, path));
    output_write(job->arena, "", &files);
    return path;
}
