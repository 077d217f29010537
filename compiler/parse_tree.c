/* parse_tree: builds the tree's nodes for the grammar, and keeps the tree shallow enough for the stages to recurse over it. */
#include "parse.h"
#include <string.h>

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* The node, or a leaf in its place if it is too deep. */
static AstExpr *limit_depth(Parser *p, AstExpr *e) {
    if (e->nesting <= NESTING_MAX && e->height <= HEIGHT_MAX) return e;
    if (e->nesting > NESTING_MAX)
        parser_error(p, e->span, "nested too deeply: %d levels at most", NESTING_MAX);
    else
        parser_error(p, e->span, "the expression is too long: %d operators in a row at most", HEIGHT_MAX);
    p->stopped = true;
    return make_expr(p, AST_NUMBER, e->span);
}

AstExpr *make_expr(Parser *p, AstKind kind, Span span) {
    AstExpr *e = arena_one(p->arena, AstExpr);
    e->kind = kind;
    e->span = e->name_span = span;
    return e;
}

AstExpr *make_name(Parser *p, AstKind kind, Span span, const char *name) {
    AstExpr *e = make_expr(p, kind, span);
    e->name = name;
    return e;
}

AstArg make_arg(const char *name, Span span, AstExpr *value) {
    return (AstArg){name, span, value};
}

static void add_operand(Parser *p, AstExpr *e, AstExpr *operand) {
    list_push(p->arena, &e->args, make_arg(NULL, operand->span, operand));
}

AstExpr *make_operator(Parser *p, AstOp op, Span span, AstExpr *a, AstExpr *b) {
    AstExpr *e = make_expr(p, b ? AST_BINARY : AST_UNARY, span);
    e->op = op;
    add_operand(p, e, a);
    if (b) add_operand(p, e, b);
    e->nesting = b ? larger(a->nesting, b->nesting + 1) : a->nesting + 1;
    e->height = 1 + larger(a->height, b ? b->height : 0);
    return limit_depth(p, e);
}

static void put_below(AstExpr *e, const AstExpr *part) {
    if (!part) return;
    e->nesting = larger(e->nesting, part->nesting + 1);
    e->height = larger(e->height, part->height + 1);
}

AstExpr *make_compound(Parser *p, const AstExpr *shape) {
    AstExpr *e = arena_one(p->arena, AstExpr);
    *e = *shape;
    e->nesting = e->height = 1;
    for (int k = 0; k < e->args.n; k++) put_below(e, e->args.at[k].value);
    for (int k = 0; k < e->dims.n; k++) put_below(e, e->dims.at[k].value), put_below(e, e->dims.at[k].range);
    return limit_depth(p, e);
}

AstExpr *make_if(Parser *p, Span span, AstExpr *condition, AstExpr *yes, AstExpr *no) {
    AstExpr shape = {.kind = AST_IF, .span = span, .name_span = span};
    add_operand(p, &shape, condition);
    add_operand(p, &shape, yes);
    add_operand(p, &shape, no);
    return make_compound(p, &shape);
}

AstExpr *make_call(Parser *p, Span span, const char *name, Span name_span, AstDims dims, AstArgs args) {
    return make_compound(p,
                         &(AstExpr){AST_CALL, .span = span, .name_span = name_span, .name = name, .dims = dims, .args = args});
}

AstStmt *make_stmt(Parser *p, AstStmtKind kind, Span span, const char *name, Span name_span) {
    AstStmt *s = arena_one(p->arena, AstStmt);
    s->kind = kind;
    s->span = span;
    s->name = name;
    s->name_span = name_span;
    return s;
}

AstDef *make_def(Parser *p, AstDefKind kind, Span span, const char *name, Span name_span) {
    AstDef *def = arena_one(p->arena, AstDef);
    def->kind = kind;
    def->span = span;
    def->name = name;
    def->name_span = name_span;
    def->prelude = p->source->prelude;
    return def;
}

AstPort make_port(const char *name, Span span, const AstDims *dims, AstExpr *index) {
    return (AstPort){.name = name, .span = span, .dims = *dims, .index = index};
}

void take_block(Parser *p, AstBlock *place, const char *what, AstBlock block) {
    if (place->present) {
        parser_error(p, block.span, "a file has one %s block, and this is the second", what);
        source_note(place->span, "the first one is here");
        return;
    }
    block.present = true;
    *place = block;
}

AstSettings settings_of_args(Parser *p, AstArgs args) {
    AstSettings settings = {0};
    for (int k = 0; k < args.n; k++) {
        const AstArg *arg = &args.at[k];
        if (!arg->name)
            parser_error(p, arg->name_span, "options of a network are written with their name: (real = f64)");
        else
            list_push(p->arena, &settings, ((AstSetting){arg->name, arg->name_span, arg->value}));
    }
    return settings;
}
