/* plan_share: which nests the threads of a trainer share, and along which loop.
 *
 * Each thread takes ranges of the loop, in whole steps of the tile, so that every number is worked out by the same operations
 * as one thread would use: the same bits, however many threads there are. */
#include "plan.h"
#include <stdlib.h>

enum {
    SHARED_COST = 16384, /* steps of a vector unit, some microseconds: less is not worth handing out */
    MANY_STEPS = 16      /* that several threads can be kept busy with, so that no loop further in is looked for */
};

int plan_tile_step(const Tile *tile, int loop) {
    if (loop == tile->loop) return tile->lanes * tile->vectors;
    for (int k = 0; k < TILE_ROWS; k++)
        if (tile->rows[k].loop == loop) return tile->rows[k].n;
    return 1;
}

/* Are the elements written at two points of index k never the same, whatever the other indices are? In some dimension one step
 * of k must go further than all the others together. */
static bool writes_apart(const Stmt *s, int k) {
    for (int d = 0; d < s->to->rank; d++) {
        long long others = 0;
        const Affine *a = &s->lhs[d].a;
        if (s->lhs[d].gather || a->den != 1) continue;
        for (int t = 0; t < a->n; t++) {
            const Index *ix = &s->ix[a->t[t].index];
            if (a->t[t].index != k) others += llabs((long long)a->t[t].coef * (ix->hi - ix->lo - 1));
        }
        if (llabs((long long)affine_coef(*a, k)) > others) return true;
    }
    return false;
}

static bool may_share(const ProgramPlan *p, const Nest *nest, int loop) {
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        const Home *h = plan_home(p, s->s->to);
        const bool own = h->kind == HOME_LOCAL && h->narrow;
        if (!own && !writes_apart(s->s, plan_find_loop(s, loop))) return false;
    }
    return true;
}

/* A recurrence comes to the nest once for each of its steps. */
static double steps_of(const PlanStmt *s) {
    double steps = 1;
    for (int k = 0; k < s->s->nout + s->s->nred; k++)
        if (s->role[k] == AT_SCAN) steps *= s->s->ix[k].hi - s->s->ix[k].lo;
    return steps;
}

static double nest_cost(const ProgramPlan *p, const Nest *nest) {
    double cost = 0;
    for (int j = 0; j < nest->stmts.n; j++)
        cost += plan_lanes(p->plan, nest->stmts.at[j]->s, NULL).cost / steps_of(nest->stmts.at[j]);
    return cost;
}

/* The outermost loop with many steps, or else the one that has most. */
static void share_nest(const ProgramPlan *p, Nest *nest) {
    int most = 1;
    if (!nest->tile.on || nest->tile.turn || nest->fixed || nest_cost(p, nest) < SHARED_COST) return;
    for (int k = 0; k < nest->loops && most < MANY_STEPS; k++) {
        const int loop = nest->order[k], step = plan_tile_step(&nest->tile, loop);
        const int steps = (nest->hi[loop] - nest->lo[loop] + step - 1) / step;
        if (nest->lo[loop] || steps <= most || !may_share(p, nest, loop)) continue;
        most = steps;
        nest->shared = true;
        nest->shared_loop = loop;
    }
}

static void share_steps(const ProgramPlan *p, Steps *steps) {
    for (int k = 0; k < steps->n; k++) {
        share_nest(p, &steps->at[k]->nest);
        share_steps(p, &steps->at[k]->steps);
    }
}

void plan_share(ProgramPlan *p) {
    if (p->plan->options.trainer && p->tiled) share_steps(p, &p->steps);
}

static bool any_shared(const Steps *steps) {
    for (int k = 0; k < steps->n; k++)
        if (steps->at[k]->nest.shared || any_shared(&steps->at[k]->steps)) return true;
    return false;
}

bool plan_shares(const Plan *plan) {
    const ProgramPlan *const training[] = {plan->train, plan->ahead, plan->each, plan->settle};
    for (size_t k = 0; k < sizeof training / sizeof *training; k++)
        if (training[k] && any_shared(&training[k]->steps)) return true;
    return false;
}
