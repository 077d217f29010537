/* simplify: a simpler program of the same meaning, up to rounding.
 *
 * Rounds, until nothing changes: algebra on expressions (the rows of `rules`), losses in their joint form (log looks through
 * the definition of what it reads), copies and constants read at their source, equal statements merged, zero fills that are
 * overwritten dropped, and what no root needs dropped. */
#include "simplify_internal.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { ROUNDS_MAX = 16 };

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
    const Stmt *d = definition_of(s, t);
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

/* Of tensors that one statement covers: where those are equal, the dimensions are. */
static bool same_tensor(const Tensor *a, const Tensor *b) {
    return a->rank == b->rank && a->per_sample == b->per_sample && a->integer == b->integer;
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
    facts_collect(s);
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
    facts_collect(&s);
    rewrite_all(&s, joint_sigmoid);
    rewrite_all(&s, joint_bound);
    rewrite_all(&s, joint_log);
    facts_collect(&s); /* with the logs that have become statements */
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
