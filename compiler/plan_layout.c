/* plan_layout: the order in which dimensions are stored, and the order of loops.
 *
 * A sum runs fastest where its innermost loop is over an output and walks through memory in unit steps. So a parameter that a
 * forward sum reads is stored with the output's dimension last: weight[o, i] of a dense layer as [in][out]. What is updated
 * together with it (gradients, an optimizer's states) is stored the same way. */
#include "plan.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- strides */

bool plan_is_callers(const Tensor *t) {
    return t->role == ROLE_INPUT || t->role == ROLE_TARGET;
}

/* How far apart in memory are the elements that x[sub] names for k and k + 1? The caller's samples hold all inputs. */
static long long stride_of(const Model *model, const Tensor *t, const Home *as, const Sub *sub, int k) {
    long long stride = 0, step = 1;
    for (int d = t->rank - 1; d >= 0; d--) {
        const int dim = as ? as->order[d] : d;
        if (dim == 0 && t->per_sample && plan_is_callers(t)) step = t->role == ROLE_INPUT ? model->inputs : model->outputs;
        stride += (sub[dim].gather ? 0 : affine_coef(sub[dim].a, k)) * step;
        step *= as && as->panel && d == t->rank - 1 ? as->panel : t->dim[dim];
    }
    return stride;
}

bool plan_gathers(const Sub *sub, int rank, int k) {
    for (int d = 0; d < rank; d++)
        if (sub[d].gather && expr_uses_index(sub[d].gather, k)) return true;
    return false;
}

int plan_real_bytes(const Plan *plan) {
    return plan->options.f64 ? 8 : 4;
}

int plan_last_dim(const Plan *plan, const Tensor *t) {
    const Home *stored = home_find(&plan->layouts, t);
    return stored ? stored->order[t->rank - 1] : t->rank - 1;
}

long long plan_stride(const Plan *plan, const Tensor *t, const Sub *sub, int k) {
    return stride_of(plan->model, t, home_find(&plan->layouts, t), sub, k);
}

long long plan_access_stride(const ProgramPlan *p, const PlanAccess *a, int k) {
    if (plan_gathers(a->sub, a->tensor->rank, k)) return 1 << 20;
    return stride_of(p->plan->model, a->tensor, plan_home(p, a->tensor), a->sub, k);
}

/* ---- layouts of what is kept */

bool plan_may_choose(const Plan *plan, const Tensor *t) {
    return !plan->settled && (tensor_is_persistent(t) || t->role == ROLE_CONSTANT) && !home_find(&plan->layouts, t);
}

int plan_unit_dim(const Tensor *t, const Sub *sub, int k) {
    int found = -1;
    for (int d = 0; d < t->rank; d++) {
        const int coef = sub[d].gather ? expr_uses_index(sub[d].gather, k) : affine_coef(sub[d].a, k);
        if (!coef) continue;
        if (found >= 0 || coef != 1 || sub[d].gather) return -1;
        found = d;
    }
    return found;
}

void plan_store_last(Plan *plan, const Tensor *t, const Home *as, int last) {
    Home *h = home_find(&plan->layouts, t);
    if (!h) h = home_add(plan->arena, &plan->layouts, t);
    int n = 0;
    for (int k = 0; k < t->rank; k++) {
        const int d = as ? as->order[k] : k;
        if (d != last) h->order[n++] = d;
    }
    h->order[n] = last;
}

void plan_store_first(Plan *plan, const Tensor *t, int first) {
    Home *h = home_find(&plan->layouts, t);
    if (!h) h = home_add(plan->arena, &plan->layouts, t);
    if (h->order[t->rank - 1] == first) return;
    for (int k = t->rank - 1, from = k; k > 0; k--, from--) {
        if (h->order[from] == first) from--;
        h->order[k] = h->order[from];
    }
    h->order[0] = first;
}

typedef struct Choose {
    Plan *plan;
    int k; /* the output index that is to be innermost */
    bool ok, set;
} Choose;

static void choose_read(const Expr *read, void *context) {
    Choose *c = context;
    const Tensor *t = read->read.tensor;
    if (plan_may_choose(c->plan, t) && plan_unit_dim(t, read->read.sub, c->k) >= 0) {
        if (c->set) plan_store_last(c->plan, t, NULL, plan_unit_dim(t, read->read.sub, c->k));
        return;
    }
    const long long stride = plan_stride(c->plan, t, read->read.sub, c->k);
    c->ok = c->ok && (stride == 0 || stride == 1) && !plan_gathers(read->read.sub, t->rank, c->k);
}

/* The first output index along which everything could be unit steps decides. */
static void choose_for_sum(Plan *plan, const Stmt *s) {
    for (int k = s->nout - 1; k >= 0; k--) {
        if (s->ix[k].batch || s->ix[k].hi - s->ix[k].lo < 2 || plan_stride(plan, s->to, s->lhs, k) != 1) continue;
        Choose c = {plan, k, true, false};
        expr_reads(s->e, choose_read, &c);
        if (!c.ok) continue;
        c.set = true;
        expr_reads(s->e, choose_read, &c);
        return;
    }
}

/* ---- what is updated together is stored alike */

bool plan_is_own_point(const Stmt *s, const Sub *sub, int rank) {
    for (int d = 0; d < rank; d++) {
        int k;
        if (sub[d].gather || !affine_is_index(sub[d].a, &k) || k != d) return false;
    }
    return rank == s->nout;
}

typedef struct Spread {
    Plan *plan;
    const Stmt *s;
    const Home *from;
    bool changed;
} Spread;

static bool may_take(const Tensor *t) {
    return !t->per_sample && t->role != ROLE_INPUT && t->role != ROLE_TARGET;
}

static void spread_to(Spread *w, const Tensor *t, const Sub *sub) {
    if (!may_take(t) || home_find(&w->plan->layouts, t) || !plan_is_own_point(w->s, sub, t->rank)) return;
    Home *h = home_add(w->plan->arena, &w->plan->layouts, t);
    memcpy(h->order, w->from->order, sizeof h->order);
    w->changed = true;
}

static void find_read(const Expr *read, void *context) {
    Spread *w = context;
    const Tensor *t = read->read.tensor;
    const Home *h = home_find(&w->plan->layouts, t);
    if (h && plan_is_own_point(w->s, read->read.sub, t->rank)) w->from = h;
}

static void spread_read(const Expr *read, void *context) {
    spread_to(context, read->read.tensor, read->read.sub);
}

static bool spread_stmt(Plan *plan, const Stmt *s) {
    if (s->reduce != REDUCE_NONE || s->builtin || !plan_is_own_point(s, s->lhs, s->to->rank)) return false;
    Spread w = {.plan = plan, .s = s, .from = home_find(&plan->layouts, s->to)};
    expr_reads(s->e, find_read, &w);
    if (!w.from || w.from->tensor->rank != s->to->rank) return false;
    spread_to(&w, s->to, s->lhs);
    expr_reads(s->e, spread_read, &w);
    return w.changed;
}

/* A next value is stored as what it replaces. */
static bool spread_next(Plan *plan, const Tensor *next) {
    const Home *a = home_find(&plan->layouts, next), *b = home_find(&plan->layouts, next->next_of);
    if (!a == !b) return false;
    Home *h = home_add(plan->arena, &plan->layouts, a ? next->next_of : next);
    memcpy(h->order, a ? a->order : b->order, sizeof h->order);
    return true;
}

static bool spread_program(Plan *plan, const Program *p) {
    bool changed = false;
    for (int k = 0; p && k < p->stmts.n; k++) {
        const Stmt *s = p->stmts.at[k];
        if (s->to->next_of) changed = spread_next(plan, s->to) || changed;
        changed = spread_stmt(plan, s) || changed;
    }
    return changed;
}

void plan_spread(Plan *plan, const Program *p) {
    while (spread_program(plan, p)) {}
}

/* A gradient that the program gives back is stored as its parameter. */
static void like_parameter(Plan *plan, const Tensor *gradient, const Tensor *param) {
    const Home *known = home_find(&plan->layouts, param);
    if (!known || home_find(&plan->layouts, gradient)) return;
    Home *h = home_add(plan->arena, &plan->layouts, gradient);
    memcpy(h->order, known->order, sizeof h->order);
}

void plan_layouts(Plan *plan) {
    const Model *m = plan->model;
    if (plan->options.vector_bytes) plan_values(plan, m->predict);
    for (int k = 0; k < m->predict->stmts.n; k++)
        if (m->predict->stmts.at[k]->reduce == REDUCE_SUM) choose_for_sum(plan, m->predict->stmts.at[k]);
    for (int k = 0; m->gradient && k < m->params.n; k++) like_parameter(plan, m->gradient->roots.at[k + 1], m->params.at[k]);
    bool changed = true;
    while (changed) {
        changed = spread_program(plan, m->train);
        changed = spread_program(plan, m->gradient) || changed;
        changed = spread_program(plan, m->init) || changed;
    }
    plan->settled = true;
    if (plan->options.vector_bytes && !plan->unrolled) plan_panels(plan);
}

/* ---- the order of loops */

/* A sum that adds into memory along output `inner`, its reduction loops outside, when that makes all steps unit steps. */
bool plan_row_form(const ProgramPlan *p, const PlanStmt *s, int *inner) {
    if (s->s->reduce != REDUCE_SUM || box_points(s->s->ix, plan_reduced(s)) < 2) return false;
    for (int k = s->s->nout - 1; k >= 0; k--) {
        bool unit = s->role[k] >= 0 && s->s->ix[k].hi - s->s->ix[k].lo > 1;
        for (int a = 0; a < s->accesses.n && unit; a++) {
            const long long stride = plan_access_stride(p, &s->accesses.at[a], k);
            unit = stride == 1 || (stride == 0 && !s->accesses.at[a].write);
        }
        if (!unit) continue;
        *inner = s->role[k];
        return true;
    }
    return false;
}

/* How far apart the numbers are that follow each other in a loop over index k. */
static long long step_of(const ProgramPlan *p, const PlanStmt *s, int k) {
    long long step = 0;
    for (int a = 0; a < s->accesses.n; a++)
        if (!s->accesses.at[a].write) step += llabs(plan_access_stride(p, &s->accesses.at[a], k));
    return step;
}

/* Loops of which guards make the bounds stand outside, so that the innermost one is long; the others from the longest steps
 * to the shortest, so that a sum goes through memory in order. */
int plan_sum_loops(const ProgramPlan *p, const PlanStmt *s, int *order) {
    int n = 0;
    long long step[INDEX_MAX];
    for (int k = s->s->nout; k < s->s->nout + s->s->nred; k++) {
        if (s->role[k] != AT_REDUCED) continue;
        const long long own = plan_guarded(s->s, k) ? LLONG_MAX : step_of(p, s, k);
        int at = n++;
        for (; at > 0 && step[at - 1] < own; at--) {
            order[at] = order[at - 1];
            step[at] = step[at - 1];
        }
        order[at] = k;
        step[at] = own;
    }
    return n;
}

static bool in_memory(const ProgramPlan *p, const Tensor *t) {
    const HomeKind kind = plan_home(p, t)->kind;
    return kind != HOME_LOCAL && kind != HOME_INLINE && kind != HOME_SCALAR;
}

/* Two points for a unit step, one for none, writes count twice. */
static int loop_score(const ProgramPlan *p, const Nest *nest, int loop) {
    int score = 0;
    for (int k = 0; k < nest->stmts.n; k++) {
        const PlanStmt *s = nest->stmts.at[k];
        for (int a = 0; a < s->accesses.n; a++) {
            const PlanAccess *x = &s->accesses.at[a];
            if (!in_memory(p, x->tensor)) continue;
            const long long stride = plan_access_stride(p, x, plan_loop_index(s, loop));
            score += (stride == 1 ? 2 : stride == 0) * (x->write ? 2 : 1);
        }
    }
    return score;
}

/* The last access to memory that is written, or the last at all, tells the natural order: as stored. */
static void order_as_stored(const ProgramPlan *p, Nest *nest) {
    const PlanStmt *s = NULL;
    const PlanAccess *main = NULL;
    for (int k = 0; k < nest->stmts.n; k++)
        for (int a = nest->stmts.at[k]->accesses.n - 1; a >= 0; a--) {
            const PlanAccess *x = &nest->stmts.at[k]->accesses.at[a];
            if (!in_memory(p, x->tensor) || (main && main->write && !x->write)) continue;
            main = x;
            s = nest->stmts.at[k];
        }
    for (int i = 1; main && i < nest->loops; i++)
        for (int j = i; j > 0; j--) {
            const int a = nest->order[j - 1], b = nest->order[j];
            if (plan_access_stride(p, main, plan_loop_index(s, a)) >= plan_access_stride(p, main, plan_loop_index(s, b))) break;
            nest->order[j - 1] = b;
            nest->order[j] = a;
        }
}

/* Takes the loop that stands at `from` to `to`. */
static void move_loop(Nest *nest, int from, int to) {
    const int loop = nest->order[from], step = from < to ? 1 : -1;
    for (int k = from; k != to; k += step) nest->order[k] = nest->order[k + step];
    nest->order[to] = loop;
}

/* The loop over what a sum reads in panels, or -1. */
static int panel_loop(const ProgramPlan *p, const Nest *nest) {
    for (int j = 0; j < nest->stmts.n; j++)
        for (int a = 0; a < nest->stmts.at[j]->accesses.n; a++) {
            const PlanStmt *s = nest->stmts.at[j];
            const PlanAccess *x = &s->accesses.at[a];
            const Home *h = plan_home(p, x->tensor);
            int k;
            if (s->s->reduce == REDUCE_NONE || x->write || !h->panel) continue;
            if (affine_is_index(x->sub[h->order[h->tensor->rank - 1]].a, &k) && s->role[k] >= 0) return s->role[k];
        }
    return -1;
}

/* Innermost is the loop with most unit steps; but while a panel is in use, all that needs it is done. */
static void order_nest(const ProgramPlan *p, Nest *nest) {
    if (nest->row || nest->fixed || nest->loops < 2) return;
    order_as_stored(p, nest);
    const int panel = panel_loop(p, nest);
    int best = nest->loops - 1;
    for (int k = 0; k < nest->loops; k++)
        if (nest->order[k] == panel) {
            move_loop(nest, k, 0);
            return;
        }
    for (int k = 0; k < nest->loops; k++)
        if (loop_score(p, nest, nest->order[k]) > loop_score(p, nest, nest->order[best])) best = k;
    move_loop(nest, best, nest->loops - 1);
}

static void order_steps(const ProgramPlan *p, Steps *steps) {
    for (int k = 0; k < steps->n; k++) {
        Step *step = steps->at[k];
        if (step->kind == STEP_NEST)
            order_nest(p, &step->nest);
        else
            order_steps(p, &step->steps);
    }
}

void plan_nest_orders(ProgramPlan *p) {
    if (!p->unrolled) order_steps(p, &p->steps);
}
