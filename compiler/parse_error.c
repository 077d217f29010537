/* parse_error: what is said about text that is not of the language: one message a mistake, in the words of the grammar. */
#include "nn.tab.h"
#include "parse.h"
#include "words.h"
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

/* ---- what could stand here, in few words */

static const char line_end[] = "the end of the line";

typedef struct Group { /* where all of `members` are expected, `name` says it */
    const char *name, *members[14];
} Group;
static const Group groups[] = {
    {"a definition, 'network', 'train' or 'data'",
     {"'const'", "'import'", "'network'", "'train'", "'data'", "'activation'", "'loss'", "'layer'", "'optimizer'", "'schedule'",
      "'initializer'", line_end}},
    {"a statement", {"'input'", "'output'", "'repeat'", "'param'", "'state'", "'where'", "'require'", "a name", line_end}},
    {"an operator", {"'or'", "'and'", "'+'", "'-'", "'*'", "'/'", "'%'", "'^'"}},
    {"an operator", {"'<'", "'<='", "'>'", "'>='", "'=='", "'!='"}},
    {"a value", {"a number", "a string", "a name", "a dotted name", "'if'", "'not'", "'-'", "'('", "'['"}},
};
enum { GROUPS = sizeof groups / sizeof *groups, SHOWN_MAX = 6 };

/* The place of `what` in a list, in which NULL is nothing; n: it isn't there. */
static int place_in(const char *const *list, int n, const char *what) {
    int k = 0;
    while (k < n && !(list[k] && !strcmp(list[k], what))) k++;
    return k;
}

static bool expects(const char *const *expected, int n, const char *what) {
    return place_in(expected, n, what) < n;
}

static bool group_applies(const Group *group, const char *const *expected, int n) {
    for (int m = 0; group->members[m]; m++)
        if (!expects(expected, n, group->members[m])) return false;
    return true;
}

static void remove_group(const Group *group, const char **expected, int n) {
    for (int m = 0; group->members[m]; m++) expected[place_in(expected, n, group->members[m])] = NULL;
}

/* Where a line may end a block or a file may, too: that goes without saying. `..` is rarely meant. */
static bool is_said(const char *word, bool line_may_end) {
    if (!strcmp(word, "'..'") || !strcmp(word, line_end)) return false;
    return !line_may_end || (strcmp(word, "'}'") != 0 && strcmp(word, "the end of the file") != 0);
}

/* NULL: there are too many. */
static const char *list_expected(Parser *p, const char *const *all, int n) {
    const char **left = arena_many(p->arena, n, const char *), **shown = arena_many(p->arena, n + GROUPS, const char *);
    int count = 0;
    if (n) memcpy(left, all, (size_t)n * sizeof *left);
    for (int g = 0; g < GROUPS; g++) {
        if (!group_applies(&groups[g], left, n)) continue;
        remove_group(&groups[g], left, n);
        if (!expects(shown, count, groups[g].name)) shown[count++] = groups[g].name;
    }
    for (int k = 0; k < n; k++)
        if (left[k] && is_said(left[k], expects(all, n, line_end))) shown[count++] = left[k];
    if (expects(left, n, line_end)) shown[count++] = line_end; /* last */
    return count && count <= SHOWN_MAX ? alternatives(p->arena, shown, count) : NULL;
}

/* ---- the message */

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
