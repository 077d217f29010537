/* plan_access: what statements read and write, and what follows for their order.
 *
 * Two statements must keep their order if one writes what the other reads or writes. They may share a loop nest if that
 * happens only at the same point of it. */
#include "plan.h"

static void add_access(Arena *arena, PlanStmt *s, const Tensor *t, const Sub *sub, bool write) {
    list_push(arena, &s->accesses, ((PlanAccess){t, sub, write, NULL}));
}

typedef struct Collect {
    Arena *arena;
    PlanStmt *s;
} Collect;

static void collect_read(const Expr *read, void *context) {
    Collect *c = context;
    add_access(c->arena, c->s, read->read.tensor, read->read.sub, false);
}

void plan_collect_accesses(Arena *arena, PlanStmt *s) {
    Collect c = {arena, s};
    add_access(arena, s, s->s->to, s->s->lhs, true);
    if (s->best) add_access(arena, s, s->best, s->s->lhs, true);
    expr_reads(s->s->e, collect_read, &c);
    for (int k = 0; k < s->s->to->rank; k++)
        if (s->s->lhs[k].gather) expr_reads(s->s->lhs[k].gather, collect_read, &c);
}

/* ---- the same point: the subscripts agree, loop by loop */

/* Does index i of a mean what index j of b means? */
static bool same_index(const PlanStmt *a, int i, const PlanStmt *b, int j) {
    if (a->role[i] != b->role[j]) return false;
    if (a->role[i] == AT_REDUCED) return false;
    return a->role[i] != AT_SCAN || a->scan[i] == b->scan[j];
}

static int coef_of(const PlanStmt *a, int i, const PlanStmt *b, const Affine *in_b) {
    for (int k = 0; k < in_b->n; k++)
        if (same_index(a, i, b, in_b->t[k].index)) return in_b->t[k].coef;
    return 0;
}

static bool same_affine(const PlanStmt *a, const Affine *x, const PlanStmt *b, const Affine *y) {
    if (x->n != y->n || x->c != y->c) return false;
    for (int k = 0; k < x->n; k++)
        if (coef_of(a, x->t[k].index, b, y) != x->t[k].coef) return false;
    return true;
}

bool plan_same_point(const PlanStmt *a, const Sub *x, const PlanStmt *b, const Sub *y, int rank) {
    for (int d = 0; d < rank; d++)
        if (x[d].gather || y[d].gather || !same_affine(a, &x[d].a, b, &y[d].a)) return false;
    return true;
}

bool plan_changes_nothing(const ProgramPlan *p, const PlanStmt *s) {
    const Expr *e = s->s->e;
    if (s->s->reduce != REDUCE_NONE || s->s->add || s->s->nguard || e->op != OP_READ || e->padded) return false;
    return plan_home(p, e->read.tensor) == plan_home(p, s->s->to) &&
           plan_same_point(s, s->s->lhs, s, e->read.sub, s->s->to->rank);
}

/* ---- dependence */

/* Along some dimension, do x of a and y of b go over different ranges? */
static bool are_apart(const PlanStmt *a, const PlanAccess *x, const PlanStmt *b, const PlanAccess *y) {
    int x_min, x_max, y_min, y_max;
    for (int d = 0; d < x->tensor->rank; d++) {
        if (x->sub[d].gather || y->sub[d].gather) continue;
        affine_range(x->sub[d].a, a->s->ix, &x_min, &x_max);
        affine_range(y->sub[d].a, b->s->ix, &y_min, &y_max);
        if (x_max < y_min || y_max < x_min) return true;
    }
    return false;
}

static bool conflict(const PlanStmt *a, const PlanAccess *x, const PlanStmt *b, const PlanAccess *y) {
    return (x->write || y->write) && x->home == y->home && !are_apart(a, x, b, y);
}

bool plan_depend(const PlanStmt *a, const PlanStmt *b) {
    for (int i = 0; i < a->accesses.n; i++)
        for (int j = 0; j < b->accesses.n; j++)
            if (conflict(a, &a->accesses.at[i], b, &b->accesses.at[j])) return true;
    return false;
}

bool plan_pointwise(const PlanStmt *a, const PlanStmt *b) {
    for (int i = 0; i < a->accesses.n; i++)
        for (int j = 0; j < b->accesses.n; j++) {
            const PlanAccess *x = &a->accesses.at[i], *y = &b->accesses.at[j];
            if (conflict(a, x, b, y) && !plan_same_point(a, x->sub, b, y->sub, x->tensor->rank)) return false;
        }
    return true;
}
