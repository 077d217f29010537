/* emit_formula: the comment above a block: the line of the .nn that it comes from, and the formula in index notation, as the
 * printed program says it, but without the batch and with values that are printed in place written out. */
#include "emit.h"
#include <string.h>

typedef struct Text { /* what is being written, and under which index names */
    const Emit *e;
    Writer *w;
    const PlanStmt *s;
    size_t start; /* of the formula in what is written */
    const char *name[INDEX_MAX];
} Text;

enum { FORMULA_MAX = 400 }; /* characters; what is left says " ..." */

static bool is_long(const Text *t) {
    return t->w->n - t->start > FORMULA_MAX;
}

static void text_expr(const Text *t, const Expr *x, int precedence);

static void text_affine(const Text *t, const Affine *a) {
    bool first = true;
    for (int k = 0; k < a->n; k++) {
        const int coef = a->t[k].coef, size = coef < 0 ? -coef : coef;
        insert(t->w, first ? coef < 0 ? "-" : "" : coef < 0 ? "-" : "+");
        if (size != 1) put(t->w, "%d*", size);
        insert(t->w, t->name[a->t[k].index]);
        first = false;
    }
    if (a->c || first) put(t->w, first ? "%d" : "%+d", a->c);
}

static void text_subs(const Text *t, const Tensor *of, const Sub *sub) {
    if (of->rank - of->per_sample == 0) return;
    insert(t->w, "[");
    for (int d = of->per_sample; d < of->rank; d++) {
        if (d > of->per_sample) insert(t->w, ", ");
        if (sub[d].gather)
            text_expr(t, sub[d].gather, 0);
        else
            text_affine(t, &sub[d].a);
    }
    insert(t->w, "]");
}

static void text_range(const Text *t, const PlanStmt *s, int k) {
    const Index *ix = &s->s->ix[k];
    insert(t->w, ix->batch ? "batch" : t->name[k]);
}

static void text_value(const Text *t, int precedence) {
    const Stmt *s = t->s->s;
    if (s->reduce == REDUCE_NONE) {
        text_expr(t, s->e, precedence);
        return;
    }
    put(t->w, "%s[", reduce_names[s->reduce]);
    for (int k = s->nout; k < s->nout + s->nred; k++) {
        if (k > s->nout) insert(t->w, ", ");
        text_range(t, t->s, k);
    }
    insert(t->w, "](");
    text_expr(t, t->s->original->e, 0);
    insert(t->w, ")");
}

/* The statement whose value is read here, under the names that its indices have here. */
static void text_inlined(const Text *t, const PlanStmt *by, const Sub *sub, int precedence) {
    Text inner = {.e = t->e, .w = t->w, .s = by, .start = t->start};
    for (int k = 0; k < INDEX_MAX; k++) inner.name[k] = k < by->s->nout + by->s->nred ? by->s->ix[k].name : "?";
    for (int d = 0; d < by->s->to->rank; d++) {
        int k, here;
        if (affine_is_index(by->s->lhs[d].a, &k) && affine_is_index(sub[d].a, &here)) inner.name[k] = t->name[here];
    }
    text_value(&inner, precedence);
}

static void text_read(const Text *t, const Expr *x, int precedence) {
    const Home *h = plan_home(t->e->p, x->read.tensor);
    if (h->kind == HOME_INLINE) {
        text_inlined(t, h->by, x->read.sub, precedence);
        return;
    }
    if (x->padded) insert(t->w, "pad(");
    const Tensor *shown = x->read.tensor->next_of ? x->read.tensor->next_of : x->read.tensor; /* statements see new values */
    insert(t->w, shown->name);
    text_subs(t, x->read.tensor, x->read.sub);
    if (x->padded) put(t->w, ", %.9g)", x->pad);
}

static void text_infix(const Text *t, const Expr *x, int precedence) {
    const OpInfo *op = &op_info[x->op];
    const bool paren = op->precedence < precedence;
    if (paren) insert(t->w, "(");
    text_expr(t, x->arg[0], op->precedence + (x->op == OP_POW));
    put(t->w, x->op == OP_POW ? "%s" : " %s ", op->infix);
    text_expr(t, x->arg[1], op->precedence + (x->op != OP_POW && x->op != OP_ADD && x->op != OP_MUL));
    if (paren) insert(t->w, ")");
}

static void text_select(const Text *t, const Expr *x, int precedence) {
    if (precedence) insert(t->w, "(");
    insert(t->w, "if ");
    text_expr(t, x->arg[0], 1);
    insert(t->w, " then ");
    text_expr(t, x->arg[1], 1);
    insert(t->w, " else ");
    text_expr(t, x->arg[2], 0);
    if (precedence) insert(t->w, ")");
}

static void text_call(const Text *t, const Expr *x) {
    put(t->w, "%s(", op_info[x->op].name);
    for (int k = 0; k < x->nargs; k++) {
        if (k) insert(t->w, ", ");
        text_expr(t, x->arg[k], 0);
    }
    insert(t->w, ")");
}

static void text_expr(const Text *t, const Expr *x, int precedence) {
    if (is_long(t)) return;
    switch (x->op) {
    case OP_NUM: put(t->w, x->num < 0 && precedence ? "(%.9g)" : "%.9g", x->num); return;
    case OP_VAL:
        if (x->affine.n + (x->affine.c != 0) > 1 && precedence > 5) insert(t->w, "(");
        text_affine(t, &x->affine);
        if (x->affine.n + (x->affine.c != 0) > 1 && precedence > 5) insert(t->w, ")");
        return;
    case OP_READ: text_read(t, x, precedence); return;
    case OP_RANDOM: insert(t->w, "random()"); return;
    case OP_SELECT: text_select(t, x, precedence); return;
    default: break;
    }
    if (op_info[x->op].infix && x->nargs == 2) {
        text_infix(t, x, precedence);
    } else if (op_info[x->op].infix || x->op == OP_NOT) {
        insert(t->w, x->op == OP_NOT ? "not " : "-");
        text_expr(t, x->arg[0], op_info[x->op].precedence + 1);
    } else {
        text_call(t, x);
    }
}

/* xor.nn:3: dense h[2] tanh */
static const char *origin_text(const Emit *e, Span span) {
    enum { SHOWN = 72 };
    if (!span.source || span.source->prelude) return NULL;
    const char *text = span.source->text + span.source->lines[span_line(span) - 1], *name = strrchr(span.source->name, '/');
    text += strspn(text, " \t");
    size_t n = 0;
    while (n <= SHOWN && text[n] && !strchr("#\n", text[n])) n++;
    const char *more = n > SHOWN ? " ..." : "";
    if (n > SHOWN) n = SHOWN;
    while (n && strchr(" \t\r{", text[n - 1])) n--;
    return arena_printf(e->arena, "%s:%d: %.*s%s", name ? name + 1 : span.source->name, span_line(span), (int)n, text, more);
}

/* Back to the last space that leaves room for " ...". */
static void shorten(const Text *t) {
    size_t n = FORMULA_MAX;
    while (n && t->w->text[t->start + n] != ' ') n--;
    t->w->n = t->start + (n ? n : FORMULA_MAX);
    insert(t->w, " ...");
}

static void put_text_of(const Emit *e, const PlanStmt *s) {
    Text t = {.e = e, .w = e->w, .s = s, .start = e->w->n};
    for (int k = 0; k < s->s->nout + s->s->nred; k++) t.name[k] = s->s->ix[k].name ? s->s->ix[k].name : "i";
    const Tensor *of = s->s->to->next_of ? s->s->to->next_of : s->s->to;
    insert(e->w, of->name);
    text_subs(&t, of, s->s->lhs);
    insert(e->w, s->s->to->next_of ? " <- " : s->s->add ? " += " : " = ");
    text_value(&t, 0);
    if (is_long(&t)) shorten(&t);
    insert(e->w, "\n");
}

void put_formula(Emit *e, const PlanStmt *const *stmts, int n) {
    const char *origin = origin_text(e, stmts[0]->s->origin);
    hold(e->w);
    if (origin && (!e->origin || strcmp(origin, e->origin) != 0)) {
        insert(e->w, e->origin = origin);
        insert(e->w, "\n");
    }
    for (int k = 0; k < n; k++) put_text_of(e, stmts[k]);
    comment(e->w, release(e->w, e->arena));
}
