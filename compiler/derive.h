/* derive: derivatives of scalar expressions; see derive.c. */
#ifndef NNC_DERIVE_H
#define NNC_DERIVE_H

#include "ir.h"

typedef LIST(int) Places;

typedef struct Derive {
    Program *p;
    Arena *scratch;
    bool kept;                /* the expression is a statement's value, which may be asked for */
    LIST(const Expr *) nodes; /* of the expression, arguments first */
    Places *users;            /* of each: the places of the nodes that it is an argument of */
    const Expr **d;           /* the derivative of each, NULL: zero */
    bool *reached;            /* what depends on the read: these alone have a derivative */
    Places path;              /* the places of those */
} Derive;

Derive derive_start(Program *p, Arena *scratch, const Expr *e, bool kept);

/* d e / d read, NULL where it is zero by structure. */
const Expr *derive_by(Derive *d, const Expr *read);

/* x * d, put into the branches of choices; 0 where one of them is 0. */
const Expr *derive_product(Program *p, const Expr *x, const Expr *d);

#endif
