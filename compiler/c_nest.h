/* c_nest: nests as C. */
#ifndef NNC_C_NEST_H
#define NNC_C_NEST_H

#include "emit.h"
#include "nest.h"

void c_nests(Emit *e);                                 /* all steps of a program in loops */
void c_nest(Emit *e, const Step *step);                /* a nest among straight-line code */
void c_fill(Emit *e, const Step *step, const Home *h); /* of a fill, what sets h */

/* The texts of a loop's bounds, the first of which are numbers; `samples` stands for the first upper one unless it is NULL. */
const char *loop_from(Emit *e, const Cursor *c, const Bounds *from);
const char *loop_to(Emit *e, const Cursor *c, const Bounds *to, const char *samples);

/* Where the node is: names and ranges of the loops around it. */
Cursor cursor_at(const Emit *e, const Node *n);
void set_range(Emit *e, const Node *loop); /* of the index that is now open */
/* Those that may fail, joined by &&; NULL: none may. */
const char *tests_text(Emit *e, const Cursor *c, const Guards *guards);

#endif
