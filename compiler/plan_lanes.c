/* plan_lanes: which index of a statement would be the lanes of vectors, what would have to be copied for that, and about what
 * it costs, given how tensors are stored.
 *
 * An output index can be the lanes if all that is touched steps by 0 or 1 along it; a reduced one if all that is read does, and
 * its lanes are added up at the end. A tensor that steps further may be copied before, with the dimension that the index walks
 * through stored last: one of the caller's, or one of which a sum reads every element several times. */
#include "emit_vector.h"
#include "plan.h"

/* In steps of a vector unit for each point; a function such as exp takes about so many. Terms of a sum by itself wait for each
 * other. */
static const double scalar_cost = 2, scalar_term_cost = 6, copy_cost = 1, fold_cost = 60;

typedef struct Try {
    const Plan *plan;
    const Items *around; /* the body of the recurrence that the statement stands in, or NULL */
    const Stmt *s;
    int k;
    bool ok;
    Lanes lanes;
} Try;

bool plan_writes(const Items *items, const Tensor *t) {
    for (int k = 0; k < items->n; k++)
        if (items->at[k].scan ? plan_writes(&items->at[k].scan->body, t) : items->at[k].stmt->to == t) return true;
    return false;
}

static void try_read(const Expr *read, void *context) {
    Try *w = context;
    const Tensor *t = read->read.tensor;
    if (!expr_uses_index(read, w->k)) return;
    const int last = plan_unit_dim(t, read->read.sub, w->k);
    const bool apart = plan_is_callers(t) && w->s->ix[w->k].batch;
    w->ok = w->ok && last >= 0 && !(read->padded && !affine_within(read->read.sub[last].a, w->s->ix, 0, t->dim[last]));
    if (!w->ok || plan_may_choose(w->plan, t) || (plan_stride(w->plan, t, read->read.sub, w->k) == 1 && !apart)) return;
    const bool read_often = w->s->reduce == REDUCE_SUM && plan_stmt_points(w->s, true) / READS_FOR_A_COPY >= tensor_size(t);
    /* What a recurrence itself computes cannot be copied before it. */
    w->ok = (read_often || plan_is_callers(t)) && t->rank > 1 && !t->integer && w->lanes.copies < LANES_COPIES &&
            !(w->around && plan_writes(w->around, t));
    if (!w->ok) return;
    w->lanes.read[w->lanes.copies] = read;
    w->lanes.last[w->lanes.copies++] = last;
    w->lanes.cost += copy_cost * (double)tensor_size(t);
}

bool plan_vector_ops(const Expr *e, int k) {
    if (expr_is_position_test(e)) return !affine_coef(e->arg[1]->affine, k);
    bool ok = vector_has_op(e->op) && !(e->op == OP_VAL && affine_coef(e->affine, k));
    for (int j = 0; j < e->nargs && ok; j++) ok = plan_vector_ops(e->arg[j], k);
    return ok;
}

double plan_vector_cost(int extent, int lanes) {
    const int vectors = (extent + lanes - 1) / lanes;
    return extent < 3 || extent < lanes / 2 ? 1 : (double)vectors / extent;
}

static double per_point(int widest, int extent) {
    double best = 1;
    for (int lanes = widest; lanes >= 4 && lanes * LANES_NARROWER >= widest; lanes /= 2)
        if (plan_vector_cost(extent, lanes) < best) best = plan_vector_cost(extent, lanes);
    return best;
}

int plan_functions_in(const Expr *e) {
    int n = op_info[e->op].kind == COSTLY && e->op != OP_DIV && e->op != OP_SQRT;
    for (int k = 0; k < e->nargs; k++) n += plan_functions_in(e->arg[k]);
    return n;
}

/* All points of a statement, of which each takes `one` if it has no functions, and those take `function` each. */
static double cost_of(const Stmt *s, double one, double function) {
    return (double)plan_stmt_points(s, true) * (one + function * plan_functions_in(s->e));
}

/* In doubles the functions of vectors go from lane to lane. */
static double vector_cost(const Plan *plan, const Stmt *s, int extent) {
    const double one = per_point(plan_widest(plan), extent);
    return cost_of(s, one, plan->options.f64 ? 2 * FUNCTION_COST : one * FUNCTION_COST);
}

static bool try_index(Try *w, int k) {
    const Stmt *s = w->s;
    const Index *ix = &s->ix[k];
    const int extent = ix->hi - ix->lo;
    const bool folds = k >= s->nout;
    w->k = k;
    w->lanes = (Lanes){.index = k};
    w->ok = extent >= (folds ? 4 : 3) && !plan_guarded(s, k) && plan_vector_ops(s->e, k);
    if (folds)
        w->ok = w->ok && (ix->batch ? k == s->nout : k == s->nout + s->nred - 1);
    else
        w->ok = w->ok && plan_stride(w->plan, s->to, s->lhs, k) == 1;
    if (!w->ok) return false;
    expr_reads(s->e, try_read, w);
    w->lanes.cost += vector_cost(w->plan, s, extent);
    if (folds) w->lanes.cost += fold_cost * (double)box_points(s->ix, lhs_indices(s));
    return w->ok;
}

Lanes plan_lanes(const Plan *plan, const Stmt *s, const Items *around) {
    const bool waits = s->nred && !s->ix[s->nout].batch;
    Lanes best = {.index = -1, .cost = cost_of(s, waits ? scalar_term_cost : scalar_cost, 2 * FUNCTION_COST)};
    if (has_gather(s->lhs, s->to->rank) || s->builtin) return best;
    for (int k = 0; k < s->nout + s->nred; k++) {
        Try w = {.plan = plan, .around = around, .s = s};
        if (try_index(&w, k) && w.lanes.cost < best.cost) best = w.lanes;
    }
    return best;
}

double plan_loops_cost(const Plan *plan, const Program *p) {
    enum { NEST = 20 }; /* what it takes to call a nest's function and start its loops */
    double cost = 0;
    for (int k = 0; k < p->stmts.n; k++) cost += plan_lanes(plan, p->stmts.at[k], NULL).cost + NEST;
    return cost;
}
