/* verify: checks the invariants of ir.h after every stage; a violation is this compiler's bug, named with stage and statement.
 *
 * That reads are in range is shown by interval arithmetic where that suffices, else point by point as long as the points are
 * few enough. Only what is shown to be wrong is a bug: a fact that nothing here decides is let through. */
#include "ir.h"
#include <limits.h>
#include <math.h>
#include <string.h>

enum { POINTS_MAX = 4000000, FOLDS_MAX = 2000 };

typedef struct Check {
    const Program *p;
    const char *stage;
    const Stmt *s;
} Check;

static void failed(const Check *c, const char *what) __attribute__((noreturn));
static void failed(const Check *c, const char *what) {
    fprintf(stderr, "%s: ", c->p->name);
    if (c->s) stmt_print(c->s, stderr);
    bug("after %s: %s", c->stage, what);
}

/* ---- indices */

static void check_indices(const Check *c) {
    const Stmt *s = c->s;
    const int n = s->nout + s->nred;
    if (s->nout < 0 || s->nred < 0 || n > INDEX_MAX || s->nguard > GUARD_MAX) failed(c, "too many indices or guards");
    if ((s->reduce == REDUCE_NONE) != (s->nred == 0)) failed(c, "reduced indices without a reduction, or the reverse");
    if (s->add && s->reduce > REDUCE_SUM) failed(c, "+= of a maximum");
    unsigned lhs = 0, used = s->e->indices;
    for (int d = 0; d < s->to->rank; d++) lhs |= sub_indices(&s->lhs[d]);
    for (int g = 0; g < s->nguard; g++)
        for (int k = 0; k < s->guard[g].a.n; k++) used |= 1U << s->guard[g].a.t[k].index;
    if (lhs != lhs_indices(s)) failed(c, "left-hand indices and left-hand subscripts don't agree");
    if (used >> n) failed(c, "an index that the statement doesn't have");
    for (int k = 0; k < n; k++)
        if (s->ix[k].lo >= s->ix[k].hi) failed(c, "an empty range");
}

/* ---- ranges */

/* a = sum of k*g over some guards g + rest:  a is at least rest's least value and what the guards add to it, and so at most.
 * The search takes or leaves one guard after another, each with a k that removes an index from the rest. */
typedef struct Fold {
    const Stmt *s;
    double min, max; /* the best bounds found */
    int dim, tries;
} Fold;

typedef struct Rest {
    long long coef[INDEX_MAX]; /* of the indices */
    double min, max;           /* what is beside them: the constant and the guards taken */
} Rest;

static bool fold_done(const Fold *f) {
    return (f->min >= 0 && f->max < f->dim) || f->tries >= FOLDS_MAX;
}

static void bound_by(Fold *f, const Rest *rest) {
    const double exact = 0x1p52; /* doubles beyond it are not */
    double min = rest->min, max = rest->max;
    f->tries++;
    for (int i = 0; i < f->s->nout + f->s->nred; i++) {
        const double first = (double)rest->coef[i] * f->s->ix[i].lo, last = (double)rest->coef[i] * (f->s->ix[i].hi - 1.0);
        if (fabs(first) > exact || fabs(last) > exact) return;
        min += fmin(first, last);
        max += fmax(first, last);
    }
    if (fabs(min) > exact || fabs(max) > exact) return;
    f->min = fmax(f->min, min);
    f->max = fmin(f->max, max);
}

/* rest - k*g, with g's range times k beside it; false when it grows too large. */
static bool take_guard(const Guard *g, long long k, Rest *rest) {
    for (int t = 0; t < g->a.n; t++) {
        long long *coef = &rest->coef[g->a.t[t].index];
        *coef -= k * g->a.t[t].coef;
        if (*coef > INT_MAX || *coef < -INT_MAX) return false;
    }
    const double first = (double)k * ((double)g->lo - g->a.c), last = (double)k * (g->hi - 1.0 - g->a.c);
    rest->min += fmin(first, last);
    rest->max += fmax(first, last);
    return true;
}

static void fold_guards(Fold *f, const Rest *rest, int g) {
    bound_by(f, rest);
    for (; g < f->s->nguard; g++) {
        const Guard *guard = &f->s->guard[g];
        for (int t = 0; t < guard->a.n && guard->a.den == 1; t++) {
            const long long mine = rest->coef[guard->a.t[t].index];
            if (fold_done(f)) return;
            if (mine == 0 || mine % guard->a.t[t].coef) continue;
            Rest next = *rest;
            if (take_guard(guard, mine / guard->a.t[t].coef, &next)) fold_guards(f, &next, g + 1);
        }
    }
}

static bool within_by_guards(const Stmt *s, Affine a, int dim) {
    Fold f = {s, -INFINITY, INFINITY, dim, 0};
    Rest rest = {{0}, a.c, a.c};
    for (int k = 0; k < a.n; k++) rest.coef[a.t[k].index] = a.t[k].coef;
    fold_guards(&f, &rest, 0);
    return f.min >= 0 && f.max < dim;
}

/* Looks for a point outside, among the first POINTS_MAX. */
static bool leaves_somewhere(const Stmt *s, Affine a, int dim) {
    const unsigned all = lhs_indices(s) | reduced_indices(s);
    int at[INDEX_MAX];
    if (!box_first(s->ix, all, at)) return false;
    for (int points = 0; points < POINTS_MAX; points++) {
        const int v = affine_value(a, at);
        if ((v < 0 || v >= dim) && guards_hold(s, at)) return true;
        if (!box_next(s->ix, all, at)) return false;
    }
    return false;
}

/* Without guards the ends of an affine map's range are reached. */
static void check_range(const Check *c, const Sub *sub, int dim, bool guarded, const char *what) {
    if (sub->gather) return;
    if (sub->a.den != 1) failed(c, "a division is left in a subscript");
    if (affine_within(sub->a, c->s->ix, 0, dim)) return;
    if (!guarded || c->s->nguard == 0) failed(c, what);
    if (!within_by_guards(c->s, sub->a, dim) && leaves_somewhere(c->s, sub->a, dim)) failed(c, what);
}

/* ---- reads and other nodes */

static void check_batch(const Check *c, const Tensor *t, const Sub *sub) {
    int index;
    if (!t->per_sample) return;
    if (sub->gather || !affine_is_index(sub->a, &index) || !c->s->ix[index].batch)
        failed(c, "a batch subscript that is no batch index");
}

static void check_read(const Check *c, const Expr *e) {
    Tensor *t = e->read.tensor;
    if (!program_has_tensor(c->p, t)) failed(c, arena_printf(c->p->arena, "%s is not in the program", t->name));
    check_batch(c, t, e->read.sub);
    for (int d = 0; d < t->rank; d++) {
        const Expr *gather = e->read.sub[d].gather;
        if (gather && (gather->op != OP_READ || !gather->read.tensor->integer)) failed(c, "a gather that is no index");
        if (!e->padded)
            check_range(c, &e->read.sub[d], t->dim[d], true, arena_printf(c->p->arena, "%s is read outside", t->name));
    }
}

static void check_node(const Expr *e, void *context) {
    const Check *c = context;
    if (e->op == OP_READ) check_read(c, e);
    if (e->op == OP_VAL && e->affine.den != 1) failed(c, "a division is left in a value");
    if (e->op == OP_RANDOM && (e != c->s->e || c->s->add || c->s->reduce)) failed(c, "random() is not the statement's root");
}

static void check_stmt(Check *c) {
    const Stmt *s = c->s;
    if (!program_has_tensor(c->p, s->to)) failed(c, "its tensor is not in the program");
    if (!tensor_is_computed(s->to)) failed(c, "it writes a tensor that is given");
    check_indices(c);
    if (stmt_is_injective(s) == WRONG) failed(c, "two points write one element");
    check_batch(c, s->to, s->lhs);
    for (int d = 0; d < s->to->rank; d++) check_range(c, &s->lhs[d], s->to->dim[d], s->add, "it writes outside");
    for (int g = 0; g < s->nguard; g++)
        if (s->guard[g].a.den != 1) failed(c, "a division is left in a guard");
    expr_nodes(s->e, check_node, c);
    if (s->derivative) expr_nodes(s->derivative, check_node, c);
    if (s->derivative && (!s->derivative_of || s->derivative_of->op != OP_READ)) failed(c, "a derivative by nothing");
}

/* ---- coverage */

typedef struct Writers {
    Stmts sets, adds;
    bool read;
} Writers;

static void check_coverage(Check *c, const Tensor *t, const Writers *w) {
    c->s = w->sets.n ? w->sets.at[0] : w->adds.n ? w->adds.at[0] : NULL;
    if (!c->s && !w->read) return;
    if (!c->s) failed(c, arena_printf(c->p->arena, "%s is read but never computed", t->name));
    if (stmts_cover(&w->sets, t) == WRONG)
        failed(c, arena_printf(c->p->arena, "not every element of %s is set exactly once", t->name));
    if (w->sets.n && w->adds.n && w->adds.at[0]->number < w->sets.at[w->sets.n - 1]->number)
        failed(c, arena_printf(c->p->arena, "%s is added to before it is set", t->name));
}

static void mark_read(const Expr *e, void *context) {
    Writers *all = context;
    if (tensor_is_computed(e->read.tensor)) all[e->read.tensor->number].read = true;
}

static void check_all_coverage(Check *c) {
    Arena *scratch = arena_new();
    Writers *all = arena_many(scratch, c->p->tensors.n, Writers); /* by tensor number */
    for (int k = 0; k < c->p->stmts.n; k++) {
        Stmt *s = c->p->stmts.at[k];
        Writers *w = &all[s->to->number];
        if (s->add)
            list_push(scratch, &w->adds, s);
        else
            list_push(scratch, &w->sets, s);
        stmt_reads(s, mark_read, all);
    }
    for (int k = 0; k < c->p->roots.n; k++)
        if (tensor_is_computed(c->p->roots.at[k])) all[c->p->roots.at[k]->number].read = true;
    for (int k = 0; k < c->p->tensors.n; k++)
        if (tensor_is_computed(c->p->tensors.at[k])) check_coverage(c, c->p->tensors.at[k], &all[k]);
    arena_free(scratch);
}

/* ---- the whole */

static void check_tensors(const Check *c) {
    for (int k = 0; k < c->p->tensors.n; k++) {
        const Tensor *t = c->p->tensors.at[k];
        if (!program_has_tensor(c->p, t)) failed(c, arena_printf(c->p->arena, "two tensors called %s", t->name));
        if (tensor_is_computed(t) && t->number != k) failed(c, arena_printf(c->p->arena, "%s has a wrong number", t->name));
        if ((t->role == ROLE_NEXT) != (t->next_of != NULL)) failed(c, "a next value of nothing");
        for (int d = 0; d < t->rank; d++)
            if (t->dim[d] < 1) failed(c, arena_printf(c->p->arena, "%s has an empty dimension", t->name));
    }
}

static void count_items(const Items *items, int *stmts) {
    for (int k = 0; k < items->n; k++) {
        if (items->at[k].scan)
            count_items(&items->at[k].scan->body, stmts);
        else
            ++*stmts;
    }
}

void program_verify(const Program *p, const char *stage) {
    Check c = {p, stage, NULL};
    check_tensors(&c);
    for (int k = 0; k < p->stmts.n; k++) {
        c.s = p->stmts.at[k];
        if (c.s->number != k) failed(&c, "a wrong number");
        check_stmt(&c);
    }
    c.s = NULL;
    check_all_coverage(&c);
    int ordered = 0;
    count_items(&p->order, &ordered);
    if (p->order.n && ordered != p->stmts.n) failed(&c, "the order does not hold every statement once");
}
