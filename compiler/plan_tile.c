/* plan_tile: which loop nests are computed in vectors, and how.
 *
 * A nest's statements share an output box. One of its loops may become lanes: all that is touched there must step by 0 or 1
 * along it. Several vectors of it and several points of other loops make a tile, whose sums stay in registers while the loops
 * over the reduced indices run. Sums alone may also have lanes along a reduced index, which are added up at the end. */
#include "emit_vector.h"
#include "plan.h"
#include <math.h>
#include <string.h>

int plan_widest(const Plan *plan) {
    return plan->options.vector_bytes / plan_real_bytes(plan);
}

/* ---- what a nest may be */

typedef struct Try { /* one loop of a nest tried as lanes */
    const ProgramPlan *p;
    const PlanStmt *s;
    int k; /* the statement's index that is to be the lanes */
    int lanes;
    int extent; /* of that loop */
    bool exact; /* what does not fill a vector is seen to one by one */
    bool ok, pad, apart;
} Try;

/* Arrays of ours may get longer rows, so that the last vector stays within them; the caller's may not. */
static bool may_pad(const Try *t, const Home *h, const Sub *sub) {
    const int rank = h->tensor->rank;
    int index;
    const bool numbers = h->kind == HOME_NUMBERS && !t->p->plan->model->trains;
    if (h->kind != HOME_WORK && h->kind != HOME_NET && !numbers) return false;
    const int last = h->order[rank - 1], padded = (t->extent + t->lanes - 1) / t->lanes * t->lanes;
    return !sub[last].gather && affine_is_index(sub[last].a, &index) && index == t->k && h->tensor->dim[last] == t->extent &&
           padded <= 2 * t->extent;
}

static void try_access(Try *t, const Tensor *tensor, const Sub *sub, bool write) {
    const Home *h = plan_home(t->p, tensor);
    if (h->kind == HOME_LOCAL && h->narrow) return;
    if (h->kind == HOME_SCALAR || tensor->rank == 0) {
        t->ok = t->ok && !write;
        return;
    }
    const PlanAccess access = {.tensor = tensor, .sub = sub, .write = write};
    const long long stride = plan_access_stride(t->p, &access, t->k);
    /* No vector may reach over the end of a panel. */
    t->ok = t->ok && !(h->panel && stride == 1 && sub[h->order[tensor->rank - 1]].a.c % t->lanes);
    t->ok = t->ok && !plan_gathers(sub, tensor->rank, t->k) && stride >= write && (stride <= 1 || write);
    /* Over samples never, as there may be fewer than the batch holds. */
    const bool fills = t->exact || (t->extent % t->lanes == 0 && !t->s->s->ix[t->k].batch);
    if (!t->ok || stride == 0 || (stride == 1 && fills)) return;
    if (stride == 1 && may_pad(t, h, sub)) {
        t->pad = true;
    } else {
        t->apart = write && !t->s->s->add;
        t->ok = t->apart;
    }
}

/* May a padded read leave its tensor along index k? */
static bool pad_on(const Stmt *s, const Expr *e, int k) {
    for (int d = 0; e->padded && d < e->read.tensor->rank; d++) {
        const Sub *sub = &e->read.sub[d];
        if (sub->gather || !affine_coef(sub->a, k)) continue;
        if (!affine_within(sub->a, s->ix, 0, e->read.tensor->dim[d])) return true;
    }
    return false;
}

/* Everything in it can be written, in vectors where it depends on the lanes. */
static void try_expr(Try *t, const Expr *e) {
    const bool vector = t->k >= 0 && expr_uses_index(e, t->k);
    if (!t->ok) return;
    if (expr_is_position_test(e)) {
        if (vector) try_access(t, e->arg[0]->read.tensor, e->arg[0]->read.sub, false);
        t->ok = t->ok && !(t->k >= 0 && expr_uses_index(e->arg[1], t->k));
        return;
    }
    if (e->op == OP_READ) {
        if (vector) try_access(t, e->read.tensor, e->read.sub, false);
        t->ok = t->ok && !(vector && pad_on(t->s->s, e, t->k)) && !tensor_is_position(e->read.tensor);
        return;
    }
    if (e->op == OP_VAL) t->ok = !vector;
    t->ok = t->ok && vector_has_op(e->op);
    for (int k = 0; k < e->nargs; k++) try_expr(t, e->arg[k]);
}

/* What is not a sum and asks where it stands at every point (a guard) stays in plain loops. */
static bool plain_stmt(const PlanStmt *s) {
    return !s->s->to->integer == !s->best && !s->s->builtin && !(s->s->reduce == REDUCE_NONE && s->s->nguard);
}

/* Positions are found in lanes only. */
static bool finds_position(const Nest *nest) {
    for (int j = 0; j < nest->stmts.n; j++)
        if (nest->stmts.at[j]->best) return true;
    return false;
}

/* Is `at` the position of the max or min that s is? */
static bool finds_both(const PlanStmt *s, const PlanStmt *at) {
    const Stmt *a = s->s, *b = at->s;
    const bool max = a->reduce == REDUCE_MAX && b->reduce == REDUCE_ARGMAX,
               min = a->reduce == REDUCE_MIN && b->reduce == REDUCE_ARGMIN;
    if (!(max || min) || a->e != b->e || a->add || b->add || a->nguard || b->nguard || a->nout != b->nout || a->nred != b->nred)
        return false;
    for (int k = 0; k < a->nout + a->nred; k++)
        if (a->ix[k].lo != b->ix[k].lo || a->ix[k].hi != b->ix[k].hi || s->role[k] != at->role[k]) return false;
    return true;
}

static void find_together(const Nest *nest) {
    for (int i = 0; i < nest->stmts.n; i++)
        for (int j = i + 1; j < nest->stmts.n && !nest->stmts.at[i]->finder; j++) {
            PlanStmt *s = nest->stmts.at[i], *at = nest->stmts.at[j];
            if (at->found || !finds_both(s, at)) continue;
            s->finder = at;
            at->found = true;
        }
}

typedef struct Choice { /* lanes */
    int loop, lanes;
    double cost;    /* for each point */
    bool pad, keep; /* keep: it is chosen, not tried */
} Choice;

/* Could all statements have the lanes along this loop? Lanes that are stored one by one cost two steps each. */
static bool try_loop(const ProgramPlan *p, const Nest *nest, Choice *c) {
    double apart = 0, points = 0;
    const int loop = c->loop;
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        const int k = plan_find_loop(s, loop);
        Try t = {.p = p, .s = s, .k = k, .lanes = c->lanes, .extent = nest->hi[loop], .ok = k >= 0 && plain_stmt(s)};
        if (!t.ok || nest->lo[loop] != 0 || plan_guarded(s->s, k)) return false;
        try_access(&t, s->s->to, s->s->lhs, true);
        try_expr(&t, s->s->e);
        if (!t.ok) return false;
        c->pad = c->pad || t.pad;
        apart += 2 * t.apart;
        points += (double)box_points(s->s->ix, plan_reduced(s));
        if (c->keep) nest->stmts.at[j]->apart = t.apart;
    }
    c->cost = plan_vector_cost(nest->hi[loop], c->lanes) + apart / points;
    return true;
}

/* ---- sums with lanes along a reduced index */

/* May the reduced index k be in lanes? Loads stay within what there is, so arrays of the caller's may be read. */
static bool may_fold(const ProgramPlan *p, const PlanStmt *s, int k, int lanes) {
    if (s->role[k] != AT_REDUCED || plan_guarded(s->s, k)) return false;
    const int extent = s->s->ix[k].hi - s->s->ix[k].lo;
    Try t = {.p = p, .s = s, .k = k, .lanes = 1, .extent = extent, .exact = true, .ok = extent >= lanes && plain_stmt(s)};
    try_expr(&t, s->s->e);
    return t.ok && expr_uses_index(s->s->e, k);
}

bool plan_lane_sum(const ProgramPlan *p, const PlanStmt *s, int lanes, int *index) {
    const int first = s->s->nout, last = first + s->s->nred - 1;
    if (s->s->reduce == REDUCE_NONE || s->best) return false;
    *index = first;
    if (s->s->ix[first].batch && may_fold(p, s, first, lanes)) return true;
    *index = last;
    return !s->s->ix[last].batch && may_fold(p, s, last, lanes);
}

/* The text of a tile finds a place within its panel by one index. */
static bool panels_by_index(const PlanStmt *s) {
    int k;
    for (int a = 0; a < s->accesses.n; a++) {
        const PlanAccess *x = &s->accesses.at[a];
        if (!x->home->panel) continue;
        const Sub *sub = &x->sub[x->home->order[x->tensor->rank - 1]];
        Affine step = sub->a;
        step.c = 0;
        if (sub->gather || !affine_is_index(step, &k)) return false;
    }
    return true;
}

static bool all_writable(const ProgramPlan *p, const Nest *nest) {
    for (int j = 0; j < nest->stmts.n; j++) {
        Try t = {.p = p, .s = nest->stmts.at[j], .k = -1, .lanes = 1, .ok = plain_stmt(nest->stmts.at[j])};
        const Home *to = plan_home(p, t.s->s->to);
        try_expr(&t, t.s->s->e);
        if (!t.ok || (to->kind == HOME_LOCAL && !to->narrow) || !panels_by_index(t.s)) return false;
    }
    return true;
}

/* ---- the size of a tile */

enum { ENOUGH_SUMS = 8 }; /* two units, and four cycles until a sum can be added to again */

typedef struct Loads {
    int all, vectors;
} Loads;

/* Cost of one step of a sum's innermost loop for each multiply-add in it: what its loads take, what the latency of few sums in
 * flight takes, and a constant part. Vectors come from further away than the numbers that all lanes share. */
static double tile_cost(int sums, int operations, Loads n) {
    const int loads = n.all, all = sums + operations;
    double cycles = all / 2.0;
    if (loads / 2.0 > cycles) cycles = loads / 2.0;
    if ((all + loads) / 5.0 > cycles) cycles = (all + loads) / 5.0;
    if (sums < ENOUGH_SUMS && cycles < 4) cycles = 4;
    return (cycles + 1 + 0.05 * n.vectors) / sums;
}

/* What a tile's stores, one for each sum, take for each of its multiply-adds: only so many wait without holding up what
 * follows. That counts where sums are short. */
static double burst_cost(const PlanStmt *s, int stored) {
    enum { WAITING = 16, CYCLES = 2 };
    return stored > WAITING ? CYCLES * (double)(stored - WAITING) / (stored * (double)box_points(s->s->ix, plan_reduced(s)))
                            : 0;
}

static bool in_any_guard(const Nest *nest, int loop) {
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        const int k = plan_find_loop(s, loop);
        if (plan_guarded(s->s, k)) return true;
        for (int a = 0; a < s->accesses.n; a++)
            if (plan_gathers(s->accesses.at[a].sub, s->accesses.at[a].tensor->rank, k)) return true;
    }
    return false;
}

typedef struct Padded {
    const Stmt *s;
    int k;
    bool any;
} Padded;

static void find_padded(const Expr *read, void *context) {
    Padded *w = context;
    w->any = w->any || pad_on(w->s, read, w->k);
}

static bool may_be_rows(const Nest *nest, int loop) {
    if (loop == nest->tile.loop || in_any_guard(nest, loop)) return false;
    for (int j = 0; j < nest->stmts.n; j++) {
        Padded w = {nest->stmts.at[j]->s, plan_find_loop(nest->stmts.at[j], loop), false};
        expr_reads(w.s->e, find_padded, &w);
        if (w.any) return false;
    }
    return nest->lo[loop] == 0;
}

typedef struct Places {
    unsigned indices;
} Places;

static void find_places(const Expr *e, void *context) {
    Places *w = context;
    if (e->op == OP_EQ && e->arg[0]->op == OP_READ && e->arg[1]->op == OP_VAL) w->indices |= e->arg[1]->indices;
}

unsigned plan_places(const PlanStmt *s) {
    enum { MOST_PLACES = 16 };
    Places w = {0};
    expr_nodes(s->s->e, find_places, &w);
    w.indices &= plan_reduced(s);
    for (int k = 0; k < s->s->nout + s->s->nred; k++)
        if (w.indices >> k & 1 && (s->s->ix[k].batch || plan_guarded(s->s, k))) return 0;
    return box_points(s->s->ix, w.indices) <= MOST_PLACES ? w.indices : 0;
}

static bool may_split(const Stmt *s, int k, int partials) {
    Padded w = {s, k, false};
    if (s->ix[k].batch || plan_guarded(s, k) || (s->ix[k].hi - s->ix[k].lo) % partials) return false;
    expr_reads(s->e, find_padded, &w);
    return !w.any;
}

/* As far inside as it may be. */
int plan_split_index(const ProgramPlan *p, const PlanStmt *s, int partials) {
    int order[INDEX_MAX];
    const int n = plan_sum_loops(p, s, order);
    const unsigned places = plan_places(s);
    if (!n || s->s->ix[order[n - 1]].batch || s->s->reduce != REDUCE_SUM) return -1;
    for (int k = n - 1; k >= 0; k--)
        if (!(places >> order[k] & 1) && may_split(s->s, order[k], partials)) return order[k];
    return -1;
}

/* The statement that has the most to do. */
static const PlanStmt *main_sum(const Nest *nest) {
    const PlanStmt *main = NULL;
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        if (box_points(s->s->ix, plan_reduced(s)) < 2) continue;
        if (!main || plan_stmt_points(s->s, false) > plan_stmt_points(main->s, false)) main = s;
    }
    return main;
}

static bool depends(const PlanAccess *a, int k) {
    bool used = false;
    for (int d = 0; d < a->tensor->rank && k >= 0; d++) used = used || sub_indices(&a->sub[d]) >> k & 1;
    return used;
}

/* What a step of the sum loads: each read once for every row and vector that it is different for. */
static Loads tile_loads(const PlanStmt *s, const Tile *t) {
    Loads loads = {0, 0};
    for (int j = 0; j < s->accesses.n; j++) {
        const PlanAccess *a = &s->accesses.at[j];
        int n = 1;
        if (a->write) continue;
        for (int k = 0; k < TILE_ROWS; k++)
            if (depends(a, plan_find_loop(s, t->rows[k].loop))) n *= t->rows[k].n;
        const bool vector = t->loop < 0 || depends(a, plan_find_loop(s, t->loop));
        if (vector) loads.vectors += n *= t->loop < 0 ? 1 : t->vectors;
        loads.all += n;
    }
    return loads;
}

/* Operations of a step beside the multiply-adds: each once for every row and vector that it is different for. */
static int tile_operations(const PlanStmt *s, const Tile *t, const Expr *e) {
    int n = 0, once = e->op != OP_NUM && e->op != OP_VAL && e->op != OP_READ && !(e == s->s->e && e->op == OP_MUL);
    for (int k = 0; k < TILE_ROWS; k++)
        if (t->rows[k].loop >= 0 && expr_uses_index(e, plan_find_loop(s, t->rows[k].loop))) once *= t->rows[k].n;
    if (t->loop >= 0 && expr_uses_index(e, plan_find_loop(s, t->loop))) once *= t->vectors;
    for (int k = 0; k < e->nargs; k++) n += tile_operations(s, t, e->arg[k]);
    return n + once;
}

/* How far apart in memory is what the rows of a tile touch? */
static double row_spread(const ProgramPlan *p, const PlanStmt *s, const Tile *t) {
    double spread = 0;
    for (int k = 0; k < TILE_ROWS; k++)
        for (int a = 0; a < s->accesses.n && t->rows[k].loop >= 0; a++)
            spread += (double)(t->rows[k].n - 1) *
                      (double)plan_access_stride(p, &s->accesses.at[a], plan_find_loop(s, t->rows[k].loop));
    return spread;
}

typedef struct Rows { /* tiles tried */
    const ProgramPlan *p;
    const Nest *nest;
    const PlanStmt *sum;
    Tile best;
    double cost, spread;
} Rows;

static int sums_of(const Tile *t, int partials) {
    return t->rows[0].n * t->rows[1].n * t->vectors * partials;
}

/* Samples that fill no tile are worked out one by one. */
static double rows_cost(const Rows *w, const Tile *t, int partials) {
    Loads loads = tile_loads(w->sum, t);
    loads.all *= partials;
    loads.vectors *= partials;
    const int operations = partials * tile_operations(w->sum, t, w->sum->s->e);
    const double cost = tile_cost(sums_of(t, partials), operations, loads) + burst_cost(w->sum, sums_of(t, 1));
    for (int k = 0; k < TILE_ROWS; k++) {
        const int n = t->rows[k].n, all = n > 1 ? w->nest->hi[t->rows[k].loop] : 1, rest = all % n;
        Tile one = *t;
        one.rows[k].n = 1;
        if (rest) return (cost * (all - rest) + rows_cost(w, &one, partials) * rest) / all;
    }
    return cost;
}

static void try_parts(Rows *w, const Tile *t, int partials) {
    const int sums = sums_of(t, partials), registers = w->p->plan->options.registers;
    const int held = finds_position(w->nest) ? 3 * sums : sums; /* of each the largest term, its position, what is compared */
    if (held + t->vectors + 1 > registers || held > registers - 4) return;
    const double cost = rows_cost(w, t, partials), spread = row_spread(w->p, w->sum, t);
    if (cost > w->cost + 1e-9 || (cost > w->cost - 1e-9 && spread >= w->spread)) return;
    w->cost = cost;
    w->spread = spread;
    w->best = *t;
    w->best.partials = partials;
}

/* Where a tile has too few sums to keep the units busy, each may be added up in parts, but for sums that have lanes. */
static void try_tile(Rows *w, const Tile *t) {
    const int sums = sums_of(t, 1);
    int index;
    const bool whole = t->loop < 0 && plan_lane_sum(w->p, w->sum, t->lanes, &index);
    for (int partials = 1; partials == 1 || (!whole && sums * partials <= ENOUGH_SUMS); partials *= 2)
        if (partials == 1 || plan_split_index(w->p, w->sum, partials) >= 0) try_parts(w, t, partials);
}

/* Tries numbers of rows that divide the extents of loops from `loop` on; those of the batch may leave a rest. */
static void try_rows(Rows *w, Tile t, int which, int loop) {
    enum { MOST_ROWS = 14 };
    try_tile(w, &t);
    for (; which < TILE_ROWS && loop < w->nest->loops; loop++) {
        if (!may_be_rows(w->nest, loop) || (t.loop < 0 && loop == w->nest->batch)) continue;
        for (int n = 2; n <= MOST_ROWS; n++) {
            if (loop == w->nest->batch ? w->nest->hi[loop] < n : w->nest->hi[loop] % n) continue;
            t.rows[which].loop = loop;
            t.rows[which].n = n;
            try_rows(w, t, which + 1, loop + 1);
        }
        t.rows[which].loop = -1;
        t.rows[which].n = 1;
    }
}

/* Few of what has no sums, and where samples are lanes, of which there may be less. */
enum { MOST_VECTORS = 8, FEW_VECTORS = 4 };

/* Does a statement read numbers that all lanes share, another one in each row? */
static bool shares_numbers(const Nest *nest) {
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        for (int a = 0; a < s->accesses.n; a++) {
            const PlanAccess *x = &s->accesses.at[a];
            bool rows = false;
            for (int loop = 0; loop < nest->loops; loop++) rows = rows || depends(x, plan_find_loop(s, loop));
            if (rows && !depends(x, plan_find_loop(s, nest->tile.loop))) return true;
        }
    }
    return false;
}

/* Where nothing is summed: so many vectors that what their lanes share is loaded, and worked out, once. */
static int plain_vectors(const Nest *nest, int blocks) {
    int vectors = nest->tile.loop >= 0 && nest->tile.loop != nest->batch && shares_numbers(nest) ? FEW_VECTORS : 1;
    while (blocks % vectors) vectors--;
    return vectors;
}

/* Sums need several of them in flight. If the nest has no loop as lanes, its sums are in lanes each. Returns what a step costs
 * for each sum. */
static double choose_rows(const ProgramPlan *p, Nest *nest) {
    Rows w = {.p = p, .nest = nest, .sum = main_sum(nest), .best = nest->tile, .cost = 1e9};
    const int blocks = nest->tile.loop < 0 ? 1 : (nest->hi[nest->tile.loop] + nest->tile.lanes - 1) / nest->tile.lanes;
    const int most = nest->tile.loop >= 0 && nest->tile.loop == nest->batch ? FEW_VECTORS : MOST_VECTORS;
    if (!w.sum) {
        nest->tile.vectors = plain_vectors(nest, blocks);
        return 0;
    }
    for (int vectors = 1; vectors <= most; vectors++) {
        if (blocks % vectors) continue;
        Tile t = nest->tile;
        t.vectors = vectors;
        try_rows(&w, t, 0, 0);
    }
    nest->tile = w.best;
    return w.cost;
}

/* ---- rows of arrays that become longer */

static void pad_home(const ProgramPlan *p, const Nest *nest, const Tensor *tensor, const Sub *sub, int k) {
    Home *h = plan_home(p, tensor);
    const int rank = tensor->rank, lanes = nest->tile.lanes;
    int index;
    if (!rank || (h->kind == HOME_LOCAL && h->narrow)) return;
    const int last = h->order[rank - 1];
    if (sub[last].gather || !affine_is_index(sub[last].a, &index) || index != k) return;
    Home *field = home_find(&p->plan->fields, h->tensor); /* of what is replaced, for a `next` that is written over it */
    if (h->pad < lanes) h->pad = lanes;
    if (field && h->kind == HOME_NET && field->pad < lanes) field->pad = lanes;
}

static void pad_nest(const ProgramPlan *p, const Nest *nest) {
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        for (int a = 0; a < s->accesses.n; a++)
            pad_home(p, nest, s->accesses.at[a].tensor, s->accesses.at[a].sub, plan_find_loop(s, nest->tile.loop));
    }
}

static void pad_fold(const ProgramPlan *p, const Nest *nest) {
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        int index;
        if (!plan_fold_sum(p, s, nest->tile.lanes, &index)) continue;
        for (int a = 0; a < s->accesses.n; a++) pad_home(p, nest, s->accesses.at[a].tensor, s->accesses.at[a].sub, index);
    }
}

/* What lies a multiple of CACHE_WAY bytes apart competes for the same few lines of a cache. Layers of an array that do are
 * moved apart by one row. */
static void part_layers(const ProgramPlan *p, Home *h) {
    enum { LAYERS = 4 };
    StoredDim stored[RANK_MAX + 1];
    const int last = home_stored(h, stored) - 1;
    if (h->kind != HOME_WORK || h->sliced || h->panel || last < 2) return;
    long long apart = (p->plan->options.f64 ? 8LL : 4LL) * stored[last].dim;
    for (int k = last - 2; k >= 0 && !h->gap; k--) {
        apart *= stored[k + 1].dim;
        if (apart % CACHE_WAY == 0 && stored[k].dim >= LAYERS) h->gap = k + 1;
    }
}

/* ---- the choice */

/* The lanes that waste least; among those the narrowest vectors. */
static bool choose_lanes(const ProgramPlan *p, Nest *nest) {
    const int widest = plan_widest(p->plan);
    Choice best = {.loop = -1, .cost = 1};
    for (int loop = 0; loop < nest->loops; loop++)
        for (int lanes = widest; lanes >= 4 && lanes * LANES_NARROWER >= widest; lanes /= 2) {
            Choice c = {.loop = loop, .lanes = lanes};
            if (try_loop(p, nest, &c) && (c.cost < best.cost || (c.cost == best.cost && loop == best.loop))) best = c;
        }
    if (best.loop < 0) return false;
    nest->tile.loop = best.loop;
    nest->tile.lanes = best.lanes;
    if (best.pad) pad_nest(p, nest);
    best.keep = true;
    return try_loop(p, nest, &best);
}

/* ---- one sum that has lanes along a reduced index, while all else has them along a loop: as many sums as there are lanes are
 * added up together */

/* Does it read what another statement of the nest writes? Several of its sums would be added up at once, the other is a vector.
 */
static bool reads_nest(const Nest *nest, const PlanStmt *s) {
    for (int j = 0; j < nest->stmts.n; j++)
        for (int a = 0; a < s->accesses.n; a++)
            if (!s->accesses.at[a].write && s->accesses.at[a].tensor == nest->stmts.at[j]->s->to) return true;
    return false;
}

/* One vector that a sum does not fill: its rows are of arrays of ours, which get longer. What the lanes at the end hold is not
 * added. */
static bool folds_part(const ProgramPlan *p, const PlanStmt *s, int k, int lanes) {
    const int extent = s->s->ix[k].hi;
    Try t = {.p = p, .s = s, .k = k, .lanes = lanes, .extent = extent, .ok = plain_stmt(s) && !plan_guarded(s->s, k)};
    if (s->s->ix[k].lo || extent >= lanes || 2 * extent < lanes) return false;
    try_expr(&t, s->s->e);
    return t.ok && expr_uses_index(s->s->e, k);
}

bool plan_fold_sum(const ProgramPlan *p, const PlanStmt *s, int lanes, int *index) {
    if (s->s->reduce != REDUCE_SUM || s->s->add || s->s->nguard || !s->s->nred) return false;
    *index = s->s->nout + s->s->nred - 1;
    const Index *ix = &s->s->ix[*index];
    if (ix->batch || plan_reduced(s) != 1U << *index) return false;
    return (ix->hi - ix->lo) % lanes ? folds_part(p, s, *index, lanes) : may_fold(p, s, *index, lanes);
}

static bool may_fold_sum(const ProgramPlan *p, const PlanStmt *s, int k, int lanes) {
    int index;
    Padded w = {s->s, k, false};
    expr_reads(s->s->e, find_padded, &w);
    return !w.any && plan_fold_sum(p, s, lanes, &index);
}

static bool fold_loop(const ProgramPlan *p, const Nest *nest, int loop, int lanes) {
    int sums = 0;
    for (int j = 0; j < nest->stmts.n; j++) {
        const PlanStmt *s = nest->stmts.at[j];
        const int k = plan_find_loop(s, loop);
        Try t = {.p = p, .s = s, .k = k, .lanes = lanes, .extent = nest->hi[loop], .ok = k >= 0 && plain_stmt(s)};
        if (!t.ok || plan_guarded(s->s, k)) return false;
        try_access(&t, s->s->to, s->s->lhs, true);
        if (s->s->reduce == REDUCE_NONE)
            try_expr(&t, s->s->e);
        else
            t.ok = t.ok && sums++ == 0 && !reads_nest(nest, s) && may_fold_sum(p, s, k, lanes);
        if (!t.ok || t.apart) return false;
    }
    return sums == 1;
}

static bool choose_fold(const ProgramPlan *p, const Nest *nest, Tile *tile) {
    for (int lanes = plan_widest(p->plan); lanes >= 4; lanes /= 2)
        for (int loop = 0; loop < nest->loops; loop++) {
            if (loop == nest->batch || nest->lo[loop] || nest->hi[loop] % lanes || !fold_loop(p, nest, loop, lanes)) continue;
            tile->on = tile->fold = true;
            tile->loop = loop;
            tile->lanes = lanes;
            return true;
        }
    return false;
}

static bool has_lane_sum(const ProgramPlan *p, const Nest *nest, int lanes) {
    int k;
    for (int j = 0; j < nest->stmts.n; j++)
        if (plan_lane_sum(p, nest->stmts.at[j], lanes, &k)) return true;
    return false;
}

/* Cycles that a folded sum takes. If the rows of a tile do not stay in the first cache, they come from the second one. */
static double folded_cost(const ProgramPlan *p, const Nest *nest, const Tile *fold) {
    const double end = 2, far = 0.2;
    const PlanStmt *s = main_sum(nest);
    const double steps = ceil((double)box_points(s->s->ix, plan_reduced(s)) / fold->lanes);
    const Tile rows = {.lanes = fold->lanes, .loop = -1, .rows = {{fold->loop, fold->lanes}, {-1, 1}}, .vectors = 1};
    const Loads loads = tile_loads(s, &rows);
    const bool stays = loads.all * steps * p->plan->options.vector_bytes <= CACHE_BYTES;
    return steps * (tile_cost(fold->lanes, tile_operations(s, &rows, s->s->e), loads) +
                    (stays ? 0 : far * loads.all / fold->lanes)) +
           end;
}

/* The same where the lanes of each sum are added up by themselves; terms that fill no vector are added one by one, and what
 * follows is worked out so. */
static double lane_sum_cost(const Nest *nest, double step) {
    const double end = 4, single = 1, follows = 2;
    const PlanStmt *s = main_sum(nest);
    const long long terms = box_points(s->s->ix, plan_reduced(s)), rest = terms % nest->tile.lanes;
    const long long steps = terms / nest->tile.lanes;
    return (double)steps * step + single * (double)rest + end + follows * (nest->stmts.n - 1);
}

/* No loop is the lanes of all: sums alone have lanes. */
static void choose_lane_sums(const ProgramPlan *p, Nest *nest) {
    Tile fold = nest->tile;
    const bool folds = choose_fold(p, nest, &fold);
    while (nest->tile.lanes > 4 && !has_lane_sum(p, nest, nest->tile.lanes)) nest->tile.lanes /= 2;
    nest->tile.on = has_lane_sum(p, nest, nest->tile.lanes);
    const double step = nest->tile.on ? choose_rows(p, nest) : 0;
    if (folds && (!nest->tile.on || folded_cost(p, nest, &fold) <= lane_sum_cost(nest, step))) {
        nest->tile = fold;
        pad_fold(p, nest);
    }
}

/* The loop along which a copy is written one after another, or read. */
static int unit_loop(const ProgramPlan *p, const Nest *nest, bool write) {
    const PlanStmt *s = nest->stmts.at[0];
    for (int a = 0; a < s->accesses.n; a++)
        for (int loop = 0; loop < nest->loops && s->accesses.at[a].write == write; loop++)
            if (plan_access_stride(p, &s->accesses.at[a], plan_find_loop(s, loop)) == 1) return loop;
    return -1;
}

/* Blocks of the widest vectors that both extents hold; what is left over is copied one by one. */
static void turn_nest(const ProgramPlan *p, Nest *nest) {
    const int to = unit_loop(p, nest, true), from = unit_loop(p, nest, false);
    int lanes = plan_widest(p->plan);
    if (to < 0 || from < 0 || to == from) return;
    while (lanes >= 4 && (nest->hi[to] < lanes || nest->hi[from] < lanes)) lanes /= 2;
    if (lanes < 4) return;
    nest->tile =
        (Tile){.on = true, .turn = true, .lanes = lanes, .loop = to, .rows = {{from, 1}, {-1, 1}}, .vectors = 1, .partials = 1};
}

static void plan_nest_tile(const ProgramPlan *p, Nest *nest) {
    const int widest = plan_widest(p->plan);
    nest->tile = (Tile){.loop = -1, .rows = {{-1, 1}, {-1, 1}}, .vectors = 1, .partials = 1, .lanes = widest};
    if (nest->stmts.at[0]->repacks) {
        turn_nest(p, nest);
        return;
    }
    if (nest->fixed || !all_writable(p, nest)) return;
    if (choose_lanes(p, nest)) {
        nest->tile.on = true;
        find_together(nest);
        choose_rows(p, nest);
        return;
    }
    if (!finds_position(nest)) choose_lane_sums(p, nest);
}

static void tile_steps(const ProgramPlan *p, Steps *steps) {
    for (int k = 0; k < steps->n; k++) {
        if (steps->at[k]->kind == STEP_NEST)
            plan_nest_tile(p, &steps->at[k]->nest);
        else
            tile_steps(p, &steps->at[k]->steps);
    }
}

void plan_tiles(ProgramPlan *p) {
    if (!p->tiled) return;
    tile_steps(p, &p->steps);
    for (int k = 0; k < p->homes.n; k++) part_layers(p, p->homes.at[k]);
}
