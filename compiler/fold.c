/* fold: scalar operations, as expressions: constants are worked out, and so are the identities that hold for every number (but
 * for the sign of a zero). */
#include "ir.h"

static const Expr *negated(Program *p, const Expr *e) {
    return expr_1(p, OP_NEG, e);
}

/* Is e always 0 or 1? */
static bool is_truth(const Expr *e) {
    return op_info[e->op].kind == TRUTH || expr_is_num(e, 0) || expr_is_num(e, 1);
}

static const Expr *fold_add(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 0)) return a;                                               /* x + 0 = x */
    if (expr_is_num(a, 0)) return b;                                               /* 0 + x = x */
    if (b->op == OP_NEG) return expr_2(p, OP_SUB, a, b->arg[0]);                   /* x + -y = x - y */
    if (a->op == OP_NEG) return expr_2(p, OP_SUB, b, a->arg[0]);                   /* -x + y = y - x */
    if (b->op == OP_NUM && b->num < 0) return expr_2(p, OP_SUB, a, negated(p, b)); /* x + -2 = x - 2 */
    return NULL;
}

static const Expr *fold_sub(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 0)) return a;                             /* x - 0 = x */
    if (expr_is_num(a, 0)) return negated(p, b);                 /* 0 - x = -x */
    if (b->op == OP_NEG) return expr_2(p, OP_ADD, a, b->arg[0]); /* x - -y = x + y */
    if (b->op == OP_NUM && b->num < 0) return expr_2(p, OP_ADD, a, negated(p, b));
    return NULL;
}

static const Expr *fold_mul(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 1)) return a;              /* x * 1 = x */
    if (expr_is_num(a, 1)) return b;              /* 1 * x = x */
    if (expr_is_num(b, -1)) return negated(p, a); /* x * -1 = -x */
    if (expr_is_num(a, -1)) return negated(p, b);
    if (a->op == OP_NEG) return negated(p, expr_2(p, OP_MUL, a->arg[0], b)); /* -x * y = -(x * y) */
    if (b->op == OP_NEG) return negated(p, expr_2(p, OP_MUL, a, b->arg[0]));
    return NULL;
}

static const Expr *fold_div(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 1)) return a;                                         /* x / 1 = x */
    if (expr_is_num(b, -1)) return negated(p, a);                            /* x / -1 = -x */
    if (a->op == OP_NEG) return negated(p, expr_2(p, OP_DIV, a->arg[0], b)); /* -x / y = -(x / y) */
    if (b->op == OP_NEG) return negated(p, expr_2(p, OP_DIV, a, b->arg[0]));
    return NULL;
}

static const Expr *fold_pow(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 1)) return a;              /* x ^ 1 = x */
    if (expr_is_num(b, 0)) return expr_num(p, 1); /* x ^ 0 = 1, for nan too */
    if (expr_is_num(a, 1)) return a;              /* 1 ^ x = 1, for nan too */
    return NULL;
}

static const Expr *fold_neg(Program *p, const Expr *a) {
    if (a->op == OP_NEG) return a->arg[0];                               /* --x = x */
    if (a->op == OP_SUB) return expr_2(p, OP_SUB, a->arg[1], a->arg[0]); /* -(x - y) = y - x */
    if (a->op == OP_MUL && a->arg[0]->op == OP_NUM)                      /* -(2 * x) = -2 * x */
        return expr_2(p, OP_MUL, negated(p, a->arg[0]), a->arg[1]);
    return NULL;
}

static const Expr *fold_lt(Program *p, const Expr *a, const Expr *b) {
    return a == b ? expr_num(p, 0) : NULL;
}

static const Expr *fold_and(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(a, 0) || expr_is_num(b, 0)) return expr_num(p, 0); /* no and x = no */
    if (a->op == OP_NUM && is_truth(b)) return b;                      /* yes and x = x */
    if (b->op == OP_NUM && is_truth(a)) return a;
    return NULL;
}

static const Expr *fold_or(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(a, 0) && is_truth(b)) return b; /* no or x = x */
    if (expr_is_num(b, 0) && is_truth(a)) return a;
    if (a->op == OP_NUM && a->num != 0) return expr_num(p, 1); /* yes or x = yes */
    if (b->op == OP_NUM && b->num != 0) return expr_num(p, 1);
    return NULL;
}

static const Expr *fold_not(Program *p, const Expr *a) {
    (void)p;
    return a->op == OP_NOT && is_truth(a->arg[0]) ? a->arg[0] : NULL;
}

static const Expr *fold_same(Program *p, const Expr *a, const Expr *b) {
    (void)p;
    return a == b ? a : NULL; /* min(x, x) = x */
}

static const Expr *fold_stop(Program *p, const Expr *a) {
    (void)p;
    return a->op == OP_STOP || a->op == OP_NUM || a->op == OP_VAL ? a : NULL;
}

typedef const Expr *Fold1(Program *p, const Expr *a);
typedef const Expr *Fold2(Program *p, const Expr *a, const Expr *b);
static Fold1 *const fold_1[OP_COUNT] = {[OP_NEG] = fold_neg, [OP_NOT] = fold_not, [OP_STOP] = fold_stop};
static Fold2 *const fold_2[OP_COUNT] = {
    [OP_ADD] = fold_add, [OP_SUB] = fold_sub, [OP_MUL] = fold_mul, [OP_DIV] = fold_div,  [OP_POW] = fold_pow,
    [OP_LT] = fold_lt,   [OP_AND] = fold_and, [OP_OR] = fold_or,   [OP_MIN] = fold_same, [OP_MAX] = fold_same,
};

const Expr *expr_1(Program *p, Op op, const Expr *a) {
    if (a->op == OP_NUM) return expr_num(p, op_info[op].value(a->num, 0, 0));
    const Expr *r = fold_1[op] ? fold_1[op](p, a) : NULL;
    return r ? r : expr_intern(p, &(Expr){.op = op, .nargs = 1, .arg = {a}});
}

const Expr *expr_2(Program *p, Op op, const Expr *a, const Expr *b) {
    if (a->op == OP_NUM && b->op == OP_NUM) return expr_num(p, op_info[op].value(a->num, b->num, 0));
    const Expr *r = fold_2[op] ? fold_2[op](p, a, b) : NULL;
    return r ? r : expr_intern(p, &(Expr){.op = op, .nargs = 2, .arg = {a, b}});
}

const Expr *expr_3(Program *p, Op op, const Expr *a, const Expr *b, const Expr *c) {
    if (op != OP_SELECT) bug("operation %d has not three arguments", (int)op);
    if (a->op == OP_NUM) return a->num != 0 ? b : c;                   /* if yes then x else y = x */
    if (b == c) return b;                                              /* if c then x else x = x */
    if (a->op == OP_NOT) return expr_3(p, OP_SELECT, a->arg[0], c, b); /* if not c then x else y = if c then y else x */
    return expr_intern(p, &(Expr){.op = op, .nargs = 3, .arg = {a, b, c}});
}

const Expr *expr_op(Program *p, Op op, const Expr *const *arg) {
    switch (op_info[op].nargs) {
    case 1: return expr_1(p, op, arg[0]);
    case 2: return expr_2(p, op, arg[0], arg[1]);
    case 3: return expr_3(p, op, arg[0], arg[1], arg[2]);
    default: bug("operation %d has no arguments", (int)op);
    }
}
