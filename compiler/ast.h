/* ast: the tree that the parser builds from a .nn file, and nothing more.
 *
 * The parser checks no names and no shapes. Every node has a span. Lists are LIST(...) of arena.h; absent parts are NULL or
 * empty. The prelude and imported files are merged into the same File: a definition of the user's hides the prelude's. */
#ifndef NNC_AST_H
#define NNC_AST_H

#include "source.h"
#include "table.h"

/* ---- expressions */

typedef enum AstKind {
    AST_NUMBER, /* number */
    AST_STRING, /* name: the text without quotes, escapes resolved */
    AST_NAME,   /* name; may be dotted: "h.weight" */
    AST_UNARY,  /* op (OP_NEG or OP_NOT), args[0] */
    AST_BINARY, /* op, args[0], args[1] */
    AST_IF,     /* if args[0] then args[1] else args[2] */
    AST_CALL,   /* name[dims](args): a function, reduction, activation, initializer, schedule ...; dims only for reductions */
    AST_READ,   /* name[dims] */
    AST_LIST,   /* [args] */
    AST_RANGE,  /* args[0] .. args[1], both ends in */
    AST_STAR    /* *name: only as the argument of size(*s) */
} AstKind;

typedef enum AstOp {
    AST_ADD,
    AST_SUB,
    AST_MUL,
    AST_DIV,
    AST_MOD,
    AST_POW,
    AST_NEG,
    AST_LT,
    AST_LE,
    AST_GT,
    AST_GE,
    AST_EQ,
    AST_NE,
    AST_AND,
    AST_OR,
    AST_NOT
} AstOp;

typedef struct AstExpr AstExpr;

typedef struct AstArg {
    const char *name; /* NULL when positional */
    Span name_span;
    AstExpr *value;
} AstArg;
typedef LIST(AstArg) AstArgs;

/* One entry of the brackets after a name: a subscript, a reduction's range, an extent.
 *   x[i]        value                  x[2*i + k]   value
 *   [k: 3*j]    name "k", range        [k]          value (a name)
 *   [*s]        star, name "s"         [*p: 2]      star, name, range */
typedef struct AstDim {
    bool star;
    const char *name; /* set for stars and for entries with a range */
    AstExpr *value;   /* the subscript or extent; NULL for stars and entries with a range */
    AstExpr *range;   /* after ':' */
    Span span;
} AstDim;
typedef LIST(AstDim) AstDims;

struct AstExpr {
    AstKind kind;
    AstOp op;
    Span span;
    Span name_span; /* of the name alone in calls and reads */
    const char *name;
    double number;
    AstArgs args; /* operands, arguments, list items; only calls have named ones */
    AstDims dims;
    int nesting; /* levels below and with this one, a row of operators counting as one; at most NESTING_MAX */
    int height;  /* of the tree itself; at most HEIGHT_MAX, so that the stages may recurse */
};

enum { NESTING_MAX = 256, HEIGHT_MAX = 1000 };

/* Calls visit on every read and every name in e, which may be NULL. */
typedef void AstVisit(const AstExpr *e, void *context);
void ast_reads(const AstExpr *e, AstVisit *visit, void *context);

/* A name alone, as in `loss = mse`, is a call without arguments. */
AstExpr ast_as_call(const AstExpr *e);

/* The name in [k] or [k: 3], NULL in others. */
const char *ast_dim_name(const AstDim *dim);

/* Whether a call was written with empty parentheses, as in `tanh()`. */
bool ast_empty_parentheses(const AstExpr *call);

/* ---- statements: in a network, a layer, an optimizer or a schedule */

typedef enum AstStmtKind {
    AST_INPUT,    /* input name[dims] : index(value) */
    AST_OUTPUT,   /* output name (in `name`) */
    AST_LAYER,    /* call name[dims] activation from sources { settings } */
    AST_EQUATION, /* name[dims] assign value */
    AST_REPEAT,   /* repeat value { body } */
    AST_PARAM,    /* param name[dims] = value */
    AST_STATE,    /* state name[dims] = value */
    AST_WHERE,    /* where name = value */
    AST_REQUIRE   /* require value, message */
} AstStmtKind;

typedef enum AstAssign { ASSIGN_SET, ASSIGN_ADD, ASSIGN_NEXT } AstAssign; /* =  +=  <- */

typedef struct AstSetting { /* name = value, in braces after a layer, in train and in data; name may be dotted */
    const char *name;
    Span name_span;
    AstExpr *value;
} AstSetting;
typedef LIST(AstSetting) AstSettings;

typedef struct AstSource { /* a name after `from` */
    const char *name;
    Span span;
} AstSource;
typedef LIST(AstSource) AstSources;

typedef struct AstStmt AstStmt;
typedef LIST(AstStmt *) AstStmts;

struct AstStmt {
    AstStmtKind kind;
    Span span;
    const char *name; /* of a layer without one NULL, and from check on its kind and a number */
    bool unnamed;     /* ... which is no name that the file has */
    Span name_span;
    AstDims dims; /* empty: no brackets were written */
    AstAssign assign;
    AstExpr *value;
    const char *message; /* of require */

    /* layers. A single word after the kind, without brackets or options (`dense tanh`, `dense h`), is put into `name` with
     * `activation` NULL; whether it names an activation is decided by check, which then moves it. */
    AstExpr *call;       /* AST_CALL: kind and options */
    AstExpr *activation; /* AST_CALL or NULL */
    AstSources from;
    AstSettings settings;
    bool has_settings;
    AstStmts body; /* of repeat */
};

/* ---- definitions */

typedef enum AstDefKind {
    DEF_ACTIVATION,
    DEF_LOSS,
    DEF_LAYER,
    DEF_OPTIMIZER,
    DEF_SCHEDULE,
    DEF_INITIALIZER,
    DEF_KINDS
} AstDefKind;

/* One input or output of a definition: x[*s, i], ids[*s]: index(v), y[*s, i] from softmax, t[*s] in [0, 1] */
typedef struct AstPort {
    const char *name;
    Span span; /* of all of it */
    AstDims dims;
    AstExpr *index;   /* after `: index(...)`: the number of values, or a name bound to it */
    const char *from; /* losses: the layer kind this value must come from, or NULL */
    Span from_span;
    AstExpr *range; /* losses: after `in`, what the target can be, or NULL */
} AstPort;
typedef LIST(AstPort) AstPorts;

typedef struct AstOption {
    const char *name;
    Span span;
    AstExpr *value; /* the default, NULL: required */
} AstOption;
typedef LIST(AstOption) AstOptions;

typedef struct AstDef {
    AstDefKind kind;
    int number; /* position in the file's list */
    Span span;  /* the header */
    const char *name;
    Span name_span;
    AstPorts inputs;    /* before the ';' in the parentheses */
    AstOptions options; /* after it; for initializers and others whose header has no ';' see `check` */
    AstPorts outputs;   /* after '->' */
    AstExpr *value;     /* the form with '=' */
    AstExpr *derivative;
    AstStmts body; /* the form with braces */
    bool has_body;
    bool prelude;
} AstDef;
typedef LIST(AstDef *) AstDefs;

/* ---- a file */

typedef struct AstConst {
    const char *name;
    Span span; /* of the name */
    AstExpr *value;
} AstConst;
typedef LIST(AstConst) AstConsts;

typedef struct AstSample { /* [1, 2], [3] -> [4]   or   [5.1, 3.5] -> setosa */
    AstArgs inputs;
    AstExpr *target;
    Span span;
} AstSample;
typedef LIST(AstSample) AstSamples;

typedef struct AstBlock { /* network, train or data */
    bool present;
    Span span;        /* the header */
    const char *name; /* the network's */
    Span name_span;
    AstSettings options;  /* network NAME (real = f64) */
    AstStmts body;        /* the network's */
    AstSettings settings; /* train, data */
    AstSamples samples;   /* data */
} AstBlock;

typedef struct AstImport {
    const char *path;
    Span span;
} AstImport;
typedef LIST(AstImport) AstImports;

typedef struct AstFile {
    Source *source;
    AstImports imports;
    AstConsts consts;
    AstDefs defs;    /* the user's, then imported ones, then the prelude's */
    Table def_names; /* by kind; by DEF_KINDS + kind the prelude's alone. Filled by ast_index */
    AstBlock network, train, data;
    LIST(const char *) read; /* the files that all this was read from */
} AstFile;

/* What the next two look into; to be called once all definitions are there. */
void ast_index(Arena *arena, AstFile *file);

/* The definition of `kind` called `name`, or NULL. The user's hide the prelude's; a layer of the user's hides an activation of
 * the prelude's and the other way round, since these share their names. */
AstDef *ast_find(const AstFile *file, AstDefKind kind, const char *name);

/* The same as seen from inside the definition `from` (NULL: from the network): one of the prelude's means the prelude's. */
AstDef *ast_find_from(const AstFile *file, const AstDef *from, AstDefKind kind, const char *name);

/* Do the sizes of a layer's inputs give all of its output's? */
bool ast_needs_no_sizes(const AstDef *layer);

/* The place of a setting of a block, for messages: its name and its value; without the setting the block's. */
Span ast_setting_span(const AstBlock *block, const char *name);

/* "layer", "activation", ... */
const char *ast_def_kind_name(AstDefKind kind);

/* "+", "<=", "and", ... and how tightly it binds (larger is tighter). */
const char *ast_op_text(AstOp op);
int ast_op_precedence(AstOp op);

/* What it gives for two numbers, or for the first; `whole`: '/' rounds down. */
double ast_op_value(AstOp op, double a, double b, bool whole);

/* The constants of the notation: pi, inf, yes, no. */
extern const char *const ast_constant_names[]; /* end with NULL */
bool ast_constant(const char *name, double *value);

/* The reductions of the notation, written with brackets: sum[i](...). */
typedef enum AstReduction { AST_SUM, AST_MEAN, AST_MAX, AST_MIN, AST_PROD, AST_REDUCTIONS } AstReduction;
AstReduction ast_reduction(const char *name); /* AST_REDUCTIONS: it is none */

/* ---- ast_print.c: the tree as text of the language, comments and layout apart; for `-d parse` */

void ast_print(const AstFile *file, FILE *to);

/* ---- parse: grammar/nn.l, grammar/nn.y */

/* Does the word begin a statement of a body, as `param` does? */
bool parse_begins_statement(const char *word);

/* Parses one source and adds what it holds to `file`. Errors go to the source's messages; what could be parsed is kept. */
void parse_source(Arena *arena, Source *source, AstFile *file);

/* The definitions of the prelude alone. */
AstFile *parse_prelude(Arena *arena, Messages *messages);

/* Parses the user's file, what it imports, and the prelude. NULL if a file can't be read (already reported). */
AstFile *parse_file(Arena *arena, Messages *messages, const char *path);

#endif
