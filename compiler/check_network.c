/* check_network: the statements of a network, and the layers that a layer is made of. */
#include "c_words.h"
#include "check.h"
#include <math.h>
#include <string.h>

enum { REPEAT_MAX = 1000, SIZE_MAX_ALLOWED = 1 << 30 };

/* What a layer's kind or activation means. */
const AstDef *find_activation(const Checker *c, const AstDef *from, const char *name) {
    const AstDef *activation = ast_find_from(c->file, from, DEF_ACTIVATION, name);
    return activation ? activation : ast_find_from(c->file, from, DEF_LAYER, name);
}

static bool is_strict_activation(const Checker *c, const AstDef *from, const char *name) {
    return function_arguments(name) == 1 || ast_find_from(c->file, from, DEF_ACTIVATION, name);
}

bool is_activation(const Checker *c, const AstDef *from, const char *name) {
    if (is_strict_activation(c, from, name)) return true;
    const AstDef *layer = ast_find_from(c->file, from, DEF_LAYER, name);
    return layer && layer->inputs.n == 1 && ast_needs_no_sizes(layer);
}

static void unknown_kind(const Scope *s, const AstExpr *call, bool activation) {
    static const AstDefKind others[] = {DEF_LOSS, DEF_OPTIMIZER, DEF_SCHEDULE, DEF_INITIALIZER};
    Words words = {0};
    add_definitions(s->c, DEF_ACTIVATION, &words);
    add_definitions(s->c, DEF_LAYER, &words);
    add_functions(&words, s->c->arena);
    const char *likely = did_you_mean(s->c->arena, call->name, &words);
    for (int k = 0; k < 4 && !*likely; k++)
        if (ast_find(s->c->file, others[k], call->name)) {
            source_error(call->name_span, "'%s' is %s, not %s", call->name, with_article(s->c->arena, others[k]),
                         with_article(s->c->arena, activation ? DEF_ACTIVATION : DEF_LAYER));
            return;
        }
    source_error(call->name_span, activation ? "there is no activation '%s'%s" : "there is no layer '%s'%s", call->name,
                 likely);
}

/* ---- options */

void check_option(void *context, const char *option, const AstExpr *value) {
    Scope *s = context;
    double number = 0;
    (void)option;
    if (s->def)
        check_size(s, value);
    else
        check_number(s->c->settings, value, false, &number);
}

/* The definition that a kind or activation means (NULL: a built-in function), its options checked; false after an error. */
static bool check_kind(Scope *s, const AstExpr *call, bool activation, const AstDef **def) {
    *def = find_activation(s->c, s->def, call->name);
    if (!*def && function_arguments(call->name) != 1) return unknown_kind(s, call, activation), false;
    if (!check_parentheses(call)) return false;
    if (*def)
        check_arguments(s->c, call, *def, true, check_option, s);
    else if (call->args.n)
        source_error(call->args.at[0].value->span, "%s has no options", call->name);
    return true;
}

static void check_activation(Scope *s, const AstExpr *call) {
    const AstDef *def = NULL;
    if (!check_kind(s, call, true, &def) || !def || def->kind != DEF_LAYER) return;
    if (def->inputs.n != 1)
        source_error(call->name_span, "'%s' takes %d inputs and can't stand as an activation", call->name, def->inputs.n);
    else if (!ast_needs_no_sizes(def))
        source_error(call->name_span, "'%s' needs sizes and can't stand as an activation: give it a line of its own",
                     call->name);
}

/* ---- where the inputs come from */

static const AstStmt *find_later(const AstStmts *stmts, const char *name) {
    for (int k = 0; k < stmts->n; k++) {
        const AstStmt *stmt = stmts->at[k];
        if (stmt->name && !strcmp(stmt->name, name) && stmt->kind != AST_OUTPUT) return stmt;
        const AstStmt *inner = stmt->kind == AST_REPEAT ? find_later(&stmt->body, name) : NULL;
        if (inner) return inner;
    }
    return NULL;
}

static const AstStmts *statements(const Scope *s) {
    return s->def ? &s->def->body : &s->c->file->network.body;
}

static void unknown_value(const Scope *s, const char *name, Span span) {
    const AstStmt *later = find_later(statements(s), name);
    Words words = {0};
    for (int k = 0; k < s->names.n; k++)
        if (s->names.at[k].kind == NAME_VALUE) list_push(s->c->arena, &words, s->names.at[k].name);
    if (later)
        source_error(span, "'%s' is not known yet: it comes on line %d", name, span_line(later->name_span));
    else
        source_error(span, "there is no value '%s'%s", name, did_you_mean(s->c->arena, name, &words));
}

void check_layer_exists(const Scope *s, const char *name, Span span) {
    if (!scope_find(s, name) && !find_later(statements(s), name)) unknown_value(s, name, span);
}

static void check_value_name(const Scope *s, const char *name, Span span) {
    Name *found = scope_find(s, name);
    if (check_above(s, name, span)) return;
    if (!found)
        unknown_value(s, name, span);
    else if (found->kind != NAME_VALUE)
        source_error(span, "'%s' is a number, not a value", name);
    else
        found->used = true;
}

static void check_from(const Scope *s, const AstStmt *stmt, int inputs) {
    const char *kind = stmt->call->name;
    for (int k = 0; k < stmt->from.n; k++) check_value_name(s, stmt->from.at[k].name, stmt->from.at[k].span);
    if (!stmt->from.n && inputs > 1)
        source_error(stmt->call->span, "%s takes %d inputs: %s from a, b", kind, inputs, kind);
    else if (!stmt->from.n && s->nothing_above)
        source_error(stmt->call->span, "there is nothing above this layer: a network begins with its input");
    else if (stmt->from.n > inputs && inputs != 2)
        source_error(stmt->from.at[inputs].span, "%s takes %d input%s, not %d", kind, inputs, plural((unsigned)inputs),
                     stmt->from.n);
    else if (stmt->from.n && stmt->from.n < inputs)
        source_error(stmt->from.at[0].span, "%s takes %d inputs, not %d", kind, inputs, stmt->from.n);
}

/* ---- names and sizes */

static void declare_value(Scope *s, const AstStmt *stmt) {
    Name *old = scope_find(s, stmt->name);
    if (old && s->def && old->role == ROLE_PORT && old->result && !old->set) {
        old->set = true;
        return;
    }
    const Const *constant = s->def ? NULL : find_const(s->c->settings, stmt->name);
    if (constant) {
        source_error(stmt->name_span, "the name '%s' is taken", stmt->name);
        source_note(constant->span, "by this constant");
        return;
    }
    scope_declare(s, (Name){.name = stmt->name,
                            .kind = NAME_VALUE,
                            .role = ROLE_RESULT,
                            .span = stmt->name_span,
                            .repeat = s->repeat,
                            .set = true,
                            .rank = RANK_UNKNOWN});
}

static void check_network_size(const Scope *s, const AstExpr *e) {
    double value = 0;
    if (!check_amount(s->c, e, "a size", true, &value)) return;
    if (value > SIZE_MAX_ALLOWED)
        source_error(e->span, "a size is at most %d", SIZE_MAX_ALLOWED);
    else if (value != floor(value) || value < 1)
        source_error(e->span, "a size is a whole number of at least 1, and this is %g", value);
}

static void check_sizes(Scope *s, const AstDims *dims) {
    for (int k = 0; k < dims->n; k++) {
        const AstDim *dim = &dims->at[k];
        if (s->def && dim->star) {
            const char *name = star_name(s->c->arena, dim->name);
            if (!scope_find(s, name)) source_error(dim->span, "there are no sizes '%s' here", name);
        } else if (dim->star || dim->name)
            source_error(dim->span, "a size is expected: a number or a constant");
        else if (s->def)
            check_size(s, dim->value);
        else
            check_network_size(s, dim->value);
    }
}

/* ---- one layer */

static void check_layer_name(Scope *s, const AstStmt *stmt) {
    if (is_strict_activation(s->c, s->def, stmt->name)) {
        source_error(stmt->name_span, "'%s' is an activation and can't be the name of a layer", stmt->name);
        source_note(stmt->call->span, "a name comes before the activation: %s h%s %s", stmt->call->name,
                    stmt->dims.n ? "[…]" : "", stmt->name);
    } else {
        declare_value(s, stmt);
    }
}

void check_layer(Scope *s, const AstStmt *stmt) {
    const AstDef *def = NULL;
    const bool known = check_kind(s, stmt->call, false, &def);
    if (stmt->activation) check_activation(s, stmt->activation);
    check_from(s, stmt, !known ? stmt->from.n : def && def->kind == DEF_LAYER ? def->inputs.n : 1);
    check_sizes(s, &stmt->dims);
    if (known) check_braces(s, stmt, def);
    check_layer_name(s, stmt);
}

/* ---- the network's statements */

static void check_input(Scope *s, const AstStmt *stmt) {
    double values = 0;
    check_sizes(s, &stmt->dims);
    if (stmt->value && check_amount(s->c, stmt->value, "N in index(N)", true, &values) &&
        (values != floor(values) || values < 1 || values > SIZE_MAX_ALLOWED))
        source_error(stmt->value->span, "index(N) holds whole numbers from 0 to N - 1: N is a whole number of at least 1");
    declare_value(s, stmt);
    Name *name = scope_find(s, stmt->name);
    if (name) name->rank = stmt->dims.n;
}

static void check_network_equation(Scope *s, const AstStmt *stmt) {
    if (stmt->assign == ASSIGN_NEXT)
        source_error(stmt->name_span, "'<-' gives a state its next value: states belong in a layer's definition");
    declare_value(s, stmt);
    check_equation(s, stmt);
}

typedef struct Walk { /* through the network */
    Scope scope;
    const AstStmt *output;
} Walk;

static void check_output(Walk *w, const AstStmt *stmt) {
    if (w->output) {
        source_error(stmt->span, "a network has one output");
        source_note(w->output->span, "the first one is here");
        return;
    }
    w->output = stmt;
    check_value_name(&w->scope, stmt->name, stmt->name_span);
}

static void check_statements(Walk *w, const AstStmts *stmts, int depth);

static void check_repeat(Walk *w, const AstStmt *stmt, int depth) {
    Scope *s = &w->scope;
    double times = 0;
    const bool known = check_amount(s->c, stmt->value, "what repeat takes", true, &times),
               right = times == floor(times) && times >= 1 && times <= REPEAT_MAX;
    if (known && !right)
        source_error(stmt->value->span, "repeat takes a whole number from 1 to %d, and this is %g", REPEAT_MAX, times);
    if (!stmt->body.n) source_error(stmt->span, "there is nothing to repeat");
    const Repeat *outer = s->repeat;
    Repeat *repeat = arena_one(s->c->arena, Repeat);
    *repeat = (Repeat){right ? (int)times : 1, outer};
    s->repeat = repeat;
    check_statements(w, &stmt->body, depth + 1);
    s->repeat = outer;
}

static void check_statement(Walk *w, AstStmt *stmt, int depth) {
    Scope *s = &w->scope;
    switch (stmt->kind) {
    case AST_INPUT:
        if (depth) source_error(stmt->span, "an input can't be repeated");
        check_input(s, stmt);
        break;
    case AST_LAYER: check_layer(s, stmt); break;
    case AST_EQUATION: check_network_equation(s, stmt); break;
    case AST_REPEAT: check_repeat(w, stmt, depth); return;
    case AST_OUTPUT:
        if (depth) source_error(stmt->span, "an output can't be repeated");
        check_output(w, stmt);
        return;
    case AST_PARAM:
    case AST_STATE:
    case AST_WHERE:
    case AST_REQUIRE: source_error(stmt->span, "this belongs in the definition of a layer, not in a network"); return;
    }
    s->nothing_above = false;
}

static void check_statements(Walk *w, const AstStmts *stmts, int depth) {
    for (int k = 0; k < stmts->n && !messages_full(w->scope.c->messages); k++) check_statement(w, stmts->at[k], depth);
}

/* ---- the network */

static void check_real(Checker *c, const AstSetting *setting) {
    const bool named = setting->value->kind == AST_NAME;
    if (named && !strcmp(setting->value->name, "f64"))
        c->settings->f64 = true;
    else if (named && !strcmp(setting->value->name, "f32"))
        c->settings->f64 = false;
    else
        source_error(setting->value->span, "real is f32 or f64");
}

static void check_header(Checker *c, const AstBlock *network) {
    const char *what = c_word(network->name);
    if (what) source_error(network->name_span, "'%s' is %s; give the network another name", network->name, what);
    Words words = {0};
    list_push(c->arena, &words, "real");
    check_setting_names(c, &network->options, &words, "a network");
    for (int k = 0; k < network->options.n; k++)
        if (!strcmp(network->options.at[k].name, "real")) check_real(c, &network->options.at[k]);
}

static int count_inputs(const AstStmts *stmts) {
    int inputs = 0;
    for (int k = 0; k < stmts->n; k++) inputs += stmts->at[k]->kind == AST_INPUT;
    return inputs;
}

void check_network(Checker *c) {
    const AstBlock *network = &c->file->network;
    if (!network->present) return;
    check_header(c, network);
    if (!count_inputs(&network->body)) source_error(network->span, "the network has no input: input x[4]");
    Walk w = {.scope = {.c = c, .nothing_above = true}};
    check_statements(&w, &network->body, 0);
}
