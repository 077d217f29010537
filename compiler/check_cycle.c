/* check_cycle: no definition is made of itself, and no chain of definitions is too long to be put in for one another. */
#include "check.h"

enum { UNSEEN, OPEN, DONE };

typedef struct Node { /* how far the walk has come with a definition */
    int state;        /* UNSEEN, OPEN or DONE */
    int below;        /* levels of definitions under it, once DONE */
} Node;

typedef struct Walk {
    Checker *c;
    const AstDef *def; /* whose text is being walked */
    const AstDef **open;
    int depth;
    int below;     /* levels under def, as far as it is walked */
    bool too_deep; /* that was told */
    Node *node;    /* by the definition's number */
} Walk;

static void walk_def(Walk *w, const AstDef *def, Span use);

static void walk_use(Walk *w, AstDefKind kind, const char *name, Span use) {
    const AstDef *def = ast_find_from(w->c->file, w->def, kind, name);
    if (def) walk_def(w, def, use);
}

static void walk_expr(Walk *w, const AstExpr *e) {
    if (!e) return;
    if (e->kind == AST_CALL && w->def->kind != DEF_INITIALIZER) walk_use(w, DEF_ACTIVATION, e->name, e->name_span);
    if ((e->kind == AST_CALL || e->kind == AST_NAME) && w->def->kind == DEF_INITIALIZER)
        walk_use(w, DEF_INITIALIZER, e->name, e->name_span);
    for (int k = 0; k < e->args.n; k++) walk_expr(w, e->args.at[k].value);
}

static void walk_stmt(Walk *w, const AstStmt *stmt) {
    if (stmt->kind == AST_LAYER) {
        walk_use(w, DEF_LAYER, stmt->call->name, stmt->call->name_span);
        if (stmt->activation) walk_use(w, DEF_LAYER, stmt->activation->name, stmt->activation->name_span);
    } else if (stmt->kind == AST_EQUATION) {
        walk_expr(w, stmt->value);
    }
}

static void walk_body(Walk *w, const AstDef *def, Node *node) {
    const int below = w->below;
    node->state = OPEN;
    w->open[w->depth++] = w->def;
    w->def = def;
    w->below = 0;
    walk_expr(w, def->value);
    for (int k = 0; k < def->body.n; k++) walk_stmt(w, def->body.at[k]);
    w->def = w->open[--w->depth];
    node->below = w->below;
    w->below = below;
    node->state = DONE;
}

/* Once a file: what uses the end of a chain that is too long is too deep as well. */
static void too_deep(Walk *w, Span use) {
    if (!w->too_deep) source_error(use, "definitions are nested too deeply: %d levels at most", NESTING_MAX);
    w->too_deep = true;
}

/* Each definition is walked once. */
static void walk_def(Walk *w, const AstDef *def, Span use) {
    Node *node = &w->node[def->number];
    if (node->state == OPEN)
        source_error(use, "'%s' is made of itself", def->name);
    else if (w->depth + node->below >= NESTING_MAX)
        too_deep(w, use);
    else if (node->state == UNSEEN)
        walk_body(w, def, node);
    if (node->state == DONE && w->depth && w->below < node->below + 1) w->below = node->below + 1;
}

void check_cycles(Checker *c) {
    Walk w = {.c = c, .open = arena_many(c->arena, NESTING_MAX, const AstDef *)};
    w.node = arena_many(c->arena, c->file->defs.n, Node);
    for (int k = 0; k < c->file->defs.n && !messages_full(c->messages); k++)
        walk_def(&w, c->file->defs.at[k], c->file->defs.at[k]->name_span);
}
