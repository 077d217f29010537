/* check_cycle: no definition is made of itself, and no chain of definitions is too long to be put in for one another. */
#include "check.h"
#include <string.h>

enum { UNSEEN, OPEN, DONE };

typedef struct Walk {
    Checker *c;
    const AstDef *def; /* whose text is being walked */
    const AstDef **open;
    int depth;
    char *seen; /* UNSEEN, OPEN or DONE, by position in the file's definitions */
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

static int position(const Walk *w, const AstDef *def) {
    int k = 0;
    while (w->c->file->defs.at[k] != def) k++;
    return k;
}

static void walk_def(Walk *w, const AstDef *def, Span use) {
    char *seen = &w->seen[position(w, def)];
    if (*seen == OPEN)
        source_error(use, "'%s' is made of itself", def->name);
    else if (*seen == UNSEEN && w->depth == NESTING_MAX)
        source_error(use, "definitions are nested too deeply: %d levels at most", NESTING_MAX);
    if (*seen != UNSEEN || w->depth == NESTING_MAX) return;
    *seen = OPEN;
    w->open[w->depth++] = w->def;
    w->def = def;
    walk_expr(w, def->value);
    for (int k = 0; k < def->body.n; k++) walk_stmt(w, def->body.at[k]);
    w->def = w->open[--w->depth];
    *seen = DONE;
}

void check_cycles(Checker *c) {
    Walk w = {.c = c,
              .open = arena_many(c->arena, NESTING_MAX, const AstDef *),
              .seen = arena_many(c->arena, c->file->defs.n + 1, char)};
    for (int k = 0; k < c->file->defs.n; k++) walk_def(&w, c->file->defs.at[k], c->file->defs.at[k]->name_span);
}
