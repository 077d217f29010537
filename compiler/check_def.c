/* check_def: definitions. What may stand in which kind is a table; then every name is declared, then every formula checked. */
#include "check.h"
#include <string.h>

/* ---- what each kind of definition looks like */

typedef struct Form {
    int least_inputs, most_inputs; /* -1: any number */
    bool value, body;              /* `= formula`, `{ … }` */
    bool brackets;                 /* inputs have sizes */
    int least_outputs, most_outputs;
    const char *example;
    unsigned words, statements; /* bits: SpecialWords, 1 << AstStmtKind */
} Form;

enum {
    LAYER_STATEMENTS = 1 << AST_LAYER | 1 << AST_EQUATION | 1 << AST_PARAM | 1 << AST_STATE | 1 << AST_WHERE | 1 << AST_REQUIRE,
    RULE_STATEMENTS = 1 << AST_EQUATION | 1 << AST_STATE
};

static const Form forms[DEF_KINDS] = {
    [DEF_ACTIVATION] = {1, 1, true, false, false, 0, 1, "activation f(x) = …", 0, 0},
    [DEF_LOSS] = {2, 2, true, false, true, 0, 0, "loss f(y[*s], t[*s]) = …", 0, 0},
    [DEF_LAYER] = {1, -1, false, true, true, 1, 1, "layer f(x[i]) -> y[o] { … }", WORD_TRAINING, LAYER_STATEMENTS},
    [DEF_OPTIMIZER] = {2, 2, false, true, false, 0, 0, "optimizer f(w, g; rate = 0.01) { … }", WORD_STEP | WORD_EPOCH,
                       RULE_STATEMENTS},
    [DEF_SCHEDULE] = {1, 1, true, true, false, 0, 1, "schedule f(start) = …", WORD_EPOCH | WORD_VALIDATION, RULE_STATEMENTS},
    [DEF_INITIALIZER] = {0, -1, true, false, false, 0, 0, "initializer f() = …", WORD_FAN, 0},
};

static const char *const statement_names[] = {"input", "output", "a layer", "an equation", "repeat",
                                              "param", "state",  "where",   "require"};

/* ---- the header */

static void check_form(const Scope *s) {
    const AstDef *def = s->def;
    const Form *form = &forms[def->kind];
    const char *what = with_article(s->c->arena, def->kind);
    if (def->inputs.n < form->least_inputs || (form->most_inputs >= 0 && def->inputs.n > form->most_inputs))
        source_error(def->span, "%s has %d input%s%s, not %d: %s", what, form->least_inputs,
                     plural((unsigned)form->least_inputs), form->most_inputs < 0 ? " or more" : "", def->inputs.n,
                     form->example);
    else if ((def->has_body && !form->body) || (def->value && !form->value))
        source_error(def->span, "%s is written with %s: %s", what, form->body ? "a body in braces" : "'='", form->example);
    else if (def->outputs.n > form->most_outputs || def->outputs.n < form->least_outputs)
        source_error(def->outputs.n ? def->outputs.at[0].span : def->span, "%s has %s output: %s", what,
                     form->least_outputs ? "one" : "no named", form->example);
    else if (def->derivative && def->kind != DEF_ACTIVATION)
        source_error(def->derivative->span, "only an activation has a 'derivative'");
}

/* ---- what a loss says of its target: in [lo, hi], in -1 or 1, in distribution */

static void check_values(Scope *s, const AstExpr *e) {
    if (e->kind == AST_BINARY && e->op == AST_OR) {
        check_values(s, e->args.at[0].value);
        check_values(s, e->args.at[1].value);
    } else {
        check_size(s, e);
    }
}

/* A distribution is over the last index. */
static void check_distribution(const AstPort *port) {
    if (!port->dims.n || port->dims.at[port->dims.n - 1].star)
        source_error(port->range->span,
                     "a distribution runs over the last index, which needs a name: %s[*s, i] in distribution", port->name);
}

static void check_target_range(Scope *s, const AstPort *port) {
    const AstExpr *e = port->range;
    const bool list = e->kind == AST_LIST && e->args.n == 2 && !e->args.at[0].name && !e->args.at[1].name;
    if (s->def->kind != DEF_LOSS || port != &s->def->inputs.at[s->def->inputs.n - 1])
        source_error(e->span, "'in' belongs to the target of a loss, its second input");
    else if (e->kind == AST_NAME && !strcmp(e->name, "distribution"))
        check_distribution(port);
    else if (e->kind == AST_BINARY && e->op == AST_OR)
        check_values(s, e);
    else if (list)
        for (int k = 0; k < 2; k++) check_size(s, e->args.at[k].value);
    else
        source_error(e->span, "what a target can be is a range, [0, 1] or [0, inf], some values, -1 or 1, or a 'distribution'");
}

static void check_port(Scope *s, const AstPort *port) {
    const Form *form = &forms[s->def->kind];
    if (port->dims.n && !form->brackets)
        source_error(port->span, "%s works on single numbers: '%s' has no sizes", with_article(s->c->arena, s->def->kind),
                     port->name);
    if (port->from && s->def->kind != DEF_LOSS)
        source_error(port->from_span, "'from' belongs to the inputs of a loss");
    else if (port->from && !ast_find_from(s->c->file, s->def, DEF_LAYER, port->from))
        source_error(port->from_span, "there is no layer '%s'", port->from);
    if (port->range) check_target_range(s, port);
    if (port->index && s->def->kind != DEF_LAYER) source_error(port->span, "only layers have inputs of whole numbers");
    if (port->index && port->index->kind == AST_NAME && !scope_find(s, port->index->name))
        scope_add(s, (Name){.name = port->index->name, .kind = NAME_EXTENT, .span = port->index->span});
}

/* At most one group of indices whose number is not known can be matched against a shape. */
static void check_stars(const Scope *s, const AstPort *port) {
    int open = 0;
    for (int k = 0; k < port->dims.n; k++) {
        const AstDim *dim = &port->dims.at[k];
        open += dim->star && !dim->range && !scope_find(s, star_name(s->c->arena, dim->name));
    }
    if (open > 1) source_error(port->span, "only one '*' can stand for any number of indices; give the others a count: *p: 2");
}

static void declare_inputs(Scope *s) {
    for (int k = 0; k < s->def->inputs.n; k++) {
        const AstPort *port = &s->def->inputs.at[k];
        scope_declare(s, (Name){.name = port->name,
                                .kind = NAME_VALUE,
                                .role = ROLE_PORT,
                                .rank = dims_rank(&port->dims),
                                .span = port->span,
                                .set = true});
    }
}

/* Options' defaults see the options before them; sizes in the inputs' brackets may use options. */
static void declare_options(Scope *s) {
    for (int k = 0; k < s->def->options.n; k++) {
        const AstOption *option = &s->def->options.at[k];
        if (option->value) check_size(s, option->value);
        scope_declare(
            s, (Name){.name = option->name, .kind = NAME_NUMBER, .role = ROLE_OPTION, .span = option->span, .set = true});
    }
}

static void declare_input_sizes(Scope *s) {
    for (int k = 0; k < s->def->inputs.n; k++) {
        check_port(s, &s->def->inputs.at[k]);
        check_stars(s, &s->def->inputs.at[k]);
        scope_extents(s, &s->def->inputs.at[k].dims);
    }
}

static void declare_outputs(Scope *s) {
    for (int k = 0; k < s->def->outputs.n; k++) {
        const AstPort *port = &s->def->outputs.at[k];
        if (s->def->kind == DEF_LAYER)
            scope_declare(s, (Name){.name = port->name,
                                    .kind = NAME_VALUE,
                                    .role = ROLE_PORT,
                                    .result = true,
                                    .rank = dims_rank(&port->dims),
                                    .span = port->span});
        if (port->index || port->from || port->range) source_error(port->span, "an output has a name and sizes only");
    }
}

/* The output's sizes: new names are given by the user, in brackets after the layer's name; others must be known. */
static void declare_output_sizes(Scope *s) {
    for (int k = 0; k < s->def->outputs.n; k++) {
        const AstDims *dims = &s->def->outputs.at[k].dims;
        for (int d = 0; d < dims->n; d++) {
            const AstExpr *value = dims->at[d].range ? dims->at[d].range : dims->at[d].value;
            Name *name = value && value->kind == AST_NAME ? scope_find(s, value->name) : NULL;
            if (name) name->used = true;
            if (value && value->kind != AST_NAME) check_size(s, value);
        }
        scope_extents(s, dims);
    }
}

/* ---- the body: names first, since equations may read each other in any order */

static void set_twice(const AstStmt *stmt, const Name *old) {
    static const char *const roles[] = {"a name", "an option", "a size", "an input", "a parameter", "a state", "a value"};
    if (old->role == ROLE_RESULT || (old->role == ROLE_PORT && old->result))
        source_error(stmt->name_span, "'%s' is given a value twice", stmt->name);
    else if (old->role == ROLE_STATES)
        source_error(stmt->name_span, "'%s' is a state: its next value is given with '<-'", stmt->name);
    else
        source_error(stmt->name_span, "'%s' is %s and can't be given a value", stmt->name, roles[old->role]);
    source_note(old->span, "it is declared here");
}

/* An equation sets the output or a new name, once; several `+=` may add to one. */
static void declare_result(Scope *s, const AstStmt *stmt) {
    Name *old = scope_find(s, stmt->name);
    const bool output = old && old->role == ROLE_PORT && old->result;
    if (output && !old->set) {
        old->set = true;
        old->added = stmt->assign == ASSIGN_ADD;
    } else if (old && !(old->added && stmt->assign == ASSIGN_ADD)) {
        set_twice(stmt, old);
    } else if (!old) {
        scope_declare(s, (Name){.name = stmt->name,
                                .kind = NAME_VALUE,
                                .role = ROLE_RESULT,
                                .span = stmt->name_span,
                                .set = true,
                                .added = stmt->assign == ASSIGN_ADD,
                                .rank = stmt->dims.n ? dims_rank(&stmt->dims) : RANK_UNKNOWN});
    }
}

static void declare_kept(Scope *s, const AstStmt *stmt, NameRole role) {
    scope_declare(s, (Name){.name = stmt->name,
                            .kind = NAME_VALUE,
                            .role = role,
                            .span = stmt->name_span,
                            .set = true,
                            .rank = dims_rank(&stmt->dims)});
}

static bool statement_allowed(const Scope *s, const AstStmt *stmt) {
    if (forms[s->def->kind].statements & 1U << stmt->kind) return true;
    source_error(stmt->span, "%s has no place in the body of %s", statement_names[stmt->kind],
                 with_article(s->c->arena, s->def->kind));
    return false;
}

static void declare_stmt(Scope *s, const AstStmt *stmt) {
    if (!statement_allowed(s, stmt)) return;
    if (stmt->kind == AST_PARAM)
        declare_kept(s, stmt, ROLE_PARAMETER);
    else if (stmt->kind == AST_STATE)
        declare_kept(s, stmt, ROLE_STATES);
    else if (stmt->kind == AST_WHERE)
        scope_declare(
            s, (Name){.name = stmt->name, .kind = NAME_NUMBER, .role = ROLE_WHERE, .span = stmt->name_span, .set = true});
}

/* `where` may give a size that stands in the output's brackets, so it is declared before them. */
static void declare_kind(Scope *s, AstStmtKind kind) {
    for (int k = 0; k < s->def->body.n; k++)
        if (s->def->body.at[k]->kind == kind) declare_stmt(s, s->def->body.at[k]);
}

static void check_update(Scope *s, const AstStmt *stmt) {
    const Name *name = scope_find(s, stmt->name);
    const bool weight = s->def->kind == DEF_OPTIMIZER && !strcmp(stmt->name, s->def->inputs.at[0].name);
    if (!name)
        source_error(stmt->name_span, "'<-' gives a state its next value: there is no state '%s'", stmt->name);
    else if (name->role != ROLE_STATES && !weight)
        source_error(stmt->name_span, "'<-' gives a state its next value, and '%s' is none", stmt->name);
    else
        check_rank(name, stmt->name_span, dims_rank(&stmt->dims));
}

/* The left side's subscripts agree with the header's. */
static void check_target(const Scope *s, const AstStmt *stmt) {
    const Name *name = scope_find(s, stmt->name);
    if (name && stmt->dims.n) check_rank(name, stmt->name_span, dims_rank(&stmt->dims));
}

static void check_layer_stmt(Scope *s, AstStmt *stmt) {
    switch (stmt->kind) {
    case AST_LAYER: check_layer(s, stmt); break;
    case AST_EQUATION:
        if (stmt->assign == ASSIGN_NEXT)
            check_update(s, stmt);
        else
            check_target(s, stmt);
        check_equation(s, stmt);
        break;
    case AST_PARAM:
    case AST_STATE:
        check_extents(s, &stmt->dims);
        check_first_value(s, stmt->value);
        break;
    case AST_WHERE:
    case AST_REQUIRE: check_size(s, stmt->value); break;
    default: break;
    }
}

static void check_layer_body(Scope *s) {
    const AstStmts *body = &s->def->body;
    for (int k = 0; k < body->n; k++)
        if (body->at[k]->kind == AST_EQUATION && body->at[k]->assign != ASSIGN_NEXT) declare_result(s, body->at[k]);
    for (int k = 0; k < body->n; k++) check_layer_stmt(s, body->at[k]);
    for (int k = 0; k < s->def->outputs.n; k++) {
        const Name *output = scope_find(s, s->def->outputs.at[k].name);
        if (output && !output->set)
            source_error(s->def->outputs.at[k].span, "the output '%s' is never given a value", output->name);
    }
}

/* Parameters' names with a range (ky: kernel) are sizes for what follows. */
static void declare_parameter_sizes(Scope *s) {
    for (int k = 0; k < s->def->body.n; k++) {
        const AstStmt *stmt = s->def->body.at[k];
        for (int d = 0; (stmt->kind == AST_PARAM || stmt->kind == AST_STATE) && d < stmt->dims.n; d++) {
            const AstDim *dim = &stmt->dims.at[d];
            if (dim->name && !dim->star && !scope_find(s, dim->name))
                scope_add(s, (Name){.name = dim->name, .kind = NAME_EXTENT, .span = dim->span});
        }
    }
}

static void warn_unused(const Scope *s) {
    for (int k = 0; k < s->names.n; k++)
        if (s->names.at[k].role == ROLE_WHERE && !s->names.at[k].used)
            source_warning(s->names.at[k].span, "'%s' is never used", s->names.at[k].name);
}

static void check_layer_definition(Scope *s) {
    declare_kind(s, AST_WHERE);
    declare_output_sizes(s);
    declare_outputs(s);
    declare_kind(s, AST_PARAM);
    declare_kind(s, AST_STATE);
    declare_parameter_sizes(s);
    for (int k = 0; k < s->def->body.n; k++) {
        const AstStmtKind kind = s->def->body.at[k]->kind;
        if (kind != AST_WHERE && kind != AST_PARAM && kind != AST_STATE) declare_stmt(s, s->def->body.at[k]);
    }
    check_layer_body(s);
    if (!s->def->prelude) warn_unused(s);
}

/* ---- optimizers and schedules: single numbers, in order */

static void check_rule_stmt(Scope *s, const AstStmt *stmt) {
    s->reads = s->whole = true;
    if (stmt->dims.n)
        source_error(stmt->name_span, "%s works on single numbers: no subscripts", with_article(s->c->arena, s->def->kind));
    else if (stmt->kind == AST_STATE) {
        s->reads = s->whole = s->def->kind == DEF_SCHEDULE; /* it may begin with the rate at the start */
        check_expr(s, stmt->value);
        declare_kept(s, stmt, ROLE_STATES);
    } else if (stmt->assign == ASSIGN_ADD) {
        source_error(stmt->name_span, "'+=' has no place here: write %s <- %s + …", stmt->name, stmt->name);
    } else {
        check_expr(s, stmt->value);
        if (stmt->assign == ASSIGN_NEXT)
            check_update(s, stmt);
        else
            scope_declare(
                s, (Name){.name = stmt->name, .kind = NAME_VALUE, .role = ROLE_RESULT, .span = stmt->name_span, .set = true});
    }
}

static void check_rule_body(Scope *s) {
    bool updated = false;
    const AstDef *def = s->def;
    for (int k = 0; k < def->body.n; k++) {
        const AstStmt *stmt = def->body.at[k];
        if (!statement_allowed(s, stmt)) continue;
        check_rule_stmt(s, stmt);
        updated |= stmt->assign == ASSIGN_NEXT && !strcmp(stmt->name, def->inputs.at[0].name);
    }
    if (def->kind == DEF_OPTIMIZER && !updated)
        source_error(def->span, "the optimizer never changes its parameter: %s <- … is missing", def->inputs.at[0].name);
}

static void check_schedule_output(const Scope *s) {
    const AstDef *def = s->def;
    if (def->kind != DEF_SCHEDULE) return;
    if (def->has_body && !def->outputs.n)
        source_error(def->span, "a schedule with a body names its result: schedule %s(…) -> rate { … }", def->name);
    if (!def->has_body && def->outputs.n) source_error(def->outputs.at[0].span, "a schedule with '=' has no named output");
    if (!def->has_body || !def->outputs.n) return;
    const Name *output = scope_find(s, def->outputs.at[0].name);
    if (!output || output->kind != NAME_VALUE)
        source_error(def->outputs.at[0].span, "the output '%s' is never given a value", def->outputs.at[0].name);
}

/* ---- formulas */

static void check_formula(Scope *s) {
    const AstDef *def = s->def;
    s->initializers = def->kind == DEF_INITIALIZER;
    s->reads = true;
    s->whole = def->kind != DEF_LOSS;
    check_expr(s, def->value);
    if (def->kind != DEF_ACTIVATION) return;
    for (int k = 0; k < def->outputs.n; k++)
        scope_declare(
            s, (Name){.name = def->outputs.at[k].name, .kind = NAME_VALUE, .span = def->outputs.at[k].span, .set = true});
    if (def->derivative) check_expr(s, def->derivative);
}

/* ---- the definition */

static void check_definition_name(const AstDef *def) {
    static const char *const forms_of_expressions[] = {"sum", "prod", "mean", "size", "pad", "random", "stop_gradient", NULL};
    if (def->kind == DEF_LAYER && parse_begins_statement(def->name))
        source_error(def->name_span, "'%s' begins a statement and can't be the name of a layer", def->name);
    if (def->kind <= DEF_LAYER && def->kind != DEF_LOSS && is_word(def->name, forms_of_expressions))
        source_error(def->name_span, "'%s' is built in and can't be defined again", def->name);
}

void check_definition(Checker *c, const AstDef *def) {
    Scope s = {.c = c, .def = def, .words = forms[def->kind].words};
    const int before = c->messages->errors;
    check_definition_name(def);
    check_form(&s);
    if (c->messages->errors > before) return;
    declare_inputs(&s);
    declare_options(&s);
    declare_input_sizes(&s);
    if (def->kind == DEF_LAYER)
        check_layer_definition(&s);
    else if (def->has_body)
        check_rule_body(&s);
    else
        check_formula(&s);
    check_schedule_output(&s);
}
