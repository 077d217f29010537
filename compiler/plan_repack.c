/* plan_repack: what a sum reads along another dimension than the stored one is copied before, with that dimension last:
 *
 *     d_h[s, i] = sum[o](d_y[s, o] * weight[o, i])          weight is stored [in][out], as the forward sum wants it
 *     weight_repacked[o, i] = weight[o, i]                  stored [out][in]; then the sum reads weight_repacked
 *
 * Which index is to be the lanes, and whether the copies pay, is said by plan_lanes. */
#include "plan.h"

typedef struct Copied {
    const Tensor *from;
    int last;
    Tensor *to;
} Copied;

typedef struct Repack {
    ProgramPlan *p;
    const Items *around; /* the outermost recurrence that is being looked at, or NULL */
    LIST(Copied) copies;
    Items first; /* copies of parameters and numbers that nothing is needed for, before all else: updates may join their gradients */
    Items rest;  /* the program, and copies of values */
} Repack;

static Tensor *copy_of(Repack *w, const Tensor *from, int last, Span origin) {
    Arena *arena = w->p->plan->arena;
    for (int k = 0; k < w->copies.n; k++)
        if (w->copies.at[k].from == from && w->copies.at[k].last == last) return w->copies.at[k].to;
    const char *name = arena_printf(arena, "%s_repacked", from->name);
    Tensor *to = tensor_new(arena, name, name, ROLE_VALUE, from->rank, from->dim, origin);
    to->per_sample = from->per_sample;
    Stmt *s = arena_one(arena, Stmt);
    *s = (Stmt){.to = to, .lhs = subs_identity(arena, from->rank), .origin = origin, .number = w->p->statements++};
    stmt_full_box(s);
    s->e = expr_read((Program *)w->p->program, (Tensor *)from, s->lhs);
    Items *items = tensor_is_persistent(from) ? &w->first : &w->rest;
    list_push(arena, items, ((Item){.stmt = s}));
    list_push(arena, &w->copies, ((Copied){from, last, to}));
    plan_store_last((Plan *)w->p->plan, to, home_find(&w->p->plan->layouts, from), last);
    return to;
}

typedef struct Replace {
    const Expr *read;
    Tensor *by;
} Replace;

static const Expr *replace_read(Program *p, const Expr *e, void *context) {
    const Replace *r = context;
    if (e != r->read) return e;
    return e->padded ? expr_read_padded(p, r->by, e->read.sub, e->pad) : expr_read(p, r->by, e->read.sub);
}

static void repack_stmt(Repack *w, const Stmt *s) {
    const Lanes lanes = plan_lanes(w->p->plan, s, w->around);
    if (!lanes.copies) return;
    Arena *arena = w->p->plan->arena;
    Stmt *replaced = arena_one(arena, Stmt);
    *replaced = *s;
    for (int k = 0; k < lanes.copies; k++) {
        const Expr *read = lanes.read[k];
        Replace r = {read, copy_of(w, read->read.tensor, lanes.last[k], s->origin)};
        replaced->e = expr_rewrite((Program *)w->p->program, replaced->e, replace_read, &r);
    }
    table_set(arena, &w->p->replaced, s, replaced);
}

static void repack_items(Repack *w, const Items *items) {
    for (int k = 0; k < items->n; k++) {
        if (items->at[k].scan)
            repack_items(w, &items->at[k].scan->body);
        else
            repack_stmt(w, items->at[k].stmt);
    }
}

/* A copy holds until something is written to what it was made of: a sum that is added to. */
static void forget_written(Repack *w, const Items *item) {
    int kept = 0;
    for (int k = 0; k < w->copies.n; k++)
        if (!plan_writes(item, w->copies.at[k].from)) w->copies.at[kept++] = w->copies.at[k];
    w->copies.n = kept;
}

typedef struct Needs {
    const Program *p;
    const Items *first;
    bool met;
} Needs;

static void find_need(const Expr *read, void *context) {
    Needs *n = context;
    const Tensor *t = read->read.tensor;
    n->met = n->met && (!plan_writes(&n->p->order, t) || plan_writes(n->first, t));
}

/* A number made of what is given, as the power of an optimizer's step. */
static bool is_early(const Repack *w, const Stmt *s) {
    Needs n = {w->p->program, &w->first, s && !s->to->rank && !s->to->next_of && !s->builtin && !s->add && s->reduce == REDUCE_NONE};
    if (n.met) expr_reads(s->e, find_need, &n);
    return n.met;
}

void plan_repack(ProgramPlan *p) {
    Repack w = {.p = p};
    const Items *items = &p->program->order;
    p->statements = p->program->stmts.n;
    for (int k = 0; k < items->n; k++) {
        const Items item = {.at = &items->at[k], .n = 1};
        w.around = item.at->scan ? &item.at->scan->body : NULL;
        if (p->tiled) repack_items(&w, &item);
        list_push(p->plan->arena, p->tiled && is_early(&w, item.at->stmt) ? &w.first : &w.rest, *item.at);
        forget_written(&w, &item);
    }
    p->order = w.first;
    for (int k = 0; k < w.rest.n; k++) list_push(p->plan->arena, &p->order, w.rest.at[k]);
}
