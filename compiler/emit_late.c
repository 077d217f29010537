/* emit_late: the order of operations in straight-line code, whose speed is that of the longest chain of operations that wait
 * for each other. What is known late is joined last; with --exact, and in plain C, all is in the order of the text.
 *
 *     h_bias0 + h_weight_0_0 * x0 + h_weight_0_1 * x1     each term is one fused operation after the one before
 *     d_h_z0 * (0.01f * x0)                               one operation after d_h_z0, not two */
#include "emit.h"

static bool orders_freely(const Emit *e) {
    return e->p->unrolled && e->plan->options.vector_bytes;
}

/* The statement that is printed in place of what is read, or NULL. */
static const PlanStmt *in_place(const Emit *e, const Expr *x) {
    if (x->op != OP_READ || x->padded) return NULL;
    const Home *h = plan_home(e->p, x->read.tensor);
    return h->kind == HOME_INLINE && !h->by->masked && !h->by->s->nguard ? h->by : NULL;
}

static bool is_variable(const Emit *e, const Expr *x) {
    return x->op == OP_READ && !x->padded && plan_home(e->p, x->read.tensor)->kind != HOME_INLINE;
}

/* When it is known: a place among the statements, or -1 for what is given. */
static int known_from(const Emit *e, const Expr *x) {
    int last = -1;
    if (x->op == OP_READ) {
        const Home *h = plan_home(e->p, x->read.tensor);
        if (h->kind == HOME_INLINE) return known_from(e, h->by->s->e);
        return h->kind == HOME_LOCAL || h->kind == HOME_WORK ? h->first : -1;
    }
    for (int k = 0; k < x->nargs; k++) {
        const int from = known_from(e, x->arg[k]);
        if (from > last) last = from;
    }
    return last;
}

/* sum[i](w[i] * x[i]) + bias */
static bool put_bias_first(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const PlanStmt *sum = in_place(e, x->arg[0]);
    if (!sum || sum->s->reduce != REDUCE_SUM || !is_variable(e, x->arg[1])) return false;
    if (sum->lanes && sum->lane >= sum->s->nout) return false; /* its lanes are added up: there is no chain to join */
    const bool paren = precedence > PREC_ADD;
    put(e->w, paren ? "(" : "");
    put_real(e, c, x->arg[1], PREC_ADD);
    put(e->w, " + ");
    put_real(e, c, x->arg[0], PREC_ADD);
    put(e->w, paren ? ")" : "");
    return true;
}

/* number * (a * b) */
static bool put_late_last(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const PlanStmt *product = x->arg[0]->op == OP_NUM ? in_place(e, x->arg[1]) : NULL;
    if (!product || product->s->reduce != REDUCE_NONE || product->s->e->op != OP_MUL) return false;
    const Cursor inner = cursor_inside(c, product, x->arg[1]->read.sub);
    const Expr *const *factor = product->s->e->arg;
    const int late = known_from(e, factor[0]) >= known_from(e, factor[1]) ? 0 : 1;
    const bool paren = precedence > PREC_MUL;
    put(e->w, paren ? "(" : "");
    put_real(e, &inner, factor[late], PREC_MUL);
    put(e->w, " * (");
    put_real(e, c, x->arg[0], PREC_MUL);
    put(e->w, " * ");
    put_real(e, &inner, factor[!late], PREC_MUL + 1);
    put(e->w, paren ? "))" : ")");
    e->terms++;
    return true;
}

bool put_in_turn(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    if (!orders_freely(e)) return false;
    return x->op == OP_ADD ? put_bias_first(e, c, x, precedence) : x->op == OP_MUL && put_late_last(e, c, x, precedence);
}
