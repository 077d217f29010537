/* plan_values: which dimension of a layer's values is stored last.
 *
 * Dense layers run in vectors along their outputs, which are stored last as they are. Where that dimension does not serve as
 * lanes, as in convolutions of small images, another may: the samples, [channel][y][x][sample], or the channels,
 * [sample][y][x][channel]. Values that feed each other element by element are stored alike (a group); the groups are then
 * turned over one by one as long as that makes the program cheaper. */
#include "plan.h"

typedef struct Group {
    Stmts stmts; /* that touch it */
    Tensors tensors;
    int last; /* the dimension that is stored last; AS_DECLARED: the last one */
} Group;

enum { SAMPLES, CHANNELS, AS_DECLARED, WAYS };

typedef struct Values {
    Plan *plan;
    const Program *p;
    Arena *arena;
    Table number; /* of a tensor */
    Tensors tensors;
    int *parent; /* of a tensor, by number: its group's number is the root's */
    Group *group;
    bool single;
} Values;

/* Not what the caller gets, which is stored as declared, nor what has its place already, as gradients stored like their
 * parameters. A program for one sample has no dimension of samples. */
static bool may_turn(const Values *w, const Tensor *t) {
    if (program_has_root(w->p, t)) return false;
    return t->per_sample || (w->single && tensor_is_computed(t) && !home_find(&w->plan->layouts, t));
}

static int number_of(const Values *w, const Tensor *t) {
    const int *number = table_value(&w->number, t);
    return number ? *number : -1;
}

static bool is_candidate(const Values *w, const Tensor *t) {
    return number_of(w, t) >= 0;
}

static int root_of(const Values *w, int k) {
    while (w->parent[k] != k) k = w->parent[k] = w->parent[w->parent[k]];
    return k;
}

/* ---- groups */

typedef struct Reads {
    Values *w;
    const Stmt *s;
    bool heavy;
} Reads;

static void find_heavy(const Expr *read, void *context) {
    Reads *r = context;
    r->heavy = r->heavy && plan_stmt_points(r->s, true) / READS_FOR_A_COPY >= tensor_size(read->read.tensor);
}

/* A sum that uses every element of all that it touches several times may as well read them from copies. */
static bool is_heavy(Values *w, const Stmt *s) {
    Reads r = {w, s, s->reduce == REDUCE_SUM && plan_stmt_points(s, true) / READS_FOR_A_COPY >= tensor_size(s->to)};
    if (r.heavy) expr_reads(s->e, find_heavy, &r);
    return r.heavy;
}

static void join_read(const Expr *read, void *context) {
    const Reads *r = context;
    if (!is_candidate(r->w, read->read.tensor)) return;
    r->w->parent[root_of(r->w, number_of(r->w, read->read.tensor))] = root_of(r->w, number_of(r->w, r->s->to));
}

static void make_groups(Values *w) {
    for (int k = 0; k < w->p->stmts.n; k++) {
        Tensor *t = w->p->stmts.at[k]->to;
        if (is_candidate(w, t) || !may_turn(w, t)) continue;
        int *number = arena_one(w->arena, int);
        *number = w->tensors.n;
        table_set(w->arena, &w->number, t, number);
        list_push(w->arena, &w->tensors, t);
    }
    w->parent = arena_many(w->arena, w->tensors.n, int);
    w->group = arena_many(w->arena, w->tensors.n, Group);
    for (int k = 0; k < w->tensors.n; k++) {
        w->parent[k] = k;
        w->group[k].last = AS_DECLARED;
    }
    for (int k = 0; k < w->p->stmts.n; k++) {
        const Stmt *s = w->p->stmts.at[k];
        if (is_candidate(w, s->to) && !is_heavy(w, s)) expr_reads(s->e, join_read, &(Reads){.w = w, .s = s});
    }
    for (int k = 0; k < w->tensors.n; k++) list_push(w->arena, &w->group[root_of(w, k)].tensors, w->tensors.at[k]);
}

/* Every statement is listed once with each group that it touches. */
static void list_stmt(Values *w, const Tensor *t, const Stmt *s) {
    if (!is_candidate(w, t)) return;
    Group *group = &w->group[root_of(w, number_of(w, t))];
    if (!group->stmts.n || group->stmts.at[group->stmts.n - 1] != s) list_push(w->arena, &group->stmts, (Stmt *)s);
}

static void list_read(const Expr *read, void *context) {
    const Reads *r = context;
    list_stmt(r->w, read->read.tensor, r->s);
}

/* ---- the choice */

static void store(Values *w, const Group *group, int way) {
    for (int k = 0; k < group->tensors.n; k++) {
        const Tensor *t = group->tensors.at[k];
        const int dim = way == CHANNELS && w->single ? 0 : way;
        plan_store_last(w->plan, t, NULL, way == AS_DECLARED ? t->rank - 1 : dim); /* one that it hasn't: as declared */
    }
}

static double cost_of(const Values *w, const Group *group) {
    double cost = 0;
    for (int k = 0; k < group->stmts.n; k++) cost += plan_lanes(w->plan, group->stmts.at[k], NULL).cost;
    return cost;
}

/* Few samples fill no vector. */
static bool may_try(const Values *w, int way) {
    return way != SAMPLES || (!w->single && 2 * w->p->batch >= plan_widest(w->plan));
}

static bool turn_over(Values *w, Group *group) {
    const int before = group->last;
    double least = 0.9 * cost_of(w, group);
    for (int way = 0; way < WAYS; way++) {
        if (way == before || !may_try(w, way)) continue;
        store(w, group, way);
        const double cost = cost_of(w, group);
        if (cost >= least) continue;
        least = cost;
        group->last = way;
    }
    store(w, group, group->last);
    return group->last != before;
}

void plan_values(Plan *plan, const Program *p) {
    enum { ROUNDS = 4 };
    Values w = {.plan = plan, .p = p, .arena = plan->arena};
    w.single = p->batch == 1 || p->role == PROGRAM_PREDICT || p->role == PROGRAM_LOSS;
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
