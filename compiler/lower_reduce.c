/* lower_reduce: sum[i](...), mean, max, min, prod: each is a statement of its own. */
#include "lower_internal.h"
#include <string.h>

typedef struct Reduction {
    Reduce reduce; /* REDUCE_NONE: a recurrence */
    bool mean;
} Reduction;
static const Reduction reductions[] = {[AST_SUM] = {REDUCE_SUM, false},
                                       [AST_MEAN] = {REDUCE_SUM, true},
                                       [AST_MAX] = {REDUCE_MAX, false},
                                       [AST_MIN] = {REDUCE_MIN, false},
                                       [AST_PROD] = {REDUCE_NONE, false}};

/* ---- what is reduced over */

typedef struct Over {
    unsigned indices;
    double size; /* the product of their extents, without the batch */
    bool batch;
} Over;

static bool over_index(Lower *l, const char *name, int extent, const char *star, Over *over) {
    const int k = space_index(l, name, extent);
    if (k < 0) return false;
    space_name(l, (SpaceName){.name = name, .a = affine_index(k), .extent = extent, .star = star});
    over->indices |= 1U << k;
    over->size *= extent;
    return true;
}

static bool over_star(Lower *l, const AstDim *dim, Over *over) {
    const Binding *star = bound_star(l, dim->name);
    for (int k = 0; k < star->count; k++)
        if (!over_index(l, arena_printf(l->arena, "%s%d", dim->name, k), star->dim[k], dim->name, over)) return false;
    return true;
}

static bool over_batch(Lower *l, Over *over) {
    over->batch = true;
    l->model->sees_batch = true;
    if (l->batch == 1) return true;
    if (!space_batch(l)) return false;
    over->indices |= 1U << l->space->batch;
    return true;
}

static bool over_dim(Lower *l, const AstDim *d, const AstExpr *body, Over *over) {
    const char *name = ast_dim_name(d);
    if (d->star) return over_star(l, d, over);
    if (!strcmp(name, "batch") && !d->range) return over_batch(l, over);
    const int extent = lower_extent(l, name, d->range, 0, body, d->span);
    return extent > 0 && over_index(l, name, extent, NULL, over);
}

/* ---- products */

/* prod over index k is the recurrence p[k] = pad(p[k - 1], 1) * factor[k]; the last p is the product. Its derivative is right
 * with zeros among the factors. */
static const Expr *product_over(Lower *l, const Expr *factor, int k) {
    const Access *of = &factor->read;
    const Tensor *t = of->tensor;
    Tensor *p = lower_value(l, arena_printf(l->arena, "%s_prod", l->hint), NULL, t->per_sample, value_rank(t),
                            t->dim + t->per_sample, l->origin);
    Sub before[RANK_MAX], last[RANK_MAX];
    for (int d = 0; d < t->rank; d++) {
        before[d] = last[d] = of->sub[d];
        if (!affine_coef(of->sub[d].a, k)) continue;
        before[d].a = affine_add(of->sub[d].a, affine_const(-1));
        last[d].a = affine_const(l->space->ix[k].hi - 1);
    }
    lower_set(l, p, of->sub, expr_2(l->p, OP_MUL, expr_read_padded(l->p, p, before, 1), factor));
    return expr_read(l->p, p, last);
}

static const Expr *lower_product(Lower *l, const Expr *e, unsigned reduced) {
    for (int k = l->space->n - 1; e && k >= 0; k--) {
        if (!(reduced >> k & 1)) continue;
        const Expr *factor = lower_own(l, e, "factor");
        if (!factor || !expr_uses_index(factor, k))
            return lower_error(l, l->origin, "what prod[ ] multiplies does not depend on its index: a power says that, (…)^n"),
                   NULL;
        e = product_over(l, factor, k);
    }
    return e;
}

/* ---- the reduction */

static const Expr *divide_by_count(Lower *l, const Expr *sum, const Over *over) {
    const Expr *count = expr_num(l->p, over->size);
    if (over->batch && l->batch > 1) count = expr_2(l->p, OP_MUL, expr_read(l->p, lower_scalar(l, "n"), NULL), count);
    return expr_2(l->p, OP_DIV, sum, count);
}

/* Outside of a branch, as the sum is a statement of its own. */
static const Expr *lower_term(Lower *l, const AstExpr *e) {
    const int branch = l->branch;
    l->branch = 0;
    const Expr *term = lower_settle(l, lower_expr(l, e));
    l->branch = branch;
    return term;
}

static const Expr *reduce(Lower *l, const Reduction *how, const char *name, const Expr *term, const Over *over) {
    if (how->reduce == REDUCE_NONE) return lower_product(l, term, over->indices);
    const Expr *result = over->indices ? lower_reduced(l, term, how->reduce, over->indices, name) : term;
    return result && how->mean ? divide_by_count(l, result, over) : result;
}

const Expr *lower_reduction(Lower *l, const AstExpr *e) {
    const Reduction *how = &reductions[ast_reduction(e->name)];
    const int names = l->space->names.n, batch = l->space->batch;
    Over over = {.size = 1};
    for (int k = 0; k < e->dims.n; k++)
        if (!over_dim(l, &e->dims.at[k], e->args.at[0].value, &over)) return NULL;
    if (how->reduce == REDUCE_NONE && over.batch)
        return lower_error(l, e->span, "prod[batch] is not possible: sum, mean, max and min may reduce over the batch"), NULL;
    const Expr *term = lower_term(l, e->args.at[0].value);
    const Expr *result = term ? reduce(l, how, e->name, term, &over) : NULL;
    l->space->names.n = names;
    l->space->batch = batch;
    l->space->closed |= over.indices;
    return result;
}
