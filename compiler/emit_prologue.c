/* emit_prologue: what stands before the functions of a file of C, and after them: includes, units of the runtime, constants. */
#include "embedded.h"
#include "emit_library.h"
#include <string.h>

/* ---- constant arrays */

static const char *constant_text(const Plan *plan, const Tensor *t, double v) {
    if (t->integer) return arena_printf(plan->arena, "%d", (int)v);
    return real_literal(plan->arena, v, plan->options.f64);
}

typedef struct Numbers { /* of an array being written, as they are stored */
    Writer *w;
    const Tensor *t;
    StoredDim stored[RANK_MAX + 1];
    int n, at[RANK_MAX];
} Numbers;

/* What a panel has beyond the last number is never looked at. */
static double number_at(const Numbers *z) {
    long long offset = 0;
    for (int d = 0; d < z->t->rank; d++) {
        if (z->at[d] >= z->t->dim[d]) return 0;
        offset = offset * z->t->dim[d] + z->at[d];
    }
    return z->t->values[offset];
}

/* Rows in braces, a line each, long ones broken; dimensions in the order in which they are stored. */
static void put_numbers(Numbers *z, int k) {
    enum { IN_A_LINE = 8 };
    Writer *w = z->w;
    if (k == z->n) {
        put(w, "%s", constant_text(w->plan, z->t, number_at(z)));
        return;
    }
    const StoredDim *s = &z->stored[k];
    const bool inner = k + 1 == z->n, rows = !inner || s->dim > IN_A_LINE;
    const int before = z->at[s->d], step = s->part == PART_PANEL ? z->stored[z->n - 1].dim : 1;
    put(w, "{");
    for (int i = 0; i < s->dim; i++) {
        const bool line_ends = rows && (!inner || i % IN_A_LINE == 0);
        if (i) put(w, line_ends ? "," : ", ");
        if (line_ends) put(w, "\n%*s", 4 * (k + 1), "");
        z->at[s->d] = before + i * step;
        put_numbers(z, k + 1);
    }
    z->at[s->d] = before;
    put(w, rows ? "\n%*s}" : "%*s}", rows ? 4 * k : 0, "");
}

static void put_constant(Writer *w, const Constant *c) {
    const Home *h = c->home;
    put(w, "\nstatic const %s %s", type_name(w->plan, h->tensor), c->name);
    put_dims(w, h);
    put(w, " = ");
    Numbers z = {.w = w, .t = h->tensor};
    z.n = home_stored(h, z.stored);
    put_numbers(&z, 0);
    put(w, ";\n");
}

/* ---- the file around the functions */

/* Code in vectors is for one kind of machine, and says so. */
static void put_target_check(Writer *w) {
    const char *macro = w->plan->options.vector_macro;
    if (!w->plan->options.vector_bytes || (w->plan->unrolled && w->plan->options.unroll != UNROLL_AUTO) || !macro) return;
    insert(w, "\n");
    line(w, "#ifndef %s", macro);
    line(w, "#error this file was made with --target %s: the C compiler needs -march=native, or what gives it %s",
         w->plan->options.target, macro);
    line(w, "#endif");
    insert(w, "\n");
}

/* What was cut into functions takes linear time to compile only if it is not put together again. gcc is not to look into them
 * at all: at -O1 gcc 12 takes some that only store for functions without effect, and drops their calls. */
static void put_apart(Writer *w, const UnitSet *units) {
    if (!units->apart) return;
    insert(w, "\n");
    line(w, "#if defined __GNUC__ && !defined __clang__ && __GNUC__ >= 8");
    line(w, "#define $U_APART __attribute__((noipa))");
    line(w, "#elif defined __GNUC__");
    line(w, "#define $U_APART __attribute__((noinline))");
    line(w, "#else");
    line(w, "#define $U_APART");
    line(w, "#endif");
    insert(w, "\n");
}

/* The trainer's, in its threads.c. */
static void put_share(Writer *w, const UnitSet *units) {
    if (!units->shared) return;
    line(w, "void trainer_share(void (*part)(const void *given, int from, int to), const void *given, int count, int step);");
    insert(w, "\n");
}

static bool has_vectors(const UnitSet *units) {
    for (int k = 0; k < VECTOR_WIDTHS; k++)
        if (units->vectors[k]) return true;
    return false;
}

static void put_rules_of(Writer *w, const char *name) {
    insert(w, embedded_find(arena_printf(w->plan->arena, "runtime/model/rules_%s.h", name))->text);
    insert(w, "\n");
}

/* What C compilers are told before they see any of the file: functions that are to be put into one another must all be compiled
 * alike. Numbers that a convolution's sum reads at one step and again at the next gcc 12 keeps from step to step, far more of
 * them than there are registers. With --exact there is no vector, and runtime/model/exact.c has the rules of floats. */
static void put_rules(Writer *w, const UnitSet *units) {
    if (!w->plan->options.exact) put_rules_of(w, has_vectors(units) ? "vectors" : "plain");
    if (units->kernels.n) put_rules_of(w, "kernels");
    if (units->tested_reads) put_rules_of(w, "tests");
}

/* ---- what is taken for granted of the machine */

enum { LEAST_INT_MAX = 32767 }; /* that C promises */

/* That positions of numbers count to. */
static long long largest_number(const Plan *plan) {
    const ProgramPlans programs = plan_programs(plan);
    const Model *m = plan->model;
    long long largest = m->inputs > m->outputs ? m->inputs : m->outputs;
    for (int k = 0; k < programs.n; k++)
        for (int j = 0; j < programs.at[k]->homes.n; j++) {
            const long long size = home_size(programs.at[k]->homes.at[j]);
            if (size > largest) largest = size;
        }
    return largest;
}

static bool needs_wide_double(const Writer *w, const UnitSet *units) {
    return w->plan->options.f64 || units->doubles || (unit_is_needed(units, "exact_from_bits") && !w->plan->options.exact);
}

/* int of 16 bits and double of 32 are what C has on an AVR. */
static void put_assumptions(Writer *w, const UnitSet *units) {
    const long long largest = largest_number(w->plan);
    if (needs_wide_double(w, units)) {
        line(w, "#if DBL_MANT_DIG < 53");
        line(w, "#error this network computes in doubles of 64 bits, and here they are shorter");
        line(w, "#endif");
        insert(w, "\n");
    }
    if (largest > LEAST_INT_MAX) {
        line(w, "#if INT_MAX < %lld", largest);
        line(w, "#error this network counts to %lld, and here an int is too short for that", largest);
        line(w, "#endif");
        insert(w, "\n");
    }
}

/* The network's own header comes after the runtime's functions, whose local names the network's may be. */
void put_prologue(Writer *w, UnitSet *units, const char *header) {
    hold(w);
    if (w->plan->options.exact) {
        unit_need(units, w->plan, "exact");
        insert(w, "\n");
        insert(w, embedded_text(w->plan, "exact"));
    }
    units_put(w, units);
    const char *text = release(w, w->plan->arena);
    put_rules(w, units);
    if (needs_wide_double(w, units)) line(w, "#include <float.h>");
    if (largest_number(w->plan) > LEAST_INT_MAX) line(w, "#include <limits.h>");
    line(w, "#include <math.h>");
    line(w, "#include <stddef.h>");
    line(w, "#include <stdint.h>");
    if (strstr(text, "memcpy")) line(w, "#include <string.h>");
    insert(w, "\n");
    put_assumptions(w, units);
    if (*text) insert(w, text + 1);
    if (*text) insert(w, "\n");
    put_target_check(w);
    put_apart(w, units);
    put_share(w, units);
    line(w, "#include \"%s\"", header);
    w->mark = w->n;
    for (int k = 0; k < units->constants.n; k++)
        if (units->constants.at[k]->used) put_constant(w, units->constants.at[k]);
}

void put_epilogue(Writer *w) {
    if (!w->plan->options.exact) return;
    insert(w, "\n");
    insert(w, embedded_text(w->plan, "exact_end"));
}
