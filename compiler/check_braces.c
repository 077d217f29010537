/* check_braces: the settings in braces after a layer: what its parameters are set to, frozen, penalties. */
#include "check.h"
#include <string.h>

enum { LOOKED_THROUGH_MAX = 10000 }; /* layers made of layers can have any number */

/* Adds the parameters of a layer, of the layers it is made of as `a.weight`. */
static void add_parameters(const Checker *c, const AstDef *def, const char *prefix, Words *words, int depth, int *layers) {
    for (int k = 0; k < def->body.n && depth < NESTING_MAX && *layers < LOOKED_THROUGH_MAX; k++) {
        const AstStmt *stmt = def->body.at[k];
        if (stmt->kind == AST_PARAM) list_push(c->arena, words, arena_printf(c->arena, "%s%s", prefix, stmt->name));
        if (stmt->kind != AST_LAYER || !stmt->name) continue;
        const AstDef *inner = find_activation(c, def, stmt->call->name);
        *layers += 1;
        if (inner) add_parameters(c, inner, arena_printf(c->arena, "%s%s.", prefix, stmt->name), words, depth + 1, layers);
    }
}

static bool is_option(const AstDef *def, const char *name) {
    for (int k = 0; def && k < def->options.n; k++)
        if (!strcmp(def->options.at[k].name, name)) return true;
    return false;
}

static bool in_words(const Words *words, const char *name) {
    for (int k = 0; k < words->n; k++)
        if (!strcmp(words->at[k], name)) return true;
    return false;
}

static void check_list_of_numbers(const Checker *c, const AstExpr *e) {
    double number = 0;
    if (!e->args.n) source_error(e->span, "the list is empty");
    for (int k = 0; k < e->args.n; k++) {
        const AstArg *item = &e->args.at[k];
        if (item->name)
            source_error(item->name_span, "a list has no names in it");
        else if (item->value->kind == AST_LIST)
            check_list_of_numbers(c, item->value);
        else
            check_number(c->settings, item->value, false, &number);
    }
}

static void check_parameter_value(Scope *s, const AstExpr *e);

static void value_file(Scope *s, const AstExpr *e) {
    (void)s;
    if (e->args.n != 2 || e->args.at[0].value->kind != AST_STRING || e->args.at[1].value->kind != AST_STRING)
        source_error(e->span, "file takes a file and the name of a tensor in it: file(\"w.safetensors\", \"h.weight\")");
}

static void value_frozen(Scope *s, const AstExpr *e) {
    if (e->args.n != 1 || e->args.at[0].name)
        source_error(e->span, "frozen takes one value: frozen(0.35)");
    else
        check_parameter_value(s, e->args.at[0].value);
}

static void value_shared(Scope *s, const AstExpr *e) {
    double number = 0;
    if (e->args.n != 1 || e->args.at[0].name)
        source_error(e->span, "shared takes one number: shared(0.35)");
    else
        check_number(s->c->settings, e->args.at[0].value, false, &number);
}

static void value_tied(Scope *s, const AstExpr *e) {
    const bool two =
        e->args.n == 2 && e->args.at[1].value->kind == AST_NAME && !strcmp(e->args.at[1].value->name, "transposed");
    const AstExpr *of = e->args.n ? e->args.at[0].value : NULL;
    if (!of || of->kind != AST_NAME || !strchr(of->name, '.') || (e->args.n != 1 && !two)) {
        source_error(e->span, "tied takes another layer's parameter: tied(h.weight) or tied(h.weight, transposed)");
        return;
    }
    const char *layer = arena_text(s->c->arena, of->name, strcspn(of->name, "."));
    check_layer_exists(s, layer, of->span);
}

static const struct ValueForm { /* what a parameter takes besides numbers, lists and initializers */
    const char *name;
    void (*check)(Scope *s, const AstExpr *e);
} value_forms[] = {{"file", value_file}, {"frozen", value_frozen}, {"shared", value_shared}, {"tied", value_tied}};
enum { VALUE_FORMS = sizeof value_forms / sizeof *value_forms };

static void check_initializer(Scope *s, const AstExpr *e) {
    const AstDef *def = ast_find_from(s->c->file, s->def, DEF_INITIALIZER, e->name);
    if (!def) {
        Words words = {0};
        add_definitions(s->c, DEF_INITIALIZER, &words);
        for (int k = 0; k < VALUE_FORMS; k++) list_push(s->c->arena, &words, value_forms[k].name);
        list_push(s->c->arena, &words, "none");
        source_error(e->name_span, "there is no initializer '%s'%s", e->name, did_you_mean(s->c->arena, e->name, &words));
    } else if (check_parentheses(e)) {
        check_arguments(s->c, e, def, false, check_option, s);
    }
}

/* A name is an initializer, a constant, or `none`. */
static void check_parameter_name(Scope *s, const AstExpr *e) {
    double number = 0;
    static const char *const not_constants[] = {"true", "false", "True", "False", NULL};
    if (!strcmp(e->name, "none")) return;
    if (scope_find(s, e->name)) {
        check_size(s, e);
        return;
    }
    if (find_const(s->c->settings, e->name)) return;
    if (is_word(e->name, ast_constant_names) || is_word(e->name, not_constants))
        check_number(s->c->settings, e, false, &number);
    else
        check_initializer(s, e);
}

static void check_parameter_value(Scope *s, const AstExpr *e) {
    double number = 0;
    for (int k = 0; k < VALUE_FORMS; k++)
        if ((e->kind == AST_CALL || e->kind == AST_NAME) && !strcmp(e->name, value_forms[k].name)) {
            value_forms[k].check(s, e);
            return;
        }
    if (e->kind == AST_LIST)
        check_list_of_numbers(s->c, e);
    else if (e->kind == AST_NAME)
        check_parameter_name(s, e);
    else if (e->kind == AST_CALL && !e->dims.n && !function_arguments(e->name))
        check_initializer(s, e);
    else if (s->def)
        check_size(s, e);
    else
        check_number(s->c->settings, e, false, &number);
}

/* bias = no looks as if there were no bias, and would be one that begins at 0. */
static bool says_truth(const Scope *s, const AstExpr *e) {
    const bool around = e->kind == AST_CALL && e->args.n == 1 && (!strcmp(e->name, "frozen") || !strcmp(e->name, "shared"));
    return around ? says_truth(s, e->args.at[0].value) : is_truth(s->c->settings, e);
}

static void check_parameter(Scope *s, const AstSetting *setting) {
    if (says_truth(s, setting->value))
        source_error(setting->value->span, "'%s' takes numbers, an initializer, or none to leave it out; not yes or no",
                     setting->name);
    else
        check_parameter_value(s, setting->value);
}

static void check_layer_setting(Scope *s, const AstStmt *stmt, const AstDef *def, const AstSetting *setting,
                                const Words *parameters) {
    bool yes = false;
    double number = 0;
    if (!strcmp(setting->name, "frozen"))
        check_yes_no(s->c, setting, &yes);
    else if (!strcmp(setting->name, "l1") || !strcmp(setting->name, "l2"))
        check_positive(s->c, setting, true, &number);
    else if (in_words(parameters, setting->name))
        check_parameter(s, setting);
    else if (is_option(def, setting->name))
        source_error(setting->name_span, "'%s' is an option and stands in parentheses: %s(%s = …); braces hold parameters",
                     setting->name, stmt->call->name, setting->name);
    else {
        Words words = {0};
        for (int k = 0; k < parameters->n; k++) list_push(s->c->arena, &words, parameters->at[k]);
        list_push(s->c->arena, &words, "frozen");
        source_error(setting->name_span, "%s has no parameter '%s'%s", stmt->call->name, setting->name,
                     did_you_mean(s->c->arena, setting->name, &words));
    }
}

void check_braces(Scope *s, const AstStmt *stmt, const AstDef *def) {
    Words parameters = {0};
    int layers = 0;
    if (!stmt->settings.n) return;
    if (def) add_parameters(s->c, def, "", &parameters, 0, &layers);
    const AstDef *after = stmt->activation ? ast_find_from(s->c->file, s->def, DEF_LAYER, stmt->activation->name) : NULL;
    if (after) add_parameters(s->c, after, arena_printf(s->c->arena, "%s.", after->name), &parameters, 0, &layers);
    for (int k = 0; k < stmt->settings.n; k++) {
        const AstSetting *setting = &stmt->settings.at[k];
        bool twice = false;
        for (int before = 0; before < k && !twice; before++) twice = !strcmp(stmt->settings.at[before].name, setting->name);
        if (twice)
            source_error(setting->name_span, "'%s' is set twice", setting->name);
        else
            check_layer_setting(s, stmt, def, setting, &parameters);
    }
}
