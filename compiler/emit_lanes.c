/* emit_lanes: straight-line code whose variables are vectors: what put_real writes where an expression goes along the lanes of
 * its statement.
 *
 *     const v16 h_all = tanh_16(h_z_all);
 *     const float y_z_sum0 = sum_16(y_weight_0_all * h_all);
 *     const v4 e_all = exp_4((v4){y_z0, y_z1, y_z2} - top);
 *
 * C works out vector + number by itself; functions are given vectors. */
#include "emit_vector.h"

static bool in_lanes(const Cursor *c, const Expr *x) {
    return c->lanes && expr_uses_index(x, c->lane);
}

static void put_vector_call(Emit *e, const Cursor *c, const char *name) {
    put(e->w, "%s_%d(", vector_call(e->units, e->plan, name, c->lanes), c->lanes);
}

/* With all lanes alike, if it does not go along them. */
static void put_vector(Emit *e, const Cursor *c, const Expr *x) {
    const bool same = !in_lanes(c, x);
    if (same) put_vector_call(e, c, "splat");
    put_real(e, c, x, 0);
    if (same) put(e->w, ")");
}

/* ---- reads */

bool lanes_fit(const Cursor *c, const Home *h, const Sub *sub) {
    return c->lanes && h->lanes && plan_whole_dim(c->s->s, h->tensor, sub, c->lane) == h->lane_dim;
}

/* (v4){y_z0, y_z1, y_z2} */
static void put_built(Emit *e, const Cursor *c, const Expr *x) {
    const int left = c->s->s->ix[c->lane].hi - c->value[c->lane];
    if (!read_is_inside(c, x)) { /* along another index */
        put_vector_call(e, c, "splat");
        put(e->w, "%s)", number_text(e, x->pad));
        return;
    }
    put(e->w, "(v%d){", c->lanes);
    for (int k = 0; k < c->lanes && k < left; k++) {
        Cursor one = *c;
        one.lanes = 0;
        one.value[c->lane] += k;
        if (k) put(e->w, ", ");
        put_real(e, &one, x, 0);
    }
    put(e->w, "}");
}

static bool is_built(Emit *e, const Cursor *c, const Expr *x) {
    const Home *h = plan_home(e->p, x->read.tensor);
    const bool apart = h->kind == HOME_NET && !h->loaded && h->tensor->dim[h->lane_dim] % c->lanes;
    return h->kind == HOME_INLINE ? false : apart || !lanes_fit(c, h, x->read.sub) || !read_is_inside(c, x);
}

/* In memory, in a row of the struct. */
static bool is_stored(Emit *e, const Expr *x) {
    const Home *h = plan_home(e->p, x->read.tensor);
    return h->kind == HOME_NET && !h->loaded;
}

static void put_stored(Emit *e, const Cursor *c, const Expr *x) {
    Cursor one = *c;
    one.lanes = 0;
    put_vector_call(e, c, "load");
    put(e->w, "&");
    put_element(e, &one, plan_home(e->p, x->read.tensor), x->read.sub);
    put(e->w, ")");
}

/* ---- conditions: masks, of which all bits are set where they hold */

static void put_mask(Emit *e, const Cursor *c, const Expr *x) {
    const bool both = x->op == OP_AND || x->op == OP_OR;
    if (!in_lanes(c, x)) {
        put(e->w, "-(");
        put_truth(e, c, x, 0);
    } else if (both || x->op == OP_NOT) {
        put(e->w, both ? "(" : "~(");
        put_mask(e, c, x->arg[0]);
        if (both) put(e->w, x->op == OP_AND ? " & " : " | ");
        if (both) put_mask(e, c, x->arg[1]);
    } else {
        put(e->w, "(");
        put_truth(e, c, x, 0);
    }
    put(e->w, ")");
}

static void put_picked(Emit *e, const Cursor *c, const Expr *x) {
    double known;
    const Expr *test = x->arg[0];
    if (known_value(c, test, &known)) {
        put_vector(e, c, x->arg[known != 0 ? 1 : 2]);
        return;
    }
    const bool mask = in_lanes(c, test);
    if (mask) put_vector_call(e, c, "pick");
    if (!mask) put(e->w, "(");
    if (mask)
        put_mask(e, c, test);
    else
        put_truth(e, c, test, PREC_COND + 1);
    if (!mask) choice_open(e, false);
    put(e->w, mask ? ", " : " ? ");
    put_vector(e, c, x->arg[1]);
    put(e->w, mask ? ", " : " : ");
    put_vector(e, c, x->arg[2]);
    put(e->w, ")");
    if (!mask) choice_close(e, false);
}

/* 1 or 0 */
static void put_truth_number(Emit *e, const Cursor *c, const Expr *x) {
    put_vector_call(e, c, "pick");
    put_mask(e, c, x);
    for (int k = 1; k >= 0; k--) {
        put(e->w, ", ");
        put_vector_call(e, c, "splat");
        put(e->w, "%s)", number_text(e, k));
    }
    put(e->w, ")");
}

static void put_function(Emit *e, const Cursor *c, const Expr *x) {
    put_vector_call(e, c, vector_function(x->op));
    for (int k = 0; k < x->nargs; k++) {
        if (k) put(e->w, ", ");
        put_vector(e, c, x->arg[k]);
    }
    put(e->w, ")");
}

bool put_in_lanes(Emit *e, const Cursor *c, const Expr *x) {
    if (!in_lanes(c, x)) return false;
    if (x->op == OP_READ && is_built(e, c, x))
        put_built(e, c, x);
    else if (x->op == OP_READ && is_stored(e, x))
        put_stored(e, c, x);
    else if (x->op == OP_SELECT)
        put_picked(e, c, x);
    else if (op_info[x->op].kind == TRUTH)
        put_truth_number(e, c, x);
    else if (vector_function(x->op))
        put_function(e, c, x);
    else
        return false;
    return true;
}

/* ---- the value of a statement */

/* The same in every lane. */
static void put_same(Emit *e, const Cursor *c) {
    Cursor one = *c;
    one.lanes = 0;
    put_vector_call(e, c, "splat");
    put_stmt_value(e, &one, 0);
    put(e->w, ")");
}

/* A term of a sum of lanes, of which those from `left` on do not count. */
static void put_counted(Emit *e, const Cursor *c, int left) {
    put_vector_call(e, c, "pick");
    put(e->w, "(i%d){", c->lanes);
    for (int k = 0; k < left; k++) put(e->w, k ? ", -1" : "-1");
    put(e->w, "}, ");
    put_vector(e, c, c->s->s->e);
    put(e->w, ", ");
    put_vector_call(e, c, "splat");
    put(e->w, "0))");
}

/* sum_16(w_0_all * x_all + ...): lane by lane, then all lanes */
static void put_folded(Emit *e, const Cursor *c) {
    const Stmt *s = c->s->s;
    const unsigned others = plan_reduced(c->s) & ~(1U << c->lane);
    Cursor at = *c;
    int n = 0;
    for (int k = 0; others >> k; k++) at.known[k] = at.known[k] || others >> k & 1;
    at.known[c->lane] = true;
    hold(e->w);
    for (bool more = box_first(s->ix, others, at.value); more; more = box_next(s->ix, others, at.value))
        for (int from = s->ix[c->lane].lo; from < s->ix[c->lane].hi; from += c->lanes) {
            bool holds;
            at.value[c->lane] = from;
            if (!guards_known(&at, s, &holds)) bug("a guard of %s is not known", s->to->name);
            if (!holds) continue;
            const int left = s->ix[c->lane].hi - from;
            if (n && left >= c->lanes) {
                put_added(e, &at, s->e);
            } else {
                if (n) put(e->w, " + ");
                if (left < c->lanes)
                    put_counted(e, &at, left);
                else
                    put_real(e, &at, s->e, PREC_ADD);
            }
            n++;
        }
    const char *terms = release(e->w, e->arena);
    if (!n) {
        put(e->w, "%s", sum_start(e));
        return;
    }
    put_vector_call(e, c, "sum");
    insert(e->w, terms);
    put(e->w, ")");
    e->terms += n;
}

bool put_lanes_value(Emit *e, const Cursor *c) {
    if (!c->lanes) return false;
    if (c->s->role[c->lane] == AT_REDUCED)
        put_folded(e, c);
    else if (!expr_uses_index(c->s->s->e, c->lane))
        put_same(e, c);
    else
        return false;
    return true;
}

/* ---- what stands in memory */

/* How far apart in memory the lanes of what is written lie. In the struct they are a row. */
static int lanes_apart(const Cursor *c, const Home *h) {
    const Tensor *t = c->s->s->to;
    int apart = 1;
    for (int d = plan_whole_dim(c->s->s, t, c->s->s->lhs, c->lane) + 1; h->kind == HOME_OUTPUT && d < t->rank; d++)
        apart *= t->dim[d];
    return apart;
}

void put_lanes_output(Emit *e, const Cursor *c, const Home *h, const char *first) {
    const int left = c->s->s->ix[c->lane].hi - c->value[c->lane], apart = lanes_apart(c, h);
    const bool together = left >= c->lanes && apart == 1;
    hold(e->w);
    put_vector_call(e, c, together ? "store" : "store_apart");
    put(e->w, together ? "&%s, " : "&%s, %d, %d, ", first, apart, left);
    put_stmt_value(e, c, 0);
    put(e->w, ");");
    line_wrapped(e->w, release_value(e));
}
