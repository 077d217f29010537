/* plan_straight: straight-line code whose variables are vectors, for programs of one sample.
 *
 * Each statement has an index whose points are the lanes, or none: an output index, or a reduced one whose lanes are added up
 * at the end. A tensor is in vectors along the dimension that all that write it run along, a tensor that nobody writes along
 * any; else it has a variable for each element. What fits together costs nothing; what does not is put together from elements,
 * or taken apart. Starting from the longest index of every statement, choices are changed one at a time as long as that saves
 * cost. */
#include "emit_vector.h"
#include "plan.h"

/* In steps of a vector unit, as plan_lanes counts: adding up lanes; putting a lane in or taking it out; what is
 * done once for many samples. */
static const double fold_cost = 8, build_cost = 2, take_cost = 1.5, once = 0.25;

enum { ROUNDS = 4, NARROWEST = 4 };

typedef struct Row { /* a tensor, together with its `next` */
    const Tensor *tensor;
    bool written, scalar; /* scalar: never in vectors */
    int dim;              /* that is in vectors, or -1 */
} Row;

typedef struct Search {
    const Plan *plan;
    const Program *p;
    Table table;
    LIST(Row *) rows;
    int *lane;       /* of each statement: chosen so far */
    unsigned *fixed; /* its indices that a recurrence steps through */
    bool loop;       /* many samples follow each other, so that loading parameters hardly counts */
    bool samples;    /* are the lanes of what goes over the batch; here the rest is looked at, parameters stay in memory */
    bool open;       /* parameters will be stored as is best for it */
    Table arrays;    /* which are in no vectors */
} Search;

static Row *row_of(const Search *w, const Tensor *t) {
    return table_value(&w->table, t->next_of ? t->next_of : t);
}

static bool is_root_of_predict(const Search *w, const Tensor *t) {
    return w->p->role == PROGRAM_PREDICT && t == w->p->roots.at[0];
}

bool plan_is_call(const Plan *plan, const Stmt *s) {
    const Op op = s->e->op;
    return plan->options.vector_bytes && !plan->options.f64 && s->reduce == REDUCE_NONE && !s->nguard && !s->add &&
           op_info[op].kind == COSTLY && s->e->nargs == 1 && op != OP_SQRT && vector_has_op(op);
}

static int extent(const Index *ix) {
    return ix->hi - ix->lo;
}

int plan_straight_lanes(const Plan *plan, int size) {
    const int widest = plan_widest(plan);
    int lanes = widest < NARROWEST ? widest : NARROWEST;
    while (lanes < size && lanes < widest) lanes *= 2;
    return lanes;
}

static int vectors_of(const Search *w, int size) {
    const int lanes = plan_straight_lanes(w->plan, size);
    return (size + lanes - 1) / lanes;
}

/* ---- what may be lanes */

typedef struct Allowed {
    const Stmt *s;
    int k;
    bool ok;
} Allowed;

static void allow_read(const Expr *read, void *context) {
    Allowed *a = context;
    const Tensor *t = read->read.tensor;
    if (!expr_uses_index(read, a->k)) return;
    const int d = plan_unit_dim(t, read->read.sub, a->k);
    a->ok = a->ok && d >= 0 && !t->integer && !(read->padded && !affine_within(read->read.sub[d].a, a->s->ix, 0, t->dim[d]));
}

int plan_whole_dim(const Stmt *s, const Tensor *t, const Sub *sub, int k) {
    int index;
    for (int d = 0; d < t->rank && k >= 0; d++)
        if (!sub[d].gather && affine_is_index(sub[d].a, &index) && index == k)
            return plan_unit_dim(t, sub, k) == d && s->ix[k].lo == 0 && s->ix[k].hi == t->dim[d] ? d : -1;
    return -1;
}

static bool may_be_lane(const Search *w, const Stmt *s, int k) {
    const bool folds = k >= s->nout;
    if (w->samples && plan_batch_index(s) >= 0) return false;
    if (extent(&s->ix[k]) < 3 || w->fixed[s->number] >> k & 1 || plan_guarded(s, k) || !plan_vector_ops(s->e, k)) return false;
    if (folds ? s->reduce != REDUCE_SUM : plan_whole_dim(s, s->to, s->lhs, k) < 0 || s->reduce >= REDUCE_ARGMAX) return false;
    Allowed a = {s, k, true};
    expr_reads(s->e, allow_read, &a);
    return a.ok && !s->to->integer && !s->builtin && !has_gather(s->lhs, s->to->rank);
}

static int longest_lane(const Search *w, const Stmt *s) {
    int best = -1;
    for (int k = 0; k < s->nout + s->nred; k++)
        if (may_be_lane(w, s, k) && (best < 0 || extent(&s->ix[k]) > extent(&s->ix[best]))) best = k;
    return best;
}

/* ---- rows that follow from what is chosen */

static void set_rows(Search *w) {
    for (int k = 0; k < w->rows.n; k++)
        if (w->rows.at[k]->written) w->rows.at[k]->dim = -2;
    for (int k = 0; k < w->p->stmts.n; k++) {
        const Stmt *s = w->p->stmts.at[k];
        Row *row = row_of(w, s->to);
        const int lane = w->lane[s->number], dim = lane < s->nout ? plan_whole_dim(s, s->to, s->lhs, lane) : -1;
        if (!row->written) continue;
        row->dim = row->scalar || (row->dim != -2 && row->dim != dim) ? -1 : dim;
    }
    for (int k = 0; w->samples && !w->open && k < w->rows.n; k++) {
        Row *row = w->rows.at[k];
        if (tensor_is_persistent(row->tensor) && row->dim != plan_last_dim(w->plan, row->tensor)) row->dim = -1;
    }
}

/* The statement's lanes, if what it writes has them too. The result of a prediction is stored from any. */
static int lane_of(const Search *w, const Stmt *s) {
    const int k = w->lane[s->number];
    if (k < 0 || k >= s->nout || is_root_of_predict(w, s->to)) return k;
    const Row *row = row_of(w, s->to);
    return row->dim >= 0 && row->dim == plan_whole_dim(s, s->to, s->lhs, k) ? k : -1;
}

/* ---- cost */

typedef struct Cost {
    const Search *w;
    const Stmt *s;
    int lane;
    double cost;
} Cost;

/* How many elements, or vectors of them, does a read name in the course of the statement? */
static double read_points(const Cost *c, const Expr *read, bool lane_too) {
    double n = 1;
    for (int k = 0; k < c->s->nout + c->s->nred; k++)
        if (expr_uses_index(read, k) && (lane_too || k != c->lane)) n *= extent(&c->s->ix[k]);
    return n;
}

static void cost_read(const Expr *read, void *context) {
    Cost *c = context;
    const Row *row = row_of(c->w, read->read.tensor);
    if (c->lane >= 0 && expr_uses_index(read, c->lane)) {
        if (row->dim >= 0 && row->dim == plan_whole_dim(c->s, row->tensor, read->read.sub, c->lane)) return;
        c->cost += build_cost * read_points(c, read, true);
    } else if (row->dim >= 0) {
        c->cost += take_cost * read_points(c, read, true);
    }
}

static double stmt_cost(const Search *w, const Stmt *s) {
    if (w->samples && plan_batch_index(s) >= 0) return 0;
    Cost c = {.w = w, .s = s, .lane = lane_of(w, s)};
    const double points = (double)plan_stmt_points(s, true), functions = plan_functions_in(s->e);
    expr_reads(s->e, cost_read, &c);
    const bool f64 = w->plan->options.f64; /* functions one by one, by the library */
    if (c.lane < 0) {
        const bool together = functions == 1 && plan_is_call(w->plan, s);
        return c.cost + points +
               functions * FUNCTION_COST *
                   (together ? vectors_of(w, (int)points)
                    : f64    ? 2 * points
                             : points);
    }
    const double vectors = points / extent(&s->ix[c.lane]) * vectors_of(w, extent(&s->ix[c.lane]));
    const double folds = c.lane < s->nout ? 0 : (double)box_points(s->ix, lhs_indices(s));
    return c.cost + vectors + folds * fold_cost + functions * FUNCTION_COST * (f64 ? 2 * points : vectors);
}

/* What nobody writes is loaded: a vector at once if its numbers are all of a row that lies together. */
static double load_cost(const Search *w, const Row *row) {
    const Tensor *t = row->tensor;
    const bool given = t->role == ROLE_INPUT || t->role == ROLE_TARGET;
    if (row->written || row->dim < 0 || !(given || tensor_is_persistent(t))) return 0;
    const bool once_only = w->loop && !given, last = row->dim == plan_last_dim(w->plan, t);
    const double size = (double)tensor_size(t);
    const bool together =
        (last || (w->open && !given)) && t->dim[row->dim] % plan_straight_lanes(w->plan, t->dim[row->dim]) == 0;
    return (together ? size / t->dim[row->dim] : size) * (once_only ? once : 1);
}

static double total_cost(Search *w) {
    double cost = 0;
    set_rows(w);
    for (int k = 0; k < w->p->stmts.n; k++) cost += stmt_cost(w, w->p->stmts.at[k]);
    for (int k = 0; k < w->rows.n; k++) cost += load_cost(w, w->rows.at[k]);
    return cost;
}

/* ---- the search */

/* Tries all values of one choice, leaves the best; is it another than before? */
static bool improve(Search *w, int *choice, int n, const Stmt *s, double *cost) {
    const int before = *choice;
    int best = before;
    for (int k = -1; k < n; k++) {
        if (k == before || (s && k >= 0 && !may_be_lane(w, s, k))) continue;
        *choice = k;
        const double now = total_cost(w);
        if (now < *cost) *cost = now, best = k;
    }
    *choice = best;
    return best != before;
}

static double descend(Search *w) {
    double cost = total_cost(w);
    bool better = true;
    for (int round = 0; better && round < ROUNDS; round++) {
        better = false;
        for (int k = 0; k < w->rows.n; k++) {
            Row *row = w->rows.at[k];
            if (!row->written && !row->scalar) better = improve(w, &row->dim, row->tensor->rank, NULL, &cost) || better;
        }
        for (int k = 0; k < w->p->stmts.n; k++) {
            const Stmt *s = w->p->stmts.at[k];
            better = improve(w, &w->lane[s->number], s->nout + s->nred, s, &cost) || better;
        }
    }
    return total_cost(w);
}

static void add_row(Search *w, const Tensor *t) {
    if (t->next_of) t = t->next_of;
    if (table_value(&w->table, t)) return;
    Row *row = arena_one(w->plan->arena, Row);
    row->tensor = t;
    row->scalar = t->integer || t->rank == 0 || (w->samples && t->per_sample) || t->role == ROLE_CONSTANT ||
                  t->role == ROLE_SCALAR || is_root_of_predict(w, t) || plan_is_array(&w->arrays, t);
    table_set(w->plan->arena, &w->table, t, row);
    list_push(w->plan->arena, &w->rows, row);
}

static void add_read(const Expr *read, void *context) {
    Search *w = context;
    add_row(w, read->read.tensor);
}

static void add_rows(Search *w) {
    for (int k = 0; k < w->p->stmts.n; k++) {
        const Stmt *s = w->p->stmts.at[k];
        add_row(w, s->to);
        row_of(w, s->to)->written = row_of(w, s->to)->written || !w->samples || plan_batch_index(s) < 0;
        stmt_reads(s, add_read, w);
    }
}

/* The start: the longest indices, or none. */
static double descend_from(Search *w, bool vectors) {
    for (int k = 0; k < w->rows.n; k++) {
        Row *row = w->rows.at[k];
        row->dim = vectors && !row->scalar ? row->tensor->rank - 1 : -1;
    }
    for (int k = 0; k < w->p->stmts.n; k++) {
        const Stmt *s = w->p->stmts.at[k];
        w->lane[s->number] = vectors ? longest_lane(w, s) : -1;
    }
    return descend(w);
}

static void fix_indices(Search *w, const Items *items) {
    for (int k = 0; k < items->n; k++) {
        const Scan *scan = items->at[k].scan;
        if (!scan) continue;
        for (int j = 0; j < scan->members.n; j++) w->fixed[scan->members.at[j].stmt->number] |= 1U << scan->members.at[j].index;
        fix_indices(w, &scan->body);
    }
}

static Search *search(const Plan *plan, const Program *p, bool open, double *cost) {
    Search *w = arena_one(plan->arena, Search);
    *w = (Search){.plan = plan, .p = p, .loop = p->role == PROGRAM_TRAIN, .open = open, .samples = p->batch > 1};
    w->lane = arena_many(plan->arena, p->stmts.n, int);
    w->fixed = arena_many(plan->arena, p->stmts.n, unsigned);
    fix_indices(w, &p->order);
    w->arrays = plan_array_table(plan, p);
    add_rows(w);
    const double vectors = descend_from(w, true), numbers = descend_from(w, false);
    *cost = vectors < numbers ? descend_from(w, true) : numbers;
    return w;
}

/* About how many terms it has. */
static double terms_of(const Search *w) {
    double terms = 0;
    for (int k = 0; k < w->p->stmts.n; k++) {
        const Stmt *s = w->p->stmts.at[k];
        const int lane = lane_of(w, s), n = lane < 0 ? 1 : extent(&s->ix[lane]);
        terms += (double)plan_stmt_points(s, true) / n * (lane < 0 ? 1 : vectors_of(w, n));
    }
    return terms;
}

/* Not for what would be cut into several functions: variables cannot cross them. */
static Search *search_for(const Plan *plan, const Program *p, bool open, double *cost) {
    const PlanOptions *o = &plan->options;
    if (o->unroll != UNROLL_AUTO || !o->vector_bytes || (p->batch > 1 && !plan_sample_lanes(plan, p))) return NULL;
    Search *w = search(plan, p, open, cost);
    return p->batch > 1 || terms_of(w) <= ONE_FUNCTION_TERMS ? w : NULL;
}

double plan_straight_cost(const Plan *plan, const Program *p) {
    double cost = 0;
    if (search_for(plan, p, true, &cost)) return cost + (p->batch > 1 ? plan_samples_cost(plan, p) : 0);
    cost = 0;
    for (int k = 0; k < p->stmts.n; k++) { /* sample by sample, number by number */
        const Stmt *s = p->stmts.at[k];
        cost += (double)plan_stmt_points(s, true) * (1 + 2 * FUNCTION_COST * plan_functions_in(s->e));
    }
    return cost;
}

void plan_straight_layouts(Plan *plan, const Program *p) {
    double cost;
    const Search *w = search_for(plan, p, true, &cost);
    for (int k = 0; w && k < w->rows.n; k++) {
        const Row *row = w->rows.at[k];
        if (tensor_is_persistent(row->tensor) && row->dim >= 0 && row->dim < row->tensor->rank - 1)
            plan_store_last(plan, row->tensor, NULL, row->dim);
    }
}

void plan_straight(ProgramPlan *p) {
    double cost;
    if (p->unrolled) plan_samples(p);
    const bool may = p->unrolled && !p->copies.n && (p->program->batch == 1 || p->sample_lanes);
    const Search *w = may ? search_for(p->plan, p->program, false, &cost) : NULL;
    if (!w) return;
    p->whole = true;
    for (int k = 0; k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        const Row *row = table_value(&w->table, h->tensor);
        if (h->same_as || !row || row->dim < 0) continue;
        h->lane_dim = row->dim;
        h->lanes = plan_straight_lanes(p->plan, h->tensor->dim[row->dim]);
    }
    for (int k = 0; k < p->stmts.n; k++) {
        PlanStmt *s = p->stmts.at[k];
        const int lane = lane_of(w, s->original);
        if (lane < 0) continue;
        s->lane = lane;
        s->lanes = plan_straight_lanes(p->plan, extent(&s->s->ix[lane]));
    }
}
