/* lower_rate: the optimizer's rate: a number, or a tensor that the trainer or a schedule sets at the start of an epoch. */
#include "lower_internal.h"
#include <string.h>

/* ---- the epoch program */

static Aside enter_epoch(Lower *l) {
    return lower_enter(l, l->model->epoch, EPOCH_SITES);
}

static void leave_epoch(Lower *l, Aside aside) {
    for (int k = 0; k < l->next.n; k++) list_push(l->arena, &l->p->roots, l->next.at[k]);
    lower_leave(l, aside);
}

/* ---- schedules */

/* The schedule's arguments and options in a scope of its own; `start` stands for the first argument. */
static Scope *schedule_scope(Lower *l, const AstDef *def, const AstExpr *call, const Expr *start) {
    Scope *inner = scope_new(l, "schedule", "schedule");
    for (int k = 0; k < def->inputs.n; k++) {
        double v = 0;
        if (!lower_number(l, lower_argument(def, call, k), false, &v)) return NULL;
        add_binding(l, inner, def->inputs.at[k].name, BIND_SCALAR)->e = k == 0 && start ? start : expr_num(l->p, v);
    }
    return lower_options(l, def, call, def->inputs.n, inner) ? inner : NULL;
}

/* What the statements of a schedule's body, which go to program l->p, make of its output. */
static const Expr *body_value(Lower *l, const AstDef *def) {
    lower_rule(l, &def->body, NULL, 0, NULL);
    const Binding *result = def->outputs.n ? find_binding(l->scope, def->outputs.at[0].name, false) : NULL;
    if (!result) return lower_error(l, def->span, "the schedule '%s' gives no value: say -> NAME", def->name), NULL;
    return result->kind == BIND_TENSOR ? expr_read(l->p, result->tensor, NULL) : result->e;
}

static const Expr *schedule_value(Lower *l, const AstDef *def, const AstExpr *call, const Expr *start) {
    Scope *outer = l->scope, *inner = schedule_scope(l, def, call, start);
    if (!inner) return NULL;
    l->scope = inner;
    l->hint = "rate";
    const Expr *value = def->value ? lower_expr(l, def->value) : body_value(l, def);
    l->scope = outer;
    return value;
}

/* rate in the init program: the schedule at epoch 0. */
static void start_of_rate(Lower *l, Tensor *rate, const AstDef *def, const AstExpr *call, double start) {
    if (!def->value) {
        lower_start_number(l, rate, start);
        return;
    }
    Scope *outer = l->scope, *inner = schedule_scope(l, def, call, NULL);
    if (!inner) return;
    add_binding(l, inner, "epoch", BIND_NUMBER)->number = 0;
    add_binding(l, inner, "epochs", BIND_NUMBER)->number = l->settings->train.epochs;
    l->scope = inner;
    lower_start(l, rate, def->value, (Fans){0, 0});
    l->scope = outer;
}

static void epoch_program(Lower *l, Tensor *rate, Tensor *start_rate, const AstDef *def, const AstExpr *call) {
    const Aside aside = enter_epoch(l);
    program_add_tensor(l->p, rate);
    if (start_rate) program_add_tensor(l->p, start_rate);
    const Expr *start = start_rate ? expr_read(l->p, start_rate, NULL) : NULL;
    const Expr *value = schedule_value(l, def, call, start);
    if (value) lower_set(l, lower_next(l, rate), NULL, value);
    leave_epoch(l, aside);
}

/* epoch, epochs, validation_loss in an optimizer: kept from the start of the epoch, like a rate. */
Tensor *lower_kept_scalar(Lower *l, const char *name) {
    bool made;
    const char *kept = arena_printf(l->arena, "current_%s", name);
    Tensor *t = lower_persistent(l, ROLE_RATE, kept, kept, 0, NULL, l->origin, &made);
    if (!made) return t;
    lower_start_number(l, t, !strcmp(name, "epochs") ? l->settings->train.epochs : 0);
    const Aside aside = enter_epoch(l);
    program_add_tensor(l->p, t);
    const Expr *given = expr_read(l->p, lower_scalar(l, name), NULL);
    lower_set(l, lower_next(l, t), NULL, given);
    leave_epoch(l, aside);
    return t;
}

/* ---- the rate */

static Tensor *make_start_rate(Lower *l, const char *name, double start, Span at) {
    bool made;
    Tensor *rate = lower_persistent(l, ROLE_RATE, name, name, 0, NULL, at, &made);
    if (made) lower_start_number(l, rate, start);
    l->model->start_rate = rate;
    return rate;
}

static const Expr *scheduled_rate(Lower *l, const AstDef *schedule, const AstExpr *call, double start, Tensor *start_rate) {
    bool made;
    Tensor *rate = lower_persistent(l, ROLE_RATE, "rate", "rate", 0, NULL, call->span, &made);
    if (made) {
        start_of_rate(l, rate, schedule, call, start);
        epoch_program(l, rate, start_rate, schedule, call);
    }
    return expr_read(l->p, rate, NULL);
}

const Expr *lower_rate(Lower *l, const AstExpr *value, Span at) {
    const AstDef *schedule = value->kind == AST_CALL ? ast_find(l->file, DEF_SCHEDULE, value->name) : NULL;
    const AstExpr *first = schedule ? lower_argument(schedule, value, 0) : value;
    double start = 0;
    Tensor *start_rate = NULL;
    if (!lower_number(l, first, false, &start)) return NULL;
    l->model->rate = start;
    if (l->options->settable_rate) start_rate = make_start_rate(l, schedule ? "start_rate" : "rate", start, at);
    if (schedule) return scheduled_rate(l, schedule, value, start, start_rate);
    return start_rate ? expr_read(l->p, start_rate, NULL) : expr_num(l->p, start);
}
