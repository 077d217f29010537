/* joint: sigmoids and softmaxes, told by how they are computed, and their logarithms in a form that neither overflows nor
 * rounds to log 0.
 *
 * log looks through the definition of what it reads, and through values that are copied elsewhere, as flatten does: the copies
 * are made of the logarithms instead. */
#include "simplify_internal.h"
#include <math.h>

enum { DEPTH_MAX = 8, POSITIVE_DEPTH_MAX = 12 };

/* ---- what is what */

/* u, if e is exp(u) */
static const Expr *exp_of(const Simplify *s, const Expr *e, int depth) {
    if (e->op == OP_EXP) return e->arg[0];
    const Expr *r = depth < DEPTH_MAX ? resolve(s, e) : NULL;
    return r ? exp_of(s, r, depth + 1) : NULL;
}

/* u, if e is 1 / (1 + exp(-u)) as it is written */
static const Expr *written_sigmoid_of(const Simplify *s, const Expr *e) {
    if (e->op != OP_DIV || !expr_is_num(e->arg[0], 1) || e->arg[1]->op != OP_ADD) return NULL;
    const Expr *const *sum = e->arg[1]->arg;
    const Expr *w = expr_is_num(sum[0], 1) ? exp_of(s, sum[1], 0) : expr_is_num(sum[1], 1) ? exp_of(s, sum[0], 0) : NULL;
    return w ? expr_1(s->p, OP_NEG, w) : NULL;
}

/* u, if e is sigmoid(u) */
static const Expr *sigmoid_of(const Simplify *s, const Expr *e, int depth) {
    if (e->op == OP_SIGMOID) return e->arg[0];
    const Expr *r = depth < DEPTH_MAX ? resolve(s, e) : NULL;
    return r ? sigmoid_of(s, r, depth + 1) : written_sigmoid_of(s, e);
}

/* u, if e is 1 - sigmoid(u) */
static const Expr *one_minus_sigmoid_of(const Simplify *s, const Expr *e, int depth) {
    if (e->op == OP_SUB && expr_is_num(e->arg[0], 1)) return sigmoid_of(s, e->arg[1], depth);
    const Expr *r = depth < DEPTH_MAX ? resolve(s, e) : NULL;
    return r ? one_minus_sigmoid_of(s, r, depth + 1) : NULL;
}

/* The statements that copy other values into all of t, as in flat[4*i + j] = x[i, j]; NULL if it is made otherwise. */
static const Stmts *copies_into(const Simplify *s, const Tensor *t) {
    if (!tensor_is_computed(t) || t->slot >= s->tensors) return NULL;
    const Stmts *writers = &s->facts[t->slot].writers;
    for (int k = 0; k < writers->n; k++) {
        const Stmt *w = writers->at[k];
        if (w->add || w->nred || w->nguard || w->derivative || w->e->op != OP_READ || w->e->padded) return NULL;
    }
    return writers->n ? writers : NULL;
}

/* sigmoid(u), or copies of such */
static bool is_sigmoid(const Simplify *s, const Expr *e, int depth) {
    if (sigmoid_of(s, e, 0)) return true;
    const Stmts *copies = e->op == OP_READ && !e->padded && depth < DEPTH_MAX ? copies_into(s, e->read.tensor) : NULL;
    for (int k = 0; copies && k < copies->n; k++)
        if (!is_sigmoid(s, copies->at[k]->e, depth + 1)) return false;
    return copies != NULL;
}

/* Is e > 0 whatever it reads (before rounding)? */
static bool is_positive(const Simplify *s, const Expr *e, int depth);

/* All that the one statement of t writes is positive. A guard may leave an empty sum, which is 0. */
static bool is_positive_tensor(const Simplify *s, const Tensor *t, int depth) {
    if (!tensor_is_computed(t) || t->slot >= s->tensors || s->facts[t->slot].writers.n != 1) return false;
    const Stmt *d = s->facts[t->slot].writers.at[0];
    const bool of_values = d->reduce == REDUCE_NONE || d->reduce == REDUCE_SUM;
    return of_values && !d->add && d->nguard == 0 && is_positive(s, d->e, depth);
}

static bool is_positive(const Simplify *s, const Expr *e, int depth) {
    if (depth == POSITIVE_DEPTH_MAX) return false;
    switch (e->op) {
    case OP_NUM: return e->num > 0 && isfinite(e->num);
    case OP_EXP:
    case OP_SIGMOID: return true;
    case OP_STOP: return is_positive(s, e->arg[0], depth + 1);
    case OP_ADD:
    case OP_MUL:
    case OP_DIV: return is_positive(s, e->arg[0], depth + 1) && is_positive(s, e->arg[1], depth + 1);
    case OP_READ: return (!e->padded || e->pad > 0) && is_positive_tensor(s, e->read.tensor, depth + 1);
    default: return one_minus_sigmoid_of(s, e, 0) != NULL;
    }
}

/* ---- logarithms */

static const Expr *minus_softplus(Program *p, const Expr *u) {
    return expr_1(p, OP_NEG, expr_1(p, OP_SOFTPLUS, u));
}

/* Another value of the shape of x, for its logarithms. */
static Tensor *log_tensor(Simplify *s, const Tensor *x) {
    Tensor *t =
        tensor_new(s->p->arena, arena_printf(s->p->arena, "log_%s", x->name), x->label, ROLE_VALUE, x->rank, x->dim, x->origin);
    t->per_sample = x->per_sample;
    t->slot = s->p->tensors.n;
    program_add_tensor(s->p, t);
    return t;
}

/* log(x) as a statement of its own over all of x, read where e reads x. */
static const Expr *log_statement(Simplify *s, const Expr *e) {
    if (e->op != OP_READ || e->padded) return expr_1(s->p, OP_LOG, e);
    Tensor *t = log_tensor(s, e->read.tensor);
    Stmt *l = program_add_stmt(s->p, t, subs_identity(s->p->arena, t->rank));
    stmt_full_box(l);
    l->e = expr_1(s->p, OP_LOG, expr_read(s->p, e->read.tensor, l->lhs));
    l->origin = s->stmt->origin;
    return expr_read(s->p, t, e->read.sub);
}

static const Expr *log_of(Simplify *s, const Expr *x, int depth);

/* log(a / b) = log a - log b for positive a and b, where one of the two becomes simpler. Of two negative ones the quotient has
 * a logarithm, but they have none. */
static const Expr *log_of_quotient(Simplify *s, const Expr *a, const Expr *b, int depth) {
    if (!is_positive(s, a, 0) || !is_positive(s, b, 0)) return NULL;
    const Expr *la = log_of(s, a, depth), *lb = log_of(s, b, depth);
    if (!la && !lb) return NULL;
    if (!la) la = log_statement(s, a);
    return expr_2(s->p, OP_SUB, la, lb ? lb : log_statement(s, b));
}

/* log t[..] or log(1 - t[..]) of copies: the same copies of logarithms. */
static const Expr *log_of_copies(Simplify *s, const Expr *x, int depth) {
    const bool minus = x->op == OP_SUB && expr_is_num(x->arg[0], 1);
    const Expr *read = minus ? x->arg[1] : x;
    const Stmts *copies = read->op == OP_READ && !read->padded ? copies_into(s, read->read.tensor) : NULL;
    LIST(const Expr *) logs = {0};
    for (int k = 0; copies && k < copies->n; k++) {
        const Expr *e = copies->at[k]->e;
        const Expr *l = log_of(s, minus ? expr_2(s->p, OP_SUB, x->arg[0], e) : e, depth + 1);
        if (!l) return NULL;
        list_push(s->scratch, &logs, l);
    }
    if (!copies) return NULL;
    Tensor *t = log_tensor(s, read->read.tensor);
    for (int k = 0; k < copies->n; k++) {
        Stmt *copy = program_add_stmt(s->p, t, copies->at[k]->lhs);
        const int number = copy->number;
        *copy = *copies->at[k];
        copy->to = t;
        copy->number = number;
        copy->e = logs.at[k];
    }
    return expr_read(s->p, t, read->read.sub);
}

/* log x in a form that neither overflows nor rounds to log 0, or NULL where there is none. */
static const Expr *log_of(Simplify *s, const Expr *x, int depth) {
    if (x->op == OP_EXP) return x->arg[0];                                                 /* log(exp u) = u */
    if (x->op == OP_SIGMOID) return minus_softplus(s->p, expr_1(s->p, OP_NEG, x->arg[0])); /* log(sigmoid u) = -softplus(-u) */
    if (x->op == OP_DIV) return log_of_quotient(s, x->arg[0], x->arg[1], depth);
    const Expr *u = one_minus_sigmoid_of(s, x, depth);
    if (u) return minus_softplus(s->p, u); /* log(1 - sigmoid u) = -softplus(u) */
    const Expr *r = depth < DEPTH_MAX ? resolve(s, x) : NULL;
    if (r) return log_of(s, r, depth + 1);
    return depth < DEPTH_MAX ? log_of_copies(s, x, depth) : NULL;
}

/* ---- the rewrites */

/* 1 / (1 + exp(-u)) = sigmoid(u), whose derivative does not overflow with the exponential. */
const Expr *joint_sigmoid(Program *p, const Expr *e, void *context) {
    const Expr *u = written_sigmoid_of(context, e);
    return u ? expr_1(p, OP_SIGMOID, u) : e;
}

static bool is_log_of_sigmoid(const Simplify *s, const Expr *e) {
    if (e->op == OP_LOG1P) return e->arg[0]->op == OP_NEG && is_sigmoid(s, e->arg[0]->arg[0], 0);
    if (e->op == OP_LOG) {
        const Expr *x = e->arg[0];
        const bool minus = x->op == OP_SUB && expr_is_num(x->arg[0], 1);
        return is_sigmoid(s, minus ? x->arg[1] : x, 0) || one_minus_sigmoid_of(s, x, 0);
    }
    const Expr *r = resolve(s, e);
    return r && (r->op == OP_LOG || r->op == OP_LOG1P) && is_log_of_sigmoid(s, r);
}

/* max(-100, log(sigmoid u)) = log(sigmoid u): the bound of the prelude's binary_cross_entropy is there because sigmoid may
 * round to 0, which the joint form has no need of. What a user bounds is meant, and so is any other bound: it stays, around the
 * joint form. Done before any log becomes joint, so that a bound on another value stays. */
const Expr *joint_bound(Program *p, const Expr *e, void *context) {
    enum { BOUND = -100 };
    const Simplify *s = context;
    (void)p;
    if (e->op != OP_MAX || !s->stmt->prelude) return e;
    for (int k = 0; k < 2; k++) {
        const Expr *bound = e->arg[k], *value = e->arg[1 - k];
        if (expr_is_num(bound, BOUND) && is_log_of_sigmoid(s, value)) return value;
    }
    return e;
}

/* log(1 - sigmoid u) is written log1p(-sigmoid u), too. */
const Expr *joint_log(Program *p, const Expr *e, void *context) {
    Simplify *s = context;
    const Expr *l = NULL;
    if (e->op == OP_LOG) l = log_of(s, e->arg[0], 0);
    if (e->op == OP_LOG1P && e->arg[0]->op == OP_NEG) l = log_of(s, expr_2(p, OP_SUB, expr_num(p, 1), e->arg[0]->arg[0]), 0);
    return l ? l : e;
}

/* ---- what a value is */

/* Is d[..] the sum of a[.., i] over all of index `i`, for an a that is exp(u)? */
static bool is_sum_of(const Simplify *s, const Expr *d, const Expr *u, int i, int extent) {
    for (const Expr *r = d; r; r = resolve(s, r)) d = r;
    if (d->op != OP_READ || d->padded || d->read.tensor->slot >= s->tensors) return false;
    const Stmts *writers = &s->facts[d->read.tensor->slot].writers;
    if (writers->n != 1) return false;
    const Stmt *w = writers->at[0];
    if (w->add || w->reduce != REDUCE_SUM || w->nred != 1 || w->nguard || !lhs_is_plain(w)) return false;
    if (w->ix[w->nout].lo != 0 || w->ix[w->nout].hi != extent || has_gather(d->read.sub, w->to->rank)) return false;
    Affine map[INDEX_MAX];
    map[w->nout] = affine_index(i);
    for (int k = 0; k < w->to->rank; k++) map[w->lhs[k].a.t[0].index] = d->read.sub[k].a;
    return exp_of(s, expr_substitute(s->p, w->e, map), 0) == u;
}

/* y[.., i] = exp(u[.., i]) / sum[j](exp(u[.., j])) over the last dimension */
static bool is_softmax(const Simplify *s, const Expr *y, int i, int extent) {
    for (const Expr *r = y; r && y->op != OP_DIV; r = resolve(s, y)) y = r;
    const Expr *u = y->op == OP_DIV ? exp_of(s, y->arg[0], 0) : NULL;
    return u && !expr_uses_index(y->arg[1], i) && is_sum_of(s, y->arg[1], u, i, extent);
}

Nature program_nature(Program *p, Tensor *y) {
    Simplify s = {.p = p, .scratch = arena_new(), .values = true};
    facts_collect(&s);
    const Expr *e = expr_read(p, y, subs_identity(p->arena, y->rank));
    const int i = y->rank - 1;
    const Nature nature = sigmoid_of(&s, e, 0)                         ? NATURE_SIGMOID
                          : y->rank && is_softmax(&s, e, i, y->dim[i]) ? NATURE_SOFTMAX
                                                                       : NATURE_OTHER;
    arena_free(s.scratch);
    return nature;
}
