/* lower_sample: which values differ from sample to sample.
 *
 * A value does if what it reads does, or if it is drawn: random() gives every sample a number of its own, however deep in
 * activations and layers it stands. What is reduced over the batch is one for all samples. Equations may stand in any order,
 * so the names of a body are gone through until nothing is added. */
#include "lower_internal.h"
#include <string.h>

/* ---- definitions that draw */

static bool reduces_batch(const AstExpr *e) {
    for (int k = 0; k < e->dims.n; k++)
        if (e->kind == AST_CALL && e->dims.at[k].value && e->dims.at[k].value->kind == AST_NAME && !e->dims.at[k].range &&
            !strcmp(e->dims.at[k].value->name, "batch"))
            return true;
    return false;
}

static bool definition_draws(Lower *l, const AstDef *def);

static bool name_draws(Lower *l, const char *name, Span at) {
    const AstDef *activation = lower_find(l, DEF_ACTIVATION, name, at), *layer = lower_find(l, DEF_LAYER, name, at);
    return (activation && definition_draws(l, activation)) || (layer && definition_draws(l, layer));
}

bool lower_call_draws(Lower *l, const AstExpr *call) {
    if (!call || call->kind != AST_CALL || call->dims.n) return false;
    return !strcmp(call->name, "random") || name_draws(l, call->name, call->span);
}

static bool expr_draws(Lower *l, const AstExpr *e) {
    if (!e || reduces_batch(e)) return false;
    bool draws = lower_call_draws(l, e);
    for (int k = 0; k < e->args.n && !draws; k++) draws = expr_draws(l, e->args.at[k].value);
    return draws;
}

static bool body_draws(Lower *l, const AstStmts *body) {
    bool draws = false;
    for (int k = 0; k < body->n && !draws; k++) {
        const AstStmt *s = body->at[k];
        if (s->kind == AST_EQUATION) draws = s->assign != ASSIGN_NEXT && expr_draws(l, s->value);
        if (s->kind == AST_LAYER) draws = lower_call_draws(l, s->call) || lower_call_draws(l, s->activation);
        if (s->kind == AST_REPEAT) draws = body_draws(l, &s->body);
    }
    return draws;
}

/* Looked into once: definitions that name each other twice, level below level, would take 2^levels looks. */
static bool definition_draws(Lower *l, const AstDef *def) {
    for (int k = 0; k < l->drawing.n; k++)
        if (l->drawing.at[k].def == def) return l->drawing.at[k].draws;
    const int at = l->drawing.n;
    list_push(l->arena, &l->drawing, ((Drawing){def, false}));
    const bool draws = expr_draws(l, def->value) || body_draws(l, &def->body);
    l->drawing.at[at].draws = draws;
    return draws;
}

/* ---- values */

static bool is_listed(const Scope *scope, const char *name) {
    for (int k = 0; k < scope->sampled.n; k++)
        if (!strcmp(scope->sampled.at[k], name)) return true;
    return false;
}

static bool name_is_sampled(Lower *l, const char *name) {
    const Binding *b = find_binding(l->scope, name, false);
    return b ? b->kind == BIND_TENSOR && b->tensor->per_sample : is_listed(l->scope, name);
}

/* Does the expression's value differ? */
static bool reads_sample(Lower *l, const AstExpr *e) {
    if (!e || reduces_batch(e)) return false;
    bool yes = lower_call_draws(l, e);
    if (e->kind == AST_READ || e->kind == AST_NAME) yes = name_is_sampled(l, e->name);
    for (int k = 0; k < e->args.n && !yes; k++) yes = reads_sample(l, e->args.at[k].value);
    for (int k = 0; k < e->dims.n && !yes; k++) yes = reads_sample(l, e->dims.at[k].value);
    return yes;
}

bool lower_is_sampled(Lower *l, const AstStmt *eq) {
    return l->batch > 1 && (is_listed(l->scope, eq->name) || reads_sample(l, eq->value));
}

static bool layer_is_sampled(Lower *l, const AstStmt *layer, bool above) {
    bool sampled = lower_call_draws(l, layer->call) || lower_call_draws(l, layer->activation);
    if (!layer->from.n) sampled = sampled || above;
    for (int k = 0; k < layer->from.n && !sampled; k++)
        sampled = !strcmp(layer->from.at[k].name, "above") ? above : name_is_sampled(l, layer->from.at[k].name);
    return sampled;
}

static bool reads_above(const AstExpr *e) {
    bool reads = e && e->kind == AST_NAME && !strcmp(e->name, "above");
    for (int k = 0; e && k < e->args.n && !reads; k++) reads = reads_above(e->args.at[k].value);
    return reads;
}

/* One round from top to bottom; *above: is the value above sampled? True if a name was added. */
static bool list_sampled(Lower *l, const AstStmts *body, bool *above) {
    bool more = false;
    for (int k = 0; k < body->n; k++) {
        const AstStmt *s = body->at[k];
        if (s->kind == AST_REPEAT) more = list_sampled(l, &s->body, above) || more;
        if (s->kind != AST_LAYER && (s->kind != AST_EQUATION || s->assign == ASSIGN_NEXT)) continue;
        *above = s->kind == AST_LAYER ? layer_is_sampled(l, s, *above)
                                      : (*above && reads_above(s->value)) || reads_sample(l, s->value);
        if (!*above || !s->name || is_listed(l->scope, s->name)) continue;
        list_push(l->arena, &l->scope->sampled, s->name);
        more = true;
    }
    return more;
}

void lower_find_sampled(Lower *l, const AstStmts *body, const Binding *above) {
    bool more = l->batch > 1;
    while (more) {
        bool sampled = above && above->tensor->per_sample;
        more = list_sampled(l, body, &sampled);
    }
}
