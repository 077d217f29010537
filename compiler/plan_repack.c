/* plan_repack: a sum runs in vectors along an output index if all it reads steps by 0 or 1 along it. A tensor that steps
 * further is copied before, with the dimension that the index walks through stored last:
 *
 *     d_h[s, i] = sum[o](d_y[s, o] * weight[o, i])          weight is stored [in][out], as the forward sum wants it
 *     weight_repacked[o, i] = weight[o, i]                  stored [out][in]; then the sum reads weight_repacked
 *
 * if the sum reads every element of the copy several times. */
#include "emit_vector.h"
#include "plan.h"
#include <string.h>

enum { READS_FOR_A_COPY = 4, COPIES_AT_ONCE = 2 };

typedef struct Wanted { /* a read that would have to be of a copy */
    const Expr *read;
    int last; /* the dimension to be stored last */
} Wanted;

typedef struct Copied {
    const Tensor *from;
    int last;
    Tensor *to;
} Copied;

typedef struct Repack {
    ProgramPlan *p;
    const Item *item; /* the one of the outermost level that is being looked at */
    LIST(Copied) copies;
    int numbers; /* of statements */
    /* a statement tried */
    const Stmt *s;
    int k;
    bool ok;
    int n;
    Wanted wanted[COPIES_AT_ONCE];
} Repack;

/* ---- can index k be the lanes, and what must be copied for that? */

static bool guard_on(const Stmt *s, int k) {
    for (int g = 0; g < s->nguard; g++)
        if (affine_coef(s->guard[g].a, k)) return true;
    return false;
}

static bool writes(const Items *items, const Tensor *t) {
    for (int k = 0; k < items->n; k++)
        if (items->at[k].scan ? writes(&items->at[k].scan->body, t) : items->at[k].stmt->to == t) return true;
    return false;
}

/* What a recurrence itself computes cannot be copied before it. */
static bool is_made_inside(const Repack *w, const Tensor *t) {
    return w->item->scan && writes(&w->item->scan->body, t);
}

static void try_read(const Expr *read, void *context) {
    Repack *w = context;
    const Tensor *t = read->read.tensor;
    if (!expr_uses_index(read, w->k)) return;
    const long long stride = plan_stride(w->p->plan, t, read->read.sub, w->k);
    const int last = plan_unit_dim(t, read->read.sub, w->k);
    if (last >= 0 && stride == 1 && !read->padded) return;
    const bool worth = plan_stmt_points(w->s, true) / READS_FOR_A_COPY >= tensor_size(t);
    w->ok = w->ok && last >= 0 && t->rank > 1 && !read->padded && !t->integer && worth && w->n < COPIES_AT_ONCE &&
            !is_made_inside(w, t);
    if (w->ok) w->wanted[w->n++] = (Wanted){read, last};
}

static bool vector_ops(const Expr *e) {
    bool ok = vector_has_op(e->op) && e->op != OP_VAL;
    for (int k = 0; k < e->nargs && ok; k++) ok = vector_ops(e->arg[k]);
    return ok;
}

/* Is everything done if index k is the lanes, but for the copies that are wanted? */
static bool try_index(Repack *w, const Stmt *s, int k) {
    const Index *ix = &s->ix[k];
    const int lanes = plan_widest(w->p->plan);
    w->s = s;
    w->k = k;
    w->n = 0;
    w->ok = !ix->batch && ix->lo == 0 && ix->hi >= 3 && 2 * ix->hi >= lanes && !guard_on(s, k) &&
            !has_gather(s->lhs, s->to->rank) && plan_stride(w->p->plan, s->to, s->lhs, k) == 1;
    if (w->ok) expr_reads(s->e, try_read, w);
    return w->ok;
}

/* The index that wants the fewest copies. */
static bool choose_index(Repack *w, const Stmt *s) {
    int best = -1, least = COPIES_AT_ONCE + 1;
    for (int k = 0; k < s->nout; k++)
        if (try_index(w, s, k) && w->n < least) best = k, least = w->n;
    return best >= 0 && least > 0 && try_index(w, s, best);
}

/* ---- copies */

static void store_last(const Plan *plan, const Tensor *copy, const Tensor *from, int last) {
    const Home *known = home_find(&plan->layouts, from);
    Home *h = home_add(plan->arena, &((Plan *)plan)->layouts, copy);
    int n = 0;
    for (int k = 0; k < from->rank; k++) {
        const int d = known ? known->order[k] : k;
        if (d != last) h->order[n++] = d;
    }
    h->order[n] = last;
}

static Tensor *copy_of(Repack *w, const Tensor *from, int last) {
    Arena *arena = w->p->plan->arena;
    for (int k = 0; k < w->copies.n; k++)
        if (w->copies.at[k].from == from && w->copies.at[k].last == last) return w->copies.at[k].to;
    Tensor *to = tensor_new(arena, arena_printf(arena, "%s_repacked", from->name), from->label, ROLE_VALUE, from->rank,
                            from->dim, w->s->origin);
    to->per_sample = from->per_sample;
    Stmt *s = arena_one(arena, Stmt);
    *s = (Stmt){.to = to, .lhs = subs_identity(arena, from->rank), .origin = w->s->origin, .number = w->numbers++};
    stmt_full_box(s);
    s->e = expr_read((Program *)w->p->program, (Tensor *)from, s->lhs);
    list_push(arena, &w->p->order, ((Item){.stmt = s}));
    list_push(arena, &w->copies, ((Copied){from, last, to}));
    store_last(w->p->plan, to, from, last);
    return to;
}

typedef struct Replace {
    const Expr *read;
    Tensor *by;
} Replace;

static const Expr *replace_read(Program *p, const Expr *e, void *context) {
    const Replace *r = context;
    return e == r->read ? expr_read(p, r->by, e->read.sub) : e;
}

static void repack_stmt(Repack *w, const Stmt *s) {
    if (s->reduce != REDUCE_SUM || !vector_ops(s->e) || !choose_index(w, s)) return;
    Arena *arena = w->p->plan->arena;
    Stmt *replaced = arena_one(arena, Stmt);
    *replaced = *s;
    for (int k = 0; k < w->n; k++) {
        Replace r = {w->wanted[k].read, copy_of(w, w->wanted[k].read->read.tensor, w->wanted[k].last)};
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
static void forget_written(Repack *w) {
    int kept = 0;
    for (int k = 0; k < w->copies.n; k++)
        if (!writes(&(Items){.at = (Item *)w->item, .n = 1}, w->copies.at[k].from)) w->copies.at[kept++] = w->copies.at[k];
    w->copies.n = kept;
}

void plan_repack(ProgramPlan *p) {
    Repack w = {.p = p, .numbers = p->program->stmts.n};
    const Items *items = &p->program->order;
    p->order = (Items){0};
    for (int k = 0; k < items->n; k++) {
        w.item = &items->at[k];
        if (p->tiled) repack_items(&w, &(Items){.at = (Item *)w.item, .n = 1});
        list_push(p->plan->arena, &p->order, *w.item);
        forget_written(&w);
    }
    p->statements = w.numbers;
}
