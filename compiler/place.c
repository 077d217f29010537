/* place: a contribution  target[g(i)] += e(i)  becomes statements over the target's own elements, none of which divides.
 *
 * For each dimension d of the target, with F the indices in g_d that are not fixed yet:
 *   0 fixed    F is empty                      g_d stays as it is
 *   1 solve    F is one index, coefficient +-1  a new index n over the dimension, i = +-(n - rest), lo <= i < hi
 *   2 keep     mixed radix (4*g + j, j < 4)    the indices stay, the left-hand side is affine
 *   3 solve    otherwise (windows overlap)     for the index of the largest span, unless that divides into too many boxes:
 *                                              then for the one of the least coefficient; i = (n - rest) / s
 *   4 scatter  a subscript is a gather         the others are solved if they are one index, +-1, so that recurrences know the
 *                                              step; the rest stays as it stands
 * Indices not kept become the sum. A division by s is removed by splitting every index in its numerator into residues mod s,
 * i = s*i' + r: what is left are plain boxes, each with only the terms that count. An index of one value is its value where it
 * stands beside others, so that it makes no windows of them. */
#include "ir.h"
#include <stdlib.h>
#include <string.h>

enum {
    WORK_INDEX_MAX = 32,
    WORK_GUARD_MAX = 48,
    BOXES_MAX = 64 /* into which one dimension may be divided */
};

typedef enum IndexState { FREE, KEPT, GONE } IndexState;

typedef struct Work {
    Program *p;
    const Stmt *from;
    int n; /* indices: the contribution's, then new ones */
    Index ix[WORK_INDEX_MAX];
    IndexState state[WORK_INDEX_MAX];
    Sub g[RANK_MAX];
    int nguard;
    Guard guard[WORK_GUARD_MAX];
    const Expr *e;
} Work;

/* ---- substitution */

static void identity_map(Affine *map) {
    for (int k = 0; k < WORK_INDEX_MAX; k++) map[k] = affine_index(k);
}

static void substitute_all(Work *w, const Affine *map) {
    for (int d = 0; d < w->from->to->rank; d++) w->g[d] = sub_substitute(w->p, &w->g[d], map);
    for (int k = 0; k < w->nguard; k++) w->guard[k].a = affine_substitute(w->guard[k].a, map);
    w->e = expr_substitute(w->p, w->e, map);
}

static void substitute(Work *w, int index, Affine by) {
    Affine map[WORK_INDEX_MAX];
    identity_map(map);
    map[index] = by;
    substitute_all(w, map);
}

static void add_guard(Work *w, Affine a, int lo, int hi) {
    if (w->nguard == WORK_GUARD_MAX) bug("%s: too many guards", w->from->to->name);
    w->guard[w->nguard++] = (Guard){a, lo, hi};
}

/* ---- dimensions */

static bool name_is_used(const Work *w, const char *name) {
    for (int k = 0; k < w->n; k++)
        if (w->state[k] != GONE && w->ix[k].name && strcmp(w->ix[k].name, name) == 0) return true;
    return false;
}

/* i of i + 3 keeps its name; of a window it counts something else. */
static const char *new_name(const Work *w, int d, int solved) {
    static const char *const names[] = {"p", "q", "r", "s", "u", "v"};
    if (w->g[d].a.n == 1 && w->g[d].a.den == 1) return w->ix[solved].name;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (!name_is_used(w, names[k])) return names[k];
    return "p";
}

/* n = (coef*i + rest) / den   =>   i = (den*n - rest) / coef */
static void solve(Work *w, int d, int index) {
    const Tensor *t = w->from->to;
    if (w->n == WORK_INDEX_MAX) bug("%s: too many indices", t->name);
    const int n = w->n++;
    w->ix[n] = (Index){new_name(w, d, index), 0, t->dim[d], d == 0 && t->per_sample};
    w->state[n] = KEPT;
    Affine numerator = w->g[d].a;
    const int coef = affine_coef(numerator, index), den = numerator.den;
    numerator.den = 1;
    const Affine rest = affine_sub(numerator, affine_scale(affine_index(index), coef));
    const Affine by = affine_divide(affine_sub(affine_scale(affine_index(n), den), rest), coef);
    substitute(w, index, by);
    w->g[d].a = affine_index(n);
    add_guard(w, by, w->ix[index].lo, w->ix[index].hi);
    w->state[index] = GONE;
}

/* Of g_d, those that are not fixed yet. */
static unsigned free_indices(const Work *w, int d) {
    unsigned indices = 0;
    for (int k = 0; k < w->g[d].a.n; k++)
        if (w->state[w->g[d].a.t[k].index] == FREE) indices |= 1U << w->g[d].a.t[k].index;
    return indices;
}

static int extent(const Work *w, int index) {
    return w->ix[index].hi - w->ix[index].lo;
}

/* How many residues the indices of a dimension are taken apart into if it is solved for one of this coefficient, where the new
 * index's residue is known by the others'. */
static long long boxes(const Work *w, int d, int solved, int coef) {
    long long n = 1;
    for (int k = 0; k < w->g[d].a.n && n <= BOXES_MAX; k++)
        if (w->g[d].a.t[k].index != solved) n *= coef / gcd(w->g[d].a.t[k].coef, coef);
    return n;
}

/* Is index i with coefficient a rather solved for than j with b, both of which give few boxes? Of two spans the larger. */
static bool spans_more(const Work *w, int i, int a, int j, int b) {
    const long long x = (long long)a * extent(w, i), y = (long long)b * extent(w, j);
    return x > y || (x == y && a < b);
}

/* The index that case 1 or 3 solves for. */
static int index_to_solve(const Work *w, int d) {
    const unsigned indices = free_indices(w, d);
    int at = -1, least = -1, coef_at = 0, coef_least = 0;
    for (int k = 0; k < w->g[d].a.n; k++) {
        const int index = w->g[d].a.t[k].index, coef = abs(w->g[d].a.t[k].coef);
        if (!(indices >> index & 1)) continue;
        if (least < 0 || coef < coef_least) least = index, coef_least = coef;
        if (boxes(w, d, index, coef) > BOXES_MAX || (at >= 0 && !spans_more(w, index, coef, at, coef_at))) continue;
        at = index, coef_at = coef;
    }
    return at < 0 ? least : at;
}

/* How a dimension is placed: 0 to 3 as above. */
static int case_of(const Work *w, int d) {
    const unsigned indices = free_indices(w, d);
    if (!indices) return 0;
    const int first = __builtin_ctz(indices);
    if (indices == 1U << first && abs(affine_coef(w->g[d].a, first)) == 1) return 1;
    return is_mixed_radix(&w->g[d].a, w->ix, indices) ? 2 : 3;
}

static void place_dimension(Work *w, int d, int how) {
    const unsigned indices = free_indices(w, d);
    if (how != 2) {
        solve(w, d, index_to_solve(w, d)); /* of one index: that */
        return;
    }
    for (int k = 0; k < w->n; k++)
        if (indices >> k & 1) w->state[k] = KEPT;
}

/* i + 3*j, where j has one value, is no window. */
static void fix_single(Work *w) {
    for (int d = 0; d < w->from->to->rank; d++)
        for (int k = w->g[d].a.n - 1; k >= 0 && w->g[d].a.n > 1; k--) {
            const int index = w->g[d].a.t[k].index;
            if (extent(w, index) != 1 || w->ix[index].batch) continue;
            substitute(w, index, affine_const(w->ix[index].lo));
            w->state[index] = GONE;
        }
}

/* Simple dimensions first: what they fix makes others simple. */
static void place_dimensions(Work *w) {
    for (int how = 1; how <= 3;) {
        int d = 0;
        while (d < w->from->to->rank && case_of(w, d) != how) d++;
        if (d < w->from->to->rank) {
            place_dimension(w, d, how);
            how = 1;
        } else {
            how++;
        }
    }
}

static void place_scatter(Work *w) {
    unsigned used = 0;
    int index;
    for (int d = 0; d < w->from->to->rank; d++)
        if (case_of(w, d) == 1 && !affine_is_index(w->g[d].a, &index)) solve(w, d, index_to_solve(w, d));
    for (int d = 0; d < w->from->to->rank; d++) used |= sub_indices(&w->g[d]);
    for (int k = 0; k < w->n; k++)
        if (used >> k & 1) w->state[k] = KEPT;
}

/* ---- tidy: guards become ranges, what cannot fail vanishes */

/* lo <= coef*i + rest < hi bounds i, given the range of the rest. */
static void shrink(Work *w, const Guard *g, int term) {
    Index *i = &w->ix[g->a.t[term].index];
    const int coef = g->a.t[term].coef;
    if (i->batch) return;
    int min, max;
    affine_range(affine_sub(g->a, affine_scale(affine_index(g->a.t[term].index), coef)), w->ix, &min, &max);
    const int lo = g->lo - max, hi = g->hi - 1 - min; /* lo <= coef*i <= hi */
    const int first = coef > 0 ? ceil_div(lo, coef) : ceil_div(-hi, -coef);
    const int last = coef > 0 ? floor_div(hi, coef) : floor_div(-lo, -coef);
    if (first > i->lo) i->lo = first;
    if (last + 1 < i->hi) i->hi = last + 1;
}

static bool is_empty(const Work *w) {
    for (int k = 0; k < w->n; k++)
        if (w->state[k] != GONE && w->ix[k].lo >= w->ix[k].hi) return true;
    return false;
}

static void shrink_all(Work *w) {
    for (int round = 0; round < 3; round++) {
        for (int g = 0; g < w->nguard; g++)
            for (int k = 0; k < w->guard[g].a.n && !is_empty(w); k++) shrink(w, &w->guard[g], k);
    }
}

static bool cannot_fail(const Work *w, const Guard *g) {
    return affine_within(g->a, w->ix, g->lo, g->hi);
}

/* Of two guards on one map the intersection is kept. */
static bool joins_earlier(Work *w, int n, const Guard *g) {
    for (int k = 0; k < n; k++) {
        if (!affine_equal(w->guard[k].a, g->a)) continue;
        if (g->lo > w->guard[k].lo) w->guard[k].lo = g->lo;
        if (g->hi < w->guard[k].hi) w->guard[k].hi = g->hi;
        return true;
    }
    return false;
}

static void drop_guards(Work *w) {
    int n = 0;
    for (int k = 0; k < w->nguard; k++) {
        const Guard g = w->guard[k];
        if (!cannot_fail(w, &g) && !joins_earlier(w, n, &g)) w->guard[n++] = g;
    }
    w->nguard = n;
}

static void fold_single(Work *w) { /* a sum of one term */
    for (int k = 0; k < w->n; k++) {
        if (w->state[k] != FREE || extent(w, k) != 1 || w->ix[k].batch) continue;
        substitute(w, k, affine_const(w->ix[k].lo));
        w->state[k] = GONE;
    }
}

static const Expr *unpad(Program *p, const Expr *e, void *context) {
    const Index *ix = context;
    if (e->op != OP_READ || !e->padded) return e;
    for (int d = 0; d < e->read.tensor->rank; d++)
        if (e->read.sub[d].gather || !affine_within(e->read.sub[d].a, ix, 0, e->read.tensor->dim[d])) return e;
    return expr_read(p, e->read.tensor, e->read.sub);
}

/* e with the pads removed that cannot be needed within the ranges of ix. */
static const Expr *expr_unpad(Program *p, const Expr *e, const Index *ix) {
    return expr_rewrite(p, e, unpad, (void *)ix); /* only read */
}

/* ---- the statement */

static void push_index(const Work *w, Stmt *s, int k, Affine *map) {
    const int at = s->nout + s->nred;
    if (at == INDEX_MAX) bug("%s: too many indices", s->to->name);
    s->ix[at] = w->ix[k];
    map[k] = affine_index(at);
}

/* Left-hand indices in the order in which the subscripts name them, then reduced ones. */
static void number_indices(const Work *w, Stmt *s, Affine *map) {
    unsigned done = 0;
    for (int d = 0; d < s->to->rank; d++) {
        for (int k = 0; k < w->n; k++) {
            if (!(sub_indices(&w->g[d]) >> k & 1) || done >> k & 1) continue;
            push_index(w, s, k, map);
            s->nout++;
            done |= 1U << k;
        }
    }
    for (int k = 0; k < w->n; k++) {
        if (w->state[k] != FREE) continue;
        push_index(w, s, k, map);
        s->nred++;
    }
}

static void emit(Work *w, bool scatter) {
    Stmt *s = program_add_stmt(w->p, w->from->to, NULL);
    Affine map[WORK_INDEX_MAX];
    identity_map(map);
    number_indices(w, s, map);
    substitute_all(w, map);
    s->lhs = subs_copy(w->p->arena, w->g, s->to->rank);
    s->add = true;
    s->reduce = s->nred ? REDUCE_SUM : REDUCE_NONE;
    s->e = expr_unpad(w->p, w->e, s->ix);
    for (int k = 0; k < w->nguard; k++) stmt_add_guard(w->p->arena, s, w->guard[k]);
    s->origin = w->from->origin;
    s->note = scatter ? "scatter" : w->from->note;
}

/* ---- split by residue */

static const Guard *divided_guard(const Work *w) {
    for (int k = 0; k < w->nguard; k++)
        if (w->guard[k].a.den > 1) return &w->guard[k];
    return NULL;
}

/* Tidies and emits, unless nothing is left. */
static void finish(const Work *w, bool scatter) {
    Work done = *w;
    shrink_all(&done);
    if (is_empty(&done)) return;
    fold_single(&done);
    drop_guards(&done);
    for (int k = 0; k < done.nguard; k++)
        if (done.guard[k].lo >= done.guard[k].hi || affine_is_const(done.guard[k].a)) return; /* never holds */
    emit(&done, scatter);
}

static void place_split(const Work *w);

/* Indices term.. of the guard take each residue in turn: i = m*i' + r, m = den / gcd(coef, den). */
static void split_terms(const Work *w, const Guard *g, int term) {
    if (term == g->a.n) {
        place_split(w);
        return;
    }
    const int index = g->a.t[term].index, m = g->a.den / gcd(g->a.t[term].coef, g->a.den);
    for (int r = 0; r < m; r++) {
        Work part = *w;
        if (m > 1) {
            substitute(&part, index, affine_add(affine_scale(affine_index(index), m), affine_const(r)));
            part.ix[index].lo = ceil_div(w->ix[index].lo - r, m);
            part.ix[index].hi = ceil_div(w->ix[index].hi - r, m);
        }
        split_terms(&part, g, term + 1);
    }
}

/* A guard whose coefficients are all divisible, but not the constant, never holds. */
static bool never_whole(const Work *w) {
    for (int k = 0; k < w->nguard; k++) {
        const Affine *a = &w->guard[k].a;
        int g = a->den;
        for (int j = 0; j < a->n; j++) g = gcd(g, a->t[j].coef);
        if (g > 1 && a->c % g) return true;
    }
    return false;
}

static void place_split(const Work *w) {
    if (never_whole(w)) return;
    const Guard *g = divided_guard(w);
    if (g) {
        const Guard copy = *g;
        split_terms(w, &copy, 0);
        return;
    }
    finish(w, false);
}

void place(Program *p, const Stmt *contribution) {
    const Stmt *s = contribution;
    Work w = {.p = p, .from = s, .n = s->nout + s->nred, .nguard = s->nguard, .e = s->e};
    memcpy(w.ix, s->ix, (size_t)w.n * sizeof *s->ix);
    if (s->nguard) memcpy(w.guard, s->guard, (size_t)s->nguard * sizeof *s->guard);
    bool scatter = false;
    for (int d = 0; d < s->to->rank; d++) {
        w.g[d] = s->lhs[d];
        scatter = scatter || s->lhs[d].gather;
    }
    if (scatter) {
        place_scatter(&w);
        finish(&w, true);
        return;
    }
    fix_single(&w);
    place_dimensions(&w);
    place_split(&w);
}
