/* program: programs, their tensors with unique names, their statements, and copies of them. */
#include "ir.h"
#include <limits.h>
#include <string.h>

/* ---- tensors */

Tensor *tensor_new(Arena *arena, const char *name, const char *label, Role role, int rank, const int *dim, Span origin) {
    if (rank > RANK_MAX) bug("tensor %s of rank %d", name, rank);
    Tensor *t = arena_one(arena, Tensor);
    t->name = name;
    t->label = label ? label : name;
    t->role = role;
    t->rank = rank;
    for (int k = 0; k < rank; k++) t->dim[k] = dim[k];
    t->origin = origin;
    return t;
}

long long tensor_size(const Tensor *t) {
    long long n = 1;
    for (int k = 0; k < t->rank; k++)
        if (__builtin_mul_overflow(n, (long long)t->dim[k], &n)) return LLONG_MAX;
    return n;
}

bool tensor_is_persistent(const Tensor *t) {
    return t->role == ROLE_PARAM || t->role == ROLE_STATE || t->role == ROLE_OPTIMIZER || t->role == ROLE_RATE;
}

bool tensor_is_position(const Tensor *t) {
    return t->integer && t->role != ROLE_INPUT;
}

bool tensor_is_computed(const Tensor *t) {
    return t->role == ROLE_VALUE || t->role == ROLE_GRADIENT || t->role == ROLE_NEXT;
}

/* ---- programs */

bool program_has_root(const Program *p, const Tensor *t) {
    for (int k = 0; k < p->roots.n; k++)
        if (p->roots.at[k] == t) return true;
    return false;
}

Program *program_new(Arena *arena, ProgramRole role, const char *name, int batch) {
    Program *p = arena_one(arena, Program);
    p->arena = arena;
    p->role = role;
    p->name = name;
    p->batch = batch;
    expr_table_new(p);
    return p;
}

/* name, or the first of name_2, name_3 ... that is free */
static const char *free_name(Program *p, const char *name) {
    const char *tried = name;
    for (int k = 2; program_find_tensor(p, tried); k++) tried = arena_printf(p->arena, "%s_%d", name, k);
    return tried;
}

/* Of two with one name a computed tensor takes another; names of others are fixed. */
static void settle_name(Program *p, Tensor *t) {
    Tensor *other = program_find_tensor(p, t->name);
    if (!other) return;
    if (tensor_is_computed(t)) {
        t->name = free_name(p, t->name);
        return;
    }
    if (!tensor_is_computed(other)) bug("two tensors called %s", t->name);
    other->name = free_name(p, other->name);
    table_put(p->arena, &p->places, 0, other->name, other->number);
}

Tensor *program_find_tensor(const Program *p, const char *name) {
    const int k = table_find(&p->places, 0, name);
    return k >= 0 && k < p->tensors.n ? p->tensors.at[k] : NULL;
}

bool program_has_tensor(const Program *p, const Tensor *t) {
    if (tensor_is_computed(t)) return t->number >= 0 && t->number < p->tensors.n && p->tensors.at[t->number] == t;
    return program_find_tensor(p, t->name) == t;
}

void program_add_tensor(Program *p, Tensor *t) {
    if (program_has_tensor(p, t)) return;
    settle_name(p, t);
    table_put(p->arena, &p->places, 0, t->name, p->tensors.n);
    if (tensor_is_computed(t)) t->number = p->tensors.n;
    list_push(p->arena, &p->tensors, t);
}

void program_set_tensors(Program *p, const Tensors *tensors) {
    const Tensors kept = *tensors;
    p->places = (Table){0};
    p->tensors = (Tensors){0};
    for (int k = 0; k < kept.n; k++) program_add_tensor(p, kept.at[k]);
}

Stmt *program_add_stmt(Program *p, Tensor *to, const Sub *lhs) {
    Stmt *s = arena_one(p->arena, Stmt);
    s->to = to;
    s->lhs = lhs;
    s->number = p->stmts.n;
    s->origin = to->origin;
    list_push(p->arena, &p->stmts, s);
    return s;
}

void stmt_add_guard(Arena *arena, Stmt *s, Guard g) {
    if (s->nguard == GUARD_MAX) bug("%s: too many guards", s->to->name);
    Guard *guard = arena_many(arena, s->nguard + 1, Guard);
    if (s->nguard) memcpy(guard, s->guard, (size_t)s->nguard * sizeof *guard);
    guard[s->nguard++] = g;
    s->guard = guard;
}

void stmt_full_box(Stmt *s) {
    s->nout = s->to->rank;
    for (int k = 0; k < s->nout; k++) s->ix[k] = (Index){index_letters[k], 0, s->to->dim[k], k == 0 && s->to->per_sample};
}

int scan_index(const Scan *scan, const Stmt *s) {
    for (int k = 0; k < scan->members.n; k++)
        if (scan->members.at[k].stmt == s) return scan->members.at[k].index;
    bug("%s is no member of scan %s", s->to->name, scan->name);
}

/* ---- copies of programs */

typedef struct Copy {
    Program *p;
    const Expr **done; /* by the original's id */
} Copy;

static const Expr *copy_expr(Copy *c, const Expr *e);

static const Sub *copy_subs(Copy *c, const Sub *sub, int rank) {
    Sub *copy = arena_many(c->p->arena, rank, Sub);
    for (int k = 0; k < rank; k++) {
        copy[k] = sub[k];
        if (sub[k].gather) copy[k].gather = copy_expr(c, sub[k].gather);
    }
    return copy;
}

static Tensor *copied_tensor(const Copy *c, Tensor *t) {
    return tensor_is_computed(t) ? c->p->tensors.at[t->slot] : t;
}

static const Expr *copy_expr(Copy *c, const Expr *e) {
    if (c->done[e->id]) return c->done[e->id];
    Expr content = *e;
    for (int k = 0; k < e->nargs; k++) content.arg[k] = copy_expr(c, e->arg[k]);
    if (e->op == OP_READ) {
        content.read.tensor = copied_tensor(c, e->read.tensor);
        content.read.sub = copy_subs(c, e->read.sub, e->read.tensor->rank);
    }
    return c->done[e->id] = expr_intern(c->p, &content);
}

static void copy_stmt(Copy *c, const Stmt *s) {
    Stmt *copy = program_add_stmt(c->p, copied_tensor(c, s->to), NULL);
    const int number = copy->number;
    Tensor *to = copy->to;
    *copy = *s;
    copy->number = number;
    copy->to = to;
    copy->lhs = copy_subs(c, s->lhs, to->rank);
    copy->e = copy_expr(c, s->e);
    if (!s->derivative) return;
    copy->derivative = copy_expr(c, s->derivative);
    copy->derivative_of = copy_expr(c, s->derivative_of);
}

static void copy_tensor(Program *p, Tensor *t) {
    t->slot = p->tensors.n;
    if (tensor_is_computed(t)) {
        Tensor *copy = arena_one(p->arena, Tensor);
        *copy = *t;
        copy->adjoint = NULL;
        t = copy;
    }
    program_add_tensor(p, t);
}

Program *program_copy(const Program *p, const char *name) {
    Copy c = {program_new(p->arena, p->role, name, p->batch), arena_many(p->arena, expr_count(p), const Expr *)};
    for (int k = 0; k < p->tensors.n; k++) copy_tensor(c.p, p->tensors.at[k]);
    for (int k = 0; k < p->tensors.n; k++) {
        Tensor *t = c.p->tensors.at[k];
        if (tensor_is_computed(t) && t->first) t->first = program_has_tensor(p, t->first) ? copied_tensor(&c, t->first) : NULL;
    }
    for (int k = 0; k < p->stmts.n; k++) copy_stmt(&c, p->stmts.at[k]);
    for (int k = 0; k < p->roots.n; k++) list_push(p->arena, &c.p->roots, copied_tensor(&c, p->roots.at[k]));
    c.p->final = p->final;
    return c.p;
}
