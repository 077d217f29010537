/* plan: how a model's programs become C: what is unrolled and what loops, in which order loops run, where every value lives.
 *
 * A plan never changes a result beyond rounding, and with `exact` not at all: then sums are taken one after another in
 * row-major order of their indices, the batch outermost. Without it code in vectors takes them in the order in which memory
 * holds what is read, and adds up the lanes of a sum at its end.
 *
 *   plan.c          one plan for each program of a model; unroll or loops; in-place updates
 *   home.c          how the numbers of a tensor are stored
 *   plan_ahead.c    with batch 1, large weights that are read and written once for a block of samples
 *   plan_access.c   which statements depend on each other, and whether only point by point
 *   plan_arrays.c   what is read at a place that data decide, and so is an array
 *   plan_lanes.c    which index would be the lanes of vectors, and what that costs
 *   plan_straight.c straight-line code whose variables are vectors
 *   plan_samples.c  the same where the samples of a batch are the lanes
 *   plan_blank.c    there, what adds up without a mask although samples are missing
 *   plan_values.c   which dimension of values is stored last: samples, channels ...
 *   plan_windows.c  what is 0 but at one place of each window, summed window by window
 *   plan_maxima.c   what only a maximum over windows reads, worked out window by window
 *   plan_repack.c   copies of what is read another way than it is stored
 *   plan_panels.c   long rows in panels
 *   plan_delay.c    gradients that wait for their updates
 *   plan_steps.c    the steps of a program: sample loops, recurrences, loop nests
 *   plan_layout.c   the order in which dimensions are stored, the order of loops
 *   plan_homes.c    where every tensor's numbers live
 *   plan_verify.c   every result stands where the caller sees it
 *   plan_reuse.c    values that take the place of others
 *   plan_cut.c      long programs in loops as several functions
 *   plan_tile.c     loop nests in vectors
 *   plan_share.c    which nests the threads of a trainer share
 *   plan_print.c    a plan as text */
#ifndef NNC_PLAN_H
#define NNC_PLAN_H

#include "ir.h"
#include <stdio.h>

typedef enum UnrollKind { UNROLL_AUTO, UNROLL_FULL, UNROLL_NONE, UNROLL_LIMIT } UnrollKind;

typedef struct PlanOptions {
    UnrollKind unroll;
    long long unroll_limit; /* UNROLL_LIMIT: multiply-adds of one sample's forward pass up to which to unroll */
    int vector_bytes;       /* of a vector register; 0: plain C99 */
    int registers;          /* how many there are */
    bool memory_operands;   /* an operation may take a vector from memory */
    const char *target;     /* what they are called, and the macro by which the C compiler says that it may use them, or NULL */
    const char *vector_macro;
    bool exact, f64;
    const char *prefix; /* of the C names; NULL: the network's name */
    bool trainer;       /* what a trainer needs: a probe for values that are not finite */
    bool no_gradient;   /* NAME_gradient is not asked for */
} PlanOptions;

enum {
    CACHE_BYTES = 32768,       /* that the first cache holds at least */
    CACHE_LINE = 64,           /* bytes */
    CACHE_WAY = 4096,          /* bytes: what lies a multiple of them apart competes for the same few lines of a cache */
    UNROLL_AUTO_LIMIT = 256,   /* multiply-adds of one sample's forward pass */
    UNROLL_WARN_TERMS = 20000, /* more terms are straight-line code only if asked for, with a warning; more than ... */
    UNROLL_MAX_TERMS = 200000, /* refused, or with a limit loops: the C compiler takes minutes and some 100 MB (gcc 12) */
    FUNCTION_COST = 20,        /* of a function of a vector, in its multiply-adds; of one number in the library twice as much */
    FUNCTION_TERMS = 200,      /* unrolled functions are cut after about so many terms, so that compile time grows linearly */
    ONE_FUNCTION_TERMS = 1200, /* but up to so many it is one */
    FUNCTION_STATEMENTS = 40,  /* the same for loops */
    ONE_FUNCTION_STATEMENTS = 120
};

/* ---- where a tensor's numbers live */

typedef enum HomeKind {
    HOME_NONE,    /* not decided, or the home of another tensor */
    HOME_INPUT,   /* the caller's x */
    HOME_TARGET,  /* the caller's t */
    HOME_OUTPUT,  /* the caller's y */
    HOME_NET,     /* a field of the network's struct */
    HOME_NUMBERS, /* known at compile time: literals, or a constant array */
    HOME_WORK,    /* an array of the workspace */
    HOME_LOCAL,   /* unrolled: a local variable for each element; in loops: one local variable */
    HOME_INLINE,  /* nowhere: the expression is printed where the value is read */
    HOME_SCALAR   /* given at run time: n, step, epoch ... */
} HomeKind;

typedef struct PlanStmt PlanStmt;
typedef struct Step Step;
typedef LIST(Step *) Steps;

typedef struct PlanAccess { /* one element, or a region of them, that a statement reads or writes */
    const Tensor *tensor;
    const Sub *sub;
    bool write;
    struct Home *home; /* plan_home(tensor), once it is decided what is written in place */
} PlanAccess;

typedef struct Home {
    const Tensor *tensor;
    struct Home *same_as; /* a `next` or a value that is written over what it replaces */
    struct Home *next;    /* the home of this tensor's `next` */
    bool root;            /* the program must compute it */
    bool written, kept;   /* a `next` while that is decided: written so far; not to be written over the old value */
    HomeKind kind;
    bool sliced;         /* per-sample, but only one sample's slice is kept: dimension 0 is dropped */
    int order[RANK_MAX]; /* dimensions as stored, outermost first */
    PlanStmt *by;        /* HOME_INLINE: the statement whose expression it is */
    bool constant;       /* HOME_LOCAL: written once, so const */
    bool narrow;         /* HOME_LOCAL: belongs to one loop nest */
    int panel;  /* the dimension stored last is cut into panels of so many numbers, one panel after another; 0: it is not */
    bool folds; /* unrolled: samples are lanes, and what is added to it is added up after their loop */
    int lanes, lane_dim; /* unrolled: its variables are vectors of so many numbers along this dimension; 0: of one */
    unsigned beyond;     /* samples are lanes: what is known of it where there is none, see plan_blank.c */
    int pad;             /* rows are stored in a multiple of so many numbers; 0: as they are */
    int gap;             /* the dimension, as stored, that has a place more than is used; 0: none */

    /* what planning knows about the statements that touch it */
    int writers, readers;      /* accesses */
    PlanStmt *writer, *reader; /* the last ones */
    int first, last;           /* their positions */
    int loop;                  /* the one sample loop that they are all in, LOOP_NONE, or LOOP_SEVERAL */
    Step *nest;                /* the one nest that they are all in, or NULL */
    bool pointwise;            /* within that nest all accesses are at the same point */
    bool array;                /* read or written at a place that data decide, or together with such: see plan_arrays.c */
    int function;              /* of the functions that are cut off, the one that uses it, LOOP_NONE, or LOOP_SEVERAL */
    int latest[2][2];          /* while times are set: of reads, writes; by units that run once, once for each sample; or -1 */
    int touched[2];            /* while steps are made: the number of the last that reads it, writes it */
    Steps nests;               /* and the nests so far that touch it, by number */

    /* emission */
    const char *name;                /* field or variable; of a caller's numbers, the pointer to one sample's */
    struct Constant *constant_array; /* HOME_NUMBERS */
    bool used, declared;
    /* unrolled code */
    bool loaded;                  /* its elements are local variables, though it lives elsewhere */
    const char *base;             /* of its elements' names */
    int *reads;                   /* for each element, how often it is read; NULL: not to be found out */
    int *reads_before;            /* as the pass before found it */
    unsigned char *used_elements; /* of loaded ones; of the caller's numbers, by the sample loop that is being written */
    unsigned char *set;           /* for each element, whether it is declared already */
} Home;

typedef enum Part { PART_WHOLE, PART_PANEL, PART_PLACE } Part;

typedef struct StoredDim {
    int d; /* the tensor's dimension */
    Part part;
    int dim;
} StoredDim;

enum { LOOP_NONE = -1, LOOP_SEVERAL = -2 };

/* ---- statements as planned */

enum { AT_BATCH = -1, AT_REDUCED = -2, AT_SCAN = -3 }; /* what an index is, if it isn't loop 0, 1 ... of its nest */

struct PlanStmt {
    const Stmt *s; /* reads that are padded with a sum's zero have become guards */
    const Stmt *original;
    Tensor *best; /* of an argmax or argmin: the value at the position, as far as it is found */
    LIST(PlanAccess) accesses;
    int role[INDEX_MAX];         /* of each index: its loop in the nest, or AT_... */
    const Scan *scan[INDEX_MAX]; /* of AT_SCAN */
    bool batched;                /* runs once for each sample */
    bool accumulates;            /* reduces over the batch: the sample loop adds to what was filled in before it */
    bool around;                 /* stands in a scan */
    PlanStmt *finder;            /* in vectors, of a max or min: what finds the position of the same terms, and so both */
    bool found;                  /* of a position: found with the max or min */
    bool apart;                  /* in vectors: each lane is stored by itself */
    bool repacks;                /* copies a tensor to where it is stored another way */
    bool masked, blank;          /* samples are lanes: what it writes is made 0 where there is none; what it adds is */
    int lane, lanes;             /* unrolled: the index whose points are so many lanes; lanes 0: none */
    bool loops;                  /* unrolled: has arrays alone, and stays a loop */
    int position;                /* in the order of execution */
    int loop;                    /* the sample loop that it is in, or LOOP_NONE */
    Step *nest;
};
typedef LIST(PlanStmt *) PlanStmts;

/* ---- steps */

typedef enum StepKind {
    STEP_NEST,    /* loops over the left-hand box that its statements share */
    STEP_SAMPLES, /* for each sample of the batch */
    STEP_SCAN,    /* a recurrence */
    STEP_FILL     /* the start of an accumulation over the batch */
} StepKind;

enum { TILE_ROWS = 2 };
typedef struct Tile { /* how a nest is computed in vectors */
    bool on;
    int lanes;   /* numbers in a vector */
    int loop;    /* whose points are the lanes; -1: only sums have lanes, along a reduced index */
    int vectors; /* of that loop in a tile */
    struct {
        int loop, n;
    } rows[TILE_ROWS]; /* loops of which n points each are in a tile; loop -1: none */
    int partials;      /* a sum is added up in so many parts at once, terms in turn, where its innermost index allows */
    bool fold;         /* the sum has lanes along a reduced index, for as many points of `loop` as there are lanes */
    bool turn;         /* a copy that reads along rows[0].loop: blocks of lanes x lanes are transposed */
} Tile;

typedef struct Nest {
    PlanStmts stmts;
    int loops, lo[INDEX_MAX], hi[INDEX_MAX];
    const char *name[INDEX_MAX];
    int order[INDEX_MAX]; /* loops, outermost first */
    int batch;            /* the loop over the samples, or -1 */
    bool row;             /* one statement, a sum: its reduction loops stand outside the last loop and add into memory */
    bool fixed;           /* a scatter: loops stay in the given order */
    Tile tile;
    bool shared; /* by the threads of a trainer: along this loop */
    int shared_loop;
} Nest;

struct Step {
    StepKind kind;
    Nest nest;
    const Scan *scan;
    PlanStmt *fill;
    Steps steps;     /* of STEP_SAMPLES, STEP_SCAN */
    int loop;        /* STEP_SAMPLES: its number */
    int function;    /* of the functions that a program in loops is cut into, the one that it is in; 0: none */
    int number;      /* counts up as steps are made: greater than those of all steps before it, and what they hold */
    const Steps *in; /* STEP_NEST: the list that it stands in */
};

typedef struct CopyBack {
    Home *from, *to;
} CopyBack;

typedef struct ProgramPlan {
    const Program *program;
    const struct Plan *plan;
    bool unrolled;
    bool cut;         /* into several functions; values that cross them live in the workspace */
    int functions;    /* in loops: how many */
    int sample_lanes; /* unrolled: so many samples are the lanes of its variables; 0: one after another */
    bool whole;       /* unrolled: some variables are vectors, which cannot cross functions, so it is never cut */
    bool tiled;       /* in vectors: the batch is a loop like others, of the nests themselves */
    Items order;      /* the program's, with copies of what is read another way than it is stored */
    Table replaced;   /* statements that read such copies */
    int statements;   /* numbers of statements are below it; those of copies from first_copy on */
    int first_copy;
    PlanStmts stmts;      /* in the program's order; once there are steps, in the order of execution */
    PlanStmt **by_number; /* by the number of the statement in the program */
    Steps steps;
    int loops;             /* sample loops */
    int made;              /* steps */
    Table table;           /* tensors to homes */
    LIST(Home *) homes;    /* in order of first use */
    LIST(CopyBack) copies; /* next values that could not be written in place */
} ProgramPlan;

typedef struct Block {              /* of samples, whose steps are worked out together */
    int size;                       /* how many */
    Program *ahead, *each, *settle; /* before the first one, of each of them, after the last one */
    Tensor *samples;                /* x of the block: a row for each sample's numbers */
    Tensors passed, rows;           /* what one hands on to the next, and which row of each `each` is given */
} Block;

typedef struct Plan {
    Arena *arena;
    const Model *model;
    PlanOptions options;
    const char *name, *upper; /* of the C symbols: iris, IRIS */
    const char *type;         /* of the struct: name, unless C or C++ has it already */
    bool unrolled;
    long long multiply_adds; /* of one sample's forward pass */
    Block *block;            /* or NULL */
    ProgramPlan *init, *predict, *loss, *train, *gradient, *epoch, *probe;
    ProgramPlan *ahead, *each, *settle; /* of the block, or NULL */
    Table layouts;                      /* order only: of persistent tensors and of values */
    bool settled;                       /* no persistent tensor gets another layout */
    Table fields;                       /* persistent tensors: names in the struct */
} Plan;

typedef LIST(ProgramPlan *) ProgramPlans;

Plan *plan_model(Arena *arena, const Model *model, const PlanOptions *options);
ProgramPlans plan_programs(const Plan *plan); /* those that there are, in the order in which the library has them */
void plan_print(const Plan *plan, FILE *to);
/* About how many terms straight-line code of all programs will have; 0 if it will be loops. */
long long plan_unrolled_terms(const Model *model, const PlanOptions *options);

/* ---- for the plan_*.c and emit_*.c files */

/* home.c */
Home *plan_home(const ProgramPlan *p, const Tensor *t); /* of a tensor of the program */
void plan_find_homes(const ProgramPlan *p);             /* of all accesses */
Home *home_find(const Table *table, const Tensor *t);
Home *home_add(Arena *arena, Table *table, const Tensor *t);
PlanStmt *plan_stmt_of(const ProgramPlan *p, const Stmt *s);
int plan_loop_index(const PlanStmt *s, int loop); /* the index that loops there */
int plan_find_loop(const PlanStmt *s, int loop);  /* the same, or -1 */
bool plan_guarded(const Stmt *s, int k);          /* does a guard ask for index k? */
unsigned plan_reduced(const PlanStmt *s);         /* the indices that it reduces over by itself: all but the batch's */
/* Dimensions without the batch if only a slice is kept; k counts those. */
int home_rank(const Home *h);
int home_dim(const Home *h, int k);
long long home_size(const Home *h);
void home_store_as(Home *h, const Home *other);
/* The dimensions as they are stored, outermost first, with what they are padded to; returns how many, up to RANK_MAX + 1. A
 * dimension in panels is there twice: which panel, and the place within it. */
int home_stored(const Home *h, StoredDim *to);

/* Multiply-adds that a program does for one sample. */
long long plan_multiply_adds(const Program *p);
long long plan_stmt_points(const Stmt *s, bool batch);

/* plan_ahead.c: sets plan->block */
enum {
    AHEAD_BYTES = 16384 /* that a weight has at least, for which a block is made */
};
#define AHEAD_AT "at"     /* the variable that says which sample of the block it is */
#define AHEAD_NEXT "next" /* a sample of the block after it */
void plan_ahead(Plan *plan);

/* plan_access.c */
void plan_collect_accesses(Arena *arena, PlanStmt *s);
/* Do x[] in a and y[] in b name the same element whenever loops, scans and sample are the same? */
bool plan_same_point(const PlanStmt *a, const Sub *x, const PlanStmt *b, const Sub *y, int rank);
/* w = w: a parameter whose gradient is 0, kept where it is. */
bool plan_changes_nothing(const ProgramPlan *p, const PlanStmt *s);
/* Does one write what the other reads or writes, so that they must keep their order? */
bool plan_depend(const PlanStmt *a, const PlanStmt *b);
/* Where one writes what the other reads or writes, is it at the same point? */
bool plan_pointwise(const PlanStmt *a, const PlanStmt *b);

/* plan_arrays.c */
Table plan_array_table(const Plan *plan, const Program *p); /* those of straight-line code */
bool plan_is_array(const Table *arrays, const Tensor *t);
void plan_arrays(ProgramPlan *p);                              /* sets array of homes */
void plan_array_loops(ProgramPlan *p);                         /* once homes are planned: sets loops of statements */
bool plan_has_arrays(const ProgramPlan *p, const PlanStmt *s); /* alone, at places that loops can go through */

/* plan_lanes.c */
enum {
    LANES_COPIES = 2,
    READS_FOR_A_COPY = 2, /* a copy pays if every element of it is read so often */
    LANES_NARROWER = 4    /* vectors down to such a part of the widest are tried, and of at least 4 numbers */
};
typedef struct Lanes { /* how a statement would run in vectors */
    int index;         /* the one whose points are the lanes, -1: none */
    double cost;       /* in steps of a vector unit */
    int copies;        /* so many reads should be of copies with dimension `last` stored last */
    const Expr *read[LANES_COPIES];
    int last[LANES_COPIES];
} Lanes;
/* Vector operations for each of `extent` points; 1, as many as one by one, if they fill no half vector. */
double plan_vector_cost(int extent, int lanes);
/* `around`: the body of the recurrence that it stands in, or NULL. */
Lanes plan_lanes(const Plan *plan, const Stmt *s, const Items *around);
bool plan_vector_ops(const Expr *e, int k); /* can all of it be done in vectors whose lanes are points of index k? */
int plan_functions_in(const Expr *e);       /* such as exp */
double plan_loops_cost(const Plan *plan, const Program *p); /* in the same steps */
bool plan_writes(const Items *items, const Tensor *t);      /* does any of their statements write it? */
/* plan_straight.c */
double plan_straight_cost(const Plan *plan, const Program *p);
void plan_straight_layouts(Plan *plan, const Program *p); /* of parameters, as its code would have them */
int plan_straight_lanes(const Plan *plan, int size);      /* of a vector for so many numbers */
bool plan_is_call(const Plan *plan, const Stmt *s);       /* one function of each element, which a vector of them calls */
/* The dimension of t[sub] that index k, and nothing else, walks through from end to end, or -1. */
int plan_whole_dim(const Stmt *s, const Tensor *t, const Sub *sub, int k);
void plan_straight(ProgramPlan *p); /* sets the lanes of statements and homes */
/* plan_samples.c */
int plan_sample_lanes(const Plan *plan, const Program *p); /* how many samples could be lanes; 0: none */
double plan_samples_cost(const Plan *plan, const Program *p);
int plan_batch_index(const Stmt *s); /* -1: none */
void plan_samples(ProgramPlan *p);   /* sets the lanes of statements and homes */
void plan_blank(ProgramPlan *p);     /* sets masked, blank */
/* plan_values.c: sets layouts of the values of a program */
void plan_values(Plan *plan, const Program *p);
/* plan_scans.c: sets layouts of the values of recurrences */
void plan_scans(Plan *plan, const Program *p);
/* plan_windows.c: the program, or another one with its statements that computes the same */
const Program *plan_windows(const Plan *plan, const Program *program);
/* plan_repack.c: fills p->order */
void plan_repack(ProgramPlan *p);
/* plan_panels.c: which long rows are stored in panels: of what is kept, of the values of a program */
void plan_panels(Plan *plan);
void plan_value_panels(ProgramPlan *p);
/* plan_delay.c: reorders p->order */
void plan_delay(ProgramPlan *p);
/* plan_steps.c */
void plan_steps(ProgramPlan *p);
/* plan_layout.c */
void plan_layouts(Plan *plan);
void plan_spread(Plan *plan, const Program *p); /* what is updated together is stored alike */
void plan_nest_orders(ProgramPlan *p);
bool plan_row_form(const ProgramPlan *p, const PlanStmt *s, int *inner);
int plan_sum_loops(const ProgramPlan *p, const PlanStmt *s, int *order); /* the reduced indices, outermost first; how many */
int plan_widest(const Plan *plan);                                       /* numbers in the widest vector */
int plan_real_bytes(const Plan *plan);                                   /* of a number */
int plan_last_dim(const Plan *plan, const Tensor *t);                    /* the dimension that is stored last */
bool plan_gathers(const Sub *sub, int rank, int k);                      /* does a subscript that is data depend on index k? */
/* Numbers of the caller's: they end with the last sample, so that no vector may reach over it. */
bool plan_is_callers(const Tensor *t);
long long plan_stride(const Plan *plan, const Tensor *t, const Sub *sub, int k); /* with the layouts so far */
bool plan_is_own_point(const Stmt *s, const Sub *sub,
                       int rank); /* t[i0, i1 ...], all of the statement's output indices in turn */
/* Its layout becomes `as`, or as declared if that is NULL, with dimension `last` last. */
void plan_store_last(Plan *plan, const Tensor *t, const Home *as, int last);
/* Dimension `first` becomes the outermost one, unless it is the last. */
void plan_store_first(Plan *plan, const Tensor *t, int first);
bool plan_may_choose(const Plan *plan,
                     const Tensor *t); /* its layout is open, and will be that of the first sum that reads it */
int plan_unit_dim(const Tensor *t, const Sub *sub, int k); /* the one dimension that k steps through, by 1; -1: none such */
long long plan_access_stride(const ProgramPlan *p, const PlanAccess *a, int k); /* in numbers, from k to k + 1 */
/* plan_reuse.c */
void plan_reuse(ProgramPlan *p);
/* plan_tile.c */
void plan_tiles(ProgramPlan *p);
int plan_split_index(const ProgramPlan *p, const PlanStmt *planned,
                     int partials); /* the reduced index whose terms go to the parts in turn, or -1 */
bool plan_lane_sum(const ProgramPlan *p, const PlanStmt *s, int lanes, int *index); /* along the last reduced index */
/* The reduced indices that go through the places of a window, whose points are written out: what does not depend on them is
 * loaded once. */
unsigned plan_places(const PlanStmt *s);
bool plan_fold_sum(const ProgramPlan *p, const PlanStmt *s, int lanes, int *index); /* the same where the sums are folded */
/* plan_share.c */
void plan_share(ProgramPlan *p);
bool plan_shares(const Plan *plan);             /* has training anything to share? */
int plan_tile_step(const Tile *tile, int loop); /* how many points of the loop are in a tile */
/* plan_homes.c */
void plan_homes(ProgramPlan *p);

/* plan_verify.c */
void plan_verify(const ProgramPlan *p);
/* plan_cut.c */
void plan_cut(ProgramPlan *p);

#endif
