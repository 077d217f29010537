/* list: what the prelude defines: name, options, shapes, parameters, formula, and what PyTorch calls it. All of it is the
 * prelude's own text, so that it can't be out of date; PyTorch's name is a comment there. */
#include "list.h"
#include "source.h"
#include <string.h>

/* ---- pieces of the prelude's text */

/* On one line: comments go, blanks become one. */
static const char *one_line(Arena *arena, Span span) {
    const char *text = span_text(arena, span);
    char *line = arena_text(arena, text, strlen(text)), *to = line;
    for (const char *c = text; *c;) {
        if (*c == '#') c += strcspn(c, "\n");
        const size_t blank = strspn(c, " \t\n");
        if (blank && to > line && c[blank]) *to++ = ' ';
        c += blank;
        if (*c && *c != '#') *to++ = *c++;
    }
    *to = '\0';
    return line;
}

static const char *joined(Arena *arena, const char *text, const char *between, const char *more) {
    return *text ? arena_printf(arena, "%s%s%s", text, between, more) : more;
}

static const char *options_text(Arena *arena, const AstDef *def) {
    const char *text = "";
    for (int k = 0; k < def->options.n; k++) {
        const AstOption *o = &def->options.at[k];
        const char *option = o->value ? arena_printf(arena, "%s = %s", o->name, one_line(arena, o->value->span)) : o->name;
        text = joined(arena, text, ", ", option);
    }
    return *text ? arena_printf(arena, "(%s)", text) : "";
}

static const char *ports_text(Arena *arena, const AstPorts *ports) {
    const char *text = "";
    for (int k = 0; k < ports->n; k++) text = joined(arena, text, ", ", one_line(arena, ports->at[k].span));
    return text;
}

/* x[c, h, w] -> z[f, oh, ow]: of layers and losses alone. */
static const char *shapes_text(Arena *arena, const AstDef *def) {
    if (def->kind != DEF_LAYER && def->kind != DEF_LOSS) return "";
    const char *in = ports_text(arena, &def->inputs), *out = ports_text(arena, &def->outputs);
    return *out ? arena_printf(arena, "%s -> %s", in, out) : in;
}

static const char *stmts_text(Arena *arena, const AstDef *def, bool kept, const char *between) {
    const char *text = "";
    for (int k = 0; k < def->body.n; k++) {
        const AstStmt *s = def->body.at[k];
        const bool declared = s->kind == AST_PARAM || s->kind == AST_STATE;
        if (declared != kept || s->kind == AST_REQUIRE) continue;
        text = joined(arena, text, between, one_line(arena, s->span));
    }
    return text;
}

static const char *formula_text(Arena *arena, const AstDef *def, const char *between) {
    const char *text = def->value ? one_line(arena, def->value->span) : stmts_text(arena, def, false, between);
    if (!def->derivative) return text;
    return arena_printf(arena, "%s%sderivative %s", text, between, one_line(arena, def->derivative->span));
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

/* ---- as text, as a table */

static void print_block(Arena *arena, const AstDef *def, FILE *to) {
    const char *shapes = shapes_text(arena, def), *kept = stmts_text(arena, def, true, "\n    ");
    const char *pytorch = counterpart(arena, def);
    fprintf(to, "%s%s", def->name, options_text(arena, def));
    if (*shapes) fprintf(to, "   %s", shapes);
    if (*pytorch) fprintf(to, "   [PyTorch: %s]", pytorch);
    if (*kept) fprintf(to, "\n    %s", kept);
    fprintf(to, "\n    %s\n\n", formula_text(arena, def, "\n    "));
}

static void print_cell(const char *text, bool code, FILE *to) {
    if (!*text) {
        fputs(" |", to);
        return;
    }
    fputs(code ? " `" : " ", to);
    for (; *text; text++) *text == '\n' ? fputs("`<br>`", to) : fputc(*text, to);
    fputs(code ? "` |" : " |", to);
}

static void print_row(Arena *arena, const AstDef *def, FILE *to) {
    fputs("|", to);
    print_cell(arena_printf(arena, "%s%s", def->name, options_text(arena, def)), true, to);
    print_cell(shapes_text(arena, def), true, to);
    print_cell(stmts_text(arena, def, true, "\n"), true, to);
    print_cell(formula_text(arena, def, "\n"), true, to);
    print_cell(counterpart(arena, def), true, to);
    fputs("\n", to);
}

static bool is_kind(const AstDef *def, const char *plural) {
    const char *name = ast_def_kind_name(def->kind);
    return !strncmp(name, plural, strlen(name));
}

void list_definitions(Arena *arena, const AstFile *prelude, const char *kind, bool markdown, FILE *to) {
    if (markdown) fputs("| name, options | shapes | parameters, states | formula | PyTorch |\n|---|---|---|---|---|\n", to);
    for (int k = 0; k < prelude->defs.n; k++) {
        const AstDef *def = prelude->defs.at[k];
        if (!is_kind(def, kind)) continue;
        if (markdown)
            print_row(arena, def, to);
        else
            print_block(arena, def, to);
    }
}
