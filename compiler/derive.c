/* derive: the derivative of a scalar expression with respect to one of its reads.
 *
 * Forward over the distinct nodes: d e = sum over k of (d e / d arg k) * d arg k. A missing derivative is NULL, and is never
 * multiplied: 0 * inf would be nan. For the same reason a factor goes into the branches of a choice, never outside of it. */
#include "derive.h"
#include <stdlib.h>

/* ---- partial derivatives: the rows of derive.def */

#define NUM(v) expr_num(p, (v))
#define ADD(x, z) expr_2(p, OP_ADD, (x), (z))
#define SUB(x, z) expr_2(p, OP_SUB, (x), (z))
#define MUL(x, z) expr_2(p, OP_MUL, (x), (z))
#define DIV(x, z) expr_2(p, OP_DIV, (x), (z))
#define POW(x, z) expr_2(p, OP_POW, (x), (z))
#define EQ(x, z) expr_2(p, OP_EQ, (x), (z))
#define NEG(x) expr_1(p, OP_NEG, (x))
#define FUN(f, x) expr_1(p, OP_##f, (x))
#define IF(c, x, z) expr_3(p, OP_SELECT, (c), (x), (z))

#define DERIVE(id, k, partial)                                                                                                 \
    static const Expr *partial_##id##_##k(Program *p, const Expr *a, const Expr *b, const Expr *y) {                           \
        (void)p, (void)a, (void)b, (void)y;                                                                                    \
        return partial;                                                                                                        \
    }
#include "derive.def"
#undef DERIVE

typedef const Expr *Partial(Program *p, const Expr *a, const Expr *b, const Expr *y);
#define DERIVE(id, k, partial) [OP_##id][k] = partial_##id##_##k,
static Partial *const partials[OP_COUNT][2] = {
#include "derive.def"
};
#undef DERIVE

/* ---- products and sums in which a missing derivative is a true zero */

static bool has_choice(const Expr *e) {
    if (e->op == OP_SELECT) return true;
    return (e->op == OP_ADD || e->op == OP_SUB) && (has_choice(e->arg[0]) || has_choice(e->arg[1]));
}

/* 1 / b,  0.5 / b / c */
static bool divides_number(const Expr *e) {
    return e->arg[0]->op == OP_NUM || (e->arg[0]->op == OP_DIV && divides_number(e->arg[0]));
}

/* x * d, with x inside of the branches of d, and x / b for x * (1 / b) */
const Expr *derive_product(Program *p, const Expr *x, const Expr *d) {
    if (expr_is_num(d, 0) || expr_is_num(x, 0)) return NUM(0);
    if (d->op == OP_SELECT) return IF(d->arg[0], derive_product(p, x, d->arg[1]), derive_product(p, x, d->arg[2]));
    if (x->op == OP_SELECT) return IF(x->arg[0], derive_product(p, x->arg[1], d), derive_product(p, x->arg[2], d));
    if ((d->op == OP_ADD || d->op == OP_SUB) && has_choice(d))
        return expr_2(p, d->op, derive_product(p, x, d->arg[0]), derive_product(p, x, d->arg[1]));
    if (d->op == OP_DIV && divides_number(d)) return DIV(derive_product(p, x, d->arg[0]), d->arg[1]);
    if (x->op == OP_DIV && divides_number(x)) return DIV(derive_product(p, x->arg[0], d), x->arg[1]);
    return MUL(x, d);
}

static const Expr *or_zero(Program *p, const Expr *d) {
    return d ? d : NUM(0);
}

/* if c then x else z: the chosen branch's derivative */
static const Expr *choice(Program *p, const Expr *c, const Expr *dx, const Expr *dz) {
    if (!dx && !dz) return NULL;
    const Expr *d = IF(c, or_zero(p, dx), or_zero(p, dz));
    return expr_is_num(d, 0) ? NULL : d;
}

static const Expr *chain(Program *p, const Expr *e, const Expr *const *d) {
    const Expr *sum = NULL;
    if (e->op == OP_MUL && e->arg[0] == e->arg[1]) /* d(a a)/da = 2 a */
        return d[0] ? derive_product(p, MUL(NUM(2), e->arg[0]), d[0]) : NULL;
    for (int k = 0; k < e->nargs && k < 2; k++) {
        if (!d[k] || !partials[e->op][k]) continue;
        const Expr *term = derive_product(p, partials[e->op][k](p, e->arg[0], e->arg[e->nargs - 1], e), d[k]);
        if (expr_is_num(term, 0)) continue;
        sum = sum ? ADD(sum, term) : term;
    }
    return sum;
}

/* kept: e is the statement's value, so that asking for it costs nothing. */
static const Expr *derivative_of(Program *p, const Expr *e, const Expr *const *d, bool kept) {
    const Expr *a = e->arg[0], *b = e->arg[1];
    switch (e->op) {
    case OP_SELECT: return choice(p, a, d[1], d[2]);
    case OP_MAX: /* if a < b then db else da: of equals the first; 0 < max(0, b) where 0 < b, which then need not be kept */
        return choice(p, expr_2(p, OP_LT, a, kept && a->op == OP_NUM ? e : b), d[1], d[0]);
    case OP_MIN: return choice(p, expr_2(p, OP_LT, b, a), d[1], d[0]);
    default: return chain(p, e, d);
    }
}

/* ---- over all nodes of an expression */

static void collect(const Expr *e, void *context) {
    Derive *d = context;
    list_push(d->scratch, &d->nodes, e);
}

static int by_id(const void *a, const void *b) {
    const Expr *x = *(const Expr *const *)a, *y = *(const Expr *const *)b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int place_of(const Derive *d, const Expr *e) {
    int lo = 0, hi = d->nodes.n - 1;
    while (lo < hi) {
        const int middle = (lo + hi) / 2;
        if (d->nodes.at[middle]->id < e->id)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

Derive derive_start(Program *p, Arena *scratch, const Expr *e, bool kept) {
    Derive d = {.p = p, .scratch = scratch, .kept = kept};
    expr_nodes(e, collect, &d);
    qsort(d.nodes.at, (size_t)d.nodes.n, sizeof *d.nodes.at, by_id);
    d.d = arena_many(scratch, d.nodes.n, const Expr *);
    d.reached = arena_many(scratch, d.nodes.n, bool);
    d.users = arena_many(scratch, d.nodes.n, Places);
    for (int k = 0; k < d.nodes.n; k++)
        for (int j = 0; j < d.nodes.at[k]->nargs; j++) list_push(scratch, &d.users[place_of(&d, d.nodes.at[k]->arg[j])], k);
    return d;
}

static void reach(Derive *d, int place) {
    if (d->reached[place]) return;
    d->reached[place] = true;
    list_push(d->scratch, &d->path, place);
}

static int by_place(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

/* From the read up to the root. */
static void find_path(Derive *d, int from) {
    for (int k = 0; k < d->path.n; k++) {
        d->reached[d->path.at[k]] = false;
        d->d[d->path.at[k]] = NULL;
    }
    d->path.n = 0;
    reach(d, from);
    for (int k = 0; k < d->path.n; k++) {
        const Places *users = &d->users[d->path.at[k]];
        for (int j = 0; j < users->n; j++) reach(d, users->at[j]);
    }
    qsort(d->path.at, (size_t)d->path.n, sizeof *d->path.at, by_place);
}

const Expr *derive_by(Derive *d, const Expr *read) {
    find_path(d, place_of(d, read));
    d->d[d->path.at[0]] = expr_num(d->p, 1);
    for (int k = 1; k < d->path.n; k++) {
        const Expr *e = d->nodes.at[d->path.at[k]], *arg[3] = {NULL, NULL, NULL};
        for (int j = 0; j < e->nargs; j++) arg[j] = d->d[place_of(d, e->arg[j])];
        d->d[d->path.at[k]] = derivative_of(d->p, e, arg, d->kept && d->path.at[k] == d->nodes.n - 1);
    }
    return d->d[d->nodes.n - 1];
}
