/* plan_windows: values that are 0 but at one place of each window, as the gradient of what a maximum was taken of:
 *
 *     d_c[i, 2 p + k] = if first[i, p] == k then d[i, p] else 0
 *     d_z[i, j] = if 0 < c[i, j] then d_c[i, j] else 0
 *     d_w[o] = sum[i, j](d_z[i, j] * x[i, j + o])
 *
 * Where only sums over all windows read them, they need not be stored: the sums run window by window,
 *
 *     d_z_most[i, p] = if 0 < m[i, p] then d[i, p] else 0
 *     d_w[o] = sum[i, p, k]((if first[i, p] == k then d_z_most[i, p] else 0) * x[i, 2 p + k + o])
 *
 * in the same order. What stands at the position of a maximum is the maximum: c[i, 2 p + k] is m[i, p] where first[i, p] is k.
 */
#include "plan_windows.h"
#include <string.h>

typedef struct Window { /* value[i, p] at the place of the window that the test says, 0 at the others */
    Stmt *by;           /* to[lhs], which goes over the windows and their places */
    const Expr *test;   /* first[i, p] == the number of the place */
    const Expr *value;
    unsigned places; /* the indices that go through a window */
} Window;

/* ---- what is 0 but at one place */

static bool is_plain(const Stmt *s) {
    return s->reduce == REDUCE_NONE && !s->builtin && !s->add && !s->nguard;
}

/* Every index once, and from 0 on. */
static bool indices_apart(const Stmt *s) {
    unsigned seen = 0;
    for (int d = 0; d < s->to->rank; d++) {
        if (s->lhs[d].gather || (seen & sub_indices(&s->lhs[d]))) return false;
        seen |= sub_indices(&s->lhs[d]);
    }
    for (int k = 0; k < s->nout; k++)
        if (s->ix[k].lo) return false;
    return seen == lhs_indices(s);
}

static bool find_window(Stmt *s, Window *w) {
    const Expr *e = s->e;
    if (!is_plain(s) || e->op != OP_SELECT || !expr_is_position_test(e->arg[0]) || !expr_is_num(e->arg[2], 0)) return false;
    *w = (Window){s, e->arg[0], e->arg[1], lhs_indices(s)};
    const Access *first = &w->test->arg[0]->read;
    for (int d = 0; d < first->tensor->rank; d++) {
        int k;
        if (first->sub[d].gather || !affine_is_index(first->sub[d].a, &k) || !(w->places >> k & 1)) return false;
        w->places &= ~(1U << k);
    }
    const Affine *number = &w->test->arg[1]->affine;
    int min, max;
    affine_range(*number, s->ix, &min, &max);
    return indices_apart(s) && !(w->value->indices & w->places) && is_mixed_radix(number, s->ix, w->places) && min == 0 &&
           max + 1 == box_points(s->ix, w->places) && max < first->tensor->values_below;
}

/* ---- what follows it element by element */

static bool is_zero_with(const Expr *e, const Tensor *zero) {
    switch (e->op) {
    case OP_READ: return e->read.tensor == zero;
    case OP_NUM: return e->num == 0;
    case OP_MUL: return is_zero_with(e->arg[0], zero) || is_zero_with(e->arg[1], zero);
    case OP_NEG:
    case OP_DIV: return is_zero_with(e->arg[0], zero);
    case OP_ADD:
    case OP_SUB: return is_zero_with(e->arg[0], zero) && is_zero_with(e->arg[1], zero);
    case OP_SELECT: return is_zero_with(e->arg[1], zero) && is_zero_with(e->arg[2], zero);
    default: return false;
    }
}

Stmt *windows_writer_of(const Program *p, const Tensor *t) {
    for (int k = 0; k < p->stmts.n; k++)
        if (p->stmts.at[k]->to == t) return p->stmts.at[k];
    return NULL;
}

bool windows_same_box(const Stmt *a, const Stmt *b) {
    if (a->nout != b->nout || a->nred != b->nred) return false;
    for (int k = 0; k < a->nout + a->nred; k++)
        if (a->ix[k].lo != b->ix[k].lo || a->ix[k].hi != b->ix[k].hi) return false;
    return true;
}

/* The maximum (or minimum) whose position s is, or NULL. */
static Tensor *extreme_of(const Program *p, const Stmt *s) {
    for (int k = 0; k < p->stmts.n; k++) {
        const Stmt *m = p->stmts.at[k];
        const bool both =
            (s->reduce == REDUCE_ARGMAX && m->reduce == REDUCE_MAX) || (s->reduce == REDUCE_ARGMIN && m->reduce == REDUCE_MIN);
        if (!both || m->e != s->e || m->add || m->nguard || !windows_same_box(m, s)) continue;
        bool same = m->to->rank == s->to->rank;
        for (int d = 0; d < s->to->rank && same; d++) same = sub_equal(&m->lhs[d], &s->lhs[d]);
        if (same) return m->to;
    }
    return NULL;
}

/* What is read where the position is found, in terms of the window's indices: into `at`; its tensor, or NULL. */
static const Tensor *read_at_position(const Window *w, const Stmt *s, Affine *at) {
    Affine map[INDEX_MAX];
    int k;
    if (s->e->op != OP_READ || s->add || s->nguard || has_gather(s->e->read.sub, s->e->read.tensor->rank)) return NULL;
    for (int d = 0; d < s->to->rank; d++) {
        if (s->lhs[d].gather || !affine_is_index(s->lhs[d].a, &k)) return NULL;
        map[k] = w->test->arg[0]->read.sub[d].a;
    }
    const Affine number = reduced_number(s), *test = &w->test->arg[1]->affine;
    for (int r = s->nout; r < s->nout + s->nred; r++) {
        map[r] = affine_const(s->ix[r].lo);
        for (int j = 0; j < test->n; j++)
            if (test->t[j].coef == affine_coef(number, r) && s->ix[r].hi - s->ix[r].lo == w->by->ix[test->t[j].index].hi)
                map[r] = affine_add(affine_index(test->t[j].index), map[r]);
    }
    for (int d = 0; d < s->e->read.tensor->rank; d++) at[d] = affine_substitute(s->e->read.sub[d].a, map);
    return s->e->read.tensor;
}

typedef struct AtPosition {
    const Window *w;
    const Tensor *from; /* reads of it at `at` are the extreme */
    const Affine *at;
    const Expr *extreme;
} AtPosition;

static const Expr *at_position(Program *p, const Expr *e, void *context) {
    const AtPosition *a = context;
    (void)p;
    if (e->op != OP_READ) return e;
    if (e->read.tensor == a->w->by->to) return a->w->value;
    if (e->read.tensor != a->from) return e;
    for (int d = 0; d < a->from->rank; d++)
        if (e->read.sub[d].gather || !affine_equal(e->read.sub[d].a, a->at[d])) return e;
    return a->extreme;
}

bool windows_whole_box(const Stmt *s) {
    for (int d = 0; d < s->nout; d++)
        if (s->ix[d].lo || s->ix[d].hi != s->to->dim[d]) return false;
    return plan_is_own_point(s, s->lhs, s->to->rank);
}

typedef struct OwnReads {
    const Stmt *s;
    bool own;
} OwnReads;

static void find_own(const Expr *read, void *context) {
    OwnReads *r = context;
    const int rank = read->read.tensor->rank;
    r->own =
        r->own && !read->padded && !read->read.tensor->integer && (rank == 0 || plan_is_own_point(r->s, read->read.sub, rank));
}

/* s reads the window's tensor point by point: what it writes is one in its place. */
static bool follow(Program *p, Window *w, Stmt *s) {
    Affine map[INDEX_MAX], at[RANK_MAX];
    OwnReads r = {s, is_plain(s) && windows_whole_box(s)};
    if (r.own) expr_reads(s->e, find_own, &r);
    if (!r.own || !is_zero_with(s->e, w->by->to)) return false;
    for (int d = 0; d < s->nout; d++) map[d] = w->by->lhs[d].a;
    const Stmt *position = windows_writer_of(p, w->test->arg[0]->read.tensor);
    Tensor *extreme = position ? extreme_of(p, position) : NULL;
    AtPosition a = {.w = w, .at = at};
    if (extreme) a.from = read_at_position(w, position, at);
    if (a.from) a.extreme = expr_read(p, extreme, w->test->arg[0]->read.sub);
    const Expr *value = expr_rewrite(p, expr_substitute(p, s->e, map), at_position, &a);
    if (value->indices & w->places) return false;
    Stmt *moved = arena_one(p->arena, Stmt);
    *moved = *w->by;
    moved->to = s->to;
    moved->origin = s->origin;
    moved->number = s->number;
    w->by = moved;
    w->value = value;
    return true;
}

/* ---- sums that read it */

void windows_find_read(const Expr *read, void *context) {
    FindRead *f = context;
    f->n += read->read.tensor == f->of;
    if (read->read.tensor == f->of) f->read = read;
}

void windows_list_readers(Windows *x, const Tensor *t) {
    x->readers = (Stmts){0};
    for (int k = 0; k < x->p->stmts.n; k++) {
        FindRead f = {.of = t};
        stmt_reads(x->p->stmts.at[k], windows_find_read, &f);
        if (f.n) list_push(x->p->arena, &x->readers, x->p->stmts.at[k]);
    }
}

/* Is it a sum that reads each element of w's tensor once for each point of its other indices? */
static bool sums_windows(const Window *w, const Stmt *s) {
    const Tensor *t = w->by->to;
    FindRead f = {.of = t};
    unsigned seen = 0;
    expr_reads(s->e, windows_find_read, &f);
    if (f.n != 1 || f.read->padded || s->reduce != REDUCE_SUM || s->nguard || s->builtin) return false;
    for (int d = 0; d < t->rank; d++) {
        const Sub *sub = &f.read->read.sub[d];
        int k, whole;
        if (sub->gather || !affine_is_index(sub->a, &k) || seen >> k & 1 || s->ix[k].lo || s->ix[k].hi != t->dim[d])
            return false;
        if (!affine_is_index(w->by->lhs[d].a, &whole) && k < s->nout) return false;
        seen |= 1U << k;
    }
    return true;
}

/* About how often would an element be found out? Once for as many of the sum's other points as a tile has sums. */
static double evaluations(const Windows *x, const Window *w, const Stmt *s) {
    enum { NO_SUMS = 7 }; /* registers for other things */
    const double uses = (double)plan_stmt_points(s, true) / (double)tensor_size(w->by->to);
    const double in_a_tile = x->plan->options.registers - NO_SUMS;
    return uses < in_a_tile ? 1 : uses / in_a_tile;
}

static const char *free_name(const Program *p, const Stmt *s, const char *name) {
    const char *base = name;
    for (int n = 2, k = 0; k < s->nout + s->nred; k++)
        if (!strcmp(s->ix[k].name, name)) {
            name = arena_printf(p->arena, "%s_%d", base, n++);
            k = -1;
        }
    return name;
}

/* The sum with the window's indices in place of those that it read the tensor with; `at`: what each of the window's is now. */
static Stmt *split_sum(Program *p, const Window *w, const Stmt *s, const Expr *read, Affine *at) {
    Affine map[INDEX_MAX];
    Stmt *to = arena_one(p->arena, Stmt);
    *to = *s;
    to->nred = 0;
    for (int k = 0; k < s->nout; k++) map[k] = affine_index(k);
    int dim[INDEX_MAX];
    memset(dim, -1, sizeof dim);
    for (int d = 0; d < w->by->to->rank; d++) dim[read->read.sub[d].a.t[0].index] = d;
    for (int k = 0; k < s->nout + s->nred; k++) {
        const Affine *lhs = dim[k] < 0 ? NULL : &w->by->lhs[dim[k]].a;
        int one;
        if (!lhs || affine_is_index(*lhs, &one)) {
            if (k >= s->nout) map[k] = affine_index(s->nout + to->nred);
            if (k >= s->nout) to->ix[s->nout + to->nred++] = s->ix[k];
            if (lhs) at[one] = map[k];
            continue;
        }
        for (int j = 0; j < lhs->n; j++) {
            Index ix = w->by->ix[lhs->t[j].index];
            ix.name = free_name(p, to, ix.name);
            at[lhs->t[j].index] = affine_index(s->nout + to->nred);
            to->ix[s->nout + to->nred++] = ix;
        }
        map[k] = affine_substitute(*lhs, at);
    }
    to->e = expr_substitute(p, s->e, map);
    return to;
}

typedef struct Put {
    const Tensor *of;
    const Expr *by;
} Put;

static const Expr *put_read(Program *p, const Expr *e, void *context) {
    const Put *put = context;
    (void)p;
    return e->op == OP_READ && e->read.tensor == put->of ? put->by : e;
}

static int most_indices(const Window *w, const Stmt *s) {
    return s->nout + s->nred + w->by->nout - w->by->to->rank;
}

/* Does a sum go over all places of a window? An element of its own for a place, as the bias of each, has that place only. */
static bool sums_places(const Window *w, const Stmt *s, const Affine *at) {
    int place;
    for (int k = 0; k < w->by->nout; k++)
        if (w->places >> k & 1 && (!affine_is_index(at[k], &place) || place < s->nout)) return false;
    return true;
}

/* Of a sum of nothing else one place of each window is left. */
static void drop_places(Program *p, const Window *w, Stmt *s, const Affine *at, const Expr *value) {
    Affine map[INDEX_MAX];
    int n = 0, place;
    unsigned places = 0;
    for (int k = 0; k < w->by->nout; k++)
        if (w->places >> k & 1 && affine_is_index(at[k], &place)) places |= 1U << place;
    for (int k = 0; k < s->nout; k++) map[k] = affine_index(k);
    for (int k = s->nout; k < s->nout + s->nred; k++) {
        map[k] = affine_index(s->nout + n);
        if (!(places >> k & 1)) s->ix[s->nout + n++] = s->ix[k];
    }
    s->nred = n;
    s->e = expr_substitute(p, value, map);
}

static Stmt *sum_by_windows(Program *p, const Window *w, const Stmt *s) {
    Affine at[INDEX_MAX] = {0};
    FindRead f = {.of = w->by->to};
    expr_reads(s->e, windows_find_read, &f);
    Stmt *to = split_sum(p, w, s, f.read, at);
    const Expr *value = expr_substitute(p, w->value, at);
    if (s->e == f.read && most_indices(w, s) > s->nout + 2 && sums_places(w, to, at))
        drop_places(p, w, to, at, value);
    else
        to->e = expr_rewrite(p, to->e, put_read,
                             &(Put){w->by->to, expr_3(p, OP_SELECT, expr_substitute(p, w->test, at), value, expr_num(p, 0))});
    return to;
}

/* ---- the program */

static int item_of(const Program *p, const Stmt *s) {
    for (int k = 0; k < p->order.n; k++)
        if (p->order.at[k].stmt == s) return k;
    return -1;
}

bool windows_in_order(const Program *p, const Stmt *s) {
    return item_of(p, s) >= 0;
}

void windows_replace(Program *p, const Stmt *s, Stmt *by) {
    p->order.at[item_of(p, s)].stmt = by;
    for (int k = 0; k < p->stmts.n; k++)
        if (p->stmts.at[k] == s) p->stmts.at[k] = by;
}

static void drop_stmt(Program *p, const Stmt *s) {
    int items = 0, stmts = 0;
    for (int k = 0; k < p->order.n; k++)
        if (p->order.at[k].stmt != s) p->order.at[items++] = p->order.at[k];
    for (int k = 0; k < p->stmts.n; k++)
        if (p->stmts.at[k] != s) p->stmts.at[stmts++] = p->stmts.at[k];
    p->order.n = items;
    p->stmts.n = stmts;
}

/* The value of every window by itself, in place of statement s. */
static void keep_value(Program *p, Window *w, const Stmt *s) {
    const Access *first = &w->test->arg[0]->read;
    const Tensor *like = first->tensor;
    Affine map[INDEX_MAX];
    const char *name = arena_printf(p->arena, "%s_most", w->by->to->name);
    Tensor *t = tensor_new(p->arena, name, name, w->by->to->role, like->rank, like->dim, s->origin);
    t->per_sample = like->per_sample;
    for (int d = 0; d < like->rank; d++) map[first->sub[d].a.t[0].index] = affine_index(d);
    Stmt *own = arena_one(p->arena, Stmt);
    *own = (Stmt){.to = t, .lhs = subs_identity(p->arena, like->rank), .origin = s->origin, .number = s->number};
    stmt_full_box(own);
    own->e = expr_substitute(p, w->value, map);
    w->value = expr_read(p, t, first->sub);
    windows_replace(p, s, own);
}

/* Are all readers sums that go over the windows, and are these found out rarely enough? */
static bool all_sums(const Windows *x, const Window *w) {
    enum { MOST_EVALUATIONS = 3 };
    double all = 0;
    for (int k = 0; k < x->readers.n; k++) {
        const Stmt *s = x->readers.at[k];
        if (!windows_in_order(x->p, s) || !sums_windows(w, s) || most_indices(w, s) > INDEX_MAX) return false;
        all += evaluations(x, w, s);
    }
    return x->readers.n && all <= MOST_EVALUATIONS;
}

bool windows_is_own(const Program *p, const Stmt *by) {
    int writers = 0;
    for (int k = 0; k < p->stmts.n; k++) writers += p->stmts.at[k]->to == by->to;
    return writers == 1 && !program_has_root(p, by->to) && windows_in_order(p, by) &&
           box_points(by->ix, lhs_indices(by)) == tensor_size(by->to);
}

static void sum_windows(Windows *x, Stmt *first) {
    Window w;
    Stmts chain = {0};
    if (!find_window(first, &w)) return;
    for (Stmt *s = first; s; s = x->readers.n == 1 && follow(x->p, &w, x->readers.at[0]) ? x->readers.at[0] : NULL) {
        if (!windows_is_own(x->p, s)) return;
        list_push(x->p->arena, &chain, s);
        windows_list_readers(x, s->to);
    }
    if (!all_sums(x, &w)) return;
    x->changed = true;
    for (int k = 0; k + 1 < chain.n; k++) drop_stmt(x->p, chain.at[k]);
    if (w.value->op == OP_READ)
        drop_stmt(x->p, chain.at[chain.n - 1]);
    else
        keep_value(x->p, &w, chain.at[chain.n - 1]);
    for (int k = 0; k < x->readers.n; k++) windows_replace(x->p, x->readers.at[k], sum_by_windows(x->p, &w, x->readers.at[k]));
}

const Program *plan_windows(const Plan *plan, const Program *program) {
    Windows x = {.plan = plan, .p = arena_one(plan->arena, Program), .next = program->stmts.n};
    *x.p = *program;
    x.p->order = (Items){0};
    x.p->stmts = (Stmts){0};
    for (int k = 0; k < program->order.n; k++) list_push(plan->arena, &x.p->order, program->order.at[k]);
    for (int k = 0; k < program->stmts.n; k++) list_push(plan->arena, &x.p->stmts, program->stmts.at[k]);
    for (int k = 0; k < program->stmts.n; k++) sum_windows(&x, program->stmts.at[k]);
    plan_maxima(&x);
    return x.changed ? x.p : program;
}
