/* plan: one plan for each program of a model. See plan.h for the stages; here is what they share and what is decided once:
 * unroll or loops, which next values are written over the old ones, reads that vanish outside of their tensor. */
#include "c_words.h"
#include "emit.h"
#include <limits.h>
#include <string.h>

/* ---- work */

/* Points of the box, of all its indices; the batch counts once for each sample or (`batch`) in full. */
long long plan_stmt_points(const Stmt *s, bool batch) {
    unsigned indices = lhs_indices(s) | reduced_indices(s);
    for (int k = 0; k < s->nout + s->nred; k++)
        if (s->ix[k].batch && !batch) indices &= ~(1U << k);
    return box_points(s->ix, indices);
}

/* A multiply-add is a point of a sum whose term is a product. */
long long plan_multiply_adds(const Program *p) {
    long long n = 0;
    for (int k = 0; k < p->stmts.n; k++) {
        const Stmt *s = p->stmts.at[k];
        if (s->reduce == REDUCE_SUM && s->e->op == OP_MUL && __builtin_add_overflow(n, plan_stmt_points(s, false), &n))
            return LLONG_MAX;
    }
    return n;
}

/* Points of all statements, for one sample: about the number of terms that unrolled code would have. */
static long long program_points(const Program *p) {
    long long n = 0;
    for (int k = 0; p && k < p->stmts.n; k++)
        if (__builtin_add_overflow(n, plan_stmt_points(p->stmts.at[k], false), &n)) return LLONG_MAX;
    return n;
}

static long long model_points(const Model *m) {
    const Program *const programs[] = {m->predict, m->loss, m->train, m->gradient};
    long long n = 0;
    for (size_t k = 0; k < sizeof programs / sizeof *programs; k++)
        if (__builtin_add_overflow(n, program_points(programs[k]), &n)) return LLONG_MAX;
    return n;
}

static bool wants_unrolling(const Plan *plan) {
    const long long n = plan->multiply_adds;
    switch (plan->options.unroll) {
    case UNROLL_FULL: return true;
    case UNROLL_NONE: return false;
    case UNROLL_LIMIT: return n <= plan->options.unroll_limit && model_points(plan->model) <= UNROLL_MAX_TERMS;
    case UNROLL_AUTO: break;
    }
    return n <= UNROLL_AUTO_LIMIT && model_points(plan->model) <= UNROLL_WARN_TERMS;
}

/* The program as loops in vectors compute it, and how they have its values stored. */
static const Program *program_in_loops(Plan *plan, const Program *program) {
    const Program *p = plan_windows(plan, program);
    if (program->role == PROGRAM_PREDICT) return p; /* plan_layouts did */
    plan_values(plan, p);
    plan_scans(plan, p);
    return p;
}

/* What its loops cost with everything stored as they would have it, which is then open again. */
static double loops_cost(Plan *plan, const Program *program) {
    plan_layouts(plan);
    const double cost = plan_loops_cost(plan, program_in_loops(plan, program));
    plan->layouts = (Table){0};
    plan->settled = false;
    return cost;
}

/* Straight-line code is what a small network becomes, unless loops in vectors are faster. */
static void choose_unrolling(Plan *plan) {
    const Model *m = plan->model;
    const Program *p = m->trains ? m->train : m->predict;
    const bool open = plan->options.unroll == UNROLL_AUTO && plan->options.vector_bytes;
    plan->unrolled = wants_unrolling(plan);
    if (plan->unrolled && open) plan->unrolled = plan_straight_cost(plan, p) <= loops_cost(plan, p);
    if (!plan->unrolled)
        plan_layouts(plan);
    else if (open)
        plan_straight_layouts(plan, p);
}

long long plan_unrolled_terms(const Model *m, const PlanOptions *options) {
    const Plan plan = {.model = m, .options = *options, .multiply_adds = plan_multiply_adds(m->predict)};
    return wants_unrolling(&plan) ? model_points(m) : 0;
}

/* ---- reads that vanish: w * pad(x[...], 0) in a sum contributes nothing outside of x, so the read becomes a guard */

typedef struct Vanish {
    Program *p;
    Stmt *s;
    double pad; /* the value that contributes nothing */
} Vanish;

static bool sub_may_leave(const Stmt *s, const Sub *sub, int dim) {
    return !sub->gather && !affine_within(sub->a, s->ix, 0, dim);
}

static const Expr *vanish_read(Vanish *v, const Expr *e) {
    const Tensor *t = e->read.tensor;
    int needed = 0;
    for (int d = 0; d < t->rank; d++) needed += sub_may_leave(v->s, &e->read.sub[d], t->dim[d]);
    if (v->s->nguard + needed > GUARD_MAX) return e;
    for (int d = 0; d < t->rank; d++)
        if (sub_may_leave(v->s, &e->read.sub[d], t->dim[d]))
            stmt_add_guard(v->p->arena, v->s, (Guard){e->read.sub[d].a, 0, t->dim[d]});
    return expr_read(v->p, e->read.tensor, e->read.sub);
}

/* The factors of a product; for a max or min the read alone. */
static const Expr *vanish(Vanish *v, const Expr *e) {
    if (e->op == OP_READ) return e->padded && e->pad == v->pad ? vanish_read(v, e) : e;
    if (v->pad != 0) return e;
    if (e->op == OP_MUL) {
        const Expr *a = vanish(v, e->arg[0]), *b = vanish(v, e->arg[1]);
        return a == e->arg[0] && b == e->arg[1] ? e : expr_2(v->p, OP_MUL, a, b);
    }
    if (e->op != OP_NEG) return e;
    const Expr *a = vanish(v, e->arg[0]);
    return a == e->arg[0] ? e : expr_1(v->p, OP_NEG, a);
}

/* A row a reduction: what a read outside must give to contribute nothing. */
static const struct {
    Reduce reduce;
    double pad;
} vanishing[] = {{REDUCE_SUM, 0},
                 {REDUCE_MAX, -__builtin_inf()},
                 {REDUCE_MIN, __builtin_inf()},
                 {REDUCE_ARGMAX, -__builtin_inf()},
                 {REDUCE_ARGMIN, __builtin_inf()}};

static const Stmt *stmt_with_guards(Program *p, const Stmt *s) {
    for (size_t k = 0; k < sizeof vanishing / sizeof *vanishing; k++) {
        if (vanishing[k].reduce != s->reduce) continue;
        Stmt *copy = arena_one(p->arena, Stmt);
        *copy = *s;
        Vanish v = {p, copy, vanishing[k].pad};
        copy->e = vanish(&v, s->e);
        return copy;
    }
    return s;
}

/* ---- loops from 0 on: a[j] = b[j-5] for 5 <= j < 9 becomes a[j+5] = b[j] for j < 4, which other such parts share their loops
 * with */

static void loops_from_zero(Program *p, PlanStmt *ps) {
    Affine map[INDEX_MAX];
    Stmt *s = arena_one(p->arena, Stmt);
    bool any = false;
    *s = *ps->s;
    for (int k = 0; k < s->nout + s->nred; k++) {
        map[k] = affine_index(k);
        if (ps->role[k] < 0 || !s->ix[k].lo) continue;
        map[k].c = s->ix[k].lo;
        s->ix[k].hi -= s->ix[k].lo;
        s->ix[k].lo = 0;
        any = true;
    }
    if (!any) return;
    Sub *lhs = arena_many(p->arena, s->to->rank, Sub);
    Guard *guard = arena_many(p->arena, s->nguard, Guard);
    for (int d = 0; d < s->to->rank; d++) lhs[d] = sub_substitute(p, &s->lhs[d], map);
    for (int g = 0; g < s->nguard; g++)
        guard[g] = (Guard){affine_substitute(s->guard[g].a, map), s->guard[g].lo, s->guard[g].hi};
    s->lhs = lhs;
    s->guard = guard;
    s->e = expr_substitute(p, s->e, map);
    ps->s = s;
}

/* ---- statements in order */

typedef struct Around { /* the scans that a statement stands in */
    const Scan *scan;
    const struct Around *outer;
} Around;

/* Loops are numbered in the order of the left-hand indices. */
static void set_roles(PlanStmt *ps, const Stmt *original, const Around *around, bool tiled) {
    const Stmt *s = ps->s;
    ps->around = around != NULL;
    for (; around; around = around->outer) {
        const int k = scan_index(around->scan, original);
        ps->role[k] = AT_SCAN;
        ps->scan[k] = around->scan;
    }
    int loops = 0;
    for (int k = 0; k < s->nout + s->nred; k++) {
        const bool batch = s->ix[k].batch && !tiled;
        if (batch) ps->batched = true;
        if (ps->scan[k]) continue;
        ps->role[k] = batch ? AT_BATCH : k >= s->nout ? AT_REDUCED : loops++;
    }
    ps->accumulates = ps->batched && !s->to->per_sample;
}

/* An argmax compares with the best value so far, which is kept like the position: over the batch, from sample to sample. */
static Tensor *best_of(Arena *arena, const Tensor *position) {
    Tensor *best = tensor_new(arena, arena_printf(arena, "%s_best", position->name), position->label, ROLE_VALUE,
                              position->rank, position->dim, position->origin);
    best->per_sample = position->per_sample;
    return best;
}

static void add_stmt(ProgramPlan *p, const Stmt *s, const Around *around) {
    Arena *arena = p->plan->arena;
    PlanStmt *ps = arena_one(arena, PlanStmt);
    const Stmt *replaced = table_value(&p->replaced, s);
    ps->s = stmt_with_guards((Program *)p->program, replaced ? replaced : s);
    ps->repacks = s->number >= p->first_copy;
    ps->original = s;
    if (s->reduce == REDUCE_ARGMAX || s->reduce == REDUCE_ARGMIN) ps->best = best_of(arena, s->to);
    set_roles(ps, s, around, p->tiled);
    if (p->tiled) loops_from_zero((Program *)p->program, ps);
    plan_collect_accesses(arena, ps);
    list_push(arena, &p->stmts, ps);
    p->by_number[s->number] = ps;
}

int plan_find_loop(const PlanStmt *s, int loop) {
    for (int k = 0; k < s->s->nout && loop >= 0; k++)
        if (s->role[k] == loop) return k;
    return -1;
}

int plan_loop_index(const PlanStmt *s, int loop) {
    const int k = plan_find_loop(s, loop);
    if (k < 0) bug("loop %d is none of %s", loop, s->s->to->name);
    return k;
}

bool plan_guarded(const Stmt *s, int k) {
    for (int g = 0; g < s->nguard; g++)
        if (affine_coef(s->guard[g].a, k)) return true;
    return false;
}

unsigned plan_reduced(const PlanStmt *s) {
    unsigned indices = 0;
    for (int k = s->s->nout; k < s->s->nout + s->s->nred; k++)
        if (s->role[k] == AT_REDUCED) indices |= 1U << k;
    return indices;
}

static void add_items(ProgramPlan *p, const Items *items, const Around *around) {
    for (int k = 0; k < items->n; k++) {
        const Scan *scan = items->at[k].scan;
        if (scan)
            add_items(p, &scan->body, &(Around){scan, around});
        else
            add_stmt(p, items->at[k].stmt, around);
    }
}

PlanStmt *plan_stmt_of(const ProgramPlan *p, const Stmt *s) {
    PlanStmt *planned = p->by_number[s->number];
    if (!planned || planned->original != s) bug("statement of %s is not planned", s->to->name);
    return planned;
}

/* ---- which next values are written over the old ones */

static void ensure_home(ProgramPlan *p, const Tensor *t) {
    if (home_find(&p->table, t)) return;
    Home *h = home_add(p->plan->arena, &p->table, t);
    const Home *layout = home_find(&p->plan->layouts, t);
    if (layout) home_store_as(h, layout);
    list_push(p->plan->arena, &p->homes, h);
    if (!t->next_of) return;
    ensure_home(p, t->next_of);
    home_find(&p->table, t->next_of)->next = h;
}

static void add_homes(ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++)
        for (int a = 0; a < p->stmts.at[k]->accesses.n; a++) ensure_home(p, p->stmts.at[k]->accesses.at[a].tensor);
    for (int k = 0; k < p->program->roots.n; k++) {
        ensure_home(p, p->program->roots.at[k]);
        home_find(&p->table, p->program->roots.at[k])->root = true;
    }
}

/* May a statement that reads the old value write over it? Each point that alone reads what it writes; a sum has begun to. */
static bool may_replace(const PlanStmt *s, const PlanAccess *read) {
    return s->s->reduce == REDUCE_NONE && plan_same_point(s, s->s->lhs, s, read->sub, s->s->to->rank);
}

/* No one may read the old value once it is written. */
static void find_kept(ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++) {
        const PlanStmt *s = p->stmts.at[k];
        Home *to = home_find(&p->table, s->s->to);
        for (int a = 0; a < s->accesses.n; a++) {
            const PlanAccess *read = &s->accesses.at[a];
            Home *next = home_find(&p->table, read->tensor)->next;
            if (read->write || !next) continue;
            if (next->written || (next == to && !may_replace(s, read))) next->kept = true;
        }
        to->kept = to->kept || s->around;
        to->written = true;
    }
}

static void set_in_place(ProgramPlan *p) {
    find_kept(p);
    for (int k = 0; k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        if (!h->tensor->next_of) continue;
        Home *old = home_find(&p->table, h->tensor->next_of);
        if (h->kept)
            list_push(p->plan->arena, &p->copies, ((CopyBack){h, old}));
        else
            h->same_as = old;
    }
    plan_find_homes(p);
}

/* ---- a program, a model */

/* What runs for every step or sample, and not once. */
static bool in_steps(const Program *p) {
    static const bool yes[] = {
        [PROGRAM_PREDICT] = true, [PROGRAM_LOSS] = true,   [PROGRAM_TRAIN] = true,    [PROGRAM_AHEAD] = true,
        [PROGRAM_EACH] = true,    [PROGRAM_SETTLE] = true, [PROGRAM_GRADIENT] = true, [PROGRAM_EPOCH] = false};
    return yes[p->role];
}

static ProgramPlan *plan_program(Plan *plan, const Program *program, bool unrolled) {
    if (!program) return NULL;
    ProgramPlan *p = arena_one(plan->arena, ProgramPlan);
    p->plan = plan;
    p->unrolled = unrolled;
    p->tiled = plan->options.vector_bytes && !unrolled && in_steps(program);
    p->program = p->tiled ? program_in_loops(plan, program) : program;
    for (int k = 0; k < p->program->stmts.n; k++)
        if (p->program->stmts.at[k]->number >= p->first_copy) p->first_copy = p->program->stmts.at[k]->number + 1;
    plan_repack(p);
    if (p->tiled) plan_value_panels(p);
    p->by_number = arena_many(plan->arena, p->statements, PlanStmt *);
    add_items(p, &p->order, NULL);
    add_homes(p);
    set_in_place(p);
    plan_delay(p);
    plan_steps(p);
    plan_arrays(p);
    plan_straight(p);
    plan_homes(p);
    plan_cut(p);
    plan_reuse(p);
    plan_nest_orders(p);
    plan_tiles(p);
    plan_share(p);
    plan_verify(p);
    return p;
}

static const char *upper_case(Arena *arena, const char *name) {
    char *upper = arena_text(arena, name, strlen(name));
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    return upper;
}

/* Simplification leaves nothing of some layers, as of one that only turns its input round. */
static bool is_written(const Program *p, const Tensor *t) {
    for (int k = 0; k < p->stmts.n; k++)
        if (p->stmts.at[k]->to == t) return true;
    return false;
}

/* Prediction once more, in loops and with every layer's output kept. */
static ProgramPlan *plan_probe(Plan *plan) {
    const Model *m = plan->model;
    Program *p = arena_one(plan->arena, Program);
    *p = *m->predict;
    p->role = PROGRAM_PROBE;
    p->name = "probe";
    p->roots = (Tensors){0};
    for (int k = 0; k < m->layers.n; k++)
        if (is_written(p, m->layers.at[k].output)) list_push(plan->arena, &p->roots, m->layers.at[k].output);
    list_push(plan->arena, &p->roots, m->output);
    return plan_program(plan, p, false);
}

/* ---- names in the struct */

static void name_fields(Plan *plan, Names *names, const Tensors *tensors) {
    for (int k = 0; k < tensors->n; k++) {
        Home *h = home_add(plan->arena, &plan->fields, tensors->at[k]);
        const Home *layout = home_find(&plan->layouts, tensors->at[k]);
        if (layout) home_store_as(h, layout);
        h->kind = HOME_NET;
        h->name = names_take(names, tensors->at[k]->name);
    }
}

/* What a block hands on; the step of a sample sees its row of it. */
static void name_passed(Plan *plan, Names *names) {
    name_fields(plan, names, &plan->block->passed);
    for (int k = 0; k < plan->block->rows.n; k++) {
        const Home *whole = home_find(&plan->fields, plan->block->passed.at[k]);
        Home *row = home_add(plan->arena, &plan->fields, plan->block->rows.at[k]);
        row->kind = HOME_NET;
        row->name = arena_printf(plan->arena, "%s[%s]", whole->name, local_name(plan, AHEAD_AT));
    }
}

/* Fields of the struct; and the struct's own name, which must not be one that C or the code uses for something else. */
static void name_all(Plan *plan) {
    const Model *m = plan->model;
    plan->type = plan->name;
    if (c_word_kind(plan->name) != C_FREE || name_is_called(plan->name) || name_is_vector(plan, plan->name))
        plan->type = arena_printf(plan->arena, "%s_net", plan->name);
    Names *names = names_new(plan);
    names_add(names, "seed");
    names_add(names, "step");
    names_add(names, "work");
    name_fields(plan, names, &m->params);
    name_fields(plan, names, &m->states);
    name_fields(plan, names, &m->optimizer);
    name_fields(plan, names, &m->rates);
    if (plan->block) name_passed(plan, names);
}

static void share_row_pads(const Plan *plan) {
    for (int k = 0; plan->block && k < plan->block->rows.n; k++) {
        Home *whole = home_find(&plan->fields, plan->block->passed.at[k]);
        Home *row = home_find(&plan->fields, plan->block->rows.at[k]);
        whole->pad = row->pad = row->pad > whole->pad ? row->pad : whole->pad;
    }
}

/* What one program wants longer rows for has them in all. */
static void share_pads(const Plan *plan, const ProgramPlan *p) {
    for (int k = 0; p && k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        const Home *field = h->kind == HOME_NET ? home_find(&plan->fields, h->tensor) : NULL;
        if (field) h->pad = field->pad;
    }
}

ProgramPlans plan_programs(const Plan *plan) {
    ProgramPlan *const all[] = {plan->init, plan->predict, plan->loss,     plan->train, plan->ahead,
                                plan->each, plan->settle,  plan->gradient, plan->epoch, plan->probe};
    ProgramPlans found = {0};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (all[k]) list_push(plan->arena, &found, all[k]);
    return found;
}

Plan *plan_model(Arena *arena, const Model *model, const PlanOptions *options) {
    Plan *plan = arena_one(arena, Plan);
    plan->arena = arena;
    plan->model = model;
    plan->options = *options;
    if (options->exact) plan->options.vector_bytes = 0; /* vectors add up in their own order, and have functions of their own */
    plan->name = options->prefix ? options->prefix : model->name;
    plan->upper = upper_case(arena, plan->name);
    plan->multiply_adds = plan_multiply_adds(model->predict);
    choose_unrolling(plan);
    plan_ahead(plan);
    name_all(plan);
    plan->init = plan_program(plan, model->init, false);
    plan->predict = plan_program(plan, model->predict, plan->unrolled);
    plan->loss = plan_program(plan, model->loss, plan->unrolled);
    plan->train = plan_program(plan, model->train, plan->unrolled);
    if (plan->block) {
        plan->ahead = plan_program(plan, plan->block->ahead, false);
        plan->each = plan_program(plan, plan->block->each, false);
        plan->settle = plan_program(plan, plan->block->settle, false);
    }
    if (!options->no_gradient) plan->gradient = plan_program(plan, model->gradient, plan->unrolled);
    plan->epoch = plan_program(plan, model->epoch, false);
    if (options->trainer) plan->probe = plan_probe(plan);
    share_row_pads(plan);
    const ProgramPlans all = plan_programs(plan);
    for (int k = 0; k < all.n; k++) share_pads(plan, all.at[k]);
    return plan;
}
