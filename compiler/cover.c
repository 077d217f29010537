/* cover: which elements do statements write, and how often?
 *
 * Shown by intervals and mixed radix where that suffices, else counted point by point, as long as the points are few enough. */
#include "ir.h"
#include <limits.h>
#include <stdlib.h>

enum { POINTS_MAX = 4000000, ELEMENTS_MAX = 100000 };

/* ---- one by one */

/* The row-major number of the element that s writes at a point, -1 outside of the tensor. */
static long long lhs_element(const Stmt *s, const int *at) {
    long long number = 0;
    for (int d = 0; d < s->to->rank; d++) {
        const int k = affine_value(s->lhs[d].a, at);
        if (k < 0 || k >= s->to->dim[d]) return -1;
        number = number * s->to->dim[d] + k;
    }
    return number;
}

/* How often the points of s write each element; false when there are points outside. */
static bool count_writes(const Stmt *s, unsigned char *count) {
    int at[INDEX_MAX];
    bool inside = true;
    if (!box_first(s->ix, lhs_indices(s), at)) return true;
    do {
        const long long k = lhs_element(s, at);
        inside = inside && k >= 0;
        if (k >= 0 && count[k] < UCHAR_MAX) count[k]++;
    } while (box_next(s->ix, lhs_indices(s), at));
    return inside;
}

static unsigned char *new_counts(const Tensor *t) {
    unsigned char *count = calloc((size_t)tensor_size(t) + 1, 1);
    if (!count) fatal("cannot go on");
    return count;
}

/* ---- one statement */

/* Each subscript that is a mixed radix in the indices not yet known makes them known; all must become so. */
static bool lhs_is_injective(const Stmt *s) {
    unsigned known = 0;
    for (int k = 0; k < s->nout; k++)
        if (s->ix[k].hi - s->ix[k].lo == 1) known |= 1U << k;
    for (bool more = true; more;) {
        more = false;
        for (int d = 0; d < s->to->rank; d++) {
            const unsigned mine = s->lhs[d].gather ? 0 : sub_indices(&s->lhs[d]) & ~known;
            if (!mine || !is_mixed_radix(&s->lhs[d].a, s->ix, mine)) continue;
            known |= mine;
            more = true;
        }
    }
    return known == lhs_indices(s);
}

/* Points of a guarded `+=` may lie outside, where its guards fail. */
Verdict stmt_is_injective(const Stmt *s) {
    if (has_gather(s->lhs, s->to->rank) || lhs_is_injective(s)) return RIGHT;
    const long long size = tensor_size(s->to), points = box_points(s->ix, lhs_indices(s));
    if (points > size && !(s->add && s->nguard)) return WRONG;
    if (size > POINTS_MAX || points > POINTS_MAX) return UNDECIDED;
    unsigned char *count = new_counts(s->to);
    bool once = true;
    count_writes(s, count);
    for (long long k = 0; k < size; k++) once = once && count[k] <= 1;
    free(count);
    return once ? RIGHT : WRONG;
}

/* ---- several together */

typedef struct Progression { /* lo, lo + step, ... up to hi */
    int lo, hi, step;
} Progression;

static Progression progression_of(const Stmt *s, int d) {
    Progression r = {0, 0, 0};
    affine_range(s->lhs[d].a, s->ix, &r.lo, &r.hi);
    for (int k = 0; k < s->lhs[d].a.n; k++) {
        const Index *i = &s->ix[s->lhs[d].a.t[k].index];
        if (i->hi - i->lo > 1) r.step = gcd(r.step, s->lhs[d].a.t[k].coef);
    }
    return r;
}

/* Some subscript of the two has no value in common: the ranges lie apart, or the remainders differ. */
static bool disjoint(const Stmt *a, const Stmt *b) {
    for (int d = 0; d < a->to->rank; d++) {
        const Progression x = progression_of(a, d), y = progression_of(b, d);
        if (x.hi < y.lo || y.hi < x.lo) return true;
        const int step = gcd(x.step, y.step);
        if (step && (x.lo - y.lo) % step) return true;
    }
    return false;
}

static bool all_disjoint(const Stmts *sets) {
    for (int k = 0; k < sets->n; k++)
        for (int j = 0; j < k; j++)
            if (!disjoint(sets->at[j], sets->at[k])) return false;
    return true;
}

static Verdict points_cover(const Stmts *sets, const Tensor *t) {
    const long long size = tensor_size(t);
    if (size > ELEMENTS_MAX) return UNDECIDED;
    unsigned char *count = new_counts(t);
    bool good = true;
    for (int k = 0; k < sets->n; k++) good = count_writes(sets->at[k], count) && good;
    for (long long k = 0; k < size; k++) good = good && count[k] == 1;
    free(count);
    return good ? RIGHT : WRONG;
}

/* The statements are injective, so they must have as many points as t has elements; then either their boxes are disjoint, or
 * the points are counted one by one. */
Verdict stmts_cover(const Stmts *sets, const Tensor *t) {
    double points = 0;
    for (int k = 0; k < sets->n; k++) {
        const Stmt *s = sets->at[k];
        if (has_gather(s->lhs, s->to->rank)) return WRONG;
        points += (double)box_points(s->ix, lhs_indices(s));
    }
    if (points != (double)tensor_size(t)) return WRONG;
    return all_disjoint(sets) ? RIGHT : points_cover(sets, t);
}

static bool writes_inside(const Stmt *s) {
    for (int d = 0; d < s->to->rank; d++)
        if (s->lhs[d].gather || !affine_within(s->lhs[d].a, s->ix, 0, s->to->dim[d])) return false;
    return true;
}

bool sums_become_sets(const Stmts *sums, int n, const Tensor *t) {
    const Stmts first = {sums->at, n, n};
    for (int k = 0; k < n; k++)
        if (!writes_inside(sums->at[k])) return false;
    if (n == 0 || stmts_cover(&first, t) != RIGHT) return false;
    for (int k = 0; k < n; k++) sums->at[k]->add = false;
    return true;
}
