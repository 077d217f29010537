/* lower_layer: one layer statement becomes an instance of the layer's definition.
 *
 * The header's pattern is matched with the inputs' shapes, sizes that can't be inferred come from the user's brackets, then the
 * body is lowered in a scope of its own, and the activation after it. */
#include "lower_internal.h"
#include <string.h>

static Binding *bind_value(Lower *l, const char *name, Tensor *t, const char *kind) {
    Binding *b = add_binding(l, l->scope, name, BIND_TENSOR);
    b->tensor = t;
    b->layer_kind = kind;
    return b;
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
        return lower_error(l, port->span, "the output '%s' of '%s' has the shape %s, but the layer of that name gives %s",
                           port->name, def->name, dims_text(l->arena, dim, rank), dims_text(l->arena, own, value_rank(from)));
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

static bool match_inputs(Lower *l, const AstDef *def, Binding *const *inputs) {
    for (int k = 0; k < def->inputs.n; k++) {
        const AstPort *port = &def->inputs.at[k];
        if (!lower_match(l, port, inputs[k], def->name) || !lower_match_index(l, port, inputs[k], def->name)) return false;
    }
    return true;
}

static void bind_inputs(Lower *l, const AstDef *def, Binding *const *inputs) {
    for (int k = 0; k < def->inputs.n; k++) {
        Binding *b = add_binding(l, l->scope, def->inputs.at[k].name, BIND_TENSOR);
        const char *name = b->name;
        *b = *inputs[k];
        b->name = name;
        b->suffix = NULL;
    }
}

typedef struct Instance { /* of a layer's definition, or of an activation or function */
    const AstStmt *stmt;
    const AstDef *def; /* NULL: no layer */
    Binding **inputs;
    int n;
    Scope *scope;
    const char *c_name; /* of its output */
    Braces *braces;
    Sizes sizes;
} Instance;

/* In the instance's scope: the output tensor, NULL after errors. */
static Tensor *make_instance(Lower *l, const Instance *i) {
    const AstPort *port = &i->def->outputs.at[0];
    int dim[RANK_MAX], rank;
    if (!match_inputs(l, i->def, i->inputs) || !lower_shape(l, i->stmt, i->def, &i->sizes, dim, &rank)) return NULL;
    bind_inputs(l, i->def, i->inputs);
    const bool sampled = any_sampled(i->inputs, i->n) || (l->batch > 1 && lower_call_draws(l, i->stmt->call));
    Tensor *out = lower_value(l, i->c_name, NULL, sampled, rank, dim, l->user);
    add_binding(l, l->scope, port->name, BIND_TENSOR)->tensor = out;
    const int body = l->p->stmts.n;
    lower_body(l, &i->def->body, find_binding(l->scope, i->def->inputs.at[0].name, false), i->braces);
    finish_output(l, i->def, out, body);
    return out;
}

static Tensor *instantiate(Lower *l, const Instance *i) {
    Scope *outer = l->scope;
    const char *suffix = l->suffix;
    if (too_many_layers(l) || !lower_options(l, i->def, i->stmt->call, 0, i->scope)) return NULL;
    l->scope = i->scope;
    l->suffix = NULL;
    Tensor *out = make_instance(l, i);
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

/* The last statement, if it is one made from number `from` on that gives what e reads, with a hand-written derivative. */
static Stmt *made_with_derivative(const Program *p, int from, const Expr *e) {
    Stmt *last = p->stmts.n > from ? p->stmts.at[p->stmts.n - 1] : NULL;
    return last && e->op == OP_READ && last->derivative && e->read.tensor == last->to ? last : NULL;
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
    const int before = l->p->stmts.n;
    const Expr *e = lower_activation(l, call, 0, expr_read(l->p, from, lhs + (sampled && !from->per_sample)));
    Tensor *to = NULL;
    if (e) {
        to = lower_value(l, c_name, NULL, sampled, value_rank(from), from->dim + from->per_sample, l->user);
        Stmt *last = made_with_derivative(l->p, before, e);
        if (last)
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
    const AstStmt stmt = {.kind = AST_LAYER, .span = call->span, .call = (AstExpr *)call};
    const AstSettings no_settings = {0};
    const Instance i = {.stmt = &stmt,
                        .def = def,
                        .inputs = &x,
                        .n = 1,
                        .scope = scope_new(l, arena_printf(l->arena, "%s_%s", inner->prefix, call->name),
                                           arena_printf(l->arena, "%s.%s", inner->label, call->name)),
                        .c_name = c_name,
                        .braces = lower_braces(l, &no_settings, call->name, braces)}; /* { prelu.weight = 0.1 } */
    return instantiate(l, &i);
}

/* ---- what a layer does, told by its equations */

static bool only_equations(const AstDef *def) {
    for (int k = 0; k < def->body.n; k++) {
        const AstStmt *s = def->body.at[k];
        const bool sizes = s->kind == AST_WHERE || s->kind == AST_REQUIRE;
        if (!sizes && (s->kind != AST_EQUATION || s->assign == ASSIGN_NEXT)) return false;
    }
    return def->inputs.n == 1 && ast_needs_no_sizes(def);
}

Nature lower_layer_nature(const Lower *l, const AstDef *def, const Tensor *like) {
    if (!def || !only_equations(def)) return NATURE_OTHER;
    Lower own = *l; /* a program of its own: the layer on a value of that shape */
    own.p = program_new(l->arena, PROGRAM_OTHER, "nature", 1);
    own.batch = 1;
    own.training = false;
    own.scope = scope_new(&own, "", "");
    AstExpr call = {.kind = AST_CALL, .name = def->name, .span = def->span, .name_span = def->name_span};
    const AstStmt stmt = {.kind = AST_LAYER, .span = def->span, .call = &call};
    Binding x = {.name = "x", .kind = BIND_TENSOR}, *input = &x;
    x.tensor = lower_value(&own, "x", "x", false, value_rank(like), like->dim + like->per_sample, def->span);
    const AstSettings no_settings = {0};
    const Instance i = {.stmt = &stmt,
                        .def = def,
                        .inputs = &input,
                        .n = 1,
                        .scope = scope_new(&own, "y", "y"),
                        .c_name = "y",
                        .braces = lower_braces(&own, &no_settings, def->name, NULL)};
    Tensor *y = instantiate(&own, &i);
    if (!y) return NATURE_OTHER;
    list_push(l->arena, &own.p->roots, y);
    program_simplify(own.p);
    return program_nature(own.p, y);
}

/* ---- what stands after `from`, or above */

static Binding *find_value(Lower *l, const AstSource *from, Binding *above) {
    if (!strcmp(from->name, "above")) {
        if (!above) lower_error(l, from->span, "there is no value above");
        return above;
    }
    Binding *b = find_binding(l->scope, from->name, false);
    if (!b && !l->messages->errors)
        lower_error(l, from->span, "'%s' is given a value further down: write that equation above this layer", from->name);
    if (!b || b->kind == BIND_TENSOR) return b;
    lower_error(l, from->span, "'%s' is one number here, and a layer takes a tensor", from->name);
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
static Tensor *fold(Lower *l, const Instance *all) {
    const Scope *scope = all->scope;
    Instance part = *all;
    Tensor *t = NULL;
    part.n = 2;
    part.inputs = arena_many(l->arena, 2, Binding *);
    part.inputs[0] = all->inputs[0];
    for (int k = 1; k < all->n; k++) {
        const bool last = k == all->n - 1;
        part.scope = last ? all->scope
                          : scope_new(l, arena_printf(l->arena, "%s_%d", scope->prefix, k),
                                      arena_printf(l->arena, "%s.%d", scope->label, k));
        part.c_name = last ? all->c_name : part.scope->prefix;
        part.inputs[1] = all->inputs[k];
        t = instantiate(l, &part);
        if (!t) return NULL;
        part.inputs[0] = arena_one(l->arena, Binding);
        *part.inputs[0] =
            (Binding){.name = all->stmt->name ? all->stmt->name : all->def->name, .kind = BIND_TENSOR, .tensor = t};
    }
    return t;
}

static Tensor *layer_value(Lower *l, Instance *i) {
    const AstStmt *stmt = i->stmt;
    const AstDef *def = i->def;
    if (!def) return apply_activation(l, stmt->call, i->inputs[0], i->c_name);
    if (!lower_sizes(l, stmt, &i->sizes)) return NULL;
    return i->n > def->inputs.n ? fold(l, i) : instantiate(l, i);
}

/* With the activation after it. */
static Tensor *activated_value(Lower *l, Instance *i) {
    const AstStmt *stmt = i->stmt;
    const char *prefix = i->scope->prefix, *z = i->def && i->def->outputs.n ? i->def->outputs.at[0].name : "z";
    i->c_name = stmt->activation ? arena_printf(l->arena, "%s_%s", prefix, z) : prefix;
    Tensor *t = layer_value(l, i);
    if (!t || !stmt->activation) return t;
    Binding before = {.name = i->c_name, .kind = BIND_TENSOR, .tensor = t};
    return activate(l, stmt->activation, &before, i->scope, prefix, i->braces);
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

static const char *kind_of(const AstStmt *stmt, const Scope *inner) {
    if (stmt->activation) return stmt->activation->name;
    return inner->output_kind ? inner->output_kind : stmt->call->name;
}

Binding *lower_layer(Lower *l, const AstStmt *stmt, Binding *above, Braces *outer) {
    const Span user = l->user;
    const int first_param = l->model->params.n;
    Instance i = {.stmt = stmt, .def = lower_find(l, DEF_LAYER, stmt->call->name, stmt->call->span)};
    Binding *result = NULL;
    if (!stmt->span.source->prelude) l->user = stmt->span;
    i.n = gather_inputs(l, stmt, above, &i.inputs);
    const char *name = l->suffix ? arena_printf(l->arena, "%s%s", stmt->name, l->suffix) : stmt->name;
    i.scope = instance_scope(l, name);
    i.braces = lower_braces(l, &stmt->settings, name, outer);
    Tensor *t = i.n ? activated_value(l, &i) : NULL;
    if (t) {
        if (stmt->has_settings && i.def) lower_braces_done(l, i.braces, i.def);
        record_layer(l, stmt, name, t, first_param);
        result = bind_value(l, name, t, kind_of(stmt, i.scope));
        if (l->suffix) result = bind_value(l, stmt->name, t, kind_of(stmt, i.scope));
    }
    l->user = user;
    return result;
}
