/* plan_homes: where every tensor's numbers live.
 *
 * A value that only one loop nest touches, point by point, is a scalar in it. A per-sample value that only one sample loop
 * touches is kept for one sample. In unrolled code every element is a local variable, and a value with a single elementwise
 * reader is printed where it is read. What is left is an array in the workspace. */
#include "plan.h"
#include <string.h>

/* ---- who touches what */

static void touch_loop(Home *h, int loop) {
    h->loop = h->first < 0 || h->loop == loop ? loop : LOOP_SEVERAL;
}

static void touch(const ProgramPlan *p, PlanStmt *s, const PlanAccess *a) {
    Home *h = plan_home(p, a->tensor);
    touch_loop(h, s->loop);
    if (a->write && s->accumulates) h->loop = LOOP_SEVERAL;
    h->nest = h->first < 0 || h->nest == s->nest ? s->nest : NULL;
    if (h->first < 0) h->first = s->position;
    h->last = s->position;
    if (a->write)
        h->writers++, h->writer = s;
    else
        h->readers++, h->reader = s;
}

static void touch_all(ProgramPlan *p) {
    for (int k = 0; k < p->homes.n; k++) p->homes.at[k]->first = -1;
    for (int k = 0; k < p->stmts.n; k++)
        for (int a = 0; a < p->stmts.at[k]->accesses.n; a++) touch(p, p->stmts.at[k], &p->stmts.at[k]->accesses.at[a]);
}

/* Are all accesses to h in its nest at the point that its writer writes? */
static bool is_pointwise(const ProgramPlan *p, const Home *h) {
    if (!h->nest || !h->writer) return false;
    const PlanStmts *stmts = &h->nest->nest.stmts;
    for (int k = 0; k < stmts->n; k++)
        for (int a = 0; a < stmts->at[k]->accesses.n; a++) {
            const PlanAccess *x = &stmts->at[k]->accesses.at[a];
            if (plan_home(p, x->tensor) != h) continue;
            if (!plan_same_point(h->writer, h->writer->s->lhs, stmts->at[k], x->sub, x->tensor->rank)) return false;
        }
    return true;
}

static bool is_fixed_kind(const ProgramPlan *p, Home *h) {
    static const HomeKind kinds[] = {
        [ROLE_INPUT] = HOME_INPUT,   [ROLE_TARGET] = HOME_TARGET, [ROLE_PARAM] = HOME_NET,        [ROLE_STATE] = HOME_NET,
        [ROLE_OPTIMIZER] = HOME_NET, [ROLE_RATE] = HOME_NET,      [ROLE_CONSTANT] = HOME_NUMBERS, [ROLE_SCALAR] = HOME_SCALAR,
    };
    if (tensor_is_computed(h->tensor)) return false;
    h->kind = kinds[h->tensor->role];
    h->sliced = h->tensor->per_sample && !p->tiled; /* the caller's pointer goes from sample to sample */
    return true;
}

/* ---- values printed in place */

enum { LONGEST_INLINED = 16 }; /* nodes of the whole expression */

typedef struct Found {
    const Tensor *of;
    int plain; /* reads below sums, products and quotients only, from the root on */
    int all;
} Found;

static bool is_arithmetic(Op op) {
    return op == OP_ADD || op == OP_SUB || op == OP_MUL || op == OP_DIV || op == OP_NEG;
}

static void find_reads(const Expr *e, bool plain, Found *found) {
    if (e->op == OP_READ) {
        if (e->read.tensor == found->of) {
            found->all++;
            found->plain += plain && !e->padded;
        }
        for (int d = 0; d < e->read.tensor->rank; d++)
            if (e->read.sub[d].gather) find_reads(e->read.sub[d].gather, false, found);
    }
    for (int k = 0; k < e->nargs; k++) find_reads(e->arg[k], plain && is_arithmetic(e->op), found);
}

static bool all_bare(const Sub *sub, int rank, unsigned *used) {
    *used = 0;
    for (int d = 0; d < rank; d++) {
        int k;
        if (sub[d].gather || !affine_is_index(sub[d].a, &k) || *used >> k & 1) return false;
        *used |= 1U << k;
    }
    return true;
}

/* Does every point of the reader read an element of its own? */
static bool reads_once(const PlanStmt *reader, const Tensor *t) {
    for (int a = 0; a < reader->accesses.n; a++) {
        const PlanAccess *x = &reader->accesses.at[a];
        unsigned used;
        if (x->write || x->tensor != t) continue;
        if (!all_bare(x->sub, t->rank, &used)) return false;
        for (int k = 0; k < reader->s->nout + reader->s->nred; k++)
            if (reader->s->ix[k].hi - reader->s->ix[k].lo > 1 && !(used >> k & 1)) return false;
    }
    return true;
}

/* Is h written after one position, and no later than another? */
static bool written_between(const ProgramPlan *p, const Home *h, int after, int until) {
    if (h->writers == 0 || h->writer->position <= after) return false;
    if (h->writer->position <= until) return true;
    for (int k = after + 1; h->writers > 1 && k <= until; k++)
        if (plan_home(p, p->stmts.at[k]->s->to) == h) return true;
    return false;
}

/* Is anything that s reads, or what is printed within it, written after it and no later than `reader`? */
static bool overwritten(const ProgramPlan *p, const PlanStmt *s, const PlanStmt *reader) {
    for (int a = 0; a < s->accesses.n; a++) {
        if (s->accesses.at[a].write) continue;
        const Home *h = plan_home(p, s->accesses.at[a].tensor);
        if (h->kind == HOME_INLINE && overwritten(p, h->by, reader)) return true;
        if (written_between(p, h, s->position, reader->position)) return true;
    }
    return false;
}

/* Counts the nodes of e as it will be printed down from *left; false once there are more. */
static bool weighs_less(const ProgramPlan *p, const Expr *e, int *left) {
    if (--*left < 0) return false;
    if (e->op == OP_READ && plan_home(p, e->read.tensor)->kind == HOME_INLINE) {
        ++*left;
        return weighs_less(p, plan_home(p, e->read.tensor)->by->s->e, left);
    }
    for (int k = 0; k < e->nargs; k++)
        if (!weighs_less(p, e->arg[k], left)) return false;
    return true;
}

/* Are the lanes of s those of its reader too, where they are no sum's? */
static bool lanes_agree(const PlanStmt *s, const PlanStmt *reader, const Tensor *t) {
    if (!s->lanes || s->lane >= s->s->nout) return !reader->lanes;
    const int d = plan_whole_dim(s->s, t, s->s->lhs, s->lane);
    for (int a = 0; reader->lanes && a < reader->accesses.n; a++) {
        const PlanAccess *x = &reader->accesses.at[a];
        if (!x->write && x->tensor == t) return d >= 0 && plan_whole_dim(reader->s, t, x->sub, reader->lane) == d;
    }
    return false;
}

static bool may_inline(const ProgramPlan *p, const Home *h) {
    int left = LONGEST_INLINED;
    if (h->writers != 1 || h->readers != 1 || h->tensor->integer || h->root) return false;
    const PlanStmt *s = h->writer, *reader = h->reader;
    unsigned used;
    if (s->s->add || s->accumulates || s->loop != reader->loop || reader == s) return false;
    if (s->s->reduce > REDUCE_SUM || (s->s->reduce == REDUCE_NONE && s->s->nguard) || s->s->e->op == OP_RANDOM) return false;
    if (reader->s->reduce != REDUCE_NONE || reader->s->nguard || !all_bare(s->s->lhs, h->tensor->rank, &used)) return false;
    if (!reads_once(reader, h->tensor) || !lanes_agree(s, reader, h->tensor)) return false;
    if (!weighs_less(p, s->s->e, &left) || !weighs_less(p, reader->s->e, &left)) return false;
    Found found = {.of = h->tensor};
    find_reads(reader->s->e, true, &found);
    return found.plain == 1 && found.all == 1 && !overwritten(p, s, reader);
}

static void inline_values(ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++) {
        Home *h = plan_home(p, p->stmts.at[k]->s->to);
        if (h->kind != HOME_LOCAL || h->tensor->next_of || !may_inline(p, h)) continue;
        h->kind = HOME_INLINE;
        h->by = h->writer;
    }
}

/* ---- the choice */

static void home_unrolled(const ProgramPlan *p, Home *h) {
    const bool crosses = h->tensor->per_sample && !h->sliced;
    h->kind = crosses ? HOME_WORK : HOME_LOCAL;
    h->constant = h->writers == 1 && !h->writer->s->add && !h->writer->accumulates;
    if (p->program->role == PROGRAM_PREDICT && h->root) h->kind = HOME_OUTPUT;
}

static void home_in_loops(const ProgramPlan *p, Home *h) {
    const bool root = h->root;
    h->pointwise = is_pointwise(p, h);
    h->constant = h->writers == 1 && !h->writer->s->add && !h->writer->accumulates && !h->writer->around;
    h->narrow = h->pointwise && !root && !h->array && !h->writer->accumulates && !h->nest->nest.row;
    h->kind = h->narrow || home_rank(h) == 0 ? HOME_LOCAL : HOME_WORK;
    if (h->narrow) h->constant = h->writers == 1 && !h->writer->s->add;
    if (p->program->role == PROGRAM_PREDICT && root) h->kind = HOME_OUTPUT;
}

void plan_homes(ProgramPlan *p) {
    touch_all(p);
    for (int k = 0; k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        if (h->same_as || is_fixed_kind(p, h)) continue;
        h->sliced = h->tensor->per_sample && h->loop >= 0;
        if (p->unrolled)
            home_unrolled(p, h);
        else
            home_in_loops(p, h);
    }
    if (p->unrolled) inline_values(p);
    for (int k = 0; k < p->homes.n; k++) /* what is not printed in place */
        if (p->homes.at[k]->kind == HOME_LOCAL && p->homes.at[k]->array) p->homes.at[k]->kind = HOME_WORK;
    plan_array_loops(p);
}
