/* plan_repack: what a sum reads along another dimension than the stored one is copied before, with that dimension last:
 *
 *     d_h[s, i] = sum[o](d_y[s, o] * weight[o, i])          weight is stored [in][out], as the forward sum wants it
 *     weight_repacked[o, i] = weight[o, i]                  stored [out][in]; then the sum reads weight_repacked
 *
 * Which index is to be the lanes, and whether the copies pay, is said by plan_lanes. */
#include "plan.h"
#include <string.h>

typedef struct Copied {
    const Tensor *from;
    int last;
    Tensor *to;
} Copied;

typedef struct Repack {
    ProgramPlan *p;
    const Items *around; /* the outermost recurrence that is being looked at, or NULL */
    LIST(Copied) copies;
    Items first;  /* copies of parameters and numbers that nothing is needed for, before all else: updates may join their
                     gradients */
    Items rest;   /* the program, and copies of values */
    Table writer; /* of a tensor that one statement writes: that statement */
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

/* ---- boxes
 *
 *     d_h[c, 2 p + k] = ...          a scatter that writes every element once
 *     d_h_z[c, i] = f(d_h[c, i])     follows it point by point, and can as well run in its box: d_h_z[c, 2 p + k] = f(d_h[c, 2
 * p + k])
 *
 * Then they share a loop nest. */

static void note_writers(Repack *w) {
    const Program *p = w->p->program;
    Table seen = {0};
    for (int k = 0; k < p->stmts.n; k++) {
        const Tensor *to = p->stmts.at[k]->to;
        table_set(w->p->plan->arena, &w->writer, to, table_value(&seen, to) ? NULL : p->stmts.at[k]);
        table_set(w->p->plan->arena, &seen, to, p->stmts.at[k]);
    }
}

typedef struct Follow {
    const Repack *w;
    const Stmt *s, *scatter;
    bool ok;
} Follow;

static bool is_plain_box(const Stmt *s) {
    return s->reduce == REDUCE_NONE && !s->builtin && !s->add && !s->nguard;
}

static bool same_shape(const Tensor *a, const Tensor *b) {
    for (int d = 0; d < a->rank && a->rank == b->rank; d++)
        if (a->dim[d] != b->dim[d]) return false;
    return a->rank == b->rank;
}

/* Which statement it follows, to the last element; all that it reads must be of its own point. */
static void find_scatter(const Expr *read, void *context) {
    Follow *f = context;
    const Tensor *t = read->read.tensor;
    const Stmt *by = table_value(&f->w->writer, t);
    f->ok = f->ok && !read->padded && (t->rank == 0 || plan_is_own_point(f->s, read->read.sub, t->rank));
    if (f->ok && by && same_shape(t, f->s->to) && is_plain_box(by) && !plan_is_own_point(by, by->lhs, t->rank) &&
        !has_gather(by->lhs, t->rank))
        f->scatter = by;
}

static const Stmt *follow(const Repack *w, const Stmt *s) {
    Follow f = {w, s, NULL, !w->around && is_plain_box(s) && plan_is_own_point(s, s->lhs, s->to->rank)};
    for (int d = 0; d < s->nout; d++) f.ok = f.ok && s->ix[d].lo == 0 && s->ix[d].hi == s->to->dim[d];
    if (f.ok) expr_reads(s->e, find_scatter, &f);
    if (!f.ok || !f.scatter) return s;
    Affine map[INDEX_MAX];
    for (int d = 0; d < s->nout; d++) map[d] = f.scatter->lhs[d].a;
    Stmt *moved = arena_one(w->p->plan->arena, Stmt);
    *moved = *s;
    memcpy(moved->ix, f.scatter->ix, sizeof moved->ix);
    moved->nout = f.scatter->nout;
    moved->lhs = f.scatter->lhs;
    moved->e = expr_substitute((Program *)w->p->program, s->e, map);
    return moved;
}

/* ---- reads */

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
    const Stmt *moved = follow(w, s);
    const Lanes lanes = plan_lanes(w->p->plan, moved, w->around);
    Arena *arena = w->p->plan->arena;
    if (moved != s) table_set(arena, &w->p->replaced, s, (Stmt *)moved);
    if (!lanes.copies) return;
    Stmt *replaced = arena_one(arena, Stmt);
    *replaced = *moved;
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

static bool has_item(const Items *items, const Item *item) {
    for (int k = 0; k < items->n; k++)
        if (items->at[k].stmt == item->stmt && items->at[k].scan == item->scan) return true;
    return false;
}

/* All that writes it must come first too: a gradient may be set first and added to later. */
static void find_need(const Expr *read, void *context) {
    Needs *n = context;
    const Tensor *t = read->read.tensor;
    for (int k = 0; k < n->p->order.n && n->met; k++) {
        const Items item = {.at = &n->p->order.at[k], .n = 1};
        n->met = !plan_writes(&item, t) || has_item(n->first, &n->p->order.at[k]);
    }
}

/* A number made of what is given, as the power of an optimizer's step. */
static bool is_early(const Repack *w, const Stmt *s) {
    Needs n = {w->p->program, &w->first,
               s && !s->to->rank && !s->to->next_of && !s->builtin && !s->add && s->reduce == REDUCE_NONE};
    if (n.met) expr_reads(s->e, find_need, &n);
    return n.met;
}

void plan_repack(ProgramPlan *p) {
    Repack w = {.p = p};
    const Items *items = &p->program->order;
    p->statements = p->first_copy;
    note_writers(&w);
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
