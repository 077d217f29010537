/* nest_lower: from a plan's steps to loops. A statement's loops are opened in the order that its nest says; guards become
 * bounds of the innermost loop that they mention where that keeps what is written, else tests. A reduction goes to a local
 * number, or straight to where its result stands if that is one. */
#include "nest.h"
#include <string.h>

typedef struct OpenScan {
    const Scan *scan;
    int index;
} OpenScan;

typedef struct Lowering {
    NestProgram *out;
    const ProgramPlan *plan;
    Program *p;
    Arena *arena;
    Nodes *to;              /* where nodes are added */
    unsigned open;          /* bit k: index k is in use */
    Index range[INDEX_MAX]; /* of each */
    int sample;             /* the sample loop's, or -1 */
    LIST(OpenScan) scans;
} Lowering;

typedef struct Place { /* a statement within its loops */
    const PlanStmt *s;
    Affine map[INDEX_MAX]; /* what its indices are here, */
    bool known[INDEX_MAX]; /* ... as far as their loops are open */
    unsigned guards;       /* bit g: guard g has become a bound or a test */
} Place;

/* ---- nodes */

static Node *add_node(Lowering *l, NodeKind kind, const Stmt *stmt) {
    Node *n = arena_one(l->arena, Node);
    n->kind = kind;
    n->stmt = stmt;
    list_push(l->arena, l->to, n);
    return n;
}

/* What is added from here on stands in n. */
static void enter(Lowering *l, Node *n) {
    l->to = &n->body;
}

/* `wanted`, if no loop around has it: so that affine maps keep the order of their terms. */
static int new_index(Lowering *l, int wanted, const char *name, int lo, int hi) {
    int k = wanted;
    while (l->open >> k & 1)
        if ((k = (k + 1) % INDEX_MAX) == wanted) bug("more than %d loops in each other", INDEX_MAX);
    l->open |= 1U << k;
    l->range[k] = (Index){name && *name ? name : "i", lo, hi, false};
    return k;
}

/* Opens a loop over [lo, hi). */
static Node *add_loop(Lowering *l, int wanted, const char *name, int lo, int hi) {
    Node *n = add_node(l, NODE_LOOP, NULL);
    n->index = new_index(l, wanted, name, lo, hi);
    n->by = 1;
    n->less = affine_const(0);
    n->name = l->range[n->index].name;
    list_push(l->arena, &n->from, ((Bound){affine_const(lo), 1}));
    list_push(l->arena, &n->to, ((Bound){affine_const(hi), 1}));
    enter(l, n);
    return n;
}

typedef struct Mark { /* where to go on once some loops are complete */
    Nodes *to;
    unsigned open;
} Mark;

static Mark mark(const Lowering *l) {
    return (Mark){l->to, l->open};
}

static void leave(Lowering *l, Mark m) {
    l->to = m.to;
    l->open = m.open;
}

/* ---- guards */

static bool guard_is_ready(const Place *at, const Guard *g, int but) {
    for (int t = 0; t < g->a.n; t++)
        if (g->a.t[t].index != but && !at->known[g->a.t[t].index]) return false;
    return true;
}

/* lo <= k*v + rest < hi gives, for k > 0,   ceil((lo - rest) / k) <= v < ceil((hi - rest) / k),
 * and for k = -m < 0,   floor((rest - hi) / m) + 1 <= v < floor((rest - lo) / m) + 1. */
static void bound_by(Lowering *l, Node *loop, const Place *at, const Guard *g, int k) {
    const int coef = affine_coef(g->a, k), m = coef > 0 ? coef : -coef;
    Affine map[INDEX_MAX];
    memcpy(map, at->map, sizeof map);
    map[k] = affine_const(0);
    const Affine rest = affine_scale(affine_substitute(g->a, map), coef > 0 ? -1 : 1);
    const int low = coef > 0 ? g->lo + m - 1 : m - g->hi, high = coef > 0 ? g->hi + m - 1 : m - g->lo;
    list_push(l->arena, &loop->from, ((Bound){affine_add(rest, affine_const(low)), m}));
    list_push(l->arena, &loop->to, ((Bound){affine_add(rest, affine_const(high)), m}));
}

/* What a guard asks for of k and what is known already, whatever the other indices are. */
static Guard without_later(const Place *at, const Guard *g, int k) {
    Affine later = affine_const(0);
    int min, max;
    for (int t = 0; t < g->a.n; t++) {
        const int i = g->a.t[t].index;
        if (i != k && !at->known[i]) later = affine_add(later, affine_scale(affine_index(i), g->a.t[t].coef));
    }
    affine_range(later, at->s->s->ix, &min, &max);
    return (Guard){affine_sub(g->a, later), g->lo - max, g->hi - min};
}

/* Opens the loop over index k of the statement. If `bounded`, guards are its bounds: those whose other indices are known by
 * now, and what others leave of it at most. NULL: it has one point, and needs no loop. */
static Node *open_loop(Lowering *l, Place *at, int k, bool bounded) {
    const Stmt *s = at->s->s;
    const Index *ix = &s->ix[k];
    at->known[k] = true;
    if (ix->hi - ix->lo == 1 && !ix->batch) {
        at->map[k] = affine_const(ix->lo);
        return NULL;
    }
    Node *n = add_loop(l, k, ix->batch ? "s" : ix->name, ix->lo, ix->hi);
    n->samples = ix->batch;
    at->map[k] = affine_index(n->index);
    for (int g = 0; g < s->nguard && bounded; g++) {
        if (at->guards >> g & 1 || !affine_coef(s->guard[g].a, k)) continue;
        const Guard most = without_later(at, &s->guard[g], k);
        const bool ready = most.a.n == s->guard[g].a.n;
        if (!ready && affine_within(most.a, s->ix, most.lo, most.hi)) continue;
        bound_by(l, n, at, &most, k);
        if (ready) at->guards |= 1U << g;
    }
    return n;
}

/* Those that can be decided by now and may fail. */
static Guards left_guards(Lowering *l, Place *at) {
    const Stmt *s = at->s->s;
    Guards left = {0};
    for (int g = 0; g < s->nguard; g++) {
        if (at->guards >> g & 1 || !guard_is_ready(at, &s->guard[g], -1)) continue;
        at->guards |= 1U << g;
        const Guard here = {affine_substitute(s->guard[g].a, at->map), s->guard[g].lo, s->guard[g].hi};
        if (!affine_within(here.a, l->range, here.lo, here.hi)) list_push(l->arena, &left, here);
    }
    return left;
}

static void open_tests(Lowering *l, Place *at) {
    const Guards left = left_guards(l, at);
    if (!left.n) return;
    Node *n = add_node(l, NODE_TEST, NULL);
    n->guards = left;
    enter(l, n);
}

static void open_reduction(Lowering *l, Place *at) {
    open_tests(l, at);
    for (int k = at->s->s->nout; k < at->s->s->nout + at->s->s->nred; k++)
        if (at->s->role[k] == AT_REDUCED) open_loop(l, at, k, true);
    open_tests(l, at);
}

/* ---- elements */

static const Sub *subs_here(Lowering *l, const Place *at, const Sub *sub, int rank) {
    Sub *here = arena_many(l->arena, rank, Sub);
    for (int d = 0; d < rank; d++) here[d] = sub_substitute(l->p, &sub[d], at->map);
    return here;
}

static const Expr *value_here(Lowering *l, const Place *at) {
    return expr_substitute(l->p, at->s->s->e, at->map);
}

static Node *add_set(Lowering *l, const Place *at, Tensor *to, const Sub *sub, const Expr *value) {
    Node *n = add_node(l, NODE_SET, at->s->s);
    n->target = to;
    n->at = sub;
    n->value = value;
    return n;
}

static Node *add_reduce(Lowering *l, const Place *at, Tensor *to, const Sub *sub, Reduce reduce) {
    Node *n = add_node(l, NODE_REDUCE, at->s->s);
    n->target = to;
    n->at = sub;
    n->value = value_here(l, at);
    n->reduce = reduce;
    return n;
}

/* What nothing is added to, or compared with: where bits count -0, as -0 + 0 is 0 but 0 + -0 is no -0. */
static const Expr *start_of(Lowering *l, Reduce reduce) {
    const bool max = reduce == REDUCE_MAX || reduce == REDUCE_ARGMAX, min = reduce == REDUCE_MIN || reduce == REDUCE_ARGMIN;
    return expr_num(l->p, max ? -__builtin_inf() : min ? __builtin_inf() : l->plan->plan->options.exact ? -0.0 : 0.0);
}

static void add_start(Lowering *l, const Place *at, Tensor *to, const Sub *sub, const Expr *value) {
    add_set(l, at, to, sub, value)->starts = true;
}

/* ---- statements within their loops */

static void put_plain(Lowering *l, Place *at) {
    const Stmt *s = at->s->s;
    const Mark here = mark(l);
    if (s->add || at->s->accumulates) {
        open_tests(l, at);
        add_reduce(l, at, s->to, subs_here(l, at, s->lhs, s->to->rank), REDUCE_SUM);
    } else {
        const Guards left = left_guards(l, at);
        add_set(l, at, s->to, subs_here(l, at, s->lhs, s->to->rank), value_here(l, at))->guards = left;
    }
    leave(l, here);
}

/* A local number, with a home. */
static Tensor *accumulator(Lowering *l, const PlanStmt *s) {
    const char *name = arena_printf(l->arena, "%s_sum", s->s->to->name);
    Tensor *t = tensor_new(l->arena, name, name, ROLE_VALUE, 0, NULL, s->s->origin);
    t->integer = s->s->to->integer;
    t->values_below = s->s->to->values_below;
    Home *h = home_add(l->arena, &l->out->plan->table, t);
    h->kind = HOME_LOCAL;
    h->narrow = true;
    return t;
}

static void put_reduction(Lowering *l, Place *at) {
    const Stmt *s = at->s->s;
    const bool local = plan_home(l->plan, s->to)->kind == HOME_LOCAL, more = s->add || at->s->accumulates;
    const Sub *element = subs_here(l, at, s->lhs, s->to->rank);
    Tensor *sum = local ? s->to : accumulator(l, at->s);
    const Sub *sum_at = local ? element : NULL;
    if (!local || !more) add_start(l, at, sum, sum_at, more ? expr_read(l->p, s->to, element) : start_of(l, s->reduce));
    const Mark here = mark(l);
    open_reduction(l, at);
    add_reduce(l, at, sum, sum_at, s->reduce == REDUCE_NONE ? REDUCE_SUM : s->reduce);
    leave(l, here);
    if (!local) add_set(l, at, s->to, element, expr_read(l->p, sum, NULL));
}

/* Over the batch both have been filled in before the sample loop. */
static void put_position(Lowering *l, Place *at) {
    const Stmt *s = at->s->s;
    const bool local = plan_home(l->plan, s->to)->kind == HOME_LOCAL || at->s->accumulates;
    const Sub *element = subs_here(l, at, s->lhs, s->to->rank), *sub = local ? element : NULL;
    Tensor *where = local ? s->to : accumulator(l, at->s);
    if (!at->s->accumulates) {
        add_start(l, at, at->s->best, element, start_of(l, s->reduce));
        add_start(l, at, where, sub, expr_num(l->p, 0));
    }
    const Mark here = mark(l);
    open_reduction(l, at);
    Node *n = add_reduce(l, at, where, sub, s->reduce);
    n->best = at->s->best;
    n->best_at = element;
    n->number = affine_substitute(reduced_number(s), at->map);
    leave(l, here);
    if (!local) add_set(l, at, s->to, element, expr_read(l->p, where, NULL));
}

static bool has_reduction(const PlanStmt *s) {
    const unsigned reduced = plan_reduced(s);
    return reduced && (box_points(s->s->ix, reduced) != 1 || s->s->reduce != REDUCE_SUM);
}

static void put_stmt(Lowering *l, Place *at) {
    const Reduce reduce = at->s->s->reduce;
    if (reduce == REDUCE_ARGMAX || reduce == REDUCE_ARGMIN)
        put_position(l, at);
    else if (has_reduction(at->s) || (at->s->accumulates && reduce != REDUCE_SUM))
        put_reduction(l, at);
    else
        put_plain(l, at);
}

/* ---- nests */

static Place place_of(const Lowering *l, const PlanStmt *s) {
    Place at = {.s = s};
    for (int k = 0; k < s->s->nout + s->s->nred; k++) {
        const Index *ix = &s->s->ix[k];
        at.map[k] = affine_const(ix->lo);
        at.known[k] =
            s->role[k] == AT_BATCH || s->role[k] == AT_SCAN || (s->role[k] == AT_REDUCED && ix->hi - ix->lo == 1 && !ix->batch);
        if (s->role[k] == AT_BATCH) at.map[k] = affine_index(l->sample);
        for (int j = 0; j < l->scans.n && s->role[k] == AT_SCAN; j++)
            if (l->scans.at[j].scan == s->scan[k]) at.map[k] = affine_index(l->scans.at[j].index);
    }
    return at;
}

/* A scan's step that is outside of the statement's own range is skipped. */
static void open_scan_test(Lowering *l, const Place *at) {
    Guards tests = {0};
    for (int k = 0; k < at->s->s->nout + at->s->s->nred; k++) {
        const Index *ix = &at->s->s->ix[k];
        if (at->s->role[k] != AT_SCAN || affine_within(at->map[k], l->range, ix->lo, ix->hi)) continue;
        list_push(l->arena, &tests, ((Guard){at->map[k], ix->lo, ix->hi}));
    }
    if (!tests.n) return;
    Node *n = add_node(l, NODE_TEST, NULL);
    n->guards = tests;
    enter(l, n);
}

/* The loops are opened by the first statement; the others take over its indices. */
static void put_shared_nest(Lowering *l, Node *node) {
    const Nest *nest = &node->step->nest;
    Place first = place_of(l, nest->stmts.at[0]);
    const bool alone = nest->stmts.n == 1, add = first.s->s->add;
    open_scan_test(l, &first);
    if (add) open_tests(l, &first);
    for (int k = 0; k < nest->loops; k++) {
        Node *loop = open_loop(l, &first, plan_loop_index(first.s, nest->order[k]), alone && add);
        if (loop) loop->of = nest->order[k] + 1;
    }
    if (alone && add) open_tests(l, &first);
    node->seen = first.guards;
    for (int j = 0; j < nest->stmts.n; j++) {
        Place at = place_of(l, nest->stmts.at[j]);
        if (alone) at.guards = first.guards;
        for (int k = 0; k < nest->loops; k++) {
            const int to = plan_loop_index(at.s, k);
            at.map[to] = first.map[plan_loop_index(first.s, k)];
            at.known[to] = true;
        }
        put_stmt(l, &at);
    }
}

/* for outer: for inner: row = 0; for reduced: for inner: row += value */
static void put_row_nest(Lowering *l, const Nest *nest) {
    Place at = place_of(l, nest->stmts.at[0]);
    const Stmt *s = at.s->s;
    const int inner = plan_loop_index(at.s, nest->order[nest->loops - 1]);
    open_scan_test(l, &at);
    for (int k = 0; k + 1 < nest->loops; k++) open_loop(l, &at, plan_loop_index(at.s, nest->order[k]), s->add);
    if (!s->add && !at.s->accumulates) {
        const Mark here = mark(l);
        Place row = at;
        open_loop(l, &row, inner, false);
        add_start(l, &row, s->to, subs_here(l, &row, s->lhs, s->to->rank), start_of(l, REDUCE_SUM));
        leave(l, here);
    }
    open_reduction(l, &at);
    open_loop(l, &at, inner, true);
    open_tests(l, &at);
    add_reduce(l, &at, s->to, subs_here(l, &at, s->lhs, s->to->rank), REDUCE_SUM);
}

static void put_nest(Lowering *l, const Step *step) {
    const Nest *nest = &step->nest;
    const PlanStmt *first = nest->stmts.at[0];
    if (nest->stmts.n == 1 && plan_changes_nothing(l->plan, first)) return;
    const Mark here = mark(l);
    if (first->s->builtin) add_node(l, NODE_CALL, first->s)->target = first->s->e->read.tensor;
    Node *n = add_node(l, NODE_NEST, first->s);
    n->step = step;
    enter(l, n);
    if (nest->row)
        put_row_nest(l, nest);
    else
        put_shared_nest(l, n);
    leave(l, here);
}

/* ---- the other steps */

/* The statement's loops as the tensor is stored, then those that are left. */
static void open_stored(Lowering *l, Place *at, const Home *h) {
    const Stmt *s = at->s->s;
    for (int k = 0; k < s->to->rank; k++) {
        int index;
        if (affine_is_index(s->lhs[h->order[k]].a, &index) && !at->known[index]) open_loop(l, at, index, false);
    }
    for (int k = 0; k < s->nout; k++)
        if (!at->known[k]) open_loop(l, at, k, false);
}

static void put_fill(Lowering *l, const PlanStmt *s, Tensor *to, const Expr *start) {
    const Mark here = mark(l);
    Place at = place_of(l, s);
    open_scan_test(l, &at);
    open_stored(l, &at, plan_home(l->plan, to));
    add_start(l, &at, to, subs_here(l, &at, s->s->lhs, to->rank), start);
    leave(l, here);
}

/* What an accumulation over the batch starts from: of a position, also the best value. */
static void put_fills(Lowering *l, const Step *step) {
    const PlanStmt *s = step->fill;
    const Mark here = mark(l);
    Node *n = add_node(l, NODE_NEST, s->s);
    n->step = step;
    enter(l, n);
    put_fill(l, s, s->s->to, s->best ? expr_num(l->p, 0) : start_of(l, s->s->reduce));
    if (s->best) put_fill(l, s, s->best, start_of(l, s->s->reduce));
    leave(l, here);
}

/* The statements' own index that is the sample, or a recurrence's step. */
static int index_of(const Steps *steps, int role, const Scan *scan) {
    for (int k = 0; k < steps->n; k++) {
        const Step *step = steps->at[k];
        const PlanStmt *s = step->kind == STEP_NEST ? step->nest.stmts.at[0] : step->fill;
        const int inside = step->steps.n ? index_of(&step->steps, role, scan) : 0;
        if (inside) return inside;
        for (int j = 0; s && j < s->s->nout + s->s->nred; j++)
            if (s->role[j] == role && (!scan || s->scan[j] == scan)) return j;
    }
    return 0;
}

static void put_steps(Lowering *l, const Steps *steps);

static void put_scan(Lowering *l, const Step *step) {
    const Scan *scan = step->scan;
    const Mark here = mark(l);
    Node *n = add_loop(l, index_of(&step->steps, AT_SCAN, scan), scan->name, scan->lo, scan->hi);
    n->step = step;
    n->down = scan->down;
    list_push(l->arena, &l->scans, ((OpenScan){scan, n->index}));
    put_steps(l, &step->steps);
    l->scans.n--;
    leave(l, here);
}

static void put_samples(Lowering *l, const Step *step) {
    const Mark here = mark(l);
    const int outer = l->sample;
    Node *n = add_loop(l, index_of(&step->steps, AT_BATCH, NULL), "s", 0, l->p->batch);
    n->step = step;
    n->samples = true;
    l->sample = n->index;
    put_steps(l, &step->steps);
    l->sample = outer;
    leave(l, here);
}

/* Step k of n has been worked out: its share of a sample that comes later is fetched, in lines of a cache. */
static void put_fetch(Lowering *l, int k, int n) {
    const Plan *plan = l->plan->plan;
    const int in_line = CACHE_LINE / plan_real_bytes(plan), inputs = plan->model->inputs,
              lines = (inputs + in_line - 1) / in_line;
    const int from = lines * k / n * in_line, to = lines * (k + 1) / n * in_line;
    if (to <= from) return;
    Node *fetch = add_node(l, NODE_FETCH, NULL);
    fetch->first = from;
    fetch->numbers = (to < inputs ? to : inputs) - from;
}

static void put_steps(Lowering *l, const Steps *steps) {
    const bool fetches = steps == &l->plan->steps && l->p->role == PROGRAM_EACH && !l->plan->cut;
    for (int k = 0; k < steps->n; k++) {
        const Step *step = steps->at[k];
        switch (step->kind) {
        case STEP_NEST: put_nest(l, step); break;
        case STEP_SCAN: put_scan(l, step); break;
        case STEP_SAMPLES: put_samples(l, step); break;
        case STEP_FILL: put_fills(l, step); break;
        }
        if (fetches) put_fetch(l, k, steps->n);
    }
}

/* A next value that could not be written over the old one replaces it at the end. */
static void put_copy(Lowering *l, const CopyBack *copy) {
    const Mark here = mark(l);
    Tensor *from = (Tensor *)copy->from->tensor, *to = (Tensor *)copy->to->tensor;
    Sub *sub = arena_many(l->arena, from->rank, Sub);
    for (int k = 0; k < from->rank; k++) {
        const int d = copy->from->order[k];
        sub[d].a = affine_index(add_loop(l, d, index_letters[d], 0, from->dim[d])->index);
    }
    Node *n = add_node(l, NODE_SET, NULL);
    n->target = to;
    n->at = sub;
    n->value = expr_read(l->p, from, sub);
    leave(l, here);
}

NestProgram *nest_lower(ProgramPlan *plan) {
    Arena *arena = plan->plan->arena;
    NestProgram *out = arena_one(arena, NestProgram);
    *out = (NestProgram){.arena = arena, .plan = plan, .program = (Program *)plan->program};
    Lowering l = {.out = out, .plan = plan, .p = out->program, .arena = arena, .to = &out->nodes, .sample = -1};
    put_steps(&l, &plan->steps);
    for (int k = 0; k < plan->copies.n; k++) put_copy(&l, &plan->copies.at[k]);
    return out;
}
