/* emit_loops: what emit_loops.c and emit_tile.c share. */
#ifndef NNC_EMIT_LOOPS_H
#define NNC_EMIT_LOOPS_H

#include "c_nest.h"

typedef struct Place { /* how a statement is written: its cursor, and which guards are still to be seen to */
    Cursor c;
    const Nest *nest;
    const PlanStmt *s;
    unsigned guards; /* bit g: guard g has become a bound or a test */
    int opened;      /* loops of its own that are open */
    const char *head[INDEX_MAX];
} Place;

Place place_of(Emit *e, const Nest *nest, const PlanStmt *s);
void open_body(Emit *e);
void close_body(Emit *e, const char *head);
/* A loop variable named like the index, unless something in sight is called so. */
const char *open_index(Emit *e, const char *name);
/* Opens the loop over index k; if `bounded`, guards are its bounds, as far as its and earlier indices decide them. */
void open_loop(Emit *e, Place *at, int k, bool bounded);
void close_loops(Emit *e, Place *at, int down_to);
void open_tests(Emit *e, Place *at);
void open_reduction(Emit *e, Place *at); /* the loops over the reduced indices, and what guards are left */
void write_line(Emit *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* emit_tile.c: a nest in vectors becomes a function of pointers, which nests of equal text share, and a call of it. */
void emit_tile(Emit *e, const Node *nest);

#endif
