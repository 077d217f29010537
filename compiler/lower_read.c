/* lower_read: subscripts, and reads of tensors with them, each shown to be in range. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* ---- affine subscripts */

enum { LARGEST_SUBSCRIPT = 1 << 30 }; /* as many as a value has elements; sums of two stay whole numbers of C */

/* a / n rounded down, or a % n, where the terms that n does not divide stay within 0 .. n-1:
 * (n*g + k) / n = g and (n*g + k) % n = k. */
static bool divide(Lower *l, Affine a, int n, AstOp op, Span at, Affine *result) {
    Affine whole = affine_const(floor_div(a.c, n)), rest = affine_const(floor_mod(a.c, n));
    for (int k = 0; k < a.n; k++) {
        const Affine term = affine_index(a.t[k].index);
        if (a.t[k].coef % n == 0)
            whole = affine_add(whole, affine_scale(term, a.t[k].coef / n));
        else
            rest = affine_add(rest, affine_scale(term, a.t[k].coef));
    }
    *result = op == AST_DIV ? whole : rest;
    if (affine_within(rest, l->space->ix, 0, n)) return true;
    lower_error(l, at, "this whole-number division cannot be resolved: divide one index of a range that %d divides", n);
    return false;
}

static bool affine_of_name(Lower *l, const AstExpr *e, Affine *a) {
    const SpaceName *index = space_find(l, e->name);
    double v;
    if (index) return *a = index->a, true;
    if (!lower_named_number(l, e, &v)) return false;
    if (v != floor(v) || fabs(v) > LARGEST_SUBSCRIPT) {
        lower_error(l, e->span, "'%s' is %g here: a subscript needs a whole number up to %d", e->name, v, LARGEST_SUBSCRIPT);
        return false;
    }
    *a = affine_const((int)v);
    return true;
}

/* About how far from 0 its values go. */
static double reach(const Lower *l, Affine a) {
    double r = fabs((double)a.c);
    for (int k = 0; k < a.n; k++) r += fabs((double)a.t[k].coef) * fmax(1, l->space->ix[a.t[k].index].hi);
    return r;
}

static bool affine_of_binary(Lower *l, const AstExpr *e, Affine *a) {
    Affine x, y;
    if (!lower_affine(l, e->args.at[0].value, &x) || !lower_affine(l, e->args.at[1].value, &y)) return false;
    if ((e->op == AST_MUL ? reach(l, x) * reach(l, y) : reach(l, x) + reach(l, y)) > LARGEST_SUBSCRIPT) {
        lower_error(l, e->span, "this goes beyond %d, which no subscript may", LARGEST_SUBSCRIPT);
        return false;
    }
    switch (e->op) {
    case AST_ADD: return *a = affine_add(x, y), true;
    case AST_SUB: return *a = affine_sub(x, y), true;
    case AST_MUL:
        if (affine_is_const(x)) return *a = affine_scale(y, x.c), true;
        if (affine_is_const(y)) return *a = affine_scale(x, y.c), true;
        lower_error(l, e->span, "a subscript may multiply an index by a constant only");
        return false;
    case AST_DIV:
    case AST_MOD:
        if (affine_is_const(y) && y.c > 0) return divide(l, x, y.c, e->op, e->span, a);
        lower_error(l, e->span, "a subscript may be divided by a positive constant only");
        return false;
    default: lower_error(l, e->span, "a subscript may use + - * / %% only"); return false;
    }
}

bool lower_affine(Lower *l, const AstExpr *e, Affine *a) {
    double v;
    switch (e->kind) {
    case AST_NAME: return affine_of_name(l, e, a);
    case AST_BINARY: return affine_of_binary(l, e, a);
    case AST_UNARY:
        if (e->op != AST_NEG || !lower_affine(l, e->args.at[0].value, a)) break;
        *a = affine_scale(*a, -1);
        return true;
    default:
        if (!lower_number(l, e, true, &v)) return false;
        if (v != floor(v)) break;
        if (fabs(v) > LARGEST_SUBSCRIPT) {
            lower_error(l, e->span, "this goes beyond %d, which no subscript may", LARGEST_SUBSCRIPT);
            return false;
        }
        *a = affine_const((int)v);
        return true;
    }
    lower_error(l, e->span, "a subscript must be a whole number in terms of the indices");
    return false;
}

/* ---- the subscripts of a read */

/* A subscript that reads an integer tensor: table[ids[t], i]. */
static const Expr *gather_of(Lower *l, const AstExpr *e) {
    if (e->kind != AST_READ && e->kind != AST_NAME) return NULL;
    const Binding *b = find_binding(l->scope, e->name, false);
    if (!b || b->kind != BIND_TENSOR || !b->tensor->integer) return NULL;
    return lower_expr(l, e);
}

/* Is a subscript, which is affine or a gather, inside of its dimension for all that it can be? */
static bool in_range(Lower *l, const Sub *sub, int extent, const AstExpr *text, const char *of) {
    int min = 0, max;
    if (sub->gather)
        max = sub->gather->read.tensor->values_below - 1;
    else
        affine_range(sub->a, l->space->ix, &min, &max);
    if (min >= 0 && max < extent) return true;
    lower_error(
        l, text->span,
        "this subscript of '%s' goes from %d to %d, outside 0 to %d: put the read in pad(..., value), or shorten the range", of,
        min, max, extent - 1);
    return false;
}

static bool is_of_star(const SpaceName *index, const char *star) {
    return index->star && !strcmp(index->star, star);
}

/* *s stands for the indices bound last under that star. */
static void push_star(const Lower *l, const AstDim *dim, Sub *sub, int *n) {
    const int count = bound_star(l, dim->name)->count;
    int at = l->space->names.n;
    for (int missing = count; missing; missing -= is_of_star(&l->space->names.at[at], dim->name))
        if (at-- == 0) bug("*%s has no indices", dim->name);
    for (int left = count; left && *n < RANK_MAX; at++) {
        if (!is_of_star(&l->space->names.at[at], dim->name)) continue;
        sub[(*n)++] = (Sub){l->space->names.at[at].a, NULL};
        left--;
    }
}

/* One subscript; `extent` 0: it is padded, or its dimension does not exist. */
static bool lower_sub(Lower *l, const AstDim *d, int extent, const char *of, Sub *sub) {
    *sub = (Sub){affine_const(0), gather_of(l, d->value)};
    if (!sub->gather && !lower_affine(l, d->value, &sub->a)) return false;
    return !extent || in_range(l, sub, extent, d->value, of);
}

/* The subscripts of a read, stars expanded. */
static bool read_subs(Lower *l, const AstExpr *e, const int *dim, int rank, bool padded, Sub *sub) {
    int n = 0;
    for (int k = 0; k < e->dims.n && n < RANK_MAX; k++) {
        const AstDim *d = &e->dims.at[k];
        const int extent = padded || n >= rank ? 0 : dim[n];
        if (d->star)
            push_star(l, d, sub, &n);
        else if (!lower_sub(l, d, extent, e->name, &sub[n++]))
            return false;
    }
    if (n == rank) return true;
    lower_error(l, e->span, "'%s' has %s, but stands here with %s", e->name, counted(l->arena, rank, "dimension"),
                counted(l->arena, n, "subscript"));
    return false;
}

/* ---- reads */

int binding_shape(const Binding *b, int *dim) {
    const bool as_declared = b->shared || b->kind == BIND_FOLDED;
    const int rank = as_declared ? b->rank : value_rank(b->tensor);
    for (int k = 0; k < rank; k++) dim[k] = as_declared ? b->dim[k] : value_dim(b->tensor, b->transposed ? 1 - k : k);
    return rank;
}

static const Expr *read_tensor(Lower *l, const Binding *b, const Sub *sub, const double *pad, Span at) {
    if (b->kind == BIND_FOLDED) return expr_num(l->p, b->number);
    Tensor *t = b->tensor;
    if (b->shared) return expr_read(l->p, t, NULL);
    if (t->per_sample && (!l->space || l->space->batch < 0)) {
        lower_error(l, at, "'%s' has a value for each sample; reduce it over 'batch' here", b->name);
        return NULL;
    }
    Sub own[RANK_MAX];
    for (int k = 0; k < value_rank(t); k++) own[k] = sub[b->transposed ? 1 - k : k];
    const Sub *full = space_subs(l, t->per_sample, own, value_rank(t));
    return pad ? expr_read_padded(l->p, t, full, *pad) : expr_read(l->p, t, full);
}

const Expr *lower_read_binding(Lower *l, const Binding *b, const Sub *sub, Span at) {
    return read_tensor(l, b, sub, NULL, at);
}

/* Equations read each other in any order, if the left side of those further down tells the shape; after an error it may also be
 * a value that came to nothing. */
static const Expr *later_value(Lower *l, const AstExpr *e) {
    if (!l->messages->errors)
        lower_error(l, e->name_span,
                    "the shape of '%s', which is given a value further down, is not known yet: write that equation above this "
                    "one, or ranges on its left side: %s[i: 4]",
                    e->name, e->name);
    return NULL;
}

const Expr *lower_read(Lower *l, const AstExpr *e, const double *pad) {
    const Binding *b = find_binding(l->scope, e->name, false);
    if (!b) return later_value(l, e);
    if (b->kind != BIND_TENSOR && b->kind != BIND_FOLDED) bug("%s has no elements", e->name);
    int dim[RANK_MAX];
    const int rank = binding_shape(b, dim);
    Sub sub[RANK_MAX + 1];
    return read_subs(l, e, dim, rank, pad, sub) ? read_tensor(l, b, sub, pad, e->span) : NULL;
}

const Expr *lower_read_whole(Lower *l, const AstExpr *e, const Binding *b) {
    Sub sub[RANK_MAX] = {{.gather = NULL}};
    int dim[RANK_MAX], n = 0;
    const int rank = binding_shape(b, dim);
    for (int k = 0; l->space && k < l->space->names.n && rank > 0; k++) {
        const SpaceName *name = &l->space->names.at[k];
        if (!name->whole) continue;
        if (n == rank || name->extent != dim[n]) {
            lower_error(l, e->span, "'%s' has the shape %s, which does not fit the other values here", e->name,
                        dims_text(l->arena, dim, rank));
            return NULL;
        }
        sub[n++] = (Sub){name->a, NULL};
    }
    if (n == rank) return read_tensor(l, b, sub, NULL, e->span);
    lower_error(l, e->span, "'%s' has the shape %s: say which element is meant, %s[...]", e->name,
                dims_text(l->arena, dim, rank), e->name);
    return NULL;
}
