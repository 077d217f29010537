/* lower_call: functions, activations and initializers, put in for their calls; options. */
#include "lower_internal.h"
#include <string.h>

/* ---- arguments */

const AstExpr *lower_argument(const AstDef *def, const AstExpr *call, int k) {
    for (int a = 0; a < call->args.n; a++) {
        const AstArg *arg = &call->args.at[a];
        if (arg->name ? !strcmp(arg->name, def->inputs.at[k].name) : a == k) return arg->value;
    }
    return NULL;
}

const AstExpr *lower_option(const AstDef *def, const AstExpr *call, int inputs, int k) {
    const AstExpr *value = NULL;
    for (int a = 0; a < call->args.n; a++) {
        const AstArg *arg = &call->args.at[a];
        if (arg->name ? !strcmp(arg->name, def->options.at[k].name) : a - inputs == k) value = arg->value;
    }
    return value;
}

static bool default_option(Lower *l, const AstOption *o, Scope *scope, double *value) {
    Scope *outer = l->scope;
    l->scope = scope; /* it may name the options before it */
    const bool ok = lower_number(l, o->value, false, value);
    l->scope = outer;
    return ok;
}

bool lower_options(Lower *l, const AstDef *def, const AstExpr *call, int inputs, Scope *scope) {
    bool ok = true;
    for (int k = 0; k < def->options.n; k++) {
        const AstOption *o = &def->options.at[k];
        if (find_binding(scope, o->name, false)) continue;
        const AstExpr *given = lower_option(def, call, inputs, k);
        double value = 0;
        ok = (given ? lower_number(l, given, false, &value) : default_option(l, o, scope, &value)) && ok;
        add_binding(l, scope, o->name, BIND_NUMBER)->number = value;
    }
    return ok;
}

/* ---- definitions of one formula */

/* Definitions that name another one twice, level below level, grow as 2^levels: false, after an error, when an equation does.
 */
static bool may_expand(Lower *l, Span at) {
    enum { EXPANSIONS_MAX = 1000 };
    if (l->expanded != l->space) l->expansions = 0;
    l->expanded = l->space;
    if (l->expansions > EXPANSIONS_MAX) return false;
    if (++l->expansions <= EXPANSIONS_MAX) return true;
    lower_error(l, at, "this grows too large: definitions are put in for one another more than %d times", EXPANSIONS_MAX);
    return false;
}

static const Expr *expr_in(Lower *l, Scope *scope, const AstExpr *e) {
    Scope *outer = l->scope;
    l->scope = scope;
    const Expr *value = lower_expr(l, e);
    l->scope = outer;
    return value;
}

/* ---- activations */

/* A read whose value the caller may differentiate by: the argument as a statement of its own. */
static const Expr *as_read(Lower *l, const Expr *e) {
    return e->op == OP_READ && !e->padded ? e : lower_own(l, e, "argument");
}

/* An activation with a hand-written derivative: y = value, dy/dx = derivative in terms of x and y. */
static const Expr *own_with_derivative(Lower *l, const AstDef *def, Scope *inner, const Expr *x, const Expr *value) {
    const Expr *y = lower_own_over(l, value->indices | x->indices, value, def->name); /* the value may be a number */
    if (!y) return NULL;
    Stmt *s = l->p->stmts.at[l->p->stmts.n - 1];
    if (def->outputs.n) add_binding(l, inner, def->outputs.at[0].name, BIND_SCALAR)->e = y;
    l->branch++;
    const Expr *d = expr_in(l, inner, def->derivative);
    l->branch--;
    if (!d) return NULL;
    /* from the space's indices to the statement's: the same order, unused ones left out */
    Affine map[INDEX_MAX];
    int n = 0;
    for (int k = 0; k < l->space->n; k++) map[k] = expr_uses_index(y, k) ? affine_index(n++) : affine_const(0);
    s->derivative = expr_substitute(l->p, d, map);
    s->derivative_of = expr_substitute(l->p, x, map);
    return y;
}

bool lower_is_activation(const Lower *l, const AstExpr *call) {
    const Op op = op_named(call->name);
    if (lower_find(l, DEF_ACTIVATION, call->name, call->span)) return true;
    return op != OP_COUNT && op_info[op].nargs == 1 && !lower_find(l, DEF_LAYER, call->name, call->span);
}

const Expr *lower_activation(Lower *l, const AstExpr *call, int inputs, const Expr *argument) {
    const AstDef *def = lower_find(l, DEF_ACTIVATION, call->name, call->span);
    const Expr *x = lower_settle(l, argument);
    if (!def && x) return expr_1(l->p, op_named(call->name), x);
    if (!x || !may_expand(l, call->span)) return NULL;
    Scope *inner = scope_new(l, l->scope->prefix, l->scope->label);
    const bool derivative = def->derivative && !l->branch;
    if (!lower_options(l, def, call, inputs, inner)) return NULL;
    if (derivative) x = as_read(l, x);
    if (!x) return NULL;
    add_binding(l, inner, def->inputs.at[0].name, BIND_SCALAR)->e = x;
    const Expr *value = expr_in(l, inner, def->value);
    return value && derivative ? own_with_derivative(l, def, inner, x, value) : value;
}

/* relu(e) */
static const Expr *lower_activation_call(Lower *l, const AstExpr *e, const AstDef *def) {
    const Expr *arg = lower_expr(l, lower_argument(def, e, 0));
    return arg ? lower_activation(l, e, 1, arg) : NULL;
}

/* ---- initializers */

const Expr *lower_initializer(Lower *l, const AstExpr *call, const AstDef *def, const char *option, double *value) {
    if (!may_expand(l, call->span)) return NULL;
    Scope *inner = scope_new(l, l->scope->prefix, l->scope->label);
    for (int k = 0; k < def->inputs.n; k++) {
        const Expr *v = lower_expr(l, lower_argument(def, call, k));
        if (!v) return NULL;
        add_binding(l, inner, def->inputs.at[k].name, BIND_SCALAR)->e = v;
    }
    if (!lower_options(l, def, call, def->inputs.n, inner)) return NULL;
    if (option) *value = find_binding(inner, option, false)->number;
    return expr_in(l, inner, def->value);
}

/* normal(0, 1) within another initializer. */
static const Expr *lower_initializer_call(Lower *l, const AstExpr *e, const AstDef *def) {
    if (def->prelude && builtin_named(def->name))
        return lower_error(l, e->span, "'%s' makes a whole tensor: it stands alone, not in a formula", e->name), NULL;
    return lower_initializer(l, e, def, NULL, NULL);
}

/* ---- built-in functions */

static const Expr *lower_pad(Lower *l, const AstExpr *e) {
    double value = 0;
    if (!lower_number(l, e->args.at[1].value, false, &value)) return NULL;
    return lower_read(l, e->args.at[0].value, &value);
}

/* size(batch) at run time; everything else is known now. */
static const Expr *lower_size_call(Lower *l, const AstExpr *e) {
    const AstExpr *arg = e->args.at[0].value;
    const bool of_batch = arg->kind == AST_NAME && !strcmp(arg->name, "batch");
    double v;
    l->model->sees_batch = l->model->sees_batch || of_batch;
    if (of_batch && l->batch > 1) return expr_read(l->p, lower_scalar(l, "n"), NULL);
    return lower_size_number(l, e, &v) ? expr_num(l->p, v) : NULL;
}

static const Expr *lower_operation(Lower *l, const AstExpr *e, Op op) {
    const Expr *arg[3] = {NULL, NULL, NULL};
    const int n = op_info[op].nargs;
    const bool chooses = op == OP_MIN || op == OP_MAX; /* its arguments are branches */
    l->branch += chooses;
    for (int k = 0; k < n; k++) arg[k] = lower_settle(l, lower_expr(l, e->args.at[k].value));
    l->branch -= chooses;
    for (int k = 0; k < n; k++)
        if (!arg[k]) return NULL;
    return expr_op(l->p, op, arg);
}

const Expr *lower_call(Lower *l, const AstExpr *e) {
    if (e->dims.n) return lower_reduction(l, e);
    if (!strcmp(e->name, "pad")) return lower_pad(l, e);
    if (!strcmp(e->name, "size")) return lower_size_call(l, e);
    if (!strcmp(e->name, "random")) return lower_random(l);
    const AstDef *activation = lower_find(l, DEF_ACTIVATION, e->name, e->span);
    if (activation) return lower_activation_call(l, e, activation);
    const Op op = op_named(e->name);
    if (op != OP_COUNT) return lower_operation(l, e, op);
    const AstDef *def = l->fans.in > 0 ? lower_find(l, DEF_INITIALIZER, e->name, e->span) : NULL;
    if (def) return lower_initializer_call(l, e, def);
    lower_error(l, e->name_span, "there is no function '%s' that could stand here", e->name);
    return NULL;
}
