/* lower_internal: what the files of lower share.
 *
 * lower.c            the programs of a model, stage by stage
 * lower_network.c    networks and layers' bodies: inputs, repeat
 * lower_layer.c      one layer: an instance of its definition
 * lower_shape.c      its shapes
 * lower_param.c      parameters: what stands in a layer's braces
 * lower_equation.c   one equation becomes statements
 * lower_space.c      its indices            lower_statement.c  its statements
 * lower_expr.c       expressions, with
 * lower_number.c     numbers known now      lower_read.c       subscripts, reads
 * lower_reduce.c     reductions             lower_call.c       functions, activations, options
 * lower_sample.c     which values differ from sample to sample
 * lower_start.c      what is kept, and where it starts
 * lower_loss.c       the loss, penalties    lower_update.c     clipping, the optimizer
 * lower_rate.c       the rate, schedules
 * lower_data.c       the data block against the network's shapes
 * lower_data_samples.c  the samples in it: their classes and targets
 * lower_targets.c    what the numbers of targets can be */
#ifndef NNC_LOWER_INTERNAL_H
#define NNC_LOWER_INTERNAL_H

#include "../runtime/train/number.h"
#include "lower.h"
#include "table.h"
#include "tensor_file.h"

typedef enum BindKind {
    BIND_TENSOR, /* a value, parameter or state: tensor */
    BIND_FOLDED, /* a parameter that is one known number everywhere: number */
    BIND_NUMBER, /* an option, a `where`, a constant of the notation: number */
    BIND_EXTENT, /* an extent: number */
    BIND_STAR,   /* *s: dims */
    BIND_SCALAR  /* the argument of a function being expanded: e */
} BindKind;

typedef struct Binding {
    const char *name;
    BindKind kind;
    Tensor *tensor;
    bool transposed; /* read with its two subscripts swapped (tied) */
    bool shared;     /* one number, read with no subscripts */
    int rank;        /* of a parameter as its layer declares it, when shared or folded */
    int dim[RANK_MAX];
    double number;
    int count; /* of dims, for stars */
    const Expr *e;
    const char *layer_kind; /* of a value: what made it, "softmax" */
    const char *suffix;     /* of the repeat's copy that bound it */
    Span where;             /* of an extent: the statement that said it */
} Binding;

/* What names mean in one layer's body (or the network, or another definition). Bodies do not see the scope of their user. */
typedef struct Scope {
    LIST(Binding *) list;
    Table by_name;      /* the last of each name in the list; stars apart */
    const char *prefix; /* of C names: "h", "r_a", "" in the network */
    const char *label;  /* of the user's names: "h", "r.a" */
    bool network;
    LIST(const char *) sampled; /* values of the body that differ from sample to sample, bound already or not */
    const char *output_kind;    /* of an instance whose output is given by a layer in its body: that layer's kind */
} Scope;

/* The indices of the equation being lowered. Expressions over it use positions in ix[]; a name may stand for an affine
 * combination (n*g + k, where the text divides it by n). */
typedef struct SpaceName {
    const char *name;
    Affine a;
    int extent;
    const char *star; /* bound by *star: reads under the star's name only */
    bool whole;       /* of one dimension of whole values: has no name of its own */
} SpaceName;

typedef struct Space {
    Index ix[INDEX_MAX];
    int n;
    int batch;       /* position of the batch's index, -1 without */
    unsigned closed; /* bit k: index k belonged to a reduction that is finished */
    LIST(SpaceName) names;
} Space;

typedef struct Penalty { /* l1 * sum |w| + l2 * sum w^2 */
    Tensor *param;
    double l1, l2;
} Penalty;

typedef struct Drawing { /* does the definition call random(), itself or through others? */
    const AstDef *def;
    bool draws;
} Drawing;

typedef struct Named { /* a parameter by the user's name for it: h.weight */
    const char *label;
    Binding binding;
} Named;

typedef struct Fans { /* fan_in, fan_out */
    double in, out;
} Fans;

typedef struct Lower {
    Arena *arena;
    const AstFile *file;
    const Settings *settings;
    const LowerOptions *options;
    Model *model;
    Messages *messages;
    Program *p;
    Scope *scope;
    Space *space;
    bool training, first_pass;
    int batch;               /* of the program being made; 1: no batch dimension */
    int branch;              /* > 0 inside a branch of `if`, min, max: nothing is hoisted out of it */
    int sites;               /* of random() in this program */
    LIST(Drawing) drawing;   /* as far as it was asked for */
    const Space *expanded;   /* the equation whose calls of activations and initializers are counted ... */
    int expansions;          /* ... here */
    const char *hint;        /* names for statements split off the equation being lowered */
    int layers;              /* made in this program */
    Span origin;             /* of the equation being lowered, in the user's file where possible */
    Span user;               /* the innermost place in the user's network that led here */
    Tensors next;            /* the next values that a step of this program makes */
    LIST(Penalty) penalties; /* one row for each learned parameter */
    Tensors persistent;      /* of all passes */
    Table persistent_labels; /* by role and label */
    Table persistent_names;  /* C names */
    LIST(Named) params;      /* of this pass, for tied( ) */
    const char *suffix;      /* "_2" in the second copy of a repeat, NULL outside */
    int copies;              /* of the repeats around, multiplied; 0 outside */
    TensorFiles files;       /* read so far */
    Fans fans;               /* of what is being initialized, 0 outside */
} Lower;

/* ---- lower.c */
/* A number given at run time: n, step, epoch, epochs, validation_loss. */
Tensor *lower_scalar(Lower *l, const char *name);
bool lower_is_run_time(const char *name); /* one that the text may name */
const char *lower_fixed_name(const Lower *l, const char *name);

/* ---- lower_data.c */
bool lower_check_data(Lower *l);                /* the data block against the network's shapes */
bool lower_check_class_axis(Lower *l, Span at); /* one class to a sample: is the output one number for each class? */
int lower_class_count(const Model *m);          /* that the output tells apart; 0: its numbers are no classes */

/* ---- lower_targets.c: Model.target, in the program of the loss; then the samples of the data block beside it */
void lower_declared_target(Lower *l, const AstDef *loss);  /* where the loss's options are bound */
void lower_reached_target(Lower *l, const Tensor *output); /* where the loss is lowered, and nothing is simplified yet */
bool lower_check_targets(Lower *l);

/* ---- lower_data_samples.c */
bool lower_data_samples(Lower *l); /* the targets of those written in the data block, and their classes */
Tensor *lower_tensor(Lower *l, Role role, const char *c_name, const char *label, bool per_sample, int rank, const int *dim,
                     Span origin);
Scope *scope_new(Lower *l, const char *prefix, const char *label);
Binding *find_binding(const Scope *scope, const char *name, bool star);
/* What check has found under the name, or NULL: it could not be made, which has been said. */
Binding *made_value(const Lower *l, const char *name);
const Binding *bound_star(const Lower *l,
                          const char *name); /* what *name stands for; check has seen that the header binds it */
Binding *add_binding(Lower *l, Scope *scope, const char *name, BindKind kind);
/* A constant of the file, or a definition, as the text at `at` sees it: the prelude knows of neither constants nor definitions
 * of the user's. */
const double *lower_const(const Lower *l, const char *name, Span at);
const AstDef *lower_find(const Lower *l, AstDefKind kind, const char *name, Span at);
char *scope_tensor_name(Lower *l, const Scope *scope, const char *name);
char *scope_tensor_label(Lower *l, const Scope *scope, const char *name);
/* How many dimensions a tensor has without the batch, and the k-th of them. */
int value_rank(const Tensor *t);
int value_dim(const Tensor *t, int k);
const char *dims_text(Arena *arena, const int *dim, int rank); /* "[3, 4]" */
const char *counted(Arena *arena, int n, const char *what);    /* "1 subscript", "2 subscripts" */
/* A value of this program (with the batch in front if per_sample), bound in the scope under `name` unless that is NULL. */
Tensor *lower_value(Lower *l, const char *c_name, const char *label, bool per_sample, int rank, const int *dim, Span origin);
/* The next value of a persistent tensor. */
Tensor *lower_next(Lower *l, Tensor *of);
/* Points at the user's text: `at` itself if it is in the user's file, else the place in the network that led here, with `at` as
 * a note. */
void lower_error(const Lower *l, Span at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- lower_space.c */
/* A new space; its first index is the batch's if `sampled`. */
void space_open(Lower *l, bool sampled);
int space_index(Lower *l, const char *name, int extent); /* a new index, not yet named; -1 after an error */
bool space_batch(Lower *l);                              /* the batch's, from here on */
void space_name(Lower *l, SpaceName name);
const SpaceName *space_find(const Lower *l, const char *name); /* the last index bound by that name, or NULL */
/* A new index for each dimension of a value without its batch; sub[k] is the k-th. False after an error. */
typedef enum IndexNames { LETTERS, NUMBERED } IndexNames; /* i, j, k ... or i0, i1, i2 ... */
bool space_elements(Lower *l, IndexNames names, const int *dim, int rank, Sub *sub);
void space_name_whole(Lower *l, const int *dim, int rank, const Sub *sub); /* whole values are read at these indices */
const Sub *space_subs(Lower *l, bool sampled, const Sub *sub, int rank);   /* a copy, with the batch in front if `sampled` */
/* The extent of an index: its range, else what is known from where it stands, else the extent of that name, else the dimension
 * where it stands alone in a read of `body`. 0 after an error. */
int lower_extent(Lower *l, const char *name, const AstExpr *range, int known, const AstExpr *body, Span at);

/* ---- lower_number.c: false after an error */
/* integer: '/' rounds down */
bool lower_number(Lower *l, const AstExpr *e, bool integer, double *number);
bool lower_named_number(Lower *l, const AstExpr *e, double *number);
bool lower_size_number(Lower *l, const AstExpr *e, double *number); /* size(i), size(o), size(*s) */
bool lower_size(Lower *l, const AstExpr *e, int low, int *size);

/* ---- lower_expr.c and its parts: NULL or false after an error */
const Expr *lower_expr(Lower *l, const AstExpr *e);
/* lower_read.c */
bool lower_affine(Lower *l, const AstExpr *e, Affine *a);
int binding_shape(const Binding *b, int *dim);                              /* as it is read; gives the rank */
const Expr *lower_read(Lower *l, const AstExpr *e, const double *pad);      /* x[...]; pad: the value outside, or NULL */
const Expr *lower_read_whole(Lower *l, const AstExpr *e, const Binding *b); /* x, where whole values are read */
const Expr *lower_read_binding(Lower *l, const Binding *b, const Sub *sub, Span at);
/* lower_reduce.c, lower_call.c */
const Expr *lower_reduction(Lower *l, const AstExpr *e);
const Expr *lower_call(Lower *l, const AstExpr *e);
bool lower_is_activation(const Lower *l, const AstExpr *call); /* or a function of one argument, unless a layer hides it */
/* Of one that is; the call's options come after `inputs` arguments. */
const Expr *lower_activation(Lower *l, const AstExpr *call, int inputs, const Expr *argument);
/* The formula of an initializer; *value is what its `option` is, unless that is NULL. */
const Expr *lower_initializer(Lower *l, const AstExpr *call, const AstDef *def, const char *option, double *value);
/* The k-th input of a definition in a call: by position or by name; NULL if it isn't given. */
const AstExpr *lower_argument(const AstDef *def, const AstExpr *call, int k);
/* What a call gives for the k-th option after `inputs` arguments, or NULL. */
const AstExpr *lower_option(const AstDef *def, const AstExpr *call, int inputs, int k);
/* Binds the options of a definition in `scope` that are not bound there: after `inputs` arguments in declared order, then by
 * name. */
bool lower_options(Lower *l, const AstDef *def, const AstExpr *call, int inputs, Scope *scope);

/* ---- lower_statement.c: `reduced` are indices of the space (bit k: index k) */
/* to[lhs] = e over the indices of the space that occur in them. */
Stmt *lower_set(Lower *l, Tensor *to, const Sub *lhs, const Expr *e);
/* A statement of its own for the expression, over the indices that it uses; the result reads it. The suffix is for its name. */
const Expr *lower_own(Lower *l, const Expr *e, const char *suffix);
const Expr *lower_own_over(Lower *l, unsigned indices, const Expr *e, const char *suffix); /* with an index for each of these */
const Expr *lower_reduced(Lower *l, const Expr *e, Reduce reduce, unsigned reduced, const char *suffix);
const Expr *lower_settle(Lower *l, const Expr *e); /* what is costly becomes a read of its own statement; NULL stays NULL */
const Expr *lower_random(Lower *l);                /* a draw for each element of the space */

/* ---- lower_equation.c */
void lower_equation(Lower *l, const AstStmt *eq);
/* Declares what an equation defines, when its shape can be told already; so that equations can read what stands below. */
void lower_declare(Lower *l, const AstStmt *eq);

/* ---- lower_sample.c */
/* Lists the body's values that differ from sample to sample, whatever the order in which they stand. */
void lower_find_sampled(Lower *l, const AstStmts *body, const Binding *above);
bool lower_is_sampled(Lower *l, const AstStmt *eq);   /* the equation's, in a program with a batch? */
bool lower_call_draws(Lower *l, const AstExpr *call); /* does the layer or activation call random()? */

/* ---- lower_network.c, lower_layer.c */
/* The network on the program l->p; gives the output's binding, NULL after errors. */
Binding *lower_network(Lower *l);
struct Braces;
/* One statement `kind name[sizes] activation from ... { }`: gives the value's binding in the current scope. */
Binding *lower_layer(Lower *l, const AstStmt *stmt, Binding *above, struct Braces *outer);
/* Statements of the network or of a layer's body, from `above` on; gives the last value. */
Binding *lower_body(Lower *l, const AstStmts *body, Binding *above, struct Braces *braces);

/* ---- lower_shape.c: false after an error */
typedef struct Sizes { /* what the user wrote in brackets */
    int n, at[RANK_MAX];
} Sizes;
bool lower_sizes(Lower *l, const AstStmt *stmt, Sizes *sizes);
/* Matches a definition's port x[*s, i], or ids[*s]: index(v), with a value: binds the names that are still free. */
bool lower_match(Lower *l, const AstPort *port, const Binding *value, const char *what);
bool lower_match_index(Lower *l, const AstPort *port, const Binding *value, const char *what);
/* The shape of an instance's output, once its inputs are matched; binds all names of sizes. */
bool lower_shape(Lower *l, const AstStmt *stmt, const AstDef *def, const Sizes *sizes, int *dim, int *rank);

/* What a layer that is nothing but equations makes of a value of this shape. */
Nature lower_layer_nature(const Lower *l, const AstDef *def, const Tensor *like);

/* ---- lower_param.c */
/* What the braces after a layer say about its parameters, with the path from the network's layer to here. */
typedef struct Braces {
    const AstSettings *settings; /* what stands in the braces */
    bool *used;                  /* for each of them: it named something */
    const char *name;            /* of this instance in the outer layer's body: outer settings are name.weight */
    struct Braces *outer;
} Braces;
void lower_param(Lower *l, const AstStmt *param, Braces *braces);
void lower_state(Lower *l, const AstStmt *state);
Braces *lower_braces(Lower *l, const AstSettings *settings, const char *name, Braces *outer);
/* What stands in them and was about nothing is an error. */
void lower_braces_done(Lower *l, const Braces *braces, const AstDef *def);

/* ---- lower_start.c */
/* A persistent tensor: made on the first pass, found again on later ones; added to the program that is being made. */
Tensor *lower_persistent(Lower *l, Role role, const char *c_name, const char *label, int rank, const int *dim, Span origin,
                         bool *made);
/* Adds the start value of t to the init program: an initializer's or a number, or a copy of a constant. */
void lower_start(Lower *l, Tensor *t, const AstExpr *value, Fans fans);
void lower_start_number(Lower *l, Tensor *t, double value);
void lower_start_read(Lower *l, Tensor *t, Tensor *constant);
Fans lower_fans(Lower *l, const char *name, int rank, const int *dim); /* of a parameter */
bool lower_is_bias(const char *name, int rank); /* bias, bias_hh, in_proj_bias: no penalty, and its layer's weight's fans */
/* What is put aside while statements go to another program, whose sites of random() are numbered apart. */
typedef struct Aside {
    Program *p;
    Space *space;
    int sites, branch, batch;
    const char *hint;
    bool training;
    Tensors next;
} Aside;
enum { INIT_SITES = 1 << 20, EPOCH_SITES = 1 << 21 };
Aside lower_enter(Lower *l, Program *p, int first_site);
void lower_leave(Lower *l, Aside aside);

/* ---- lower_loss.c */
Tensor *lower_loss(Lower *l, const Binding *output);                     /* the mean over the batch */
Tensor *lower_penalty(Lower *l, Tensor *loss);                           /* + l1, l2 */
const Expr *lower_norm(Lower *l, Tensor *t, Op how, const char *suffix); /* the sum of |t|, for OP_ABS, or of t^2 */

/* ---- lower_rate.c */
/* What an optimizer's `rate` stands for: a number, or a tensor that a schedule or the trainer sets. */
const Expr *lower_rate(Lower *l, const AstExpr *value, Span at);
Tensor *lower_kept_scalar(Lower *l, const char *name); /* epoch, epochs, validation_loss outside of a schedule */

/* ---- lower_update.c */
void lower_optimizer(Lower *l); /* adjoints -> next parameters and states */
void lower_keep_live_states(Lower *l);
/* The statements of an optimizer's or a schedule's body, on elements of rank and dim; `all` are their subscripts. */
void lower_rule(Lower *l, const AstStmts *body, const Sub *all, int rank, const int *dim);
/* Opens a space with an index for each dimension of t, at which whole values are read; their subscripts. */
const Sub *lower_elements(Lower *l, const Tensor *t);
#endif
