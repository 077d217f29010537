/* plan_ahead: with batch 1, a large weight is read and written once for a block of samples.
 *
 * Where the caller's numbers x alone are weighted by W, and the update adds a product with x to it,
 *
 *     z[o] = sum[i](W[o, i] * x[i])          W_next[o, i] = W[o, i] + a[o] * x[i]
 *
 * W goes twice through the caches for each sample. But what the samples of a block would find is known from the W before them,
 *
 *     z[s, o] = sum[i](W[o, i] * x[s, i]) + sum[t < s](a[t, o] * sum[i](x[t, i] * x[s, i]))
 *     W_next[o, i] = W[o, i] + sum[t](a[t, o] * x[t, i])
 *
 * the same as step by step but for rounding. So beside the program of a step there are three: `ahead` works out the sums from
 * the W before the block and the products of its samples, `each` is the step of one of them without W, `settle` the update.
 * What one hands on to the next has a row for each sample, of which `each` is given its own. */
#include "plan.h"
#include "simplify_internal.h"
#include <string.h>

enum { PIECE = 4 }; /* samples whose products with the same others are worked out together; blocks are a multiple */

typedef struct Look { /* a weight in the program `each`, and where it is read and updated */
    Block *block;
    Program *each, *ahead, *settle; /* its programs */
    Simplify defined;               /* what the values of `each` are in terms of others */
    Tensor *w;
    Stmt *sum, *update;
    const Expr *read_w, *read_x; /* the sum's factors */
    const Tensor *input;         /* whose numbers x are */
    const Expr *x;               /* what read_x is at the update's point */
    unsigned inner;              /* the update's indices that x depends on: those that the sum reduces over */
} Look;

/* ---- is it such a weight? */

typedef struct Uses {
    const Tensor *t;
    const Expr *read;
} Uses;

static void find_read(const Expr *read, void *context) {
    Uses *uses = context;
    if (read->read.tensor == uses->t) uses->read = read;
}

static bool reads(const Stmt *s, const Tensor *t) {
    Uses uses = {t, NULL};
    stmt_reads(s, find_read, &uses);
    return uses.read != NULL;
}

/* One sum and the update read it, and nothing reads what it becomes. */
static bool find_statements(Look *l) {
    Tensor *next = NULL;
    l->sum = l->update = NULL;
    for (int k = 0; k < l->each->stmts.n; k++) {
        Stmt *s = l->each->stmts.at[k];
        const bool update = s->to->next_of == l->w;
        if (!update && !reads(s, l->w)) continue;
        if (update ? l->update != NULL : l->sum != NULL) return false;
        *(update ? &l->update : &l->sum) = s;
        if (update) next = s->to;
    }
    for (int k = 0; k < l->each->stmts.n && next; k++)
        if (reads(l->each->stmts.at[k], next)) return false;
    return l->sum && l->update;
}

static bool is_bare(const Stmt *s, const Sub *sub, int rank) {
    for (int d = 0; d < rank; d++) {
        int k;
        if (sub[d].gather || !affine_is_index(sub[d].a, &k) || s->ix[k].lo != 0) return false;
        for (int e = 0; e < d; e++)
            if (sub_equal(&sub[e], &sub[d])) return false;
    }
    return true;
}

static bool is_read(const Expr *e) {
    return e->op == OP_READ && !e->padded && !has_gather(e->read.sub, e->read.tensor->rank);
}

/* The input whose numbers t holds in the same order: itself, or another shape of it, as flatten makes one; or NULL. */
static const Tensor *input_of(const Look *l, const Tensor *t) {
    const Stmts *writers = &l->defined.facts[t->slot].writers;
    if (t->role == ROLE_INPUT) return t;
    const Stmt *s = writers->n == 1 ? writers->at[0] : NULL;
    if (!s || s->add || s->nred || s->nguard || has_gather(s->lhs, t->rank) || !is_read(s->e)) return NULL;
    const Access *from = &s->e->read;
    const Affine to_number = subs_number(s->lhs, t->dim, t->rank);
    if (!affine_equal(to_number, subs_number(from->sub, from->tensor->dim, from->tensor->rank))) return NULL;
    return input_of(l, from->tensor);
}

/* z[o] = sum[i](W[o, i] * x[i]), every element of W once. */
static bool sum_matches(Look *l) {
    const Stmt *s = l->sum;
    if (s->add || s->reduce != REDUCE_SUM || s->nguard || s->e->op != OP_MUL || !lhs_is_plain(s)) return false;
    const bool first = s->e->arg[0]->op == OP_READ && s->e->arg[0]->read.tensor == l->w;
    l->read_w = s->e->arg[!first];
    l->read_x = s->e->arg[first];
    if (!is_read(l->read_w) || l->read_w->read.tensor != l->w || !is_read(l->read_x)) return false;
    if (!is_bare(s, l->read_w->read.sub, l->w->rank) || s->nout + s->nred != l->w->rank) return false;
    l->input = input_of(l, l->read_x->read.tensor);
    return l->input && !l->input->integer && !(l->read_x->indices & lhs_indices(s));
}

/* The dimension of W that index k of the sum walks along. */
static int dim_of(const Look *l, int k) {
    int index = -1, d = -1;
    while (index != k) affine_is_index(l->read_w->read.sub[++d].a, &index);
    return d;
}

/* The index of the update that means what index k of the sum does. */
static int update_index(const Look *l, int k) {
    return l->update->lhs[dim_of(l, k)].a.t[0].index;
}

static void find_x(Look *l) {
    Affine map[INDEX_MAX] = {0};
    l->inner = 0;
    for (int k = 0; k < l->sum->nout + l->sum->nred; k++) {
        map[k] = affine_index(update_index(l, k));
        if (k >= l->sum->nout) l->inner |= 1U << update_index(l, k);
    }
    l->x = expr_substitute(l->each, l->read_x, map);
}

/* a where e = a * x, or NULL. */
static const Expr *factor(const Look *l, const Expr *e) {
    Program *p = l->each;
    const Expr *a, *b;
    if (e == l->x) return expr_num(p, 1);
    switch (e->op) {
    case OP_READ: a = resolve(&l->defined, e); return a ? factor(l, a) : NULL;
    case OP_NEG: a = factor(l, e->arg[0]); return a ? expr_1(p, OP_NEG, a) : NULL;
    case OP_MUL:
        for (int k = 0; k < 2; k++)
            if (!(e->arg[k]->indices & l->inner) && (a = factor(l, e->arg[!k]))) return expr_2(p, OP_MUL, e->arg[k], a);
        return NULL;
    case OP_DIV:
        if (e->arg[1]->indices & l->inner || !(a = factor(l, e->arg[0]))) return NULL;
        return expr_2(p, OP_DIV, a, e->arg[1]);
    case OP_ADD:
    case OP_SUB:
        a = factor(l, e->arg[0]);
        b = a ? factor(l, e->arg[1]) : NULL;
        return b ? expr_2(p, e->op, a, b) : NULL;
    default: return NULL;
    }
}

/* a where the update is  W_next = W + a * x, or NULL. */
static const Expr *update_factor(Look *l) {
    const Stmt *s = l->update;
    if (s->add || s->nred || s->nguard || !lhs_is_plain(s) || (s->e->op != OP_ADD && s->e->op != OP_SUB)) return NULL;
    find_x(l);
    const Expr *w = expr_read(l->each, l->w, s->lhs);
    const int old = s->e->arg[0] != w;
    if (s->e->arg[old] != w || (old && s->e->op == OP_SUB)) return NULL;
    const Expr *a = factor(l, s->e->arg[!old]);
    return a && s->e->op == OP_SUB ? expr_1(l->each, OP_NEG, a) : a;
}

/* ---- what is handed on: the whole, for a block, and the row that `each` sees of it */

typedef struct Passed {
    Tensor *whole, *row;
} Passed;

static const char *free_name(const Look *l, const char *of, const char *what) {
    const char *base = arena_printf(l->each->arena, "%s_%s", of, what), *name = base;
    for (int k = 2; program_find_tensor(l->each, name); k++) name = arena_printf(l->each->arena, "%s_%d", base, k);
    return name;
}

/* A number for each sample and for each place of the dimensions. */
static Passed pass(const Look *l, const char *of, const char *what, int rank, const int *dims) {
    Arena *arena = l->each->arena;
    int dim[RANK_MAX] = {l->block->size};
    for (int d = 0; d < rank; d++) dim[d + 1] = dims[d];
    const char *whole = free_name(l, of, arena_printf(arena, "%ss", what)), *row = free_name(l, of, what);
    const Passed p = {tensor_new(arena, whole, NULL, ROLE_STATE, rank + 1, dim, l->w->origin),
                      tensor_new(arena, row, NULL, ROLE_STATE, rank, dim + 1, l->w->origin)};
    list_push(arena, &l->block->passed, p.whole);
    list_push(arena, &l->block->rows, p.row);
    program_add_tensor(l->each, p.whole);
    program_add_tensor(l->each, p.row);
    return p;
}

/* ---- statements */

/* t[i, j ...] = .. for the whole of t. */
static Stmt *set(Program *p, Tensor *t) {
    program_add_tensor(p, t);
    Stmt *s = program_add_stmt(p, t, subs_identity(p->arena, t->rank));
    stmt_full_box(s);
    return s;
}

/* What takes the place of t, which the program is to compute. */
static Tensor *next_of(Program *p, Tensor *t) {
    const char *name = arena_printf(p->arena, "%s_next", t->name);
    Tensor *next = tensor_new(p->arena, name, t->label, ROLE_NEXT, t->rank, t->dim, t->origin);
    next->next_of = t;
    program_add_tensor(p, t);
    program_add_tensor(p, next);
    list_push(p->arena, &p->roots, next);
    return next;
}

static Stmt *set_next(Program *p, Tensor *t) {
    return set(p, next_of(p, t));
}

static Stmt *set_value(const Look *l, Program *p, const char *what, int rank, const int *dim) {
    const char *name = arena_printf(p->arena, "%s_%s", l->w->name, what);
    return set(p, tensor_new(p->arena, name, l->w->label, ROLE_VALUE, rank, dim, l->w->origin));
}

/* For the reader: its first indices are called so, then those of z as there. */
static void name_indices(const Look *l, Stmt *s, const char *first, const char *second) {
    const char *const names[] = {first, second};
    int k = 0;
    while (k < 2 && names[k]) s->ix[k].name = names[k], k++;
    for (int d = 0; k < s->nout; d++, k++) s->ix[k].name = l->sum->ix[l->sum->lhs[d].a.t[0].index].name;
}

/* s becomes a sum over the same indices as that of z, or over the samples of the block. */
static void sum_over(Stmt *s, const Index *ix, int n) {
    s->reduce = REDUCE_SUM;
    for (int k = 0; k < n; k++) s->ix[s->nout + s->nred++] = ix[k];
}

static void sum_over_inner(const Look *l, Stmt *s) {
    sum_over(s, l->sum->ix + l->sum->nout, l->sum->nred);
}

static void sum_over_samples(const Look *l, Stmt *s) {
    sum_over(s, &(Index){.name = "t", .hi = l->block->size}, 1);
}

/* Where the sum's indices are `at`: x of sample t. */
static const Expr *sample(const Look *l, Program *p, Affine t, const Affine *at) {
    const Tensor *x = l->read_x->read.tensor;
    Sub own[RANK_MAX] = {0};
    for (int d = 0; d < x->rank; d++) own[d].a = affine_substitute(l->read_x->read.sub[d].a, at);
    const Affine number = subs_number(own, x->dim, x->rank), offset = affine_const(l->input->offset);
    program_add_tensor(p, l->block->samples);
    return expr_read(p, l->block->samples, (Sub[]){{.a = t}, {.a = affine_add(number, offset)}});
}

static const Expr *weight(const Look *l, Program *p, const Affine *at) {
    Sub sub[RANK_MAX] = {0};
    for (int d = 0; d < l->w->rank; d++) sub[d].a = affine_substitute(l->read_w->read.sub[d].a, at);
    program_add_tensor(p, l->w);
    return expr_read(p, l->w, sub);
}

/* whole[t, o], a number for each output of the sum. */
static const Expr *output(const Look *l, Program *p, Tensor *whole, int t, const Affine *at) {
    Sub sub[RANK_MAX] = {{.a = affine_index(t)}};
    for (int d = 0; d + 1 < whole->rank; d++) sub[d + 1].a = affine_substitute(l->sum->lhs[d].a, at);
    program_add_tensor(p, whole);
    return expr_read(p, whole, sub);
}

/* The sum's indices in a statement whose first ones are others: outputs as z has them, if there are any, then the inner ones.
 */
static void place_indices(const Look *l, int first, bool outputs, Affine *at) {
    for (int d = 0; d < l->sum->nout; d++) at[l->sum->lhs[d].a.t[0].index] = affine_index(first + d);
    for (int k = l->sum->nout; k < l->sum->nout + l->sum->nred; k++)
        at[k] = affine_index(first + k - (outputs ? 0 : l->sum->nout));
}

/* ---- the programs */

/* start[t, o] = sum[i](W[o, i] * x[t, i]) */
static void add_start(const Look *l, Tensor *start) {
    Affine at[INDEX_MAX] = {0};
    Stmt *s = set_next(l->ahead, start);
    name_indices(l, s, "s", NULL);
    sum_over_inner(l, s);
    place_indices(l, 1, true, at);
    s->e = expr_2(l->ahead, OP_MUL, weight(l, l->ahead, at), sample(l, l->ahead, affine_index(0), at));
}

/* 1 where t < s, else 0: a tensor, as what asks where it stands at every point does not run in vectors. */
static const Expr *earlier(const Look *l, Program *p, Tensor **made, const Sub *point) {
    const int n = l->block->size, dim[2] = {n, n};
    if (!*made) {
        double *values = arena_many(p->arena, n * n, double);
        for (int k = 0; k < n * n; k++) values[k] = k % n < k / n;
        *made = tensor_new(p->arena, free_name(l, l->w->name, "earlier"), NULL, ROLE_CONSTANT, 2, dim, l->w->origin);
        (*made)->values = values;
        program_add_tensor(p, *made);
    }
    return expr_read(p, *made, point);
}

/* to[s + from, t + first] = ..  for PIECE samples s and n samples t. */
static Stmt *set_piece(Program *p, Tensor *to, int from, int first, int n) {
    const int start[2] = {from, first};
    Sub *at = arena_many(p->arena, 2, Sub);
    for (int d = 0; d < 2; d++) {
        at[d].a = affine_index(d);
        at[d].a.c = start[d];
    }
    Stmt *s = program_add_stmt(p, to, at);
    s->nout = 2;
    s->ix[0] = (Index){.name = "s", .hi = PIECE};
    s->ix[1] = (Index){.name = "t", .hi = n};
    return s;
}

/* Of PIECE samples with those before them and with each other:
 *
 *     all[s, t] = sum[i](x[s + from, i] * x[t, i])
 *     products[s + from, t] = all[s, t]  where t < s + from, else 0 */
static void add_piece(const Look *l, Tensor *products, Tensor **before, int from) {
    Affine at[INDEX_MAX] = {0}, sample_s = affine_index(0);
    Program *p = l->ahead;
    const int n = from + PIECE;
    Stmt *all = set_value(l, p, arena_printf(p->arena, "products_%d", from), 2, (int[]){PIECE, n});
    name_indices(l, all, "s", "t");
    sum_over_inner(l, all);
    place_indices(l, 2, false, at);
    sample_s.c = from;
    all->e = expr_2(p, OP_MUL, sample(l, p, sample_s, at), sample(l, p, affine_index(1), at));
    Stmt *s = set_piece(p, products, from, 0, n);
    s->e = expr_3(p, OP_SELECT, earlier(l, p, before, s->lhs), expr_read(p, all->to, all->lhs), expr_num(p, 0));
}

/* products[s, t] = sum[i](x[s, i] * x[t, i])  where t < s, else 0: in pieces, as nearly half of them are not asked for. */
static void add_products(const Look *l, Tensor *products) {
    Program *p = l->ahead;
    Tensor *next = next_of(p, products), *before = NULL;
    for (int from = 0; from < l->block->size; from += PIECE) {
        const int rest = l->block->size - from - PIECE;
        add_piece(l, next, &before, from);
        if (rest) set_piece(p, next, from, from + PIECE, rest)->e = expr_num(p, 0);
    }
}

/* changes[s, o] = 0, until they are known */
static void clear_changes(const Look *l, Tensor *changes) {
    Stmt *s = set_next(l->ahead, changes);
    name_indices(l, s, "s", NULL);
    s->e = expr_num(l->ahead, 0);
}

/* z[o] = start[o] + sum[t](changes[t, o] * products[t]) */
static void correct_sum(const Look *l, Passed start, Passed products, Passed changes) {
    Affine at[INDEX_MAX] = {0};
    Program *p = l->each;
    const int rank = start.row->rank;
    Stmt *later = set_value(l, p, "later", rank, start.row->dim);
    name_indices(l, later, NULL, NULL);
    sum_over_samples(l, later);
    place_indices(l, 0, true, at);
    later->e =
        expr_2(p, OP_MUL, output(l, p, changes.whole, rank, at), expr_read(p, products.row, &(Sub){.a = affine_index(rank)}));
    l->sum->reduce = REDUCE_NONE;
    l->sum->nred = 0;
    l->sum->e = expr_2(p, OP_ADD, expr_read(p, start.row, l->sum->lhs), expr_read(p, later->to, l->sum->lhs));
}

/* changes[at, o] = a[o] */
static void keep_change(const Look *l, Tensor *row, const Expr *a) {
    Affine at[INDEX_MAX] = {0};
    Stmt *s = set_next(l->each, row);
    name_indices(l, s, NULL, NULL);
    for (int d = 0; d < row->rank; d++) at[update_index(l, l->sum->lhs[d].a.t[0].index)] = affine_index(d);
    s->e = expr_substitute(l->each, a, at);
}

/* W = W + sum[t](changes[t, o] * x[t, i]) */
static void add_update(const Look *l, Tensor *changes) {
    Affine at[INDEX_MAX] = {0};
    Program *p = l->settle;
    Stmt *sum = set_value(l, p, "change", l->w->rank, l->w->dim);
    sum_over_samples(l, sum);
    for (int k = 0; k < l->w->rank; k++) {
        at[k] = affine_index(dim_of(l, k));
        sum->ix[dim_of(l, k)].name = l->sum->ix[k].name;
    }
    sum->e = expr_2(p, OP_MUL, output(l, p, changes, l->w->rank, at), sample(l, p, affine_index(l->w->rank), at));
    Stmt *s = set_next(p, l->w);
    s->e = expr_2(p, OP_ADD, expr_read(p, l->w, s->lhs), expr_read(p, sum->to, s->lhs));
}

static void drop_root(Program *p, const Tensor *t) {
    int n = 0;
    for (int k = 0; k < p->roots.n; k++)
        if (p->roots.at[k] != t) p->roots.at[n++] = p->roots.at[k];
    p->roots.n = n;
}

static void look_ahead(const Look *l, const Expr *a) {
    const Tensor *z = l->sum->to;
    const Passed start = pass(l, z->name, "start", z->rank, z->dim);
    const Passed products = pass(l, l->w->name, "product", 1, (int[]){l->block->size});
    const Passed changes = pass(l, l->w->name, "change", z->rank, z->dim);
    add_start(l, start.whole);
    add_products(l, products.whole);
    clear_changes(l, changes.whole);
    add_update(l, changes.whole);
    keep_change(l, changes.row, a);
    drop_root(l->each, l->update->to);
    correct_sum(l, start, products, changes);
}

/* ---- the choice */

static long long bytes_of(const Plan *plan, long long numbers) {
    return numbers * plan_real_bytes(plan);
}

/* Small ones are no burden. */
static bool is_large(const Plan *plan, const Tensor *w) {
    return bytes_of(plan, tensor_size(w)) >= AHEAD_BYTES;
}

/* The more samples, the less often weights that the first cache does not hold come from the second one, but the more products
 * of two samples there are. Rows of samples a multiple of CACHE_WAY apart compete for lines of which there are some ten. */
static int block_size(const Plan *plan) {
    enum { FEW = 8, MANY = 16 };
    long long most = 0;
    for (int k = 0; k < plan->model->params.n; k++)
        if (tensor_size(plan->model->params.at[k]) > most) most = tensor_size(plan->model->params.at[k]);
    return bytes_of(plan, most) < CACHE_BYTES || bytes_of(plan, plan->model->inputs) % CACHE_WAY == 0 ? FEW : MANY;
}

static void finish(Program *p) {
    p->final = true;
    program_simplify(p);
    program_order(p);
    program_verify(p, "plan");
}

static Block *block_new(const Plan *plan) {
    const Model *m = plan->model;
    Block *b = arena_one(plan->arena, Block);
    const int dim[2] = {b->size = block_size(plan), m->inputs};
    b->each = program_copy(m->train, "train_each");
    b->each->role = PROGRAM_EACH;
    b->ahead = program_new(plan->arena, PROGRAM_AHEAD, "train_ahead", 1);
    b->settle = program_new(plan->arena, PROGRAM_SETTLE, "train_settle", 1);
    b->samples = tensor_new(plan->arena, m->input_list.at[0]->name, NULL, ROLE_INPUT, 2, dim, m->input_list.at[0]->origin);
    return b;
}

void plan_ahead(Plan *plan) {
    const Model *m = plan->model;
    if (!m->train || m->batch != 1 || plan->unrolled || !plan->options.vector_bytes) return;
    Block *b = block_new(plan);
    Look l = {.block = b, .each = b->each, .ahead = b->ahead, .settle = b->settle};
    for (int k = 0; k < m->params.n; k++) {
        if (!is_large(plan, l.w = m->params.at[k]) || !find_statements(&l)) continue;
        l.defined = (Simplify){.p = b->each, .scratch = plan->arena};
        facts_collect(&l.defined);
        const Expr *a = sum_matches(&l) ? update_factor(&l) : NULL;
        if (a) look_ahead(&l, a);
    }
    if (!b->passed.n) return;
    finish(b->ahead);
    finish(b->each);
    finish(b->settle);
    plan_spread(plan, b->each);
    plan->block = b;
}
