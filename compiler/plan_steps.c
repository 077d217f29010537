/* plan_steps: from the ordered statements to steps.
 *
 * With a batch, statements that run once for each sample are gathered into as few sample loops as their dependences allow: what
 * is summed over the batch in one loop is complete only after it. In loop form, statements over the same box that feed each
 * other point by point share one loop nest. */
#include "plan.h"
#include <string.h>

/* ---- loop nests */

static Step *step_new(ProgramPlan *p, StepKind kind) {
    Step *step = arena_one(p->plan->arena, Step);
    step->kind = kind;
    step->number = ++p->made;
    return step;
}

static Step *nest_new(ProgramPlan *p, PlanStmt *s) {
    Step *step = step_new(p, STEP_NEST);
    Nest *nest = &step->nest;
    nest->batch = -1;
    for (int k = 0; k < s->s->nout; k++) {
        const int loop = s->role[k];
        if (loop < 0) continue;
        nest->lo[loop] = s->s->ix[k].lo;
        nest->hi[loop] = s->s->ix[k].hi;
        nest->order[loop] = loop;
        if (s->s->ix[k].batch) nest->batch = loop;
        nest->loops = loop + 1;
    }
    nest->fixed = has_gather(s->s->lhs, s->s->to->rank) || s->s->builtin;
    int inner;
    if (!p->unrolled && !p->tiled && !nest->fixed && plan_row_form(p, s, &inner)) {
        nest->row = true;
        for (int k = inner; k + 1 < nest->loops; k++) nest->order[k] = k + 1;
        nest->order[nest->loops - 1] = inner;
    }
    list_push(p->plan->arena, &nest->stmts, s);
    s->nest = step;
    return step;
}

/* The batch is a box of its own: it may be smaller than its bound. */
static bool same_box(const Nest *a, const Nest *b) {
    if (a->loops != b->loops || a->batch != b->batch) return false;
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

/* A guarded addition restricts the loops themselves, so it keeps them for itself. */
static bool keeps_loops(const Nest *nest) {
    return nest->row || nest->fixed || nest->stmts.at[0]->repacks ||
           (nest->stmts.at[0]->s->add && nest->stmts.at[0]->s->nguard);
}

/* A nest stays short enough for one function of C, and for being compared with. */
static bool may_join(const Nest *nest, const Nest *alone) {
    PlanStmt *s = alone->stmts.at[0];
    if (nest->stmts.n >= ONE_FUNCTION_STATEMENTS) return false;
    if (keeps_loops(nest) || keeps_loops(alone) || !same_box(nest, alone)) return false;
    for (int k = 0; k < nest->stmts.n; k++)
        if (!same_scan_range(nest->stmts.at[k], s) || !plan_pointwise(nest->stmts.at[k], s)) return false;
    return true;
}

/* Do two nests of these loops belong together because both touch h? A scalar is no reason to share a loop. */
static bool relates(const Home *h, const Nest *nest) {
    return h->tensor->rank > 0 || nest->loops == 0;
}

/* The last step, by number, that s depends on: what s reads is written there, or what it writes is touched. */
static int last_needed(const PlanStmt *s) {
    int last = 0;
    for (int a = 0; a < s->accesses.n; a++) {
        const PlanAccess *x = &s->accesses.at[a];
        for (int write = !x->write; write < 2; write++)
            if (x->home->touched[write] > last) last = x->home->touched[write];
    }
    return last;
}

/* The last nest of the list that s fits into and that it may be moved up to, or NULL. */
static Step *nest_to_join(const Steps *steps, const Nest *alone) {
    const PlanStmt *s = alone->stmts.at[0];
    Step *best = NULL;
    int least = last_needed(s);
    for (int a = 0; a < s->accesses.n; a++) {
        const Home *h = s->accesses.at[a].home;
        for (int k = h->nests.n - 1; k >= 0 && h->nests.at[k]->number >= least && relates(h, alone); k--) {
            Step *step = h->nests.at[k];
            if (step->in != steps || !may_join(&step->nest, alone)) continue;
            best = step;
            least = step->number + 1;
        }
    }
    return best;
}

static void list_nest(const ProgramPlan *p, Home *h, Step *nest) {
    int k = h->nests.n;
    while (k > 0 && h->nests.at[k - 1]->number > nest->number) k--;
    if (k > 0 && h->nests.at[k - 1] == nest) return;
    list_push(p->plan->arena, &h->nests, nest);
    for (int j = h->nests.n - 1; j > k; j--) h->nests.at[j] = h->nests.at[j - 1];
    h->nests.at[k] = nest;
}

/* What s touches is touched in its nest. */
static void note_step(const ProgramPlan *p, const PlanStmt *s) {
    for (int a = 0; a < s->accesses.n; a++) {
        const PlanAccess *x = &s->accesses.at[a];
        int *touched = &x->home->touched[x->write];
        if (s->nest->number > *touched) *touched = s->nest->number;
        if (relates(x->home, &s->nest->nest)) list_nest(p, x->home, s->nest);
    }
}

/* The statement joins the last nest that it fits into and that it may be moved up to. */
static void add_stmt(ProgramPlan *p, Steps *steps, PlanStmt *s) {
    Step *alone = nest_new(p, s);
    Step *joined = p->unrolled ? NULL : nest_to_join(steps, &alone->nest);
    if (joined) {
        list_push(p->plan->arena, &joined->nest.stmts, s);
        s->nest = joined;
    } else {
        alone->in = steps;
        list_push(p->plan->arena, steps, alone);
    }
    if (!p->unrolled) note_step(p, s);
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

static bool reads(const PlanStmts *stmts, const Home *h) {
    for (int k = 0; k < stmts->n; k++)
        for (int a = 0; a < stmts->at[k]->accesses.n; a++) {
            const PlanAccess *x = &stmts->at[k]->accesses.at[a];
            if (!x->write && x->home == h) return true;
        }
    return false;
}

/* A scan is for one sample after another if all of it is, and none of its steps waits for what the whole batch adds up to. */
static Unit unit_of(const ProgramPlan *p, const Item *item) {
    Unit u = {.item = *item, .batched = p->program->batch > 1};
    collect_stmts(p, item, &u.stmts);
    for (int k = 0; k < u.stmts.n; k++) {
        const PlanStmt *s = u.stmts.at[k];
        u.batched = u.batched && s->batched && !(item->scan && s->accumulates && reads(&u.stmts, plan_home(p, s->s->to)));
    }
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

/* What accumulates over the batch starts before the loop. */
static void add_fills(ProgramPlan *p, Steps *steps, const Unit *unit) {
    for (int j = 0; j < unit->stmts.n; j++) {
        PlanStmt *s = unit->stmts.at[j];
        if (!s->accumulates || s->s->add) continue;
        Step *fill = step_new(p, STEP_FILL);
        fill->fill = s;
        list_push(p->plan->arena, steps, fill);
    }
}

static void add_sample_loop(ProgramPlan *p, Steps *steps, Unit *const *unit, int n) {
    for (int k = 0; k < n; k++) add_fills(p, steps, unit[k]);
    Step *loop = step_new(p, STEP_SAMPLES);
    loop->loop = p->loops++;
    for (int k = 0; k < n; k++) add_item(p, &loop->steps, &unit[k]->item, loop->loop);
    list_push(p->plan->arena, steps, loop);
}

/* Units by their times, those of one time in the given order; start[t] is where time t begins. */
static Unit **sort_by_time(Arena *arena, Unit *unit, int n, int end, int *start) {
    Unit **sorted = arena_many(arena, n, Unit *);
    for (int k = 0; k < n; k++) start[unit[k].time + 1]++;
    for (int time = 0; time < end; time++) start[time + 1] += start[time];
    for (int k = 0; k < n; k++) sorted[start[unit[k].time]++] = &unit[k];
    for (int time = end; time > 0; time--) start[time] = start[time - 1];
    start[0] = 0;
    return sorted;
}

/* The items of a program, or of a scan that sums over the batch within its steps. */
static void add_with_batch(ProgramPlan *p, Steps *steps, const Items *items) {
    Arena *arena = p->plan->arena;
    Unit *unit = arena_many(arena, items->n, Unit);
    for (int k = 0; k < items->n; k++) unit[k] = unit_of(p, &items->at[k]);
    const int end = set_times(unit, items->n);
    int *start = arena_many(arena, end + 1, int);
    Unit **sorted = sort_by_time(arena, unit, items->n, end, start);
    for (int time = 0; time < end; time++) {
        const int n = start[time + 1] - start[time];
        if (n && time % 2) add_sample_loop(p, steps, &sorted[start[time]], n);
        for (int k = start[time]; k < start[time + 1] && time % 2 == 0; k++) add_item(p, steps, &sorted[k]->item, LOOP_NONE);
    }
}

static void add_scan(ProgramPlan *p, Steps *steps, const Scan *scan, int loop) {
    Step *step = step_new(p, STEP_SCAN);
    step->scan = scan;
    if (loop == LOOP_NONE && p->program->batch > 1 && !p->tiled)
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

/* Puts the statements into the order of execution, which sample loops have changed. */
static void list_executed(ProgramPlan *p, const Steps *steps) {
    for (int k = 0; k < steps->n; k++) {
        const PlanStmts *stmts = &steps->at[k]->nest.stmts;
        for (int j = 0; j < stmts->n; j++) {
            stmts->at[j]->position = p->stmts.n;
            list_push(p->plan->arena, &p->stmts, stmts->at[j]);
        }
        list_executed(p, &steps->at[k]->steps);
    }
}

void plan_steps(ProgramPlan *p) {
    if (p->program->batch > 1 && !p->tiled)
        add_with_batch(p, &p->steps, &p->order);
    else
        for (int k = 0; k < p->order.n; k++) add_item(p, &p->steps, &p->order.at[k], LOOP_NONE);
    p->stmts.n = 0;
    list_executed(p, &p->steps);
}
