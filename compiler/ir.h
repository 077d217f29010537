/* ir: a network as a tensor program.
 *
 * A Program is a set of equations (statements) between tensors in index notation. Nothing in it knows what a layer is. The
 * order in which statements are listed means nothing, except among several `+=` of one tensor; the order of execution is
 * computed (order.c). docs/ir.md describes the printed form.
 *
 * Invariants, which verify() checks after every stage:
 *  1. An index of a statement is a position in ix[]: first the nout left-hand indices, each of which occurs in a left-hand
 *     subscript, then the nred reduced ones, none of which does. Names are for printing only.
 *  2. Left-hand subscripts without a gather are injective on the box of indices (two index points never write one element).
 *  3. Where all guards hold, every read that is not padded is in range, and so is the element written.
 *  4. Where a guard fails the point contributes nothing and nothing is read; an element of which no point is left is still
 *     written by `=`: 0, or -inf of a max, inf of a min, and 0 of an argmax. A padded read outside its tensor has the value
 *     `pad`. A pad is a value, a guard is a domain.
 *  5. A tensor that is computed has either one `=` that covers it, or several `=` that cover it together without overlap, or a
 *     covering `=` (listed first, usually `= 0`) followed by `+=`s, which are added in the listed order.
 *  6. A tensor with one slice for each sample has the batch as dimension 0. Its index is an ordinary one, marked `batch`; at
 *     run time it goes to the number of samples in this batch, which the program reads as the scalar tensor `n`.
 *  7. Persistent tensors (parameters, states) are never written; an update writes the tensor's `next`, another tensor, which
 *     takes its place after the step. It may share its storage when all readers of the old one come first (order sees to it).
 */
#ifndef NNC_IR_H
#define NNC_IR_H

#include "../runtime/train/range.h"
#include "source.h"
#include "table.h"
#include <stdint.h>

enum { RANK_MAX = 9, INDEX_MAX = 20, TERM_MAX = INDEX_MAX, GUARD_MAX = 16 };

/* ---- scalars */

typedef enum Op {
    OP_NUM,    /* num */
    OP_VAL,    /* the affine value of indices, as a number */
    OP_READ,   /* an element of a tensor */
    OP_RANDOM, /* a draw from [0, 1): always the root of a statement; num is the site's number, unique in the model */
#define OPERATION(id, ...) OP_##id,
#include "ops.def"
#undef OPERATION
    OP_COUNT
} Op;

/* (sum of coef * index + c) / den. Terms are sorted by index, none has coefficient 0. den is 1 except between place and split.
 */
typedef struct Affine {
    int n;
    struct {
        int index, coef;
    } t[TERM_MAX];
    int c, den;
} Affine;

typedef struct Tensor Tensor;
typedef struct Expr Expr;

typedef struct Sub { /* one subscript: an affine map, or the value of an integer tensor (gather) */
    Affine a;
    const Expr *gather; /* OP_READ of an integer tensor, or NULL */
} Sub;

typedef struct Access { /* tensor->rank subscripts, never changed once made */
    Tensor *tensor;
    const Sub *sub;
} Access;

/* Hash-consed within a program: equal expressions are the same pointer. Never changed once made. */
struct Expr {
    Op op;
    int nargs;
    const Expr *arg[3];
    double num;    /* OP_NUM, OP_RANDOM */
    Affine affine; /* OP_VAL */
    Access read;   /* OP_READ */
    bool padded;
    double pad;
    unsigned indices; /* bit k: index k is used somewhere in it */
    unsigned id;      /* counts up in order of creation: a deterministic order, arguments before what uses them */
};

/* ---- tensors */

typedef enum Role {
    ROLE_INPUT,     /* the caller's x */
    ROLE_TARGET,    /* the caller's t */
    ROLE_PARAM,     /* learned; persistent */
    ROLE_STATE,     /* kept and saved, not learned; persistent */
    ROLE_OPTIMIZER, /* an optimizer's or a schedule's state; persistent */
    ROLE_RATE,      /* set by the schedule, once an epoch, or by the trainer; rank 0; persistent */
    ROLE_CONSTANT,  /* known at compile time: values */
    ROLE_SCALAR,    /* rank 0, given at run time: n, step, epoch, epochs, validation_loss */
    ROLE_VALUE,     /* computed in forward */
    ROLE_GRADIENT,  /* the adjoint of another tensor, or a step on the way to it */
    ROLE_NEXT       /* the next value of a persistent tensor */
} Role;

struct Tensor {
    const char *name;  /* unique, a C identifier: h_weight, h_z, d_h_z */
    const char *label; /* as users know it: h.weight */
    Role role;
    int rank, dim[RANK_MAX];
    bool per_sample; /* dimension 0 is the batch */
    bool integer;    /* holds whole numbers 0 .. values_below-1: index inputs, positions of maxima */
    int values_below;
    int offset;           /* inputs and targets: where it starts in one sample's numbers */
    const double *values; /* constants: row-major */
    Tensor *adjoint;      /* the gradient of the loss with respect to this tensor, once grad has made it */
    Tensor *first;        /* of a max or min: row-major number of the first reduced point that reaches it */
    Tensor *next_of;      /* ROLE_NEXT: the persistent tensor that it replaces */
    Span origin;
    int number; /* computed ones: position in the program's list; others: in the model's */
    int slot;   /* scratch of the stage that runs */
};
typedef LIST(Tensor *) Tensors;

/* ---- statements */

typedef enum Reduce { REDUCE_NONE, REDUCE_SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_ARGMAX, REDUCE_ARGMIN } Reduce;
extern const char *const reduce_names[]; /* as they are printed */

typedef struct Index { /* lo <= index < hi */
    const char *name;
    int lo, hi;
    bool batch;
} Index;

typedef struct Guard { /* lo <= a < hi */
    Affine a;
    int lo, hi;
} Guard;

typedef struct Builtin { /* builtin.c: an initializer that is no formula of one element */
    const char *name;    /* in the prelude, and of its units in runtime/model */
    const char *option;  /* of the definition: the number that the unit takes */
    int least_rank;
    void (*run)(double *a, size_t rows, size_t cols, double option);
} Builtin;
const Builtin *builtin_named(const char *name); /* or NULL */

/* to[lhs] = reduce[ix[nout..]](e) where guards;  or += . reduce is REDUCE_NONE exactly if nred is 0. An argmax is the row-major
 * number of the point in the box of the reduced indices (extents hi - lo, for the batch too), of the first of equals. */
typedef struct Stmt {
    Tensor *to;
    const Sub *lhs; /* to->rank of them */
    bool add;
    Reduce reduce;
    int nout, nred;
    Index ix[INDEX_MAX];
    int nguard;
    const Guard *guard; /* nguard of them, never changed once made */
    const Expr *e;
    /* A hand-written derivative (language: `derivative`): d e / d derivative_of, where derivative_of is the one read in e that
     * carries a derivative. NULL: derived. */
    const Expr *derivative, *derivative_of;
    const Builtin *builtin; /* NULL, or done to the whole of `to` once the statement has run, in init only */
    double option;          /* the builtin's */
    Span origin;
    bool prelude;     /* written there: its bounds against rounding go where nothing rounds */
    const char *note; /* a word for the reader, or NULL */
    int number;
} Stmt;
typedef LIST(Stmt *) Stmts;

/* ---- programs */

typedef struct Scan Scan;
typedef struct Item { /* one of the two */
    Stmt *stmt;
    Scan *scan;
} Item;
typedef LIST(Item) Items;

typedef struct ScanMember {
    Stmt *stmt;
    int index; /* the one that is fixed to the step */
} ScanMember;
typedef LIST(ScanMember) ScanMembers;

/* A recurrence: for step in lo..hi-1 (or downwards), run the body with each member's index fixed to step (a member whose range
 * does not hold the step is skipped). Bodies may hold scans over further indices. */
struct Scan {
    const char *name;
    int lo, hi;
    bool down;
    Items body;
    ScanMembers members; /* all statements within, at any depth */
};

/* What a program is for. Copies and rewritten versions of it are for the same: ask for the role, never which pointer it is. */
typedef enum ProgramRole {
    PROGRAM_OTHER,   /* a test's, or one that a stage makes for itself */
    PROGRAM_INIT,    /* the start values */
    PROGRAM_PREDICT, /* one sample's output */
    PROGRAM_PROBE,   /* every layer's output of one sample */
    PROGRAM_LOSS,    /* one sample's loss */
    PROGRAM_TRAIN,   /* a step */
    PROGRAM_AHEAD,   /* of a block of samples: before the first step, */
    PROGRAM_EACH,    /* ... each step, */
    PROGRAM_SETTLE,  /* ... after the last one */
    PROGRAM_GRADIENT,
    PROGRAM_EPOCH /* schedules */
} ProgramRole;

typedef struct Program {
    Arena *arena;
    ProgramRole role;
    const char *name; /* predict, train, ... */
    Tensors tensors;  /* this program's own (values, gradients) and every persistent one it mentions */
    Stmts stmts;
    Tensors roots; /* what must be computed: the rest is dead */
    Items order;   /* filled by order() */
    int batch;     /* largest number of samples in one run; 1: tensors have no batch dimension */
    bool final;    /* no derivative will be asked for any more: simplify drops stop_gradient. Set by grad, or by lower */
    struct ExprTable *table; /* every expression once */
    Table places;            /* of tensors in their list, by name */
} Program;

/* What each element of a value is, told by the equations. */
typedef enum Nature {
    NATURE_OTHER,
    NATURE_SOFTMAX, /* exp(u) / sum(exp(u)) over the last dimension */
    NATURE_SIGMOID  /* 1 / (1 + exp(-u)) */
} Nature;

typedef struct Interval { /* both ends belong to it */
    double lo, hi;
} Interval;

/* What a .nn file becomes: the persistent tensors, and a program for each thing that can be done. Programs not wanted are NULL.
 */
typedef struct LayerInfo { /* one line of `nnc show` */
    const char *name, *kind, *activation;
    Span span;
    Tensor *output;
    int first_param, params; /* range in Model.params */
} LayerInfo;

typedef struct Model {
    const char *name;
    const char *scaled; /* what the trainer makes of the data's inputs before the network sees them, in words; NULL: nothing */
    bool f64, trains;
    int batch;
    int inputs, outputs; /* numbers in a sample and in its output (= in its target) */
    Tensors params;      /* learned, in the .nn's order */
    Tensors states;      /* layers' states and frozen parameters that are not constant */
    Tensors optimizer;   /* optimizer and schedule states */
    Tensors rates;       /* ROLE_RATE */
    Tensor *start_rate;  /* the rate that the trainer may set (one of rates), or NULL: it is a literal */
    double rate;         /* the rate to start from, as the text says */
    LIST(LayerInfo) layers;
    LIST(Tensor *) input_list; /* for names and shapes; offsets in Tensor */
    Tensor *output;            /* of predict */
    Nature nature;             /* of the output */
    bool class_output;         /* the output is a softmax over its last dimension */
    bool binary_output;        /* the output is one number made by a sigmoid */
    bool target_is_inputs;
    Interval reach;             /* of the output's elements: between which numbers they lie */
    TargetRange target;         /* what the numbers of targets can be */
    LIST(const char *) classes; /* in the outputs' order: those that the data block names, or that its samples have; or none */
    const double *sample_targets; /* of the samples written in the data block, `outputs` numbers each; NULL: none are */
    bool sees_batch;              /* a layer reduces over the batch, or asks for its size */
    Program *init;                /* params, states, optimizer := their start values   (reads no samples) */
    Program *predict;             /* output from input, training = no, one sample; root: output */
    Program *loss;                /* loss of one sample, training = no, without penalties; root: loss */
    Program *train;               /* a step on n <= batch samples; roots: loss, next values */
    Program *gradient; /* loss and gradients of params on n <= batch samples; roots: loss, the gradients (in params' order) */
    Program *epoch;    /* schedules; roots: next values of rates and schedule states */
} Model;

/* ---- affine.c: whole-number arithmetic on affine maps; all checked for overflow */
Affine affine_const(int c);
Affine affine_index(int index);
Affine affine_add(Affine a, Affine b);
Affine affine_sub(Affine a, Affine b);
Affine affine_scale(Affine a, int k);
bool affine_is_const(Affine a);
bool affine_is_index(Affine a, int *index); /* exactly one index, coefficient 1, no constant */
int affine_coef(Affine a, int index);
unsigned affine_indices(const Affine *a); /* bit k: index k is used */
bool affine_equal(Affine a, Affine b);
Affine affine_substitute(Affine a, const Affine *map);            /* map[k] is put for index k */
void affine_range(Affine a, const Index *ix, int *min, int *max); /* of the numerator if den > 1 */
bool affine_within(Affine a, const Index *ix, int lo, int hi);    /* lo <= a < hi on the whole box? */
int affine_value(Affine a, const int *at);                        /* bug() if it isn't whole */
Affine affine_divide(Affine a, int k);                            /* a / k, k != 0: den grows unless k divides all */
bool affine_is_whole(Affine a, const int *at);
int floor_div(int a, int b); /* b > 0 */
int ceil_div(int a, int b);
int floor_mod(int a, int b);
int gcd(int a, int b); /* the greatest common divisor, at least 0 */

/* ---- box.c: the points of a box; `indices` are those of it that take part (bit k: index k) */
unsigned lhs_indices(const Stmt *s);
unsigned reduced_indices(const Stmt *s);
bool box_first(const Index *ix, unsigned indices, int *at); /* false if there is none */
bool box_next(const Index *ix, unsigned indices, int *at);
long long box_points(const Index *ix, unsigned indices); /* how many; LLONG_MAX if they are more */
Affine reduced_number(const Stmt *s);                    /* row-major, of a point of the reduced box: what an argmax gives */
Affine subs_number(const Sub *sub, const int *dim, int rank);            /* row-major, of the element x[sub]; no gathers */
bool is_mixed_radix(const Affine *a, const Index *ix, unsigned indices); /* 4*g + j, j < 4: other points, other values */
bool guards_hold(const Stmt *s, const int *at);
extern const char *const index_letters[RANK_MAX]; /* names for indices: i, j, k ... without n */

/* ---- program.c */
Program *program_new(Arena *arena, ProgramRole role, const char *name, int batch);
Tensor *tensor_new(Arena *arena, const char *name, const char *label, Role role, int rank, const int *dim, Span origin);
/* Makes a computed tensor's name unique within the program (h_z, h_z_2 ...); names of others are fixed, and take precedence. A
 * tensor that is there already is left alone. */
void program_add_tensor(Program *p, Tensor *t);
bool program_has_tensor(const Program *p, const Tensor *t);
Tensor *program_find_tensor(const Program *p, const char *name); /* or NULL */
void program_set_tensors(Program *p, const Tensors *tensors);    /* replaces the list */
Stmt *program_add_stmt(Program *p, Tensor *to, const Sub *lhs);  /* empty statement, appended */
long long tensor_size(const Tensor *t);                          /* number of elements, the batch included */
bool tensor_is_persistent(const Tensor *t);
bool program_has_root(const Program *p, const Tensor *t);
bool tensor_is_computed(const Tensor *t); /* by statements: value, gradient, next */
bool tensor_is_position(const Tensor *t); /* of a maximum: whole numbers, in C too, as an index input's are not */
void stmt_add_guard(Arena *arena, Stmt *s, Guard g);
void stmt_full_box(Stmt *s); /* ix: one output index for each dimension of to, over all of it (batch marked) */

int scan_index(const Scan *scan, const Stmt *s); /* the index of a member that the scan fixes */

/* A deep copy under another name, for the same purpose, without an order: computed tensors are new ones, others are shared.
 * Tensors, statements and roots keep their positions, so that copy->roots.at[k] is the copy of p->roots.at[k]. */
Program *program_copy(const Program *p, const char *name);

/* ---- expr.c, fold.c */
void expr_table_new(Program *p);
const Expr *expr_intern(Program *p, const Expr *content); /* the one expression with this content */
size_t expr_count(const Program *p);                      /* ids are below it */
const Sub *subs_identity(Arena *arena, int rank);         /* t[i0, i1, ...] */
const Sub *subs_copy(Arena *arena, const Sub *sub, int rank);
bool sub_equal(const Sub *a, const Sub *b);
bool has_gather(const Sub *sub, int rank);
unsigned sub_indices(const Sub *s); /* bit k: index k is used */

const Expr *expr_num(Program *p, double v);
const Expr *expr_val(Program *p, Affine a);
const Expr *expr_read(Program *p, Tensor *t, const Sub *sub);
const Expr *expr_read_padded(Program *p, Tensor *t, const Sub *sub, double pad);
const Expr *expr_random(Program *p, int site);
/* Operations fold constants and the identities that hold for every number (x*1, x+0, --x, if yes ...). */
const Expr *expr_1(Program *p, Op op, const Expr *a);
const Expr *expr_2(Program *p, Op op, const Expr *a, const Expr *b);
const Expr *expr_3(Program *p, Op op, const Expr *a, const Expr *b, const Expr *c);
const Expr *expr_op(Program *p, Op op, const Expr *const *arg); /* one of the three above */
bool expr_is_num(const Expr *e, double v);

/* Rebuilds e with map[k] put for index k. */
const Expr *expr_substitute(Program *p, const Expr *e, const Affine *map);
Sub sub_substitute(Program *p, const Sub *s, const Affine *map);
/* Rebuilds e from the leaves up: `leaf` is asked about every node after its arguments are done and gives what to put there. */
typedef const Expr *ExprRewrite(Program *p, const Expr *e, void *context);
const Expr *expr_rewrite(Program *p, const Expr *e, ExprRewrite *leaf, void *context);
/* Calls `visit` on every read in e, gathers' reads and those inside subscripts included, each distinct node once. */
typedef void ReadVisit(const Expr *read, void *context);
void expr_reads(const Expr *e, ReadVisit *visit, void *context);
void stmt_reads(const Stmt *s, ReadVisit *visit, void *context); /* of e, the derivative, and left-hand gathers */
/* The same for every node, arguments first. */
typedef void ExprVisit(const Expr *e, void *context);
void expr_nodes(const Expr *e, ExprVisit *visit, void *context);
/* Is index k used anywhere in e? */
bool expr_uses_index(const Expr *e, int k);

typedef struct OpInfo {
    const char *name;  /* as printed and as a function of the language; NULL: infix */
    const char *infix; /* the operator's sign, NULL: function form */
    int nargs, precedence;
    enum { PLAIN, COSTLY, TRUTH } kind;
    double (*value)(double a, double b, double c);
} OpInfo;
extern const OpInfo op_info[OP_COUNT]; /* ops.c */
Op op_named(const char *name);         /* OP_COUNT: there is none */

/* ---- print.c, verify.c */
void program_print(const Program *p, FILE *to);
void stmt_print(const Stmt *s, FILE *to);
/* With the names of the indices in ix. */
void affine_print(const Affine *a, const Index *ix, FILE *to);
void subs_print(const Sub *sub, int rank, const Index *ix, FILE *to);
void expr_print(const Expr *e, const Index *ix, FILE *to);
/* Aborts with bug() naming `stage` and the statement if an invariant fails. */
void program_verify(const Program *p, const char *stage);

/* ---- cover.c: which elements do statements write? */
typedef enum Verdict { WRONG, UNDECIDED, RIGHT } Verdict;
Verdict stmt_is_injective(const Stmt *s);                         /* no element twice, where nothing is scattered */
Verdict stmts_cover(const Stmts *sets, const Tensor *t);          /* together every element of t exactly once */
bool sums_become_sets(const Stmts *sums, int n, const Tensor *t); /* makes the first n `+=` of t into `=`, if they cover it */

/* ---- interpret.c: the oracle. Slow, plain, in f64. */
typedef struct Memory { /* one array for each tensor; made on first use: a constant's values, else zero */
    Arena *arena;
    Table at;
    uint64_t seed, step; /* for random() */
    double (*rounded)(
        double v); /* what becomes of a number that is computed, to see what its last bits matter; NULL: nothing */
} Memory;
double *memory_of(Memory *m, const Tensor *t);
typedef struct Point {    /* where an expression is worked out */
    const Memory *memory; /* seed and step */
    double *(*element)(void *context, const Tensor *t, const int *at);
    void *context;
    const Tensor *to; /* what is written: random() draws by its element */
    const Sub *to_sub;
    int at[INDEX_MAX]; /* of the indices */
} Point;
double expr_value(const Point *p, const Expr *e);
double *point_element(const Point *p, const Tensor *t, const Sub *sub); /* NULL outside of the tensor */
long long element_row_major(const Tensor *t, const int *at);
/* Runs the ordered program on n samples (the scalar `n` is set). `next` tensors are copied over what they replace at the end.
 */
void program_interpret(const Program *p, Memory *m, int n);

/* ---- place.c, grad.c, order.c */
/* A contribution  target[sub] += e  over the box of s (ix, guards set; every index counts as an output): turned into statements
 * over the target's own elements and appended to p. Reduced indices become the sum. */
void place(Program *p, const Stmt *contribution);
/* Adds the adjoint statements of `loss` (rank 0). `wanted` are the tensors whose adjoints must exist afterwards (zero if the
 * loss does not depend on them); adjoints are made only for tensors on a path from a wanted one to the loss. Afterwards
 * t->adjoint is set in this program's tensors, NULL where there is none; persistent tensors are shared between programs, so use
 * theirs before the next program is differentiated. False after source_error when the program has no order. */
bool program_grad(Program *p, Tensor *loss, const Tensors *wanted);
/* Fills p->order. False after source_error at the read when a cycle does not step strictly. */
bool program_order(Program *p);

/* ---- simplify.c */
/* Rewrites the program into a simpler one of the same meaning (up to rounding): algebra, copies, equal statements, what no root
 * needs. Call it on the forward program before grad (losses take their joint, overflow-free form) and after. The order is to
 * be computed again. */
void program_simplify(Program *p);
/* What every element of a value is, told by the simplified program's equations, however the layers that made it are called. */
Nature program_nature(Program *p, Tensor *y);

/* ---- bounds.c */
/* Between which numbers all elements of a value lie, whatever inputs and parameters are; open sides are infinite. */
Interval program_bounds(Program *p, const Tensor *y);

#endif
