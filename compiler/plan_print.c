/* plan_print: a plan as text: what is straight-line code; the order of steps; for every nest its loops, how many points of each
 * are in a tile, and which is the lanes; for every array how its dimensions are stored, and which values are none. */
#include "plan.h"

typedef struct Print {
    const ProgramPlan *p;
    FILE *to;
    int indent;
} Print;

static void start_line(const Print *w) {
    fprintf(w->to, "%*s", 2 * w->indent, "");
}

/* d_c1_z [8][25][24][32] of dimensions 1 2 3 0 */
static void print_array(const Print *w, const Home *h) {
    const int rank = h->tensor->rank;
    StoredDim stored[RANK_MAX + 1];
    if ((h->kind != HOME_WORK && h->kind != HOME_NET) || !rank || (h->same_as && h->tensor->next_of)) return;
    start_line(w);
    if (h->same_as) {
        fprintf(w->to, "%s in place of %s\n", h->tensor->name, h->same_as->tensor->name);
        return;
    }
    fprintf(w->to, "%s ", h->tensor->name);
    const int n = home_stored(h, stored);
    for (int k = 0; k < n; k++) fprintf(w->to, "[%d]", stored[k].dim);
    bool declared = true;
    for (int k = 0; k < rank; k++) declared = declared && h->order[k] == k;
    if (!declared) fprintf(w->to, " of dimensions");
    for (int k = 0; k < rank && !declared; k++) fprintf(w->to, " %d", h->order[k]);
    fprintf(w->to, h->panel ? " in panels\n" : "\n");
}

/* local: h_z, y_z */
static void print_kind(const Print *w, HomeKind kind, const char *what) {
    int n = 0;
    for (int k = 0; k < w->p->homes.n; k++) {
        const Home *h = w->p->homes.at[k];
        if (h->kind == kind && !h->same_as) fprintf(w->to, "%s %s", n++ ? "," : what, h->tensor->name);
    }
    if (n) fprintf(w->to, "\n");
}

static void print_loop(const Print *w, const Nest *nest, int loop) {
    const Tile *t = &nest->tile;
    const PlanStmt *s = nest->stmts.at[0];
    fprintf(w->to, " %s %d", loop == nest->batch ? "sample" : s->s->ix[plan_find_loop(s, loop)].name,
            nest->hi[loop] - nest->lo[loop]);
    for (int r = 0; t->on && r < TILE_ROWS; r++)
        if (loop == t->rows[r].loop) fprintf(w->to, t->turn ? " in blocks" : " by %d", t->rows[r].n);
    if (t->on && loop == t->loop) fprintf(w->to, " by %d x %d lanes", t->vectors, t->lanes);
    if (t->on && loop == t->loop && t->partials > 1) fprintf(w->to, " in %d parts", t->partials);
}

static bool is_lane_sum(const ProgramPlan *p, const Nest *nest, const PlanStmt *s, int *index) {
    const Tile *t = &nest->tile;
    if (!t->on || (t->loop >= 0 && !t->fold)) return false;
    return t->fold ? plan_fold_sum(p, s, t->lanes, index) : plan_lane_sum(p, s, t->lanes, index);
}

static void print_nest(const Print *w, const Nest *nest) {
    int index;
    start_line(w);
    for (int j = 0; j < nest->stmts.n; j++) fprintf(w->to, "%s%s", j ? ", " : "", nest->stmts.at[j]->s->to->name);
    fprintf(w->to, ":");
    for (int k = 0; k < nest->loops; k++) print_loop(w, nest, nest->order[k]);
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        if (s->lanes) fprintf(w->to, "; %s in %d lanes", s->s->ix[s->lane].name, s->lanes);
        if (!s->s->nred) continue;
        fprintf(w->to, "; over");
        for (int k = s->s->nout; k < s->s->nout + s->s->nred; k++)
            fprintf(w->to, " %s %d", s->s->ix[k].name, s->s->ix[k].hi - s->s->ix[k].lo);
        if (is_lane_sum(w->p, nest, s, &index)) fprintf(w->to, ", %s in %d lanes", s->s->ix[index].name, nest->tile.lanes);
    }
    fprintf(w->to, "\n");
}

static void print_steps(Print *w, const Steps *steps) {
    for (int k = 0; k < steps->n; k++) {
        const Step *step = steps->at[k];
        if (step->function && (!k || step->function != steps->at[k - 1]->function)) {
            start_line(w);
            fprintf(w->to, "function %d\n", step->function);
        }
        if (step->kind == STEP_NEST) {
            print_nest(w, &step->nest);
            continue;
        }
        start_line(w);
        switch (step->kind) {
        case STEP_SAMPLES: fprintf(w->to, "for each sample\n"); break;
        case STEP_SCAN:
            fprintf(w->to, "for %s from %d up to %d%s\n", step->scan->name, step->scan->lo, step->scan->hi - 1,
                    step->scan->down ? ", downwards" : "");
            break;
        default: fprintf(w->to, "%s starts\n", step->fill->s->to->name); break;
        }
        w->indent++;
        print_steps(w, &step->steps);
        w->indent--;
    }
}

void plan_print(const Plan *plan, FILE *to) {
    const ProgramPlans all = plan_programs(plan);
    for (int k = 0; k < all.n; k++) {
        Print w = {.p = all.at[k], .to = to};
        const ProgramRole role = w.p->program->role;
        if (role == PROGRAM_INIT || role == PROGRAM_EPOCH || role == PROGRAM_PROBE) continue;
        fprintf(to, "# %s, after plan: %s\n", w.p->program->name,
                w.p->unrolled ? "straight-line code"
                : w.p->tiled  ? plan->options.target
                              : "loops");
        for (int j = 0; j < w.p->homes.n; j++) print_array(&w, w.p->homes.at[j]);
        print_kind(&w, HOME_LOCAL, "local:");
        print_kind(&w, HOME_INLINE, "inline:");
        print_steps(&w, &w.p->steps);
        fprintf(to, "\n");
    }
}
