/* ast: looking things up in the tree; what the operators and constants of the notation are. */
#include "ast.h"
#include "remainder.h"
#include <string.h>

/* The first of a name counts. */
void ast_index(Arena *arena, AstFile *file) {
    for (int k = file->defs.n; k-- > 0;) {
        AstDef *def = file->defs.at[k];
        def->number = k;
        table_put(arena, &file->def_names, (int)def->kind, def->name, k);
        if (def->prelude) table_put(arena, &file->def_names, DEF_KINDS + (int)def->kind, def->name, k);
    }
}

static AstDef *find(const AstFile *file, AstDefKind kind, const char *name, bool prelude) {
    const int k = table_find(&file->def_names, prelude ? DEF_KINDS + (int)kind : (int)kind, name);
    return k < 0 ? NULL : file->defs.at[k];
}

AstDef *ast_find(const AstFile *file, AstDefKind kind, const char *name) {
    AstDef *def = find(file, kind, name, false);
    if (!def || !def->prelude || (kind != DEF_ACTIVATION && kind != DEF_LAYER)) return def;
    const AstDef *other = find(file, kind == DEF_LAYER ? DEF_ACTIVATION : DEF_LAYER, name, false);
    return other && !other->prelude ? NULL : def;
}

AstDef *ast_find_from(const AstFile *file, const AstDef *from, AstDefKind kind, const char *name) {
    return from && from->prelude ? find(file, kind, name, true) : ast_find(file, kind, name);
}

const char *ast_def_kind_name(AstDefKind kind) {
    static const char *const names[] = {"activation", "loss", "layer", "optimizer", "schedule", "initializer"};
    return names[kind];
}

void ast_reads(const AstExpr *e, AstVisit *visit, void *context) {
    if (!e) return;
    if (e->kind == AST_READ || e->kind == AST_NAME) visit(e, context);
    for (int k = 0; k < e->args.n; k++) ast_reads(e->args.at[k].value, visit, context);
    for (int k = 0; k < e->dims.n; k++) {
        ast_reads(e->dims.at[k].value, visit, context);
        ast_reads(e->dims.at[k].range, visit, context);
    }
}

AstExpr ast_as_call(const AstExpr *e) {
    AstExpr call = *e;
    if (e->kind == AST_NAME) call.name_span = e->span;
    call.kind = AST_CALL;
    return call;
}

const char *ast_dim_name(const AstDim *dim) {
    if (dim->name) return dim->name;
    return dim->value && dim->value->kind == AST_NAME ? dim->value->name : NULL;
}

bool ast_empty_parentheses(const AstExpr *call) {
    return call->kind == AST_CALL && !call->args.n && !call->dims.n && call->span.to > call->name_span.to;
}

typedef struct OpText {
    const char *text;
    int precedence;
} OpText;
static const OpText op_texts[] = {[AST_OR] = {"or", 1}, [AST_AND] = {"and", 2}, [AST_NOT] = {"not", 3}, [AST_LT] = {"<", 4},
                                  [AST_LE] = {"<=", 4}, [AST_GT] = {">", 4},    [AST_GE] = {">=", 4},   [AST_EQ] = {"==", 4},
                                  [AST_NE] = {"!=", 4}, [AST_ADD] = {"+", 5},   [AST_SUB] = {"-", 5},   [AST_MUL] = {"*", 6},
                                  [AST_DIV] = {"/", 6}, [AST_MOD] = {"%", 6},   [AST_NEG] = {"-", 7},   [AST_POW] = {"^", 8}};

const char *ast_op_text(AstOp op) {
    return op_texts[op].text;
}

int ast_op_precedence(AstOp op) {
    return op_texts[op].precedence;
}

double ast_op_value(AstOp op, double a, double b, bool whole) {
    switch (op) {
    case AST_ADD: return a + b;
    case AST_SUB: return a - b;
    case AST_MUL: return a * b;
    case AST_DIV: return whole ? floor(a / b) : a / b;
    case AST_MOD: return floored_remainder(a, b);
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
    bug("operator %d", (int)op);
}

const char *const ast_constant_names[] = {"pi", "inf", "yes", "no", NULL};

bool ast_constant(const char *name, double *value) {
    static const double values[] = {3.14159265358979323846, INFINITY, 1, 0};
    for (int k = 0; ast_constant_names[k]; k++)
        if (!strcmp(ast_constant_names[k], name)) return *value = values[k], true;
    return false;
}

AstReduction ast_reduction(const char *name) {
    static const char *const names[] = {"sum", "mean", "max", "min", "prod"};
    int k = 0;
    while (k < AST_REDUCTIONS && strcmp(names[k], name) != 0) k++;
    return (AstReduction)k;
}

/* ---- what the header of a layer says */

static bool known_extent(const AstDef *def, const char *name) {
    for (int k = 0; k < def->inputs.n; k++)
        for (int d = 0; d < def->inputs.at[k].dims.n; d++) {
            const AstDim *dim = &def->inputs.at[k].dims.at[d];
            const char *own = ast_dim_name(dim);
            if (own && !strcmp(own, name)) return true;
        }
    for (int k = 0; k < def->body.n; k++)
        if (def->body.at[k]->kind == AST_WHERE && !strcmp(def->body.at[k]->name, name)) return true;
    for (int k = 0; k < def->options.n; k++)
        if (!strcmp(def->options.at[k].name, name)) return true;
    return false;
}

bool ast_needs_no_sizes(const AstDef *def) {
    for (int k = 0; k < def->outputs.n; k++)
        for (int d = 0; d < def->outputs.at[k].dims.n; d++) {
            const AstDim *dim = &def->outputs.at[k].dims.at[d];
            const char *name = ast_dim_name(dim);
            if (name && !dim->range && !known_extent(def, name)) return false;
        }
    return true;
}

Span ast_setting_span(const AstBlock *block, const char *name) {
    const AstSettings *s = &block->settings;
    for (int k = 0; k < s->n; k++)
        if (!strcmp(s->at[k].name, name)) return span_join(s->at[k].name_span, s->at[k].value->span);
    return block->span;
}
