/* plan_scans: a recurrence works on one step of all samples at a time, so its values are stored step by step.
 *
 *     h[sample, t, j] in  scan t { h[sample, t, j] = ... }  becomes  h [t][sample][j]
 *
 * As declared, the samples of a step would lie a whole sequence apart, each on another page. */
#include "plan.h"

typedef struct Scans {
    Plan *plan;
    const Program *p;
    int k; /* the index that stands for the step */
} Scans;

static void store_steps(const Scans *w, const Tensor *t, const Sub *sub) {
    int step = -1;
    if (!t->per_sample || !tensor_is_computed(t) || program_has_root(w->p, t)) return;
    for (int d = 1; d < t->rank && step < 0; d++)
        if (!sub[d].gather && affine_coef(sub[d].a, w->k)) step = d;
    if (step >= 0) plan_store_first(w->plan, t, step);
}

static void store_read(const Expr *read, void *context) {
    store_steps(context, read->read.tensor, read->read.sub);
}

static void look_at_items(Scans *w, const Items *items) {
    for (int k = 0; k < items->n; k++) {
        const Scan *scan = items->at[k].scan;
        for (int j = 0; scan && j < scan->members.n; j++) {
            const Stmt *s = scan->members.at[j].stmt;
            w->k = scan->members.at[j].index;
            store_steps(w, s->to, s->lhs);
            expr_reads(s->e, store_read, w);
        }
    }
}

void plan_scans(Plan *plan, const Program *p) {
    if (p->batch > 1) look_at_items(&(Scans){.plan = plan, .p = p}, &p->order);
}
