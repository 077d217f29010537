/* emit_vector: what vectors can do in the emitted C. */
#ifndef NNC_EMIT_VECTOR_H
#define NNC_EMIT_VECTOR_H

#include "emit.h"

/* Is there a vector form of this operation (reads and numbers included)? */
bool vector_has_op(Op op);
/* The name of a function on vectors of so many lanes (load, store, splat, sum, pick, exp ...), which the file then holds. */
const char *vector_call(UnitSet *units, const Plan *plan, const char *name, int lanes);
/* The function of one number that does this operation by a vector's, or NULL. */
const char *vector_one(UnitSet *units, const Plan *plan, Op op);
/* What a function on vectors of an operation is called, or NULL if it is an operator. */
const char *vector_function(Op op);
bool vector_is_called(const char *name); /* exp_8 */
/* first[c, py, px] == 2*ky+kx: is something at this position the one that a max or min chose? */
bool expr_is_position_test(const Expr *x);
void vectors_put(Writer *w, const UnitSet *units);

#endif
