/* ir: building tensor programs: tensors with unique names, hash-consed expressions, statements.
 *
 * Equal expressions of one program are the same pointer, so equality is one comparison and rewriting is linear in the number
 * of distinct nodes. Nothing here depends on where the memory happens to lie: the same calls build the same program. */
#include "ir.h"
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OPERATION(id, name, infix, nargs, precedence, costly, value)                                                           \
    static double value_##id(double a, double b, double c) {                                                                   \
        (void)a, (void)b, (void)c;                                                                                             \
        return value;                                                                                                          \
    }
#include "ops.def"
#undef OPERATION

#define TEXT_OR_NULL(text) (sizeof(text) > 1 ? (text) : NULL)
#define OPERATION(id, name, infix, nargs, precedence, costly, value)                                                           \
    [OP_##id] = {TEXT_OR_NULL(name), TEXT_OR_NULL(infix), nargs, precedence, costly, value_##id},
const OpInfo op_info[OP_COUNT] = {
#include "ops.def"
};
#undef OPERATION

/* ---- the tables of a program: expressions by content, names, and memory for rewriting */

typedef struct Memo {
    unsigned generation;
    const Expr *result;
} Memo;

typedef struct ExprTable {
    const Expr **slot; /* open addressing, `room` a power of two */
    size_t n, room;
    Memo *memo; /* by Expr.id, valid where the generation is the rewrite's own */
    size_t memo_room;
    unsigned generation;
    Tensor **name; /* tensors by name, open addressing */
    size_t names, name_room;
} ExprTable;

enum { ROOM_FIRST = 256 };

static uint64_t hash_mix(uint64_t h, uint64_t v) {
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static uint64_t hash_affine(uint64_t h, const Affine *a) {
    for (int k = 0; k < a->n; k++) h = hash_mix(h, ((uint64_t)(unsigned)a->t[k].index << 32) | (unsigned)a->t[k].coef);
    return hash_mix(h, ((uint64_t)(unsigned)a->c << 32) | (unsigned)a->den);
}

static uint64_t bits_of(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static uint64_t expr_hash(const Expr *e) {
    uint64_t h = hash_mix((uint64_t)e->op, bits_of(e->num));
    for (int k = 0; k < e->nargs; k++) h = hash_mix(h, e->arg[k]->id);
    if (e->op == OP_VAL) h = hash_affine(h, &e->affine);
    if (e->op != OP_READ) return h;
    h = hash_mix(h, (uint64_t)(uintptr_t)e->read.tensor);
    for (int k = 0; k < e->read.tensor->rank; k++) {
        const Sub *s = &e->read.sub[k];
        h = s->gather ? hash_mix(h, s->gather->id) : hash_affine(h, &s->a);
    }
    return e->padded ? hash_mix(h, bits_of(e->pad)) : h;
}

bool sub_equal(const Sub *a, const Sub *b) {
    return a->gather == b->gather && (a->gather || affine_equal(a->a, b->a));
}

bool has_gather(const Sub *sub, int rank) {
    for (int d = 0; d < rank; d++)
        if (sub[d].gather) return true;
    return false;
}

static bool expr_same(const Expr *a, const Expr *b) {
    if (a->op != b->op || bits_of(a->num) != bits_of(b->num)) return false;
    for (int k = 0; k < a->nargs; k++)
        if (a->arg[k] != b->arg[k]) return false;
    if (a->op == OP_VAL) return affine_equal(a->affine, b->affine);
    if (a->op != OP_READ) return true;
    if (a->read.tensor != b->read.tensor || a->padded != b->padded || bits_of(a->pad) != bits_of(b->pad)) return false;
    for (int k = 0; k < a->read.tensor->rank; k++)
        if (!sub_equal(&a->read.sub[k], &b->read.sub[k])) return false;
    return true;
}

static void table_insert(ExprTable *t, const Expr *e) {
    size_t k = (size_t)expr_hash(e) & (t->room - 1);
    while (t->slot[k]) k = (k + 1) & (t->room - 1);
    t->slot[k] = e;
}

static void table_double(Arena *arena, ExprTable *t) {
    const Expr **old = t->slot;
    const size_t room = t->room;
    t->room = room ? 2 * room : ROOM_FIRST;
    t->slot = arena_many(arena, t->room, const Expr *);
    for (size_t k = 0; k < room; k++)
        if (old[k]) table_insert(t, old[k]);
}

static unsigned affine_indices(const Affine *a) {
    unsigned mask = 0;
    for (int k = 0; k < a->n; k++) mask |= 1U << a->t[k].index;
    return mask;
}

static unsigned expr_indices(const Expr *e) {
    unsigned mask = e->op == OP_VAL ? affine_indices(&e->affine) : 0;
    for (int k = 0; k < e->nargs; k++) mask |= e->arg[k]->indices;
    if (e->op == OP_READ)
        for (int k = 0; k < e->read.tensor->rank; k++) mask |= sub_indices(&e->read.sub[k]);
    return mask;
}

unsigned sub_indices(const Sub *s) {
    return s->gather ? s->gather->indices : affine_indices(&s->a);
}

/* The one expression with this content. */
static const Expr *intern(Program *p, const Expr *content) {
    ExprTable *t = p->table;
    size_t k = (size_t)expr_hash(content) & (t->room - 1);
    for (; t->slot[k]; k = (k + 1) & (t->room - 1))
        if (expr_same(t->slot[k], content)) return t->slot[k];
    Expr *e = arena_one(p->arena, Expr);
    *e = *content;
    if (e->op == OP_READ) e->read.sub = subs_copy(p->arena, content->read.sub, e->read.tensor->rank);
    e->indices = expr_indices(e);
    e->id = (unsigned)t->n++;
    t->slot[k] = e;
    if (2 * t->n > t->room) table_double(p->arena, t);
    return e;
}

/* ---- programs, tensors, statements */

Program *program_new(Arena *arena, const char *name, int batch) {
    Program *p = arena_one(arena, Program);
    p->arena = arena;
    p->name = name;
    p->batch = batch;
    p->table = arena_one(arena, ExprTable);
    table_double(arena, p->table);
    return p;
}

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

bool tensor_is_computed(const Tensor *t) {
    return t->role == ROLE_VALUE || t->role == ROLE_GRADIENT || t->role == ROLE_NEXT;
}

static Tensor **name_slot(ExprTable *t, const char *name) {
    uint64_t h = 0;
    for (const char *c = name; *c; c++) h = hash_mix(h, (unsigned char)*c);
    size_t k = (size_t)h & (t->name_room - 1);
    while (t->name[k] && strcmp(t->name[k]->name, name) != 0) k = (k + 1) & (t->name_room - 1);
    return &t->name[k];
}

static void names_double(Arena *arena, ExprTable *t) {
    Tensor **old = t->name;
    const size_t room = t->name_room;
    t->name_room = room ? 2 * room : ROOM_FIRST;
    t->name = arena_many(arena, t->name_room, Tensor *);
    for (size_t k = 0; k < room; k++)
        if (old[k]) *name_slot(t, old[k]->name) = old[k];
}

/* name, or the first of name_2, name_3 ... that is free */
static const char *free_name(Program *p, const char *name) {
    const char *tried = name;
    for (int k = 2; *name_slot(p->table, tried); k++) tried = arena_printf(p->arena, "%s_%d", name, k);
    return tried;
}

static void name_enter(Program *p, Tensor *t) {
    ExprTable *table = p->table;
    if (2 * table->names >= table->name_room) names_double(p->arena, table);
    Tensor *other = *name_slot(table, t->name);
    if (other && tensor_is_computed(t)) {
        t->name = free_name(p, t->name);
    } else if (other) { /* a tensor with a fixed name takes it */
        if (!tensor_is_computed(other)) bug("two tensors called %s", t->name);
        *name_slot(table, t->name) = t;
        other->name = free_name(p, other->name);
        *name_slot(table, other->name) = other;
        table->names++;
        return;
    }
    *name_slot(table, t->name) = t;
    table->names++;
}

Tensor *program_find_tensor(const Program *p, const char *name) {
    return p->table->name_room ? *name_slot(p->table, name) : NULL;
}

bool program_has_tensor(const Program *p, const Tensor *t) {
    return program_find_tensor(p, t->name) == t;
}

void program_add_tensor(Program *p, Tensor *t) {
    if (program_has_tensor(p, t)) return;
    name_enter(p, t);
    if (tensor_is_computed(t)) t->number = p->tensors.n;
    list_push(p->arena, &p->tensors, t);
}

void program_set_tensors(Program *p, const Tensors *tensors) {
    ExprTable *t = p->table;
    const Tensors kept = *tensors;
    if (t->name_room) memset(t->name, 0, t->name_room * sizeof *t->name);
    t->names = 0;
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

const Sub *subs_identity(Arena *arena, int rank) {
    Sub *sub = arena_many(arena, rank, Sub);
    for (int k = 0; k < rank; k++) sub[k].a = affine_index(k);
    return sub;
}

const Sub *subs_copy(Arena *arena, const Sub *sub, int rank) {
    Sub *copy = arena_many(arena, rank, Sub);
    if (rank) memcpy(copy, sub, (size_t)rank * sizeof *sub);
    return copy;
}

void stmt_full_box(Stmt *s) {
    static const char *const letters[] = {"i", "j", "k", "l", "m", "o", "p", "q", "r"};
    s->nout = s->to->rank;
    for (int k = 0; k < s->nout; k++) s->ix[k] = (Index){letters[k], 0, s->to->dim[k], k == 0 && s->to->per_sample};
}

/* ---- leaves */

const Expr *expr_num(Program *p, double v) {
    return intern(p, &(Expr){.op = OP_NUM, .num = v});
}

const Expr *expr_val(Program *p, Affine a) {
    if (a.n == 0 && a.den == 1) return expr_num(p, a.c);
    return intern(p, &(Expr){.op = OP_VAL, .affine = a});
}

const Expr *expr_read(Program *p, Tensor *t, const Sub *sub) {
    return intern(p, &(Expr){.op = OP_READ, .read = {t, sub}});
}

const Expr *expr_read_padded(Program *p, Tensor *t, const Sub *sub, double pad) {
    return intern(p, &(Expr){.op = OP_READ, .read = {t, sub}, .padded = true, .pad = pad});
}

const Expr *expr_random(Program *p, int site) {
    return intern(p, &(Expr){.op = OP_RANDOM, .num = site});
}

bool expr_is_num(const Expr *e, double v) {
    return e->op == OP_NUM && e->num == v;
}

/* ---- operations, with the identities that hold for every number (but for the sign of a zero) */

static const Expr *negated(Program *p, const Expr *e) {
    return expr_1(p, OP_NEG, e);
}

/* Is e always 0 or 1? */
static bool is_truth(const Expr *e) {
    switch (e->op) {
    case OP_LT:
    case OP_LE:
    case OP_EQ:
    case OP_AND:
    case OP_OR:
    case OP_NOT: return true;
    default: return expr_is_num(e, 0) || expr_is_num(e, 1);
    }
}

static const Expr *fold_add(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 0)) return a;                                               /* x + 0 = x */
    if (expr_is_num(a, 0)) return b;                                               /* 0 + x = x */
    if (b->op == OP_NEG) return expr_2(p, OP_SUB, a, b->arg[0]);                   /* x + -y = x - y */
    if (a->op == OP_NEG) return expr_2(p, OP_SUB, b, a->arg[0]);                   /* -x + y = y - x */
    if (b->op == OP_NUM && b->num < 0) return expr_2(p, OP_SUB, a, negated(p, b)); /* x + -2 = x - 2 */
    return NULL;
}

static const Expr *fold_sub(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 0)) return a;                             /* x - 0 = x */
    if (expr_is_num(a, 0)) return negated(p, b);                 /* 0 - x = -x */
    if (b->op == OP_NEG) return expr_2(p, OP_ADD, a, b->arg[0]); /* x - -y = x + y */
    if (b->op == OP_NUM && b->num < 0) return expr_2(p, OP_ADD, a, negated(p, b));
    return NULL;
}

static const Expr *fold_mul(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 1)) return a;              /* x * 1 = x */
    if (expr_is_num(a, 1)) return b;              /* 1 * x = x */
    if (expr_is_num(b, -1)) return negated(p, a); /* x * -1 = -x */
    if (expr_is_num(a, -1)) return negated(p, b);
    if (a->op == OP_NEG) return negated(p, expr_2(p, OP_MUL, a->arg[0], b)); /* -x * y = -(x * y) */
    if (b->op == OP_NEG) return negated(p, expr_2(p, OP_MUL, a, b->arg[0]));
    return NULL;
}

static const Expr *fold_div(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 1)) return a;                                         /* x / 1 = x */
    if (expr_is_num(b, -1)) return negated(p, a);                            /* x / -1 = -x */
    if (a->op == OP_NEG) return negated(p, expr_2(p, OP_DIV, a->arg[0], b)); /* -x / y = -(x / y) */
    if (b->op == OP_NEG) return negated(p, expr_2(p, OP_DIV, a, b->arg[0]));
    return NULL;
}

static const Expr *fold_pow(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(b, 1)) return a;              /* x ^ 1 = x */
    if (expr_is_num(b, 0)) return expr_num(p, 1); /* x ^ 0 = 1, for nan too */
    if (expr_is_num(a, 1)) return a;              /* 1 ^ x = 1, for nan too */
    return NULL;
}

static const Expr *fold_neg(Program *p, const Expr *a) {
    if (a->op == OP_NEG) return a->arg[0];                               /* --x = x */
    if (a->op == OP_SUB) return expr_2(p, OP_SUB, a->arg[1], a->arg[0]); /* -(x - y) = y - x */
    if (a->op == OP_MUL && a->arg[0]->op == OP_NUM)                      /* -(2 * x) = -2 * x */
        return expr_2(p, OP_MUL, negated(p, a->arg[0]), a->arg[1]);
    return NULL;
}

static const Expr *fold_lt(Program *p, const Expr *a, const Expr *b) {
    return a == b ? expr_num(p, 0) : NULL;
}

static const Expr *fold_and(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(a, 0) || expr_is_num(b, 0)) return expr_num(p, 0); /* no and x = no */
    if (a->op == OP_NUM && is_truth(b)) return b;                      /* yes and x = x */
    if (b->op == OP_NUM && is_truth(a)) return a;
    return NULL;
}

static const Expr *fold_or(Program *p, const Expr *a, const Expr *b) {
    if (expr_is_num(a, 0) && is_truth(b)) return b; /* no or x = x */
    if (expr_is_num(b, 0) && is_truth(a)) return a;
    if (a->op == OP_NUM && a->num != 0) return expr_num(p, 1); /* yes or x = yes */
    if (b->op == OP_NUM && b->num != 0) return expr_num(p, 1);
    return NULL;
}

static const Expr *fold_not(Program *p, const Expr *a) {
    (void)p;
    return a->op == OP_NOT && is_truth(a->arg[0]) ? a->arg[0] : NULL;
}

static const Expr *fold_same(Program *p, const Expr *a, const Expr *b) {
    (void)p;
    return a == b ? a : NULL; /* min(x, x) = x */
}

static const Expr *fold_stop(Program *p, const Expr *a) {
    (void)p;
    return a->op == OP_STOP || a->op == OP_NUM || a->op == OP_VAL ? a : NULL;
}

typedef const Expr *Fold1(Program *p, const Expr *a);
typedef const Expr *Fold2(Program *p, const Expr *a, const Expr *b);
static Fold1 *const fold_1[OP_COUNT] = {[OP_NEG] = fold_neg, [OP_NOT] = fold_not, [OP_STOP] = fold_stop};
static Fold2 *const fold_2[OP_COUNT] = {
    [OP_ADD] = fold_add, [OP_SUB] = fold_sub, [OP_MUL] = fold_mul, [OP_DIV] = fold_div,  [OP_POW] = fold_pow,
    [OP_LT] = fold_lt,   [OP_AND] = fold_and, [OP_OR] = fold_or,   [OP_MIN] = fold_same, [OP_MAX] = fold_same,
};

const Expr *expr_1(Program *p, Op op, const Expr *a) {
    if (a->op == OP_NUM) return expr_num(p, op_info[op].value(a->num, 0, 0));
    const Expr *r = fold_1[op] ? fold_1[op](p, a) : NULL;
    return r ? r : intern(p, &(Expr){.op = op, .nargs = 1, .arg = {a}});
}

const Expr *expr_2(Program *p, Op op, const Expr *a, const Expr *b) {
    if (a->op == OP_NUM && b->op == OP_NUM) return expr_num(p, op_info[op].value(a->num, b->num, 0));
    const Expr *r = fold_2[op] ? fold_2[op](p, a, b) : NULL;
    return r ? r : intern(p, &(Expr){.op = op, .nargs = 2, .arg = {a, b}});
}

const Expr *expr_3(Program *p, Op op, const Expr *a, const Expr *b, const Expr *c) {
    if (op != OP_SELECT) bug("operation %d has not three arguments", (int)op);
    if (a->op == OP_NUM) return a->num != 0 ? b : c;                   /* if yes then x else y = x */
    if (b == c) return b;                                              /* if c then x else x = x */
    if (a->op == OP_NOT) return expr_3(p, OP_SELECT, a->arg[0], c, b); /* if not c then x else y = if c then y else x */
    return intern(p, &(Expr){.op = op, .nargs = 3, .arg = {a, b, c}});
}

const Expr *expr_op(Program *p, Op op, const Expr *const *arg) {
    switch (op_info[op].nargs) {
    case 1: return expr_1(p, op, arg[0]);
    case 2: return expr_2(p, op, arg[0], arg[1]);
    case 3: return expr_3(p, op, arg[0], arg[1], arg[2]);
    default: bug("operation %d has no arguments", (int)op);
    }
}

/* ---- rewriting: one pass over the distinct nodes, leaves first */

static Memo *memo_of(Program *p, const Expr *e) {
    ExprTable *t = p->table;
    if (e->id >= t->memo_room) {
        const size_t room = 2 * (t->n + ROOM_FIRST);
        t->memo = arena_grow(p->arena, t->memo, t->memo_room, room, sizeof *t->memo);
        t->memo_room = room;
    }
    return &t->memo[e->id];
}

typedef struct Rewrite {
    Program *p;
    unsigned generation;
    ExprRewrite *leaf; /* what to do with each node, or NULL: substitute `map` */
    void *context;
    const Affine *map;
    unsigned changed; /* the indices that map changes */
} Rewrite;

static const Expr *rewrite(Rewrite *w, const Expr *e);

static Sub rewrite_sub(Rewrite *w, const Sub *s) {
    if (s->gather) return (Sub){.gather = rewrite(w, s->gather)};
    if (!w->map) return *s;
    return (Sub){.a = affine_substitute(s->a, w->map)};
}

static const Expr *rewrite_read(Rewrite *w, const Expr *e) {
    Sub sub[RANK_MAX];
    for (int k = 0; k < e->read.tensor->rank; k++) sub[k] = rewrite_sub(w, &e->read.sub[k]);
    return e->padded ? expr_read_padded(w->p, e->read.tensor, sub, e->pad) : expr_read(w->p, e->read.tensor, sub);
}

static const Expr *rewrite_node(Rewrite *w, const Expr *e) {
    if (e->op == OP_READ) return rewrite_read(w, e);
    if (e->op == OP_VAL && w->map) return expr_val(w->p, affine_substitute(e->affine, w->map));
    if (e->nargs == 0) return e;
    const Expr *arg[3] = {e, e, e};
    for (int k = 0; k < e->nargs; k++) arg[k] = rewrite(w, e->arg[k]);
    return expr_op(w->p, e->op, arg);
}

static const Expr *rewrite(Rewrite *w, const Expr *e) {
    if (w->map && !(e->indices & w->changed)) return e;
    const Memo *known = memo_of(w->p, e);
    if (known->generation == w->generation) return known->result;
    const Expr *r = rewrite_node(w, e);
    if (w->leaf) r = w->leaf(w->p, r, w->context);
    *memo_of(w->p, e) = (Memo){w->generation, r};
    return r;
}

const Expr *expr_substitute(Program *p, const Expr *e, const Affine *map) {
    Rewrite w = {.p = p, .generation = ++p->table->generation, .map = map};
    for (int k = 0; e->indices >> k; k++)
        if (e->indices >> k & 1 && !affine_equal(map[k], affine_index(k))) w.changed |= 1U << k;
    return w.changed ? rewrite(&w, e) : e;
}

Sub sub_substitute(Program *p, const Sub *s, const Affine *map) {
    if (s->gather) return (Sub){.gather = expr_substitute(p, s->gather, map)};
    return (Sub){.a = affine_substitute(s->a, map)};
}

const Expr *expr_rewrite(Program *p, const Expr *e, ExprRewrite *leaf, void *context) {
    Rewrite w = {.p = p, .generation = ++p->table->generation, .leaf = leaf, .context = context};
    return rewrite(&w, e);
}

bool expr_uses_index(const Expr *e, int k) {
    return e->indices >> k & 1;
}

/* ---- visiting: arguments have smaller ids than what uses them, so a set of ids up to e's own will do */

typedef struct Visit {
    unsigned char *seen;
    ExprVisit *visit;
    void *context;
    bool reads_only;
} Visit;

static void visit_node(Visit *v, const Expr *e) {
    if (v->seen[e->id / 8] >> (e->id % 8) & 1) return;
    v->seen[e->id / 8] |= (unsigned char)(1U << (e->id % 8));
    for (int k = 0; k < e->nargs; k++) visit_node(v, e->arg[k]);
    if (e->op == OP_READ)
        for (int k = 0; k < e->read.tensor->rank; k++)
            if (e->read.sub[k].gather) visit_node(v, e->read.sub[k].gather);
    if (e->op == OP_READ || !v->reads_only) v->visit(e, v->context);
}

static void visit_all(const Expr *e, ExprVisit *visit, void *context, bool reads_only) {
    Visit v = {calloc(e->id / 8 + 1, 1), visit, context, reads_only};
    if (!v.seen) fatal("cannot go on");
    visit_node(&v, e);
    free(v.seen);
}

void expr_nodes(const Expr *e, ExprVisit *visit, void *context) {
    visit_all(e, visit, context, false);
}

void expr_reads(const Expr *e, ReadVisit *visit, void *context) {
    visit_all(e, visit, context, true);
}

static void visit_sub(const Sub *s, ReadVisit *visit, void *context) {
    if (s->gather) expr_reads(s->gather, visit, context);
}

void stmt_reads(const Stmt *s, ReadVisit *visit, void *context) {
    expr_reads(s->e, visit, context);
    if (s->derivative) expr_reads(s->derivative, visit, context);
    for (int k = 0; k < s->to->rank; k++) visit_sub(&s->lhs[k], visit, context);
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
    return c->done[e->id] = intern(c->p, &content);
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
    Copy c = {program_new(p->arena, name, p->batch), arena_many(p->arena, p->table->n, const Expr *)};
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
