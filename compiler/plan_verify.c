/* plan_verify: what a plan must keep, checked once its homes are chosen: every number that the program's caller asked for is
 * written, and stands where the caller sees it. A violation is this compiler's bug. */
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

void plan_verify(const ProgramPlan *p) {
    const Tensors *roots = &p->program->roots;
    if (p->program->role == PROGRAM_PREDICT && roots->n != 1) bug("predict has %d results", roots->n);
    for (int k = 0; k < roots->n; k++) {
        const Tensor *root = roots->at[k];
        if (!plan_home(p, root)->writers) bug("no statement of %s writes %s", p->program->name, root->name);
        if (!is_seen(p, root)) bug("%s is worked out by %s where its caller does not see it", root->name, p->program->name);
    }
}
