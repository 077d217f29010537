/* lower_expr: expressions of index notation, over the indices of the equation being lowered.
 *
 * Every reduction, and every costly operation that is not the root, gets a statement of its own, so that nothing is computed
 * twice and a derivative can be said in terms of the result. Inside a branch of `if`, min or max nothing costly is hoisted: it
 * might be infinite where the branch is not taken, and 0 * inf would spoil the gradient. */
#include "lower_internal.h"
#include <string.h>

static bool names_initializer(const Lower *l, const AstExpr *e) {
    return l->fans.in > 0 && !lower_const(l, e->name, e->span) && lower_find(l, DEF_INITIALIZER, e->name, e->span);
}

/* A name alone: an index or extent as a number, an argument, a scalar, a whole value at the left side's indices, or, where a
 * parameter starts, an initializer. */
static const Expr *lower_name(Lower *l, const AstExpr *e) {
    const SpaceName *index = space_find(l, e->name);
    if (index) return expr_val(l->p, index->a);
    const Binding *b = find_binding(l->scope, e->name, false);
    if (b && b->kind == BIND_SCALAR) return b->e;
    if (b && b->kind == BIND_TENSOR) return lower_read_whole(l, e, b);
    if (!b && lower_is_run_time(e->name) && !lower_const(l, e->name, e->span))
        return expr_read(l->p, lower_scalar(l, e->name), NULL);
    const AstExpr call = ast_as_call(e);
    if (!b && names_initializer(l, e)) return lower_call(l, &call);
    double v;
    return lower_named_number(l, e, &v) ? expr_num(l->p, v) : NULL;
}

static const Expr *lower_if(Lower *l, const AstExpr *e) {
    const Expr *c = lower_expr(l, e->args.at[0].value);
    if (!c) return NULL;
    if (c->op == OP_NUM) return lower_expr(l, e->args.at[c->num != 0 ? 1 : 2].value);
    c = lower_settle(l, c);
    l->branch++;
    const Expr *a = lower_expr(l, e->args.at[1].value);
    const Expr *b = lower_expr(l, e->args.at[2].value);
    l->branch--;
    return a && b ? expr_3(l->p, OP_SELECT, c, a, b) : NULL;
}

static const Expr *lower_binary(Lower *l, const AstExpr *e) {
    static const struct {
        Op op;
        bool swapped, negated;
    } row[] = {[AST_ADD] = {OP_ADD, 0, 0}, [AST_SUB] = {OP_SUB, 0, 0}, [AST_MUL] = {OP_MUL, 0, 0}, [AST_DIV] = {OP_DIV, 0, 0},
               [AST_MOD] = {OP_MOD, 0, 0}, [AST_POW] = {OP_POW, 0, 0}, [AST_LT] = {OP_LT, 0, 0},   [AST_LE] = {OP_LE, 0, 0},
               [AST_GT] = {OP_LT, 1, 0},   [AST_GE] = {OP_LE, 1, 0},   [AST_EQ] = {OP_EQ, 0, 0},   [AST_NE] = {OP_EQ, 0, 1},
               [AST_AND] = {OP_AND, 0, 0}, [AST_OR] = {OP_OR, 0, 0}};
    const Expr *a = lower_settle(l, lower_expr(l, e->args.at[0].value));
    const Expr *b = lower_settle(l, lower_expr(l, e->args.at[1].value));
    if (!a || !b) return NULL;
    /* an option that is 0 takes its product out of the program: weight_decay * w */
    if (e->op == AST_MUL && (expr_is_num(a, 0) || expr_is_num(b, 0))) return expr_num(l->p, 0);
    const Expr *r = row[e->op].swapped ? expr_2(l->p, row[e->op].op, b, a) : expr_2(l->p, row[e->op].op, a, b);
    return row[e->op].negated ? expr_1(l->p, OP_NOT, r) : r;
}

static const Expr *lower_unary(Lower *l, const AstExpr *e) {
    const Expr *a = lower_settle(l, lower_expr(l, e->args.at[0].value));
    return a ? expr_1(l->p, e->op == AST_NEG ? OP_NEG : OP_NOT, a) : NULL;
}

const Expr *lower_expr(Lower *l, const AstExpr *e) {
    switch (e->kind) {
    case AST_NUMBER: return expr_num(l->p, e->number);
    case AST_NAME: return lower_name(l, e);
    case AST_READ: return lower_read(l, e, NULL);
    case AST_CALL: return lower_call(l, e);
    case AST_BINARY: return lower_binary(l, e);
    case AST_IF: return lower_if(l, e);
    case AST_UNARY: return lower_unary(l, e);
    case AST_STRING:
    case AST_LIST:
    case AST_RANGE:
    case AST_STAR: break;
    }
    bug("a formula with a node of kind %d", (int)e->kind);
}
