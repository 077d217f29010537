/* check_number: evaluates constant expressions, with errors at the place that is not constant. */
#include "check.h"
#include "ir.h"
#include <math.h>
#include <string.h>

/* ---- functions: operations with a name, other than `if` */

int function_arguments(const char *name) {
    const Op op = op_named(name);
    return op == OP_COUNT || op == OP_SELECT ? 0 : op_info[op].nargs;
}

void add_functions(Words *words, Arena *arena) {
    for (int op = 0; op < OP_COUNT; op++)
        if (op_info[op].name && op != OP_SELECT) list_push(arena, words, op_info[op].name);
}

/* ---- evaluation */

const Const *find_const(const Settings *settings, const char *name) {
    const int k = table_find(&settings->const_names, 0, name);
    return k < 0 ? NULL : settings->consts.at[k];
}

static bool name_value(const Settings *settings, const AstExpr *e, double *value) {
    const Const *constant = find_const(settings, e->name);
    if (constant) return *value = constant->value, true;
    if (ast_constant(e->name, value)) return true;
    Arena *arena = e->span.source->messages->arena;
    Words words = {0};
    for (int k = 0; k < settings->consts.n; k++) list_push(arena, &words, settings->consts.at[k]->name);
    for (int k = 0; ast_constant_names[k]; k++) list_push(arena, &words, ast_constant_names[k]);
    if (!strcmp(e->name, "true") || !strcmp(e->name, "false"))
        source_error(e->span, "'%s' is written '%s'", e->name, *e->name == 't' ? "yes" : "no");
    else if (function_arguments(e->name))
        source_error(e->span, "'%s' is a function: %s(…)", e->name, e->name);
    else
        source_error(e->span, "there is no constant '%s'%s", e->name, did_you_mean(arena, e->name, &words));
    return false;
}

static bool call_value(const Settings *settings, const AstExpr *e, bool integer_division, double *value) {
    Arena *arena = e->span.source->messages->arena;
    const int expected = function_arguments(e->name);
    Words words = {0};
    add_functions(&words, arena);
    if (!expected || e->dims.n) {
        source_error(e->name_span, "a constant can't be made with '%s'%s", e->name, did_you_mean(arena, e->name, &words));
        return false;
    }
    if (e->args.n != expected) {
        source_error(e->span, "%s takes %d argument%s, not %d", e->name, expected, expected == 1 ? "" : "s", e->args.n);
        return false;
    }
    double args[3] = {0};
    for (int k = 0; k < expected; k++)
        if (!check_number(settings, e->args.at[k].value, integer_division, &args[k])) return false;
    *value = op_info[op_named(e->name)].value(args[0], args[1], args[2]);
    return true;
}

static bool operation_value(const Settings *settings, const AstExpr *e, bool integer_division, double *value) {
    double a = 0, b = 0;
    if (!check_number(settings, e->args.at[0].value, integer_division, &a)) return false;
    if (e->kind == AST_BINARY && !check_number(settings, e->args.at[1].value, integer_division, &b)) return false;
    if ((e->op == AST_DIV || e->op == AST_MOD) && b == 0) {
        source_error(e->args.at[1].value->span, "division by zero");
        return false;
    }
    *value = ast_op_value(e->op, a, b, integer_division);
    return true;
}

static bool choice_value(const Settings *settings, const AstExpr *e, bool integer_division, double *value) {
    double condition = 0;
    if (!check_number(settings, e->args.at[0].value, integer_division, &condition)) return false;
    return check_number(settings, e->args.at[condition != 0 ? 1 : 2].value, integer_division, value);
}

static bool any_value(const Settings *settings, const AstExpr *e, bool integer_division, double *value) {
    switch (e->kind) {
    case AST_NUMBER: *value = e->number; return true;
    case AST_NAME: return name_value(settings, e, value);
    case AST_UNARY:
    case AST_BINARY: return operation_value(settings, e, integer_division, value);
    case AST_IF: return choice_value(settings, e, integer_division, value);
    case AST_CALL: return call_value(settings, e, integer_division, value);
    case AST_STRING: source_error(e->span, "expected a number, not a string"); return false;
    case AST_LIST: source_error(e->span, "expected a number, not a list"); return false;
    case AST_RANGE: source_error(e->span, "expected a number, not a range"); return false;
    case AST_READ:
    case AST_STAR: source_error(e->span, "expected a number that is known when the file is compiled"); return false;
    }
    return false;
}

bool check_number(const Settings *settings, const AstExpr *expr, bool integer_division, double *value) {
    if (!any_value(settings, expr, integer_division, value)) return false;
    if (!isnan(*value)) return true;
    source_error(expr->span, "this has no value (it is not a number)");
    return false;
}
