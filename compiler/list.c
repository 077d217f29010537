/* list: what the prelude defines: name, options, shapes, parameters, formula, and what PyTorch calls it. All of it is the
 * prelude's own text, so that it can't be out of date; PyTorch's name is a comment there. Before the activations come the
 * functions of one number that are built in. */
#include "list.h"
#include "ir.h"
#include "source.h"
#include <string.h>

/* ---- pieces of the prelude's text */

/* On one line: comments go, blanks become one. */
static const char *one_line(Arena *arena, Span span) {
    const char *text = span_text(arena, span);
    char *line = arena_text(arena, text, strlen(text)), *to = line;
    for (const char *c = text; *c;) {
        const char *start = c;
        while (strchr(" \t\n#", *c) && *c) c += *c == '#' ? strcspn(c, "\n") : 1;
        if (c > start && to > line && *c) *to++ = ' ';
        if (*c) *to++ = *c++;
    }
    *to = '\0';
    return line;
}

static const char *joined(Arena *arena, const char *text, const char *between, const char *more) {
    return *text ? arena_printf(arena, "%s%s%s", text, between, more) : more;
}

static const char *ports_text(Arena *arena, const AstPorts *ports) {
    const char *text = "";
    for (int k = 0; k < ports->n; k++) text = joined(arena, text, ", ", one_line(arena, ports->at[k].span));
    return text;
}

/* What a user writes in parentheses: options and, of schedules and initializers, the arguments before them. */
static const char *options_text(Arena *arena, const AstDef *def) {
    const bool takes = def->kind == DEF_SCHEDULE || def->kind == DEF_INITIALIZER;
    const char *text = takes ? ports_text(arena, &def->inputs) : "";
    for (int k = 0; k < def->options.n; k++) {
        const AstOption *o = &def->options.at[k];
        const char *option = o->value ? arena_printf(arena, "%s = %s", o->name, one_line(arena, o->value->span)) : o->name;
        text = joined(arena, text, ", ", option);
    }
    return *text ? arena_printf(arena, "(%s)", text) : "";
}

/* x[c, h, w] -> z[f, oh, ow]: of layers and losses alone. */
static const char *shapes_text(Arena *arena, const AstDef *def) {
    if (def->kind != DEF_LAYER && def->kind != DEF_LOSS) return "";
    const char *in = ports_text(arena, &def->inputs), *out = ports_text(arena, &def->outputs);
    return *out ? arena_printf(arena, "%s -> %s", in, out) : in;
}

static const char *stmts_text(Arena *arena, const AstDef *def, bool kept) {
    const char *text = "";
    for (int k = 0; k < def->body.n; k++) {
        const AstStmt *s = def->body.at[k];
        const bool declared = s->kind == AST_PARAM || s->kind == AST_STATE;
        if (declared != kept || s->kind == AST_REQUIRE) continue;
        text = joined(arena, text, "\n", one_line(arena, s->span));
    }
    return text;
}

static const char *formula_text(Arena *arena, const AstDef *def) {
    const char *text = def->value ? one_line(arena, def->value->span) : stmts_text(arena, def, false);
    return def->derivative ? arena_printf(arena, "%s\nderivative %s", text, one_line(arena, def->derivative->span)) : text;
}

/* ---- comments: at the end of the definition's first line, and right above it */

static const char *line_start(const Source *source, int at) {
    const char *c = source->text + at;
    while (c > source->text && c[-1] != '\n') c--;
    return c;
}

static const char *counterpart_in(Arena *arena, const char *line) {
    static const char mark[] = "# PyTorch: ";
    const size_t n = strcspn(line, "\n");
    const char *text = arena_text(arena, line, n), *found = strstr(text, mark);
    return found ? found + strlen(mark) : "";
}

static const char *counterpart(Arena *arena, const AstDef *def) {
    const char *line = line_start(def->span.source, def->span.from), *found = counterpart_in(arena, line);
    while (!*found && line > def->span.source->text) {
        line = line_start(def->span.source, (int)(line - def->span.source->text) - 1);
        if (*line != '#') break;
        found = counterpart_in(arena, line);
    }
    return found;
}

/* ---- one row, of a definition or of a function that is built in; its texts may have several lines */

typedef struct {
    const char *name, *shapes, *kept, *formula, *pytorch;
} Row;

static Row definition_row(Arena *arena, const AstDef *def) {
    return (Row){arena_printf(arena, "%s%s", def->name, options_text(arena, def)), shapes_text(arena, def),
                 stmts_text(arena, def, true), formula_text(arena, def), counterpart(arena, def)};
}

/* The functions of one number are activations as they stand: those that PyTorch has as modules, or whose name says too little.
 * The others are called there as here. */
static Row function_row(Arena *arena, Op op) {
    static const Row known[OP_COUNT] = {
        [OP_TANH] = {.pytorch = "nn.Tanh"},
        [OP_SIGMOID] = {.formula = "1 / (1 + exp(-x))", .pytorch = "nn.Sigmoid"},
        [OP_SOFTPLUS] = {.formula = "log(1 + exp(x))", .pytorch = "nn.Softplus"},
    };
    const char *name = op_info[op].name, *formula = known[op].formula, *pytorch = known[op].pytorch;
    return (Row){name, "", "", formula ? formula : arena_printf(arena, "%s(x)", name),
                 pytorch ? pytorch : arena_printf(arena, "torch.%s", name)};
}

/* ---- as text, as a table */

static void print_lines(const char *text, const char *between, FILE *to) {
    for (; *text; text++) *text == '\n' ? fputs(between, to) : fputc(*text, to);
}

static void print_block(const Row *row, FILE *to) {
    fputs(row->name, to);
    if (*row->shapes) fprintf(to, "   %s", row->shapes);
    if (*row->pytorch) fprintf(to, "   [PyTorch: %s]", row->pytorch);
    if (*row->kept) fputs("\n    ", to);
    print_lines(row->kept, "\n    ", to);
    fputs("\n    ", to);
    print_lines(row->formula, "\n    ", to);
    fputs("\n\n", to);
}

static void print_cell(const char *text, FILE *to) {
    fputs(*text ? " `" : "", to);
    print_lines(text, "`<br>`", to);
    fputs(*text ? "` |" : " |", to);
}

static void print_row(const Row *row, FILE *to) {
    fputs("|", to);
    print_cell(row->name, to);
    print_cell(row->shapes, to);
    print_cell(row->kept, to);
    print_cell(row->formula, to);
    print_cell(row->pytorch, to);
    fputs("\n", to);
}

static bool is_kind(AstDefKind kind, const char *plural) {
    const char *name = ast_def_kind_name(kind);
    return !strncmp(name, plural, strlen(name));
}

void list_definitions(Arena *arena, const AstFile *prelude, const char *kind, bool markdown, FILE *to) {
    void (*const print)(const Row *, FILE *) = markdown ? print_row : print_block;
    if (markdown) fputs("| name, options | shapes | parameters, states | formula | PyTorch |\n|---|---|---|---|---|\n", to);
    for (int op = 0; op < OP_COUNT && is_kind(DEF_ACTIVATION, kind); op++) {
        if (!op_info[op].name || op_info[op].nargs != 1 || op == OP_STOP) continue;
        const Row row = function_row(arena, (Op)op);
        print(&row, to);
    }
    for (int k = 0; k < prelude->defs.n; k++) {
        if (!is_kind(prelude->defs.at[k]->kind, kind)) continue;
        const Row row = definition_row(arena, prelude->defs.at[k]);
        print(&row, to);
    }
}
