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

static bool is_logical(AstOp op) {
    return op == AST_OR || op == AST_AND || op == AST_NOT || op == AST_LT || op == AST_LE || op == AST_GT || op == AST_GE ||
           op == AST_EQ || op == AST_NE;
}

bool is_truth(const Settings *settings, const AstExpr *e) {
    static const char *const words[] = {"yes", "no", "true", "false", "True", "False", NULL};
    if (e->kind == AST_UNARY || e->kind == AST_BINARY) return is_logical(e->op);
    if (e->kind == AST_IF) return is_truth(settings, e->args.at[1].value) && is_truth(settings, e->args.at[2].value);
    if (e->kind != AST_NAME) return false;
    const Const *constant = find_const(settings, e->name);
    return constant ? constant->truth : is_word(e->name, words);
}

static bool unknown_constant(const Settings *settings, const AstExpr *e) {
    Arena *arena = e->span.source->messages->arena;
    Words words = {0};
    for (int k = 0; k < settings->consts.n; k++) list_push(arena, &words, settings->consts.at[k]->name);
    for (int k = 0; ast_constant_names[k]; k++) list_push(arena, &words, ast_constant_names[k]);
    if (!check_other_word(e, function_arguments(e->name)))
        source_error(e->span, "there is no constant '%s'%s", e->name, did_you_mean(arena, e->name, &words));
    return false;
}

static bool constant_value(void *context, const AstExpr *e, double *value) {
    const Settings *settings = context;
    const Const *constant = find_const(settings, e->name);
    if (constant) return *value = constant->value, true;
    return ast_constant(e->name, value) || unknown_constant(settings, e);
}

static void constant_error(void *context, Span at, const char *what) {
    (void)context;
    source_error(at, "%s", what);
}

typedef struct Evaluation {
    const NumberSource *source;
    bool whole; /* '/' rounds down */
} Evaluation;

static bool evaluate(const Evaluation *v, const AstExpr *e, double *value);

static bool unknown_function(const AstExpr *e) {
    Arena *arena = e->span.source->messages->arena;
    Words words = {0};
    add_functions(&words, arena);
    source_error(e->name_span, "a constant can't be made with '%s'%s", e->name, did_you_mean(arena, e->name, &words));
    return false;
}

static bool call_value(const Evaluation *v, const AstExpr *e, double *value) {
    if (v->source->size && !strcmp(e->name, "size")) return v->source->size(v->source->context, e, value);
    const int expected = function_arguments(e->name);
    if (!expected || e->dims.n) return unknown_function(e);
    if (!check_count(e, expected)) return false;
    double args[3] = {0};
    for (int k = 0; k < expected; k++)
        if (!evaluate(v, e->args.at[k].value, &args[k])) return false;
    *value = op_info[op_named(e->name)].value(args[0], args[1], args[2]);
    return true;
}

static bool operation_value(const Evaluation *v, const AstExpr *e, double *value) {
    double a = 0, b = 0;
    if (!evaluate(v, e->args.at[0].value, &a)) return false;
    if (e->kind == AST_BINARY && !evaluate(v, e->args.at[1].value, &b)) return false;
    if ((e->op == AST_DIV || e->op == AST_MOD) && b == 0) {
        v->source->error(v->source->context, e->args.at[1].value->span, "division by zero");
        return false;
    }
    *value = ast_op_value(e->op, a, b, v->whole);
    return true;
}

static bool choice_value(const Evaluation *v, const AstExpr *e, double *value) {
    double condition = 0;
    if (!evaluate(v, e->args.at[0].value, &condition)) return false;
    return evaluate(v, e->args.at[condition != 0 ? 1 : 2].value, value);
}

static bool any_value(const Evaluation *v, const AstExpr *e, double *value) {
    switch (e->kind) {
    case AST_NUMBER: *value = e->number; return true;
    case AST_NAME: return v->source->name(v->source->context, e, value);
    case AST_UNARY:
    case AST_BINARY: return operation_value(v, e, value);
    case AST_IF: return choice_value(v, e, value);
    case AST_CALL: return call_value(v, e, value);
    case AST_STRING: source_error(e->span, "expected a number, not a string"); return false;
    case AST_LIST: source_error(e->span, "expected a number, not a list"); return false;
    case AST_RANGE: source_error(e->span, "expected a number, not a range"); return false;
    case AST_READ:
    case AST_STAR: source_error(e->span, "expected a number that is known when the file is compiled"); return false;
    }
    return false;
}

static bool evaluate(const Evaluation *v, const AstExpr *e, double *value) {
    if (!any_value(v, e, value)) return false;
    if (!isnan(*value)) return true;
    v->source->error(v->source->context, e->span, "this has no value (it is not a number)");
    return false;
}

bool number_value(const NumberSource *source, const AstExpr *expr, bool integer_division, double *value) {
    return evaluate(&(Evaluation){source, integer_division}, expr, value);
}

bool check_number(const Settings *settings, const AstExpr *expr, bool integer_division, double *value) {
    const NumberSource source = {constant_value, NULL, constant_error, (void *)settings};
    return number_value(&source, expr, integer_division, value);
}
