/* emit_reduce: the value of a statement as one expression, where all points of its reduction are known. Sums are written in
 * their order, so all forms round alike. */
#include "emit_vector.h"

/* The points at which something is added, in order. */
bool reduction_first(Cursor *c) {
    const unsigned reduced = plan_reduced(c->s);
    bool hold;
    if (!box_first(c->s->s->ix, reduced, c->value)) return false;
    for (int k = 0; reduced >> k; k++) c->known[k] = c->known[k] || reduced >> k & 1;
    if (!guards_known(c, c->s->s, &hold)) bug("a guard of %s is not known", c->s->s->to->name);
    return hold || reduction_next(c);
}

bool reduction_next(Cursor *c) {
    const unsigned reduced = plan_reduced(c->s);
    bool hold = false;
    while (!hold) {
        if (!box_next(c->s->s->ix, reduced, c->value)) return false;
        guards_known(c, c->s->s, &hold);
    }
    return true;
}

static int reduction_points(const Cursor *c) {
    Cursor at = *c;
    int n = 0;
    for (bool more = reduction_first(&at); more; more = reduction_next(&at)) n++;
    return n;
}

/* A value that is a number, in vectors in every lane. */
static void put_lone(Emit *e, const Cursor *c, const char *number) {
    if (c->lanes)
        put(e->w, "%s_%d(%s)", vector_call(e->units, e->plan, "splat", c->lanes), c->lanes, number);
    else
        put(e->w, "%s", number);
}

static void put_sum(Emit *e, const Cursor *c, int precedence) {
    Cursor at = *c;
    const int n = reduction_points(c);
    if (n == 0) {
        put_lone(e, c, sum_start(e));
        return;
    }
    const bool was = e->in_product, paren = n > 1 && precedence > PREC_ADD;
    if (n > 1) e->in_product = false;
    if (paren) put(e->w, "(");
    reduction_first(&at);
    put_real(e, &at, c->s->s->e, n > 1 ? PREC_ADD : precedence);
    while (reduction_next(&at)) put_added(e, &at, c->s->s->e);
    if (paren) put(e->w, ")");
    e->in_product = was;
    e->terms += n;
}

const char *best_of_two(Emit *e, const Cursor *c, bool max) {
    const char *vector = max ? "max" : "min";
    if (!c->lanes) return helper_call(e->units, max ? "max_of" : "min_of");
    return arena_printf(e->arena, "%s_%d", vector_call(e->units, e->plan, vector, c->lanes), c->lanes);
}

typedef LIST(Cursor) Points;

/* max_of(max_of(a, b), max_of(c, d)): in halves, as compilers nest calls only so deep; the first of equals still comes out. */
static void put_best_of(Emit *e, const Points *at, int from, int to, const char *call) {
    if (to - from == 1) {
        put_real(e, &at->at[from], at->at[from].s->s->e, 0);
        return;
    }
    const int middle = from + (to - from + 1) / 2;
    put(e->w, "%s(", call);
    put_best_of(e, at, from, middle, call);
    put(e->w, ", ");
    put_best_of(e, at, middle, to, call);
    put(e->w, ")");
}

static void put_best(Emit *e, const Cursor *c, bool max) {
    Points points = {0};
    Cursor at = *c;
    for (bool more = reduction_first(&at); more; more = reduction_next(&at)) list_push(e->arena, &points, at);
    if (points.n)
        put_best_of(e, &points, 0, points.n, points.n > 1 ? best_of_two(e, c, max) : "");
    else
        put_lone(e, c, max ? "-INFINITY" : "INFINITY");
    e->terms += points.n;
}

static void put_value(Emit *e, const Cursor *c, int precedence) {
    const Stmt *s = c->s->s;
    bool hold;
    if (put_lanes_value(e, c)) return;
    switch (s->reduce) {
    case REDUCE_SUM: put_sum(e, c, precedence); return;
    case REDUCE_MAX: put_best(e, c, true); return;
    case REDUCE_MIN: put_best(e, c, false); return;
    case REDUCE_NONE: break;
    default: bug("the value of %s is not an expression", s->to->name);
    }
    e->terms++;
    if (guards_known(c, s, &hold) && !hold)
        put_lone(e, c, number_text(e, 0));
    else
        put_real(e, c, s->e, precedence);
}

void put_stmt_value(Emit *e, const Cursor *c, int precedence) {
    const bool masked = c->s->masked && c->lanes;
    if (masked) put_mask_start(e);
    put_value(e, c, masked ? 0 : precedence);
    if (masked) put_mask_end(e);
}
