/* nest.h: what runs, as loops over elements: the stage between the plan and C.
 *
 * A program becomes a list of nodes. Its statements stand in loops with bounds and tests; what is read and written are elements
 * of tensors, whose homes (plan.h) say where they are stored. An index is a number below INDEX_MAX that the loop around it
 * gives a value; no two loops around a node share one. Like the program it is printed (`-d nest`, and once it is
 * scheduled, `-d schedule`), verified and interpreted:
 * the interpreter goes through homes, so it shows that a plan's order, fused loops and shared places keep the meaning. */
#ifndef NNC_NEST_H
#define NNC_NEST_H

#include "plan.h"

typedef enum NodeKind {
    NODE_TILE,   /* in vectors: what is worked out together, some points of the loops around and inside of it */
    NODE_NEST,   /* statements of the program that share their loops, or what an accumulation over the batch starts from */
    NODE_LOOP,   /* for index from .. to */
    NODE_TEST,   /* where all guards hold */
    NODE_SET,    /* to[at] = value, or 0 where a guard fails */
    NODE_REDUCE, /* to[at] += value, or the larger, the smaller of both; of an argmax the position, with the value in best */
    NODE_CALL,   /* an initializer that works on a whole tensor */
    NODE_FETCH   /* numbers of a later sample are brought closer */
} NodeKind;

typedef struct Node Node;
typedef LIST(Node *) Nodes;
typedef LIST(Guard) Guards;

typedef enum LoopMode {
    LOOP_SERIAL,
    LOOP_UNROLLED, /* its points are written out */
    LOOP_LANES     /* its points are the lanes of vectors */
} LoopMode;

typedef struct Bound { /* a / den, rounded down; den > 0 */
    Affine a;
    int den;
} Bound;
typedef LIST(Bound) Bounds;

struct Node {
    NodeKind kind;
    const Step *step; /* of the plan: that it is all of, or part of NODE_CALL; NULL within one */
    Nodes body;       /* NODE_NEST, NODE_TILE, NODE_LOOP, NODE_TEST */
    unsigned seen;    /* NODE_NEST: guards of its one statement that its own loops, and tests around, see to */
    /* NODE_LOOP: from the largest of `from` up to, not including, the smallest of `to`; or the same range downwards */
    LoopMode mode;
    int index, by; /* from a point to the next one */
    const char *name;
    Bounds from, to;
    bool samples; /* `to` is the number of samples less so many, if that is smaller */
    Affine less;
    bool down;
    bool whole; /* only as long as a whole step is left */
    int after;  /* begins where a loop of such whole steps ended; 0: at `from` */
    int of;     /* which loop of its nest it is, or is a part of, counted from 1; 0: none */
    /* NODE_TEST, NODE_SET */
    Guards guards;
    /* NODE_SET, NODE_REDUCE, NODE_CALL */
    const Stmt *stmt; /* where it comes from */
    Tensor *target;
    const Sub *at;
    const Expr *value;
    bool starts; /* NODE_SET: more is added to it, or compared with it */
    Reduce reduce;
    Tensor *best; /* of an argmax or argmin */
    const Sub *best_at;
    Affine number;      /* its position */
    int first, numbers; /* NODE_FETCH: of the sample's inputs */
};

typedef struct NestProgram {
    Arena *arena;
    ProgramPlan *plan; /* its homes: those of accumulators are added */
    Program *program;
    Nodes nodes;
} NestProgram;

/* ---- nest_lower.c */
NestProgram *nest_lower(ProgramPlan *plan);

/* ---- nest_schedule.c: rewrites nests as the plan chose, which keeps what they compute; verified after each kind of rewrite */
void nest_schedule(NestProgram *n);

/* ---- rewrites. `open`: indices of the loops around the nest. */
void nest_tile(const NestProgram *n, Node *nest, unsigned open); /* its loops are taken in tiles */

/* ---- nest_print.c, nest_verify.c */
void nest_print(const NestProgram *n, FILE *to);
void nest_verify(const NestProgram *n, const char *stage); /* a violation is a bug */

/* ---- nest_interpret.c: inputs, targets and what persists are those of `m`; the rest has its own memory, filled with nan */
typedef struct NestMemory {
    const NestProgram *nest;
    Memory *memory;
    Table at; /* of a home */
} NestMemory;
void nest_interpret(NestMemory *m, int samples);
double nest_element(NestMemory *m, const Tensor *t, const int *at); /* after that; at: of every dimension */

#endif
