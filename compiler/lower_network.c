/* lower_network: the statements of a network or of a layer's body, from top to bottom. */
#include "lower_internal.h"
#include <string.h>

static Binding *lower_input(Lower *l, const AstStmt *stmt) {
    int dim[RANK_MAX], rank = 0, below = 0;
    for (int k = 0; k < stmt->dims.n; k++) {
        if (rank == RANK_MAX - 1) return lower_error(l, stmt->dims.at[k].span, "more than %d dimensions", RANK_MAX - 1), NULL;
        if (!lower_size(l, stmt->dims.at[k].value, 1, &dim[rank++])) return NULL;
    }
    if (stmt->value && !lower_size(l, stmt->value, 1, &below)) return NULL;
    Tensor *t = lower_tensor(l, ROLE_INPUT, stmt->name, stmt->name, l->batch > 1, rank, dim, stmt->span);
    const long long size = tensor_size(t) / (t->per_sample ? l->batch : 1);
    t->integer = stmt->value != NULL;
    t->values_below = below;
    t->offset = 0;
    for (int k = 0; k < l->p->tensors.n; k++) {
        const Tensor *other = l->p->tensors.at[k];
        if (other != t && other->role == ROLE_INPUT)
            t->offset += (int)(tensor_size(other) / (other->per_sample ? l->batch : 1));
    }
    if (t->offset + size > 1 << 30) return lower_error(l, stmt->span, "the inputs are larger than %d numbers", 1 << 30), NULL;
    if (l->first_pass) {
        list_push(l->arena, &l->model->input_list, t);
        l->model->inputs = t->offset + (int)size;
    }
    Binding *b = add_binding(l, l->scope, stmt->name, BIND_TENSOR);
    b->tensor = t;
    b->layer_kind = "input";
    return b;
}

enum { COPIES_MAX = 1000 }; /* of a repeat, nested ones multiplied */

static Binding *lower_repeat(Lower *l, const AstStmt *stmt, Binding *above, Braces *braces) {
    int times = 0;
    const char *outer = l->suffix;
    if (!lower_size(l, stmt->value, 0, &times)) return NULL;
    if (times > COPIES_MAX / (l->copies ? l->copies : 1))
        return lower_error(l, stmt->value->span, "more than %d copies in all are not allowed", COPIES_MAX), NULL;
    const int copies = l->copies;
    l->copies = (copies ? copies : 1) * times;
    for (int k = 1; k <= times && above; k++) {
        l->suffix = arena_printf(l->arena, "%s_%d", outer ? outer : "", k);
        above = lower_body(l, &stmt->body, above, braces);
    }
    l->suffix = outer;
    l->copies = copies;
    return above;
}

static bool plain_copy(const AstStmt *eq) {
    return !eq->dims.n && eq->assign == ASSIGN_SET && eq->value->kind == AST_NAME;
}

/* skip = above: another name for a value. */
static Binding *lower_alias(Lower *l, const AstStmt *eq, Binding *above) {
    Binding *b = !strcmp(eq->value->name, "above") ? above : find_binding(l->scope, eq->value->name, false);
    if (!b || b->kind != BIND_TENSOR) return NULL;
    Binding *alias = add_binding(l, l->scope, eq->name, BIND_TENSOR);
    const char *name = alias->name, *suffix = alias->suffix;
    *alias = *b;
    alias->name = name;
    alias->suffix = suffix;
    return alias;
}

/* `above` within an equation: y = above + x. */
static void bind_above(Lower *l, Binding *above) {
    if (!above) return;
    Binding *b = add_binding(l, l->scope, "above", BIND_TENSOR);
    const char *suffix = b->suffix;
    *b = *above;
    b->name = "above";
    b->suffix = suffix;
}

/* An equation gives a value; a copy of a repeat defines it anew. */
static Binding *lower_equation_statement(Lower *l, const AstStmt *eq, Binding *above) {
    const Span user = l->user;
    if (!eq->span.source->prelude) l->user = eq->span;
    Binding *declared = find_binding(l->scope, eq->name, false), *b = NULL;
    bind_above(l, above);
    if (plain_copy(eq) && (!declared || declared->suffix != l->suffix)) b = lower_alias(l, eq, above);
    if (!b) {
        lower_equation(l, eq);
        b = find_binding(l->scope, eq->name, false);
        if (b && b->kind != BIND_TENSOR) b = NULL;
        if (b && !b->layer_kind) b->layer_kind = "equation";
    }
    if (b && l->suffix) {
        Binding *copy = add_binding(l, l->scope, arena_printf(l->arena, "%s%s", eq->name, l->suffix), BIND_TENSOR);
        const char *name = copy->name;
        *copy = *b;
        copy->name = name;
    }
    l->user = user;
    return b;
}

/* Values that equations define with a known shape can be read by equations above them. */
static void declare_all(Lower *l, const AstStmts *body, const Binding *above) {
    lower_find_sampled(l, body, above);
    for (int pass = 0; pass < 2 && !l->scope->network; pass++)
        for (int k = 0; k < body->n; k++)
            if (body->at[k]->kind == AST_EQUATION && body->at[k]->assign == ASSIGN_SET) lower_declare(l, body->at[k]);
}

Binding *lower_body(Lower *l, const AstStmts *body, Binding *above, Braces *braces) {
    bool declared = false;
    for (int k = 0; k < body->n; k++) {
        const AstStmt *s = body->at[k];
        Binding *b = NULL;
        const int before = l->messages->errors;
        switch (s->kind) {
        case AST_INPUT: b = lower_input(l, s); break;
        case AST_LAYER: b = lower_layer(l, s, above, braces); break;
        case AST_REPEAT: b = lower_repeat(l, s, above, braces); break;
        case AST_PARAM: lower_param(l, s, braces); break;
        case AST_STATE: lower_state(l, s); break;
        case AST_EQUATION:
            if (!declared) declare_all(l, body, above);
            declared = true;
            b = lower_equation_statement(l, s, above);
            break;
        case AST_OUTPUT:
        case AST_WHERE:
        case AST_REQUIRE: continue;
        }
        if (b && !(s->kind == AST_EQUATION && s->assign == ASSIGN_NEXT))
            above = b;
        else if (s->kind == AST_LAYER || (l->messages->errors > before && l->scope->network))
            return NULL; /* what follows has no input */
    }
    return above;
}

/* NULL: there is none, or it could not be made. */
static Binding *named_output(const Lower *l) {
    const AstStmts *body = &l->file->network.body;
    for (int k = 0; k < body->n; k++)
        if (body->at[k]->kind == AST_OUTPUT) return made_value(l, body->at[k]->name);
    return NULL;
}

Binding *lower_network(Lower *l) {
    const AstBlock *network = &l->file->network;
    l->scope = scope_new(l, "", "");
    l->scope->network = true;
    l->space = NULL;
    l->suffix = NULL;
    l->user = l->origin = network->span;
    l->hint = "value";
    l->sites = l->branch = l->layers = 0;
    l->params.n = 0;
    l->next.n = 0;
    const AstSettings no_settings = {0};
    Binding *last = lower_body(l, &network->body, NULL, lower_braces(l, &no_settings, "", NULL)), *out = named_output(l);
    if (!out) out = last;
    if (l->messages->errors) return NULL;
    if (!out || !strcmp(out->layer_kind ? out->layer_kind : "", "input")) {
        source_error(network->span, "the network '%s' has no layer", network->name);
        return NULL;
    }
    return out;
}
