/* interpret: runs a program directly, in f64, one element after another. Slow and plain: it is the oracle that every later
 * stage is tested against, so it checks what others may assume. */
#include "ir.h"
#include <math.h>
#include <string.h>

/* NOLINTBEGIN(bugprone-suspicious-include): the very text that generated models contain */
#include "../runtime/model/random.c"
#include "../runtime/model/random_double.c"
/* NOLINTEND(bugprone-suspicious-include) */

/* ---- memory */

double *memory_of(Memory *m, const Tensor *t) {
    double *at = table_value(&m->at, t);
    if (at) return at;
    const size_t size = (size_t)tensor_size(t);
    at = arena_many(m->arena, size, double);
    if (t->values) memcpy(at, t->values, size * sizeof *t->values);
    table_set(m->arena, &m->at, t, at);
    return at;
}

/* ---- values at one point of a statement's box */

typedef struct Run {
    Memory *memory;
    const Stmt *stmt;
    int at[INDEX_MAX]; /* the point */
    Affine number;     /* of it in the reduced box, for an argmax */
} Run;

static double value(const Run *r, const Expr *e);

static int sub_value(const Run *r, const Sub *s, int dim) {
    if (!s->gather) return affine_value(s->a, r->at);
    const double v = value(r, s->gather);
    return !(v > 0) ? 0 : v >= dim ? dim - 1 : (int)v; /* as generated code does: never outside */
}

/* The element's row-major number, or -1 outside of the tensor. */
static long long element(const Run *r, const Tensor *t, const Sub *sub) {
    long long number = 0;
    for (int d = 0; d < t->rank; d++) {
        const int k = sub_value(r, &sub[d], t->dim[d]);
        if (k < 0 || k >= t->dim[d]) return -1;
        number = number * t->dim[d] + k;
    }
    return number;
}

static double read_value(const Run *r, const Expr *e) {
    const Tensor *t = e->read.tensor;
    const long long k = element(r, t, e->read.sub);
    if (k >= 0) return memory_of(r->memory, t)[k];
    if (!e->padded) bug("%s = ... reads %s outside of it", r->stmt->to->name, t->name);
    return e->pad;
}

static double random_value(const Run *r, const Expr *e) {
    const long long k = element(r, r->stmt->to, r->stmt->lhs);
    return random_double(random_key(r->memory->seed, (uint64_t)e->num, r->memory->step), (uint64_t)k);
}

static double value(const Run *r, const Expr *e) {
    switch (e->op) {
    case OP_NUM: return e->num;
    case OP_VAL: return affine_value(e->affine, r->at);
    case OP_READ: return read_value(r, e);
    case OP_RANDOM: return random_value(r, e);
    case OP_SELECT: return value(r, e->arg[value(r, e->arg[0]) != 0 ? 1 : 2]); /* the other branch isn't computed */
    default: break;
    }
    double arg[3] = {0, 0, 0};
    for (int k = 0; k < e->nargs; k++) arg[k] = value(r, e->arg[k]);
    return op_info[e->op].value(arg[0], arg[1], arg[2]);
}

/* ---- one statement */

typedef struct Reduced {
    double best; /* the sum, or the extreme value */
    int number, first;
    bool any;
} Reduced;

static void reduce_one(Reduced *to, Reduce how, double v) {
    const bool max = how == REDUCE_MAX || how == REDUCE_ARGMAX;
    const bool better = max ? v > to->best : v < to->best;
    if (how == REDUCE_SUM || how == REDUCE_NONE) {
        to->best += v;
    } else if (!to->any || ((better || isnan(v)) && !isnan(to->best))) { /* of equals the first; a nan comes through */
        to->best = v;
        to->first = to->number;
    }
    to->any = true;
}

static double reduce_all(Run *r, bool *any) {
    const Stmt *s = r->stmt;
    const bool position = s->reduce == REDUCE_ARGMAX || s->reduce == REDUCE_ARGMIN;
    Reduced sum = {.best = s->reduce == REDUCE_MAX ? -INFINITY : s->reduce == REDUCE_MIN ? INFINITY : 0};
    if (box_first(s->ix, reduced_indices(s), r->at)) {
        do {
            if (position) sum.number = affine_value(r->number, r->at);
            if (guards_hold(s, r->at)) reduce_one(&sum, s->reduce, value(r, s->e));
        } while (box_next(s->ix, reduced_indices(s), r->at));
    }
    *any = sum.any;
    return position ? sum.first : sum.best;
}

static void run_box(Run *r) {
    const Stmt *s = r->stmt;
    double *to = memory_of(r->memory, s->to);
    if (!box_first(s->ix, lhs_indices(s), r->at)) return;
    do {
        bool any;
        const double v = reduce_all(r, &any);
        if (s->add && !any) continue;
        const long long k = element(r, s->to, s->lhs);
        if (k < 0) bug("%s is written outside of it", s->to->name);
        to[k] = s->add ? to[k] + v : v;
    } while (box_next(s->ix, lhs_indices(s), r->at));
}

/* ---- the schedule */

typedef struct Step { /* the scans that run now, inner ones first */
    const Scan *scan;
    int at;
    const struct Step *outer;
} Step;

/* One statement with the indices of the scans around it fixed, on n samples. */
static void run_stmt(Memory *m, const Stmt *stmt, int n, const Step *steps) {
    Stmt s = *stmt;
    for (; steps; steps = steps->outer) {
        Index *i = &s.ix[scan_index(steps->scan, stmt)];
        if (steps->at < i->lo || steps->at >= i->hi) return;
        i->lo = steps->at;
        i->hi = steps->at + 1;
    }
    for (int k = 0; k < s.nout + s.nred; k++)
        if (s.ix[k].batch && s.ix[k].hi > n) s.ix[k].hi = n;
    Run run = {.memory = m, .stmt = &s, .number = reduced_number(stmt)};
    run_box(&run);
    if (!s.builtin) return;
    const size_t rows = (size_t)s.to->dim[0], size = (size_t)tensor_size(s.to);
    s.builtin->run(memory_of(m, s.to), rows, size / rows, s.option);
}

static void run_items(Memory *m, const Items *items, int n, const Step *steps) {
    for (int k = 0; k < items->n; k++) {
        const Scan *scan = items->at[k].scan;
        if (!scan) {
            run_stmt(m, items->at[k].stmt, n, steps);
            continue;
        }
        for (int t = scan->lo; t < scan->hi; t++)
            run_items(m, &scan->body, n, &(Step){scan, scan->down ? scan->lo + scan->hi - 1 - t : t, steps});
    }
}

void program_interpret(const Program *p, Memory *m, int n) {
    for (int k = 0; k < p->tensors.n; k++)
        if (p->tensors.at[k]->role == ROLE_SCALAR && strcmp(p->tensors.at[k]->name, "n") == 0)
            *memory_of(m, p->tensors.at[k]) = n;
    if (p->stmts.n && !p->order.n) bug("%s is interpreted before it is ordered", p->name);
    run_items(m, &p->order, n, NULL);
    for (int k = 0; k < p->tensors.n; k++) {
        const Tensor *t = p->tensors.at[k];
        if (t->next_of) memcpy(memory_of(m, t->next_of), memory_of(m, t), (size_t)tensor_size(t) * sizeof(double));
    }
}
