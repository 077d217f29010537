/* print: the program as text, one statement a line; docs/ir.md describes this form. */
#include "../runtime/train/number.h"
#include "ir.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- names of indices: a statement may hold two of one name, then the later ones get a number: i, i2, i3 */

static const char *index_base(const Index *ix, int k) {
    return ix[k].name ? ix[k].name : index_letters[k % RANK_MAX];
}

static void print_index(const Index *ix, int k, FILE *to) {
    int same = 1;
    for (int j = 0; j < k; j++) same += strcmp(index_base(ix, j), index_base(ix, k)) == 0;
    fputs(index_base(ix, k), to);
    if (same > 1) fprintf(to, "%d", same);
}

/* ---- numbers and affine maps */

static void print_num(double v, FILE *to) {
    char text[32];
    fputs(number_print_double(text, v), to);
}

static void print_term(const Index *ix, int index, int coef, bool first, FILE *to) {
    if (coef < 0) fputc('-', to);
    if (coef > 0 && !first) fputc('+', to);
    if (abs(coef) != 1) fprintf(to, "%d*", abs(coef));
    print_index(ix, index, to);
}

void affine_print(const Affine *a, const Index *ix, FILE *to) {
    if (a->den != 1) fputc('(', to);
    const bool number_first = a->n == 0 || (a->c > 0 && a->t[0].coef < 0); /* 2-i, but i-2 */
    if (number_first) fprintf(to, "%d", a->c);
    for (int k = 0; k < a->n; k++) print_term(ix, a->t[k].index, a->t[k].coef, k == 0 && !number_first, to);
    if (!number_first && a->c) fprintf(to, "%+d", a->c);
    if (a->den != 1) fprintf(to, ")/%d", a->den);
}

/* How tightly the text of an affine map holds together. */
static int affine_precedence(const Affine *a) {
    const int terms = a->n + (a->n == 0 || a->c != 0);
    if (a->den != 1) return op_info[OP_DIV].precedence;
    if (terms > 1) return op_info[OP_ADD].precedence;
    if (a->n && a->t[0].coef < 0) return op_info[OP_NEG].precedence;
    return a->n && a->t[0].coef != 1 ? op_info[OP_MUL].precedence : 9;
}

/* ---- expressions */

static void print_expr(const Expr *e, const Index *ix, int outer, FILE *to);

void subs_print(const Sub *sub, int rank, const Index *ix, FILE *to) {
    if (!rank) return;
    for (int k = 0; k < rank; k++) {
        fputs(k ? ", " : "[", to);
        if (sub[k].gather)
            print_expr(sub[k].gather, ix, 0, to);
        else
            affine_print(&sub[k].a, ix, to);
    }
    fputc(']', to);
}

static void print_read(const Expr *e, const Index *ix, FILE *to) {
    if (e->padded) fputs("pad(", to);
    fputs(e->read.tensor->name, to);
    subs_print(e->read.sub, e->read.tensor->rank, ix, to);
    if (!e->padded) return;
    fputs(", ", to);
    print_num(e->pad, to);
    fputc(')', to);
}

static void print_select(const Expr *e, const Index *ix, FILE *to) {
    fputs("if ", to);
    print_expr(e->arg[0], ix, 1, to);
    fputs(" then ", to);
    print_expr(e->arg[1], ix, 1, to);
    fputs(" else ", to);
    print_expr(e->arg[2], ix, 0, to);
}

static void print_call(const Expr *e, const Index *ix, FILE *to) {
    fprintf(to, "%s(", op_info[e->op].name);
    for (int k = 0; k < e->nargs; k++) {
        if (k) fputs(", ", to);
        print_expr(e->arg[k], ix, 0, to);
    }
    fputc(')', to);
}

/* a + (b + c) keeps its parentheses: the form is exact, rounding included. a ^ b ^ c is a ^ (b ^ c); comparisons don't chain.
 */
static void print_infix(const Expr *e, const Index *ix, FILE *to) {
    const OpInfo *op = &op_info[e->op];
    const bool chains_left = e->op == OP_ADD || e->op == OP_SUB || e->op == OP_MUL || e->op == OP_DIV || e->op == OP_MOD;
    print_expr(e->arg[0], ix, chains_left ? op->precedence : op->precedence + 1, to);
    fprintf(to, " %s ", op->infix);
    print_expr(e->arg[1], ix, e->op == OP_POW ? op->precedence : op->precedence + 1, to);
}

static void print_prefix(const Expr *e, const Index *ix, FILE *to) {
    const OpInfo *op = &op_info[e->op];
    fprintf(to, "%s%s", op->infix, e->op == OP_NOT ? " " : "");
    print_expr(e->arg[0], ix, op->precedence + (e->op == OP_NEG), to);
}

static int precedence_of(const Expr *e) {
    if (e->op == OP_VAL) return affine_precedence(&e->affine);
    if (e->op == OP_NUM) return signbit(e->num) ? op_info[OP_NEG].precedence : 9;
    if (e->op == OP_SELECT) return 0;
    return e->nargs && op_info[e->op].infix ? op_info[e->op].precedence : 9;
}

static void print_bare(const Expr *e, const Index *ix, FILE *to) {
    switch (e->op) {
    case OP_NUM: print_num(e->num, to); return;
    case OP_VAL: affine_print(&e->affine, ix, to); return;
    case OP_READ: print_read(e, ix, to); return;
    case OP_RANDOM: fprintf(to, "random(%d)", (int)e->num); return;
    case OP_SELECT: print_select(e, ix, to); return;
    default: break;
    }
    if (!op_info[e->op].infix)
        print_call(e, ix, to);
    else if (e->nargs == 2)
        print_infix(e, ix, to);
    else
        print_prefix(e, ix, to);
}

/* `outer`: how tightly the surroundings bind. */
static void print_expr(const Expr *e, const Index *ix, int outer, FILE *to) {
    const bool parens = precedence_of(e) < outer;
    if (parens) fputc('(', to);
    print_bare(e, ix, to);
    if (parens) fputc(')', to);
}

void expr_print(const Expr *e, const Index *ix, FILE *to) {
    print_expr(e, ix, 0, to);
}

/* ---- statements */

const char *const reduce_names[] = {"", "sum", "max", "min", "argmax", "argmin"};

/* i:5   t:1..6   b:n (the batch) */
static void print_range(const Stmt *s, int k, FILE *to) {
    const Index *i = &s->ix[k];
    print_index(s->ix, k, to);
    fputc(':', to);
    if (i->lo) fprintf(to, "%d..", i->lo);
    if (i->batch)
        fputc('n', to);
    else
        fprintf(to, "%d", i->hi);
}

/* Does a left-hand index stand alone in a subscript and run over the whole dimension? Then its range needs no word. */
static bool is_full(const Stmt *s, int k) {
    for (int d = 0; d < s->to->rank; d++) {
        int index;
        if (!s->lhs[d].gather && affine_is_index(s->lhs[d].a, &index) && index == k)
            return s->ix[k].lo == 0 && s->ix[k].hi == s->to->dim[d] && s->ix[k].batch == (s->to->per_sample && d == 0);
    }
    return false;
}

static void print_where(const Stmt *s, FILE *to) {
    const char *before = "   where ";
    for (int k = 0; k < s->nout; k++) {
        if (is_full(s, k)) continue;
        fputs(before, to);
        print_range(s, k, to);
        before = ", ";
    }
    for (int g = 0; g < s->nguard; g++) {
        fprintf(to, "%s%d <= ", before, s->guard[g].lo);
        affine_print(&s->guard[g].a, s->ix, to);
        fprintf(to, " < %d", s->guard[g].hi);
        before = ", ";
    }
}

static void print_value(const Stmt *s, FILE *to) {
    if (s->reduce == REDUCE_NONE) {
        expr_print(s->e, s->ix, to);
        return;
    }
    fprintf(to, "%s[", reduce_names[s->reduce]);
    for (int k = s->nout; k < s->nout + s->nred; k++) {
        if (k > s->nout) fputs(", ", to);
        print_range(s, k, to);
    }
    fputs("](", to);
    expr_print(s->e, s->ix, to);
    fputc(')', to);
}

void stmt_print(const Stmt *s, FILE *to) {
    fputs(s->to->name, to);
    subs_print(s->lhs, s->to->rank, s->ix, to);
    fputs(s->add ? " += " : " = ", to);
    print_value(s, to);
    print_where(s, to);
    if (s->derivative) {
        fputs("   derivative ", to);
        expr_print(s->derivative, s->ix, to);
        fputs(" by ", to);
        expr_print(s->derivative_of, s->ix, to);
    }
    if (s->builtin) {
        fprintf(to, "   then %s(", s->builtin->name);
        print_num(s->option, to);
        fputc(')', to);
    }
    if (s->note) fprintf(to, "   # %s", s->note);
    fputc('\n', to);
}

/* ---- programs */

static const char *const role_names[] = {
    [ROLE_INPUT] = "input", [ROLE_TARGET] = "target",     [ROLE_PARAM] = "param",         [ROLE_STATE] = "state",
    [ROLE_RATE] = "rate",   [ROLE_CONSTANT] = "constant", [ROLE_OPTIMIZER] = "optimizer", [ROLE_SCALAR] = "scalar",
    [ROLE_VALUE] = "value", [ROLE_GRADIENT] = "gradient", [ROLE_NEXT] = "next",
};

static void print_constant(const Tensor *t, FILE *to) {
    enum { SHOWN = 8 };
    const long long size = tensor_size(t);
    fputs(" = ", to);
    for (long long k = 0; k < size && k < SHOWN; k++) {
        if (k) fputc(' ', to);
        print_num(t->values[k], to);
    }
    if (size > SHOWN) fputs(" ...", to);
}

static void print_tensor(const Tensor *t, FILE *to) {
    fprintf(to, "%s %s", role_names[t->role], t->name);
    for (int k = 0; k < t->rank; k++) {
        fputs(k ? ", " : "[", to);
        if (k == 0 && t->per_sample) fputs("n <= ", to);
        fprintf(to, "%d", t->dim[k]);
    }
    if (t->rank) fputc(']', to);
    if (t->integer) fprintf(to, ": index(%d)", t->values_below);
    if (t->next_of) fprintf(to, " of %s", t->next_of->name);
    if (t->role == ROLE_CONSTANT && t->values) print_constant(t, to);
    fputc('\n', to);
}

static void print_items(const Items *items, int depth, FILE *to) {
    for (int k = 0; k < items->n; k++) {
        const Scan *scan = items->at[k].scan;
        fprintf(to, "%*s", 4 * depth, "");
        if (!scan) {
            stmt_print(items->at[k].stmt, to);
            continue;
        }
        fprintf(to, "scan %s:", scan->name);
        if (scan->lo) fprintf(to, "%d..", scan->lo);
        fprintf(to, "%d %s {\n", scan->hi, scan->down ? "down" : "up");
        print_items(&scan->body, depth + 1, to);
        fprintf(to, "%*s}\n", 4 * depth, "");
    }
}

void program_print(const Program *p, FILE *to) {
    fprintf(to, "program %s", p->name);
    for (int k = 0; k < p->roots.n; k++) fprintf(to, "%s%s", k ? ", " : " -> ", p->roots.at[k]->name);
    fputs("\n\n", to);
    for (int k = 0; k < p->tensors.n; k++) print_tensor(p->tensors.at[k], to);
    fputc('\n', to);
    if (p->order.n) {
        print_items(&p->order, 0, to);
        return;
    }
    for (int k = 0; k < p->stmts.n; k++) stmt_print(p->stmts.at[k], to);
}
