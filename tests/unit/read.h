/* read: the printed form of a program (docs/ir.md) read back, so that tests can be written in it.
 *
 * Lines: `program NAME -> roots`, a line for each tensor, a line for each statement; `scan ... {` and `}` are passed over, as
 * the order is computed. Anything that can't be read ends the test. */
#ifndef READ_H
#define READ_H

#include "unit.h"
#include <ctype.h>

typedef struct Reader {
    Program *p;
    const char *at, *line;
    Stmt *s; /* the statement being read: its indices have names */
} Reader;

static const Span read_nowhere;

__attribute__((noreturn)) static void read_failed(const Reader *r, const char *what) {
    printf("not ok - can't read \"%.*s\": %s at \"%.20s\"\n", (int)strcspn(r->line, "\n"), r->line, what, r->at);
    exit(1);
}

static void read_blanks(Reader *r) {
    while (*r->at == ' ') r->at++;
}

static bool read_sign(Reader *r, const char *sign) {
    read_blanks(r);
    const size_t n = strlen(sign);
    if (strncmp(r->at, sign, n) != 0) return false;
    if (isalnum((unsigned char)sign[n - 1]) && (isalnum((unsigned char)r->at[n]) || r->at[n] == '_')) return false;
    r->at += n;
    return true;
}

static void read_expect(Reader *r, const char *sign) {
    if (!read_sign(r, sign)) read_failed(r, sign);
}

static const char *read_name(Reader *r) {
    read_blanks(r);
    size_t n = 0;
    while (isalnum((unsigned char)r->at[n]) || r->at[n] == '_') n++;
    if (n == 0) read_failed(r, "a name");
    r->at += n;
    return arena_text(r->p->arena, r->at - n, n);
}

static double read_number(Reader *r) {
    char *end;
    read_blanks(r);
    const double v = strtod(r->at, &end);
    if (end == r->at) read_failed(r, "a number");
    r->at = end;
    return v;
}

/* ---- expressions */

static const Expr *read_expr(Reader *r, int outer);

static int read_index(const Reader *r, const char *name) {
    for (int k = 0; k < r->s->nout + r->s->nred; k++)
        if (strcmp(r->s->ix[k].name, name) == 0) return k;
    return -1;
}

/* Is e whole-number arithmetic on indices? */
static bool read_affine(const Expr *e, Affine *a) {
    if (e->op == OP_VAL)
        *a = e->affine;
    else if (e->op == OP_NUM && e->num == floor(e->num) && fabs(e->num) < 1e9)
        *a = affine_const((int)e->num);
    else
        return false;
    return true;
}

static const Expr *read_folded(Reader *r, Op op, const Expr *a, const Expr *b) {
    Affine x, y;
    if (a->op == OP_VAL || b->op == OP_VAL) {
        if (read_affine(a, &x) && read_affine(b, &y)) {
            if (op == OP_ADD) return expr_val(r->p, affine_add(x, y));
            if (op == OP_SUB) return expr_val(r->p, affine_sub(x, y));
            if (op == OP_MUL && x.n == 0) return expr_val(r->p, affine_scale(y, x.c));
        }
    }
    return expr_2(r->p, op, a, b);
}

static void read_subs(Reader *r, const Tensor *t, Sub *sub) {
    for (int d = 0; d < t->rank; d++) {
        read_expect(r, d ? "," : "[");
        const Expr *e = read_expr(r, 0);
        sub[d] = (Sub){.a = affine_const(0)};
        if (!read_affine(e, &sub[d].a)) sub[d].gather = e;
    }
    if (t->rank) read_expect(r, "]");
}

static const Expr *read_read(Reader *r, const char *name) {
    Tensor *t = program_find_tensor(r->p, name);
    if (!t) read_failed(r, "a tensor's or index's name");
    Sub sub[RANK_MAX];
    read_subs(r, t, sub);
    return expr_read(r->p, t, sub);
}

static const Expr *read_call(Reader *r, Op op) {
    const Expr *arg[3] = {NULL, NULL, NULL};
    for (int k = 0; k < op_info[op].nargs; k++) {
        read_expect(r, k ? "," : "(");
        arg[k] = read_expr(r, 0);
    }
    read_expect(r, ")");
    return expr_op(r->p, op, arg);
}

static const Expr *read_padded(Reader *r) {
    read_expect(r, "(");
    const Expr *e = read_read(r, read_name(r));
    read_expect(r, ",");
    e = expr_read_padded(r->p, e->read.tensor, e->read.sub, read_number(r));
    read_expect(r, ")");
    return e;
}

static const Expr *read_named(Reader *r) {
    const char *name = read_name(r);
    const int index = read_index(r, name);
    if (index >= 0) return expr_val(r->p, affine_index(index));
    if (strcmp(name, "inf") == 0) return expr_num(r->p, INFINITY);
    if (strcmp(name, "pad") == 0) return read_padded(r);
    if (strcmp(name, "random") == 0) {
        read_expect(r, "(");
        const Expr *e = expr_random(r->p, (int)read_number(r));
        read_expect(r, ")");
        return e;
    }
    for (int op = OP_RANDOM + 1; op < OP_COUNT; op++)
        if (op_info[op].name && strcmp(op_info[op].name, name) == 0) return read_call(r, (Op)op);
    return read_read(r, name);
}

static const Expr *read_atom(Reader *r) {
    if (read_sign(r, "(")) {
        const Expr *e = read_expr(r, 0);
        read_expect(r, ")");
        return e;
    }
    if (read_sign(r, "if")) {
        const Expr *c = read_expr(r, 1);
        read_expect(r, "then");
        const Expr *a = read_expr(r, 1);
        read_expect(r, "else");
        return expr_3(r->p, OP_SELECT, c, a, read_expr(r, 0));
    }
    if (read_sign(r, "not")) return expr_1(r->p, OP_NOT, read_expr(r, op_info[OP_NOT].precedence));
    if (read_sign(r, "-")) {
        const Expr *e = read_expr(r, op_info[OP_NEG].precedence + 1);
        return e->op == OP_VAL ? expr_val(r->p, affine_scale(e->affine, -1)) : expr_1(r->p, OP_NEG, e);
    }
    read_blanks(r);
    return isdigit((unsigned char)*r->at) || *r->at == '.' ? expr_num(r->p, read_number(r)) : read_named(r);
}

static Op read_infix(Reader *r, int outer) {
    static const Op ops[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_POW, OP_LE, OP_LT, OP_EQ, OP_AND, OP_OR};
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++)
        if (op_info[ops[k]].precedence >= outer && read_sign(r, op_info[ops[k]].infix)) return ops[k];
    return OP_COUNT;
}

static const Expr *read_expr(Reader *r, int outer) {
    const Expr *e = read_atom(r);
    for (Op op; (op = read_infix(r, outer)) != OP_COUNT;) {
        const int precedence = op_info[op].precedence;
        e = read_folded(r, op, e, read_expr(r, op == OP_POW ? precedence : precedence + 1));
    }
    return e;
}

/* ---- tensors */

static const char *const read_roles[] = {"input",    "target", "param", "state",    "optimizer", "rate",
                                         "constant", "scalar", "value", "gradient", "next"};

static void read_values(Reader *r, Tensor *t) {
    if (!read_sign(r, "=")) return;
    const long long n = tensor_size(t);
    double *v = arena_many(r->p->arena, n, double);
    for (long long k = 0; k < n; k++) v[k] = read_number(r);
    t->values = v;
}

static bool read_tensor(Reader *r) {
    int role = 0;
    while (role <= ROLE_NEXT && !read_sign(r, read_roles[role])) role++;
    if (role > ROLE_NEXT) return false;
    const char *name = read_name(r);
    int rank = 0, dim[RANK_MAX];
    bool per_sample = false;
    while (read_sign(r, rank ? "," : "[")) {
        if (read_sign(r, "n")) {
            read_expect(r, "<=");
            per_sample = true;
        }
        dim[rank++] = (int)read_number(r);
    }
    if (rank) read_expect(r, "]");
    if (per_sample) r->p->batch = dim[0];
    Tensor *t = tensor_new(r->p->arena, name, NULL, (Role)role, rank, dim, read_nowhere);
    t->per_sample = per_sample;
    if (read_sign(r, ":")) {
        read_expect(r, "index");
        read_expect(r, "(");
        t->integer = true;
        t->values_below = (int)read_number(r);
        read_expect(r, ")");
    }
    if (read_sign(r, "of")) t->next_of = program_find_tensor(r->p, read_name(r));
    read_values(r, t);
    program_add_tensor(r->p, t);
    return true;
}

/* ---- statements */

/* i:5   t:1..6   b:n */
static void read_range(Reader *r, Index *i) {
    read_expect(r, ":");
    i->lo = 0;
    if (read_sign(r, "n")) {
        i->hi = r->p->batch;
        i->batch = true;
        return;
    }
    i->hi = (int)strtol(r->at, (char **)&r->at, 10);
    if (!read_sign(r, "..")) return;
    i->lo = i->hi;
    i->hi = (int)strtol(r->at, (char **)&r->at, 10);
}

static Index *read_new_index(Reader *r, const char *name) {
    Index *i = &r->s->ix[r->s->nout + r->s->nred];
    i->name = name;
    return i;
}

/* Names in left-hand subscripts that are no tensors are indices. A bare one goes over the dimension unless a range says else.
 */
static void read_left_indices(Reader *r, const Tensor *t) {
    const char *start = r->at;
    int depth = 0;
    do {
        depth += (*r->at == '[') - (*r->at == ']');
        if (!isalpha((unsigned char)*r->at)) {
            r->at++;
            continue;
        }
        const char *name = read_name(r);
        if (program_find_tensor(r->p, name) || read_index(r, name) >= 0) continue;
        read_new_index(r, name);
        r->s->nout++;
    } while (depth > 0);
    r->at = start;
    Sub sub[RANK_MAX];
    read_subs(r, t, sub);
    r->s->lhs = subs_copy(r->p->arena, sub, t->rank);
    for (int d = 0; d < t->rank; d++) {
        int index;
        if (sub[d].gather || !affine_is_index(sub[d].a, &index)) continue;
        r->s->ix[index].hi = t->dim[d];
        r->s->ix[index].batch = d == 0 && t->per_sample;
    }
}

static bool read_reduction(Reader *r) {
    static const char *const names[] = {"", "sum[", "max[", "min[", "argmax[", "argmin["};
    for (int k = 1; k <= REDUCE_ARGMIN; k++) {
        read_blanks(r);
        if (strncmp(r->at, names[k], strlen(names[k])) != 0) continue;
        r->at += strlen(names[k]);
        r->s->reduce = (Reduce)k;
        do {
            read_range(r, read_new_index(r, read_name(r)));
            r->s->nred++;
        } while (read_sign(r, ","));
        read_expect(r, "]");
        read_expect(r, "(");
        return true;
    }
    return false;
}

static void read_where(Reader *r) {
    do {
        read_blanks(r);
        if (isalpha((unsigned char)*r->at)) {
            const int index = read_index(r, read_name(r));
            if (index < 0) read_failed(r, "an index");
            read_range(r, &r->s->ix[index]);
            continue;
        }
        Guard g = {.lo = (int)read_number(r)};
        read_expect(r, "<=");
        if (!read_affine(read_expr(r, 5), &g.a)) read_failed(r, "a guard");
        read_expect(r, "<");
        g.hi = (int)read_number(r);
        stmt_add_guard(r->p->arena, r->s, g);
    } while (read_sign(r, ","));
}

static void read_statement(Reader *r) {
    Tensor *t = program_find_tensor(r->p, read_name(r));
    if (!t) read_failed(r, "a tensor's name");
    r->s = program_add_stmt(r->p, t, NULL);
    read_left_indices(r, t);
    r->s->add = read_sign(r, "+=");
    if (!r->s->add) read_expect(r, "=");
    const bool reduced = read_reduction(r);
    r->s->e = read_expr(r, 0);
    if (reduced) read_expect(r, ")");
    if (read_sign(r, "where")) read_where(r);
    if (read_sign(r, "derivative")) {
        r->s->derivative = read_expr(r, 0);
        read_expect(r, "by");
        r->s->derivative_of = read_expr(r, 0);
    }
    if (read_sign(r, "# ")) {
        r->s->note = arena_text(r->p->arena, r->at, strcspn(r->at, "\n"));
        r->at += strcspn(r->at, "\n");
    }
    read_blanks(r);
    if (*r->at && *r->at != '\n') read_failed(r, "the end of the line");
}

static void read_roots(Reader *r, const char *line) {
    r->at = r->line = line;
    if (!read_sign(r, "program")) return;
    r->p->name = read_name(r);
    if (!read_sign(r, "->")) return;
    do {
        Tensor *t = program_find_tensor(r->p, read_name(r));
        if (!t) read_failed(r, "a root");
        list_push(r->p->arena, &r->p->roots, t);
    } while (read_sign(r, ","));
}

__attribute__((unused)) static Program *read_program(Arena *arena, const char *text) {
    Reader r = {.p = program_new(arena, PROGRAM_OTHER, "test", 1)};
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        r.at = r.line = line;
        read_blanks(&r);
        if (*r.at != '\n' && *r.at != '#' && *r.at != '}' && !read_sign(&r, "program") && !read_sign(&r, "scan") &&
            !read_tensor(&r))
            read_statement(&r);
        if (!line[strcspn(line, "\n")]) break;
    }
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) read_roots(&r, line);
    return r.p;
}

#endif
