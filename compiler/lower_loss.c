/* lower_loss: the loss of a network's output, the mean over the batch, and what penalties add to it. */
#include "lower_internal.h"
#include <string.h>

/* ---- the loss */

/* Is the output what the layer `kind` makes? Told by the equations where they say it, else by the layer's name. */
static bool is_made_by(const Lower *l, const Binding *output, const char *kind, Span at) {
    const Nature wanted = lower_layer_nature(l, lower_find(l, DEF_LAYER, kind, at), output->tensor);
    if (wanted != NATURE_OTHER) return l->model->nature == wanted;
    return output->layer_kind && !strcmp(output->layer_kind, kind);
}

static bool from_wanted(Lower *l, const AstDef *def, const Binding *output, Span at) {
    for (int k = 0; k < def->inputs.n; k++) {
        const char *kind = def->inputs.at[k].from, *own = output->layer_kind;
        if (!kind || is_made_by(l, output, kind, def->span)) continue;
        if (own && !strcmp(own, kind))
            lower_error(l, at, "'%s' needs the output of a '%s', and the layer of that name here is none: its equations differ",
                        def->name, kind);
        else
            lower_error(
                l, at,
                "'%s' needs the output of a '%s', but the network ends with '%s'%s%s%s: end it with, say, 'dense y[3] %s'",
                def->name, kind, output->name, own ? " (" : "", own ? own : "", own ? ")" : "", kind);
        return false;
    }
    return true;
}

static Tensor *make_target(Lower *l, const Binding *output) {
    const Tensor *y = output->tensor;
    return lower_tensor(l, ROLE_TARGET, "t", "t", y->per_sample, value_rank(y), y->dim + y->per_sample, y->origin);
}

/* The loss of each sample. */
static Tensor *sample_loss(Lower *l, const AstDef *def, const AstExpr *call, const Binding *output, const Binding *target) {
    Scope *inner = scope_new(l, "", ""), *outer = l->scope;
    l->scope = inner;
    bool ok = lower_options(l, def, call, 0, inner) && lower_match(l, &def->inputs.at[0], output, def->name) &&
              lower_match(l, &def->inputs.at[1], target, def->name);
    if (ok && l->p->role == PROGRAM_LOSS) lower_declared_target(l, def);
    const Binding *both[] = {output, target};
    for (int k = 0; k < 2 && ok; k++) {
        Binding *b = add_binding(l, inner, def->inputs.at[k].name, BIND_TENSOR);
        b->tensor = both[k]->tensor;
    }
    const char *name = l->batch > 1 ? "sample_loss" : "loss";
    if (ok && def->has_body) {
        lower_body(l, &def->body, NULL, NULL);
        if (def->outputs.n) name = def->outputs.at[0].name;
    } else if (ok) {
        AstStmt eq = {.kind = AST_EQUATION, .span = def->span, .name = name, .name_span = def->name_span, .value = def->value};
        lower_equation(l, &eq);
    }
    const Binding *b = ok ? find_binding(inner, name, false) : NULL;
    l->scope = outer;
    return b && b->kind == BIND_TENSOR ? b->tensor : NULL;
}

/* loss = sum[b](sample_loss[b]) / n */
static Tensor *mean_over_batch(Lower *l, Tensor *each) {
    if (!each->per_sample) return each;
    l->hint = "loss";
    space_open(l, true);
    const Sub sub = {affine_index(l->space->batch), NULL};
    const Expr *sum = lower_reduced(l, expr_read(l->p, each, &sub), REDUCE_SUM, 1U << l->space->batch, "sum");
    Tensor *loss = lower_value(l, "loss", "loss", false, 0, NULL, each->origin);
    const Expr *n = expr_read(l->p, lower_scalar(l, "n"), NULL);
    lower_set(l, loss, NULL, expr_2(l->p, OP_DIV, sum, n));
    return loss;
}

Tensor *lower_loss(Lower *l, const Binding *output) {
    const Train *train = &l->settings->train;
    const AstExpr call = ast_as_call(train->loss);
    const AstDef *def = ast_find(l->file, DEF_LOSS, call.name);
    if (!from_wanted(l, def, output, train->loss->span)) return NULL;
    l->user = train->loss->span;
    const Binding target = {.name = "t", .kind = BIND_TENSOR, .tensor = make_target(l, output)};
    Tensor *each = sample_loss(l, def, &call, output, &target);
    Tensor *loss = each ? mean_over_batch(l, each) : NULL;
    l->space = NULL;
    return loss;
}

/* ---- penalties: loss + l1 * sum |w| + l2 * sum w^2 */

const Expr *lower_norm(Lower *l, Tensor *t, Op how, const char *suffix) {
    const Expr *w = expr_read(l->p, t, lower_elements(l, t));
    const Expr *e = how == OP_ABS ? expr_1(l->p, OP_ABS, w) : expr_2(l->p, OP_MUL, w, w);
    l->hint = t->name;
    return t->rank ? lower_reduced(l, e, REDUCE_SUM, (1U << t->rank) - 1, suffix) : e;
}

static const Expr *add_penalty(Lower *l, const Expr *total, double by, Tensor *w, Op how, const char *suffix) {
    if (by == 0) return total;
    return expr_2(l->p, OP_ADD, total, expr_2(l->p, OP_MUL, expr_num(l->p, by), lower_norm(l, w, how, suffix)));
}

Tensor *lower_penalty(Lower *l, Tensor *loss) {
    const Expr *total = expr_read(l->p, loss, NULL), *plain = total;
    l->origin = l->user = l->settings->train.span;
    for (int k = 0; k < l->penalties.n; k++) {
        const Penalty *row = &l->penalties.at[k];
        total = add_penalty(l, total, row->l1, row->param, OP_ABS, "magnitude");
        total = add_penalty(l, total, row->l2, row->param, OP_MUL, "square");
    }
    if (total == plain) return loss;
    space_open(l, false);
    Tensor *with = lower_value(l, "penalized_loss", "loss", false, 0, NULL, loss->origin);
    lower_set(l, with, NULL, total);
    return with;
}
