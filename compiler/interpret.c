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

/* ---- values at one point */

static bool find_point(const Point *p, const Tensor *t, const Sub *sub, int *at) {
    bool inside = true;
    for (int d = 0; d < t->rank; d++) {
        if (sub[d].gather) {
            const double v = expr_value(p, sub[d].gather);
            at[d] = !(v > 0) ? 0 : v >= t->dim[d] ? t->dim[d] - 1 : (int)v; /* as generated code does: never outside */
        } else {
            at[d] = affine_value(sub[d].a, p->at);
        }
        inside = inside && at[d] >= 0 && at[d] < t->dim[d];
    }
    return inside;
}

double *point_element(const Point *p, const Tensor *t, const Sub *sub) {
    int at[RANK_MAX];
    return find_point(p, t, sub, at) ? p->element(p->context, t, at) : NULL;
}

static double read_value(const Point *p, const Expr *e) {
    const double *element = point_element(p, e->read.tensor, e->read.sub);
    if (element) return *element;
    if (!e->padded) bug("%s = ... reads %s outside of it", p->to->name, e->read.tensor->name);
    return e->pad;
}

long long element_row_major(const Tensor *t, const int *at) {
    long long number = 0;
    for (int d = 0; d < t->rank; d++) number = number * t->dim[d] + at[d];
    return number;
}

static double random_value(const Point *p, const Expr *e) {
    int at[RANK_MAX];
    if (!find_point(p, p->to, p->to_sub, at)) bug("%s is written outside of it", p->to->name);
    return random_double(random_key(p->memory->seed, (uint64_t)e->num, p->memory->step),
                         (uint64_t)element_row_major(p->to, at));
}

double expr_value(const Point *p, const Expr *e) {
    switch (e->op) {
    case OP_NUM: return e->num;
    case OP_VAL: return affine_value(e->affine, p->at);
    case OP_READ: return read_value(p, e);
    case OP_RANDOM: return random_value(p, e);
    case OP_SELECT: return expr_value(p, e->arg[expr_value(p, e->arg[0]) != 0 ? 1 : 2]); /* the other branch isn't computed */
    default: break;
    }
    double arg[3] = {0, 0, 0};
    for (int k = 0; k < e->nargs; k++) arg[k] = expr_value(p, e->arg[k]);
    return op_info[e->op].value(arg[0], arg[1], arg[2]);
}

/* ---- one statement */

typedef struct Run {
    Point point;
    const Stmt *stmt;
    Affine number; /* of the point in the reduced box, for an argmax */
} Run;

static double *stored(void *context, const Tensor *t, const int *at) {
    return memory_of(context, t) + element_row_major(t, at);
}

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
    int *at = r->point.at;
    if (box_first(s->ix, reduced_indices(s), at)) {
        do {
            if (position) sum.number = affine_value(r->number, at);
            if (guards_hold(s, at)) reduce_one(&sum, s->reduce, expr_value(&r->point, s->e));
        } while (box_next(s->ix, reduced_indices(s), at));
    }
    *any = sum.any;
    return position ? sum.first : sum.best;
}

static void run_box(Run *r) {
    const Stmt *s = r->stmt;
    if (!box_first(s->ix, lhs_indices(s), r->point.at)) return;
    do {
        bool any;
        double v = reduce_all(r, &any);
        if (r->point.memory->rounded && !s->to->integer) v = r->point.memory->rounded(v);
        if (s->add && !any) continue;
        double *to = point_element(&r->point, s->to, s->lhs);
        if (!to) bug("%s is written outside of it", s->to->name);
        *to = s->add ? *to + v : v;
    } while (box_next(s->ix, lhs_indices(s), r->point.at));
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
    Run run = {.point = {m, stored, m, s.to, s.lhs, {0}}, .stmt = &s, .number = reduced_number(stmt)};
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
