/* parse: the layer between scanner and grammar.
 *
 * The layer decides which line ends end a statement, which words are keywords where they stand, and closes brackets that were
 * forgotten, so that one missing bracket costs one message. It looks one token ahead, no further. */
#include "parse.h"
#include "nn.tab.h"
#include "words.h"
#include <string.h>

/* ---- keywords: words that have a meaning at the start of a statement only */

typedef struct Keyword {
    const char *word;
    int kind;
} Keyword;
static const Keyword file_keywords[] = {{"const", CONST},
                                        {"import", IMPORT},
                                        {"network", NETWORK},
                                        {"train", TRAIN},
                                        {"data", DATA},
                                        {"activation", ACTIVATION},
                                        {"loss", LOSS},
                                        {"layer", LAYER},
                                        {"optimizer", OPTIMIZER},
                                        {"schedule", SCHEDULE},
                                        {"initializer", INITIALIZER}};
static const Keyword body_keywords[] = {{"input", INPUT}, {"output", OUTPUT}, {"repeat", REPEAT},  {"param", PARAM},
                                        {"state", STATE}, {"where", WHERE},   {"require", REQUIRE}};
enum {
    FILE_KEYWORDS = sizeof file_keywords / sizeof *file_keywords,
    BODY_KEYWORDS = sizeof body_keywords / sizeof *body_keywords
};

static int keyword_of(const Keyword *table, int n, const char *word) {
    for (int k = 0; k < n; k++)
        if (!strcmp(table[k].word, word)) return table[k].kind;
    return NAME;
}

bool parse_begins_statement(const char *word) {
    return keyword_of(body_keywords, BODY_KEYWORDS, word) != NAME;
}

bool is_token_in(int kind, const int *kinds) {
    for (; *kinds; kinds++)
        if (*kinds == kind) return true;
    return false;
}

const char *parser_likely_keyword(const Parser *p, const char *word) {
    const char *words[FILE_KEYWORDS];
    if (p->depth) return NULL;
    for (int k = 0; k < FILE_KEYWORDS; k++) words[k] = file_keywords[k].word;
    return nearest_name(word, words, FILE_KEYWORDS);
}

/* ---- brackets */

bool parser_in_bracket(const Parser *p) {
    return p->depth && p->open[p->depth - 1].kind != '{';
}

static int closing_of(int kind) {
    return kind == '(' ? ')' : kind == '[' ? ']' : '}';
}

static void open_bracket(Parser *p, const Token *token) {
    if (p->depth == NESTING_MAX) {
        parser_error(p, token->span, "nested too deeply: %d levels at most", NESTING_MAX);
        p->stopped = true;
        return;
    }
    p->open[p->depth++] = (struct Open){token->kind, token->span};
    p->blocks += token->kind == '{';
}

static void close_bracket(Parser *p, const Token *token) {
    if (p->depth && closing_of(p->open[p->depth - 1].kind) == token->kind) p->depth--;
}

/* The closing bracket that is missing before the next token. */
static Token insert_closing(Parser *p) {
    const struct Open open = p->open[--p->depth];
    if (!p->recovering && p->quiet_line != span_line(open.span))
        parser_error(p, open.span, "this '%c' is not closed", open.kind);
    p->quiet_line = span_line(p->ahead.span);
    const Span here = {p->source, p->ahead.span.from, p->ahead.span.from};
    return (Token){.kind = closing_of(open.kind), .span = here};
}

/* Does text from `at` on close `depth` open brackets before the next brace? */
static bool closes_later(const Parser *p, int at, int depth) {
    const char *s = p->source->text + at;
    while (depth && *s && *s != '{' && *s != '}') {
        const char c = *s++;
        if (c == '#') s += strcspn(s, "\n");
        if (c == '"') s += strcspn(s, "\"\n");
        if (c == '"' && *s == '"') s++;
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
    }
    return !depth;
}

/* After an error inside brackets: is this line end inside them too, or the end of the statement? */
static bool line_end_is_inside(Parser *p) {
    if (!p->recovering) return true;
    int brackets = 0;
    while (brackets < p->depth && p->open[p->depth - 1 - brackets].kind != '{') brackets++;
    if (closes_later(p, p->ahead.span.from, brackets)) return true;
    p->depth -= brackets;
    return false;
}

/* A block's start at the left margin inside a block: the brace before it was forgotten. */
static bool brace_is_missing(Parser *p, const Token *token) {
    const bool margin = token->span.from > 0 && p->source->text[token->span.from - 1] == '\n';
    if (!p->depth || p->recovering || token->kind != NAME || !margin) return false;
    const int kind = keyword_of(file_keywords, FILE_KEYWORDS, token->text);
    if (kind == TRAIN || kind == DATA) return p->ahead.kind == '{';
    return kind != NAME && kind != IMPORT && p->ahead.kind == NAME;
}

/* ---- line ends */

static const int continuing[] = {
    ',', '=', ARROW, NEXT, ADDTO, DOTS, '+', '-',  '*',  '/',        '%',  '^', '<',
    LE,  '>', GE,    EQ,   NE,    AND,  OR,  THEN, ELSE, DERIVATIVE, FROM, 0}; /* a line may neither end nor begin with these */
static const int dangling[] = {IF, NOT, ':', 0};                               /* nor end with these */

static bool line_end_is_dropped(const Parser *p) {
    return is_token_in(p->previous, continuing) || is_token_in(p->previous, dangling) ||
           is_token_in(p->ahead.kind, continuing) || p->ahead.kind == '{';
}

static bool is_line_end(const Parser *p, const Token *token) {
    return token->kind == NEWLINE || (token->kind == ';' && !parser_in_bracket(p));
}

static Token take(Parser *p) {
    const Token token = p->ahead;
    if (token.kind != END) p->ahead = scanner_next(p->scanner);
    return token;
}

/* Leaves out a block that a syntax error has made meaningless; its '{' was taken. */
static void skip_block(Parser *p) {
    int depth = 1;
    while (depth && p->ahead.kind != END) {
        const int kind = take(p).kind;
        depth += kind == '{' ? 1 : kind == '}' ? -1 : 0;
    }
}

/* ---- what the grammar sees */

static bool at_start(const Parser *p) {
    return !p->previous || p->previous == NEWLINE || p->previous == '{';
}

/* A word at the start of a statement is a keyword unless it is what the statement sets. */
static int word_kind(const Parser *p, const Token *token) {
    static const int set[] = {'=', ADDTO, NEXT, '[', 0};
    if (!at_start(p)) return NAME;
    if (!p->depth) return keyword_of(file_keywords, FILE_KEYWORDS, token->text);
    return is_token_in(p->ahead.kind, set) ? NAME : keyword_of(body_keywords, BODY_KEYWORDS, token->text);
}

/* Keeps track of whether all since the statement's start is one name with its subscripts: only then `<-` is an update. */
static void track_target(Parser *p, const Token *token) {
    if (token->kind == NAME && at_start(p))
        p->target = true;
    else if (!parser_in_bracket(p) && token->kind != ']' && token->kind != NEXT)
        p->target = false;
}

/* `x <-1` is a comparison: gives '<' and leaves '-' for later. */
static Token split_arrow(Parser *p, Token token) {
    p->held = (Token){.kind = '-', .span = {p->source, token.span.from + 1, token.span.to}};
    p->has_held = true;
    token.kind = '<';
    token.span.to--;
    return token;
}

static bool must_close(Parser *p) {
    const int next = p->ahead.kind;
    if (p->stopped || !p->depth) return false;
    return next == END || (parser_in_bracket(p) && (next == '{' || next == '}'));
}

static Token shape_token(Parser *p, Token token) {
    if (token.kind == NAME) token.kind = word_kind(p, &token);
    if (token.kind == NEXT && !p->target) token = split_arrow(p, token);
    if (token.kind == '(' || token.kind == '[' || token.kind == '{') open_bracket(p, &token);
    track_target(p, &token);
    if (token.kind == ')' || token.kind == ']' || token.kind == '}') close_bracket(p, &token);
    return token;
}

/* Closes the blocks that are open before `token`, which waits until that is done. */
static Token close_before(Parser *p, Token token) {
    parser_error(p, token.span, "a '}' is missing before '%s'", token.text);
    source_note(p->open[p->depth - 1].span, "this '{' is open");
    p->held = token;
    p->has_held = true;
    p->closing = true;
    return (Token){.kind = NEWLINE, .span = token.span};
}

/* While `closing`: '}' and the end of the line for each open block. */
static Token next_closing(Parser *p) {
    const Span here = {p->source, p->held.span.from, p->held.span.from};
    if (p->previous == '}') p->closing = p->depth > 0;
    if (p->previous == '}') return (Token){.kind = NEWLINE, .span = here};
    p->depth--;
    return (Token){.kind = '}', .span = here};
}

/* After an error: what stands in blocks and brackets is left out. */
static bool leave_out(Parser *p, Token token) {
    if (!p->recovering) return false;
    if (token.kind == '{')
        skip_block(p);
    else if (parser_in_bracket(p))
        shape_token(p, token); /* it may close the bracket */
    else
        return false;
    return true;
}

/* Is the line end that was taken the end of a statement? Those that follow it are taken as well. */
static bool ends_statement(Parser *p) {
    while (is_line_end(p, &p->ahead)) take(p);
    return !(parser_in_bracket(p) && line_end_is_inside(p)) && !line_end_is_dropped(p);
}

static Token next_token(Parser *p) {
    if (p->skip_block) {
        p->skip_block = false;
        if (p->depth) p->depth--;
        skip_block(p);
    }
    for (;;) {
        if (p->closing) return next_closing(p);
        if (p->has_held) return p->has_held = false, shape_token(p, p->held);
        if (p->stopped) return (Token){.kind = END, .span = p->ahead.span};
        if (must_close(p)) return insert_closing(p);
        const Token token = take(p);
        if (is_line_end(p, &token)) {
            if (ends_statement(p)) return (Token){.kind = NEWLINE, .span = token.span};
        } else if (!leave_out(p, token)) {
            return at_start(p) && brace_is_missing(p, &token) ? close_before(p, token) : shape_token(p, token);
        }
    }
}

int nn_lex(NN_STYPE *value, Span *span, Parser *p) {
    const Token token = next_token(p);
    if (token.kind == NUMBER)
        value->number = token.number;
    else
        value->name = token.text;
    *span = token.span;
    p->previous = token.kind;
    return token.kind;
}
