/* emit: plans become C text.
 *
 * One call of line() is one line of output. A Writer keeps the indentation; what is written can be held back and inserted
 * later, so that a function's head is written after its body has shown what it needs.
 *
 *   emit.c           the writer, numbers, names
 *   emit_element.c   elements of tensors: subscripts, guards
 *   emit_expr.c      expressions           emit_reduce.c  reductions whose points are all known
 *   emit_choice.c   what a choice reads
 *   emit_formula.c   the comment above a block: the formula in index notation, the line of the .nn
 *   c_nest.c         nests as loops with literal bounds
 *   emit_loops.c     loops around a statement in vectors
 *   emit_unrolled.c  steps as straight-line code, cut into functions when long
 *   emit_lanes.c     straight-line code whose variables are vectors
 *   emit_samples.c   the same where samples are the lanes
 *   emit_cut.c       functions that are cut off a long one
 *   emit_program.c   a program as a function's body
 *   emit_library.c   NAME.c      emit_header.c  NAME.h      emit_predict.c  frozen prediction
 *   emit_data.c      what data do around that: scaling, names of classes
 *   emit_prologue.c  what stands around the functions of NAME.c and of a frozen prediction
 *   emit_pair.c      the two files that belong together
 *   emit_trainer.c   main.c of a trainer
 *   emit_show.c      nnc show      emit_size.c  how large what is emitted is */
#ifndef NNC_EMIT_H
#define NNC_EMIT_H

#include "plan.h"
#include "prepared.h"
#include "settings.h"

/* ---- what nnc calls */

/* NAME.c and NAME.h; `header` is how the one includes the other: "iris.h". Returns how many of the nests in vectors, NAME_tile1
 * ..., prediction calls. */
int emit_library(const Plan *plan, const char *header, FILE *c, FILE *h);
/* The same two files for a model whose parameters are constants: `void NAME_predict(const float x[4], float y[3])` and, where
 * classes have names, NAME_classes. `raw`: x and y are as the network has them, not as the data have them. */
void emit_predict(const Plan *plan, const Prepared *data, bool raw, const char *header, FILE *c, FILE *h);

typedef struct TrainerInfo {
    const char *source;           /* iris.nn, without folders */
    const char *compiler;         /* "nnc 0.1", how it was compiled */
    const char *folder;           /* of the .nn, put before relative file names: "" or "folder/" */
    const char *loss, *optimizer; /* as text */
    double rate;                  /* the optimizer's start rate */
} TrainerInfo;
/* main.c: fills in runtime/train/trainer.h's Network and calls trainer_main(). */
void emit_trainer_main(const Plan *plan, const Settings *settings, const TrainerInfo *info, const char *header, FILE *to);

void show_model(const Plan *plan, FILE *to);

/* ---- the writer */

typedef struct Writer { /* into memory */
    const Plan *plan;
    int indent;
    char *text;
    size_t n, room;
    size_t mark;       /* where write_pair puts in what shows that two files belong together */
    LIST(size_t) held; /* where texts that are held back begin, innermost last */
} Writer;

/* printf, with $N $U $T for the network's name, its upper case, its struct's type, $R for float or double, and $x for a
 * variable called x, unless the network is. line() indents, ends the line, indents more after a '{' at the end and less before
 * a '}' at the start. An empty line stays empty. */
void put(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void line(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A finished statement of any length: broken at operators where it is too long. */
void line_wrapped(Writer *w, const char *text);
/* A comment, a line for each line of text; nothing in it can end the comment. */
void comment(Writer *w, const char *text);

void hold(Writer *w);                   /* from here on text is held back ... */
char *release(Writer *w, Arena *arena); /* ... and this is it */
void insert(Writer *w, const char *text);
void write_out(Writer *w, FILE *to);                        /* all that was written */
const char *local_name(const Plan *plan, const char *name); /* name, unless the network is called so */
void blank(Writer *w);                                      /* an empty line */

const char *real_type(const Plan *plan);                    /* float or double */
const char *string_literal(Arena *arena, const char *text); /* of any bytes, in characters of ASCII */
/* Shortest literal that gives the same number: 0.05f, -1.0, INFINITY. */
const char *real_literal(Arena *arena, double v, bool f64);

/* ---- names */

typedef struct Names {
    Arena *arena;
    const Plan *plan;
    Table table;
    bool local; /* of variables, which must not hide the functions that are called beside them */
} Names;

Names *names_new(const Plan *plan); /* holds what C, C++ and the network itself use */
bool names_have(const Names *names, const char *name);
void names_add(Names *names, const char *name);
const char *names_base(Arena *arena, const char *base);            /* what names begin with that stand for `base` */
const char *names_numbered(Arena *arena, const char *base, int k); /* base2, x1_2 */
bool name_is_vector(const Plan *plan, const char *name);
const char *names_take(Names *names, const char *base); /* base, or base_2 ...: now taken */

/* ---- one program being written */

typedef struct Constant { /* an array of numbers known at compile time */
    const Home *home;
    const char *name;
    bool used;
} Constant;

enum { VECTOR_WIDTHS = 6, LINE_LENGTH = 110 };

/* Runtime units (runtime/model/NAME.c) and helpers (c_ops.def) that a file needs, in the order in which they must stand. */
typedef struct UnitSet {
    LIST(const char *) names;
    unsigned helpers; /* bit k: row k */
    LIST(Constant *) constants;
    bool tested_reads;               /* some read stands behind a test of its subscripts */
    bool doubles;                    /* data are scaled in them */
    bool apart;                      /* some functions must stay functions */
    bool shared;                     /* threads share some nests */
    uint64_t vectors[VECTOR_WIDTHS]; /* functions on 1, 2, 4 ... lanes: bit k: row k of c_vector.def */
    LIST(const char *) kernels;      /* functions of nests in vectors, one for each text: without name, net_tile1 ... */
} UnitSet;

typedef enum Form { FORM_PREDICT, FORM_LOSS, FORM_TRAIN, FORM_GRADIENT, FORM_INIT, FORM_EPOCH } Form;

typedef struct OpenScan { /* a recurrence whose loop is open: its variable, or in unrolled code its step */
    const Scan *scan;
    const char *name;
    int value;
} OpenScan;

typedef struct Key { /* of the draws of one random() */
    int site;
    const char *name;
} Key;

typedef struct Uses { /* what a function's text has turned out to need */
    bool net, work, count, sample, start, xs, ts, ys, step, share, gradient;
    LIST(const Key *) keys;
    LIST(Home *) given; /* inputs and targets, in order of first use */
} Uses;

/* The indices of a statement or node while it is written: known numbers, or names of loop variables. */
typedef struct Cursor {
    const PlanStmt *s;
    const Index *ix;  /* their ranges */
    const Tensor *to; /* what is set, and where */
    const Sub *at;
    bool known[INDEX_MAX];
    int value[INDEX_MAX];
    const char *name[INDEX_MAX];
    int lane, lanes; /* the index of which so many points, from its value on, are the lanes of a vector; lanes 0: numbers */
} Cursor;

typedef struct EarlyRead {
    const char *text, *type, *name; /* an element; without a name it is read where it stands */
    int depth;                      /* of the block that declares the variable */
} EarlyRead;

typedef struct Emit {
    Arena *arena;
    const Plan *plan;
    ProgramPlan *p;
    Form form;
    bool frozen; /* no struct: the workspace is local */
    Writer *w;
    Names *names, *fields; /* of local variables, of the workspace */
    UnitSet *units;
    LIST(const Key *) keys;                                                                    /* of all the program's draws */
    const char *net, *work, *count, *sample, *start, *xs, *ts, *ys, *share, *gradient, *value; /* names of what there is */
    const char *at;    /* the sample's number in its block, or NULL */
    const char *next;  /* a sample of the next block, which is fetched meanwhile, or NULL */
    const char *here;  /* the mask of lanes that are samples */
    const char *space; /* of a frozen function's workspace, where it hands it on */
    Uses uses;
    LIST(Home *) declared_first; /* local variables that the function's head declares */
    LIST(const char *) scope;    /* loop variables in sight */
    LIST(OpenScan) scans;
    struct NestProgram *nests; /* the program as loops */
    Cursor around;             /* of the loops around a node: names and numbers, */
    Index ranges[INDEX_MAX];   /* ... ranges */
    int depth, sample_depth;   /* of braces; of the sample loop's body, 0 outside */
    const char *origin;        /* the place in the .nn that was named last */
    bool in_tile;              /* a nest in vectors is written: n is an int */
    bool in_product;           /* with --exact: what is written is a factor */

    /* what a choice reads is read before it */
    int choices, tests;          /* open around what is written: choices; tests without which a read may leave its array */
    LIST(EarlyRead) reads;       /* of the statement being written */
    LIST(EarlyRead) early_names; /* the variables in sight */

    /* functions that are cut off */
    bool in_function;       /* one is open */
    int function;           /* its number */
    int outer_indent;       /* of the text around it */
    Uses outside;           /* what that uses */
    LIST(const char *) cut; /* those that are complete */

    /* unrolled code */
    bool counting;           /* only find out what is used */
    bool block_open;         /* something stands before, so that an empty line is due */
    int terms, total;        /* how many terms the function has by now; all before it */
    int outer_levels;        /* loads and stores stand so many levels further out than the text */
    const PlanStmt *formula; /* to be written before the next element */
    const PlanStmt *block;   /* the statement being written */
} Emit;

/* How tightly the text around binds. */
enum {
    PREC_COND = 3,
    PREC_OR = 4,
    PREC_AND = 5,
    PREC_EQ = 9,
    PREC_LT = 10,
    PREC_ADD = 12,
    PREC_MUL = 13,
    PREC_UNARY = 14,
    PREC_TOP = 15
};
/* ---- emit_element.c */
/* Before the statement's own loops: the sample, the steps of the recurrences that are open, which are names or known. */
Cursor cursor_start(const Emit *e, const PlanStmt *s);
bool index_is_set(const Cursor *c, int index);          /* known, or a variable */
const char *index_variable(const Cursor *c, int index); /* of the variable; bug() if it has none */
void put_affine(Emit *e, const Cursor *c, Affine a, int precedence);
/* The element of a tensor, to be read or written. */
void put_element(Emit *e, const Cursor *c, const Home *h, const Sub *sub);
void affine_bounds(const Cursor *c, Affine a, int *min, int *max);
bool affine_known(const Cursor *c, const Affine *a, int *value);
/* Row-major number of the element, within its sample's; every other index must be known. */
int element_number(const Cursor *c, const Home *h, const Sub *sub);
const char *element_name(Emit *e, const Home *h, int number);
/* Of straight-line code: how many variables, and the points of one: of a vector its first lane's. */
int home_variables(const Home *h);
void variable_point(const Home *h, int number, int *at);
bool guard_may_fail(const Cursor *c, const Guard *g);
bool guards_known(const Cursor *c, const Stmt *s, bool *hold);
/* The tests of lo <= a < hi that may fail, joined by && (to what stands before, unless `first`); how many there are. */
int put_range_test(Emit *e, const Cursor *c, Affine a, int lo, int hi, bool first);
void put_base(Emit *e, const Home *h);    /* net->h_weight: what stands before the brackets */
void put_dims(Writer *w, const Home *h);  /* [4][16] */
void put_first(Writer *w, const Home *h); /* [0][0] */
/* [i][o]: the texts of the tensor's dimensions in the order in which they are stored, each at least as tight as a product where
 * it stands in panels */
void put_subs(Writer *w, const Home *h, const char *const *sub);
void put_guard(Emit *e, const Cursor *c, const Guard *g);

/* ---- emit_expr.c */
typedef struct CInfix { /* an operation that C writes between its operands; all zero: none */
    const char *sign;
    int precedence;
} CInfix;
extern const CInfix c_infix[OP_COUNT];
void put_real(Emit *e, const Cursor *c, const Expr *x, int precedence);
void put_int(Emit *e, const Cursor *c, const Expr *x, int precedence);
const char *number_text(Emit *e, double v);
const char *sum_start(const Emit *e); /* 0, or -0 where bits count */

/* Writes the value, or if that begins with a minus sign its opposite, and says which. */
bool known_value(const Cursor *c, const Expr *x, double *value); /* a whole number, known here */
bool read_is_inside(const Cursor *c, const Expr *x);             /* of its tensor, for certain */
void put_truth(Emit *e, const Cursor *c, const Expr *x, int precedence);
bool put_signed(Emit *e, const Cursor *c, const Expr *x);
void put_added(Emit *e, const Cursor *c, const Expr *x);                   /* " + x" or " - x" */
Cursor cursor_inside(const Cursor *c, const PlanStmt *by, const Sub *sub); /* of a statement printed in place of what is read */

/* ---- emit_choice.c: what a choice reads is read before it, into variables */
void choice_open(Emit *e, bool test); /* what comes may not be worked out; `test`: and may only be read if a test holds */
void choice_close(Emit *e, bool test);
void put_memory(Emit *e, const Cursor *c, const Home *h, const Sub *sub); /* the element, or the variable it was read into */
const char *release_value(Emit *e); /* what was held: the value of a statement, after the lines that it needs first */
bool early_name_taken(const Emit *e, const char *name);
void early_names_drop(Emit *e); /* those of blocks that have been closed */

/* ---- emit_late.c */
/* Straight-line code: a sum or product in the order in which its parts become known; false where the text's order stands. */
bool put_in_turn(Emit *e, const Cursor *c, const Expr *x, int precedence);

/* ---- emit_reduce.c */
/* A sum's terms, a max's ...: the value of a statement whose indices are all known. */
void put_stmt_value(Emit *e, const Cursor *c, int precedence);
const char *best_of_two(Emit *e, const Cursor *c, bool max); /* the function: max_of, min_4 ... */
/* The points at which a reduction adds something, in order; false when there are no more. */
bool reduction_first(Cursor *c);
bool reduction_next(Cursor *c);

/* ---- emit_units.c */
const char *helper_call(UnitSet *units, const char *name);
void unit_need(UnitSet *units, const Plan *plan, const char *name);
bool unit_is_needed(const UnitSet *units, const char *name);
bool op_is_function(Op op);
const char *op_call(UnitSet *units, const Plan *plan, Op op);
void units_put(Writer *w, UnitSet *units);
const char *embedded_text(const Plan *plan, const char *name); /* of runtime/model/NAME.c */
bool name_is_called(const char *name);  /* does generated code call, or may it define, a function of this name? */
bool name_is_runtime(const char *name); /* one of runtime/model? */

/* ---- emit_formula.c */
void put_formula(Emit *e, const PlanStmt *const *stmts, int n);

/* ---- emit_loops.c, emit_unrolled.c */
void put_sample_loop(Emit *e, const char *body);
const char *scoped_name(const Emit *e, const char *base); /* of a variable, within the loops that are open */
void unrolled_prepare(Emit *e);                           /* names of elements; what is used; whether to cut */
void unrolled_steps(Emit *e, const Steps *steps);
const char *unrolled_target(Emit *e, const Cursor *c); /* the element that is written there: const float h_0 */
void unrolled_loads(Emit *e, bool outer); /* into local variables: the struct's fields (outer), the sample's numbers */
void unrolled_stores(Emit *e);            /* and back */
bool unrolled_copy(Emit *e,
                   const CopyBack *copy); /* of a next value that is local variables, or becomes them; false: of arrays */

/* ---- emit_call.c: straight-line code that works out a function of n elements at once */
bool calls_vectors(const Emit *e); /* are functions those of vectors? */
bool call_may_stand(const Emit *e, const PlanStmt *s);
void emit_call(Emit *e, const Cursor *at, int n);

/* ---- emit_lanes.c: straight-line code whose variables are vectors. These write nothing where numbers do. */
bool put_in_lanes(Emit *e, const Cursor *c, const Expr *x);
bool put_lanes_value(Emit *e, const Cursor *c);                                    /* of the statement */
void put_lanes_output(Emit *e, const Cursor *c, const Home *h, const char *first); /* to memory */
bool lanes_fit(const Cursor *c, const Home *h, const Sub *sub); /* is x[sub] a variable, a vector along the cursor's lanes? */

/* ---- emit_samples.c: samples are the lanes */
const char *lanes_name(Emit *e, const Home *h, int element); /* of what is added up later */
bool samples_are_one_vector(const Emit *e);                  /* so that there is no loop over them */
void put_lanes_start(Emit *e, Home *h, const char *start);
void put_lanes_added(Emit *e, const Cursor *c);
void put_lanes_sums(Emit *e);
void put_sample_rows(Emit *e, const char *name, const char *base, int row, int offset);
const char *sample_lanes_text(Emit *e, const Home *h, const char *first); /* a number of each sample, the first's given */
void put_sample_mask(Emit *e);
void put_mask_start(Emit *e); /* around a value: 0 where there is no sample */
void put_mask_end(Emit *e);

/* ---- emit_cut.c: what is written between begin and end becomes a function of its own */
void cut_begin(Emit *e);
void cut_end(Emit *e); /* nothing if none is open */
void put_declared_first(Emit *e);

/* ---- emit_program.c */

/* A program as text, for a function's body. */
typedef struct Body {
    const char *functions; /* to stand before the function */
    const char *head;      /* keys, aliases, variables declared first */
    const char *given;     /* the sample's pointers and numbers, where there is no loop over samples */
    const char *loads, *text, *stores;
    const char *loss; /* the value of the first root, if it is a number */
    Uses uses;
} Body;

Emit *emit_new(const Plan *plan, ProgramPlan *p, Form form, UnitSet *units, Writer *w, bool frozen);
Body emit_body(Emit *e);
void put_results(Emit *e);                         /* what a program gives back: the gradient */
void put_aliases(Emit *e, const Uses *uses);       /* const float *const x = xs + 4 * s; */
void put_function_head(Emit *e, const Uses *uses); /* work, keys */
const char *need_key(Emit *e, int site);           /* the key's name */
void need_given(Emit *e, Home *h);
void put_sample_number(Emit *e, bool per_sample, long long size);
const char **loop_letters(const Emit *e, int rank);
void name_home(Emit *e, Home *h); /* the field or variable, by its kind */
void home_used(Emit *e, Home *h);
bool needs_net(const Uses *uses);
const char *field_name(const Plan *plan, const Tensor *t);
const char *type_name(const Plan *plan, const Tensor *t);

#endif
