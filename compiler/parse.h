/* parse: what the scanner (grammar/nn.l), the parser (grammar/nn.y) and the layer between them (parse.c) share.
 *
 * The scanner gives every token of the text. parse.c turns line ends into statement ends or drops them, makes words keywords
 * where they stand as such, closes brackets that were forgotten, and hands the result to the parser. */
#ifndef NNC_PARSE_H
#define NNC_PARSE_H

#include "ast.h"

typedef struct Token {
    int kind; /* the parser's token kinds; single characters stand for themselves */
    Span span;
    const char *text; /* names and strings */
    double number;
} Token;

typedef struct Parser {
    Arena *arena;
    Source *source;
    AstFile *file;
    void *scanner;
    int offset; /* of the scanner in the text */

    Token ahead;  /* the token that the parser has not been given yet */
    int previous; /* the kind of the one that it was given last; 0 at the start */
    struct Open {
        int kind;
        Span span;
    } open[NESTING_MAX];     /* brackets that are open */
    int depth;               /* how many */
    bool target;             /* the statement is a name with its subscripts so far */
    Token held;              /* a token that comes before `ahead`, if has_held */
    bool has_held, closing;  /* closing: forgotten braces come before `held` */
    bool recovering;         /* from a syntax error */
    bool skip_block;         /* the error was at '{': leave out what it holds */
    bool stopped;            /* no more tokens, no more messages */
    int quiet_line;          /* a syntax error on this line is not worth another message */
    int blocks, comma_block; /* braces opened so far; the last where a comma was reported */
} Parser;

/* ---- nn.l */
void *scanner_open(Parser *parser);
Token scanner_next(void *scanner);
void scanner_close(void *scanner);

/* ---- parse.c */
bool is_token_in(int kind, const int *kinds); /* kinds end with 0 */
bool parser_in_bracket(const Parser *p);      /* is the innermost a round or square one? */
/* The keyword that a word at the start of a file's statement was likely meant to be, or NULL. */
const char *parser_likely_keyword(const Parser *p, const char *word);

/* ---- parse_error.c */
void parser_error(Parser *p, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A comma where the end of a line belongs: told once for each block. */
void parser_comma(Parser *p, Span comma, const char *what);
void parser_recovered(Parser *p);
/* A syntax error at `span` where one of `expected` (as the grammar names them) could stand. */
void parser_unexpected(Parser *p, int token, Span span, const char *const *expected, int n);

/* ---- tree building, for the grammar's actions (parse_tree.c) */
AstExpr *make_expr(Parser *p, AstKind kind, Span span);
AstExpr *make_name(Parser *p, AstKind kind, Span span, const char *name);
AstExpr *make_operator(Parser *p, AstOp op, Span span, AstExpr *a, AstExpr *b);
AstExpr *make_if(Parser *p, Span span, AstExpr *condition, AstExpr *yes, AstExpr *no);
/* A call, read or list; works out its depth. */
AstExpr *make_compound(Parser *p, const AstExpr *shape);
AstExpr *make_call(Parser *p, Span span, const char *name, Span name_span, AstDims dims, AstArgs args);
AstArg make_arg(const char *name, Span span, AstExpr *value);
AstStmt *make_stmt(Parser *p, AstStmtKind kind, Span span, const char *name, Span name_span);
AstDef *make_def(Parser *p, AstDefKind kind, Span span, const char *name, Span name_span);
AstPort make_port(const char *name, Span span, const AstDims *dims, AstExpr *index);
/* A block becomes the file's; a second one is an error. */
void take_block(Parser *p, AstBlock *place, const char *what, AstBlock block);
AstSettings settings_of_args(Parser *p, AstArgs args);

#endif
