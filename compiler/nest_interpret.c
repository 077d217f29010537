/* nest_interpret: runs loops directly, in f64, through the homes of tensors: what a plan stores in one place is in one place
 * here, what it keeps for one sample is kept for one. What was never written is nan. */
#include "nest.h"
#include <math.h>
#include <string.h>

typedef struct Run {
    NestMemory *m;
    int samples;
    Point point;
} Run;

/* ---- elements */

/* Those of a home's own tensor; a number that belongs to one point of a nest is one. */
static bool is_one_number(const NestMemory *m, const Home *h) {
    return h->kind == HOME_LOCAL && !m->nest->plan->unrolled;
}

static size_t home_numbers(const NestMemory *m, const Home *h) {
    StoredDim dim[RANK_MAX + 1];
    size_t n = 1;
    const int dims = is_one_number(m, h) ? 0 : home_stored(h, dim);
    for (int k = 0; k < dims; k++) n *= (size_t)dim[k].dim;
    return n;
}

static size_t home_place(const NestMemory *m, const Home *h, const int *at) {
    StoredDim dim[RANK_MAX + 1];
    size_t number = 0;
    const int dims = is_one_number(m, h) ? 0 : home_stored(h, dim);
    for (int k = 0; k < dims; k++) {
        const int i = at[dim[k].d];
        number = number * (size_t)dim[k].dim + (size_t)(dim[k].part == PART_WHOLE   ? i
                                                        : dim[k].part == PART_PANEL ? i / h->panel
                                                                                    : i % h->panel);
    }
    return number;
}

static double *numbers_of(NestMemory *m, const void *key, size_t n) {
    double *at = table_value(&m->at, key);
    if (at) return at;
    at = arena_many(m->memory->arena, n, double);
    for (size_t k = 0; k < n; k++) at[k] = NAN;
    table_set(m->memory->arena, &m->at, key, at);
    return at;
}

static bool is_given(const Home *h) {
    return h->kind == HOME_INPUT || h->kind == HOME_TARGET || h->kind == HOME_NET || h->kind == HOME_NUMBERS ||
           h->kind == HOME_SCALAR;
}

static double *element(void *context, const Tensor *t, const int *at) {
    NestMemory *m = context;
    const Home *h = plan_home(m->nest->plan, t);
    if (is_given(h)) return memory_of(m->memory, h->tensor) + element_row_major(h->tensor, at);
    return numbers_of(m, h, home_numbers(m, h)) + home_place(m, h, at);
}

double nest_element(NestMemory *m, const Tensor *t, const int *at) {
    return *element(m, t, at);
}

/* ---- nodes */

static bool all_hold(const Run *r, const Guards *guards) {
    for (int k = 0; k < guards->n; k++) {
        const int v = affine_value(guards->at[k].a, r->point.at);
        if (v < guards->at[k].lo || v >= guards->at[k].hi) return false;
    }
    return true;
}

static double *target(Run *r, const Node *n) {
    r->point.to = n->target;
    r->point.to_sub = n->at;
    double *to = point_element(&r->point, n->target, n->at);
    if (!to) bug("%s is written outside of it", n->target->name);
    return to;
}

static void run_set(Run *r, const Node *n) {
    double *to = target(r, n);
    *to = all_hold(r, &n->guards) ? expr_value(&r->point, n->value) : 0;
}

/* Of equals the first stays; a nan comes through. */
static void run_reduce(Run *r, const Node *n) {
    double *to = target(r, n);
    const bool max = n->reduce == REDUCE_MAX || n->reduce == REDUCE_ARGMAX;
    const double v = expr_value(&r->point, n->value);
    if (n->reduce == REDUCE_SUM) {
        *to += v;
        return;
    }
    double *best = n->best ? point_element(&r->point, n->best, n->best_at) : to;
    if (!best) bug("%s is written outside of it", n->best->name);
    if (!((max ? v > *best : v < *best) || isnan(v)) || isnan(*best)) return;
    *best = v;
    if (n->best) *to = affine_value(n->number, r->point.at);
}

/* On the elements in declared order, wherever they are stored. */
static void run_call(Run *r, const Node *n) {
    const Tensor *t = n->target;
    const size_t size = (size_t)tensor_size(t), rows = (size_t)t->dim[0];
    double *all = arena_many(r->m->memory->arena, size, double);
    for (int write = 0; write < 2; write++) {
        for (size_t k = 0; k < size; k++) {
            int at[RANK_MAX];
            size_t rest = k;
            for (int d = t->rank - 1; d >= 0; rest /= (size_t)t->dim[d--]) at[d] = (int)(rest % (size_t)t->dim[d]);
            double *one = element(r->m, t, at);
            if (write)
                *one = all[k];
            else
                all[k] = *one;
        }
        if (!write) n->stmt->builtin->run(all, rows, size / rows, n->stmt->option);
    }
}

static void run_nodes(Run *r, const Nodes *nodes);

static int bound_value(const Run *r, const Bound *b) {
    return floor_div(affine_value(b->a, r->point.at), b->den);
}

static void run_loop(Run *r, const Node *n) {
    int from = bound_value(r, &n->from.at[0]), to = bound_value(r, &n->to.at[0]);
    for (int k = 1; k < n->from.n; k++) from = bound_value(r, &n->from.at[k]) > from ? bound_value(r, &n->from.at[k]) : from;
    for (int k = 1; k < n->to.n; k++) to = bound_value(r, &n->to.at[k]) < to ? bound_value(r, &n->to.at[k]) : to;
    const int samples = n->samples ? r->samples - affine_value(n->less, r->point.at) : to;
    if (to > samples) to = samples;
    if (n->after && to > from) from += (to - from) / n->after * n->after;
    if (n->whole) to -= n->by - 1;
    for (int k = from; k < to; k += n->by) {
        r->point.at[n->index] = n->down ? from + to - 1 - k : k;
        run_nodes(r, &n->body);
    }
}

static void run_node(Run *r, const Node *n) {
    switch (n->kind) {
    case NODE_NEST:
    case NODE_TILE: run_nodes(r, &n->body); return;
    case NODE_LOOP: run_loop(r, n); return;
    case NODE_TEST:
        if (all_hold(r, &n->guards)) run_nodes(r, &n->body);
        return;
    case NODE_SET: run_set(r, n); return;
    case NODE_REDUCE: run_reduce(r, n); return;
    case NODE_CALL: run_call(r, n); return;
    case NODE_FETCH: return;
    }
}

static void run_nodes(Run *r, const Nodes *nodes) {
    for (int k = 0; k < nodes->n; k++) run_node(r, nodes->at[k]);
}

void nest_interpret(NestMemory *m, int samples) {
    const Program *p = m->nest->program;
    for (int k = 0; k < p->tensors.n; k++)
        if (p->tensors.at[k]->role == ROLE_SCALAR && strcmp(p->tensors.at[k]->name, "n") == 0)
            *memory_of(m->memory, p->tensors.at[k]) = samples;
    Run r = {m, samples, {.memory = m->memory, .element = element, .context = m}};
    run_nodes(&r, &m->nest->nodes);
}
