/* emit_formula: the comment above a block: the line of the .nn that it comes from, and the formula in index notation, as the
 * printed program says it, but without the batch and with values that are printed in place written out. */
#include "emit.h"
#include <stdlib.h>
#include <string.h>

typedef struct Text { /* what is being written, and under which index names */
    const Emit *e;
    FILE *to;
    const PlanStmt *s;
    const char *name[INDEX_MAX];
} Text;

static void text_expr(const Text *t, const Expr *x, int precedence);

static void text_affine(const Text *t, const Affine *a) {
    bool first = true;
    for (int k = 0; k < a->n; k++) {
        const int coef = a->t[k].coef, size = coef < 0 ? -coef : coef;
        fputs(first ? coef < 0 ? "-" : "" : coef < 0 ? "-" : "+", t->to);
        if (size != 1) fprintf(t->to, "%d*", size);
        fputs(t->name[a->t[k].index], t->to);
        first = false;
    }
    if (a->c || first) fprintf(t->to, first ? "%d" : "%+d", a->c);
}

static void text_subs(const Text *t, const Tensor *of, const Sub *sub) {
    if (of->rank - of->per_sample == 0) return;
    fputc('[', t->to);
    for (int d = of->per_sample; d < of->rank; d++) {
        if (d > of->per_sample) fputs(", ", t->to);
        if (sub[d].gather)
            text_expr(t, sub[d].gather, 0);
        else
            text_affine(t, &sub[d].a);
    }
    fputc(']', t->to);
}

static const char *reduce_name(Reduce r) {
    static const char *const names[] = {"", "sum", "max", "min", "argmax", "argmin"};
    return names[r];
}

static void text_range(const Text *t, const PlanStmt *s, int k) {
    const Index *ix = &s->s->ix[k];
    fputs(ix->batch ? "batch" : t->name[k], t->to);
}

static void text_value(const Text *t, int precedence) {
    const Stmt *s = t->s->s;
    if (s->reduce == REDUCE_NONE) {
        text_expr(t, s->e, precedence);
        return;
    }
    fprintf(t->to, "%s[", reduce_name(s->reduce));
    for (int k = s->nout; k < s->nout + s->nred; k++) {
        if (k > s->nout) fputs(", ", t->to);
        text_range(t, t->s, k);
    }
    fputs("](", t->to);
    text_expr(t, t->s->original->e, 0);
    fputc(')', t->to);
}

/* The statement whose value is read here, under the names that its indices have here. */
static void text_inlined(const Text *t, const PlanStmt *by, const Sub *sub, int precedence) {
    Text inner = {.e = t->e, .to = t->to, .s = by};
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
    if (x->padded) fputs("pad(", t->to);
    const Tensor *shown = x->read.tensor->next_of ? x->read.tensor->next_of : x->read.tensor; /* statements see new values */
    fputs(shown->name, t->to);
    text_subs(t, x->read.tensor, x->read.sub);
    if (x->padded) fprintf(t->to, ", %.9g)", x->pad);
}

static void text_infix(const Text *t, const Expr *x, int precedence) {
    const OpInfo *op = &op_info[x->op];
    const bool paren = op->precedence < precedence;
    if (paren) fputc('(', t->to);
    text_expr(t, x->arg[0], op->precedence + (x->op == OP_POW));
    fprintf(t->to, x->op == OP_POW ? "%s" : " %s ", op->infix);
    text_expr(t, x->arg[1], op->precedence + (x->op != OP_POW && x->op != OP_ADD && x->op != OP_MUL));
    if (paren) fputc(')', t->to);
}

static void text_select(const Text *t, const Expr *x, int precedence) {
    if (precedence) fputc('(', t->to);
    fputs("if ", t->to);
    text_expr(t, x->arg[0], 1);
    fputs(" then ", t->to);
    text_expr(t, x->arg[1], 1);
    fputs(" else ", t->to);
    text_expr(t, x->arg[2], 0);
    if (precedence) fputc(')', t->to);
}

static void text_call(const Text *t, const Expr *x) {
    fprintf(t->to, "%s(", op_info[x->op].name);
    for (int k = 0; k < x->nargs; k++) {
        if (k) fputs(", ", t->to);
        text_expr(t, x->arg[k], 0);
    }
    fputc(')', t->to);
}

static void text_expr(const Text *t, const Expr *x, int precedence) {
    switch (x->op) {
    case OP_NUM: fprintf(t->to, x->num < 0 && precedence ? "(%.9g)" : "%.9g", x->num); return;
    case OP_VAL:
        if (x->affine.n + (x->affine.c != 0) > 1 && precedence > 5) fputc('(', t->to);
        text_affine(t, &x->affine);
        if (x->affine.n + (x->affine.c != 0) > 1 && precedence > 5) fputc(')', t->to);
        return;
    case OP_READ: text_read(t, x, precedence); return;
    case OP_RANDOM: fputs("random()", t->to); return;
    case OP_SELECT: text_select(t, x, precedence); return;
    default: break;
    }
    if (op_info[x->op].infix && x->nargs == 2) {
        text_infix(t, x, precedence);
    } else if (op_info[x->op].infix || x->op == OP_NOT) {
        fputs(x->op == OP_NOT ? "not " : "-", t->to);
        text_expr(t, x->arg[0], op_info[x->op].precedence + 1);
    } else {
        text_call(t, x);
    }
}

/* xor.nn:3: dense h[2] tanh */
static const char *origin_text(const Emit *e, Span span) {
    if (!span.source || span.source->prelude) return NULL;
    const char *text = span_line_text(e->arena, span), *name = strrchr(span.source->name, '/');
    text += strspn(text, " \t");
    size_t n = strcspn(text, "#\n");
    while (n && strchr(" \t\r{", text[n - 1])) n--;
    enum { SHOWN = 72 };
    const char *more = n > SHOWN ? " ..." : "";
    if (n > SHOWN) n = SHOWN;
    return arena_printf(e->arena, "%s:%d: %.*s%s", name ? name + 1 : span.source->name, span_line(span), (int)n, text, more);
}

static void put_text_of(Emit *e, FILE *to, const PlanStmt *s) {
    Text t = {.e = e, .to = to, .s = s};
    for (int k = 0; k < s->s->nout + s->s->nred; k++) t.name[k] = s->s->ix[k].name ? s->s->ix[k].name : "i";
    const Tensor *of = s->s->to->next_of ? s->s->to->next_of : s->s->to;
    fputs(of->name, to);
    text_subs(&t, of, s->s->lhs);
    fputs(s->s->to->next_of ? " <- " : s->s->add ? " += " : " = ", to);
    text_value(&t, 0);
    fputc('\n', to);
}

void put_formula(Emit *e, const PlanStmt *const *stmts, int n) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) fatal("cannot go on");
    const char *origin = origin_text(e, stmts[0]->s->origin);
    if (origin && (!e->origin || strcmp(origin, e->origin) != 0)) fprintf(to, "%s\n", e->origin = origin);
    for (int k = 0; k < n; k++) put_text_of(e, to, stmts[k]);
    if (fclose(to)) fatal("cannot go on");
    comment(e->w, text);
    free(text);
}
