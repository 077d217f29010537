/* plan_delay: a gradient that waits for its update.
 *
 *     d_w[o, i] = d_z[o] * h[i]
 *     d_h[i] = sum[o](d_z[o] * w[o, i])
 *     w_next[o, i] = w[o, i] - rate * d_w[o, i]
 *
 * The update takes the place of w, so it must wait for the second line; if the first one waits too, both share their loops and
 * d_w needs no memory. */
#include "plan.h"

static bool depends(const ProgramPlan *p, const Item *item, const PlanStmt *s) {
    if (item->stmt) return plan_depend(plan_stmt_of(p, item->stmt), s);
    for (int k = 0; k < item->scan->members.n; k++)
        if (plan_depend(plan_stmt_of(p, item->scan->members.at[k].stmt), s)) return true;
    return false;
}

/* The first item from `from` on that depends on s, or how many there are. */
static int first_dependent(const ProgramPlan *p, const PlanStmt *s, int from) {
    while (from < p->order.n && !depends(p, &p->order.at[from], s)) from++;
    return from;
}

/* Loops are the left-hand indices in their order. */
static bool same_loops(const Stmt *a, const Stmt *b) {
    if (a->nout != b->nout || !a->nout) return false;
    for (int k = 0; k < a->nout; k++)
        if (a->ix[k].lo != b->ix[k].lo || a->ix[k].hi != b->ix[k].hi || a->ix[k].batch != b->ix[k].batch) return false;
    return true;
}

/* Item k moves behind the last one that its update must follow. */
static void delay(ProgramPlan *p, int k) {
    const Item item = p->order.at[k];
    const int next = item.stmt ? first_dependent(p, plan_stmt_of(p, item.stmt), k + 1) : p->order.n;
    const PlanStmt *update = next < p->order.n && p->order.at[next].stmt ? plan_stmt_of(p, p->order.at[next].stmt) : NULL;
    if (!update || !update->s->to->next_of) return;
    const PlanStmt *s = plan_stmt_of(p, item.stmt);
    if (!same_loops(s->s, update->s) || !plan_pointwise(s, update)) return;
    int last = next - 1;
    while (last > k && !depends(p, &p->order.at[last], update)) last--;
    for (int j = k; j < last; j++) p->order.at[j] = p->order.at[j + 1];
    p->order.at[last] = item;
}

void plan_delay(ProgramPlan *p) {
    if (p->unrolled || (p->program->batch > 1 && !p->tiled)) return; /* sample loops have an order of their own */
    for (int k = p->order.n - 1; k >= 0; k--) delay(p, k);
}
