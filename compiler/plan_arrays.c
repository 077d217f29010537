/* plan_arrays: which tensors are arrays in any form of code, and which statements of straight-line code stay loops.
 *
 * What is read or written at a place that data decide, h[at, k], has no name that could be written down: it is an array, in
 * straight-line code too, and no part of it is in vectors. This is the one place that decides so; plan_verify looks whether all
 * others have kept to it. The update of such a table, element by element, has arrays alone, and stays a loop: that of an
 * embedding would be a line for each of its numbers. */
#include "plan.h"

typedef struct Arrays {
    Arena *arena;
    const Program *p;
    Table arrays; /* of tensors; a next value is one if what it replaces is */
    Table asked;  /* tensors that are read for more than an update */
    bool changed;
} Arrays;

static const Tensor *kept_as(const Tensor *t) {
    return t->next_of ? t->next_of : t;
}

static void note(Arrays *a, Table *table, const Tensor *t) {
    if (table_value(table, t)) return;
    table_set(a->arena, table, t, (void *)t);
    a->changed = true;
}

bool plan_is_array(const Table *arrays, const Tensor *t) {
    return table_value(arrays, kept_as(t)) != NULL;
}

/* ---- at places that data decide */

static void note_gather(const Expr *read, void *context) {
    Arrays *a = context;
    const Access *x = &read->read;
    if (has_gather(x->sub, x->tensor->rank)) note(a, &a->arrays, kept_as(x->tensor));
}

static void note_gathers(Arrays *a) {
    for (int k = 0; k < a->p->stmts.n; k++) {
        const Stmt *s = a->p->stmts.at[k];
        if (has_gather(s->lhs, s->to->rank)) note(a, &a->arrays, kept_as(s->to));
        stmt_reads(s, note_gather, a);
    }
}

/* ---- updates: statements element by element whose results are next values, gradients for the caller, or what only updates
 * read */

static bool is_update(const Arrays *a, const Stmt *s) {
    if (s->reduce != REDUCE_NONE) return false;
    if (program_has_root(a->p, s->to)) return s->to->next_of || s->to->role == ROLE_GRADIENT;
    return !table_value(&a->asked, s->to);
}

static void note_asked(const Expr *read, void *context) {
    Arrays *a = context;
    note(a, &a->asked, read->read.tensor);
}

static void find_asked(Arrays *a) {
    do {
        a->changed = false;
        for (int k = 0; k < a->p->stmts.n; k++)
            if (!is_update(a, a->p->stmts.at[k])) stmt_reads(a->p->stmts.at[k], note_asked, a);
    } while (a->changed);
}

typedef struct Alike { /* the tensors of a statement that have the shape of what it writes */
    Arrays *a;
    const Tensor *to;
    bool any; /* is one an array? */
} Alike;

static bool is_alike(const Alike *w, const Tensor *t) {
    return t->rank == w->to->rank && tensor_size(t) == tensor_size(w->to);
}

static void find_array(const Expr *read, void *context) {
    Alike *w = context;
    w->any = w->any || (is_alike(w, read->read.tensor) && plan_is_array(&w->a->arrays, read->read.tensor));
}

static void note_alike(const Expr *read, void *context) {
    const Alike *w = context;
    if (is_alike(w, read->read.tensor)) note(w->a, &w->a->arrays, kept_as(read->read.tensor));
}

/* One array makes the others arrays: an optimizer's states. */
static void spread(Arrays *a, const Stmt *s) {
    Alike w = {a, s->to, plan_is_array(&a->arrays, s->to)};
    stmt_reads(s, find_array, &w);
    if (!w.any) return;
    note(a, &a->arrays, kept_as(s->to));
    stmt_reads(s, note_alike, &w);
}

static void add_updates(Arrays *a) {
    find_asked(a);
    do {
        a->changed = false;
        for (int k = 0; k < a->p->stmts.n; k++)
            if (is_update(a, a->p->stmts.at[k])) spread(a, a->p->stmts.at[k]);
    } while (a->changed);
}

Table plan_array_table(const Plan *plan, const Program *p) {
    Arrays a = {.arena = plan->arena, .p = p};
    note_gathers(&a);
    if (a.arrays.n) add_updates(&a);
    return a.arrays;
}

void plan_arrays(ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++)
        for (int a = 0; a < p->stmts.at[k]->accesses.n; a++) {
            const PlanAccess *x = &p->stmts.at[k]->accesses.at[a];
            x->home->array = x->home->array || has_gather(x->sub, x->tensor->rank);
        }
    if (!p->unrolled) return;
    const Table arrays = plan_array_table(p->plan, p->program);
    for (int k = 0; k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        h->array = h->array || plan_is_array(&arrays, h->tensor);
    }
}

/* ---- loops */

/* May what is read stand in a loop? Arrays may, and what has one element. */
static bool loops_over(const ProgramPlan *p, const PlanAccess *x) {
    const Home *h = plan_home(p, x->tensor);
    if (has_gather(x->sub, x->tensor->rank)) return false;
    if (h->kind == HOME_INLINE) return h->by->s->reduce == REDUCE_NONE && plan_has_arrays(p, h->by);
    return h->array || h->kind == HOME_NUMBERS || home_rank(h) == 0;
}

bool plan_has_arrays(const ProgramPlan *p, const PlanStmt *s) {
    for (int a = 0; a < s->accesses.n; a++) {
        const PlanAccess *x = &s->accesses.at[a];
        if (x->write && plan_home(p, x->tensor)->kind == HOME_INLINE) continue;
        if (!loops_over(p, x)) return false;
    }
    return true;
}

void plan_array_loops(ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++) {
        PlanStmt *s = p->stmts.at[k];
        const Home *to = plan_home(p, s->s->to);
        s->loops = p->unrolled && to->array && to->kind != HOME_INLINE && plan_has_arrays(p, s);
        if (s->loops) s->lanes = 0; /* those that its sum would have in straight-line code */
    }
}
