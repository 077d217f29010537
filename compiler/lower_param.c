/* lower_param: a layer's parameters and states, and what the braces after the layer say about them.
 *
 * A parameter ends as one of: a learned tensor, one learned number (shared), another layer's (tied), a kept tensor that is not
 * learned (frozen), a constant, or a number folded into the expressions (frozen(0.35), none). */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* ---- the braces after a layer */

Braces *lower_braces(Lower *l, const AstSettings *settings, const char *name, Braces *outer) {
    Braces *b = arena_one(l->arena, Braces);
    b->settings = settings;
    b->used = arena_many(l->arena, settings->n + 1, bool);
    b->name = name;
    b->outer = outer;
    return b;
}

/* What the user says about `name`: the outermost braces win. */
static const AstExpr *braces_find(Lower *l, Braces *b, const char *name) {
    const AstExpr *found = NULL;
    if (b->outer) found = braces_find(l, b->outer, arena_printf(l->arena, "%s.%s", b->name, name));
    for (int k = 0; k < b->settings->n; k++) {
        const AstSetting *s = &b->settings->at[k];
        if (strcmp(s->name, name) != 0) continue;
        b->used[k] = true;
        if (!found) found = s->value;
    }
    return found;
}

/* frozen, l1, l2: said of a whole layer, they hold for the layers that it is made of. */
static double braces_number(Lower *l, Braces *b, const char *name) {
    double value = 0;
    for (; b; b = b->outer) {
        for (int k = 0; k < b->settings->n; k++) {
            if (strcmp(b->settings->at[k].name, name) != 0) continue;
            b->used[k] = true;
            if (!lower_number(l, b->settings->at[k].value, false, &value)) return 0;
        }
    }
    return value;
}

void lower_braces_done(Lower *l, const Braces *b, const AstDef *def) {
    for (int k = 0; k < b->settings->n; k++) {
        const AstSetting *s = &b->settings->at[k];
        if (!b->used[k]) lower_error(l, s->name_span, "'%s' has no parameter that '%s' could be about", def->name, s->name);
    }
}

/* ---- what a parameter is set to */

static bool is_call(const AstExpr *e, const char *name) {
    return e->kind == AST_CALL && !strcmp(e->name, name);
}

typedef struct Choice { /* the layers around a value, peeled off */
    const AstExpr *value;
    bool frozen, shared;
} Choice;

static Choice peel(const AstExpr *value) {
    Choice c = {.value = value};
    for (; is_call(c.value, "frozen") || is_call(c.value, "shared"); c.value = c.value->args.at[0].value) {
        c.frozen = c.frozen || is_call(c.value, "frozen");
        c.shared = c.shared || is_call(c.value, "shared");
    }
    return c;
}

/* The number that an expression gives every element, if it does so: 0.35, zeros, constant(2). */
static bool constant_of(Lower *l, const AstExpr *e, double *number) {
    if (e->kind == AST_NUMBER || e->kind == AST_UNARY || e->kind == AST_BINARY) return lower_number(l, e, false, number);
    if (e->kind != AST_NAME && e->kind != AST_CALL) return false;
    const AstDef *def = lower_find(l, DEF_INITIALIZER, e->name, e->span);
    if (!def && e->kind == AST_NAME) return lower_number(l, e, false, number);
    if (!def || !def->value) return false;
    if (def->value->kind == AST_NUMBER) return *number = def->value->number, true;
    if (def->value->kind == AST_NAME && def->inputs.n == 1 && e->args.n == 1 &&
        !strcmp(def->value->name, def->inputs.at[0].name))
        return lower_number(l, e->args.at[0].value, false, number);
    return false;
}

static bool list_values(Lower *l, const AstExpr *e, const int *dim, int rank, double **at) {
    if (rank == 0) {
        if (e->kind == AST_LIST) return lower_error(l, e->span, "one number is needed here, not a list"), false;
        return lower_number(l, e, false, (*at)++);
    }
    if (e->kind != AST_LIST || e->args.n != dim[0]) {
        lower_error(l, e->span, "a list of %d %s is needed here%s", dim[0],
                    rank > 1      ? "rows"
                    : dim[0] == 1 ? "number"
                                  : "numbers",
                    e->kind == AST_LIST ? arena_printf(l->arena, ", this has %d", e->args.n) : "");
        return false;
    }
    for (int k = 0; k < e->args.n; k++)
        if (!list_values(l, e->args.at[k].value, dim + 1, rank - 1, at)) return false;
    return true;
}

static Tensor *constant_tensor(Lower *l, const char *name, const char *label, int rank, const int *dim, Span at,
                               const double *values) {
    Tensor *t = tensor_new(l->arena, name, label, ROLE_CONSTANT, rank, dim, at);
    t->values = values;
    return t;
}

static double *values_from_list(Lower *l, const AstExpr *e, int rank, const int *dim) {
    size_t size = 1;
    for (int k = 0; k < rank; k++) size *= (size_t)dim[k];
    double *values = arena_many(l->arena, size ? size : 1, double), *at = values;
    return list_values(l, e, dim, rank, &at) ? values : NULL;
}

/* file("w.safetensors", "tensor name"): read now, relative to the .nn file. */
static double *values_from_file(Lower *l, const AstExpr *e, int rank, const int *dim) {
    const char *why = NULL, *path = e->args.at[0].value->name;
    if (path[0] != '/') path = arena_printf(l->arena, "%s%s", l->options->nn_folder, path);
    double *values = tensor_file_read(l->arena, &l->files, path, e->args.at[1].value->name, rank, dim, l->settings->f64, &why);
    if (why) lower_error(l, e->span, "%s", why);
    return values;
}

/* ---- tied */

static const Named *find_param(const Lower *l, const char *label) {
    for (int k = 0; k < l->params.n; k++)
        if (!strcmp(l->params.at[k].label, label)) return &l->params.at[k];
    return NULL;
}

/* h.weight after a repeat: that of the last copy, h_3.weight. */
static const Named *find_last_copy(const Lower *l, const char *name, size_t layer) {
    for (int k = l->params.n - 1; k >= 0; k--) {
        const char *label = l->params.at[k].label;
        if (strncmp(label, name, layer) != 0 || label[layer] != '_') continue;
        const size_t suffix = strspn(label + layer, "_0123456789");
        if (!strcmp(label + layer + suffix, name + layer)) return &l->params.at[k];
    }
    return NULL;
}

/* What this layer's own braces say of a parameter that belongs to another layer. */
static bool says_too_much(Lower *l, const Braces *braces, const Choice *c) {
    static const char *const names[] = {"frozen", "l1", "l2"};
    for (int k = 0; k < braces->settings->n; k++)
        for (int n = 0; n < 3; n++)
            if (!strcmp(braces->settings->at[k].name, names[n])) {
                lower_error(l, braces->settings->at[k].name_span, "a tied parameter belongs to the other layer: say '%s' there",
                            names[n]);
                return true;
            }
    if (c->frozen || c->shared) lower_error(l, c->value->span, "a tied parameter is as the other layer has it");
    return c->frozen || c->shared;
}

static void bind_tied(Lower *l, Binding *b, const AstExpr *e) {
    const bool transposed = e->args.n == 2; /* the second can be nothing else */
    const AstExpr *what = e->args.at[0].value;
    const char *dot = strchr(what->name, '.');
    const Named *p = NULL;
    if (l->suffix) p = find_param(l, arena_printf(l->arena, "%.*s%s%s", (int)(dot - what->name), what->name, l->suffix, dot));
    if (!p) p = find_param(l, what->name);
    if (!p) p = find_last_copy(l, what->name, (size_t)(dot - what->name));
    if (!p) return lower_error(l, what->span, "there is no parameter '%s' above this layer", what->name);
    int dim[RANK_MAX] = {0};
    for (int k = 0; k < p->binding.rank; k++) dim[k] = p->binding.dim[transposed && p->binding.rank == 2 ? 1 - k : k];
    if (p->binding.rank != b->rank || memcmp(dim, b->dim, (size_t)b->rank * sizeof *dim) != 0 || (transposed && b->rank != 2))
        return lower_error(l, e->span, "'%s'%s has the shape %s, but %s is needed here", what->name,
                           transposed ? ", transposed," : "", dims_text(l->arena, dim, p->binding.rank),
                           dims_text(l->arena, b->dim, b->rank));
    const Binding own = *b;
    *b = p->binding;
    b->name = own.name;
    b->transposed = p->binding.transposed != transposed;
    memcpy(b->dim, own.dim, sizeof b->dim);
}

/* ---- param name[dims] = value */

static void param_star(const Lower *l, const AstDim *d, Binding *b) {
    const Binding *star = bound_star(l, d->name);
    for (int k = 0; k < star->count && b->rank < RANK_MAX - 1; k++) b->dim[b->rank++] = star->dim[k];
}

static bool param_dims(Lower *l, const AstDims *dims, Binding *b) {
    for (int k = 0; k < dims->n; k++) {
        const AstDim *d = &dims->at[k];
        if (b->rank == RANK_MAX - 1) return lower_error(l, d->span, "more than %d dimensions", RANK_MAX - 1), false;
        if (d->star) {
            param_star(l, d, b);
            continue;
        }
        if (!lower_size(l, d->range ? d->range : d->value, 1, &b->dim[b->rank++])) return false;
        if (d->name && !find_binding(l->scope, d->name, false))
            add_binding(l, l->scope, d->name, BIND_EXTENT)->number = b->dim[b->rank - 1];
    }
    return true;
}

/* Parameters of `emit --predict --params W`: numbers from the file. */
static void bind_from_params(Lower *l, Binding *b, const char *c_name, const char *label, int rank, const int *dim, Span at) {
    const char *why = NULL;
    double *values = tensor_file_read(l->arena, &l->files, l->options->params, label, rank, dim, l->settings->f64, &why);
    if (why) lower_error(l, at, "%s", why);
    if (!values) return;
    if (rank == 0) {
        b->kind = BIND_FOLDED;
        b->number = values[0];
        return;
    }
    b->tensor = constant_tensor(l, c_name, label, rank, dim, at, values);
    program_add_tensor(l->p, b->tensor);
}

static double *given_values(Lower *l, const AstExpr *value, const Binding *b) {
    if (is_call(value, "file")) return values_from_file(l, value, b->rank, b->dim);
    return values_from_list(l, value, b->rank, b->dim);
}

static void bind_values(Lower *l, Binding *b, const Choice *c, const char *c_name, const char *label, Role role, Span at) {
    double *values = given_values(l, c->value, b);
    if (!values) return;
    Tensor *constant = constant_tensor(l, role == ROLE_CONSTANT ? c_name : arena_printf(l->arena, "%s_start", c_name), label,
                                       b->rank, b->dim, at, values);
    if (role == ROLE_CONSTANT) {
        b->tensor = constant;
        program_add_tensor(l->p, constant);
        return;
    }
    bool made;
    b->tensor = lower_persistent(l, role, c_name, label, b->rank, b->dim, at, &made);
    if (made) lower_start_read(l, b->tensor, constant);
}

static void bind_initialized(Lower *l, Binding *b, const Choice *c, const char *name, const char *c_name, const char *label,
                             Role role, Span at) {
    bool made;
    b->shared = c->shared;
    b->tensor = lower_persistent(l, role, c_name, label, c->shared ? 0 : b->rank, b->dim, at, &made);
    if (!made) return;
    lower_start(l, b->tensor, c->value, lower_fans(l, name, b->rank, b->dim));
}

static bool is_none(const AstExpr *e) {
    return e->kind == AST_NAME && !strcmp(e->name, "none");
}

static void bind_param(Lower *l, const AstStmt *param, Binding *b, Choice c, const Braces *braces, const char *c_name,
                       const char *label) {
    double number;
    const bool given = c.value->kind == AST_LIST || is_call(c.value, "file");
    if (is_none(c.value)) {
        if (!param->value || !constant_of(l, param->value, &number))
            return lower_error(l, c.value->span, "'%s' has no constant default, so it cannot be left out", param->name);
        b->kind = BIND_FOLDED;
        b->number = number;
    } else if (is_call(c.value, "tied")) {
        if (!says_too_much(l, braces, &c)) bind_tied(l, b, c.value);
    } else if (c.frozen && !given && constant_of(l, c.value, &number)) {
        b->kind = BIND_FOLDED;
        b->number = number;
    } else if (l->options->params && !(c.frozen && given)) {
        b->shared = c.shared;
        bind_from_params(l, b, c_name, label, c.shared ? 0 : b->rank, b->dim, param->name_span);
    } else if (given) {
        bind_values(l, b, &c, c_name, label, c.frozen ? ROLE_CONSTANT : ROLE_PARAM, l->user);
    } else {
        bind_initialized(l, b, &c, param->name, c_name, label, c.frozen ? ROLE_STATE : ROLE_PARAM, l->user);
    }
}

static void note_penalty(Lower *l, Braces *braces, const Binding *b, const char *name) {
    const double l1 = braces_number(l, braces, "l1"), l2 = braces_number(l, braces, "l2");
    if (b->kind != BIND_TENSOR || !b->tensor || b->tensor->role != ROLE_PARAM) return;
    for (int k = 0; k < l->penalties.n; k++)
        if (l->penalties.at[k].param == b->tensor) return;
    const bool bias = lower_is_bias(name, b->rank);
    const Penalty row = {b->tensor, bias ? 0 : l1 + l->settings->train.l1, bias ? 0 : l2 + l->settings->train.l2};
    list_push(l->arena, &l->penalties, row);
}

void lower_param(Lower *l, const AstStmt *param, Braces *braces) {
    Binding own = {.name = param->name, .kind = BIND_TENSOR};
    if (!param_dims(l, &param->dims, &own)) return;
    const AstExpr *said = braces_find(l, braces, param->name), *value = said ? said : param->value;
    const char *c_name = scope_tensor_name(l, l->scope, param->name), *label = scope_tensor_label(l, l->scope, param->name);
    Choice c = peel(value);
    if (braces_number(l, braces, "frozen") != 0) c.frozen = true;
    bind_param(l, param, &own, c, braces, c_name, label);
    Binding *b = add_binding(l, l->scope, param->name, own.kind);
    own.name = b->name;
    *b = own;
    if (own.kind == BIND_TENSOR && !own.tensor) { /* an error was reported: go on with something of the right shape */
        b->kind = BIND_FOLDED;
        b->number = 0;
    }
    note_penalty(l, braces, b, param->name);
    const Named named = {label, *b};
    list_push(l->arena, &l->params, named);
}

/* ---- state name[dims] = value */

void lower_state(Lower *l, const AstStmt *state) {
    Binding own = {.name = state->name, .kind = BIND_TENSOR};
    if (!param_dims(l, &state->dims, &own)) return;
    const char *c_name = scope_tensor_name(l, l->scope, state->name), *label = scope_tensor_label(l, l->scope, state->name);
    bool made = false;
    if (l->options->params)
        bind_from_params(l, &own, c_name, label, own.rank, own.dim, state->name_span);
    else
        own.tensor = lower_persistent(l, ROLE_STATE, c_name, label, own.rank, own.dim, l->user, &made);
    if (!own.tensor && own.kind == BIND_TENSOR) return;
    Binding *b = add_binding(l, l->scope, state->name, own.kind);
    own.name = b->name;
    *b = own;
    if (made) lower_start(l, own.tensor, state->value, (Fans){1, 1});
}
