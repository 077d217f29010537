/* plan_steps: from the ordered statements to steps.
 *
 * With a batch, statements that run once for each sample are gathered into as few sample loops as their dependences allow: what
 * is summed over the batch in one loop is complete only after it. In loop form, statements over the same box that feed each
 * other point by point share one loop nest. */
#include "plan.h"
#include <string.h>

/* ---- loop nests */

static Step *step_new(const ProgramPlan *p, StepKind kind) {
    Step *step = arena_one(p->plan->arena, Step);
    step->kind = kind;
    return step;
}

static Step *nest_new(const ProgramPlan *p, PlanStmt *s) {
    Step *step = step_new(p, STEP_NEST);
    Nest *nest = &step->nest;
    for (int k = 0; k < s->s->nout; k++) {
        const int loop = s->role[k];
        if (loop < 0) continue;
        nest->lo[loop] = s->s->ix[k].lo;
        nest->hi[loop] = s->s->ix[k].hi;
        nest->order[loop] = loop;
        nest->loops = loop + 1;
    }
    nest->fixed = has_gather(s->s->lhs, s->s->to->rank) || s->s->builtin != BUILTIN_NONE;
    int inner;
    if (!p->unrolled && !nest->fixed && plan_row_form(p, s, &inner)) {
        nest->row = true;
        for (int k = inner; k + 1 < nest->loops; k++) nest->order[k] = k + 1;
        nest->order[nest->loops - 1] = inner;
    }
    list_push(p->plan->arena, &nest->stmts, s);
    s->nest = step;
    return step;
}

static bool same_box(const Nest *a, const Nest *b) {
    if (a->loops != b->loops) return false;
    for (int k = 0; k < a->loops; k++)
        if (a->lo[k] != b->lo[k] || a->hi[k] != b->hi[k]) return false;
    return true;
}

/* The steps of the scans around must be the same ones. */
static bool same_scan_range(const PlanStmt *a, const PlanStmt *b) {
    for (int i = 0; i < a->s->nout + a->s->nred; i++)
        for (int j = 0; j < b->s->nout + b->s->nred; j++) {
            if (!a->scan[i] || a->scan[i] != b->scan[j]) continue;
            const Index *x = &a->s->ix[i], *y = &b->s->ix[j];
            if (x->lo != y->lo || x->hi != y->hi) return false;
        }
    return true;
}

static bool shares_tensor(const PlanStmt *a, const PlanStmt *b) {
    for (int i = 0; i < a->accesses.n; i++)
        for (int j = 0; j < b->accesses.n; j++)
            if (a->accesses.at[i].tensor == b->accesses.at[j].tensor) return true;
    return false;
}

/* A guarded addition restricts the loops themselves, so it keeps them for itself. */
static bool keeps_loops(const Nest *nest) {
    return nest->row || nest->fixed || (nest->stmts.at[0]->s->add && nest->stmts.at[0]->s->nguard);
}

static bool may_join(const Nest *nest, const Nest *alone) {
    PlanStmt *s = alone->stmts.at[0];
    bool related = false;
    if (keeps_loops(nest) || keeps_loops(alone) || !same_box(nest, alone)) return false;
    for (int k = 0; k < nest->stmts.n; k++) {
        const PlanStmt *other = nest->stmts.at[k];
        if (!same_scan_range(other, s) || !plan_pointwise(other, s)) return false;
        related = related || shares_tensor(other, s);
    }
    return related;
}

static bool step_depends(const Step *step, const PlanStmt *s) {
    for (int k = 0; k < step->nest.stmts.n; k++)
        if (plan_depends(step->nest.stmts.at[k], s)) return true;
    for (int k = 0; k < step->steps.n; k++)
        if (step_depends(step->steps.at[k], s)) return true;
    return step->fill && plan_depends(step->fill, s);
}

/* The statement joins the last nest that it fits into and that it may be moved up to. */
static void add_stmt(const ProgramPlan *p, Steps *steps, PlanStmt *s) {
    Step *alone = nest_new(p, s);
    for (int k = steps->n - 1; k >= 0 && !p->unrolled; k--) {
        Step *step = steps->at[k];
        if (step->kind == STEP_NEST && may_join(&step->nest, &alone->nest)) {
            list_push(p->plan->arena, &step->nest.stmts, s);
            s->nest = step;
            return;
        }
        if (step_depends(step, s)) break;
    }
    list_push(p->plan->arena, steps, alone);
}

/* ---- sample loops */

typedef struct Unit { /* a statement or a scan, and when it runs: before sample loop k at 2k, in it at 2k+1 */
    Item item;
    PlanStmts stmts;
    bool batched;
    int time;
} Unit;

static void collect_stmts(const ProgramPlan *p, const Item *item, PlanStmts *stmts) {
    if (item->stmt) {
        list_push(p->plan->arena, stmts, plan_stmt_of(p, item->stmt));
        return;
    }
    for (int k = 0; k < item->scan->body.n; k++) collect_stmts(p, &item->scan->body.at[k], stmts);
}

static Unit unit_of(const ProgramPlan *p, const Item *item) {
    Unit u = {.item = *item, .batched = p->program->batch > 1};
    collect_stmts(p, item, &u.stmts);
    for (int k = 0; k < u.stmts.n; k++) u.batched = u.batched && u.stmts.at[k]->batched;
    return u;
}

static void forget_times(const Unit *u) {
    for (int k = 0; k < u->stmts.n; k++)
        for (int a = 0; a < u->stmts.at[k]->accesses.n; a++)
            memset(u->stmts.at[k]->accesses.at[a].home->latest, -1, sizeof(int[2][2]));
}

static void note_time(const Unit *u) {
    for (int k = 0; k < u->stmts.n; k++)
        for (int a = 0; a < u->stmts.at[k]->accesses.n; a++) {
            const PlanAccess *x = &u->stmts.at[k]->accesses.at[a];
            int *latest = &x->home->latest[x->write][u->batched];
            if (u->time > *latest) *latest = u->time;
        }
}

/* The earliest time for an access of a unit, given the times of those before: what is complete only once the whole batch is
 * through is read in a later sample loop than it is added up in, and the other way round. */
static int time_for(const PlanAccess *x, bool batched) {
    const Home *h = x->home;
    int time = 0;
    for (int write = !x->write; write < 2; write++)
        for (int other = 0; other < 2; other++) {
            const bool whole = batched && !x->tensor->per_sample && !(write && x->write);
            const int wait = other != batched ? 1 : whole ? 2 : 0, latest = h->latest[write][other];
            if (latest >= 0 && latest + wait > time) time = latest + wait;
        }
    return time;
}

static int set_times(Unit *unit, int n) {
    int end = 0;
    for (int k = 0; k < n; k++) forget_times(&unit[k]);
    for (int k = 0; k < n; k++) {
        Unit *u = &unit[k];
        u->time = u->batched;
        for (int j = 0; j < u->stmts.n; j++)
            for (int a = 0; a < u->stmts.at[j]->accesses.n; a++) {
                const int time = time_for(&u->stmts.at[j]->accesses.at[a], u->batched);
                if (time > u->time) u->time = time;
            }
        if (u->time % 2 != u->batched) u->time++;
        if (u->time >= end) end = u->time + 1;
        note_time(u);
    }
    return end;
}

static void add_item(ProgramPlan *p, Steps *steps, const Item *item, int loop);

static void add_sample_loop(ProgramPlan *p, Steps *steps, const Unit *unit, int n, int time) {
    Step *loop = step_new(p, STEP_SAMPLES);
    loop->loop = p->loops++;
    for (int k = 0; k < n; k++) {
        if (unit[k].time != time) continue;
        for (int j = 0; j < unit[k].stmts.n; j++) {
            PlanStmt *s = unit[k].stmts.at[j];
            if (!s->accumulates || s->s->add) continue;
            Step *fill = step_new(p, STEP_FILL);
            fill->fill = s;
            list_push(p->plan->arena, steps, fill);
        }
        add_item(p, &loop->steps, &unit[k].item, loop->loop);
    }
    list_push(p->plan->arena, steps, loop);
}

/* The items of a program, or of a scan that sums over the batch within its steps. */
static void add_with_batch(ProgramPlan *p, Steps *steps, const Items *items) {
    Unit *unit = arena_many(p->plan->arena, items->n, Unit);
    for (int k = 0; k < items->n; k++) unit[k] = unit_of(p, &items->at[k]);
    const int end = set_times(unit, items->n);
    for (int time = 0; time < end; time++) {
        bool any = false;
        for (int k = 0; k < items->n; k++) any = any || unit[k].time == time;
        if (any && time % 2) add_sample_loop(p, steps, unit, items->n, time);
        for (int k = 0; k < items->n && time % 2 == 0; k++)
            if (unit[k].time == time) add_item(p, steps, &unit[k].item, LOOP_NONE);
    }
}

static void add_scan(ProgramPlan *p, Steps *steps, const Scan *scan, int loop) {
    Step *step = step_new(p, STEP_SCAN);
    step->scan = scan;
    if (loop == LOOP_NONE && p->program->batch > 1)
        add_with_batch(p, &step->steps, &scan->body);
    else
        for (int k = 0; k < scan->body.n; k++) add_item(p, &step->steps, &scan->body.at[k], loop);
    list_push(p->plan->arena, steps, step);
}

static void add_item(ProgramPlan *p, Steps *steps, const Item *item, int loop) {
    if (item->scan) {
        add_scan(p, steps, item->scan, loop);
        return;
    }
    PlanStmt *s = plan_stmt_of(p, item->stmt);
    s->loop = loop;
    add_stmt(p, steps, s);
}

void plan_steps(ProgramPlan *p) {
    if (p->program->batch > 1) {
        add_with_batch(p, &p->steps, &p->program->order);
        return;
    }
    for (int k = 0; k < p->program->order.n; k++) add_item(p, &p->steps, &p->program->order.at[k], LOOP_NONE);
}
