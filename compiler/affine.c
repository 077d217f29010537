/* affine: whole-number arithmetic on affine maps  (sum of coef * index + c) / den.
 *
 * Terms stay sorted by index and never have coefficient 0; the fraction stays in lowest terms with den >= 1. All arithmetic
 * is checked: sizes that don't fit are refused, never wrapped. */
#include "ir.h"
#include <errno.h>
#include <limits.h>

static int checked(long long v) {
    if (v > INT_MAX || v < INT_MIN) {
        errno = 0;
        fatal("a subscript leaves the whole numbers that this compiler handles (%d)", INT_MAX);
    }
    return (int)v;
}

int gcd(int a, int b) {
    while (b) {
        const int r = a % b;
        a = b;
        b = r;
    }
    return a < 0 ? -a : a;
}

/* (k*x + k*c) / (k*den) = (x + c) / den */
static Affine lowest_terms(Affine a) {
    if (a.den == 1) return a;
    int g = gcd(a.den, a.c);
    for (int k = 0; k < a.n; k++) g = gcd(g, a.t[k].coef);
    if (g <= 1) return a;
    for (int k = 0; k < a.n; k++) a.t[k].coef /= g;
    a.c /= g;
    a.den /= g;
    return a;
}

Affine affine_const(int c) {
    return (Affine){.c = c, .den = 1};
}

Affine affine_index(int index) {
    return (Affine){.n = 1, .t = {{index, 1}}, .den = 1};
}

static void push_term(Affine *a, int index, int coef) {
    if (coef == 0) return;
    if (a->n == TERM_MAX) bug("an affine map with more than %d terms", TERM_MAX);
    a->t[a->n].index = index;
    a->t[a->n++].coef = coef;
}

/* ka * a + kb * b, of numerators, merging the sorted terms */
static Affine combine(const Affine *a, int ka, const Affine *b, int kb) {
    Affine r = affine_const(checked((long long)ka * a->c + (long long)kb * b->c));
    int i = 0, j = 0;
    while (i < a->n || j < b->n) {
        const bool left = j == b->n || (i < a->n && a->t[i].index <= b->t[j].index);
        const bool right = i == a->n || (j < b->n && b->t[j].index <= a->t[i].index);
        const int index = left ? a->t[i].index : b->t[j].index;
        const long long l = left ? (long long)ka * a->t[i++].coef : 0;
        const long long m = right ? (long long)kb * b->t[j++].coef : 0;
        push_term(&r, index, checked(l + m));
    }
    return r;
}

/* a/p + b/q = (a * q/g + b * p/g) / (p * q/g),  g = gcd(p, q) */
static Affine add_scaled(Affine a, Affine b, int sign) {
    if (a.den < 1 || b.den < 1) bug("an affine map that was not made here");
    const int g = gcd(a.den, b.den);
    if (g < 1) bug("no common divisor");
    Affine r = combine(&a, b.den / g, &b, sign * (a.den / g));
    r.den = checked((long long)a.den * (b.den / g));
    return lowest_terms(r);
}

Affine affine_add(Affine a, Affine b) {
    return add_scaled(a, b, 1);
}

Affine affine_sub(Affine a, Affine b) {
    return add_scaled(a, b, -1);
}

Affine affine_scale(Affine a, int k) {
    const Affine zero = affine_const(0);
    Affine r = combine(&a, k, &zero, 0);
    r.den = a.den;
    return lowest_terms(r);
}

Affine affine_divide(Affine a, int k) {
    if (k < 0) {
        a = affine_scale(a, -1);
        k = -k;
    }
    a.den = checked((long long)a.den * k);
    return lowest_terms(a);
}

bool affine_is_const(Affine a) {
    return a.n == 0;
}

bool affine_is_index(Affine a, int *index) {
    if (a.n != 1 || a.t[0].coef != 1 || a.c != 0 || a.den != 1) return false;
    *index = a.t[0].index;
    return true;
}

int affine_coef(Affine a, int index) {
    for (int k = 0; k < a.n; k++)
        if (a.t[k].index == index) return a.t[k].coef;
    return 0;
}

bool affine_equal(Affine a, Affine b) {
    if (a.n != b.n || a.c != b.c || a.den != b.den) return false;
    for (int k = 0; k < a.n; k++)
        if (a.t[k].index != b.t[k].index || a.t[k].coef != b.t[k].coef) return false;
    return true;
}

Affine affine_substitute(Affine a, const Affine *map) {
    Affine r = affine_const(a.c);
    for (int k = 0; k < a.n; k++) r = affine_add(r, affine_scale(map[a.t[k].index], a.t[k].coef));
    return a.den == 1 ? r : affine_divide(r, a.den);
}

void affine_range(Affine a, const Index *ix, int *min, int *max) {
    long long lo = a.c, hi = lo;
    for (int k = 0; k < a.n; k++) {
        const Index *i = &ix[a.t[k].index];
        const long long coef = a.t[k].coef, first = coef * i->lo, last = coef * ((long long)i->hi - 1);
        lo += coef > 0 ? first : last;
        hi += coef > 0 ? last : first;
    }
    *min = checked(lo);
    *max = checked(hi);
}

bool affine_within(Affine a, const Index *ix, int lo, int hi) {
    int min, max;
    affine_range(a, ix, &min, &max);
    return min >= lo && max < hi;
}

/* The numerator's value. */
static long long numerator(const Affine *a, const int *at) {
    long long v = a->c;
    for (int k = 0; k < a->n; k++) v += (long long)a->t[k].coef * at[a->t[k].index];
    return v;
}

int affine_value(Affine a, const int *at) {
    const long long v = numerator(&a, at);
    if (v % a.den) bug("a subscript of value %lld/%d", v, a.den);
    return checked(v / a.den);
}

bool affine_is_whole(Affine a, const int *at) {
    return numerator(&a, at) % a.den == 0;
}

unsigned affine_indices(const Affine *a) {
    unsigned mask = 0;
    for (int k = 0; k < a->n; k++) mask |= 1U << a->t[k].index;
    return mask;
}

int floor_div(int a, int b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int ceil_div(int a, int b) {
    return a / b + (a % b != 0 && (a < 0) == (b < 0));
}

int floor_mod(int a, int b) {
    return a - b * floor_div(a, b);
}
