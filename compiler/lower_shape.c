/* lower_shape: the shapes of one instance of a definition: the header's pattern is matched with the inputs, `where`s are worked
 * out, sizes that can't be inferred come from the user's brackets. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

static bool known_name(const Lower *l, const char *name, Span at) {
    double value;
    return find_binding(l->scope, name, false) || lower_const(l, name, at) || ast_constant(name, &value) ||
           !strcmp(name, "training");
}

/* Every name in e is bound, so that it can be evaluated. */
static bool evaluable(Lower *l, const AstExpr *e) {
    if (e->kind == AST_NAME && !known_name(l, e->name, e->span)) return false;
    if (e->kind == AST_STAR && !find_binding(l->scope, e->name, true)) return false;
    for (int k = 0; k < e->args.n; k++)
        if (!evaluable(l, e->args.at[k].value)) return false;
    return true;
}

/* where NAME = value: a whole number, which may be no size at all (kernel / 2). */
static bool bind_where(Lower *l, const AstStmt *s) {
    double v;
    if (!lower_number(l, s->value, true, &v)) return false;
    if (v != floor(v) || fabs(v) > 1 << 30) {
        lower_error(l, s->span, "'%s' comes out as %g here: a whole number is needed", s->name, v);
        return false;
    }
    Binding *b = add_binding(l, l->scope, s->name, BIND_EXTENT);
    b->number = v;
    b->where = s->span;
    b->count = 1; /* a number on affine left sides, not an index */
    return true;
}

static bool check_require(Lower *l, const AstStmt *s) {
    double holds;
    if (!lower_number(l, s->value, true, &holds)) return false;
    if (holds == 0) source_error(l->user, "%s", s->message);
    return holds != 0;
}

/* `where` and `require` in order: those that can be told now, or, the `last` time, all. */
static bool wheres(Lower *l, const AstStmts *body, bool last) {
    for (int k = 0; k < body->n; k++) {
        const AstStmt *s = body->at[k];
        if (s->kind != AST_WHERE && s->kind != AST_REQUIRE) continue;
        if (s->kind == AST_WHERE && find_binding(l->scope, s->name, false)) continue;
        if (!last && !evaluable(l, s->value)) continue;
        if (!(s->kind == AST_WHERE ? bind_where(l, s) : check_require(l, s))) return false;
    }
    return true;
}

static Binding *bind_star(Lower *l, const char *name, const int *dim, int count) {
    Binding *b = add_binding(l, l->scope, name, BIND_STAR);
    b->count = count;
    for (int k = 0; k < count; k++) b->dim[k] = dim[k];
    return b;
}

static bool mismatch(Lower *l, const AstPort *port, const Binding *value, const char *what) {
    int dim[RANK_MAX];
    const int rank = value_rank(value->tensor);
    for (int k = 0; k < rank; k++) dim[k] = value_dim(value->tensor, k);
    lower_error(l, l->user, "'%s' cannot take '%s', whose shape is %s, as its %s: %s is needed", what, value->name,
                dims_text(l->arena, dim, rank), port->name, span_text(l->arena, port->span));
    return false;
}

/* How many dimensions the free star of a pattern takes. */
static int star_room(Lower *l, const AstPort *port, int rank) {
    int fixed = 0;
    for (int k = 0; k < port->dims.n; k++) {
        const AstDim *d = &port->dims.at[k];
        const Binding *b = d->star ? find_binding(l->scope, d->name, true) : NULL;
        int count = 1;
        if (d->star && !b && d->range && !lower_size(l, d->range, 0, &count)) return -1;
        if (d->star && !b && !d->range) count = 0;
        fixed += b ? b->count : count;
    }
    return rank - fixed;
}

static bool match_one(Lower *l, const AstDim *d, int extent) {
    const char *name = ast_dim_name(d);
    int size;
    if (d->range && (!lower_size(l, d->range, 1, &size) || size != extent)) return false;
    if (name && !find_binding(l->scope, name, false) && !lower_const(l, name, d->span)) {
        add_binding(l, l->scope, name, BIND_EXTENT)->number = extent;
        return true;
    }
    return d->range || (lower_size(l, d->value, 1, &size) && size == extent);
}

bool lower_match(Lower *l, const AstPort *port, const Binding *value, const char *what) {
    const Tensor *t = value->tensor;
    const int rank = value_rank(t), before = l->messages->errors;
    if (!port->dims.n) return true;
    const int room = star_room(l, port, rank);
    int at = 0;
    for (int k = 0; k < port->dims.n; k++) {
        const AstDim *d = &port->dims.at[k];
        const Binding *b = d->star ? find_binding(l->scope, d->name, true) : NULL;
        if (!d->star) {
            if (at >= rank || !match_one(l, d, value_dim(t, at++)))
                return before == l->messages->errors && mismatch(l, port, value, what);
            continue;
        }
        int count = b ? b->count : room, dim[RANK_MAX];
        if (!b && d->range && !lower_size(l, d->range, 0, &count)) return false;
        if (count < 0 || at + count > rank) return mismatch(l, port, value, what);
        for (int j = 0; j < count; j++) dim[j] = value_dim(t, at + j);
        at += count;
        if (b && memcmp(b->dim, dim, (size_t)count * sizeof *dim) != 0) return mismatch(l, port, value, what);
        if (!b) bind_star(l, d->name, dim, count);
    }
    return at == rank || mismatch(l, port, value, what);
}

/* ids[*s]: index(v) */
bool lower_match_index(Lower *l, const AstPort *port, const Binding *value, const char *what) {
    const Tensor *t = value->tensor;
    if (!port->index) {
        if (!t->integer) return true;
        lower_error(l, l->user, "'%s' holds whole numbers (index), '%s' computes with real ones; an embedding comes between",
                    value->name, what);
        return false;
    }
    if (!t->integer) {
        lower_error(l, l->user, "'%s' takes whole numbers: declare the input as 'input %s[...]: index(...)'", what,
                    value->name);
        return false;
    }
    if (port->index->kind == AST_NAME && !find_binding(l->scope, port->index->name, false)) {
        add_binding(l, l->scope, port->index->name, BIND_EXTENT)->number = t->values_below;
        return true;
    }
    int below;
    return lower_size(l, port->index, 1, &below) && (below >= t->values_below || mismatch(l, port, value, what));
}

/* ---- the output's shape */

bool lower_sizes(Lower *l, const AstStmt *stmt, Sizes *sizes) {
    sizes->n = 0;
    for (int k = 0; k < stmt->dims.n; k++) {
        const AstDim *d = &stmt->dims.at[k];
        if (sizes->n == RANK_MAX - 1) return lower_error(l, d->span, "more than %d dimensions", RANK_MAX - 1), false;
        if (d->star) {
            const Binding *star = find_binding(l->scope, d->name, true);
            for (int j = 0; j < star->count && sizes->n < RANK_MAX - 1; j++) sizes->at[sizes->n++] = star->dim[j];
            continue;
        }
        if (!lower_size(l, d->value, 1, &sizes->at[sizes->n++])) return false;
    }
    return true;
}

static bool free_dim(Lower *l, const AstDim *d) {
    if (d->star) return !find_binding(l->scope, d->name, true);
    const char *name = ast_dim_name(d);
    return name && !d->range && !find_binding(l->scope, name, false) && !lower_const(l, name, d->span);
}

static int width_of(Lower *l, const AstDim *d) {
    return d->star ? find_binding(l->scope, d->name, true)->count : 1;
}

/* Puts the sizes where they belong: only the free ones in order, or the whole shape. */
static bool bind_sizes(Lower *l, const AstStmt *stmt, const AstDef *def, const AstPort *port, const Sizes *sizes) {
    int unknown = 0, stars = 0, rank = 0;
    for (int k = 0; k < port->dims.n; k++) {
        const AstDim *d = &port->dims.at[k];
        const bool is_free = free_dim(l, d);
        unknown += is_free && !d->star;
        stars += is_free && d->star;
        rank += is_free ? !d->star : d->star ? width_of(l, d) : 1;
    }
    if (!unknown && !stars) return true;
    if (sizes->n == 0) {
        lower_error(l, stmt->call->span, "'%s' needs %s: write %s %s[16]%s", def->name,
                    unknown == 1 ? "the size of its output" : "the sizes of its output", def->name,
                    stmt->name && !stmt->unnamed ? stmt->name : "h", unknown > 1 ? ", one number for each" : "");
        return false;
    }
    const bool whole = !stars && sizes->n == rank && rank != unknown;
    if (!stars && !whole && sizes->n != unknown) {
        lower_error(l, stmt->span, "'%s' takes %d size%s here (or its whole output shape, %d), not %d", def->name, unknown,
                    plural((unsigned)unknown), rank, sizes->n);
        return false;
    }
    for (int k = 0, at = 0; k < port->dims.n; k++) {
        const AstDim *d = &port->dims.at[k];
        const bool is_free = free_dim(l, d);
        if (is_free && d->star) {
            const int count = sizes->n - unknown;
            if (count < 0) return lower_error(l, stmt->span, "too few sizes for '%s'", def->name), false;
            bind_star(l, d->name, sizes->at + at, count);
            at += count;
        } else if (is_free) {
            add_binding(l, l->scope, ast_dim_name(d), BIND_EXTENT)->number = sizes->at[at++];
        } else if (whole) {
            at += width_of(l, d);
        }
    }
    return true;
}

static bool output_shape(Lower *l, const AstPort *port, int *dim, int *rank) {
    *rank = 0;
    for (int k = 0; k < port->dims.n; k++) {
        const AstDim *d = &port->dims.at[k];
        if (d->star) {
            const Binding *star = find_binding(l->scope, d->name, true);
            for (int j = 0; star && j < star->count && *rank < RANK_MAX - 1; j++) dim[(*rank)++] = star->dim[j];
            continue;
        }
        if (*rank == RANK_MAX - 1) return lower_error(l, d->span, "more than %d dimensions", RANK_MAX - 1), false;
        const char *name = ast_dim_name(d);
        const Binding *b = name && !d->range ? find_binding(l->scope, name, false) : NULL;
        if (b && b->kind == BIND_EXTENT && b->number < 1) {
            lower_error(l, b->where.source ? b->where : d->span,
                        "'%s' comes out as %g here: the input is too small for these options", name, b->number);
            return false;
        }
        if (!lower_size(l, d->range ? d->range : d->value, 1, &dim[(*rank)++])) return false;
    }
    return true;
}

/* Sizes that could have been left out must agree with what comes out. */
static bool check_sizes(Lower *l, const AstStmt *stmt, const Sizes *sizes, const int *dim, int rank, int free_sizes) {
    if (!sizes->n || sizes->n == free_sizes) return true;
    bool same = sizes->n == rank;
    for (int k = 0; k < rank && same; k++) same = sizes->at[k] == dim[k];
    if (same) return true;
    lower_error(l, stmt->span, "the output has the shape %s, not %s", dims_text(l->arena, dim, rank),
                dims_text(l->arena, sizes->at, sizes->n));
    return false;
}

static int count_free(Lower *l, const AstPort *port) {
    int n = 0;
    for (int k = 0; k < port->dims.n; k++) n += free_dim(l, &port->dims.at[k]);
    return n;
}

bool lower_shape(Lower *l, const AstStmt *stmt, const AstDef *def, const Sizes *sizes, int *dim, int *rank) {
    const AstPort *port = &def->outputs.at[0];
    if (!wheres(l, &def->body, false)) return false;
    const int free_sizes = count_free(l, port);
    return bind_sizes(l, stmt, def, port, sizes) && wheres(l, &def->body, true) && output_shape(l, port, dim, rank) &&
           check_sizes(l, stmt, sizes, dim, *rank, free_sizes);
}
