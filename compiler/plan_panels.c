/* plan_panels: long rows are stored in panels.
 *
 *     weight [784][512], stored [i][o], becomes [16][784][32]: o / 32, i, o % 32
 *
 * A tile of a sum walks down a few columns: z[o] = sum[i](weight[i, o] x[i]) for 32 of the o. Where rows are long, each of its
 * steps is on another page; in panels, the walk is one stream. That pays for what a sum reads along its lanes, a row for each
 * step. Every subscript of the dimension must be an index by itself, so that no vector reaches over the end of a panel. */
#include "plan.h"

enum {
    LONG_ROW = 1024, /* bytes */
    SHORT_ROW = 256,
    OFTEN = 32,         /* reads of each element, for which short rows are stored in panels */
    FEW_REGISTERS = 16, /* with more, tiles have so many rows that what they read does not wait, or are wider than a panel */
    VECTORS = 2         /* in a panel's row */
};

typedef struct Panels {
    const Plan *plan;
    bool values; /* of a program; else what is kept, and constants */
    Table wanted, barred;
    LIST(const Tensor *) found;
    /* the statement that is looked at */
    const Stmt *s;
    int lane; /* the index of its lanes, if it is a sum along an output index, or -1 */
} Panels;

static long long row_bytes(const Panels *w, const Tensor *t) {
    return (long long)t->dim[plan_last_dim(w->plan, t)] * plan_real_bytes(w->plan);
}

/* A panel stays in the first cache while all samples go by; without it the whole array comes from the second one for every
 * tile of samples. What that saves in a step is to be more than turning panels for the way back costs. */
static bool is_read_often(const Panels *w, const Tensor *t) {
    return w->plan->options.registers <= FEW_REGISTERS && plan_stmt_points(w->s, true) / OFTEN >= tensor_size(t);
}

static bool is_candidate(const Panels *w, const Tensor *t) {
    const int size = plan_real_bytes(w->plan);
    if (t->rank < 2 || t->integer || row_bytes(w, t) < SHORT_ROW) return false;
    if (tensor_size(t) * size <= CACHE_BYTES) return false;
    return w->values ? tensor_is_computed(t) && !t->next_of : tensor_is_persistent(t) || t->role == ROLE_CONSTANT;
}

/* Is it read a row for each term? */
static bool walks_down(const Panels *w, const Tensor *t, const Sub *sub, int last) {
    int k;
    unsigned others = 0;
    if (w->lane < 0 || !affine_is_index(sub[last].a, &k) || k != w->lane) return false;
    for (int d = 0; d < t->rank; d++)
        if (d != last) others |= sub_indices(&sub[d]);
    return others & reduced_indices(w->s);
}

static void look_at(Panels *w, const Tensor *t, const Sub *sub, bool padded) {
    int k;
    if (!is_candidate(w, t)) return;
    const int last = plan_last_dim(w->plan, t);
    if (padded || has_gather(sub, t->rank) || !affine_is_index(sub[last].a, &k) || w->s->builtin)
        table_set(w->plan->arena, &w->barred, t, w);
    else if (walks_down(w, t, sub, last) && (row_bytes(w, t) >= LONG_ROW || is_read_often(w, t)) &&
             !table_value(&w->wanted, t)) {
        table_set(w->plan->arena, &w->wanted, t, w);
        list_push(w->plan->arena, &w->found, t);
    }
}

static void look_at_read(const Expr *read, void *context) {
    look_at(context, read->read.tensor, read->read.sub, read->padded);
}

static void look_at_stmt(Panels *w, const Stmt *s, const Items *around) {
    const Lanes lanes = plan_lanes(w->plan, s, around);
    w->s = s;
    w->lane = s->reduce == REDUCE_SUM && lanes.index < s->nout ? lanes.index : -1;
    look_at(w, s->to, s->lhs, false);
    expr_reads(s->e, look_at_read, w);
}

static void cut(Panels *w) {
    Plan *plan = (Plan *)w->plan;
    for (int k = 0; k < w->found.n; k++) {
        const Tensor *t = w->found.at[k];
        if (table_value(&w->barred, t)) continue;
        Home *as = home_find(&plan->layouts, t);
        if (!as) as = home_add(plan->arena, &plan->layouts, t);
        as->panel = VECTORS * plan_widest(plan);
    }
}

void plan_panels(Plan *plan) {
    const Model *m = plan->model;
    const Program *const programs[] = {m->init, m->predict, m->loss, m->train, m->gradient, m->epoch};
    Panels w = {.plan = plan};
    for (size_t k = 0; k < sizeof programs / sizeof *programs; k++) {
        const Program *p = programs[k] ? plan_windows(plan, programs[k]) : NULL; /* as it runs: windows read at 3 p + k */
        for (int j = 0; p && j < p->stmts.n; j++) look_at_stmt(&w, p->stmts.at[j], NULL);
    }
    cut(&w);
}

static void look_at_items(Panels *w, const ProgramPlan *p, const Items *items, const Items *around) {
    for (int k = 0; k < items->n; k++) {
        const Stmt *s = items->at[k].stmt, *replaced = s ? table_value(&p->replaced, s) : NULL;
        if (s)
            look_at_stmt(w, replaced ? replaced : s, around);
        else
            look_at_items(w, p, &items->at[k].scan->body, around ? around : &items->at[k].scan->body);
    }
}

void plan_value_panels(ProgramPlan *p) {
    Panels w = {.plan = p->plan, .values = true};
    look_at_items(&w, p, &p->order, NULL);
    for (int k = 0; k < p->program->roots.n; k++) table_set(p->plan->arena, &w.barred, p->program->roots.at[k], &w);
    cut(&w);
}
