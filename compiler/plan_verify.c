/* plan_verify: what a plan must keep, checked once its homes are chosen. A violation is this compiler's bug.
 *
 *   Every number that the program's caller asked for is written, and stands where the caller sees it.
 *   What is read or written at a place that data decide is an array, and so is all that a loop in straight-line code goes
 *   through. Arrays hold numbers, no vectors. */
#include "plan.h"

static bool is_copied(const ProgramPlan *p, const Home *next) {
    for (int k = 0; k < p->copies.n; k++)
        if (p->copies.at[k].from == next) return true;
    return false;
}

/* A next value replaces what stands in the struct. What is predicted is the caller's y. Other roots are read by the code that
 * stands behind the program's: the loss, gradients, layers' values. */
static bool is_seen(const ProgramPlan *p, const Tensor *root) {
    const Home *own = home_find(&p->table, root), *h = plan_home(p, root);
    if (root->next_of) return h->kind == HOME_NET || is_copied(p, own);
    if (!tensor_is_computed(root)) return h->kind == HOME_NET;
    if (p->program->role == PROGRAM_PREDICT) return h->kind == HOME_OUTPUT;
    return h->kind == HOME_WORK || (h->kind == HOME_LOCAL && !h->narrow);
}

static void verify_roots(const ProgramPlan *p) {
    const Tensors *roots = &p->program->roots;
    if (p->program->role == PROGRAM_PREDICT && roots->n != 1) bug("predict has %d results", roots->n);
    for (int k = 0; k < roots->n; k++) {
        const Tensor *root = roots->at[k];
        if (!plan_home(p, root)->writers) bug("no statement of %s writes %s", p->program->name, root->name);
        if (!is_seen(p, root)) bug("%s is worked out by %s where its caller does not see it", root->name, p->program->name);
    }
}

static void verify_access(const ProgramPlan *p, const PlanStmt *s, const PlanAccess *x) {
    static const bool arrays[] = {[HOME_INPUT] = true,   [HOME_TARGET] = true, [HOME_OUTPUT] = true, [HOME_NET] = true,
                                  [HOME_NUMBERS] = true, [HOME_WORK] = true,   [HOME_SCALAR] = false};
    const Home *h = plan_home(p, x->tensor);
    if (has_gather(x->sub, x->tensor->rank) && !(h->array && arrays[h->kind]))
        bug("%s is used by %s at a place that data decide, but %s does not keep it as an array", x->tensor->name,
            s->s->to->name, p->program->name);
    if (h->lanes && (h->array || h->kind == HOME_WORK || h->kind == HOME_OUTPUT || h->kind == HOME_NUMBERS))
        bug("%s is an array of %s, and in vectors", x->tensor->name, p->program->name);
}

static void verify_arrays(const ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++) {
        const PlanStmt *s = p->stmts.at[k];
        for (int a = 0; a < s->accesses.n; a++) verify_access(p, s, &s->accesses.at[a]);
        if (s->loops && (s->lanes || !plan_has_arrays(p, s))) bug("%s cannot be worked out in loops", s->s->to->name);
    }
}

void plan_verify(const ProgramPlan *p) {
    verify_roots(p);
    verify_arrays(p);
}
