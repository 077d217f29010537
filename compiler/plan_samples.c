/* plan_samples: straight-line code of which the samples of a batch are the lanes: a variable holds one value of so many
 * samples.
 *
 * Parameters are numbers in memory. What adds over the batch adds lane by lane, and its lanes are added up after the loop over
 * the samples. Where there are fewer samples than lanes, a copy of the caller's rows is filled up, and sums take no more than
 * there are. */
#include "plan.h"

/* As plan_lanes counts. An operation takes about two of its steps, as not all variables stay in registers, and so does a number
 * of the caller's, which are gathered (measured). */
static const double fold_cost = 6, load_cost = 2, point_cost = 2;

int plan_batch_index(const Stmt *s) {
    for (int k = 0; k < s->nout + s->nred; k++)
        if (s->ix[k].batch) return k;
    return -1;
}

typedef struct Fit {
    int k;
    bool ok;
} Fit;

/* What belongs to a sample is read of this one. */
static void fit_read(const Expr *read, void *context) {
    Fit *f = context;
    const Tensor *t = read->read.tensor;
    int index;
    f->ok = f->ok && !has_gather(read->read.sub, t->rank) && !t->integer;
    if (t->per_sample) f->ok = f->ok && f->k >= 0 && affine_is_index(read->read.sub[0].a, &index) && index == f->k;
}

static bool stmt_fits(const Stmt *s) {
    Fit f = {plan_batch_index(s), !has_gather(s->lhs, s->to->rank) && !s->builtin && !s->to->integer};
    const bool adds = f.k >= s->nout;
    stmt_reads(s, fit_read, &f);
    if (f.k < 0 || !f.ok) return f.ok;
    for (int k = f.k + 1; k < s->nout + s->nred; k++)
        if (s->ix[k].batch) return false;
    if (adds ? s->reduce != REDUCE_SUM || s->to->per_sample : s->reduce >= REDUCE_ARGMAX) return false;
    return !plan_guarded(s, f.k) && plan_vector_ops(s->e, f.k) && s->e->op != OP_RANDOM;
}

/* What is added up has no other part, as that of a penalty, and is no state. */
static bool has_other_part(const Program *p, const Stmt *s) {
    for (int k = 0; k < p->stmts.n; k++)
        if (p->stmts.at[k] != s && p->stmts.at[k]->to == s->to) return true;
    return s->add || s->to->next_of;
}

int plan_sample_lanes(const Plan *plan, const Program *p) {
    const PlanOptions *o = &plan->options;
    bool ok = o->unroll == UNROLL_AUTO && o->vector_bytes && p->batch > 1 && !plan->model->sees_batch;
    long long terms = 0;
    for (int k = 0; k < p->stmts.n && ok; k++) {
        const Stmt *s = p->stmts.at[k];
        ok = stmt_fits(s) && !(plan_batch_index(s) >= s->nout && has_other_part(p, s));
        terms += plan_stmt_points(p->stmts.at[k], false);
    }
    return ok && terms <= ONE_FUNCTION_TERMS ? plan_straight_lanes(plan, p->batch) : 0;
}

/* Of what goes over the batch, with what is read of the caller's numbers. */
double plan_samples_cost(const Plan *plan, const Program *p) {
    const Model *m = plan->model;
    const int lanes = plan_straight_lanes(plan, p->batch), groups = (p->batch + lanes - 1) / lanes;
    const double function = plan->options.f64 ? 2 * FUNCTION_COST * lanes : FUNCTION_COST;
    double cost = load_cost * groups * lanes * (m->inputs + m->outputs);
    for (int k = 0; k < p->stmts.n; k++) {
        const Stmt *s = p->stmts.at[k];
        const int batch = plan_batch_index(s);
        const double points = (double)plan_stmt_points(s, false), functions = plan_functions_in(s->e);
        if (batch < 0) continue;
        cost += groups * points * (point_cost + function * functions);
        if (batch >= s->nout) cost += fold_cost * (double)box_points(s->ix, lhs_indices(s));
    }
    return cost;
}

void plan_samples(ProgramPlan *p) {
    const int lanes = p->loops == 1 && !p->copies.n ? plan_sample_lanes(p->plan, p->program) : 0;
    for (int k = 0; k < p->stmts.n; k++)
        if (plan_batch_index(p->stmts.at[k]->s) >= 0 && p->stmts.at[k]->loop < 0) return;
    p->sample_lanes = lanes;
    for (int k = 0; k < p->stmts.n && lanes; k++) {
        PlanStmt *s = p->stmts.at[k];
        const int batch = plan_batch_index(s->s);
        if (batch < 0) continue;
        s->lane = batch;
        s->lanes = lanes;
        if (s->accumulates) plan_home(p, s->s->to)->folds = true;
    }
    for (int k = 0; k < p->homes.n && lanes; k++) {
        Home *h = p->homes.at[k];
        if (!h->tensor->per_sample) continue;
        h->lanes = lanes;
        h->lane_dim = 0;
    }
    if (lanes) plan_blank(p);
}
