/* grad: the chain rule, the only place where it lives.
 *
 * For each statement  y[L(i)] = sum over r of e(i, r)  where G,  and for each distinct read A[g(i, r)] in e:
 *     A~[g(i, r)] += y~[L(i)] * d e / d read     where G, and inside of A if the read is padded
 * max and min take the factor  (if y.first[i] == number(r) then y~[L(i)] else 0),  y.first = argmax of the same. Nothing else
 * is known here; place makes statements of it, order finds the recurrences. */
#include "derive.h"
#include "ir.h"
#include <string.h>

typedef struct Use { /* a read through which a derivative passes */
    Stmt *stmt;
    const Expr *read, *d;
} Use;

typedef struct Known { /* of a tensor, by slot */
    bool reached;      /* depends on a wanted one */
    bool useful;       /* the loss depends on it */
    Stmts stmts;       /* of its adjoint */
    int first;         /* how many of them are the first contribution's */
    bool summed;       /* some statement is a += of it */
    Stmt *start;       /* = 0, or = 1 of the loss itself */
} Known;

typedef struct Grad {
    Program *p;
    Arena *scratch;
    Tensor *loss;
    Stmts order; /* the program's statements as they run */
    LIST(Use) uses;
    Known *known;
    int forward; /* statements before grad */
} Grad;

/* ---- which tensors take part */

static void flatten_order(Grad *g, const Items *items) {
    for (int k = 0; k < items->n; k++) {
        if (items->at[k].scan)
            flatten_order(g, &items->at[k].scan->body);
        else
            list_push(g->scratch, &g->order, items->at[k].stmt);
    }
}

typedef struct UsesOf {
    Grad *g;
    Stmt *stmt;
    Derive derive;
} UsesOf;

static void add_use(const Expr *read, void *context) {
    UsesOf *of = context;
    Stmt *s = of->stmt;
    if (read->read.tensor->integer) return;
    const Expr *d = s->derivative ? s->derivative : derive_by(&of->derive, read);
    if (d) list_push(of->g->scratch, &of->g->uses, ((Use){s, read, d}));
}

/* May the derivative be said with what the statement has computed, y~ * y * (1 - y)? */
static bool keeps_value(const Grad *g, const Stmt *s) {
    const bool may = op_info[s->e->op].kind == COSTLY || s->e->op == OP_MAX;
    return may && s->reduce == REDUCE_NONE && !g->known[s->to->slot].summed;
}

static void find_uses(Grad *g) {
    for (int k = 0; k < g->order.n; k++)
        if (g->order.at[k]->add) g->known[g->order.at[k]->to->slot].summed = true;
    for (int k = 0; k < g->order.n; k++) {
        Stmt *s = g->order.at[k];
        if (s->to->integer) continue;
        UsesOf of = {g, s, derive_start(g->p, g->scratch, s->e, keeps_value(g, s))};
        if (s->derivative)
            add_use(s->derivative_of, &of); /* said by hand, whatever steps the value is computed in */
        else
            expr_reads(s->e, add_use, &of);
    }
}

/* Both closures; recurrences need more than one round. */
static void find_path(Grad *g, const Tensors *wanted) {
    for (int k = 0; k < wanted->n; k++) g->known[wanted->at[k]->slot].reached = true;
    g->known[g->loss->slot].useful = true;
    for (bool more = true; more;) {
        more = false;
        for (int k = 0; k < g->uses.n; k++) {
            const Known *from = &g->known[g->uses.at[k].read->read.tensor->slot];
            Known *to = &g->known[g->uses.at[k].stmt->to->slot];
            if (!from->reached || to->reached) continue;
            to->reached = more = true;
        }
        for (int k = g->uses.n - 1; k >= 0; k--) {
            Known *from = &g->known[g->uses.at[k].read->read.tensor->slot];
            const Known *to = &g->known[g->uses.at[k].stmt->to->slot];
            if (!to->useful || from->useful) continue;
            from->useful = more = true;
        }
    }
}

static void make_adjoint(Grad *g, Tensor *t) {
    Arena *arena = g->p->arena;
    t->adjoint = tensor_new(arena, arena_printf(arena, "d_%s", t->name), arena_printf(arena, "d %s", t->label), ROLE_GRADIENT,
                            t->rank, t->dim, t->origin);
    t->adjoint->per_sample = t->per_sample;
    t->adjoint->slot = t->slot; /* what is known of t holds its statements */
    program_add_tensor(g->p, t->adjoint);
}

static void make_adjoints(Grad *g, const Tensors *wanted) {
    const int n = g->p->tensors.n;
    for (int k = 0; k < n; k++) {
        Tensor *t = g->p->tensors.at[k];
        if (g->known[k].reached && g->known[k].useful) make_adjoint(g, t);
    }
    for (int k = 0; k < wanted->n; k++)
        if (!wanted->at[k]->adjoint) make_adjoint(g, wanted->at[k]);
}

/* ---- contributions */

static bool takes_extreme(const Stmt *s) {
    return s->reduce == REDUCE_MAX || s->reduce == REDUCE_MIN;
}

static void make_first(Program *p, Tensor *y) {
    y->first =
        tensor_new(p->arena, arena_printf(p->arena, "%s_first", y->name), y->label, ROLE_VALUE, y->rank, y->dim, y->origin);
    y->first->per_sample = y->per_sample;
    y->first->integer = true;
    program_add_tensor(p, y->first);
}

/* y.first[i] = argmax of what y[i] is the maximum of */
static void add_first(Program *p, const Stmt *s) {
    const Tensor *y = s->to;
    const int points = (int)box_points(s->ix, reduced_indices(s));
    if (points > y->first->values_below) y->first->values_below = points;
    Stmt *f = program_add_stmt(p, y->first, s->lhs);
    const int number = f->number;
    *f = *s;
    f->to = y->first;
    f->number = number;
    f->reduce = s->reduce == REDUCE_MAX ? REDUCE_ARGMAX : REDUCE_ARGMIN;
    f->derivative = f->derivative_of = NULL;
}

/* The statement's own value is read, not computed again. */
static const Expr *result_node(Program *p, const Expr *e, void *context) {
    const Stmt *s = context;
    return e == s->e ? expr_read(p, s->to, s->lhs) : e;
}

/* Within its own contribution a padded read is inside of its tensor: the guard says so. */
static const Expr *inside_node(Program *p, const Expr *e, void *context) {
    return e == context && e->padded ? expr_read(p, e->read.tensor, e->read.sub) : e;
}

/* y~[L(i)] * d e / d read, or the same only where the maximum is reached */
static const Expr *contribution_value(const Grad *g, const Use *use) {
    Program *p = g->p;
    Stmt *s = use->stmt;
    const Expr *d = use->d;
    if (keeps_value(g, s)) d = expr_rewrite(p, d, result_node, s);
    d = expr_rewrite(p, d, inside_node, (void *)use->read); /* only compared */
    const Expr *e = derive_product(p, expr_read(p, s->to->adjoint, s->lhs), d);
    if (!takes_extreme(s)) return e;
    const Expr *here = expr_2(p, OP_EQ, expr_read(p, s->to->first, s->lhs), expr_val(p, reduced_number(s)));
    return expr_3(p, OP_SELECT, here, e, expr_num(p, 0));
}

static void guard_inside(Arena *scratch, Stmt *c, const Expr *read) {
    for (int d = 0; read->padded && d < read->read.tensor->rank; d++) {
        const Sub *sub = &read->read.sub[d];
        const int dim = read->read.tensor->dim[d];
        if (sub->gather || affine_within(sub->a, c->ix, 0, dim)) continue;
        stmt_add_guard(scratch, c, (Guard){sub->a, 0, dim});
    }
}

static void contribute(Grad *g, const Use *use) {
    Tensor *t = use->read->read.tensor;
    if (!t->adjoint || !use->stmt->to->adjoint) return;
    Stmt c = *use->stmt;
    c.to = t->adjoint;
    c.lhs = use->read->read.sub;
    c.nout += c.nred;
    c.nred = 0;
    c.note = NULL;
    c.e = contribution_value(g, use);
    if (expr_is_num(c.e, 0)) return;
    guard_inside(g->scratch, &c, use->read);
    const int before = g->p->stmts.n;
    place(g->p, &c);
    Known *known = &g->known[t->slot];
    for (int k = before; k < g->p->stmts.n; k++) list_push(g->scratch, &known->stmts, g->p->stmts.at[k]);
    if (known->first == 0) known->first = known->stmts.n;
}

/* For every max and min that passes a derivative on; where an earlier grad has done so, its statements serve. */
static void find_firsts(Grad *g) {
    Stmts extremes = {0};
    for (int k = 0; k < g->uses.n; k++) {
        Stmt *s = g->uses.at[k].stmt;
        const bool again = extremes.n && extremes.at[extremes.n - 1] == s;
        if (takes_extreme(s) && s->to->adjoint && !s->to->first && !again) list_push(g->scratch, &extremes, s);
    }
    for (int k = 0; k < extremes.n; k++) {
        if (!extremes.at[k]->to->first) make_first(g->p, extremes.at[k]->to);
        add_first(g->p, extremes.at[k]);
    }
}

static void contribute_all(Grad *g) {
    for (int end = g->uses.n, use = end; end > 0; end = use) {
        while (use > 0 && g->uses.at[use - 1].stmt == g->uses.at[end - 1].stmt) use--;
        for (int u = use; u < end; u++) contribute(g, &g->uses.at[u]);
    }
}

/* ---- what the sums start from */

static Stmt *fill(Grad *g, Tensor *t, double v) {
    Stmt *s = program_add_stmt(g->p, t, subs_identity(g->p->arena, t->rank));
    stmt_full_box(s);
    s->e = expr_num(g->p, v);
    return s;
}

/* All contributions together, or the first one, may set every element: then nothing needs to be zero before. */
static Stmt *start_of_sum(Grad *g, Tensor *t) {
    const Known *known = &g->known[t->slot];
    if (sums_become_sets(&known->stmts, known->stmts.n, t) || sums_become_sets(&known->stmts, known->first, t)) return NULL;
    return fill(g, t, 0);
}

static void list_start(Grad *g, const Tensor *adjoint) {
    Stmt **start = &g->known[adjoint->slot].start;
    if (*start) list_push(g->p->arena, &g->p->stmts, *start);
    *start = NULL;
}

/* The sums as listed, each after what it starts from. */
static void start_sums(Grad *g, int tensors) {
    Program *p = g->p;
    const Stmts sums = p->stmts;
    p->stmts = (Stmts){0};
    for (int k = 0; k < tensors; k++) {
        Tensor *t = p->tensors.at[k]->adjoint;
        if (t) g->known[k].start = t == g->loss->adjoint ? fill(g, t, 1) : start_of_sum(g, t);
    }
    p->stmts = (Stmts){0};
    for (int k = 0; k < sums.n; k++) {
        Stmt *s = sums.at[k];
        if (k >= g->forward && s->to->role == ROLE_GRADIENT) list_start(g, s->to);
        list_push(p->arena, &p->stmts, s);
    }
    for (int k = 0; k < tensors; k++)
        if (p->tensors.at[k]->adjoint) list_start(g, p->tensors.at[k]->adjoint);
    for (int k = 0; k < p->stmts.n; k++) p->stmts.at[k]->number = k;
}

bool program_grad(Program *p, Tensor *loss, const Tensors *wanted) {
    if (!program_order(p)) return false;
    for (int k = 0; k < wanted->n; k++) program_add_tensor(p, wanted->at[k]);
    Grad g = {.p = p, .scratch = arena_new(), .loss = loss, .forward = p->stmts.n};
    g.known = arena_many(g.scratch, p->tensors.n, Known);
    const int tensors = p->tensors.n;
    for (int k = 0; k < tensors; k++) {
        p->tensors.at[k]->slot = k;
        p->tensors.at[k]->adjoint = NULL;
    }
    flatten_order(&g, &p->order);
    find_uses(&g);
    find_path(&g, wanted);
    make_adjoints(&g, wanted);
    find_firsts(&g);
    contribute_all(&g);
    start_sums(&g, tensors);
    for (int k = 0; k < p->stmts.n; k++) p->stmts.at[k]->derivative = p->stmts.at[k]->derivative_of = NULL;
    p->order = (Items){0};
    p->final = true;
    arena_free(g.scratch);
    return true;
}
