/* box: the points of a box of indices, or of some of its indices: walked, counted, numbered.
 *
 * `indices` says which take part (bit k: index k). A walk goes in row-major order, the last index fastest. */
#include "ir.h"
#include <limits.h>
#include <stdlib.h>

const char *const index_letters[RANK_MAX] = {"i", "j", "k", "l", "m", "o", "p", "q", "r"};

unsigned lhs_indices(const Stmt *s) {
    return (1U << s->nout) - 1;
}

unsigned reduced_indices(const Stmt *s) {
    return ((1U << s->nred) - 1) << s->nout;
}

bool box_first(const Index *ix, unsigned indices, int *at) {
    bool any = true;
    for (int k = 0; indices >> k; k++) {
        if (!(indices >> k & 1)) continue;
        at[k] = ix[k].lo;
        any = any && ix[k].lo < ix[k].hi;
    }
    return any;
}

bool box_next(const Index *ix, unsigned indices, int *at) {
    while (indices) {
        const int k = 31 - __builtin_clz(indices);
        if (++at[k] < ix[k].hi) return true;
        at[k] = ix[k].lo;
        indices &= ~(1U << k);
    }
    return false;
}

long long box_points(const Index *ix, unsigned indices) {
    long long n = 1;
    for (int k = 0; indices >> k; k++)
        if (indices >> k & 1 && __builtin_mul_overflow(n, (long long)ix[k].hi - ix[k].lo, &n)) return LLONG_MAX;
    return n;
}

/* ((i0 - lo0) * n1 + (i1 - lo1)) * n2 + ... */
Affine reduced_number(const Stmt *s) {
    Affine number = affine_const(0);
    for (int k = s->nout; k < s->nout + s->nred; k++) {
        const Affine at = affine_sub(affine_index(k), affine_const(s->ix[k].lo));
        number = affine_add(affine_scale(number, s->ix[k].hi - s->ix[k].lo), at);
    }
    return number;
}

Affine subs_number(const Sub *sub, const int *dim, int rank) {
    Affine number = affine_const(0);
    for (int d = 0; d < rank; d++) {
        if (sub[d].gather) bug("a gather has no number");
        number = affine_add(affine_scale(number, dim[d]), sub[d].a);
    }
    return number;
}

bool guards_hold(const Stmt *s, const int *at) {
    for (int g = 0; g < s->nguard; g++) {
        if (!affine_is_whole(s->guard[g].a, at)) return false;
        const int v = affine_value(s->guard[g].a, at);
        if (v < s->guard[g].lo || v >= s->guard[g].hi) return false;
    }
    return true;
}

/* Taken by |coef|, each is greater than all that those before it can add up to. */
bool is_mixed_radix(const Affine *a, const Index *ix, unsigned indices) {
    long long below = 0;
    if (a->den != 1) return false;
    while (true) {
        int least = -1;
        for (int k = 0; k < a->n; k++)
            if (indices >> a->t[k].index & 1 && (least < 0 || abs(a->t[k].coef) < abs(a->t[least].coef))) least = k;
        if (least < 0) return true;
        const int index = a->t[least].index, coef = abs(a->t[least].coef);
        if (coef <= below) return false;
        below += (long long)coef * (ix[index].hi - ix[index].lo - 1);
        indices &= ~(1U << index);
    }
}
