/* ast_print: the tree as text of the language, without comments and layout; for `-d parse`.
 *
 * What is printed parses again to the same tree. */
#include "../runtime/train/number.h"
#include "ast.h"
#include <string.h>

static void print_expr(const AstExpr *e, int outside, FILE *to);

/* ---- expressions */

enum { PRECEDENCE_UNARY = 7, PRECEDENCE_ATOM = 9 };

static void print_string(const char *text, FILE *to) {
    fputc('"', to);
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n", to);
        else if (*text == '\t')
            fputs("\\t", to);
        else
            fprintf(to, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    fputc('"', to);
}

static void print_args(const AstArgs *args, char open, char close, FILE *to) {
    fputc(open, to);
    for (int k = 0; k < args->n; k++) {
        if (k) fputs(", ", to);
        if (args->at[k].name) fprintf(to, "%s = ", args->at[k].name);
        print_expr(args->at[k].value, 0, to);
    }
    fputc(close, to);
}

static void print_dims(const AstDims *dims, FILE *to) {
    fputc('[', to);
    for (int k = 0; k < dims->n; k++) {
        const AstDim *dim = &dims->at[k];
        if (k) fputs(", ", to);
        if (dim->name) fprintf(to, "%s%s", dim->star ? "*" : "", dim->name);
        if (dim->name && dim->range) fputs(": ", to);
        if (dim->value || dim->range) print_expr(dim->value ? dim->value : dim->range, 0, to);
    }
    fputc(']', to);
}

static int expr_precedence(const AstExpr *e) {
    if (e->kind == AST_IF || e->kind == AST_RANGE) return 0;
    return e->kind == AST_BINARY || e->kind == AST_UNARY ? ast_op_precedence(e->op) : PRECEDENCE_ATOM;
}

static void print_binary(const AstExpr *e, FILE *to) {
    const int own = ast_op_precedence(e->op);
    const bool compares = e->op >= AST_LT && e->op <= AST_NE, power = e->op == AST_POW;
    print_expr(e->args.at[0].value, own + (compares || power), to);
    fprintf(to, power ? "%s" : " %s ", ast_op_text(e->op));
    print_expr(e->args.at[1].value, power ? PRECEDENCE_UNARY : own + 1, to);
}

static void print_if(const AstExpr *e, FILE *to) {
    fputs("if ", to);
    print_expr(e->args.at[0].value, 0, to);
    fputs(" then ", to);
    print_expr(e->args.at[1].value, 0, to);
    fputs(" else ", to);
    print_expr(e->args.at[2].value, 0, to);
}

static void print_bare(const AstExpr *e, FILE *to) {
    char digits[32];
    switch (e->kind) {
    case AST_NUMBER: fputs(number_print_double(digits, e->number), to); break;
    case AST_STRING: print_string(e->name, to); break;
    case AST_NAME: fputs(e->name, to); break;
    case AST_STAR: fprintf(to, "*%s", e->name); break;
    case AST_LIST: print_args(&e->args, '[', ']', to); break;
    case AST_IF: print_if(e, to); break;
    case AST_BINARY: print_binary(e, to); break;
    case AST_UNARY:
        fputs(e->op == AST_NOT ? "not " : "-", to);
        print_expr(e->args.at[0].value, ast_op_precedence(e->op), to);
        break;
    case AST_RANGE:
        print_expr(e->args.at[0].value, 1, to);
        fputs("..", to);
        print_expr(e->args.at[1].value, 1, to);
        break;
    case AST_READ:
    case AST_CALL:
        fputs(e->name, to);
        if (e->dims.n) print_dims(&e->dims, to);
        if (e->kind == AST_CALL && (e->args.n || ast_empty_parentheses(e))) print_args(&e->args, '(', ')', to);
        break;
    }
}

/* In parentheses where it binds less tightly than its place asks for. */
static void print_expr(const AstExpr *e, int outside, FILE *to) {
    const bool parentheses = expr_precedence(e) < outside;
    if (parentheses) fputc('(', to);
    print_bare(e, to);
    if (parentheses) fputc(')', to);
}

/* ---- statements */

static void print_stmts(const AstStmts *stmts, int level, FILE *to);

static void indent(int level, FILE *to) {
    fprintf(to, "%*s", 4 * level, "");
}

static void print_settings(const AstSettings *settings, int level, FILE *to) {
    for (int k = 0; k < settings->n; k++) {
        indent(level, to);
        fprintf(to, "%s = ", settings->at[k].name);
        print_expr(settings->at[k].value, 0, to);
        fputc('\n', to);
    }
}

static void print_layer(const AstStmt *s, int level, FILE *to) {
    print_bare(s->call, to);
    if (s->name) fprintf(to, " %s", s->name);
    if (s->dims.n) print_dims(&s->dims, to);
    if (s->activation) {
        fputc(' ', to);
        print_bare(s->activation, to);
    }
    for (int k = 0; k < s->from.n; k++) fprintf(to, "%s%s", k ? ", " : " from ", s->from.at[k].name);
    if (!s->has_settings) return;
    fputs(" {\n", to);
    print_settings(&s->settings, level + 1, to);
    indent(level, to);
    fputc('}', to);
}

static void print_named(const char *word, const AstStmt *s, FILE *to) {
    fprintf(to, "%s%s", word, s->name ? s->name : "");
    if (s->dims.n) print_dims(&s->dims, to);
}

static void print_repeat(const AstStmt *s, int level, FILE *to) {
    fputs("repeat ", to);
    print_expr(s->value, PRECEDENCE_ATOM, to);
    fputs(" {\n", to);
    print_stmts(&s->body, level + 1, to);
    indent(level, to);
    fputc('}', to);
}

static void print_require(const AstStmt *s, FILE *to) {
    fputs("require ", to);
    print_expr(s->value, 0, to);
    fputs(", ", to);
    print_string(s->message, to);
}

static void print_stmt(const AstStmt *s, int level, FILE *to) {
    static const char *const words[] = {[AST_INPUT] = "input ", [AST_OUTPUT] = "output ", [AST_EQUATION] = "",
                                        [AST_PARAM] = "param ", [AST_STATE] = "state ",   [AST_WHERE] = "where "};
    static const char *const assigns[] = {" = ", " += ", " <- "};
    indent(level, to);
    if (s->kind == AST_LAYER)
        print_layer(s, level, to);
    else if (s->kind == AST_REPEAT)
        print_repeat(s, level, to);
    else if (s->kind == AST_REQUIRE)
        print_require(s, to);
    else {
        print_named(words[s->kind], s, to);
        if (s->value) {
            fputs(s->kind == AST_INPUT ? ": index(" : assigns[s->assign], to);
            print_expr(s->value, 0, to);
            if (s->kind == AST_INPUT) fputc(')', to);
        }
    }
    fputc('\n', to);
}

static void print_stmts(const AstStmts *stmts, int level, FILE *to) {
    for (int k = 0; k < stmts->n; k++) print_stmt(stmts->at[k], level, to);
}

/* ---- definitions */

static void print_ports(const AstPorts *ports, FILE *to) {
    for (int k = 0; k < ports->n; k++) {
        const AstPort *port = &ports->at[k];
        fprintf(to, "%s%s", k ? ", " : "", port->name);
        if (port->dims.n) print_dims(&port->dims, to);
        if (port->index) {
            fputs(": index(", to);
            print_expr(port->index, 0, to);
            fputc(')', to);
        }
        if (port->from) fprintf(to, " from %s", port->from);
        if (!port->range) continue;
        fputs(" in ", to);
        print_expr(port->range, 0, to);
    }
}

static void print_header(const AstDef *def, FILE *to) {
    fprintf(to, "%s %s(", ast_def_kind_name(def->kind), def->name);
    print_ports(&def->inputs, to);
    for (int k = 0; k < def->options.n; k++) {
        fprintf(to, "%s%s", k ? ", " : "; ", def->options.at[k].name);
        if (!def->options.at[k].value) continue;
        fputs(" = ", to);
        print_expr(def->options.at[k].value, 0, to);
    }
    fputc(')', to);
    if (def->outputs.n) fputs(" -> ", to);
    print_ports(&def->outputs, to);
}

static void print_def(const AstDef *def, FILE *to) {
    print_header(def, to);
    if (def->has_body) {
        fputs(" {\n", to);
        print_stmts(&def->body, 1, to);
        fputc('}', to);
    }
    if (def->value) {
        fputs(" = ", to);
        print_expr(def->value, 0, to);
    }
    if (def->derivative) {
        fputs(" derivative ", to);
        print_expr(def->derivative, 0, to);
    }
    fputc('\n', to);
}

/* ---- blocks */

static void print_network(const AstBlock *network, FILE *to) {
    fprintf(to, "network %s", network->name);
    for (int k = 0; k < network->options.n; k++) {
        fprintf(to, "%s%s = ", k ? ", " : " (", network->options.at[k].name);
        print_expr(network->options.at[k].value, 0, to);
    }
    fprintf(to, "%s {\n", network->options.n ? ")" : "");
    print_stmts(&network->body, 1, to);
    fputs("}\n", to);
}

static void print_sample(const AstSample *sample, FILE *to) {
    indent(1, to);
    for (int k = 0; k < sample->inputs.n; k++) {
        if (k) fputs(", ", to);
        print_expr(sample->inputs.at[k].value, 0, to);
    }
    fputs(" -> ", to);
    print_expr(sample->target, 0, to);
    fputc('\n', to);
}

static void print_block(const AstBlock *block, const char *word, FILE *to) {
    fprintf(to, "%s {\n", word);
    print_settings(&block->settings, 1, to);
    for (int k = 0; k < block->samples.n; k++) print_sample(&block->samples.at[k], to);
    fputs("}\n", to);
}

void ast_print(const AstFile *file, FILE *to) {
    for (int k = 0; k < file->imports.n; k++) {
        fputs("import ", to);
        print_string(file->imports.at[k].path, to);
        fputc('\n', to);
    }
    for (int k = 0; k < file->consts.n; k++) {
        fprintf(to, "const %s = ", file->consts.at[k].name);
        print_expr(file->consts.at[k].value, 0, to);
        fputc('\n', to);
    }
    for (int k = 0; k < file->defs.n; k++)
        if (file->defs.at[k]->span.source == file->source) print_def(file->defs.at[k], to);
    if (file->network.present) print_network(&file->network, to);
    if (file->train.present) print_block(&file->train, "train", to);
    if (file->data.present) print_block(&file->data, "data", to);
}
