/* plan_blank: where samples are lanes, what is 0 in the lanes that are left over, so that adding it up needs no mask.
 *
 * Those lanes hold copies of the last sample, so all that is worked out of the caller's numbers is a copy of that sample's.
 * Gradients are linear in what flows back from the loss: masked there, once, all that follows is 0 in those lanes. (A product
 * of 0 and a copy is not 0 only where the sample's own is no number either.) */
#include "plan.h"

enum { BLANK = 1, COPY = 2 }; /* what a value is known to be there; 0 is both; none of the two: anything */

static unsigned state_of(const ProgramPlan *p, const Expr *e) {
    unsigned arg[3] = {0}, copies = COPY;
    for (int k = 0; k < e->nargs; k++) copies &= arg[k] = state_of(p, e->arg[k]);
    switch (e->op) {
    case OP_NUM: return e->num == 0 ? BLANK | COPY : COPY;
    case OP_READ: return e->read.tensor->per_sample ? plan_home(p, e->read.tensor)->beyond : COPY;
    case OP_NEG:
    case OP_STOP: return arg[0];
    case OP_ADD:
    case OP_SUB: return arg[0] & arg[1];
    case OP_MUL: return copies | ((arg[0] & BLANK && arg[1]) || (arg[1] & BLANK && arg[0]) ? BLANK : 0);
    case OP_DIV: return copies | (arg[0] & BLANK && arg[1] & COPY ? BLANK : 0);
    case OP_SELECT: return arg[0] & COPY ? arg[1] & arg[2] : 0;
    default: return copies;
    }
}

/* Of every statement in turn; does any turn out to be less than was known? */
static bool note_states(const ProgramPlan *p) {
    bool less = false;
    for (int k = 0; k < p->stmts.n; k++) {
        PlanStmt *s = p->stmts.at[k];
        Home *h = plan_home(p, s->s->to);
        const unsigned state = s->masked ? BLANK : state_of(p, s->s->e);
        if (!s->lanes) continue;
        s->blank = s->accumulates && state & BLANK;
        less = less || h->beyond & ~state;
        h->beyond &= state;
    }
    return less;
}

/* How many terms need a mask? Steps of a recurrence may read what is written further down. */
static long long count_masks(ProgramPlan *p) {
    long long masks = 0;
    for (int k = 0; k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        h->beyond = plan_is_callers(h->tensor) ? COPY : BLANK | COPY;
    }
    while (note_states(p)) {}
    for (int k = 0; k < p->stmts.n; k++) {
        const PlanStmt *s = p->stmts.at[k];
        if (s->masked || (s->lanes && s->accumulates && !s->blank)) masks += plan_stmt_points(s->s, false);
    }
    return masks;
}

static bool may_mask(const PlanStmt *s) {
    return s->lanes && !s->accumulates && s->s->reduce == REDUCE_NONE && !s->s->add && !s->s->nguard;
}

void plan_blank(ProgramPlan *p) {
    long long least = count_masks(p);
    for (int k = 0; k < p->stmts.n; k++) {
        PlanStmt *s = p->stmts.at[k];
        if (!may_mask(s)) continue;
        s->masked = true;
        const long long masks = count_masks(p);
        s->masked = masks < least;
        if (s->masked) least = masks;
    }
    count_masks(p);
}
