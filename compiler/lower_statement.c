/* lower_statement: statements over the space of the equation being lowered: the equation's own, and those split off it. */
#include "lower_internal.h"
#include <string.h>

/* Puts the indices at positions from.. of the statement; gives the next position. */
static int take_indices(const Lower *l, Stmt *s, unsigned indices, int from, Affine *map) {
    for (int k = 0; k < l->space->n; k++) {
        if (!(indices >> k & 1)) continue;
        s->ix[from] = l->space->ix[k];
        map[k] = affine_index(from++);
    }
    return from;
}

static unsigned batch_indices(const Space *space) {
    unsigned indices = 0;
    for (int k = 0; k < space->n; k++)
        if (space->ix[k].batch) indices |= 1U << k;
    return indices;
}

/* Those of the left side come first. The batch is the outermost of the reduced ones, wherever it is written. */
static Stmt *statement(Lower *l, Tensor *to, const Sub *lhs, Reduce reduce, unsigned reduced, const Expr *e) {
    const unsigned batch = batch_indices(l->space) & reduced;
    unsigned used = e->indices;
    Affine map[INDEX_MAX];
    Sub *sub = arena_many(l->arena, to->rank, Sub);
    Stmt *s = program_add_stmt(l->p, to, sub);
    for (int k = 0; k < l->space->n; k++) map[k] = affine_const(0);
    for (int d = 0; d < to->rank; d++) used |= sub_indices(&lhs[d]);
    s->nout = take_indices(l, s, used & ~reduced, 0, map);
    s->nred = take_indices(l, s, reduced & ~batch, take_indices(l, s, batch, s->nout, map), map) - s->nout;
    for (int d = 0; d < to->rank; d++) sub[d].a = affine_substitute(lhs[d].a, map);
    s->reduce = reduce;
    s->e = expr_substitute(l->p, e, map);
    s->origin = l->user;
    s->prelude = l->origin.source && l->origin.source->prelude;
    return s;
}

Stmt *lower_set(Lower *l, Tensor *to, const Sub *lhs, const Expr *e) {
    return statement(l, to, lhs, REDUCE_NONE, 0, e);
}

/* ---- statements of their own */

/* A value with a dimension for each of the indices, the batch's first; `lhs` are its elements. */
static Tensor *value_over(Lower *l, unsigned indices, const char *name, const Sub **lhs) {
    const Space *space = l->space;
    const bool sampled = space->batch >= 0 && indices >> space->batch & 1;
    Sub sub[INDEX_MAX];
    int n = 0, dim[INDEX_MAX];
    for (int k = 0; k < space->n; k++) {
        if (!(indices >> k & 1) || k == space->batch) continue;
        dim[n] = space->ix[k].hi;
        sub[n++] = (Sub){affine_index(k), NULL};
    }
    if (n >= RANK_MAX) return lower_error(l, l->origin, "this needs a value of more than %d dimensions", RANK_MAX - 1), NULL;
    *lhs = space_subs(l, sampled, sub, n);
    return lower_value(l, name, NULL, sampled, n, dim, l->origin);
}

static const Expr *reduced_over(Lower *l, unsigned indices, const Expr *e, Reduce reduce, unsigned reduced,
                                const char *suffix) {
    const Sub *lhs = NULL;
    Tensor *t = value_over(l, indices, arena_printf(l->arena, "%s%s%s", l->hint, *suffix ? "_" : "", suffix), &lhs);
    if (!t) return NULL;
    statement(l, t, lhs, reduce, reduced, e);
    return expr_read(l->p, t, lhs);
}

const Expr *lower_reduced(Lower *l, const Expr *e, Reduce reduce, unsigned reduced, const char *suffix) {
    return reduced_over(l, e->indices & ~reduced, e, reduce, reduced, suffix);
}

const Expr *lower_own(Lower *l, const Expr *e, const char *suffix) {
    return lower_own_over(l, e->indices, e, suffix);
}

const Expr *lower_own_over(Lower *l, unsigned indices, const Expr *e, const char *suffix) {
    return reduced_over(l, indices, e, REDUCE_NONE, 0, suffix);
}

const Expr *lower_random(Lower *l) {
    const unsigned open = ((1U << l->space->n) - 1) & ~l->space->closed;
    const Sub *lhs = NULL;
    Tensor *t = value_over(l, open, arena_printf(l->arena, "%s_random", l->hint), &lhs);
    if (!t) return NULL;
    lower_set(l, t, lhs, expr_random(l->p, l->sites++));
    return expr_read(l->p, t, lhs);
}

/* ---- what is costly, once */

static const char *own_suffix(Op op) {
    if (op == OP_DIV) return "ratio";
    if (op == OP_POW) return "power";
    return op_info[op].name;
}

static bool reads_anything(const Expr *e) {
    if (e->op == OP_READ || e->op == OP_VAL || e->op == OP_RANDOM) return true;
    for (int k = 0; k < e->nargs; k++)
        if (reads_anything(e->arg[k])) return true;
    return false;
}

const Expr *lower_settle(Lower *l, const Expr *e) {
    if (!e || l->branch || op_info[e->op].kind != COSTLY || !reads_anything(e)) return e;
    const bool by_number = e->op == OP_DIV && e->arg[1]->op == OP_NUM;
    const bool small_power = e->op == OP_POW && (expr_is_num(e->arg[1], 2) || expr_is_num(e->arg[1], 3));
    return by_number || small_power ? e : lower_own(l, e, own_suffix(e->op));
}
