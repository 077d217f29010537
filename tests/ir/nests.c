/* nests: what a plan makes of a program - its order, fused loops, shared and reused places, ways of storing - computes what the
 * program says: nests, interpreted through the plan's homes, against the program, interpreted. What is looked ahead
 * (plan_ahead.c) is a block of steps, nests of all three programs one after another, against as many steps of `train`. All
 * targets, straight-line code and loops, f32's plans and f64's; whole batches and smaller ones. The networks of tests/c/nets
 * and in vectors those of tests/ir/nets with values beyond the first cache; it does not vary layers, see tests/torch for that.
 * Or: nests FILE.nn ...
 *
 * Not compared here, as nests have none of it: tiles and which lanes work out which element, vector functions, straight-line
 * code's variables and its functions. Compiled code is, in tests/c, tests/numeric and tests/sizes. */
#include "given.h"
#include "lower.h"
#include "nest.h"
#include "output.h"
#include "target.h"
#include <float.h>
#include <glob.h>

/* Numbers may differ by TOLERANCE of the largest of their tensor: in vectors sums are taken in another order. Of what is left
 * of larger ones that cancel out, by LOST times what it changes by with the last bits of what is given. */
static const double tolerance = 1e-12, lost = 32;
enum { NUDGES = 3, UNITS = 8 };

typedef struct Found {
    double error; /* in units of what is allowed */
    const char *where;
    int programs, infinite; /* how many, and how many of them give numbers that are not finite, which prove nothing */
} Found;

/* ---- what a program says */

typedef struct Reference { /* a program as it was ordered, and how often it is run; the plan may have rewritten it */
    Arena *arena;
    const Program *of;
    int samples, steps;
    Memory memory[1 + NUDGES]; /* after it; with other last bits */
    int made;
} Reference;

static bool is_sample(const Tensor *t) {
    return t->role == ROLE_INPUT || t->role == ROLE_TARGET;
}

static void fill_sample(Memory *memory, const Program *p, int step) {
    for (int k = 0; k < p->tensors.n; k++)
        if (is_sample(p->tensors.at[k])) fill_tensor(memory, p->tensors.at[k], step);
}

/* Values too: y of a sigmoid near 1 hardly hangs on what is given, but all of 1 - y on its last bits. */
static double other_last_bits(double v) {
    return v * (1 + UNITS * DBL_EPSILON * unit_real(-1, 1));
}

static void move_last_bits(Memory *memory, const Program *p, bool samples, int nudge) {
    unit_begin((uint64_t)nudge);
    for (int k = 0; nudge && k < p->tensors.n; k++) {
        const Tensor *t = p->tensors.at[k];
        if (!unit_is_given(t) || t->integer || is_sample(t) != samples) continue;
        double *v = memory_of(memory, t);
        for (long long j = 0; j < tensor_size(t); j++) v[j] = other_last_bits(v[j]);
    }
}

static Memory run_program(const Reference *r, int nudge) {
    Memory memory = {.arena = r->arena, .seed = 3, .step = 2, .rounded = nudge ? other_last_bits : NULL};
    fill_given(&memory, r->of);
    move_last_bits(&memory, r->of, false, nudge);
    for (int step = 0; step < r->steps; step++, memory.step++) {
        fill_sample(&memory, r->of, step);
        move_last_bits(&memory, r->of, true, nudge);
        program_interpret(r->of, &memory, r->samples);
    }
    return memory;
}

static const double *reference(Reference *r, const Tensor *t, int nudge) {
    for (; r->made <= nudge; r->made++) r->memory[r->made] = run_program(r, r->made);
    return memory_of(&r->memory[nudge], t);
}

/* How far t's numbers move with the last bits of what is given. */
static double moved(Reference *r, const Tensor *t) {
    double most = 0;
    for (int nudge = 1; nudge <= NUDGES; nudge++) {
        const double *a = reference(r, t, 0), *b = reference(r, t, nudge);
        for (long long k = 0; k < tensor_size(t); k++)
            if (isfinite(a[k])) most = fmax(most, fabs(a[k] - b[k]));
    }
    return most;
}

/* ---- compared */

static double largest(const double *v, long long n) {
    double most = 0;
    for (long long k = 0; k < n; k++)
        if (isfinite(v[k])) most = fmax(most, fabs(v[k]));
    return most;
}

/* got: what takes the place of t. */
static void compare(Found *found, Reference *r, const Tensor *t, const double *got, const char *what) {
    const long long size = tensor_size(t);
    const double *want = reference(r, t, 0);
    double allowed = tolerance * largest(want, size);
    bool asked = false;
    for (long long k = 0; k < size; k++) {
        if (got[k] == want[k] || (isnan(got[k]) && isnan(want[k]))) continue;
        if (!(fabs(got[k] - want[k]) <= allowed) && !asked) {
            allowed += lost * moved(r, t);
            asked = true;
        }
        const double error = fabs(got[k] - want[k]) / allowed;
        if (error <= found->error) continue;
        found->error = isnan(error) ? INFINITY : error;
        found->where = arena_printf(r->arena, "%s: element %lld of %s is %.17g, not %.17g", what, k, t->name, got[k], want[k]);
    }
}

/* A state may begin as infinite: the best loss so far. */
static bool all_finite(Reference *r) {
    const bool init = r->of->role == PROGRAM_INIT;
    for (int k = 0; k < r->of->roots.n; k++) {
        const double *v = reference(r, r->of->roots.at[k], 0);
        for (long long j = 0; j < tensor_size(r->of->roots.at[k]); j++)
            if (isnan(v[j]) || (isinf(v[j]) && !init)) return false;
    }
    return true;
}

static const double *elements(Arena *arena, NestMemory *nest, const Tensor *t) {
    const long long size = tensor_size(t);
    double *v = arena_many(arena, size, double);
    for (long long k = 0; k < size; k++) {
        int at[RANK_MAX];
        long long rest = k;
        for (int d = t->rank - 1; d >= 0; rest /= t->dim[d--]) at[d] = (int)(rest % t->dim[d]);
        v[k] = nest_element(nest, t, at);
    }
    return v;
}

static NestMemory nest_of(ProgramPlan *plan, Memory *memory, bool scheduled) {
    NestProgram *nest = nest_lower(plan);
    nest_verify(nest, "nest");
    if (scheduled) nest_schedule(nest);
    fill_given(memory, plan->program);
    return (NestMemory){.nest = nest, .memory = memory};
}

static void check_program(Found *found, ProgramPlan *plan, const Program *of, int samples, bool scheduled) {
    Arena *arena = of->arena;
    Reference r = {.arena = arena, .of = of, .samples = samples, .steps = 1};
    Memory got = {.arena = arena, .seed = 3, .step = 2};
    NestMemory nest = nest_of(plan, &got, scheduled);
    fill_given(&got, of);
    nest_interpret(&nest, samples);
    for (int k = 0; k < of->roots.n; k++)
        compare(found, &r, of->roots.at[k], elements(arena, &nest, plan->program->roots.at[k]),
                arena_printf(arena, "%s of %d", of->name, samples));
    found->infinite += !all_finite(&r);
    found->programs++;
}

/* ---- a block of steps that are worked out together */

/* The row of a sample in what one program hands on to the next, which `each` reads and writes. */
static void copy_rows(const Block *b, Memory *memory, int sample, bool back) {
    for (int k = 0; k < b->passed.n; k++) {
        const long long n = tensor_size(b->rows.at[k]);
        double *row = memory_of(memory, b->rows.at[k]), *whole = memory_of(memory, b->passed.at[k]) + sample * n;
        memcpy(back ? whole : row, back ? row : whole, (size_t)n * sizeof *row);
    }
}

/* As C code is given them: the numbers of all inputs of a sample in a row. */
static void fill_block(const Block *b, Memory *memory, const Model *m) {
    for (int s = 0; s < b->size; s++)
        for (int k = 0; k < m->input_list.n; k++) {
            const Tensor *x = m->input_list.at[k];
            fill_tensor(memory, x, s);
            memcpy(memory_of(memory, b->samples) + (long long)s * m->inputs + x->offset, memory_of(memory, x),
                   (size_t)tensor_size(x) * sizeof(double));
        }
}

static void check_block(Found *found, const Plan *plan) {
    const Model *m = plan->model;
    const Block *b = plan->block;
    Arena *arena = m->train->arena;
    Reference r = {.arena = arena, .of = m->train, .samples = 1, .steps = b->size};
    Memory got = {.arena = arena, .seed = 3, .step = 2};
    NestMemory ahead = nest_of(plan->ahead, &got, true), each = nest_of(plan->each, &got, true),
               settle = nest_of(plan->settle, &got, true);
    fill_block(b, &got, m);
    nest_interpret(&ahead, 1);
    for (int s = 0; s < b->size; s++, got.step++) {
        fill_sample(&got, m->train, s);
        copy_rows(b, &got, s, false);
        nest_interpret(&each, 1);
        copy_rows(b, &got, s, true);
    }
    nest_interpret(&settle, 1);
    compare(found, &r, m->train->roots.at[0], elements(arena, &each, plan->each->program->roots.at[0]),
            "the last loss of a block");
    for (int k = 0; k < m->train->tensors.n; k++) {
        const Tensor *t = m->train->tensors.at[k];
        if (t->next_of) compare(found, &r, t, memory_of(&got, t->next_of), "a block");
    }
    found->infinite += !all_finite(&r);
    found->programs++;
}

/* ---- networks */

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

static Found check_plan(const char *name, const Model *model, const Target *target, UnrollKind unroll, bool f64) {
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
        for (int scheduled = 0; scheduled < (all.at[k]->tiled ? 2 : 1); scheduled++) {
            check_program(&found, all.at[k], of, of->batch, scheduled);
            if (of->batch > 2 && of->batch < 10) check_program(&found, all.at[k], of, of->batch - 2, scheduled);
        }
    }
    if (plan->block) check_block(&found, plan);
    if (strstr(name, "ahead") && !plan->block) ok(false, "%s: nothing is looked ahead", name);
    ok(found.error <= 1, "%s, %s, %s, %s: %d nests (%.0e %s)", name, target->name,
       unroll == UNROLL_FULL   ? "unrolled"
       : unroll == UNROLL_NONE ? "loops"
                               : "as chosen",
       f64 ? "f64" : "f32", found.programs, found.error, found.where);
    return found;
}

static void after(const Program *p, const char *stage, void *context) {
    (void)context;
    program_verify(p, stage);
}

/* A model for each plan: plans leave marks in its programs. */
static void check_form(Found *all, const char *path, const Target *target, UnrollKind unroll, bool f64) {
    Arena *arena = arena_new();
    Messages messages = {.arena = arena, .to = stdout};
    AstFile *file = parse_file(arena, &messages, path);
    Settings *settings = file ? check_file(arena, file, NULL, 0, f64 ? 64 : 32) : NULL;
    const LowerOptions options = {.nn_folder = path_folder(arena, path)};
    const Model *model = settings && !messages.errors ? model_lower(arena, file, settings, &options, after, NULL) : NULL;
    const bool good = model && !messages.errors;
    if (!good) ok(false, "%s is no network", path);
    const Found found = good ? check_plan(path, model, target, unroll, f64) : (Found){0};
    all->programs += found.programs;
    all->infinite += found.infinite;
    arena_free(arena);
}

static void check_file_in_vectors(Found *all, const char *path) {
    check_form(all, path, target_find("avx512"), UNROLL_AUTO, false);
    check_form(all, path, target_find("avx2"), UNROLL_AUTO, true);
}

static void check_file_in_all_forms(Found *all, const char *path) {
    static const char *const targets[] = {"scalar", "sse2", "avx2", "avx512"};
    for (size_t t = 0; t < sizeof targets / sizeof *targets; t++)
        for (int f64 = 0; f64 < 2; f64++) {
            check_form(all, path, target_find(targets[t]), UNROLL_AUTO, f64);
            check_form(all, path, target_find(targets[t]), UNROLL_NONE, f64);
        }
    check_form(all, path, target_find("scalar"), UNROLL_FULL, true);
}

static void check_files(Found *all, const char *pattern, void (*check)(Found *all, const char *path)) {
    glob_t found = {0};
    if (glob(pattern, 0, NULL, &found)) ok(false, "there are no %s", pattern);
    for (size_t k = 0; k < found.gl_pathc; k++) check(all, found.gl_pathv[k]);
    globfree(&found);
}

int main(int argc, char **argv) {
    Found all = {0};
    for (int k = 1; k < argc; k++) check_file_in_all_forms(&all, argv[k]);
    if (argc == 1) {
        check_files(&all, "tests/c/nets/*.nn", check_file_in_all_forms);
        check_files(&all, "tests/ir/nets/*.nn", check_file_in_vectors);
        ok(!all.infinite, "their programs give finite numbers");
    }
    printf("# %d of %d programs give numbers that are not finite\n", all.infinite, all.programs);
    return unit_done();
}
