/* nnc: the network compiler. main() is the pipeline:
 *
 *   source text -parse-> tree -check-> settings -lower-> programs (forward, loss) -grad-> + backward -update-> + optimizer
 *     -simplify-> -order-> -plan-> C
 *
 * See HACKING.md for the map. */
#include "ast.h"
#include "build.h"
#include "emit.h"
#include "frozen.h"
#include "ir.h"
#include "list.h"
#include "lower.h"
#include "nest.h"
#include "options.h"
#include "output.h"
#include "settings.h"
#include "target.h"
#include <signal.h>
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

static const char *real_name(const Run *run) {
    return run->model->f64 ? "f64" : "f32";
}

/* What is emitted is to compile anywhere unless the user says what for; what is built here is for this machine. */
static const Target *target_of(const Run *run) {
    const Options *o = run->options;
    return target_find(o->target ? o->target : o->command == COMMAND_EMIT ? "scalar" : "native");
}

/* Straight-line code of a large network takes the C compiler long, and runs slower than loops. */
static void check_length(const Run *run, const PlanOptions *options) {
    static const double term_seconds = 0.8e-3; /* gcc 12 -O2 */
    const long long terms = plan_unrolled_terms(run->model, options);
    const Span name = run->file->network.name_span;
    if (terms > UNROLL_MAX_TERMS)
        source_error(name,
                     "straight-line code of this network would have about %lld terms, and at most %d are compiled: leave out "
                     "`--unroll`, or say `--unroll none`",
                     terms, UNROLL_MAX_TERMS);
    else if (terms > UNROLL_WARN_TERMS)
        source_warning(name,
                       "straight-line code of this network has about %lld terms and takes the C compiler some %.0f s; "
                       "`--unroll none` gives loops, which compile at once and mostly run faster",
                       terms, term_seconds * (double)terms);
    stop_on_errors(run);
}

/* What will run, as loops: printed, and verified in any build. */
static void check_nests(const Run *run, const Plan *plan) {
    const ProgramPlans all = plan_programs(plan);
    for (int k = 0; k < all.n; k++) {
        NestProgram *nest = nest_lower(all.at[k]);
        nest_verify(nest, "plan");
        if (dumped(run->options, "nest")) nest_print(nest, stdout);
        nest_schedule(nest);
        if (dumped(run->options, "schedule")) nest_print(nest, stdout);
    }
}

static Plan *plan(Run *run, bool trainer) {
    const Options *o = run->options;
    const Target *target = target_of(run);
    const PlanOptions options = {.unroll = o->unroll,
                                 .unroll_limit = o->unroll_limit,
                                 .vector_bytes = target->vector_bytes,
                                 .registers = target->registers,
                                 .memory_operands = target->memory_operands,
                                 .target = target->name,
                                 .vector_macro = target->macro,
                                 .exact = o->exact,
                                 .f64 = run->model->f64,
                                 /* whatever the network is called, main or layers: the trainer has names of its own */
                                 .prefix = trainer ? arena_printf(run->arena, "nn_%s", run->model->name) : o->prefix,
                                 .trainer = trainer,
                                 .no_gradient = trainer || o->no_gradient};
    check_length(run, &options);
    Plan *p = plan_model(run->arena, run->model, &options);
    if (dumped(o, "plan")) plan_print(p, stdout);
    check_nests(run, p);
    lap(run, "plan");
    return p;
}

/* ---- what is written, once all of it is made */

static bool is_standard_output(const char *path) {
    return !strcmp(path, "-");
}

static void add_file(Run *run, OutputFiles *files, const char *path, MemoryFile *text) {
    memory_file_close(text, run->arena);
    list_push(run->arena, files, ((OutputFile){path, text->text, text->size, 0644}));
}

/* A path as make reads it: `a b#$` is `a\ b\#$$`. */
static const char *make_path(Arena *arena, const char *path) {
    char *text = arena_array(arena, 2 * strlen(path) + 1, 1), *to = text;
    for (; *path; *to++ = *path++) {
        if (*path == ' ' || *path == '#') *to++ = '\\';
        if (*path == '$') *to++ = '$';
    }
    *to = 0;
    return text;
}

/* PRODUCT.d: what it was made from, for make. */
static void add_dependencies(Run *run, OutputFiles *files, const char *product) {
    MemoryFile rule;
    if (!run->options->dependencies || is_standard_output(product)) return;
    memory_file_open(&rule);
    fprintf(rule.to, "%s:", make_path(run->arena, product));
    for (int k = 0; k < run->file->read.n; k++) fprintf(rule.to, " %s", make_path(run->arena, run->file->read.at[k]));
    if (run->options->params) fprintf(rule.to, " %s", make_path(run->arena, run->options->params));
    fprintf(rule.to, "\n");
    add_file(run, files, arena_printf(run->arena, "%s.d", product), &rule);
}

static void keep_file(const char *path, const char *product) {
    if (path && output_is_same_file(path, product))
        usage("%s would be written over what it is made from: say where it goes with -o", product);
}

/* As the .nn file names it: relative to its folder. */
static void keep_named(const Run *run, const char *path, const char *product) {
    const char *folder = path && path[0] != '/' ? path_folder(run->arena, run->options->file) : "";
    keep_file(path ? arena_printf(run->arena, "%s%s", folder, path) : NULL, product);
}

/* A network called like its file or its data, without an ending, or -o with a slip must not cost the file. */
static void keep_sources(const Run *run, const char *product) {
    const Data *data = &run->settings->data;
    if (is_standard_output(product)) return;
    for (int k = 0; k < run->file->read.n; k++) keep_file(run->file->read.at[k], product);
    for (int k = 0; k < data->files.n; k++) keep_named(run, data->files.at[k], product);
    for (int k = 0; k < data->test_files.n; k++) keep_named(run, data->test_files.at[k], product);
    keep_named(run, data->text, product);
    keep_named(run, run->settings->train.params, product);
    keep_file(run->options->params, product);
}

/* ---- emit */

static const char *path_below(Run *run, const char *folder, const char *name) {
    const size_t n = strlen(folder);
    if (is_standard_output(folder)) return folder;
    return arena_printf(run->arena, "%s%s%s", folder, n && folder[n - 1] != '/' ? "/" : "", name);
}

/* How numbers are scaled and what classes are called, for a function that holds it. */
static const Prepared *read_prepared(Run *run) {
    const Options *o = run->options;
    const Prepared *data = frozen_data(run->arena, run->file, run->settings, run->model, o->params, o->raw);
    fflush(stdout);
    if (!data) exit(1);
    lap(run, "data");
    return data;
}

static void emit(Run *run) {
    lower(run, false);
    const Prepared *data = run->options->predict ? read_prepared(run) : NULL;
    const Plan *p = plan(run, false);
    const char *folder = run->options->output ? run->options->output : "";
    const char *c_name = arena_printf(run->arena, "%s.c", p->name), *h_name = arena_printf(run->arena, "%s.h", p->name);
    const char *c_path = path_below(run, folder, c_name), *h_path = path_below(run, folder, h_name);
    MemoryFile c, h;
    OutputFiles files = {0};
    keep_sources(run, h_path);
    keep_sources(run, c_path);
    memory_file_open(&c);
    memory_file_open(&h);
    if (run->options->predict)
        emit_predict(p, data, run->options->raw, h_name, c.to, h.to);
    else
        (void)emit_library(p, h_name, c.to, h.to);
    add_file(run, &files, h_path, &h);
    add_file(run, &files, c_path, &c);
    add_dependencies(run, &files, c_path);
    output_write(run->arena, is_standard_output(folder) ? "" : folder, &files);
    lap(run, "emit");
}

/* ---- build and run */

static const char *how_compiled(const Run *run) {
    static const char *const unroll[] = {"auto", "full", "none", "up to "};
    const Options *o = run->options;
    const char *limit = o->unroll == UNROLL_LIMIT ? arena_printf(run->arena, "%lld", o->unroll_limit) : "";
    return arena_printf(run->arena, "nnc %s, real %s, unroll %s%s, target %s%s", NNC_VERSION, real_name(run), unroll[o->unroll],
                        limit, o->target ? o->target : "native", o->exact ? ", exact" : "");
}

static const char *text_of(Run *run, const AstExpr *e) {
    return e ? span_text(run->arena, e->span) : NULL;
}

static TrainerInfo trainer_info(Run *run) {
    return (TrainerInfo){.source = path_name(run->options->file),
                         .compiler = how_compiled(run),
                         .folder = path_folder(run->arena, run->options->file),
                         .loss = text_of(run, run->settings->train.loss),
                         .optimizer = text_of(run, run->settings->train.optimizer),
                         .rate = run->model->rate};
}

/* What the C compiler needs to know. */
static BuildJob job_for(Run *run, const Plan *p) {
    const Options *o = run->options;
    return (BuildJob){.arena = run->arena,
                      .f64 = run->model->f64,
                      .target = target_of(run),
                      .native = !o->target || !strcmp(o->target, "native"),
                      .unrolled = p->unrolled,
                      .verbose = o->verbose};
}

/* The network, and the trainer's description of it. */
static BuildJob generate(Run *run) {
    lower(run, true);
    const Plan *p = plan(run, true);
    const TrainerInfo info = trainer_info(run);
    BuildJob job = job_for(run, p);
    MemoryFile c, h, trainer;
    memory_file_open(&c);
    memory_file_open(&h);
    memory_file_open(&trainer);
    (void)emit_library(p, "network.h", c.to, h.to);
    emit_trainer_main(p, run->settings, &info, "network.h", trainer.to);
    add_file(run, &job.files, "network.h", &h);
    add_file(run, &job.files, "network.c", &c);
    add_file(run, &job.files, "network_main.c", &trainer);
    lap(run, "emit");
    return job;
}

static void build(Run *run) {
    const BuildJob job = generate(run);
    const char *path = run->options->output ? run->options->output : run->model->name;
    OutputFiles files = {0};
    keep_sources(run, path);
    list_push(run->arena, &files, build_program(&job, path));
    add_dependencies(run, &files, path);
    output_write(run->arena, "", &files);
    lap(run, "cc");
}

static void run_program(Run *run) {
    const Options *o = run->options;
    const BuildJob job = generate(run);
    char *program = build_cached(&job);
    char **argv = arena_many(run->arena, o->nargs + 2, char *);
    argv[0] = program;
    for (int k = 0; k < o->nargs; k++) argv[k + 1] = o->args[k];
    lap(run, "cc");
    fflush(NULL);
    execv(program, argv);
    fatal("cannot run %s", program);
}

static void show(Run *run) {
    lower(run, false);
    const Plan *p = plan(run, false);
    const BuildJob job = job_for(run, p);
    show_model(p, stdout);
    printf("compiled with       %s\n", build_compiler(&job));
}

/* ---- main */

/* A file of definitions alone can be checked, not compiled. */
static bool has_network(const Run *run) {
    const Span start = {run->file->source, 0, 0};
    if (!run->file->network.present && run->options->command != COMMAND_CHECK) source_error(start, "the file has no network");
    stop_on_errors(run);
    return run->file->network.present;
}

static void compile(Run *run) {
    parse(run);
    check(run);
    if (!has_network(run)) return;
    switch (run->options->command) {
    case COMMAND_CHECK:
        lower(run, false);
        (void)plan(run, false);
        break;
    case COMMAND_SHOW: show(run); break;
    case COMMAND_EMIT: emit(run); break;
    case COMMAND_BUILD: build(run); break;
    case COMMAND_RUN: run_program(run); break;
    default: bug("command %s", run->options->command_name);
    }
}

int main(int argc, char **argv) {
    Run run = {.arena = arena_new()};
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is a failure to write like others */
    run.options = options_parse(run.arena, argc, argv);
    run.messages = (Messages){.arena = run.arena, .to = stderr, .color = run.options->color};
    clock_gettime(CLOCK_MONOTONIC, &run.since);
    if (run.options->command == COMMAND_LIST)
        list_definitions(run.arena, parse_prelude(run.arena, &run.messages), run.options->kind, run.options->markdown, stdout);
    else
        compile(&run);
    if (fflush(stdout)) fatal("cannot write to standard output");
    arena_free(run.arena);
    return 0;
}
