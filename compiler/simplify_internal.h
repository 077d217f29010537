/* simplify_internal: what the files of simplify share.
 *
 * simplify.c   the rounds: algebra, copies, equal statements, sums, what no root needs
 * define.c     what a value is in terms of others: definitions looked through
 * joint.c      sigmoids and softmaxes, as they are written, and their logarithms */
#ifndef NNC_SIMPLIFY_INTERNAL_H
#define NNC_SIMPLIFY_INTERNAL_H

#include "ir.h"

typedef struct Facts { /* of a tensor, by slot */
    Stmts writers;
    bool root, replaced; /* replaced: a persistent tensor whose next value this program computes */
    bool live;
    Tensor *merged; /* read this one instead */
} Facts;

typedef struct Simplify {
    Program *p;
    Arena *scratch; /* of one round */
    Facts *facts;
    int tensors; /* that have facts; later ones were made in this round */
    const Stmt *stmt;
    bool changed;
    bool values; /* only values matter: a derivative written by hand may be looked past */
} Simplify;

/* ---- define.c */
void facts_collect(Simplify *s);
/* Does the left-hand side go over all of the tensor, an index of its own for each dimension? */
bool lhs_is_plain(const Stmt *s);
/* The one statement  t[i, j] = e  that says what every element of t is, or NULL. */
const Stmt *definition_of(const Simplify *s, const Tensor *t);
/* The value of `read` as its definition says it, or NULL. */
const Expr *inline_definition(Program *p, const Stmt *definition, const Access *read);
/* What a read reads, in terms of others, or NULL. */
const Expr *resolve(const Simplify *s, const Expr *e);

/* ---- joint.c: rewrites of any expression; the context is a Simplify */
ExprRewrite joint_sigmoid, joint_bound, joint_log;

#endif
