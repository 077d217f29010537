/* check_names: what the layers of a network, or of a layer made of layers, are called, before anything else is checked.
 *
 * Decides what a single word after a layer's kind is, an activation or a name, and moves it there. A layer without a name gets
 * its kind and a number. */
#include "check.h"
#include <string.h>

typedef struct Body { /* of a network, or of the definition `def` */
    const Checker *c;
    const AstDef *def;
    Table taken;   /* names given in it */
    Table numbers; /* of each kind, the last that a layer without a name has got */
} Body;

/* `dense tanh`: the word is the activation; `dense h`: it is the name. */
static void settle_word(const Body *b, AstStmt *stmt) {
    if (!stmt->name || stmt->dims.n || stmt->activation || !is_activation(b->c, b->def, stmt->name)) return;
    AstExpr *call = arena_one(b->c->arena, AstExpr);
    *call = (AstExpr){
        .kind = AST_CALL, .name = stmt->name, .span = stmt->name_span, .name_span = stmt->name_span, .nesting = 1, .height = 1};
    stmt->activation = call;
    stmt->name = NULL;
}

static void take_ports(Body *b, const AstPorts *ports) {
    for (int k = 0; k < ports->n; k++) table_put(b->c->arena, &b->taken, 0, ports->at[k].name, 1);
}

static void take_header(Body *b, const AstDef *def) {
    take_ports(b, &def->inputs);
    take_ports(b, &def->outputs);
    for (int k = 0; k < def->options.n; k++) table_put(b->c->arena, &b->taken, 0, def->options.at[k].name, 1);
}

static bool is_taken(const Body *b, const char *name) {
    return table_find(&b->taken, 0, name) >= 0 || is_activation(b->c, b->def, name) ||
           (!b->def && find_const(b->c->settings, name));
}

/* dense1, dense2, ...: those that the file itself gives are left out. In a repeat every copy counts alike. */
static void give_name(Body *b, AstStmt *stmt) {
    const char *kind = stmt->call->name, *name = NULL;
    int number = table_find(&b->numbers, 0, kind);
    if (number < 0) number = 0;
    do name = arena_printf(b->c->arena, "%s%d", kind, ++number);
    while (is_taken(b, name));
    table_put(b->c->arena, &b->numbers, 0, kind, number);
    stmt->name = name;
    stmt->name_span = stmt->call->name_span;
    stmt->unnamed = true;
}

static void settle_words(Body *b, const AstStmts *stmts) {
    for (int k = 0; k < stmts->n; k++) {
        AstStmt *stmt = stmts->at[k];
        if (stmt->kind == AST_REPEAT) settle_words(b, &stmt->body);
        if (stmt->kind == AST_LAYER) settle_word(b, stmt);
        if (stmt->name && stmt->kind != AST_OUTPUT) table_put(b->c->arena, &b->taken, 0, stmt->name, 1);
    }
}

static void give_names(Body *b, const AstStmts *stmts) {
    for (int k = 0; k < stmts->n; k++) {
        AstStmt *stmt = stmts->at[k];
        if (stmt->kind == AST_REPEAT) give_names(b, &stmt->body);
        if (stmt->kind == AST_LAYER && !stmt->name) give_name(b, stmt);
    }
}

/* Of a definition or, if it is NULL, of the network. */
static void name_body(const Checker *c, const AstDef *def) {
    const AstStmts *stmts = def ? &def->body : &c->file->network.body;
    Body b = {.c = c, .def = def};
    if (def) take_header(&b, def);
    settle_words(&b, stmts);
    give_names(&b, stmts);
}

void name_layers(const Checker *c) {
    for (int k = 0; k < c->file->defs.n; k++) name_body(c, c->file->defs.at[k]);
    name_body(c, NULL);
}
