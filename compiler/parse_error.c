/* parse_error: what is said about text that is not of the language: one message a mistake, in the words of the grammar. */
#include "nn.tab.h"
#include "parse.h"
#include <string.h>

void parser_error(Parser *p, Span span, const char *format, ...) {
    if (p->stopped) return;
    p->quiet_line = span_line(span);
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(p->arena, format, args);
    va_end(args);
    source_error(span, "%s", text);
    if (p->source->messages->errors > ERROR_LIMIT) p->stopped = true;
}

void parser_comma(Parser *p, Span comma, const char *what) {
    if (p->comma_block == p->blocks) return;
    p->comma_block = p->blocks;
    if (p->quiet_line != span_line(comma)) parser_error(p, comma, "%s are separated by line ends or ';', not by commas", what);
}

/* "a name", "'('" → the list of what could stand here, as few words as possible; NULL if there are too many. */
typedef struct Group { /* where all of `members` are expected, `name` says it */
    const char *name, *members[14];
} Group;
static const Group groups[] = {
    {"a definition, 'network', 'train' or 'data'",
     {"'const'", "'import'", "'network'", "'train'", "'data'", "'activation'", "'loss'", "'layer'", "'optimizer'", "'schedule'",
      "'initializer'", "the end of the line"}},
    {"a statement",
     {"'input'", "'output'", "'repeat'", "'param'", "'state'", "'where'", "'require'", "a name", "the end of the line"}},
    {"an operator", {"'or'", "'and'", "'+'", "'-'", "'*'", "'/'", "'%'", "'^'"}},
    {"an operator", {"'<'", "'<='", "'>'", "'>='", "'=='", "'!='"}},
    {"a value", {"a number", "a string", "a name", "a dotted name", "'if'", "'not'", "'-'", "'('", "'['"}},
};
enum { GROUPS = sizeof groups / sizeof *groups };

static bool group_applies(const Group *group, const char *const *expected, int n) {
    for (int m = 0; group->members[m]; m++) {
        bool found = false;
        for (int k = 0; k < n && !found; k++) found = expected[k] && !strcmp(expected[k], group->members[m]);
        if (!found) return false;
    }
    return true;
}

static void remove_group(const Group *group, const char **expected, int n) {
    for (int m = 0; group->members[m]; m++)
        for (int k = 0; k < n; k++)
            if (expected[k] && !strcmp(expected[k], group->members[m])) expected[k] = NULL;
}

static bool expects(const char *const *expected, int n, const char *what) {
    for (int k = 0; k < n; k++)
        if (!strcmp(expected[k], what)) return true;
    return false;
}

static const char *list_expected(Parser *p, const char *const *all, int n) {
    const char *expected[128], *shown[128];
    int count = 0;
    if (n > 100) return NULL;
    memcpy(expected, all, (size_t)n * sizeof *expected);
    for (int g = 0; g < GROUPS; g++) {
        if (!group_applies(&groups[g], expected, n)) continue;
        remove_group(&groups[g], expected, n);
        if (!count || strcmp(shown[count - 1], groups[g].name) != 0) shown[count++] = groups[g].name;
    }
    const bool line_end = expects(all, n, "the end of the line");
    bool shows_line_end = false;
    for (int k = 0; k < n; k++) {
        if (!expected[k] || !strcmp(expected[k], "'..'")) continue;
        if (!strcmp(expected[k], "the end of the line"))
            shows_line_end = true;
        else if (!line_end || (strcmp(expected[k], "'}'") != 0 && strcmp(expected[k], "the end of the file") != 0))
            shown[count++] = expected[k];
    }
    if (shows_line_end) shown[count++] = "the end of the line";
    if (!count || count > 6) return NULL;
    const char *text = shown[0];
    for (int k = 1; k < count; k++) text = arena_printf(p->arena, k + 1 < count ? "%s, %s" : "%s or %s", text, shown[k]);
    return text;
}

static const char *describe_token(Parser *p, int kind, Span span) {
    if (kind == NEWLINE) return "end of the line";
    if (kind == END) return "end of the file";
    const int length = span.to - span.from, shown = length > 40 ? 40 : length;
    const char *text = arena_text(p->arena, span.source->text + span.from, (size_t)shown);
    return arena_printf(p->arena, kind == STRING ? "%s%s" : "'%s%s'", text, shown < length ? "…" : "");
}

/* What is peculiar about this error, or NULL. */
static const char *special_message(Parser *p, int token, Span span, const char *const *expected, int n) {
    static const int comparisons[] = {'<', LE, '>', GE, EQ, NE, 0};
    static const int reserved[] = {IF, THEN, ELSE, AND, OR, NOT, FROM, DERIVATIVE, 0};
    const char *text = span_text(p->arena, span);
    if (is_token_in(token, comparisons) && expects(expected, n, "'+'")) return "comparisons don't chain: write a < b and b < c";
    if (is_token_in(token, reserved) && expects(expected, n, "a name") && !expects(expected, n, "a number"))
        return arena_printf(p->arena, "'%s' is a reserved word and can't be a name", text);
    if (token == NAME && expects(expected, n, "'network'")) {
        const char *likely = parser_likely_keyword(p, text);
        if (likely) return arena_printf(p->arena, "unexpected '%s'; did you mean '%s'?", text, likely);
    }
    return NULL;
}

/* The innermost round or square bracket if it is what is wrong: an arrow comes, or it is from an earlier line than `span`. */
static const struct Open *stale_bracket(const Parser *p, int token, Span span) {
    if (!parser_in_bracket(p) || (token != NAME && token != ARROW)) return NULL;
    const struct Open *open = &p->open[p->depth - 1];
    if (token == ARROW) return open;
    const char *text = span.source->text;
    int k = span.from;
    while (k > 0 && (text[k - 1] == ' ' || text[k - 1] == '\t')) k--;
    return k > 0 && text[k - 1] == '\n' && span_line(open->span) < span_line(span) ? open : NULL;
}

void parser_unexpected(Parser *p, int token, Span span, const char *const *expected, int n) {
    p->recovering = true;
    p->skip_block = token == '{';
    if (p->quiet_line == span_line(span) || p->stopped) return;
    const struct Open *open = stale_bracket(p, token, span);
    const char *special = special_message(p, token, span, expected, n), *list = list_expected(p, expected, n);
    if (open)
        parser_error(p, open->span, "this '%c' is not closed", open->kind);
    else if (special)
        parser_error(p, span, "%s", special);
    else if (list)
        parser_error(p, span, "unexpected %s; expected %s", describe_token(p, token, span), list);
    else
        parser_error(p, span, "unexpected %s", describe_token(p, token, span));
    p->quiet_line = span_line(span);
}

void parser_recovered(Parser *p) {
    p->recovering = false;
    p->skip_block = false;
}
