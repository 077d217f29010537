/* plan_samples: which values are stored with the samples next to each other.
 *
 * Dense layers run in vectors along their outputs, so their values are stored sample by sample. Where no other index serves as
 * lanes, as in convolutions of few channels or small images, the samples do: their values are stored [channel][y][x][sample].
 * Values that feed each other element by element are stored alike (a group); the groups are then turned over one by one as long
 * as that makes the program cheaper. */
#include "plan.h"

typedef struct Group {
    Stmts stmts; /* that touch it */
    Tensors tensors;
    bool inner;
} Group;

typedef struct Samples {
    Plan *plan;
    const Program *p;
    Arena *arena;
    Table number; /* of a tensor */
    Tensors tensors;
    int *parent; /* of a tensor, by number: its group's number is the root's */
    Group *group;
} Samples;

static bool is_candidate(const Tensor *t) {
    return t->per_sample && tensor_is_computed(t);
}

static int number_of(const Samples *w, const Tensor *t) {
    const int *number = table_value(&w->number, t);
    return number ? *number : -1;
}

static int root_of(const Samples *w, int k) {
    while (w->parent[k] != k) k = w->parent[k] = w->parent[w->parent[k]];
    return k;
}

/* ---- groups */

typedef struct Reads {
    Samples *w;
    const Stmt *s;
    bool heavy;
} Reads;

static void find_heavy(const Expr *read, void *context) {
    Reads *r = context;
    r->heavy = r->heavy && plan_stmt_points(r->s, true) / READS_FOR_A_COPY >= tensor_size(read->read.tensor);
}

/* A sum that uses every element of all that it touches several times may as well read them from copies. */
static bool is_heavy(Samples *w, const Stmt *s) {
    Reads r = {w, s, s->reduce == REDUCE_SUM && plan_stmt_points(s, true) / READS_FOR_A_COPY >= tensor_size(s->to)};
    if (r.heavy) expr_reads(s->e, find_heavy, &r);
    return r.heavy;
}

static void join_read(const Expr *read, void *context) {
    const Reads *r = context;
    if (!is_candidate(read->read.tensor)) return;
    r->w->parent[root_of(r->w, number_of(r->w, read->read.tensor))] = root_of(r->w, number_of(r->w, r->s->to));
}

static void make_groups(Samples *w) {
    for (int k = 0; k < w->p->stmts.n; k++) {
        Tensor *t = w->p->stmts.at[k]->to;
        if (!is_candidate(t) || number_of(w, t) >= 0) continue;
        int *number = arena_one(w->arena, int);
        *number = w->tensors.n;
        table_set(w->arena, &w->number, t, number);
        list_push(w->arena, &w->tensors, t);
    }
    w->parent = arena_many(w->arena, w->tensors.n, int);
    w->group = arena_many(w->arena, w->tensors.n, Group);
    for (int k = 0; k < w->tensors.n; k++) w->parent[k] = k;
    for (int k = 0; k < w->p->stmts.n; k++) {
        const Stmt *s = w->p->stmts.at[k];
        if (is_candidate(s->to) && !is_heavy(w, s)) expr_reads(s->e, join_read, &(Reads){.w = w, .s = s});
    }
    for (int k = 0; k < w->tensors.n; k++) list_push(w->arena, &w->group[root_of(w, k)].tensors, w->tensors.at[k]);
}

/* Every statement is listed once with each group that it touches. */
static void list_stmt(Samples *w, const Tensor *t, const Stmt *s) {
    if (!is_candidate(t)) return;
    Group *group = &w->group[root_of(w, number_of(w, t))];
    if (!group->stmts.n || group->stmts.at[group->stmts.n - 1] != s) list_push(w->arena, &group->stmts, (Stmt *)s);
}

static void list_read(const Expr *read, void *context) {
    const Reads *r = context;
    list_stmt(r->w, read->read.tensor, r->s);
}

/* ---- the choice */

static void store(Samples *w, const Group *group, bool inner) {
    for (int k = 0; k < group->tensors.n; k++) {
        const Tensor *t = group->tensors.at[k];
        Home *h = home_find(&w->plan->layouts, t);
        if (!h) h = home_add(w->arena, &w->plan->layouts, t);
        for (int d = 0; d < t->rank; d++) h->order[d] = inner ? (d + 1) % t->rank : d;
    }
}

static double cost_of(const Samples *w, const Group *group) {
    double cost = 0;
    for (int k = 0; k < group->stmts.n; k++) cost += plan_lanes(w->plan, group->stmts.at[k], NULL).cost;
    return cost;
}

static bool turn_over(Samples *w, Group *group) {
    const double before = cost_of(w, group);
    store(w, group, !group->inner);
    if (cost_of(w, group) < 0.9 * before) {
        group->inner = !group->inner;
        return true;
    }
    store(w, group, group->inner);
    return false;
}

void plan_samples(Plan *plan, const Program *p) {
    enum { ROUNDS = 4 };
    Samples w = {.plan = plan, .p = p, .arena = plan->arena};
    if (2 * p->batch < plan_widest(plan)) return;
    make_groups(&w);
    for (int k = 0; k < p->stmts.n; k++) {
        const Stmt *s = p->stmts.at[k];
        list_stmt(&w, s->to, s);
        expr_reads(s->e, list_read, &(Reads){.w = &w, .s = s});
    }
    bool changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
        changed = false;
        for (int k = 0; k < w.tensors.n; k++)
            if (w.group[k].tensors.n) changed = turn_over(&w, &w.group[k]) || changed;
    }
}
