/* plan_reuse: values that take the place of others.
 *
 * Where a statement writes each element from the same element of a value that nothing needs afterwards, as the derivative of
 * relu does, it writes over it: less memory to go through, and no line of the cache is fetched to be overwritten. */
#include "plan.h"
#include <string.h>

static bool is_own_array(const Home *h) {
    const Role role = h->tensor->role;
    return h->kind == HOME_WORK && !h->root && (role == ROLE_VALUE || role == ROLE_GRADIENT) && !h->tensor->integer &&
           h->tensor->rank > 0;
}

static bool stored_alike(const Home *a, const Home *b) {
    StoredDim x[RANK_MAX + 1], y[RANK_MAX + 1];
    const int n = home_stored(a, x);
    return a->tensor->rank == b->tensor->rank && home_stored(b, y) == n && !memcmp(a->order, b->order, sizeof a->order) &&
           !memcmp(x, y, (size_t)n * sizeof *x);
}

/* Does all that the nest of s does with `old` happen at the point that s writes? */
static bool only_there(const ProgramPlan *p, const PlanStmt *s, const Home *old) {
    const PlanStmts *stmts = &s->nest->nest.stmts;
    for (int j = 0; j < stmts->n; j++)
        for (int a = 0; a < stmts->at[j]->accesses.n; a++) {
            const PlanAccess *x = &stmts->at[j]->accesses.at[a];
            if (plan_home(p, x->tensor) != old) continue;
            if (x->write || !plan_same_point(s, s->s->lhs, stmts->at[j], x->sub, x->tensor->rank)) return false;
        }
    return true;
}

static bool may_take(const ProgramPlan *p, const Home *h, const PlanStmt *s, const Home *old) {
    return old != h && is_own_array(old) && old->last == s->position && stored_alike(h, old) && only_there(p, s, old);
}

/* The value whose place `h` may take when s, the first to touch it, writes it; or NULL. */
static Home *dying(const ProgramPlan *p, const Home *h, const PlanStmt *s) {
    if (s->s->reduce != REDUCE_NONE || s->s->add || !s->nest || s->nest->kind != STEP_NEST || s->nest->in != &p->steps)
        return NULL;
    for (int a = 0; a < s->accesses.n; a++) {
        Home *old = plan_home(p, s->accesses.at[a].tensor);
        if (!s->accesses.at[a].write && may_take(p, h, s, old)) return old;
    }
    return NULL;
}

void plan_reuse(ProgramPlan *p) {
    if (!p->tiled) return;
    for (int k = 0; k < p->stmts.n; k++) {
        const PlanStmt *s = p->stmts.at[k];
        Home *h = plan_home(p, s->s->to), *old = is_own_array(h) && h->first == s->position ? dying(p, h, s) : NULL;
        if (!old) continue;
        h->same_as = old;
        old->last = h->last;
        old->array = old->array || h->array;
    }
    plan_find_homes(p);
}
