/* nests: what a plan makes of a program - its order, fused loops, shared and reused places, ways of storing - computes what the
 * program says: nests, interpreted through the plan's homes, against the program, interpreted. All targets, straight-line code
 * and loops, f32's plans and f64's; whole batches and smaller ones. The networks of tests/c/nets and in vectors those of
 * tests/ir/nets with values beyond the first cache; it does not vary layers, see tests/torch for that. Or: nests FILE.nn ... */
#include "given.h"
#include "lower.h"
#include "nest.h"
#include "output.h"
#include "target.h"
#include <glob.h>

static const double tolerance = 1e-9; /* of a tensor's largest number: in vectors sums are taken in another order */

typedef struct Found {
    double error;
    const char *where;
    int programs;
} Found;

static void compare(Arena *arena, Found *found, NestMemory *nest, const Tensor *root, const double *want, const char *what) {
    const long long size = tensor_size(root);
    double scale = 1e-3;
    for (long long k = 0; k < size; k++)
        if (isfinite(want[k])) scale = fmax(scale, fabs(want[k]));
    for (long long k = 0; k < size; k++) {
        int at[RANK_MAX];
        long long rest = k;
        for (int d = root->rank - 1; d >= 0; rest /= root->dim[d--]) at[d] = (int)(rest % root->dim[d]);
        const double v = nest_element(nest, root, at);
        const double error = v == want[k] || (isnan(v) && isnan(want[k])) ? 0 : fabs(v - want[k]) / scale;
        if (error <= found->error) continue;
        found->error = isnan(error) ? INFINITY : error;
        found->where = arena_printf(arena, "%s: element %lld of %s", what, k, root->name);
    }
}

/* `of`: the program as it was ordered; the plan may have rewritten it. */
static void check_program(Arena *arena, Found *found, ProgramPlan *plan, const Program *of, int samples) {
    Memory want = {.arena = arena, .seed = 3, .step = 2}, got = want;
    const NestProgram *nest = nest_lower(plan);
    NestMemory memory = {.nest = nest, .memory = &got};
    nest_verify(nest, "nest");
    fill_given(&want, of);
    fill_given(&got, of);
    fill_given(&got, plan->program);
    program_interpret(of, &want, samples);
    nest_interpret(&memory, samples);
    for (int k = 0; k < of->roots.n; k++)
        compare(arena, found, &memory, plan->program->roots.at[k], memory_of(&want, of->roots.at[k]),
                arena_printf(arena, "%s of %d", of->name, samples));
    found->programs++;
}

static const Program *ordered(const Plan *plan, const ProgramPlan *p) {
    const Model *m = plan->model;
    switch (p->program->role) {
    case PROGRAM_INIT: return m->init;
    case PROGRAM_PREDICT: return m->predict;
    case PROGRAM_LOSS: return m->loss;
    case PROGRAM_TRAIN: return m->train;
    case PROGRAM_GRADIENT: return m->gradient;
    case PROGRAM_EPOCH: return m->epoch;
    default: return p->program;
    }
}

static void check_plan(const char *name, const Model *model, const Target *target, UnrollKind unroll, bool f64) {
    Arena *arena = model->init->arena;
    const PlanOptions options = {.unroll = unroll,
                                 .vector_bytes = target->vector_bytes,
                                 .registers = target->registers,
                                 .target = target->name,
                                 .vector_macro = target->macro,
                                 .f64 = f64,
                                 .trainer = true};
    const Plan *plan = plan_model(arena, model, &options);
    const ProgramPlans all = plan_programs(plan);
    Found found = {.where = ""};
    for (int k = 0; k < all.n; k++) {
        const Program *of = ordered(plan, all.at[k]);
        check_program(arena, &found, all.at[k], of, of->batch);
        if (of->batch > 2 && of->batch < 10) check_program(arena, &found, all.at[k], of, of->batch - 2);
    }
    ok(found.error < tolerance, "%s, %s, %s, %s: %d nests (%.0e %s)", name, target->name,
       unroll == UNROLL_FULL   ? "unrolled"
       : unroll == UNROLL_NONE ? "loops"
                               : "as chosen",
       f64 ? "f64" : "f32", found.programs, found.error, found.where);
}

static void after(const Program *p, const char *stage, void *context) {
    (void)context;
    program_verify(p, stage);
}

/* A model for each plan: plans leave marks in its programs. */
static void check_form(const char *path, const Target *target, UnrollKind unroll, bool f64) {
    Arena *arena = arena_new();
    Messages messages = {.arena = arena, .to = stdout};
    AstFile *file = parse_file(arena, &messages, path);
    Settings *settings = file ? check_file(arena, file, NULL, 0, f64 ? 64 : 32) : NULL;
    const LowerOptions options = {.nn_folder = path_folder(arena, path)};
    const Model *model = settings && !messages.errors ? model_lower(arena, file, settings, &options, after, NULL) : NULL;
    if (model && !messages.errors)
        check_plan(path, model, target, unroll, f64);
    else
        ok(false, "%s is no network", path);
    arena_free(arena);
}

static void check_file_in_vectors(const char *path) {
    check_form(path, target_find("avx512"), UNROLL_AUTO, false);
    check_form(path, target_find("avx2"), UNROLL_AUTO, true);
}

static void check_file_in_all_forms(const char *path) {
    static const char *const targets[] = {"scalar", "sse2", "avx2", "avx512"};
    for (size_t t = 0; t < sizeof targets / sizeof *targets; t++)
        for (int f64 = 0; f64 < 2; f64++) {
            check_form(path, target_find(targets[t]), UNROLL_AUTO, f64);
            check_form(path, target_find(targets[t]), UNROLL_NONE, f64);
        }
    check_form(path, target_find("scalar"), UNROLL_FULL, true);
}

static void check_files(const char *pattern, void (*check)(const char *path)) {
    glob_t found = {0};
    if (glob(pattern, 0, NULL, &found)) ok(false, "there are no %s", pattern);
    for (size_t k = 0; k < found.gl_pathc; k++) check(found.gl_pathv[k]);
    globfree(&found);
}

int main(int argc, char **argv) {
    for (int k = 1; k < argc; k++) check_file_in_all_forms(argv[k]);
    if (argc == 1) check_files("tests/c/nets/*.nn", check_file_in_all_forms);
    if (argc == 1) check_files("tests/ir/nets/*.nn", check_file_in_vectors);
    return unit_done();
}
