/* check: what the parts of the check stage share.
 *
 *   check.c          the stage: duplicate names, constants, then the parts below in order
 *   check_number.c   constant expressions
 *   check_call.c     arguments of layers, activations, losses ... against their definitions
 *   check_scope.c    the names that can be seen at a place
 *   check_expr.c     expressions and equations against a scope
 *   check_def.c      definitions
 *   check_cycle.c    definitions made of themselves
 *   check_names.c    what layers are called
 *   check_network.c  layers and equations of a network, and of layers made of layers
 *   check_braces.c   the settings in braces after a layer
 *   check_train.c    the train block
 *   check_data.c     the data block */
#ifndef NNC_CHECK_H
#define NNC_CHECK_H

#include "../runtime/train/number.h"
#include "settings.h"

typedef struct Checker {
    Arena *arena;
    AstFile *file;
    Messages *messages;
    Settings *settings;
} Checker;

/* ---- words and suggestions */

typedef LIST(const char *) Words;

/* "; did you mean 'dense'?" or "". */
const char *did_you_mean(Arena *arena, const char *name, const Words *words);
bool is_word(const char *name, const char *const *words); /* words end with NULL */

const char *with_article(Arena *arena, AstDefKind kind); /* "an activation", "a layer" */

/* A name that is none here: `true`, or a function's? Reports it then. */
bool check_other_word(const AstExpr *e, bool function);

/* The names of all definitions of a kind that a file's text can use. */
void add_definitions(const Checker *c, AstDefKind kind, Words *words);

/* ---- built-in functions: rows of ops.def that have a name */

int function_arguments(const char *name); /* how many; 0: there is no such function */
void add_functions(Words *words, Arena *arena);

/* ---- scopes: check_scope.c */

typedef enum NameKind {
    NAME_VALUE,  /* a tensor: input, parameter, state, result of an equation or a layer */
    NAME_NUMBER, /* an option, a `where` */
    NAME_EXTENT, /* a size bound by a header or a parameter's brackets */
    NAME_STARS,  /* *s in a header; kept as "*s" */
    NAME_INDEX   /* bound in the equation at hand; *s as "*s" */
} NameKind;

typedef enum NameRole { ROLE_PLAIN, ROLE_OPTION, ROLE_WHERE, ROLE_PORT, ROLE_PARAMETER, ROLE_STATES, ROLE_RESULT } NameRole;

enum { RANK_STARS = -1, RANK_UNKNOWN = -2 }; /* any number of indices *s; not known without shapes */

typedef struct Repeat { /* a `repeat` that a name stands in: its copies are called NAME_1, NAME_2, ... */
    int times;
    const struct Repeat *outer;
} Repeat;

typedef struct Name {
    const char *name;
    NameKind kind;
    NameRole role;
    int rank; /* of values, or one of the two above */
    Span span;
    const Repeat *repeat;
    int hidden; /* place of the name that this one hides, or -1 */
    bool used;
    bool result; /* a port that is an output */
    bool set;    /* a value that has been given one */
    bool added;  /* ... by `+=` */
} Name;

/* Words that mean something in some definitions only. */
typedef enum SpecialWords {
    WORD_TRAINING = 1,   /* training, batch: layers */
    WORD_STEP = 2,       /* step: optimizers */
    WORD_EPOCH = 4,      /* epoch, epochs: optimizers, schedules */
    WORD_VALIDATION = 8, /* validation_loss: schedules */
    WORD_FAN = 16        /* fan_in, fan_out: initializers and first values */
} SpecialWords;

typedef struct Scope {
    Checker *c;
    const AstDef *def; /* NULL: the network */
    LIST(Name) names;
    Table places; /* of the names, the last of each */
    unsigned words;
    const Repeat *repeat; /* the innermost, or NULL */
    bool reads;           /* tensors may be read */
    bool whole;           /* ... as a whole, without subscripts */
    bool initializers;    /* initializers may be named */
    bool nothing_above;   /* in a network: no value has been made yet */
} Scope;

Name *scope_find(const Scope *s, const char *name); /* also of a copy, h_2 */
Name *scope_add(Scope *s, Name name);
void scope_cut(Scope *s, int n);                                         /* forgets all but the first n names */
void scope_declare(Scope *s, Name name);                                 /* adds one that must be new; reports it if not */
void scope_extents(Scope *s, const AstDims *dims);                       /* the names in a header's or parameter's brackets */
void scope_extent(Scope *s, const char *name, NameKind kind, Span span); /* one of them */
bool scope_has_const(const Scope *s, const char *name);                  /* a constant of the file */
const char *star_name(Arena *arena, const char *name);                   /* what *name is kept as */
int dims_rank(const AstDims *dims);
void check_rank(const Name *name, Span span, int given); /* are so many subscripts right? Reports it if not */

/* ---- expressions and equations: check_expr.c */

void check_expr(Scope *s, const AstExpr *e);
bool check_above(const Scope *s, const char *name, Span span); /* is it `above`? Reports it where nothing is */
void check_size(Scope *s, const AstExpr *e);                   /* an expression of extents, options and constants */
void check_extents(Scope *s, const AstDims *dims);             /* sizes in a parameter's brackets */
void check_equation(Scope *s, const AstStmt *equation);
void check_first_value(Scope *s, const AstExpr *e); /* of a parameter or state in a definition */

/* ---- calls */

/* Has the call so many arguments, without names? Reports it if not. */
bool check_count(const AstExpr *call, int expected);
/* Matches a call's arguments with inputs and options, or with options only, reports what doesn't fit, and calls `value`
 * (may be NULL) on each argument with the name of the option that it is for. */
typedef void ArgumentValue(void *context, const char *option, const AstExpr *value);
void check_arguments(const Checker *c, const AstExpr *call, const AstDef *def, bool options_only, ArgumentValue *value,
                     void *context);
/* `tanh()` where `tanh` is meant. */
bool check_parentheses(const AstExpr *call);
/* The definition of `kind` that a name or call in settings means, or NULL after an error. */
const AstDef *check_reference(const Checker *c, const AstExpr *e, AstDefKind kind);

/* ---- parts */

void check_definition(Checker *c, const AstDef *def);
void check_cycles(Checker *c);      /* definitions made of themselves: check_cycle.c */
void name_layers(const Checker *c); /* check_names.c */
void check_network(Checker *c);
/* A layer in a network or in a layer's body; declares its name. */
void check_layer(Scope *s, const AstStmt *stmt);
/* What can stand as an activation: an activation, a function of one argument, a layer of one input that needs no sizes. */
bool is_activation(const Checker *c, const AstDef *from, const char *name);
/* The activation or layer that a kind means; NULL: neither, perhaps a built-in function. */
const AstDef *find_activation(const Checker *c, const AstDef *from, const char *name);
void check_option(void *context, const char *option, const AstExpr *value); /* an ArgumentValue; the context is a Scope */
void check_layer_exists(const Scope *s, const char *name, Span span);       /* here or further down */
void check_braces(Scope *s, const AstStmt *stmt, const AstDef *def);
void check_train(Checker *c);
void check_data(Checker *c);

/* ---- values of settings; each reports what it expected and gives false */
bool check_whole(const Checker *c, const AstSetting *setting, double least, double most, double *value);
bool check_positive(const Checker *c, const AstSetting *setting, bool zero_allowed, double *value);
bool check_yes_no(const Checker *c, const AstSetting *setting, bool *value);
/* A number that is no yes or no; `what` it is for. `whole`: '/' rounds down. */
bool check_amount(const Checker *c, const AstExpr *e, const char *what, bool whole, double *value);
/* Repeated and unknown names; `words` are those that exist. */
void check_setting_names(const Checker *c, const AstSettings *settings, const Words *words, const char *where);

#endif
