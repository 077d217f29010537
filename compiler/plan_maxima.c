/* plan_maxima: what only a maximum over windows reads is worked out window by window, and needs no memory:
 *
 *     c_sum[i, j] = sum[k](w[i, k] * x[j + k])
 *     c[i, j] = f(c_sum[i, j])
 *     m[i, p] = max[k](c[i, 2 p + k])
 *     m_first[i, p] = argmax[k](c[i, 2 p + k])
 *
 * becomes, with statements of their own for the places of a window,
 *
 *     c_sum_0[i, p] = sum[k](w[i, k] * x[2 p + k])          c_0[i, p] = f(c_sum_0[i, p])
 *     c_sum_1[i, p] = sum[k](w[i, k] * x[2 p + 1 + k])      c_1[i, p] = f(c_sum_1[i, p])
 *     m[i, p] = max(c_0[i, p], c_1[i, p])
 *     m_place[i, p] = if c_0[i, p] == m[i, p] then 0 else 1
 *
 * which share one loop nest. The position is a number like others, that is compared with the numbers of places. */
#include "plan_windows.h"
#include <string.h>

enum {
    MOST_PLACES = 4, /* the text grows with them */
    MOST_CHAIN = 8
};

typedef struct Maximum {
    Stmt *max, *position;     /* position: or NULL */
    Stmts chain;              /* what is worked out for each place, the last of it first */
    Tensor *made[MOST_CHAIN]; /* for the place being written, instead of what the chain's statements write */
    Stmts stmts;              /* those that are made */
} Maximum;

/* ---- what may be moved */

static Stmt *position_of(const Program *p, const Stmt *max) {
    const Reduce wanted = max->reduce == REDUCE_MAX ? REDUCE_ARGMAX : REDUCE_ARGMIN;
    for (int k = 0; k < p->stmts.n; k++) {
        Stmt *s = p->stmts.at[k];
        if (s->reduce == wanted && s->e == max->e && !s->add && !s->nguard && windows_same_box(s, max) && windows_whole_box(s))
            return s;
    }
    return NULL;
}

/* A window of each element of a large value: no element twice. */
static bool is_maximum(const Windows *x, const Stmt *s) {
    const bool extreme = s->reduce == REDUCE_MAX || s->reduce == REDUCE_MIN;
    if (!extreme || s->add || s->nguard || s->e->op != OP_READ || !windows_whole_box(s) || s->e->read.tensor->integer)
        return false;
    const Tensor *t = s->e->read.tensor;
    const long long bytes = tensor_size(t) * plan_real_bytes(x->plan);
    if (box_points(s->ix, reduced_indices(s)) > MOST_PLACES || bytes < CACHE_BYTES) return false;
    for (int d = 0; d < t->rank; d++)
        if (s->e->read.sub[d].gather || !affine_within(s->e->read.sub[d].a, s->ix, 0, t->dim[d])) return false;
    return plan_stmt_points(s, true) <= tensor_size(t);
}

typedef struct Positions {
    const Tensor *of;
    int tests;
} Positions;

static void find_test(const Expr *e, void *context) {
    Positions *w = context;
    w->tests += e->op == OP_EQ && expr_is_position_test(e) && e->arg[0]->read.tensor == w->of;
}

/* Are all that ask for the position comparisons with a number? */
static bool only_tested(Windows *x, const Stmt *position) {
    windows_list_readers(x, position->to);
    for (int k = 0; k < x->readers.n; k++) {
        FindRead f = {.of = position->to};
        Positions w = {position->to, 0};
        stmt_reads(x->readers.at[k], windows_find_read, &f);
        expr_nodes(x->readers.at[k]->e, find_test, &w);
        if (f.n != w.tests || x->readers.at[k]->derivative || !windows_in_order(x->p, x->readers.at[k])) return false;
    }
    return windows_is_own(x->p, position);
}

static bool has(const Stmts *list, const Stmt *s) {
    for (int k = 0; k < list->n; k++)
        if (list->at[k] == s) return true;
    return false;
}

/* The statement that writes t, if none but what is moved already reads it. */
static Stmt *movable(Windows *x, const Maximum *m, const Tensor *t) {
    Stmt *s = tensor_is_computed(t) ? windows_writer_of(x->p, t) : NULL;
    const bool plain = s && !s->add && !s->nguard && !s->builtin && (s->reduce == REDUCE_NONE || s->reduce == REDUCE_SUM);
    if (!plain || t->integer || !windows_whole_box(s) || !windows_is_own(x->p, s)) return NULL;
    windows_list_readers(x, t);
    for (int k = 0; k < x->readers.n; k++) {
        const Stmt *r = x->readers.at[k];
        if (r != m->max && r != m->position && !has(&m->chain, r)) return NULL;
    }
    return s;
}

typedef struct Own {
    Windows *x;
    const Maximum *m;
    const Stmt *s;
    Stmt *found;
} Own;

static void find_movable(const Expr *read, void *context) {
    Own *w = context;
    const Tensor *t = read->read.tensor;
    if (!w->found && t->rank && !read->padded && plan_is_own_point(w->s, read->read.sub, t->rank))
        w->found = movable(w->x, w->m, t);
}

/* From what the maximum reads down to a sum. */
static bool find_chain(Windows *x, Maximum *m) {
    Stmt *s = movable(x, m, m->max->e->read.tensor);
    while (s && m->chain.n < MOST_CHAIN) {
        list_push(x->p->arena, &m->chain, s);
        if (s->reduce == REDUCE_SUM) return s->nout + s->nred <= INDEX_MAX;
        Own w = {x, m, s, NULL};
        expr_reads(s->e, find_movable, &w);
        s = w.found;
    }
    return false;
}

/* ---- the statements of a place */

typedef struct Renamed {
    const Maximum *m;
    const Sub *own; /* every element of the windows' own */
} Renamed;

static const Expr *renamed(Program *p, const Expr *e, void *context) {
    const Renamed *w = context;
    for (int k = 0; e->op == OP_READ && k < w->m->chain.n; k++)
        if (w->m->chain.at[k]->to == e->read.tensor) return expr_read(p, w->m->made[k], w->own);
    return e;
}

static Tensor *tensor_like(Windows *x, const Maximum *m, const Tensor *t, const char *name) {
    const Tensor *like = m->max->to;
    Tensor *made = tensor_new(x->p->arena, name, name, t->role, like->rank, like->dim, t->origin);
    made->per_sample = like->per_sample;
    return made;
}

static Stmt *new_stmt(Windows *x, Maximum *m, Tensor *to, const Stmt *like) {
    Stmt *s = arena_one(x->p->arena, Stmt);
    *s = (Stmt){.to = to, .lhs = subs_identity(x->p->arena, to->rank), .origin = like->origin, .number = x->next++};
    stmt_full_box(s);
    memcpy(s->ix, m->max->ix, (size_t)m->max->nout * sizeof *s->ix);
    list_push(x->p->arena, &m->stmts, s);
    return s;
}

/* Statement k of the chain, where the maximum reads at `at`. */
static void make_stmt(Windows *x, Maximum *m, int k, int place, const Affine *at) {
    const Stmt *from = m->chain.at[k];
    Affine map[INDEX_MAX];
    m->made[k] = tensor_like(x, m, from->to, arena_printf(x->p->arena, "%s_%d", from->to->name, place));
    Stmt *s = new_stmt(x, m, m->made[k], from);
    for (int d = 0; d < from->nout; d++) map[d] = at[d];
    for (int r = 0; r < from->nred; r++) {
        map[from->nout + r] = affine_index(s->nout + r);
        s->ix[s->nout + r] = from->ix[from->nout + r];
    }
    s->nred = from->nred;
    s->reduce = from->reduce;
    s->e = expr_rewrite(x->p, expr_substitute(x->p, from->e, map), renamed, &(Renamed){m, s->lhs});
}

static const Expr *make_place(Windows *x, Maximum *m, int place, const int *point) {
    const Stmt *max = m->max;
    Affine map[INDEX_MAX], at[RANK_MAX];
    for (int k = 0; k < max->nout + max->nred; k++) map[k] = k < max->nout ? affine_index(k) : affine_const(point[k]);
    for (int d = 0; d < max->e->read.tensor->rank; d++) at[d] = affine_substitute(max->e->read.sub[d].a, map);
    for (int k = m->chain.n - 1; k >= 0; k--) make_stmt(x, m, k, place, at);
    return expr_read(x->p, m->made[0], max->lhs);
}

/* ---- the program */

typedef struct Asked {
    const Tensor *of;
    Tensor *by;
} Asked;

static const Expr *ask_place(Program *p, const Expr *e, void *context) {
    const Asked *w = context;
    return e->op == OP_READ && e->read.tensor == w->of ? expr_read(p, w->by, e->read.sub) : e;
}

static void replace_expr(Program *p, const Stmt *s, const Expr *e) {
    Stmt *by = arena_one(p->arena, Stmt);
    *by = *s;
    by->e = e;
    windows_replace(p, s, by);
}

/* What is made stands in place of the maximum. */
static void put_stmts(Windows *x, const Maximum *m) {
    Items order = {0};
    Stmts stmts = {0};
    for (int k = 0; k < x->p->order.n; k++) {
        const Item item = x->p->order.at[k];
        for (int j = 0; item.stmt == m->max && j < m->stmts.n; j++)
            list_push(x->p->arena, &order, ((Item){.stmt = m->stmts.at[j]}));
        if (!item.stmt || (item.stmt != m->max && item.stmt != m->position && !has(&m->chain, item.stmt)))
            list_push(x->p->arena, &order, item);
    }
    for (int k = 0; k < x->p->stmts.n; k++) {
        Stmt *s = x->p->stmts.at[k];
        for (int j = 0; s == m->max && j < m->stmts.n; j++) list_push(x->p->arena, &stmts, m->stmts.at[j]);
        if (s != m->max && s != m->position && !has(&m->chain, s)) list_push(x->p->arena, &stmts, s);
    }
    x->p->order = order;
    x->p->stmts = stmts;
}

/* The first place whose value is the extreme. */
static void put_position(Windows *x, Maximum *m, const Expr *const *value, int places) {
    Program *p = x->p;
    const Expr *extreme = expr_read(p, m->max->to, m->max->lhs), *place = expr_num(p, places - 1);
    const char *name = arena_printf(p->arena, "%s_place", m->max->to->name);
    Tensor *to = tensor_like(x, m, m->max->to, name);
    for (int k = places - 2; k >= 0; k--)
        place = expr_3(p, OP_SELECT, expr_2(p, OP_EQ, value[k], extreme), expr_num(p, k), place);
    new_stmt(x, m, to, m->position)->e = place;
    windows_list_readers(x, m->position->to);
    for (int k = 0; k < x->readers.n; k++) {
        const Stmt *s = x->readers.at[k];
        replace_expr(p, s, expr_rewrite(p, s->e, ask_place, &(Asked){m->position->to, to}));
    }
}

static void make_windows(Windows *x, Maximum *m) {
    const Expr *value[MOST_PLACES], *extreme = NULL;
    const unsigned places = reduced_indices(m->max);
    int point[INDEX_MAX], n = 0;
    for (bool more = box_first(m->max->ix, places, point); more; more = box_next(m->max->ix, places, point)) {
        value[n] = make_place(x, m, n, point);
        extreme = extreme ? expr_2(x->p, m->max->reduce == REDUCE_MAX ? OP_MAX : OP_MIN, extreme, value[n]) : value[n];
        n++;
    }
    new_stmt(x, m, m->max->to, m->max)->e = extreme;
    if (m->position) put_position(x, m, value, n);
    put_stmts(x, m);
    x->changed = true;
}

void plan_maxima(Windows *x) {
    const Stmts stmts = x->p->stmts;
    for (int k = 0; k < stmts.n; k++) {
        if (!is_maximum(x, stmts.at[k])) continue;
        Maximum m = {.max = stmts.at[k], .position = position_of(x->p, stmts.at[k])};
        if ((!m.position || only_tested(x, m.position)) && find_chain(x, &m)) make_windows(x, &m);
    }
}
