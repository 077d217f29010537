/* lower_equation: one equation in index notation becomes statements.
 *
 * First the left side: its indices, their extents, its shape; then the right side over these indices; last the statement. An
 * index that subscripts divide by n stands for n*g + k from the start, so that i / n is g and i % n is k: the statements that
 * come out are affine without division. */
#include "lower_internal.h"
#include <string.h>

/* ---- the space of indices */

Space *space_new(Lower *l) {
    Space *space = arena_one(l->arena, Space);
    space->batch = -1;
    return space;
}

int space_index(Lower *l, const char *name, int extent) {
    Space *s = l->space;
    if (s->n == INDEX_MAX - 1) {
        lower_error(l, l->origin, "this equation needs more than %d indices", INDEX_MAX - 1);
        return -1;
    }
    s->ix[s->n] = (Index){name, 0, extent, false};
    return s->n++;
}

void space_name(Lower *l, const char *name, Affine a, int extent, const char *star) {
    Space *s = l->space;
    list_push(l->arena, &s->names, ((SpaceName){name, a, extent, star}));
}

/* ---- how far an index goes */

/* Calls visit on every read in e. */
typedef void AstVisit(const AstExpr *e, void *context);
static void visit_reads(const AstExpr *e, AstVisit *visit, void *context) {
    if (!e) return;
    if (e->kind == AST_READ || e->kind == AST_NAME) visit(e, context);
    for (int k = 0; k < e->args.n; k++) visit_reads(e->args.at[k].value, visit, context);
    for (int k = 0; k < e->dims.n; k++) {
        visit_reads(e->dims.at[k].value, visit, context);
        visit_reads(e->dims.at[k].range, visit, context);
    }
}

typedef struct Search {
    Lower *l;
    const char *name;
    int extent;
} Search;

static int star_count(const Lower *l, const char *name) {
    const Binding *b = find_binding(l->scope, name, true);
    return b ? b->count : 0;
}

/* x[..., name, ...]: the extent of the dimension that `name` stands at. */
static void extent_from_read(const AstExpr *e, void *context) {
    Search *s = context;
    if (e->kind != AST_READ || s->extent) return;
    const Binding *b = find_binding(s->l->scope, e->name, false);
    if (!b || b->kind != BIND_TENSOR || b->shared) return;
    int at = 0;
    for (int k = 0; k < e->dims.n; k++) {
        const AstDim *d = &e->dims.at[k];
        if (d->star) {
            at += star_count(s->l, d->name);
            continue;
        }
        if (at >= value_rank(b->tensor)) return;
        if (d->value && d->value->kind == AST_NAME && !strcmp(d->value->name, s->name)) {
            s->extent = value_dim(b->tensor, b->transposed ? 1 - at : at);
            return;
        }
        at++;
    }
}

/* The extent of the index that a bracket's entry introduces: its range, else the left side's dimension, else the extent of that
 * name, else the dimension where it stands alone in a read. */
static int index_extent(Lower *l, const char *name, const AstExpr *range, int known, const AstExpr *body, Span at) {
    int extent = 0;
    if (range) return lower_size(l, range, 1, &extent) ? extent : 0;
    if (known > 0) return known;
    const Binding *b = find_binding(l->scope, name, false);
    if (b && b->kind == BIND_EXTENT && b->number >= 1) return (int)b->number;
    if (b && b->kind == BIND_EXTENT) {
        lower_error(l, at, "the index '%s' would have the extent %g", name, b->number);
        return 0;
    }
    Search s = {l, name, 0};
    visit_reads(body, extent_from_read, &s);
    if (!s.extent) lower_error(l, at, "how far does the index '%s' go? Give it a range: [%s: 4]", name, name);
    return s.extent;
}

int lower_dim_range(Lower *l, const AstDim *d, const AstStmt *eq, const AstExpr *body) {
    (void)eq;
    const char *name = d->name ? d->name : d->value && d->value->kind == AST_NAME ? d->value->name : NULL;
    if (!name) return lower_error(l, d->span, "an index is needed here"), 0;
    return index_extent(l, name, d->range, 0, body, d->span);
}

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

const Binding *lower_whole_shape(Lower *l, const AstExpr *e) {
    Whole w = {l, NULL};
    visit_reads(e, whole_read, &w);
    return w.found;
}

static int shape_of(const Binding *b, int *dim) {
    const int rank = value_rank(b->tensor);
    for (int k = 0; k < rank; k++) dim[k] = value_dim(b->tensor, b->transposed ? 1 - k : k);
    return rank;
}

/* ---- the left side */

typedef struct Left {
    int rank, dim[RANK_MAX];
    Sub sub[RANK_MAX]; /* without the batch */
    bool sized;        /* all of dim is known */
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
    if (body) visit_reads(body, divisions_in_reads, &d);
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
    space_name(l, name, *a, extent, NULL);
    return true;
}

static bool left_star(Lower *l, const AstDim *d, Left *left) {
    const Binding *star = find_binding(l->scope, d->name, true);
    if (!star) return lower_error(l, d->span, "'*%s' is not bound by this definition's header", d->name), false;
    for (int k = 0; k < star->count && left->rank < RANK_MAX - 1; k++) {
        const int ix = space_index(l, arena_printf(l->arena, "%s%d", d->name, k), star->dim[k]);
        if (ix < 0) return false;
        space_name(l, l->space->ix[ix].name, affine_index(ix), star->dim[k], d->name);
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
        const int extent = index_extent(l, e->name, NULL, 0, body, e->span);
        return extent > 0 && bind_index(l, e->name, extent, body, e->span, &a);
    }
    for (int k = 0; k < e->args.n; k++)
        if (!bind_affine_names(l, e->args.at[k].value, body)) return false;
    return true;
}

static bool left_dim(Lower *l, const AstStmt *eq, const AstDim *d, const Tensor *known, Left *left) {
    const int at = left->rank, size = known && at < value_rank(known) ? value_dim(known, at) : 0;
    const char *name = d->name ? d->name : d->value->kind == AST_NAME ? d->value->name : NULL;
    Affine a;
    int extent = size;
    if (name) {
        extent = index_extent(l, name, d->range, size, eq->value, d->span);
        if (extent <= 0 || !bind_index(l, name, extent, eq->value, d->span, &a)) return false;
    } else {
        if (!bind_affine_names(l, d->value, eq->value) || !lower_affine(l, d->value, &a)) return false;
        int min, max;
        affine_range(a, l->space->ix, &min, &max);
        if (min < 0 || (size && max >= size)) {
            lower_error(l, d->span, "this subscript goes from %d to %d, outside 0 to %d", min, max, size ? size - 1 : max);
            return false;
        }
        if (!size) extent = max + 1;
    }
    left->dim[at] = extent;
    left->sub[left->rank++] = (Sub){a, NULL};
    return true;
}

static const AstExpr *reshaped(const AstExpr *e) {
    return e->kind == AST_CALL && !strcmp(e->name, "reshape") && e->args.n == 1 ? e->args.at[0].value : NULL;
}

/* y = ... on whole values: one index for each dimension of what is read. */
static bool left_whole(Lower *l, const AstStmt *eq, const Tensor *known, Left *left) {
    const Binding *shape = lower_whole_shape(l, eq->value);
    int dim[RANK_MAX], rank = shape ? shape_of(shape, dim) : 0;
    if (!shape && known) rank = value_rank(known), memcpy(dim, known->dim + known->per_sample, (size_t)rank * sizeof *dim);
    for (int k = 0; k < rank; k++) {
        const int ix = space_index(l, arena_printf(l->arena, "i%d", k), dim[k]);
        if (ix < 0) return false;
        space_name(l, l->space->ix[ix].name, affine_index(ix), dim[k], "(whole)");
        left->dim[k] = dim[k];
        left->sub[k] = (Sub){affine_index(ix), NULL};
    }
    left->rank = rank;
    return true;
}

static bool left_side(Lower *l, const AstStmt *eq, const Tensor *known, Left *left) {
    memset(left, 0, sizeof *left);
    if (!eq->has_dims) return left_whole(l, eq, known, left);
    for (int k = 0; k < eq->dims.n; k++) {
        const AstDim *d = &eq->dims.at[k];
        if (left->rank >= RANK_MAX - 1) return lower_error(l, d->span, "more than %d dimensions", RANK_MAX - 1), false;
        if (!(d->star ? left_star(l, d, left) : left_dim(l, eq, d, known, left))) return false;
    }
    if (known && left->rank != value_rank(known)) {
        lower_error(l, eq->name_span, "'%s' has %d dimensions, but %d subscripts are given here", eq->name, value_rank(known),
                    left->rank);
        return false;
    }
    return true;
}

/* ---- statements */

/* Positions in the space become positions in the statement: first those of the left side, then the reduced ones. */
Stmt *lower_statement(Lower *l, Tensor *to, const Sub *lhs, bool add, Reduce reduce, const int *reduced, int nreduced,
                      const Expr *e) {
    Affine map[INDEX_MAX];
    int place[INDEX_MAX] = {0};
    Stmt *s = program_add_stmt(l->p, to, lhs);
    for (int k = 0; k < l->space->n; k++) {
        bool used = false, red = false;
        for (int d = 0; d < to->rank; d++) used = used || affine_coef(lhs[d].a, k);
        for (int r = 0; r < nreduced; r++) red = red || reduced[r] == k;
        if (!red && (used || expr_uses_index(e, k))) place[s->nout] = k, s->ix[s->nout++] = l->space->ix[k];
    }
    for (int r = 0; r < nreduced; r++) place[s->nout + r] = reduced[r], s->ix[s->nout + r] = l->space->ix[reduced[r]];
    s->nred = nreduced;
    for (int k = 0; k < l->space->n; k++) map[k] = affine_const(0);
    for (int k = 0; k < s->nout + s->nred; k++) map[place[k]] = affine_index(k);
    Sub *sub = arena_many(l->arena, to->rank ? to->rank : 1, Sub);
    for (int d = 0; d < to->rank; d++) sub[d].a = affine_substitute(lhs[d].a, map);
    s->lhs = sub;
    s->add = add;
    s->reduce = reduce;
    s->e = expr_substitute(l->p, e, map);
    s->origin = l->user;
    return s;
}

/* ---- y = reshape(x): the same numbers in the same row-major order, through a flat value in between */

static void identity_space(Lower *l, const int *dim, int rank, bool per_sample, Sub *sub) {
    l->space = space_new(l);
    if (per_sample) {
        l->space->batch = space_index(l, "b", l->batch);
        l->space->ix[l->space->batch].batch = true;
    }
    for (int k = 0; k < rank; k++) sub[k] = (Sub){affine_index(space_index(l, arena_printf(l->arena, "i%d", k), dim[k])), NULL};
}

static const Sub *with_batch(Lower *l, const Tensor *t, const Sub *sub, int rank) {
    Sub full[RANK_MAX + 1];
    int n = 0;
    if (t->per_sample) full[n++] = (Sub){affine_index(l->space->batch), NULL};
    for (int k = 0; k < rank; k++) full[n++] = sub[k];
    return subs_copy(l->arena, full, n);
}

static void lower_reshape(Lower *l, Tensor *to, const Binding *from) {
    int dim[RANK_MAX], rank = shape_of(from, dim), to_rank = value_rank(to);
    const int *to_dim = to->dim + to->per_sample;
    Sub sub[RANK_MAX];
    Tensor *flat = to;
    if (to_rank != 1) {
        int size = 1;
        for (int k = 0; k < rank; k++) size *= dim[k];
        flat = lower_value(l, arena_printf(l->arena, "%s_flat", l->hint), NULL, to->per_sample, 1, &size, l->origin);
    }
    identity_space(l, dim, rank, to->per_sample, sub);
    const Sub all = {subs_number(sub, dim, rank), NULL};
    const Expr *read = lower_read_binding(l, from, sub, false, 0, l->origin);
    lower_statement(l, flat, with_batch(l, flat, &all, 1), false, REDUCE_NONE, NULL, 0, read);
    if (flat == to) return;
    identity_space(l, to_dim, to_rank, to->per_sample, sub);
    const Sub position = {subs_number(sub, to_dim, to_rank), NULL};
    read = expr_read(l->p, flat, with_batch(l, flat, &position, 1));
    lower_statement(l, to, with_batch(l, to, sub, to_rank), false, REDUCE_NONE, NULL, 0, read);
}

/* ---- equations */

static const char *join_name(Lower *l, const char *name) {
    return scope_tensor_name(l, l->scope, name);
}

/* The batch is the first index of a value that depends on the sample. */
static void begin_space(Lower *l, bool per_sample) {
    l->space = space_new(l);
    if (!per_sample) return;
    l->space->batch = space_index(l, "b", l->batch);
    l->space->ix[l->space->batch].batch = true;
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
    return eq->has_dims;
}

void lower_declare(Lower *l, const AstStmt *eq) {
    if (eq->assign != ASSIGN_SET || own_binding(l, eq->name) || !declarable(l, eq)) return;
    Left left;
    Space *outer = l->space;
    const bool per_sample = lower_is_sampled(l, eq);
    begin_space(l, per_sample);
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

static void finish(Lower *l, const AstStmt *eq, Tensor *to, const Left *left, const Expr *e, int first) {
    const Sub *lhs = with_batch(l, to, left->sub, left->rank);
    if (eq->assign == ASSIGN_ADD) {
        const Stmt contribution = *lower_statement(l, to, lhs, true, REDUCE_NONE, NULL, 0, e);
        l->p->stmts.n--;
        place(l->p, &contribution);
    } else if (!retarget(l, to, lhs, e, first)) {
        lower_statement(l, to, lhs, false, REDUCE_NONE, NULL, 0, e);
    }
}

/* `+=`: everything that is not written to is 0. */
static void zero_fill(Lower *l, Tensor *to) {
    Sub sub[RANK_MAX];
    for (int k = 0; k < l->p->stmts.n; k++)
        if (l->p->stmts.at[k]->to == to) return;
    Space *outer = l->space;
    identity_space(l, to->dim + to->per_sample, value_rank(to), to->per_sample, sub);
    lower_statement(l, to, with_batch(l, to, sub, value_rank(to)), false, REDUCE_NONE, NULL, 0, expr_num(l->p, 0));
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
    const AstExpr *reshape = eq->has_dims ? NULL : reshaped(eq->value);
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
    begin_space(l, per_sample);
    if (left_side(l, eq, known, &left)) {
        Tensor *to = eq->assign == ASSIGN_NEXT ? NULL : equation_target(l, eq, &left, per_sample);
        const int before = l->messages->errors, first = l->p->stmts.n;
        const Expr *e = lower_expr(l, eq->value);
        if (to && !eq->has_dims && left.rank != value_rank(to) && l->messages->errors == before)
            lower_error(l, eq->span, "'%s' has %d dimensions, the right side has %d", eq->name, value_rank(to), left.rank);
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
