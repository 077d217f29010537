/* simplify: a simpler program of the same meaning, up to rounding.
 *
 * Rounds, until nothing changes: algebra on expressions (the rows of `rules`), losses in their joint form (log looks through
 * the definition of what it reads), copies and constants read at their source, equal statements merged, zero fills that are
 * overwritten dropped, and what no root needs dropped. */
#include "ir.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { ROUNDS_MAX = 16, DEPTH_MAX = 8, POSITIVE_DEPTH_MAX = 12 };

typedef struct Facts { /* of a tensor, by slot */
    Stmts writers;
    bool root, replaced; /* replaced: a persistent tensor whose next value this program computes */
    bool live;
    Tensor *merged; /* read this one instead */
} Facts;

typedef struct Simplify {
    Program *p;
    Arena *scratch; /* of one round */
    Facts *facts;
    int tensors; /* that have facts; later ones were made in this round */
    const Stmt *stmt;
    bool changed;
} Simplify;

/* ---- facts */

static void collect_facts(Simplify *s) {
    Program *p = s->p;
    s->tensors = p->tensors.n;
    s->facts = arena_many(s->scratch, p->tensors.n, Facts);
    for (int k = 0; k < p->tensors.n; k++) p->tensors.at[k]->slot = k;
    for (int k = 0; k < p->roots.n; k++) s->facts[p->roots.at[k]->slot].root = true;
    for (int k = 0; k < p->tensors.n; k++)
        if (p->tensors.at[k]->next_of && program_has_tensor(p, p->tensors.at[k]->next_of))
            s->facts[p->tensors.at[k]->next_of->slot].replaced = true;
    for (int k = 0; k < p->stmts.n; k++) list_push(s->scratch, &s->facts[p->stmts.at[k]->to->slot].writers, p->stmts.at[k]);
}

static bool lhs_is_plain(const Stmt *s) {
    for (int d = 0; d < s->to->rank; d++) {
        int index;
        if (s->lhs[d].gather || !affine_is_index(s->lhs[d].a, &index)) return false;
        if (s->ix[index].lo != 0 || s->ix[index].hi != s->to->dim[d]) return false;
        for (int j = 0; j < d; j++)
            if (sub_equal(&s->lhs[j], &s->lhs[d])) return false;
    }
    return true;
}

/* The one statement  t[i, j] = e  that says what every element of t is, or NULL. */
static const Stmt *definition(const Simplify *s, const Tensor *t) {
    if (!tensor_is_computed(t) || t->slot >= s->tensors || s->facts[t->slot].writers.n != 1) return NULL;
    const Stmt *d = s->facts[t->slot].writers.at[0];
    if (d->derivative) return NULL; /* it passes back what its expression does not say */
    return !d->add && d->nred == 0 && d->nguard == 0 && d->e->op != OP_RANDOM && lhs_is_plain(d) ? d : NULL;
}

/* ---- e with subscripts put for its indices: what a read of its statement's tensor is */

typedef struct Inlined {
    Program *p;
    Affine map[32];
    const Expr *gather[32]; /* instead of the map, where the subscript is a gather */
    unsigned gathered;
    bool impossible; /* a gather stands where only an affine map may */
} Inlined;

static const Expr *inlined(Inlined *in, const Expr *e);

static Sub inlined_sub(Inlined *in, const Sub *s) {
    int index;
    if (s->gather) {
        const Expr *g = inlined(in, s->gather);
        if (g->op != OP_READ) in->impossible = true;
        return (Sub){.gather = g};
    }
    if (!(sub_indices(s) & in->gathered)) return (Sub){.a = affine_substitute(s->a, in->map)};
    if (affine_is_index(s->a, &index)) return (Sub){.gather = in->gather[index]};
    in->impossible = true;
    return *s;
}

static const Expr *inlined_read(Inlined *in, const Expr *e) {
    Sub sub[RANK_MAX];
    for (int d = 0; d < e->read.tensor->rank; d++) sub[d] = inlined_sub(in, &e->read.sub[d]);
    return e->padded ? expr_read_padded(in->p, e->read.tensor, sub, e->pad) : expr_read(in->p, e->read.tensor, sub);
}

static const Expr *inlined(Inlined *in, const Expr *e) {
    int index;
    if (!(e->indices & in->gathered)) return expr_substitute(in->p, e, in->map);
    if (e->op == OP_READ) return inlined_read(in, e);
    if (e->op == OP_VAL) {
        if (affine_is_index(e->affine, &index)) return in->gather[index];
        in->impossible = true;
        return e;
    }
    const Expr *arg[3] = {e, e, e};
    for (int k = 0; k < e->nargs; k++) arg[k] = inlined(in, e->arg[k]);
    return expr_op(in->p, e->op, arg);
}

/* The value of `read` as its definition says it, or NULL. */
static const Expr *inline_definition(Program *p, const Stmt *d, const Access *read) {
    Inlined in = {.p = p};
    for (int k = 0; k < 32; k++) in.map[k] = affine_index(k);
    for (int k = 0; k < d->to->rank; k++) {
        const int index = d->lhs[k].a.t[0].index;
        in.map[index] = read->sub[k].a;
        in.gather[index] = read->sub[k].gather;
        if (read->sub[k].gather) in.gathered |= 1U << index;
    }
    const Expr *e = inlined(&in, d->e);
    return in.impossible ? NULL : e;
}

/* ---- joint forms: log looks through what it reads */

static const Expr *resolve(const Simplify *s, const Expr *e) {
    if (e->op != OP_READ || e->padded) return NULL;
    const Stmt *d = definition(s, e->read.tensor);
    return d ? inline_definition(s->p, d, &e->read) : NULL;
}

/* u, if e is sigmoid(u) */
static const Expr *sigmoid_of(const Simplify *s, const Expr *e, int depth) {
    if (e->op == OP_SIGMOID) return e->arg[0];
    const Expr *r = depth < DEPTH_MAX ? resolve(s, e) : NULL;
    return r ? sigmoid_of(s, r, depth + 1) : NULL;
}

/* u, if e is 1 - sigmoid(u) */
static const Expr *one_minus_sigmoid_of(const Simplify *s, const Expr *e, int depth) {
    if (e->op == OP_SUB && expr_is_num(e->arg[0], 1)) return sigmoid_of(s, e->arg[1], depth);
    const Expr *r = depth < DEPTH_MAX ? resolve(s, e) : NULL;
    return r ? one_minus_sigmoid_of(s, r, depth + 1) : NULL;
}

static const Expr *minus_softplus(Program *p, const Expr *u) {
    return expr_1(p, OP_NEG, expr_1(p, OP_SOFTPLUS, u));
}

/* log(x) as a statement of its own over all of x, read where e reads x. */
static const Expr *log_statement(Simplify *s, const Expr *e) {
    if (e->op != OP_READ || e->padded) return expr_1(s->p, OP_LOG, e);
    const Tensor *x = e->read.tensor;
    Tensor *t =
        tensor_new(s->p->arena, arena_printf(s->p->arena, "log_%s", x->name), x->label, ROLE_VALUE, x->rank, x->dim, x->origin);
    t->per_sample = x->per_sample;
    t->slot = s->p->tensors.n;
    program_add_tensor(s->p, t);
    Stmt *l = program_add_stmt(s->p, t, subs_identity(s->p->arena, x->rank));
    stmt_full_box(l);
    l->e = expr_1(s->p, OP_LOG, expr_read(s->p, e->read.tensor, l->lhs));
    l->origin = s->stmt->origin;
    return expr_read(s->p, t, e->read.sub);
}

static bool is_positive(const Simplify *s, const Expr *e, int depth);

/* All that the one statement of t writes is positive. A guard may leave an empty sum, which is 0. */
static bool is_positive_tensor(const Simplify *s, const Tensor *t, int depth) {
    if (!tensor_is_computed(t) || t->slot >= s->tensors || s->facts[t->slot].writers.n != 1) return false;
    const Stmt *d = s->facts[t->slot].writers.at[0];
    const bool of_values = d->reduce == REDUCE_NONE || d->reduce == REDUCE_SUM;
    return of_values && !d->add && d->nguard == 0 && is_positive(s, d->e, depth);
}

/* Is e > 0 whatever it reads (before rounding)? */
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

/* log x in a form that neither overflows nor rounds to log 0, or NULL where there is none. */
static const Expr *log_of(Simplify *s, const Expr *x, int depth) {
    if (x->op == OP_EXP) return x->arg[0];                                                 /* log(exp u) = u */
    if (x->op == OP_SIGMOID) return minus_softplus(s->p, expr_1(s->p, OP_NEG, x->arg[0])); /* log(sigmoid u) = -softplus(-u) */
    if (x->op == OP_DIV) return log_of_quotient(s, x->arg[0], x->arg[1], depth);
    const Expr *u = one_minus_sigmoid_of(s, x, depth);
    if (u) return minus_softplus(s->p, u); /* log(1 - sigmoid u) = -softplus(u) */
    const Expr *r = depth < DEPTH_MAX ? resolve(s, x) : NULL;
    return r ? log_of(s, r, depth + 1) : NULL;
}

static const Expr *joint_log(Program *p, const Expr *e, void *context) {
    (void)p;
    const Expr *l = e->op == OP_LOG ? log_of(context, e->arg[0], 0) : NULL;
    return l ? l : e;
}

/* log1p(-sigmoid u) = -softplus(u) */
static const Expr *joint_log1p(Program *p, const Expr *e, void *context) {
    if (e->op != OP_LOG1P || e->arg[0]->op != OP_NEG) return joint_log(p, e, context);
    const Expr *u = sigmoid_of(context, e->arg[0]->arg[0], 0);
    return u ? minus_softplus(p, u) : e;
}

static bool is_log_of_sigmoid(const Simplify *s, const Expr *e) {
    if (e->op == OP_LOG) return sigmoid_of(s, e->arg[0], 0) || one_minus_sigmoid_of(s, e->arg[0], 0);
    if (e->op == OP_LOG1P) return e->arg[0]->op == OP_NEG && sigmoid_of(s, e->arg[0]->arg[0], 0);
    const Expr *r = resolve(s, e);
    return r && (r->op == OP_LOG || r->op == OP_LOG1P) && is_log_of_sigmoid(s, r);
}

/* max(-100, log(sigmoid u)) = log(sigmoid u): the bound of the prelude's binary_cross_entropy is there because sigmoid may
 * round to 0, which the joint form has no need of. Any other bound is meant and stays, around the joint form. Done before any
 * log becomes joint, so that a bound on another value stays. */
static const Expr *unclamped(Program *p, const Expr *e, void *context) {
    enum { BOUND = -100 };
    (void)p;
    if (e->op != OP_MAX) return e;
    for (int k = 0; k < 2; k++) {
        const Expr *bound = e->arg[k], *value = e->arg[1 - k];
        if (expr_is_num(bound, BOUND) && is_log_of_sigmoid(context, value)) return value;
    }
    return e;
}

/* ---- algebra: a row for each rule */

typedef const Expr *RuleApply(Program *p, const Expr *e);

typedef struct Rule {
    Op op;
    RuleApply *apply; /* the simpler form, or NULL */
    bool final;       /* only when no derivative will be asked for: grad knows the unsimplified form better */
    const char *formula;
} Rule;

static const Expr *rule_stop(Program *p, const Expr *e) {
    (void)p;
    return e->arg[0];
}

static const Expr *rule_power(Program *p, const Expr *e) {
    const Expr *a = e->arg[0];
    if (expr_is_num(e->arg[1], 2)) return expr_2(p, OP_MUL, a, a);
    if (expr_is_num(e->arg[1], 3)) return expr_2(p, OP_MUL, expr_2(p, OP_MUL, a, a), a);
    if (expr_is_num(e->arg[1], 0.5)) return expr_1(p, OP_SQRT, a);
    if (expr_is_num(e->arg[1], -1)) return expr_2(p, OP_DIV, expr_num(p, 1), a);
    return NULL;
}

static bool is_num(const Expr *e) {
    return e->op == OP_NUM;
}

static const Expr *rule_number_first(Program *p, const Expr *e) {
    const Expr *a = e->arg[0], *b = e->arg[1];
    if (is_num(b)) return expr_2(p, OP_MUL, b, a);
    return NULL;
}

/* op(c, x) or op(x, c), where c is a number of the generated code's arithmetic, f32 at the least; else NULL. */
static const Expr *with_number(Program *p, Op op, double c, const Expr *x, bool second) {
    if (!(fabs(c) >= FLT_MIN && fabs(c) <= FLT_MAX)) return NULL;
    return second ? expr_2(p, op, x, expr_num(p, c)) : expr_2(p, op, expr_num(p, c), x);
}

static const Expr *rule_numbers_meet(Program *p, const Expr *e) {
    const Expr *a = e->arg[0], *b = e->arg[1];
    if (!is_num(a)) return NULL;
    if (b->op == OP_MUL && is_num(b->arg[0])) return with_number(p, OP_MUL, a->num * b->arg[0]->num, b->arg[1], false);
    if (b->op != OP_DIV) return NULL;
    if (is_num(b->arg[1])) return with_number(p, OP_MUL, a->num / b->arg[1]->num, b->arg[0], false);
    if (is_num(b->arg[0])) return with_number(p, OP_DIV, a->num * b->arg[0]->num, b->arg[1], false);
    return NULL;
}

static const Expr *rule_number_outward(Program *p, const Expr *e) {
    const Expr *a = e->arg[0], *b = e->arg[1];
    if (!is_num(a) && b->op == OP_MUL && is_num(b->arg[0]))
        return expr_2(p, OP_MUL, b->arg[0], expr_2(p, OP_MUL, a, b->arg[1]));
    if (!is_num(b) && a->op == OP_MUL && is_num(a->arg[0]))
        return expr_2(p, OP_MUL, a->arg[0], expr_2(p, OP_MUL, a->arg[1], b));
    return NULL;
}

static const Expr *rule_divided(Program *p, const Expr *e) {
    const Expr *a = e->arg[0], *b = e->arg[1];
    if (!is_num(b) || b->num == 0) return NULL;
    if (a->op == OP_MUL && is_num(a->arg[0])) return with_number(p, OP_MUL, a->arg[0]->num / b->num, a->arg[1], false);
    if (a->op == OP_DIV && is_num(a->arg[1])) return with_number(p, OP_DIV, a->arg[1]->num * b->num, a->arg[0], true);
    return NULL;
}

static const Expr *rule_doubled(Program *p, const Expr *e) {
    return e->arg[0] == e->arg[1] ? expr_2(p, OP_MUL, expr_num(p, 2), e->arg[0]) : NULL;
}

/* A constant's element, where the subscripts are numbers. */
static const Expr *rule_constant(Program *p, const Expr *e) {
    const Tensor *t = e->read.tensor;
    long long number = 0;
    if (t->role != ROLE_CONSTANT || !t->values || t->integer) return NULL;
    for (int d = 0; d < t->rank; d++) {
        const Sub *sub = &e->read.sub[d];
        if (sub->gather || !affine_is_const(sub->a)) return NULL;
        if (sub->a.c < 0 || sub->a.c >= t->dim[d]) return e->padded ? expr_num(p, e->pad) : NULL;
        number = number * t->dim[d] + sub->a.c;
    }
    return expr_num(p, t->values[number]);
}

static const Rule rules[] = {
    {OP_STOP, rule_stop, true, "stop_gradient(x) = x"},
    {OP_POW, rule_power, true, "x^2 = x x, x^3 = x x x, x^0.5 = sqrt(x), x^-1 = 1/x"},
    {OP_MUL, rule_number_first, false, "x c = c x"},
    {OP_MUL, rule_numbers_meet, false, "c (d x) = (c d) x, c (x / d) = (c/d) x, c (d / x) = (c d) / x"},
    {OP_MUL, rule_number_outward, false, "x (c y) = c (x y)"},
    {OP_DIV, rule_divided, false, "(c x) / d = (c/d) x, (x / c) / d = x / (c d)"},
    {OP_ADD, rule_doubled, false, "x + x = 2 x"},
    {OP_READ, rule_constant, false, "constant[3] = its value"},
};

/* Numbers by which an affine value or a number is bounded on the box. */
static bool bounds(const Stmt *s, const Expr *e, double *lo, double *hi) {
    int min, max;
    *lo = *hi = e->num;
    if (e->op == OP_NUM) return true;
    if (e->op != OP_VAL) return false;
    affine_range(e->affine, s->ix, &min, &max);
    *lo = min;
    *hi = max;
    return true;
}

/* A comparison that the ranges of the indices decide. */
static const Expr *decided(const Simplify *s, const Expr *e) {
    double alo, ahi, blo, bhi;
    if (e->op != OP_LT && e->op != OP_LE && e->op != OP_EQ) return NULL;
    if (!bounds(s->stmt, e->arg[0], &alo, &ahi) || !bounds(s->stmt, e->arg[1], &blo, &bhi)) return NULL;
    const bool apart = ahi < blo || bhi < alo;
    if (e->op == OP_EQ) return apart ? expr_num(s->p, 0) : NULL;
    if (e->op == OP_LT ? ahi < blo : ahi <= blo) return expr_num(s->p, 1);
    if (e->op == OP_LT ? alo >= bhi : alo > bhi) return expr_num(s->p, 0);
    return NULL;
}

static const Expr *algebra(Program *p, const Expr *e, void *context) {
    const Simplify *s = context;
    const Expr *simpler = decided(s, e);
    if (simpler) return simpler;
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        if (rules[k].op != e->op || (rules[k].final && !p->final)) continue;
        const Expr *r = rules[k].apply(p, e);
        if (r && r != e) return r;
    }
    return e;
}

/* ---- copies and constants: read at their source */

/* pad(y[i], v) of a copy y[i] = x[i]: outside of y is outside of x only if each dimension is copied whole. */
static bool copies_whole(const Stmt *d) {
    unsigned seen = 0;
    for (int k = 0; k < d->e->read.tensor->rank; k++) {
        int index;
        if (!affine_is_index(d->e->read.sub[k].a, &index) || seen >> index & 1) return false;
        if (d->ix[index].hi != d->e->read.tensor->dim[k]) return false;
        seen |= 1U << index;
    }
    return seen == (1U << d->nout) - 1;
}

static const Expr *copied_read(const Simplify *s, const Stmt *d, const Expr *e) {
    const Tensor *x = d->e->read.tensor;
    if (d->e->padded || has_gather(d->e->read.sub, x->rank) || x == d->to) return NULL;
    if (x->slot < s->tensors && s->facts[x->slot].replaced)
        return NULL; /* its next value may take its place before e is read */
    if (x->integer != d->to->integer) return NULL;
    if (!e->padded) return inline_definition(s->p, d, &e->read);
    if (!copies_whole(d)) return NULL;
    const Expr *plain = inline_definition(s->p, d, &e->read);
    return plain ? expr_read_padded(s->p, plain->read.tensor, plain->read.sub, e->pad) : NULL;
}

static const Expr *at_source(Program *p, const Expr *e, void *context) {
    const Simplify *s = context;
    if (e->op != OP_READ) return e;
    const Tensor *t = e->read.tensor;
    if (t->slot < s->tensors && s->facts[t->slot].merged) {
        Tensor *same = s->facts[t->slot].merged;
        return e->padded ? expr_read_padded(p, same, e->read.sub, e->pad) : expr_read(p, same, e->read.sub);
    }
    const Stmt *d = definition(s, t);
    if (!d) return e;
    const Expr *source = NULL;
    if (d->e->op == OP_READ)
        source = copied_read(s, d, e);
    else if (d->e->op == OP_NUM && !t->integer && (!e->padded || e->pad == d->e->num))
        source = d->e;
    else if (d->e->op == OP_VAL && !t->integer && !e->padded)
        source = inline_definition(p, d, &e->read);
    return source ? source : e;
}

/* ---- every expression of the program */

static void rewrite_stmt(Simplify *s, Stmt *stmt, ExprRewrite *how) {
    s->stmt = stmt;
    const Expr *e = expr_rewrite(s->p, stmt->e, how, s);
    s->changed = s->changed || e != stmt->e;
    stmt->e = e;
    if (stmt->derivative) {
        stmt->derivative = expr_rewrite(s->p, stmt->derivative, how, s);
        stmt->derivative_of = expr_rewrite(s->p, stmt->derivative_of, how, s);
        if (stmt->derivative_of->op != OP_READ) stmt->derivative = stmt->derivative_of = NULL;
    }
    Sub *lhs = NULL;
    for (int d = 0; d < stmt->to->rank; d++) {
        if (!stmt->lhs[d].gather) continue;
        if (!lhs) lhs = (Sub *)subs_copy(s->p->arena, stmt->lhs, stmt->to->rank); /* NOLINT: not shared yet */
        lhs[d].gather = expr_rewrite(s->p, lhs[d].gather, how, s);
    }
    if (lhs) stmt->lhs = lhs;
}

static void rewrite_all(Simplify *s, ExprRewrite *how) {
    for (int k = 0; k < s->p->stmts.n; k++) rewrite_stmt(s, s->p->stmts.at[k], how);
}

/* ---- equal statements */

static bool same_box(const Stmt *a, const Stmt *b) {
    if (a->nout != b->nout || a->nred != b->nred || a->nguard != b->nguard || a->reduce != b->reduce) return false;
    for (int k = 0; k < a->nout + a->nred; k++)
        if (a->ix[k].lo != b->ix[k].lo || a->ix[k].hi != b->ix[k].hi || a->ix[k].batch != b->ix[k].batch) return false;
    for (int g = 0; g < a->nguard; g++) {
        const Guard *x = &a->guard[g], *y = &b->guard[g];
        if (x->lo != y->lo || x->hi != y->hi || !affine_equal(x->a, y->a)) return false;
    }
    return true;
}

static bool same_tensor(const Tensor *a, const Tensor *b) {
    if (a->rank != b->rank || a->per_sample != b->per_sample || a->integer != b->integer) return false;
    for (int d = 0; d < a->rank; d++)
        if (a->dim[d] != b->dim[d]) return false;
    return true;
}

static bool is_only_writer(const Simplify *s, const Stmt *a) {
    return !a->add && a->to->slot < s->tensors && s->facts[a->to->slot].writers.n == 1;
}

static bool same_stmt(const Stmt *a, const Stmt *b) {
    if (a->e != b->e || a->derivative != b->derivative || !same_tensor(a->to, b->to) || !same_box(a, b)) return false;
    for (int d = 0; d < a->to->rank; d++)
        if (!sub_equal(&a->lhs[d], &b->lhs[d])) return false;
    return true;
}

static bool may_merge(const Simplify *s, const Stmt *a) {
    return is_only_writer(s, a) && a->e->op != OP_RANDOM && a->to->role != ROLE_NEXT;
}

/* Of equal statements the first stays; the others' tensors are read there. */
static void find_equal(Simplify *s) {
    unsigned most = 0;
    for (int k = 0; k < s->p->stmts.n; k++)
        if (s->p->stmts.at[k]->e->id > most) most = s->p->stmts.at[k]->e->id;
    Stmts *by_value = arena_many(s->scratch, (size_t)most + 1, Stmts);
    for (int k = 0; k < s->p->stmts.n; k++) {
        Stmt *stmt = s->p->stmts.at[k];
        Stmts *same = &by_value[stmt->e->id];
        if (!may_merge(s, stmt)) continue;
        int j = 0;
        while (j < same->n && !same_stmt(same->at[j], stmt)) j++;
        if (j == same->n)
            list_push(s->scratch, same, stmt);
        else if (!s->facts[stmt->to->slot].root)
            s->facts[stmt->to->slot].merged = same->at[j]->to;
    }
}

/* ---- sums */

static bool fills_zero(const Stmt *s) {
    return !s->add && s->nred == 0 && expr_is_num(s->e, 0) && lhs_is_plain(s);
}

static void drop_stmt(Simplify *s, Stmts *writers, int k) {
    writers->at[k]->to = NULL; /* dropped from the program at the end of the round */
    for (; k + 1 < writers->n; k++) writers->at[k] = writers->at[k + 1];
    writers->n--;
    s->changed = true;
}

/* t = 0; t += a; t += b:  a sum that adds nothing goes, and the first that writes every element is `=`. */
static void simplify_sum(Simplify *s, const Tensor *t) {
    Stmts *writers = &s->facts[t->slot].writers;
    if (writers->n < 2 || !fills_zero(writers->at[0])) return;
    for (int k = writers->n - 1; k > 0; k--) {
        if (!writers->at[k]->add) return;
        if (expr_is_num(writers->at[k]->e, 0)) drop_stmt(s, writers, k);
    }
    const Stmts adds = {writers->at + 1, writers->n - 1, writers->n - 1};
    if (adds.n && (sums_become_sets(&adds, adds.n, t) || sums_become_sets(&adds, 1, t))) drop_stmt(s, writers, 0);
}

static void drop_reduction(Simplify *s, Stmt *stmt) { /* sum(0) = 0 */
    if (stmt->reduce != REDUCE_SUM || !expr_is_num(stmt->e, 0)) return;
    stmt->reduce = REDUCE_NONE;
    stmt->nred = stmt->nguard = 0;
    s->changed = true;
}

static void simplify_sums(Simplify *s) {
    for (int k = 0; k < s->p->stmts.n; k++) drop_reduction(s, s->p->stmts.at[k]);
    for (int k = 0; k < s->tensors; k++) simplify_sum(s, s->p->tensors.at[k]);
    Stmts kept = {0};
    for (int k = 0; k < s->p->stmts.n; k++)
        if (s->p->stmts.at[k]->to) list_push(s->p->arena, &kept, s->p->stmts.at[k]);
    s->p->stmts = kept;
}

/* ---- what no root needs */

typedef struct Live {
    Simplify *s;
    LIST(const Tensor *) todo;
} Live;

static void live_tensor(Live *l, const Tensor *t) {
    Facts *f = &l->s->facts[t->slot];
    if (f->live) return;
    f->live = true;
    list_push(l->s->scratch, &l->todo, t);
}

static void live_read(const Expr *read, void *context) {
    live_tensor(context, read->read.tensor);
}

static void find_live(Simplify *s) {
    Live live = {.s = s};
    for (int k = 0; k < s->p->roots.n; k++) live_tensor(&live, s->p->roots.at[k]);
    for (int k = 0; k < live.todo.n; k++) {
        const Tensor *t = live.todo.at[k];
        if (t->next_of && program_has_tensor(s->p, t->next_of)) live_tensor(&live, t->next_of);
        const Stmts *writers = &s->facts[t->slot].writers;
        for (int j = 0; j < writers->n; j++) stmt_reads(writers->at[j], live_read, &live);
    }
}

static void drop_dead(Simplify *s) {
    Program *p = s->p;
    if (p->roots.n == 0) return;
    collect_facts(s);
    find_live(s);
    Stmts stmts = {0};
    for (int k = 0; k < p->stmts.n; k++)
        if (s->facts[p->stmts.at[k]->to->slot].live) list_push(p->arena, &stmts, p->stmts.at[k]);
    Tensors tensors = {0};
    for (int k = 0; k < p->tensors.n; k++)
        if (s->facts[k].live) list_push(p->arena, &tensors, p->tensors.at[k]);
    s->changed = s->changed || stmts.n < p->stmts.n;
    p->stmts = stmts;
    if (tensors.n < p->tensors.n) program_set_tensors(p, &tensors);
}

/* ---- the rounds */

static void number_stmts(Program *p) {
    for (int k = 0; k < p->stmts.n; k++) p->stmts.at[k]->number = k;
}

static bool simplify_round(Program *p) {
    Simplify s = {.p = p, .scratch = arena_new()};
    collect_facts(&s);
    rewrite_all(&s, unclamped);
    rewrite_all(&s, joint_log1p);
    collect_facts(&s); /* with the logs that have become statements */
    rewrite_all(&s, algebra);
    find_equal(&s);
    rewrite_all(&s, at_source);
    simplify_sums(&s);
    drop_dead(&s);
    number_stmts(p);
    arena_free(s.scratch);
    return s.changed;
}

void program_simplify(Program *p) {
    int round = 0;
    while (round < ROUNDS_MAX && simplify_round(p)) round++;
    p->order = (Items){0};
}
