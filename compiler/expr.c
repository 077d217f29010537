/* expr: expressions, their subscripts and reads, built, rewritten and visited.
 *
 * Equal expressions of one program are the same pointer, so equality is one comparison and rewriting is linear in the number
 * of distinct nodes. Nothing here depends on where the memory happens to lie: the same calls build the same program. */
#include "ir.h"
#include <stdlib.h>
#include <string.h>

/* ---- subscripts */

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

bool sub_equal(const Sub *a, const Sub *b) {
    return a->gather == b->gather && (a->gather || affine_equal(a->a, b->a));
}

bool has_gather(const Sub *sub, int rank) {
    for (int d = 0; d < rank; d++)
        if (sub[d].gather) return true;
    return false;
}

unsigned sub_indices(const Sub *s) {
    return s->gather ? s->gather->indices : affine_indices(&s->a);
}

/* ---- the table of a program's expressions, by content, and memory for rewriting */

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
} ExprTable;

enum { ROOM_FIRST = 256 };

static uint64_t hash_mix(uint64_t h, uint64_t v) {
    h ^= v;
    h = (h ^ (h >> 32)) * UINT64_C(0x9e3779b97f4a7c15); /* numbers have their ones above */
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

static unsigned expr_indices(const Expr *e) {
    unsigned mask = e->op == OP_VAL ? affine_indices(&e->affine) : 0;
    for (int k = 0; k < e->nargs; k++) mask |= e->arg[k]->indices;
    if (e->op == OP_READ)
        for (int k = 0; k < e->read.tensor->rank; k++) mask |= sub_indices(&e->read.sub[k]);
    return mask;
}

void expr_table_new(Program *p) {
    p->table = arena_one(p->arena, ExprTable);
    table_double(p->arena, p->table);
}

size_t expr_count(const Program *p) {
    return p->table->n;
}

const Expr *expr_intern(Program *p, const Expr *content) {
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

/* ---- leaves */

const Expr *expr_num(Program *p, double v) {
    return expr_intern(p, &(Expr){.op = OP_NUM, .num = v});
}

const Expr *expr_val(Program *p, Affine a) {
    if (a.n == 0 && a.den == 1) return expr_num(p, a.c);
    return expr_intern(p, &(Expr){.op = OP_VAL, .affine = a});
}

const Expr *expr_read(Program *p, Tensor *t, const Sub *sub) {
    return expr_intern(p, &(Expr){.op = OP_READ, .read = {t, sub}});
}

const Expr *expr_read_padded(Program *p, Tensor *t, const Sub *sub, double pad) {
    return expr_intern(p, &(Expr){.op = OP_READ, .read = {t, sub}, .padded = true, .pad = pad});
}

const Expr *expr_random(Program *p, int site) {
    return expr_intern(p, &(Expr){.op = OP_RANDOM, .num = site});
}

bool expr_is_num(const Expr *e, double v) {
    return e->op == OP_NUM && e->num == v;
}

/* ---- rewriting: one pass over the distinct nodes, leaves first */

static Memo *memo_of(Program *p, const Expr *e) {
    ExprTable *t = p->table;
    if (e->id >= t->memo_room) {
        const size_t room = 2 * ((e->id > t->n ? e->id : t->n) + ROOM_FIRST); /* e may be another program's */
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
