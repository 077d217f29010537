/* nnc: the network compiler. main() is the pipeline:
 *
 *   source text -parse-> tree -check-> settings -lower-> programs (forward, loss) -grad-> + backward -update-> + optimizer
 *     -simplify-> -order-> -plan-> C
 *
 * See HACKING.md for the map. */
#include "ast.h"
#include "build.h"
#include "emit.h"
#include "ir.h"
#include "lower.h"
#include "options.h"
#include "output.h"
#include "plan.h"
#include "settings.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct Run {
    Arena *arena;
    Options *options;
    Messages messages;
    AstFile *file;
    Settings *settings;
    Model *model;
    struct timespec since;
} Run;

/* ---- -v and -d */

static void lap(Run *run, const char *stage) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const double ms = 1e3 * (double)(now.tv_sec - run->since.tv_sec) + 1e-6 * (double)(now.tv_nsec - run->since.tv_nsec);
    if (run->options->verbose) fprintf(stderr, "nnc: %-10s %8.2f ms\n", stage, ms);
    run->since = now;
}

static bool dumped(const Options *o, const char *stage) {
    for (int k = 0; k < o->dumps.n; k++)
        if (!strcmp(o->dumps.at[k], stage) || !strcmp(o->dumps.at[k], "all")) return true;
    return false;
}

static void after_stage(const Program *p, const char *stage, void *context) {
    Run *run = context;
    program_verify(p, stage);
    if (!dumped(run->options, stage)) return;
    printf("# %s, after %s\n", p->name, stage);
    program_print(p, stdout);
    printf("\n");
}

/* ---- the stages */

static void stop_on_errors(const Run *run) {
    if (!run->messages.errors) return;
    fflush(stdout);
    exit(1);
}

static void parse(Run *run) {
    run->file = parse_file(run->arena, &run->messages, run->options->file);
    if (!run->file) exit(1);
    if (dumped(run->options, "parse")) ast_print(run->file, stdout);
    stop_on_errors(run);
    lap(run, "parse");
}

static void check(Run *run) {
    const Options *o = run->options;
    run->settings = check_file(run->arena, run->file, o->defines.at, o->defines.n, o->real);
    stop_on_errors(run);
    lap(run, "check");
}

static void lower(Run *run, bool settable_rate) {
    const Options *o = run->options;
    const LowerOptions options = {.settable_rate = settable_rate,
                                  .predict_only = o->predict,
                                  .params = o->predict ? o->params : NULL,
                                  .nn_folder = path_folder(run->arena, o->file)};
    run->model = model_lower(run->arena, run->file, run->settings, &options, after_stage, run);
    stop_on_errors(run);
    lap(run, "lower");
}
