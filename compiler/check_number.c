/* check_number: evaluates constant expressions, with errors at the place that is not constant. */
#include "check.h"
#include <math.h>
#include <string.h>

/* ---- functions: rows of ops.def with a name */

typedef double Formula(double a, double b, double c);

#define OPERATION(id, name, infix, nargs, precedence, costly, value)                                                           \
    static double formula_##id(double a, double b, double c) {                                                                 \
        (void)a, (void)b, (void)c;                                                                                             \
        return (value);                                                                                                        \
    }
#include "ops.def"
#undef OPERATION

typedef struct Function {
    const char *name;
    int arguments;
    Formula *formula;
} Function;

static const Function functions[] = {
#define OPERATION(id, name, infix, nargs, precedence, costly, value) {name, nargs, formula_##id},
#include "ops.def"
#undef OPERATION
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static const Function *find_function(const char *name) {
    for (int k = 0; k < FUNCTIONS; k++)
        if (*functions[k].name && functions[k].arguments < 3 && !strcmp(functions[k].name, name)) return &functions[k];
    return NULL;
}

int function_arguments(const char *name) {
    const Function *f = find_function(name);
    return f ? f->arguments : 0;
}

void add_functions(Words *words, Arena *arena) {
    for (int k = 0; k < FUNCTIONS; k++)
        if (find_function(functions[k].name)) list_push(arena, words, functions[k].name);
}

bool function_value(const char *name, const double *args, double *value) {
    const Function *f = find_function(name);
    if (!f) return false;
    *value = f->formula(args[0], f->arguments > 1 ? args[1] : 0, 0);
    return true;
}

/* ---- operators */

static double operator_value(AstOp op, double a, double b, bool integer_division) {
    switch (op) {
    case AST_ADD: return a + b;
    case AST_SUB: return a - b;
    case AST_MUL: return a * b;
    case AST_DIV: return integer_division ? floor(a / b) : a / b;
    case AST_MOD: return a - b * floor(a / b);
    case AST_POW: return pow(a, b);
    case AST_NEG: return -a;
    case AST_LT: return a < b;
    case AST_LE: return a <= b;
    case AST_GT: return a > b;
    case AST_GE: return a >= b;
    case AST_EQ: return a == b;
    case AST_NE: return a != b;
    case AST_AND: return a != 0 && b != 0;
    case AST_OR: return a != 0 || b != 0;
    case AST_NOT: return a == 0;
    }
    return 0;
}

static const struct {
    const char *name;
    double value;
} built_in[] = {{"pi", 3.14159265358979323846}, {"inf", INFINITY}, {"yes", 1}, {"no", 0}};
enum { BUILT_IN = sizeof built_in / sizeof *built_in };

/* ---- evaluation */

static bool name_value(const Settings *settings, const AstExpr *e, double *value) {
    for (int k = 0; k < settings->consts.n; k++)
        if (!strcmp(settings->consts.at[k].name, e->name)) return *value = settings->consts.at[k].value, true;
    for (int k = 0; k < BUILT_IN; k++)
        if (!strcmp(built_in[k].name, e->name)) return *value = built_in[k].value, true;
    Arena *arena = e->span.source->messages->arena;
    Words words = {0};
    for (int k = 0; k < settings->consts.n; k++) list_push(arena, &words, settings->consts.at[k].name);
    for (int k = 0; k < BUILT_IN; k++) list_push(arena, &words, built_in[k].name);
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
    double args[2] = {0};
    for (int k = 0; k < expected; k++)
        if (!check_number(settings, e->args.at[k].value, integer_division, &args[k])) return false;
    return function_value(e->name, args, value);
}

static bool operation_value(const Settings *settings, const AstExpr *e, bool integer_division, double *value) {
    double a = 0, b = 0;
    if (!check_number(settings, e->args.at[0].value, integer_division, &a)) return false;
    if (e->kind == AST_BINARY && !check_number(settings, e->args.at[1].value, integer_division, &b)) return false;
    if ((e->op == AST_DIV || e->op == AST_MOD) && b == 0) {
        source_error(e->args.at[1].value->span, "division by zero");
        return false;
    }
    *value = operator_value(e->op, a, b, integer_division);
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
