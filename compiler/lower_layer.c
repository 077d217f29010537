/* lower_layer: one layer statement becomes an instance of the layer's definition.
 *
 * The header's pattern is matched with the inputs' shapes, sizes that can't be inferred come from the user's brackets, then the
 * body is lowered in a scope of its own, and the activation after it. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* ---- names */

/* An unnamed layer is called KIND plus a number; copies of a repeat carry its suffix. */
static const char *layer_name(Lower *l, const AstStmt *stmt) {
    const char *name = stmt->name;
    if (!name) {
        int count = 1;
        for (int k = 0; k < l->scope->unnamed.n; k++) count += !strcmp(l->scope->unnamed.at[k], stmt->call->name);
        list_push(l->arena, &l->scope->unnamed, stmt->call->name);
        name = arena_printf(l->arena, "%s%d", stmt->call->name, count);
    }
    return l->suffix ? arena_printf(l->arena, "%s%s", name, l->suffix) : name;
}

static Binding *bind_value(Lower *l, const char *name, Tensor *t, const char *kind) {
    Binding *b = add_binding(l, l->scope, name, BIND_TENSOR);
    b->tensor = t;
    b->layer_kind = kind;
    return b;
}

/* ---- shapes */

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
bool lower_wheres(Lower *l, const AstStmts *body, bool last) {
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
    if (!port->has_dims) return true;
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
static bool match_index(Lower *l, const AstPort *port, const Binding *value, const char *what) {
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

typedef struct Sizes { /* what the user wrote in brackets */
    int n, at[RANK_MAX];
} Sizes;

static bool read_sizes(Lower *l, const AstStmt *stmt, Sizes *sizes) {
    sizes->n = 0;
    for (int k = 0; k < stmt->dims.n; k++) {
        const AstDim *d = &stmt->dims.at[k];
        if (sizes->n == RANK_MAX - 1) return lower_error(l, d->span, "more than %d dimensions", RANK_MAX - 1), false;
        if (d->star) {
            const Binding *star = find_binding(l->scope, d->name, true);
            if (!star) return lower_error(l, d->span, "'*%s' is not bound here", d->name), false;
            for (int j = 0; j < star->count && sizes->n < RANK_MAX - 1; j++) sizes->at[sizes->n++] = star->dim[j];
            continue;
        }
        if (!d->value) return lower_error(l, d->span, "a size is needed here"), false;
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
                    stmt->name ? stmt->name : "h", unknown > 1 ? ", one number for each" : "");
        return false;
    }
    const bool whole = !stars && sizes->n == rank && rank != unknown;
    if (!stars && !whole && sizes->n != unknown) {
        lower_error(l, stmt->span, "'%s' takes %d size%s here (or its whole output shape, %d), not %d", def->name, unknown,
                    unknown == 1 ? "" : "s", rank, sizes->n);
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

/* ---- instances */

static Scope *instance_scope(Lower *l, const char *name) {
    return scope_new(l, l->scope->prefix[0] ? arena_printf(l->arena, "%s_%s", l->scope->prefix, name) : name,
                     l->scope->label[0] ? arena_printf(l->arena, "%s.%s", l->scope->label, name) : name);
}

/* By a statement from number `from` on. */
static bool written(const Program *p, const Tensor *t, int from) {
    for (int k = from; k < p->stmts.n; k++)
        if (p->stmts.at[k]->to == t) return true;
    return false;
}

static bool any_sampled(Binding *const *inputs, int n) {
    for (int k = 0; k < n; k++)
        if (inputs[k]->tensor->per_sample) return true;
    return false;
}

/* Opens the space of all elements of t, for each sample if `sampled`; their subscripts. */
static const Sub *open_elements(Lower *l, const Tensor *t, bool sampled) {
    Sub sub[RANK_MAX];
    space_open(l, sampled);
    space_elements(l, LETTERS, t->dim + t->per_sample, value_rank(t), sub);
    return space_subs(l, sampled, sub, value_rank(t));
}

/* The output of a definition is what its body, the statements from `body` on, has given a value: by equations, or as a layer of
 * that name. */
static void finish_output(Lower *l, const AstDef *def, Tensor *out, int body) {
    const AstPort *port = &def->outputs.at[0];
    const Binding *given = find_binding(l->scope, port->name, false);
    const Tensor *from = given->tensor;
    const int rank = value_rank(out), *dim = out->dim + out->per_sample;
    if (written(l->p, out, body) || l->messages->errors) return;
    if (from == out) return lower_error(l, port->span, "'%s' gives its output '%s' no value", def->name, port->name);
    const int *own = from->dim + from->per_sample;
    if (value_rank(from) != rank || memcmp(own, dim, (size_t)rank * sizeof *dim) != 0)
        return lower_error(l, port->span, "the output '%s' of '%s' has the shape %s, but the layer of that name %s", port->name,
                           def->name, dims_text(l->arena, dim, rank), dims_text(l->arena, own, value_rank(from)));
    l->scope->output_kind = given->layer_kind;
    Space *outer = l->space;
    const Sub *all = open_elements(l, out, out->per_sample);
    const Expr *e = expr_read(l->p, (Tensor *)from, all + (out->per_sample && !from->per_sample));
    lower_set(l, out, all, e);
    l->space = outer;
}

enum { LAYERS_MAX = 10000 }; /* layers made of layers can grow without bounds */

static bool too_many_layers(Lower *l) {
    if (l->layers == LAYERS_MAX) lower_error(l, l->user, "this makes more than %d layers", LAYERS_MAX);
    return l->layers++ >= LAYERS_MAX;
}

/* Header, shapes, body: the output tensor, called `c_name`, NULL after errors. l->scope is the user's, `inner` the instance's.
 */
static Tensor *instantiate(Lower *l, const AstStmt *stmt, const AstDef *def, Binding **inputs, Scope *inner, const char *c_name,
                           Braces *braces, const Sizes *sizes) {
    Scope *outer = l->scope;
    const char *suffix = l->suffix;
    Tensor *out = NULL;
    const int n = def->inputs.n;
    int dim[RANK_MAX], rank;
    if (too_many_layers(l) || !lower_options(l, def, stmt->call, 0, inner)) return NULL;
    l->scope = inner;
    l->suffix = NULL;
    bool ok = true;
    for (int k = 0; k < n && ok; k++)
        ok = lower_match(l, &def->inputs.at[k], inputs[k], def->name) &&
             match_index(l, &def->inputs.at[k], inputs[k], def->name);
    const AstPort *port = &def->outputs.at[0];
    const int free_sizes = ok && lower_wheres(l, &def->body, false) ? count_free(l, port) : -1;
    if (free_sizes >= 0 && bind_sizes(l, stmt, def, port, sizes) && lower_wheres(l, &def->body, true) &&
        output_shape(l, port, dim, &rank) && check_sizes(l, stmt, sizes, dim, rank, free_sizes)) {
        for (int k = 0; k < n; k++) {
            Binding *b = add_binding(l, inner, def->inputs.at[k].name, BIND_TENSOR);
            const char *name = b->name;
            *b = *inputs[k];
            b->name = name;
            b->suffix = NULL;
        }
        const bool sampled = any_sampled(inputs, n) || (l->batch > 1 && lower_call_draws(l, stmt->call));
        out = lower_value(l, c_name, NULL, sampled, rank, dim, l->user);
        add_binding(l, inner, port->name, BIND_TENSOR)->tensor = out;
        const int body = l->p->stmts.n;
        lower_body(l, &def->body, find_binding(inner, def->inputs.at[0].name, false), braces);
        finish_output(l, def, out, body);
    }
    l->scope = outer;
    l->suffix = suffix;
    return out;
}

typedef struct Renaming {
    const Tensor *from;
    Tensor *to;
} Renaming;

static const Expr *rename_read(Program *p, const Expr *e, void *context) {
    const Renaming *r = context;
    return e->op == OP_READ && e->read.tensor == r->from ? expr_read(p, r->to, e->read.sub) : e;
}

/* What an activation's hand-written derivative has split off is the result itself: y instead of y_logistic. */
static void rename_result(Lower *l, Stmt *s, Tensor *to) {
    Renaming renaming = {s->to, to};
    s->derivative = expr_rewrite(l->p, s->derivative, rename_read, &renaming);
    s->to = to;
}

/* y[...] = f(x[...]) */
static Tensor *apply_activation(Lower *l, const AstExpr *call, const Binding *x, const char *c_name) {
    Tensor *from = x->tensor;
    if (from->integer) {
        lower_error(l, call->span, "'%s' holds whole numbers (index); '%s' computes with real ones", x->name, call->name);
        return NULL;
    }
    Space *outer = l->space;
    l->hint = c_name;
    l->origin = call->span;
    const bool sampled = from->per_sample || (l->batch > 1 && lower_call_draws(l, call));
    const Sub *lhs = open_elements(l, from, sampled);
    const Expr *e = lower_activation(l, call, expr_read(l->p, from, lhs + (sampled && !from->per_sample)));
    Tensor *to = NULL;
    if (e) {
        to = lower_value(l, c_name, NULL, sampled, value_rank(from), from->dim + from->per_sample, l->user);
        Stmt *last = l->p->stmts.n ? l->p->stmts.at[l->p->stmts.n - 1] : NULL;
        if (last && e->op == OP_READ && last->derivative && e->read.tensor == last->to)
            rename_result(l, last, to);
        else
            lower_set(l, to, lhs, e);
    }
    l->space = outer;
    return to;
}

/* The value through an activation, or through a layer of one input that needs no sizes. */
static Tensor *activate(Lower *l, const AstExpr *call, Binding *x, Scope *inner, const char *c_name, Braces *braces) {
    if (lower_is_activation(l, call)) return apply_activation(l, call, x, c_name);
    const AstDef *def = lower_find(l, DEF_LAYER, call->name, call->span);
    if (!def || def->inputs.n != 1)
        return lower_error(l, call->span, "'%s' is no activation, and no layer of one input", call->name), NULL;
    AstStmt stmt = {.kind = AST_LAYER, .span = call->span, .call = (AstExpr *)call};
    const Sizes none = {0};
    const AstSettings no_settings = {0};
    Braces *nested = lower_braces(l, &no_settings, call->name, braces); /* { prelu.weight = 0.1 } */
    Scope *own = scope_new(l, arena_printf(l->arena, "%s_%s", inner->prefix, call->name),
                           arena_printf(l->arena, "%s.%s", inner->label, call->name));
    return instantiate(l, &stmt, def, &x, own, c_name, nested, &none);
}

/* ---- what stands after `from`, or above */

static Binding *find_value(Lower *l, const AstSource *from, Binding *above) {
    if (!strcmp(from->name, "above")) {
        if (!above) lower_error(l, from->span, "there is no value above");
        return above;
    }
    Binding *b = find_binding(l->scope, from->name, false);
    if (b && b->kind == BIND_TENSOR) return b;
    lower_error(l, from->span, "there is no value '%s' above this layer", from->name);
    return NULL;
}

static int gather_inputs(Lower *l, const AstStmt *stmt, Binding *above, Binding ***inputs) {
    const int n = stmt->from.n ? stmt->from.n : 1;
    *inputs = arena_many(l->arena, n, Binding *);
    if (!stmt->from.n) {
        if (!above) lower_error(l, stmt->span, "there is nothing above this layer to be its input");
        (*inputs)[0] = above;
        return above ? 1 : 0;
    }
    for (int k = 0; k < n; k++) {
        (*inputs)[k] = find_value(l, &stmt->from.at[k], above);
        if (!(*inputs)[k]) return 0;
    }
    return n;
}

/* A two-input layer given more folds from the left: concat(concat(a, b), c). */
static Tensor *fold(Lower *l, const AstStmt *stmt, const AstDef *def, Binding **inputs, int n, Scope *inner, const char *c_name,
                    Braces *braces, const Sizes *sizes) {
    Binding **left = arena_many(l->arena, def->inputs.n, Binding *);
    Tensor *t = NULL;
    left[0] = inputs[0];
    for (int k = 1; k < n; k++) {
        const bool last = k == n - 1;
        Scope *scope = last ? inner
                            : scope_new(l, arena_printf(l->arena, "%s_%d", inner->prefix, k),
                                        arena_printf(l->arena, "%s.%d", inner->label, k));
        left[1] = inputs[k];
        t = instantiate(l, stmt, def, left, scope, last ? c_name : scope->prefix, braces, sizes);
        if (!t) return NULL;
        left[0] = arena_one(l->arena, Binding);
        *left[0] = (Binding){.name = stmt->name ? stmt->name : def->name, .kind = BIND_TENSOR, .tensor = t};
    }
    return t;
}

static Tensor *layer_value(Lower *l, const AstStmt *stmt, Binding **inputs, int n, Scope *inner, const char *c_name,
                           Braces *braces) {
    const AstDef *def = lower_find(l, DEF_LAYER, stmt->call->name, stmt->call->span);
    Sizes sizes;
    if (!def && lower_is_activation(l, stmt->call)) {
        if (n == 1) return apply_activation(l, stmt->call, inputs[0], c_name);
        lower_error(l, stmt->span, "'%s' takes one input", stmt->call->name);
        return NULL;
    }
    if (!def) return lower_error(l, stmt->call->name_span, "there is no layer '%s'", stmt->call->name), NULL;
    if (!read_sizes(l, stmt, &sizes)) return NULL;
    if (def->inputs.n == 2 && n > 2) return fold(l, stmt, def, inputs, n, inner, c_name, braces, &sizes);
    if (n != def->inputs.n) {
        lower_error(l, stmt->span, "'%s' takes %d input%s, here %s %d: say 'from A%s'", def->name, def->inputs.n,
                    def->inputs.n == 1 ? "" : "s", n == 1 ? "is" : "are", n, def->inputs.n > 1 ? ", B" : "");
        return NULL;
    }
    return instantiate(l, stmt, def, inputs, inner, c_name, braces, &sizes);
}

static void record_layer(Lower *l, const AstStmt *stmt, const char *name, Tensor *out, int first_param) {
    if (!l->first_pass || !l->scope->network) return;
    const LayerInfo info = {name,
                            stmt->call->name,
                            stmt->activation ? stmt->activation->name : NULL,
                            stmt->span,
                            out,
                            first_param,
                            l->model->params.n - first_param};
    list_push(l->arena, &l->model->layers, info);
}

Binding *lower_layer(Lower *l, const AstStmt *stmt, Binding *above, Braces *outer) {
    const Span user = l->user;
    if (!stmt->span.source->prelude) l->user = stmt->span;
    Binding **inputs, *result = NULL;
    const int n = gather_inputs(l, stmt, above, &inputs), first_param = l->model->params.n;
    const char *name = layer_name(l, stmt);
    Scope *inner = instance_scope(l, name);
    Braces *braces = lower_braces(l, &stmt->settings, name, outer);
    const AstDef *def = lower_find(l, DEF_LAYER, stmt->call->name, stmt->call->span);
    const char *kind = stmt->activation ? stmt->activation->name : stmt->call->name;
    if (n) {
        const char *z = def && def->outputs.n ? def->outputs.at[0].name : "z";
        const char *first = stmt->activation ? arena_printf(l->arena, "%s_%s", inner->prefix, z) : inner->prefix;
        Tensor *t = layer_value(l, stmt, inputs, n, inner, first, braces);
        if (t && stmt->activation) {
            Binding before = {.name = first, .kind = BIND_TENSOR, .tensor = t};
            t = activate(l, stmt->activation, &before, inner, inner->prefix, braces);
        }
        if (t) {
            if (!stmt->activation && inner->output_kind) kind = inner->output_kind;
            if (stmt->has_settings && def) lower_braces_done(l, braces, def);
            record_layer(l, stmt, name, t, first_param);
            result = bind_value(l, name, t, kind);
            if (l->suffix && stmt->name) result = bind_value(l, stmt->name, t, kind);
        }
    }
    l->user = user;
    return result;
}
