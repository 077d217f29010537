/* bounds: between which two numbers all elements of a value lie, whatever inputs and parameters are: interval arithmetic on the
 * equations that make it, however the layers are called. What it gives holds where all parts have a value; it may be wider than
 * what is reached, but for what networks end in it is not: sigmoid, tanh, softmax, relu, elu, clipped and normalised values,
 * and copies.
 *
 * Beyond plain interval arithmetic: in the branches of an `if` its condition holds; x * x and even powers are not negative; a
 * part of a sum is at most the sum; and of padded reads side by side, as concat has them, one counts in each place. */
#include "simplify_internal.h"
#include <math.h>

static const Interval everything = {-INFINITY, INFINITY};

enum { VISITS_MAX = 1000000, FACTS_MAX = 16 };

typedef struct Bounds {
    Simplify s;
    Interval *known;             /* of tensors, by slot */
    char *state;                 /* UNKNOWN, OPEN while it is worked out, or KNOWN */
    const Index *ix;             /* of the statement at hand */
    int visits;                  /* an expression may be a graph of any size: then everything is possible */
    const Expr *fact[FACTS_MAX]; /* what the conditions around say */
    Interval holds[FACTS_MAX];
    int facts;
} Bounds;
enum { UNKNOWN, OPEN, KNOWN };

/* ---- intervals */

static bool is_everything(Interval a) {
    return a.lo == -INFINITY && a.hi == INFINITY;
}

static Interval hull(Interval a, Interval b) {
    return (Interval){fmin(a.lo, b.lo), fmax(a.hi, b.hi)};
}

static Interval both(Interval a, Interval b) {
    return (Interval){fmax(a.lo, b.lo), fmin(a.hi, b.hi)};
}

static Interval negative(Interval a) {
    return (Interval){-a.hi, -a.lo};
}

/* inf - inf is no number: then the side is open. */
static Interval sum(Interval a, Interval b) {
    const double lo = a.lo + b.lo, hi = a.hi + b.hi;
    return (Interval){isnan(lo) ? -INFINITY : lo, isnan(hi) ? INFINITY : hi};
}

/* 0 times anything is 0: an infinite end is never reached. */
static double end_product(double a, double b) {
    return a == 0 || b == 0 ? 0 : a * b;
}

static Interval product(Interval a, Interval b) {
    const double p[4] = {end_product(a.lo, b.lo), end_product(a.lo, b.hi), end_product(a.hi, b.lo), end_product(a.hi, b.hi)};
    return (Interval){fmin(fmin(p[0], p[1]), fmin(p[2], p[3])), fmax(fmax(p[0], p[1]), fmax(p[2], p[3]))};
}

static Interval magnitude(Interval a) {
    if (a.lo >= 0) return a;
    return a.hi <= 0 ? negative(a) : (Interval){0, fmax(-a.lo, a.hi)};
}

/* 1 / b, where b may come as near to 0 as it likes but keeps its sign. */
static Interval reciprocal(Interval b) {
    if (!(b.lo >= 0 || b.hi <= 0)) return everything;
    if (b.lo >= 0) return (Interval){1 / b.hi, b.lo == 0 ? INFINITY : 1 / b.lo};
    return negative(reciprocal(negative(b)));
}

static Interval quotient(Interval a, Interval b) {
    return product(a, reciprocal(b));
}

/* a^n for one number n. */
static Interval power(Interval a, double n) {
    if (n == floor(n) && fmod(n, 2) == 0) a = magnitude(a);
    if (n < 0) return quotient((Interval){1, 1}, power(a, -n));
    if (a.lo < 0 && n != floor(n)) return everything; /* it has no value everywhere */
    return (Interval){pow(a.lo, n), pow(a.hi, n)};
}

/* An operation that grows with its argument; where it has no value below some number, it begins there. */
static Interval growing(Op op, Interval a) {
    const double lo = op_info[op].value(a.lo, 0, 0), hi = op_info[op].value(a.hi, 0, 0);
    return (Interval){isnan(lo) ? (op == OP_SQRT ? 0 : -INFINITY) : lo, isnan(hi) ? INFINITY : hi};
}

/* ---- expressions */

static Interval of_expr(Bounds *b, const Expr *e);
static Interval of_tensor(Bounds *b, const Tensor *t);

static Interval of_index(const Bounds *b, const Expr *e) {
    int lo, hi;
    affine_range(e->affine, b->ix, &lo, &hi);
    return (Interval){(double)lo / e->affine.den, (double)hi / e->affine.den};
}

/* A condition says something of what a read reads only where its definition stands in its place. */
static Interval of_read(Bounds *b, const Expr *e) {
    Interval read = of_tensor(b, e->read.tensor);
    const Expr *defined = b->facts ? resolve(&b->s, e) : NULL;
    if (defined) read = both(read, of_expr(b, defined));
    return e->padded ? hull(read, (Interval){e->pad, e->pad}) : read;
}

/* ---- a part of a sum is at most the sum */

static bool is_not_negative(Bounds *b, const Expr *e) {
    return of_expr(b, e).lo >= 0;
}

static bool same_value(const Bounds *b, const Expr *e, const Expr *f) {
    if (e == f) return true;
    const Expr *r = resolve(&b->s, e), *q = resolve(&b->s, f);
    return (r && (r == f || r == q)) || (q && q == e);
}

/* Is the expression the sum over all of an index of terms, of which `part` is one? */
static bool is_sum_with(const Bounds *b, const Expr *whole, const Expr *part) {
    const Expr *read = whole;
    for (const Expr *r = resolve(&b->s, whole); r; r = resolve(&b->s, r)) read = r;
    if (read->op != OP_READ || read->padded || read->read.tensor->slot >= b->s.tensors) return false;
    const Stmts *writers = &b->s.facts[read->read.tensor->slot].writers;
    const Stmt *w = writers->n == 1 ? writers->at[0] : NULL;
    if (!w || w->add || w->reduce != REDUCE_SUM || w->nguard || !lhs_is_plain(w) || has_gather(read->read.sub, w->to->rank))
        return false;
    Affine map[INDEX_MAX];
    for (int k = 0; k < w->to->rank; k++) map[w->lhs[k].a.t[0].index] = read->read.sub[k].a;
    for (int i = 0; w->nred == 1 && i < INDEX_MAX; i++) { /* which index of the part does the sum run over? */
        const Index *own = &b->ix[i], *run = &w->ix[w->nout];
        if (!expr_uses_index(part, i) || expr_uses_index(whole, i) || own->lo != run->lo || own->hi != run->hi) continue;
        map[w->nout] = affine_index(i);
        if (same_value(b, expr_substitute(b->s.p, w->e, map), part)) return true;
    }
    return false;
}

/* a, if `whole` = a + b and a is `part`, its sum, or its magnitude; *rest is b, NULL where there is none. */
static const Expr *part_of(const Bounds *b, const Expr *whole, const Expr *part, const Expr **rest) {
    *rest = NULL;
    if (is_sum_with(b, whole, part)) return whole;
    for (int k = 0; k < 2 && whole->op == OP_ADD; k++) {
        const Expr *a = whole->arg[k];
        *rest = whole->arg[1 - k];
        if (same_value(b, a, part) || is_sum_with(b, a, part)) return a;
        if (a->op == OP_ABS && same_value(b, a->arg[0], part)) return a;
    }
    return NULL;
}

/* 0 <= x / (x + r) <= 1 for x, r >= 0, likewise of sums with x in them; -1 <= x / (|x| + r) <= 1. */
static Interval of_quotient(Bounds *b, const Expr *e) {
    const Expr *part = NULL, *rest = NULL;
    const Interval plain = quotient(of_expr(b, e->arg[0]), of_expr(b, e->arg[1]));
    for (const Expr *whole = e->arg[1]; whole && !part; whole = resolve(&b->s, whole))
        part = part_of(b, whole, e->arg[0], &rest);
    if (!part || (rest && !is_not_negative(b, rest))) return plain;
    if (part->op == OP_ABS) return both(plain, (Interval){-1, 1});
    return is_not_negative(b, e->arg[0]) ? both(plain, (Interval){0, 1}) : plain;
}

/* ---- padded reads side by side */

static bool is_zero_outside(const Expr *e) {
    return e->op == OP_READ && e->padded && e->pad == 0;
}

/* Is there no place at which both reads are inside? */
static bool never_both(const Expr *a, const Expr *b) {
    if (!is_zero_outside(a) || !is_zero_outside(b)) return false;
    for (int d = 0; d < a->read.tensor->rank && d < b->read.tensor->rank; d++) {
        if (a->read.sub[d].gather || b->read.sub[d].gather) continue;
        const Affine apart =
            affine_sub(b->read.sub[d].a, a->read.sub[d].a); /* if it is a number c, b is inside where a is in -c .. */
        if (!affine_is_const(apart) || apart.den != 1) continue;
        if (-apart.c >= a->read.tensor->dim[d] || b->read.tensor->dim[d] - apart.c <= 0) return true;
    }
    return false;
}

static Interval of_sum(Bounds *b, const Expr *e) {
    const Interval first = of_expr(b, e->arg[0]);
    if (is_everything(first)) return first;
    const Interval second = of_expr(b, e->arg[1]);
    return never_both(e->arg[0], e->arg[1]) ? hull(first, second) : sum(first, second);
}

/* ---- conditions */

static void learn(Bounds *b, const Expr *e, Interval holds) {
    if (b->facts == FACTS_MAX || e->op == OP_NUM) return;
    b->fact[b->facts] = e;
    b->holds[b->facts++] = holds;
}

static void learn_order(Bounds *b, const Expr *less, const Expr *more) {
    const Interval low = of_expr(b, less), high = of_expr(b, more);
    learn(b, less, (Interval){-INFINITY, high.hi});
    learn(b, more, (Interval){low.lo, INFINITY});
}

/* What follows from the condition, or from its contrary. */
static void learn_from(Bounds *b, const Expr *c, bool truth) {
    const bool order = c->op == OP_LT || c->op == OP_LE;
    if (order) learn_order(b, c->arg[truth ? 0 : 1], c->arg[truth ? 1 : 0]);
    if (c->op == OP_NOT) learn_from(b, c->arg[0], !truth);
    if (c->op != (truth ? OP_AND : OP_OR)) return;
    learn_from(b, c->arg[0], truth);
    learn_from(b, c->arg[1], truth);
}

static Interval of_branch(Bounds *b, const Expr *condition, bool truth, const Expr *e) {
    const int facts = b->facts;
    learn_from(b, condition, truth);
    const Interval branch = of_expr(b, e);
    b->facts = facts;
    return branch;
}

/* ---- every operation */

static Interval of_power(Bounds *b, const Expr *e) {
    const Interval base = of_expr(b, e->arg[0]), n = of_expr(b, e->arg[1]);
    if (n.lo == n.hi && isfinite(n.lo)) return power(base, n.lo);
    return base.lo >= 0 ? (Interval){0, INFINITY} : everything;
}

static Interval of_remainder(Bounds *b, const Expr *e) {
    const Interval by = of_expr(b, e->arg[1]);
    return by.lo > 0 ? (Interval){0, by.hi} : by.hi < 0 ? (Interval){by.lo, 0} : everything;
}

static Interval of_product(Bounds *b, const Expr *e) {
    const Interval first = of_expr(b, e->arg[0]);
    if (e->arg[0] == e->arg[1]) return power(first, 2);
    return is_everything(first) ? first : product(first, of_expr(b, e->arg[1]));
}

static Interval of_operation(Bounds *b, const Expr *e) {
    const Expr *const *arg = e->arg;
    switch (e->op) {
    case OP_NUM: return (Interval){e->num, e->num};
    case OP_VAL: return of_index(b, e);
    case OP_READ: return of_read(b, e);
    case OP_RANDOM: return (Interval){0, 1};
    case OP_ADD: return of_sum(b, e);
    case OP_SUB: return sum(of_expr(b, arg[0]), negative(of_expr(b, arg[1])));
    case OP_MUL: return of_product(b, e);
    case OP_DIV: return of_quotient(b, e);
    case OP_MOD: return of_remainder(b, e);
    case OP_POW: return of_power(b, e);
    case OP_NEG: return negative(of_expr(b, arg[0]));
    case OP_SELECT: return hull(of_branch(b, arg[0], true, arg[1]), of_branch(b, arg[0], false, arg[2]));
    case OP_STOP: return of_expr(b, arg[0]);
    case OP_ABS: return magnitude(of_expr(b, arg[0]));
    case OP_SIN:
    case OP_COS: return (Interval){-1, 1};
    case OP_MIN:
    case OP_MAX: {
        const Interval x = of_expr(b, arg[0]), y = of_expr(b, arg[1]);
        return e->op == OP_MIN ? (Interval){fmin(x.lo, y.lo), fmin(x.hi, y.hi)}
                               : (Interval){fmax(x.lo, y.lo), fmax(x.hi, y.hi)};
    }
    default: return op_info[e->op].kind == TRUTH ? (Interval){0, 1} : growing(e->op, of_expr(b, arg[0]));
    }
}

static Interval of_expr(Bounds *b, const Expr *e) {
    if (++b->visits > VISITS_MAX) return everything;
    Interval all = of_operation(b, e);
    if (isnan(all.lo) || isnan(all.hi)) all = everything;
    for (int k = 0; k < b->facts; k++)
        if (b->fact[k] == e) all = both(all, b->holds[k]);
    /* A branch that is never taken has contrary facts: whatever it gives, it is not widened by it. */
    return all.lo > all.hi ? (Interval){all.hi, all.lo} : all;
}

/* ---- statements */

/* Sums of count terms; with a guard any number of them up to count, and 0 where no sum is asked for. */
static Interval of_reduction(Bounds *b, const Stmt *s) {
    const double count = (double)box_points(s->ix, reduced_indices(s));
    if (s->reduce == REDUCE_ARGMAX || s->reduce == REDUCE_ARGMIN) return (Interval){0, count - 1};
    const Interval term = of_expr(b, s->e);
    if (s->reduce == REDUCE_SUM) {
        const Interval total = product(term, (Interval){count, count});
        return s->nguard ? hull(total, (Interval){0, 0}) : total;
    }
    if (s->nguard && s->reduce != REDUCE_NONE) return everything; /* of nothing */
    return s->nguard ? hull(term, (Interval){0, 0}) : term;
}

/* What is added to a place: any number of terms, or one at most. */
static Interval of_contribution(Bounds *b, const Stmt *s) {
    const Interval zero = {0, 0}, term = hull(of_reduction(b, s), zero);
    if (stmt_is_injective(s) == RIGHT) return term;
    return (Interval){term.lo < 0 ? -INFINITY : 0, term.hi > 0 ? INFINITY : 0};
}

static Interval of_writers(Bounds *b, const Stmts *writers) {
    Interval set = {INFINITY, -INFINITY}, added = {0, 0};
    for (int k = 0; k < writers->n; k++) {
        const Stmt *s = writers->at[k];
        b->ix = s->ix;
        if (s->add)
            added = sum(added, of_contribution(b, s));
        else
            set = hull(set, of_reduction(b, s));
    }
    return set.lo > set.hi ? added : sum(set, added);
}

static Interval of_constant(const Tensor *t) {
    Interval all = {INFINITY, -INFINITY};
    for (long long k = 0; k < tensor_size(t); k++) all = hull(all, (Interval){t->values[k], t->values[k]});
    return all.lo <= all.hi ? all : everything;
}

/* Of a value that is read while it is worked out, a recurrence's, nothing is known. */
static Interval of_tensor(Bounds *b, const Tensor *t) {
    if (t->integer) return (Interval){0, t->values_below - 1};
    if (t->role == ROLE_CONSTANT && t->values) return of_constant(t);
    if (!tensor_is_computed(t) || t->slot >= b->s.tensors || b->state[t->slot] == OPEN) return everything;
    if (b->state[t->slot] == KNOWN) return b->known[t->slot];
    Bounds inner = *b; /* another statement's indices, and none of the conditions here */
    inner.facts = 0;
    b->state[t->slot] = OPEN;
    b->known[t->slot] = b->s.facts[t->slot].writers.n ? of_writers(&inner, &b->s.facts[t->slot].writers) : everything;
    b->state[t->slot] = KNOWN;
    b->visits = inner.visits;
    return b->known[t->slot];
}

Interval program_bounds(Program *p, const Tensor *y) {
    Bounds b = {.s = {.p = p, .scratch = arena_new(), .values = true}};
    facts_collect(&b.s);
    b.known = arena_many(b.s.scratch, b.s.tensors, Interval);
    b.state = arena_many(b.s.scratch, b.s.tensors, char);
    const Interval all = of_tensor(&b, y);
    arena_free(b.s.scratch);
    return all;
}
