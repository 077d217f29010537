/* lower_number: numbers that are known when compiling: extents, options, constants, and what is made of them. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

static bool named_number(const Lower *l, const char *name, double *value) {
    if (ast_constant(name, value)) return true;
    if (!strcmp(name, "training")) return *value = l->training, true;
    if (l->fans.in > 0 && !strcmp(name, "fan_in")) return *value = l->fans.in, true;
    if (l->fans.in > 0 && !strcmp(name, "fan_out")) return *value = l->fans.out, true;
    return false;
}

bool lower_named_number(Lower *l, const AstExpr *e, double *number) {
    const Binding *b = find_binding(l->scope, e->name, false);
    if (b && (b->kind == BIND_NUMBER || b->kind == BIND_EXTENT || b->kind == BIND_FOLDED)) return *number = b->number, true;
    if (b) {
        lower_error(l, e->span, "'%s' is a tensor: a number that is known at compile time is needed here", e->name);
        return false;
    }
    const double *c = lower_const(l, e->name, e->span);
    if (c) return *number = *c, true;
    if (named_number(l, e->name, number)) return true;
    lower_error(l, e->span, "'%s' is not a number that is known here", e->name);
    return false;
}

static double star_size(const Binding *b) {
    double size = 1;
    for (int k = 0; k < b->count; k++) size *= b->dim[k];
    return size;
}

/* size(i), size(o); size(batch) when there is only one sample. */
static bool size_of_name(Lower *l, const char *name, double *number) {
    const SpaceName *index = space_find(l, name);
    if (index) return *number = index->extent, true;
    if (!strcmp(name, "batch") && l->batch == 1) return *number = 1, true;
    const Binding *b = find_binding(l->scope, name, false);
    if (b && b->kind == BIND_EXTENT) return *number = b->number, true;
    return false;
}

bool lower_size_number(Lower *l, const AstExpr *e, double *number) {
    const AstExpr *arg = e->args.n == 1 ? e->args.at[0].value : NULL;
    if (arg && arg->kind == AST_NAME && size_of_name(l, arg->name, number)) return true;
    const Binding *star = arg && arg->kind == AST_STAR ? find_binding(l->scope, arg->name, true) : NULL;
    if (star) return *number = star_size(star), true;
    lower_error(l, e->span, "size( ) takes an index, an extent or *name that is known here");
    return false;
}

static bool number_of_binary(Lower *l, const AstExpr *e, bool integer, double *number) {
    double a, b;
    if (!lower_number(l, e->args.at[0].value, integer, &a) || !lower_number(l, e->args.at[1].value, integer, &b)) return false;
    if ((e->op == AST_DIV || e->op == AST_MOD) && b == 0) {
        lower_error(l, e->args.at[1].value->span, "division by zero");
        return false;
    }
    *number = ast_op_value(e->op, a, b, integer);
    return true;
}

static bool number_of_call(Lower *l, const AstExpr *e, double *number) {
    if (!strcmp(e->name, "size")) return lower_size_number(l, e, number);
    const Op op = op_named(e->name);
    double a[3] = {0, 0, 0};
    if (op == OP_COUNT || e->args.n != op_info[op].nargs) {
        lower_error(l, e->span, "'%s' is not a function of numbers that are known here", e->name);
        return false;
    }
    for (int k = 0; k < e->args.n; k++)
        if (!lower_number(l, e->args.at[k].value, false, &a[k])) return false;
    *number = op_info[op].value(a[0], a[1], a[2]);
    return true;
}

bool lower_number(Lower *l, const AstExpr *e, bool integer, double *number) {
    double a;
    switch (e->kind) {
    case AST_NUMBER: return *number = e->number, true;
    case AST_NAME: return lower_named_number(l, e, number);
    case AST_BINARY: return number_of_binary(l, e, integer, number);
    case AST_CALL: return number_of_call(l, e, number);
    case AST_UNARY:
        if (!lower_number(l, e->args.at[0].value, integer, &a)) return false;
        return *number = ast_op_value(e->op, a, 0, integer), true;
    case AST_IF:
        if (!lower_number(l, e->args.at[0].value, integer, &a)) return false;
        return lower_number(l, e->args.at[a != 0 ? 1 : 2].value, integer, number);
    default: lower_error(l, e->span, "a number that is known at compile time is needed here"); return false;
    }
}

bool lower_size(Lower *l, const AstExpr *e, int low, int *size) {
    double v;
    if (!lower_number(l, e, true, &v)) return false;
    if (v != floor(v) || v < low || v > 1 << 30) {
        lower_error(l, e->span, "%g is no size: a whole number from %d to %d is needed", v, low, 1 << 30);
        return false;
    }
    *size = (int)v;
    return true;
}
