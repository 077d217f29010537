/* lower_equation: one equation in index notation becomes statements.
 *
 * First the left side: its indices, their extents, its shape; then the right side over these indices; last the statement. An
 * index that subscripts divide by n stands for n*g + k from the start, so that i / n is g and i % n is k: the statements that
 * come out are affine without division. */
#include "lower_internal.h"
#include <string.h>

/* ---- whole values: y = relu(b + x) */

typedef struct Whole {
    Lower *l;
    const Binding *found;
} Whole;

static void whole_read(const AstExpr *e, void *context) {
    Whole *w = context;
    if (e->kind != AST_NAME) return;
    const Binding *b = find_binding(w->l->scope, e->name, false);
    if (!b || b->kind != BIND_TENSOR || b->shared || value_rank(b->tensor) == 0) return;
    if (!w->found || value_rank(b->tensor) > value_rank(w->found->tensor)) w->found = b;
}

static const Binding *whole_shape(Lower *l, const AstExpr *e) {
    Whole w = {l, NULL};
    ast_reads(e, whole_read, &w);
    return w.found;
}

/* ---- the left side */

typedef struct Left {
    int rank, dim[RANK_MAX];
    Sub sub[RANK_MAX]; /* without the batch */
} Left;

/* What the subscripts of `name` are divided by in e: 0 not at all, -1 by different numbers. */
typedef struct Division {
    Lower *l;
    const char *name;
    int by;
} Division;

static void find_division(const AstExpr *e, Division *d) {
    if (e->kind == AST_BINARY && (e->op == AST_DIV || e->op == AST_MOD)) {
        const AstExpr *over = e->args.at[0].value;
        double n;
        if (over->kind == AST_NAME && !strcmp(over->name, d->name) && lower_number(d->l, e->args.at[1].value, true, &n) &&
            n > 1)
            d->by = d->by && d->by != (int)n ? -1 : (int)n;
    }
    for (int k = 0; k < e->args.n; k++) find_division(e->args.at[k].value, d);
}

static void divisions_in_reads(const AstExpr *e, void *context) {
    for (int k = 0; k < e->dims.n; k++)
        if (e->dims.at[k].value) find_division(e->dims.at[k].value, context);
}

/* A new index called `name`; the affine value that the name stands for. */
static bool bind_index(Lower *l, const char *name, int extent, const AstExpr *body, Span at, Affine *a) {
    Division d = {l, name, 0};
    ast_reads(body, divisions_in_reads, &d);
    if (d.by && (d.by < 0 || extent % d.by)) {
        lower_error(l, at, "the index '%s' (0 to %d) is divided in a subscript: by one number only, and one that divides %d",
                    name, extent - 1, extent);
        return false;
    }
    if (d.by) {
        const int g = space_index(l, arena_printf(l->arena, "%s_hi", name), extent / d.by);
        const int k = space_index(l, arena_printf(l->arena, "%s_lo", name), d.by);
        if (g < 0 || k < 0) return false;
        *a = affine_add(affine_scale(affine_index(g), d.by), affine_index(k));
    } else {
        const int k = space_index(l, name, extent);
        if (k < 0) return false;
        *a = affine_index(k);
    }
    space_name(l, (SpaceName){.name = name, .a = *a, .extent = extent});
    return true;
}

static bool left_star(Lower *l, const AstDim *d, Left *left) {
    const Binding *star = bound_star(l, d->name);
    for (int k = 0; k < star->count && left->rank < RANK_MAX - 1; k++) {
        const int ix = space_index(l, arena_printf(l->arena, "%s%d", d->name, k), star->dim[k]);
        if (ix < 0) return false;
        space_name(l,
                   (SpaceName){.name = l->space->ix[ix].name, .a = affine_index(ix), .extent = star->dim[k], .star = d->name});
        left->dim[left->rank] = star->dim[k];
        left->sub[left->rank++] = (Sub){affine_index(ix), NULL};
    }
    return true;
}

/* Names in an affine left side that are no numbers become indices: full[f, i*stride + ky]. */
static bool bind_affine_names(Lower *l, const AstExpr *e, const AstExpr *body) {
    if (e->kind == AST_NAME) {
        for (int k = 0; k < l->space->names.n; k++)
            if (!strcmp(l->space->names.at[k].name, e->name)) return true;
        const Binding *b = find_binding(l->scope, e->name, false);
        if ((b && b->kind == BIND_NUMBER) || (!b && lower_const(l, e->name, e->span))) return true;
        Affine a;
        const int extent = lower_extent(l, e->name, NULL, 0, body, e->span);
        return extent > 0 && bind_index(l, e->name, extent, body, e->span, &a);
    }
    for (int k = 0; k < e->args.n; k++)
        if (!bind_affine_names(l, e->args.at[k].value, body)) return false;
    return true;
}

static bool left_dim(Lower *l, const AstStmt *eq, const AstDim *d, const Tensor *known, Left *left) {
    const int at = left->rank, size = known && at < value_rank(known) ? value_dim(known, at) : 0;
    const char *name = ast_dim_name(d);
    Affine a;
    if (name) {
        const int extent = lower_extent(l, name, d->range, size, eq->value, d->span);
        if (extent <= 0 || !bind_index(l, name, extent, eq->value, d->span, &a)) return false;
    } else if (!bind_affine_names(l, d->value, eq->value) || !lower_affine(l, d->value, &a)) {
        return false;
    }
    int min, max;
    affine_range(a, l->space->ix, &min, &max);
    if (min < 0 || (size && max >= size)) {
        lower_error(l, d->span, "this subscript goes from %d to %d, outside 0 to %d", min, max, size ? size - 1 : max);
        return false;
    }
    left->dim[at] = size ? size : max + 1;
    left->sub[left->rank++] = (Sub){a, NULL};
    return true;
}

static const AstExpr *reshaped(const AstExpr *e) {
    return e->kind == AST_CALL && !strcmp(e->name, "reshape") && e->args.n == 1 ? e->args.at[0].value : NULL;
}

/* y = ... on whole values: one index for each dimension of what is read. */
static bool left_whole(Lower *l, const AstStmt *eq, const Tensor *known, Left *left) {
    const Binding *shape = whole_shape(l, eq->value);
    left->rank = shape ? binding_shape(shape, left->dim) : known ? value_rank(known) : 0;
    if (!shape && known) memcpy(left->dim, known->dim + known->per_sample, (size_t)left->rank * sizeof *left->dim);
    if (!space_elements(l, NUMBERED, left->dim, left->rank, left->sub)) return false;
    space_name_whole(l, left->dim, left->rank, left->sub);
    return true;
}

static bool left_side(Lower *l, const AstStmt *eq, const Tensor *known, Left *left) {
    memset(left, 0, sizeof *left);
    if (!eq->dims.n) return left_whole(l, eq, known, left);
    for (int k = 0; k < eq->dims.n; k++) {
        const AstDim *d = &eq->dims.at[k];
        if (left->rank >= RANK_MAX - 1) return lower_error(l, d->span, "more than %d dimensions", RANK_MAX - 1), false;
        if (!(d->star ? left_star(l, d, left) : left_dim(l, eq, d, known, left))) return false;
    }
    if (known && left->rank != value_rank(known)) {
        lower_error(l, eq->name_span, "'%s' has %s, but stands here with %s", eq->name,
                    counted(l->arena, value_rank(known), "dimension"), counted(l->arena, left->rank, "subscript"));
        return false;
    }
    return true;
}

/* ---- y = reshape(x): the same numbers in the same row-major order, through a flat value in between */

/* An index for each dimension of t, after the batch's; their subscripts. */
static void open_elements(Lower *l, const Tensor *t, const int *dim, int rank, Sub *sub) {
    space_open(l, t->per_sample);
    space_elements(l, NUMBERED, dim, rank, sub);
}

static void lower_reshape(Lower *l, Tensor *to, const Binding *from) {
    int dim[RANK_MAX], rank = binding_shape(from, dim), to_rank = value_rank(to);
    const int *to_dim = to->dim + to->per_sample;
    Sub sub[RANK_MAX];
    Tensor *flat = to;
    if (to_rank != 1) {
        int size = 1;
        for (int k = 0; k < rank; k++) size *= dim[k];
        flat = lower_value(l, arena_printf(l->arena, "%s_flat", l->hint), NULL, to->per_sample, 1, &size, l->origin);
    }
    open_elements(l, to, dim, rank, sub);
    const Sub all = {subs_number(sub, dim, rank), NULL};
    const Expr *read = lower_read_binding(l, from, sub, l->origin);
    lower_set(l, flat, space_subs(l, flat->per_sample, &all, 1), read);
    if (flat == to) return;
    open_elements(l, to, to_dim, to_rank, sub);
    const Sub position = {subs_number(sub, to_dim, to_rank), NULL};
    read = expr_read(l->p, flat, space_subs(l, flat->per_sample, &position, 1));
    lower_set(l, to, space_subs(l, to->per_sample, sub, to_rank), read);
}

/* ---- equations */

static const char *join_name(Lower *l, const char *name) {
    return scope_tensor_name(l, l->scope, name);
}

static Binding *own_binding(Lower *l, const char *name) {
    Binding *b = find_binding(l->scope, name, false);
    return b && b->kind == BIND_TENSOR && b->suffix == l->suffix ? b : NULL; /* a copy of a repeat defines its own */
}

/* The names that an equation's left side needs are all known without looking at values defined further down. */
static bool declarable(Lower *l, const AstStmt *eq) {
    for (int k = 0; k < eq->dims.n; k++) {
        const AstDim *d = &eq->dims.at[k];
        if (d->star || d->range) continue;
        if (!d->value || d->value->kind != AST_NAME) return false;
        const Binding *b = find_binding(l->scope, d->value->name, false);
        if (!b || b->kind != BIND_EXTENT) return false;
    }
    return eq->dims.n > 0;
}

void lower_declare(Lower *l, const AstStmt *eq) {
    if (eq->assign != ASSIGN_SET || own_binding(l, eq->name) || !declarable(l, eq)) return;
    Left left;
    Space *outer = l->space;
    const bool per_sample = lower_is_sampled(l, eq);
    space_open(l, per_sample);
    if (left_side(l, eq, NULL, &left)) {
        Tensor *t = lower_value(l, join_name(l, eq->name), scope_tensor_label(l, l->scope, eq->name), per_sample, left.rank,
                                left.dim, eq->span);
        add_binding(l, l->scope, eq->name, BIND_TENSOR)->tensor = t;
    }
    l->space = outer;
}

/* z = sum[i](...): the sum was split off as a statement of its own; here it becomes z itself. */
static bool retarget(Lower *l, Tensor *to, const Sub *lhs, const Expr *e, int first) {
    Stmt *last = l->p->stmts.n > first ? l->p->stmts.at[l->p->stmts.n - 1] : NULL;
    if (!last || e->op != OP_READ || e->padded || e->read.tensor != last->to || last->add || last->to->rank != to->rank)
        return false;
    if (last->to->role != ROLE_VALUE || last->to->per_sample != to->per_sample || last->derivative) return false;
    for (int k = 0; k < to->rank; k++) {
        int index;
        if (!affine_equal(e->read.sub[k].a, lhs[k].a) || last->to->dim[k] != to->dim[k]) return false;
        if (!affine_is_index(lhs[k].a, &index)) return false;
    }
    Tensors kept = {0}; /* nothing reads the value that was split off */
    for (int k = 0; k < l->p->tensors.n; k++)
        if (l->p->tensors.at[k] != last->to) list_push(l->arena, &kept, l->p->tensors.at[k]);
    program_set_tensors(l->p, &kept);
    last->to = to;
    return true;
}

static void set_all(Lower *l, const AstStmt *eq, Tensor *to, const Sub *lhs, const Expr *e) {
    Stmt *s = lower_set(l, to, lhs, e);
    if (stmt_is_injective(s) == WRONG || stmts_cover(&(Stmts){&s, 1, 1}, to) == WRONG)
        lower_error(l, eq->name_span,
                    "'=' sets each element of '%s', whose shape is %s, once; '+=' adds to some, the others are 0", eq->name,
                    dims_text(l->arena, to->dim + to->per_sample, value_rank(to)));
}

static void finish(Lower *l, const AstStmt *eq, Tensor *to, const Left *left, const Expr *e, int first) {
    const Sub *lhs = space_subs(l, to->per_sample, left->sub, left->rank);
    if (eq->assign == ASSIGN_ADD) {
        Stmt contribution = *lower_set(l, to, lhs, e);
        contribution.add = true;
        l->p->stmts.n--;
        place(l->p, &contribution);
    } else if (!retarget(l, to, lhs, e, first)) {
        set_all(l, eq, to, lhs, e);
    }
}

/* `+=`: everything that is not written to is 0. */
static void zero_fill(Lower *l, Tensor *to) {
    Sub sub[RANK_MAX];
    for (int k = 0; k < l->p->stmts.n; k++)
        if (l->p->stmts.at[k]->to == to) return;
    Space *outer = l->space;
    open_elements(l, to, to->dim + to->per_sample, value_rank(to), sub);
    lower_set(l, to, space_subs(l, to->per_sample, sub, value_rank(to)), expr_num(l->p, 0));
    l->space = outer;
}

static Tensor *equation_target(Lower *l, const AstStmt *eq, const Left *left, bool per_sample) {
    Binding *b = own_binding(l, eq->name);
    if (b) return b->tensor;
    Tensor *t = lower_value(l, join_name(l, eq->name), scope_tensor_label(l, l->scope, eq->name), per_sample, left->rank,
                            left->dim, eq->span);
    add_binding(l, l->scope, eq->name, BIND_TENSOR)->tensor = t;
    return t;
}

static void lower_reshape_equation(Lower *l, const AstStmt *eq, const AstExpr *what) {
    const Binding *from = what->kind == AST_NAME ? find_binding(l->scope, what->name, false) : NULL;
    const Binding *to = own_binding(l, eq->name);
    if (!from || from->kind != BIND_TENSOR) return lower_error(l, what->span, "reshape takes the name of a value");
    if (!to) return lower_error(l, eq->name_span, "reshape needs a left side whose shape the header says");
    if (tensor_size(to->tensor) != tensor_size(from->tensor))
        return lower_error(l, eq->span, "reshape keeps the number of elements: %lld are not %lld", tensor_size(to->tensor),
                           tensor_size(from->tensor));
    lower_reshape(l, to->tensor, from);
}

static bool set_already(const Lower *l, const Tensor *state) {
    for (int k = 0; k < l->next.n; k++)
        if (l->next.at[k]->next_of == state) return true;
    return false;
}

void lower_equation(Lower *l, const AstStmt *eq) {
    l->hint = join_name(l, eq->name);
    l->origin = eq->span;
    const AstExpr *reshape = eq->dims.n ? NULL : reshaped(eq->value);
    Space *outer = l->space;
    if (reshape) {
        lower_reshape_equation(l, eq, reshape);
        l->space = outer;
        return;
    }
    Binding *b = own_binding(l, eq->name);
    Tensor *known = b ? b->tensor : NULL;
    Left left;
    const bool per_sample = known ? known->per_sample : lower_is_sampled(l, eq);
    space_open(l, per_sample);
    if (left_side(l, eq, known, &left)) {
        Tensor *to = eq->assign == ASSIGN_NEXT ? NULL : equation_target(l, eq, &left, per_sample);
        const int before = l->messages->errors, first = l->p->stmts.n;
        const Expr *e = lower_expr(l, eq->value);
        if (to && !eq->dims.n && left.rank != value_rank(to) && l->messages->errors == before)
            lower_error(l, eq->span, "'%s' has %s, the right side has %d", eq->name,
                        counted(l->arena, value_rank(to), "dimension"), left.rank);
        else if (e && eq->assign == ASSIGN_NEXT && known && set_already(l, known))
            lower_error(l, eq->name_span, "'%s' is set twice; a state has one next value", eq->name);
        else if (e && eq->assign == ASSIGN_NEXT && known && l->training)
            finish(l, eq, lower_next(l, known), &left, e, first);
        else if (e && to) {
            if (eq->assign == ASSIGN_ADD) zero_fill(l, to);
            finish(l, eq, to, &left, e, first);
        }
    }
    l->space = outer;
}
