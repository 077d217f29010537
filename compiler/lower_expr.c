/* lower_expr: expressions and subscripts of index notation, over the indices of the equation being lowered.
 *
 * Every reduction, and every costly operation that is not the root, gets a statement of its own, so that nothing is computed
 * twice and a derivative can be said in terms of the result. Inside a branch of `if` nothing costly is hoisted: it might be
 * infinite where the branch is not taken, and 0 * inf would spoil the gradient. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* ---- numbers */

static bool named_number(const Lower *l, const char *name, double *value) {
    if (ast_constant(name, value)) return true;
    if (!strcmp(name, "training")) return *value = l->training, true;
    if (l->fan_in > 0 && !strcmp(name, "fan_in")) return *value = l->fan_in, true;
    if (l->fan_in > 0 && !strcmp(name, "fan_out")) return *value = l->fan_out, true;
    return false;
}

static bool number_of_name(Lower *l, const AstExpr *e, double *number) {
    const Binding *b = find_binding(l->scope, e->name, false);
    if (b && (b->kind == BIND_NUMBER || b->kind == BIND_EXTENT || b->kind == BIND_FOLDED)) return *number = b->number, true;
    if (b) {
        lower_error(l, e->span, "'%s' is a tensor: a number that is known at compile time is needed here", e->name);
        return false;
    }
    const double *c = lower_const(l, e->name, e->span);
    if (c) return *number = *c, true;
    if (named_number(l, e->name, number)) return true;
    lower_error(l, e->span, "'%s' is not a number that is known here", e->name);
    return false;
}

static double star_size(const Binding *b) {
    double size = 1;
    for (int k = 0; k < b->count; k++) size *= b->dim[k];
    return size;
}

/* size(i), size(*s), size(batch) when there is only one sample. */
static bool number_of_size(Lower *l, const AstExpr *e, double *number) {
    const AstExpr *arg = e->args.n == 1 ? e->args.at[0].value : NULL;
    if (arg && arg->kind == AST_NAME && arg->name) {
        for (int k = l->space ? l->space->names.n - 1 : -1; k >= 0; k--)
            if (!l->space->names.at[k].star && !strcmp(l->space->names.at[k].name, arg->name))
                return *number = l->space->names.at[k].extent, true;
        if (!strcmp(arg->name, "batch") && l->batch == 1) return *number = 1, true;
        const Binding *b = find_binding(l->scope, arg->name, false);
        if (b && b->kind == BIND_EXTENT) return *number = b->number, true;
    }
    const Binding *star = arg && arg->kind == AST_STAR ? find_binding(l->scope, arg->name, true) : NULL;
    if (star) return *number = star_size(star), true;
    lower_error(l, e->span, "size( ) takes an index, an extent or *name that is known here");
    return false;
}

static bool number_of_binary(Lower *l, const AstExpr *e, bool integer, double *number) {
    double a, b;
    if (!lower_number(l, e->args.at[0].value, integer, &a) || !lower_number(l, e->args.at[1].value, integer, &b)) return false;
    *number = ast_op_value(e->op, a, b, integer);
    if ((e->op == AST_DIV || e->op == AST_MOD) && b == 0) {
        lower_error(l, e->args.at[1].value->span, "division by zero");
        return false;
    }
    return true;
}

static bool number_of_call(Lower *l, const AstExpr *e, double *number) {
    if (!strcmp(e->name, "size")) return number_of_size(l, e, number);
    const Op op = op_named(e->name);
    double a[3] = {0, 0, 0};
    if (op == OP_COUNT || e->args.n != op_info[op].nargs) {
        lower_error(l, e->span, "'%s' is not a function of numbers that are known here", e->name);
        return false;
    }
    for (int k = 0; k < e->args.n; k++)
        if (!lower_number(l, e->args.at[k].value, false, &a[k])) return false;
    *number = op_info[op].value(a[0], a[1], a[2]);
    return true;
}

bool lower_number(Lower *l, const AstExpr *e, bool integer, double *number) {
    double a;
    switch (e->kind) {
    case AST_NUMBER: return *number = e->number, true;
    case AST_NAME: return number_of_name(l, e, number);
    case AST_BINARY: return number_of_binary(l, e, integer, number);
    case AST_CALL: return number_of_call(l, e, number);
    case AST_UNARY:
        if (!lower_number(l, e->args.at[0].value, integer, &a)) return false;
        return *number = ast_op_value(e->op, a, 0, integer), true;
    case AST_IF:
        if (!lower_number(l, e->args.at[0].value, integer, &a)) return false;
        return lower_number(l, e->args.at[a != 0 ? 1 : 2].value, integer, number);
    default: lower_error(l, e->span, "a number that is known at compile time is needed here"); return false;
    }
}

bool lower_size(Lower *l, const AstExpr *e, int low, int *size) {
    double v;
    if (!lower_number(l, e, true, &v)) return false;
    if (v != floor(v) || v < low || v > 1 << 30) {
        lower_error(l, e->span, "%g is no size: a whole number from %d to %d is needed", v, low, 1 << 30);
        return false;
    }
    *size = (int)v;
    return true;
}

/* ---- subscripts */

/* a / n rounded down, or a % n, where the terms that n does not divide stay within 0 .. n-1:
 * (n*g + k) / n = g and (n*g + k) % n = k. */
static bool divide(Lower *l, Affine a, int n, AstOp op, Span at, Affine *result) {
    Affine whole = affine_const(0), rest = affine_const(0);
    for (int k = 0; k < a.n; k++) {
        const Affine term = affine_index(a.t[k].index);
        if (a.t[k].coef % n == 0)
            whole = affine_add(whole, affine_scale(term, a.t[k].coef / n));
        else
            rest = affine_add(rest, affine_scale(term, a.t[k].coef));
    }
    const int low = a.c >= 0 ? a.c % n : (n + a.c % n) % n;
    whole = affine_add(whole, affine_const((a.c - low) / n));
    rest = affine_add(rest, affine_const(low));
    int min, max;
    affine_range(rest, l->space->ix, &min, &max);
    if (min < 0 || max >= n) {
        lower_error(l, at, "this whole-number division cannot be resolved: divide one index of a range that %d divides", n);
        return false;
    }
    *result = op == AST_DIV ? whole : rest;
    return true;
}

static bool affine_of_name(Lower *l, const AstExpr *e, Affine *a) {
    for (int k = l->space->names.n - 1; k >= 0; k--)
        if (!l->space->names.at[k].star && !strcmp(l->space->names.at[k].name, e->name))
            return *a = l->space->names.at[k].a, true;
    double v;
    if (!number_of_name(l, e, &v)) return false;
    if (v != floor(v) || fabs(v) > 1 << 30) {
        lower_error(l, e->span, "'%s' is %g here: a subscript needs a whole number", e->name, v);
        return false;
    }
    *a = affine_const((int)v);
    return true;
}

static bool affine_of_binary(Lower *l, const AstExpr *e, Affine *a) {
    Affine x, y;
    if (!lower_affine(l, e->args.at[0].value, &x) || !lower_affine(l, e->args.at[1].value, &y)) return false;
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
        if (v != floor(v) || fabs(v) > 1 << 30) break;
        *a = affine_const((int)v);
        return true;
    }
    lower_error(l, e->span, "a subscript must be a whole number in terms of the indices");
    return false;
}

/* ---- reads */

/* A subscript that reads an integer tensor: table[ids[t], i]. */
static const Expr *gather_of(Lower *l, const AstExpr *e) {
    if (e->kind != AST_READ && e->kind != AST_NAME) return NULL;
    const Binding *b = find_binding(l->scope, e->name, false);
    if (!b || b->kind != BIND_TENSOR || !b->tensor->integer) return NULL;
    return lower_expr(l, e);
}

/* Is a subscript, which is affine or a gather, inside of its dimension for all that it can be? */
static bool range_ok(Lower *l, const Sub *sub, int extent, bool padded, const AstExpr *text, const char *of) {
    int min = 0, max;
    if (sub->gather)
        max = sub->gather->read.tensor->values_below - 1;
    else
        affine_range(sub->a, l->space->ix, &min, &max);
    if (padded || (min >= 0 && max < extent)) return true;
    lower_error(
        l, text->span,
        "this subscript of '%s' goes from %d to %d, outside 0 to %d: put the read in pad(..., value), or shorten the range", of,
        min, max, extent - 1);
    return false;
}

/* *s stands for the indices bound last under that star. */
static bool push_star(Lower *l, const AstDim *dim, Sub *sub, int *n) {
    const Binding *star = find_binding(l->scope, dim->name, true);
    int missing = star ? star->count : 1, at = l->space->names.n;
    while (missing && at > 0) {
        const char *bound = l->space->names.at[--at].star;
        missing -= bound && !strcmp(bound, dim->name);
    }
    if (!star || missing) {
        lower_error(l, dim->span, "'*%s' is bound neither by the left side nor by a reduction", dim->name);
        return false;
    }
    for (int left = star->count; left && *n < RANK_MAX; at++) {
        const char *bound = l->space->names.at[at].star;
        if (!bound || strcmp(bound, dim->name) != 0) continue;
        sub[(*n)++] = (Sub){l->space->names.at[at].a, NULL};
        left--;
    }
    return true;
}

/* The subscripts of a read, stars expanded; -1 after an error. */
static int read_subs(Lower *l, const AstExpr *e, const int *dim, int rank, bool padded, bool sized, Sub *sub) {
    int n = 0;
    for (int k = 0; k < e->dims.n; k++) {
        const AstDim *d = &e->dims.at[k];
        if (n >= RANK_MAX) break;
        if (d->star) {
            if (!push_star(l, d, sub, &n)) return -1;
            continue;
        }
        if (!d->value) {
            lower_error(l, d->span, "a range may be given on the left side or in a reduction only");
            return -1;
        }
        sub[n] = (Sub){affine_const(0), gather_of(l, d->value)};
        if (!sub[n].gather && !lower_affine(l, d->value, &sub[n].a)) return -1;
        if (sized && n < rank && !range_ok(l, &sub[n], dim[n], padded, d->value, e->name)) return -1;
        n++;
    }
    if (n != rank) {
        lower_error(l, e->span, "'%s' has %d dimension%s, but %d subscript%s given here", e->name, rank, rank == 1 ? "" : "s",
                    n, n == 1 ? " is" : "s are");
        return -1;
    }
    return n;
}

/* With the batch in front, transposed or shared as the binding says. */
const Expr *lower_read_binding(Lower *l, const Binding *b, const Sub *sub, bool padded, double pad, Span at) {
    if (b->kind == BIND_FOLDED) return expr_num(l->p, b->number);
    Sub full[RANK_MAX + 1];
    int n = 0;
    Tensor *t = b->tensor;
    if (b->shared) return expr_read(l->p, t, NULL);
    if (t->per_sample) {
        if (!l->space || l->space->batch < 0) {
            lower_error(l, at, "'%s' has a value for each sample; reduce it over 'batch' here", b->name);
            return NULL;
        }
        full[n++] = (Sub){affine_index(l->space->batch), NULL};
    }
    for (int k = 0; k < value_rank(t); k++) full[n++] = sub[b->transposed ? 1 - k : k];
    const Sub *copy = subs_copy(l->arena, full, n);
    return padded ? expr_read_padded(l->p, t, copy, pad) : expr_read(l->p, t, copy);
}

static const int *binding_dims(const Binding *b, int *rank, int *own) {
    if (b->shared || b->kind == BIND_FOLDED) return *rank = b->rank, b->dim;
    *rank = value_rank(b->tensor);
    for (int k = 0; k < *rank; k++) own[k] = value_dim(b->tensor, b->transposed ? 1 - k : k);
    return own;
}

static const Expr *lower_read(Lower *l, const AstExpr *e, bool padded, double pad) {
    const Binding *b = find_binding(l->scope, e->name, false);
    if (!b || (b->kind != BIND_TENSOR && b->kind != BIND_FOLDED)) {
        lower_error(l, e->name_span, "there is no value '%s' here to take an element of", e->name);
        return NULL;
    }
    int rank, own[RANK_MAX];
    const int *dim = binding_dims(b, &rank, own);
    Sub sub[RANK_MAX + 1];
    if (read_subs(l, e, dim, rank, padded, true, sub) < 0) return NULL;
    return lower_read_binding(l, b, sub, padded, pad, e->span);
}

/* A name alone: an index or extent as a number, an argument, a scalar, or a whole value at the left side's indices. */
static const Expr *lower_name(Lower *l, const AstExpr *e) {
    if (l->space)
        for (int k = l->space->names.n - 1; k >= 0; k--)
            if (!l->space->names.at[k].star && !strcmp(l->space->names.at[k].name, e->name))
                return expr_val(l->p, l->space->names.at[k].a);
    const Binding *b = find_binding(l->scope, e->name, false);
    if (b && b->kind == BIND_SCALAR) return b->e;
    if (b && b->kind == BIND_TENSOR) {
        Sub sub[RANK_MAX];
        int rank, own[RANK_MAX], n = 0;
        const int *dim = binding_dims(b, &rank, own);
        for (int k = 0; l->space && k < l->space->names.n && rank; k++)
            if (l->space->names.at[k].star && !strcmp(l->space->names.at[k].star, "(whole)") && n < rank) {
                if (l->space->names.at[k].extent != dim[n]) {
                    lower_error(l, e->span, "'%s' has the shape %s, which does not fit the other values here", e->name,
                                dims_text(l->arena, dim, rank));
                    return NULL;
                }
                sub[n++] = (Sub){l->space->names.at[k].a, NULL};
            }
        if (n != rank) {
            lower_error(l, e->span, "'%s' has the shape %s: say which element is meant, %s[...]", e->name,
                        dims_text(l->arena, dim, rank), e->name);
            return NULL;
        }
        return lower_read_binding(l, b, sub, false, 0, e->span);
    }
    static const char *const run_time[] = {"step", "epoch", "epochs", "validation_loss"};
    for (int k = 0; !b && k < 4; k++)
        if (!strcmp(e->name, run_time[k])) return expr_read(l->p, lower_scalar(l, run_time[k]), NULL);
    double v;
    return number_of_name(l, e, &v) ? expr_num(l->p, v) : NULL;
}

/* ---- statements of their own */

const Expr *lower_own(Lower *l, const Expr *e, Reduce reduce, const int *reduced, int nreduced, const char *suffix) {
    Sub sub[INDEX_MAX];
    int n = 0, dim[RANK_MAX];
    bool per_sample = false;
    for (int k = 0; k < l->space->n; k++) {
        bool red = false;
        for (int r = 0; r < nreduced; r++) red = red || reduced[r] == k;
        if (red || !expr_uses_index(e, k)) continue;
        if (n - per_sample == RANK_MAX - 1) {
            lower_error(l, l->origin, "this needs a value of more than %d dimensions", RANK_MAX - 1);
            return NULL;
        }
        if (k == l->space->batch)
            per_sample = true;
        else
            dim[n - per_sample] = l->space->ix[k].hi;
        sub[n++] = (Sub){affine_index(k), NULL};
    }
    /* the batch's index, where there is one, is the first of a space */
    Tensor *t = lower_value(l, arena_printf(l->arena, "%s%s%s", l->hint, suffix[0] ? "_" : "", suffix), NULL, per_sample,
                            n - per_sample, dim, l->origin);
    const Sub *lhs = subs_copy(l->arena, sub, n);
    lower_statement(l, t, lhs, false, reduce, reduced, nreduced, e);
    return expr_read(l->p, t, lhs);
}

static const char *own_suffix(Op op) {
    if (op == OP_DIV) return "ratio";
    if (op == OP_POW) return "power";
    return op_info[op].name;
}

static bool reads_anything(const Expr *e) {
    if (e->op == OP_READ || e->op == OP_VAL || e->op == OP_RANDOM) return true;
    for (int k = 0; k < e->nargs; k++)
        if (reads_anything(e->arg[k])) return true;
    return false;
}

/* a + b where one of them is costly: the costly one becomes a read of its own statement. */
static const Expr *settle(Lower *l, const Expr *e) {
    if (!e || l->branch || !op_info[e->op].costly || !reads_anything(e)) return e;
    const bool by_number = e->op == OP_DIV && e->arg[1]->op == OP_NUM;
    const bool small_power = e->op == OP_POW && e->arg[1]->op == OP_NUM && (e->arg[1]->num == 2 || e->arg[1]->num == 3);
    if (by_number || small_power) return e;
    return lower_own(l, e, REDUCE_NONE, NULL, 0, own_suffix(e->op));
}

/* ---- operators */

static const Expr *lower_if(Lower *l, const AstExpr *e) {
    const Expr *c = lower_expr(l, e->args.at[0].value);
    if (!c) return NULL;
    if (c->op == OP_NUM) return lower_expr(l, e->args.at[c->num != 0 ? 1 : 2].value);
    c = settle(l, c);
    l->branch++;
    const Expr *a = lower_expr(l, e->args.at[1].value);
    const Expr *b = lower_expr(l, e->args.at[2].value);
    l->branch--;
    return a && b ? expr_3(l->p, OP_SELECT, c, a, b) : NULL;
}

static const Expr *lower_binary(Lower *l, const AstExpr *e) {
    static const struct {
        Op op;
        bool swapped, negated;
    } row[] = {[AST_ADD] = {OP_ADD, 0, 0}, [AST_SUB] = {OP_SUB, 0, 0}, [AST_MUL] = {OP_MUL, 0, 0}, [AST_DIV] = {OP_DIV, 0, 0},
               [AST_MOD] = {OP_MOD, 0, 0}, [AST_POW] = {OP_POW, 0, 0}, [AST_LT] = {OP_LT, 0, 0},   [AST_LE] = {OP_LE, 0, 0},
               [AST_GT] = {OP_LT, 1, 0},   [AST_GE] = {OP_LE, 1, 0},   [AST_EQ] = {OP_EQ, 0, 0},   [AST_NE] = {OP_EQ, 0, 1},
               [AST_AND] = {OP_AND, 0, 0}, [AST_OR] = {OP_OR, 0, 0}};
    const Expr *a = settle(l, lower_expr(l, e->args.at[0].value));
    const Expr *b = settle(l, lower_expr(l, e->args.at[1].value));
    if (!a || !b) return NULL;
    /* an option that is 0 takes its product out of the program: weight_decay * w */
    if (e->op == AST_MUL && (expr_is_num(a, 0) || expr_is_num(b, 0))) return expr_num(l->p, 0);
    const Expr *r = row[e->op].swapped ? expr_2(l->p, row[e->op].op, b, a) : expr_2(l->p, row[e->op].op, a, b);
    return row[e->op].negated ? expr_1(l->p, OP_NOT, r) : r;
}

/* ---- reductions */

static const struct Reduction {
    const char *name;
    Reduce reduce;
    bool mean;
} reductions[] = {
    {"sum", REDUCE_SUM, false}, {"mean", REDUCE_SUM, true}, {"max", REDUCE_MAX, false}, {"min", REDUCE_MIN, false}};

static double push_reduced_star(Lower *l, const AstDim *dim, int *reduced, int *n) {
    const Binding *star = find_binding(l->scope, dim->name, true);
    double size = 1;
    if (!star) return lower_error(l, dim->span, "'*%s' is not bound by this definition's header", dim->name), 0;
    for (int k = 0; k < star->count && *n < INDEX_MAX; k++) {
        const int ix = space_index(l, arena_printf(l->arena, "%s%d", dim->name, k), star->dim[k]);
        if (ix < 0) return 0;
        space_name(l, l->space->ix[ix].name, affine_index(ix), star->dim[k], dim->name);
        reduced[(*n)++] = ix;
        size *= star->dim[k];
    }
    return size;
}

/* Binds the reduced indices; the product of their extents (without the batch), 0 after an error. */
static double push_reduced(Lower *l, const AstExpr *e, int *reduced, int *n, bool *over_batch) {
    double size = 1;
    *n = 0;
    *over_batch = false;
    for (int k = 0; k < e->dims.n && *n < INDEX_MAX; k++) {
        const AstDim *d = &e->dims.at[k];
        if (d->star) {
            size *= push_reduced_star(l, d, reduced, n);
            if (size == 0) return 0;
            continue;
        }
        const char *name = d->name ? d->name : d->value && d->value->kind == AST_NAME ? d->value->name : NULL;
        if (!name) return lower_error(l, d->span, "an index is needed here, as in sum[i](...)"), 0;
        if (!strcmp(name, "batch") && !d->range) {
            *over_batch = true;
            l->model->sees_batch = true;
            if (l->batch == 1) continue;
            l->space->batch = space_index(l, "b", l->batch);
            if (l->space->batch < 0) return 0;
            l->space->ix[l->space->batch].batch = true;
            memmove(reduced + 1, reduced, (size_t)(*n)++ * sizeof *reduced); /* outermost wherever it is written */
            reduced[0] = l->space->batch;
            continue;
        }
        const int extent = lower_dim_range(l, d, NULL, e->args.n ? e->args.at[0].value : NULL);
        const int ix = extent > 0 ? space_index(l, name, extent) : -1;
        if (ix < 0) return 0;
        reduced[(*n)++] = ix;
        size *= extent;
        space_name(l, name, affine_index(ix), extent, NULL);
    }
    return size;
}

/* prod[i](e) is the recurrence p[i] = pad(p[i - 1], 1) * e: its derivative is right with zeros in e. */
static const Expr *lower_product(Lower *l, const Expr *e, const int *reduced, int n) {
    for (int k = n - 1; e && k >= 0; k--) {
        const int ix = reduced[k], extent = l->space->ix[ix].hi;
        e = lower_own(l, e, REDUCE_NONE, NULL, 0, "factor");
        if (!e || !expr_uses_index(e, ix))
            return lower_error(l, l->origin, "prod[ ] of something that does not use its index"), NULL;
        const Access factor = e->read;
        const int rank = factor.tensor->rank;
        Tensor *p = lower_value(l, arena_printf(l->arena, "%s_prod", l->hint), NULL, factor.tensor->per_sample,
                                value_rank(factor.tensor), factor.tensor->dim + factor.tensor->per_sample, l->origin);
        Sub before[RANK_MAX], last[RANK_MAX];
        for (int d = 0; d < rank; d++) {
            const bool here = affine_coef(factor.sub[d].a, ix) != 0;
            before[d] = last[d] = factor.sub[d];
            if (here) before[d].a = affine_add(factor.sub[d].a, affine_const(-1));
            if (here) last[d].a = affine_const(extent - 1);
        }
        const Expr *running = expr_read_padded(l->p, p, subs_copy(l->arena, before, rank), 1);
        lower_statement(l, p, factor.sub, false, REDUCE_NONE, NULL, 0, expr_2(l->p, OP_MUL, running, e));
        e = expr_read(l->p, p, subs_copy(l->arena, last, rank));
    }
    return e;
}

static const Expr *divide_by_count(Lower *l, const Expr *sum, double size, bool over_batch) {
    const Expr *count = expr_num(l->p, size);
    if (over_batch && l->batch > 1) count = expr_2(l->p, OP_MUL, expr_read(l->p, lower_scalar(l, "n"), NULL), count);
    return expr_2(l->p, OP_DIV, sum, count);
}

static const Expr *lower_reduction(Lower *l, const AstExpr *e) {
    int reduced[INDEX_MAX], n;
    bool over_batch;
    const int names = l->space->names.n, batch = l->space->batch;
    const struct Reduction *row = NULL;
    for (size_t k = 0; k < sizeof reductions / sizeof *reductions; k++)
        if (!strcmp(e->name, reductions[k].name)) row = &reductions[k];
    if (e->args.n != 1) return lower_error(l, e->span, "%s[ ] takes one expression", e->name), NULL;
    const double size = push_reduced(l, e, reduced, &n, &over_batch);
    if (size == 0) return NULL;
    const int branch = l->branch;
    l->branch = 0; /* the sum is a statement of its own, outside the branch */
    const Expr *body = settle(l, lower_expr(l, e->args.at[0].value));
    l->branch = branch;
    if (!body) return NULL;
    if (!row && over_batch)
        return lower_error(l, e->span, "prod[batch] is not possible: sum, mean, max and min may reduce over the batch"), NULL;
    if (!row && strcmp(e->name, "prod") != 0)
        return lower_error(l, e->name_span, "'%s' is not a reduction (sum max min mean prod)", e->name), NULL;
    const Expr *result = !row ? lower_product(l, body, reduced, n)
                         : n  ? lower_own(l, body, row->reduce, reduced, n, row->name)
                              : body;
    l->space->names.n = names;
    l->space->batch = batch;
    for (int k = 0; k < n; k++) l->space->closed |= 1U << reduced[k];
    return result && row && row->mean ? divide_by_count(l, result, size, over_batch) : result;
}

/* ---- calls */

/* A read whose value the caller may differentiate by: the argument as a statement of its own. */
static const Expr *as_read(Lower *l, const Expr *e) {
    if (e->op == OP_READ && !e->padded) return e;
    return lower_own(l, e, REDUCE_NONE, NULL, 0, "argument");
}

/* An activation with a hand-written derivative: y = value, dy/dx = derivative in terms of x and y. */
static const Expr *own_with_derivative(Lower *l, const AstDef *def, Scope *inner, const Expr *x, const Expr *value) {
    const Expr *y = lower_own(l, value, REDUCE_NONE, NULL, 0, def->name);
    if (!y) return NULL;
    Stmt *s = l->p->stmts.at[l->p->stmts.n - 1];
    if (def->outputs.n) {
        Binding *b = add_binding(l, inner, def->outputs.at[0].name, BIND_SCALAR);
        b->e = y;
    }
    Scope *outer = l->scope;
    l->scope = inner;
    l->branch++;
    const Expr *d = lower_expr(l, def->derivative);
    l->branch--;
    l->scope = outer;
    if (!d) return NULL;
    /* from the space's indices to the statement's: the same order, unused ones left out */
    Affine map[INDEX_MAX];
    int n = 0;
    for (int k = 0; k < l->space->n; k++) {
        map[k] = affine_const(0);
        if (expr_uses_index(y, k)) map[k] = affine_index(n++);
    }
    s->derivative = expr_substitute(l->p, d, map);
    s->derivative_of = expr_substitute(l->p, x, map);
    return y;
}

/* Definitions that name another one twice, level below level, grow as 2^levels: false, after an error, when an equation does.
 */
static bool may_expand(Lower *l, Span at) {
    enum { EXPANSIONS_MAX = 1000 };
    if (l->expanded != l->space) l->expansions = 0;
    l->expanded = l->space;
    if (l->expansions > EXPANSIONS_MAX) return false;
    if (++l->expansions <= EXPANSIONS_MAX) return true;
    lower_error(l, at, "this grows too large: definitions are put in for one another more than %d times", EXPANSIONS_MAX);
    return false;
}

const Expr *lower_activation(Lower *l, const AstExpr *call, const Expr *argument) {
    const Op op = op_named(call->name);
    const AstDef *def = lower_find(l, DEF_ACTIVATION, call->name, call->span);
    if (!def && op != OP_COUNT && op_info[op].nargs == 1) return expr_1(l->p, op, settle(l, argument));
    if (!def || !argument || !may_expand(l, call->span)) return NULL;
    Scope *inner = arena_one(l->arena, Scope), *outer = l->scope;
    inner->prefix = outer->prefix;
    inner->label = outer->label;
    if (!lower_options(l, def, call, -1, inner)) return NULL;
    const bool derivative = def->derivative && !l->branch;
    const Expr *x = settle(l, argument);
    if (derivative) x = as_read(l, x);
    if (!x) return NULL;
    add_binding(l, inner, def->inputs.at[0].name, BIND_SCALAR)->e = x;
    l->scope = inner;
    const Expr *value = lower_expr(l, def->value);
    l->scope = outer;
    return value && derivative ? own_with_derivative(l, def, inner, x, value) : value;
}

static const Expr *lower_pad(Lower *l, const AstExpr *e) {
    double value = 0;
    if (e->args.n != 2 || e->args.at[0].value->kind != AST_READ)
        return lower_error(l, e->span, "pad takes a read and the value outside: pad(x[...], 0)"), NULL;
    if (!lower_number(l, e->args.at[1].value, false, &value)) return NULL;
    return lower_read(l, e->args.at[0].value, true, value);
}

/* size(batch) at run time; everything else is known now. */
static const Expr *lower_size_call(Lower *l, const AstExpr *e) {
    const AstExpr *arg = e->args.n == 1 ? e->args.at[0].value : NULL;
    const bool of_batch = arg && arg->name && !strcmp(arg->name, "batch");
    double v;
    l->model->sees_batch = l->model->sees_batch || of_batch;
    if (of_batch && l->batch > 1) return expr_read(l->p, lower_scalar(l, "n"), NULL);
    return number_of_size(l, e, &v) ? expr_num(l->p, v) : NULL;
}

/* One draw for each element, sample and step, in a statement of its own over all the indices of the equation. */
static const Expr *lower_random(Lower *l) {
    Sub sub[INDEX_MAX];
    int n = 0, dim[INDEX_MAX];
    bool per_sample = false;
    for (int k = 0; k < l->space->n; k++) {
        if (l->space->closed >> k & 1) continue;
        if (k == l->space->batch)
            per_sample = true;
        else
            dim[n - per_sample] = l->space->ix[k].hi;
        sub[n++] = (Sub){affine_index(k), NULL};
    }
    if (n > RANK_MAX) return lower_error(l, l->origin, "random() over more than %d dimensions", RANK_MAX - 1), NULL;
    Tensor *t = lower_value(l, arena_printf(l->arena, "%s_random", l->hint), NULL, per_sample, n - per_sample, dim, l->origin);
    const Sub *lhs = subs_copy(l->arena, sub, n);
    lower_statement(l, t, lhs, false, REDUCE_NONE, NULL, 0, expr_random(l->p, l->sites++));
    return expr_read(l->p, t, lhs);
}

static const Expr *lower_operation(Lower *l, const AstExpr *e, Op op) {
    const Expr *arg[3] = {NULL, NULL, NULL};
    if (e->args.n != op_info[op].nargs)
        return lower_error(l, e->span, "'%s' takes %d argument%s", e->name, op_info[op].nargs,
                           op_info[op].nargs == 1 ? "" : "s"),
               NULL;
    for (int k = 0; k < e->args.n; k++) {
        arg[k] = settle(l, lower_expr(l, e->args.at[k].value));
        if (!arg[k]) return NULL;
    }
    if (op == OP_POW || op_info[op].nargs == 2) return expr_2(l->p, op, arg[0], arg[1]);
    return expr_1(l->p, op, arg[0]);
}

const AstExpr *lower_argument(const AstDef *def, const AstExpr *call, int k) {
    for (int a = 0; a < call->args.n; a++) {
        const AstArg *arg = &call->args.at[a];
        if (arg->name ? !strcmp(arg->name, def->inputs.at[k].name) : a == k) return arg->value;
    }
    return NULL;
}

/* normal(0, 1) within another initializer. */
static const Expr *lower_initializer_call(Lower *l, const AstExpr *e, const AstDef *def) {
    if (!may_expand(l, e->span)) return NULL;
    Scope *inner = arena_one(l->arena, Scope), *outer = l->scope;
    inner->prefix = outer->prefix;
    inner->label = outer->label;
    for (int k = 0; k < def->inputs.n; k++) {
        const AstExpr *given = lower_argument(def, e, k);
        const Expr *v = given ? lower_expr(l, given) : NULL;
        if (!v)
            return lower_error(l, e->span, "'%s' needs %d number%s", e->name, def->inputs.n, def->inputs.n == 1 ? "" : "s"),
                   NULL;
        add_binding(l, inner, def->inputs.at[k].name, BIND_SCALAR)->e = v;
    }
    if (!lower_options(l, def, e, def->inputs.n, inner)) return NULL;
    l->scope = inner;
    const Expr *value = lower_expr(l, def->value);
    l->scope = outer;
    return value;
}

static const Expr *lower_call(Lower *l, const AstExpr *e) {
    if (e->dims.n) return lower_reduction(l, e);
    if (!strcmp(e->name, "pad")) return lower_pad(l, e);
    if (!strcmp(e->name, "size")) return lower_size_call(l, e);
    if (!strcmp(e->name, "random")) return lower_random(l);
    const AstDef *def = lower_find(l, DEF_ACTIVATION, e->name, e->span);
    const Op op = op_named(e->name);
    if (!def && op != OP_COUNT) return lower_operation(l, e, op);
    if (def) {
        if (e->args.n < 1 || e->args.at[0].name) return lower_error(l, e->span, "'%s' needs an argument", e->name), NULL;
        const Expr *arg = lower_expr(l, e->args.at[0].value);
        AstExpr options = *e;
        options.args.at = e->args.at + 1;
        options.args.n = e->args.n - 1;
        return arg ? lower_activation(l, &options, arg) : NULL;
    }
    def = l->fan_in > 0 ? lower_find(l, DEF_INITIALIZER, e->name, e->span) : NULL;
    if (def) return lower_initializer_call(l, e, def);
    lower_error(l, e->name_span, "there is no function '%s' that could stand here", e->name);
    return NULL;
}

const Expr *lower_expr(Lower *l, const AstExpr *e) {
    const Expr *a;
    switch (e->kind) {
    case AST_NUMBER: return expr_num(l->p, e->number);
    case AST_NAME: return lower_name(l, e);
    case AST_READ: return lower_read(l, e, false, 0);
    case AST_CALL: return lower_call(l, e);
    case AST_BINARY: return lower_binary(l, e);
    case AST_IF: return lower_if(l, e);
    case AST_UNARY:
        a = settle(l, lower_expr(l, e->args.at[0].value));
        return a ? expr_1(l->p, e->op == AST_NEG ? OP_NEG : OP_NOT, a) : NULL;
    default: lower_error(l, e->span, "a value is needed here"); return NULL;
    }
}

/* ---- options */

bool lower_options(Lower *l, const AstDef *def, const AstExpr *call, int skip, Scope *scope) {
    bool ok = true;
    if (skip < 0) skip = 0;
    for (int k = 0; k < def->options.n; k++) {
        const AstOption *o = &def->options.at[k];
        const AstExpr *value = NULL;
        for (int a = 0; a < call->args.n; a++) {
            const AstArg *arg = &call->args.at[a];
            if (arg->name ? !strcmp(arg->name, o->name) : a - skip == k) value = arg->value;
        }
        double v = 0;
        if (value) {
            ok = lower_number(l, value, false, &v) && ok; /* the user's expression, in the user's scope */
        } else if (o->value) {
            Scope *outer = l->scope;
            l->scope = scope; /* a default may name the options before it */
            ok = lower_number(l, o->value, false, &v) && ok;
            l->scope = outer;
        } else {
            lower_error(l, call->span, "'%s' needs its option '%s': write %s(%s = ...)", def->name, o->name, def->name,
                        o->name);
            ok = false;
        }
        add_binding(l, scope, o->name, BIND_NUMBER)->number = v;
    }
    return ok;
}
