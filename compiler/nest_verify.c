/* nest_verify: what every list of nodes must keep: an index is used where its loop is open, by one loop at a time; only what
 * the program may write is written; what is written, and what is read but for padded reads, is inside of its tensor. Where an
 * index is kept smaller than its loop's first bounds say, by a test or by a bound, it is enough that some of it is inside. */
#include "nest.h"

typedef struct Check {
    const NestProgram *nest;
    const char *stage;
    Index range[INDEX_MAX]; /* of the open loops' indices */
    unsigned open, kept;    /* kept smaller */
    bool never;             /* no test holds, or a loop is empty: nothing runs */
    const Node *node;
} Check;

static void failed(const Check *c, const char *what) __attribute__((noreturn));
static void failed(const Check *c, const char *what) {
    bug("after %s: %s of %s: %s", c->stage, c->node->target ? c->node->target->name : "a loop", c->nest->program->name, what);
}

static void check_affine(const Check *c, const Affine *a) {
    if (a->den != 1) failed(c, "a subscript that divides");
    if (affine_indices(a) & ~c->open) failed(c, "an index outside of its loop");
}

static void check_inside(const Check *c, const Affine *a, int dim, const char *what) {
    int min, max;
    affine_range(*a, c->range, &min, &max);
    const bool some = max >= 0 && min < dim, all = min >= 0 && max < dim;
    if (!(affine_indices(a) & c->kept ? some : all) && !c->never) failed(c, what);
}

/* what: said where it may leave its tensor; NULL: it may. */
static void check_subs(const Check *c, const Tensor *t, const Sub *sub, const char *what) {
    for (int d = 0; d < t->rank; d++) {
        if (sub[d].gather) {
            if (sub[d].gather->indices & ~c->open) failed(c, "data are read at an index outside of its loop");
            continue;
        }
        check_affine(c, &sub[d].a);
        if (what) check_inside(c, &sub[d].a, t->dim[d], what);
    }
}

static void check_expr(const Expr *e, void *context) {
    const Check *c = context;
    if (e->indices & ~c->open) failed(c, "a value with an index outside of its loop");
    if (e->op == OP_READ) check_subs(c, e->read.tensor, e->read.sub, e->padded ? NULL : "it reads outside of a tensor");
}

/* What guards keep smaller is seen in c. */
static void check_guards(Check *c, const Guards *guards) {
    for (int k = 0; k < guards->n; k++) {
        const Guard *g = &guards->at[k];
        int min, max;
        check_affine(c, &g->a);
        affine_range(g->a, c->range, &min, &max);
        c->kept |= affine_indices(&g->a);
        c->never = c->never || max < g->lo || min >= g->hi;
    }
}

static void check_write(const Check *c, const Tensor *t, const Sub *sub) {
    const bool persists = tensor_is_persistent(t);
    if (!tensor_is_computed(t) && !(persists && !c->node->stmt)) failed(c, "what is given is written");
    check_subs(c, t, sub, "it is written outside of it");
}

/* Indices of the loops around that bounds keep smaller: of those for which nothing is left. */
static unsigned check_bounds(const Check *c, const Bounds *bounds) {
    unsigned kept = 0;
    if (!bounds->n) failed(c, "a loop without a bound");
    for (int k = 0; k < bounds->n; k++) {
        check_affine(c, &bounds->at[k].a);
        kept |= affine_indices(&bounds->at[k].a);
        if (bounds->at[k].den < 1) failed(c, "a bound that is divided by less than 1");
    }
    return kept;
}

static void check_nodes(Check *c, const Nodes *nodes);

/* Is there a bound from which on, before another up to which? */
static bool is_empty(const Check *c, const Node *n) {
    int from, to, ignored;
    for (int k = 0; k < n->from.n; k++)
        for (int j = 0; j < n->to.n; j++) {
            affine_range(n->from.at[k].a, c->range, &from, &ignored);
            affine_range(n->to.at[j].a, c->range, &ignored, &to);
            if (floor_div(from, n->from.at[k].den) >= floor_div(to, n->to.at[j].den)) return true;
        }
    return false;
}

/* Of a range that may be empty it is before the first one. */
static int last_point(const Node *n, int lo, int hi) {
    if (n->whole) hi -= n->by - 1;
    return n->samples ? hi - 1 : lo + floor_div(hi - 1 - lo, n->by) * n->by;
}

/* The first bounds are numbers. */
static void check_loop(const Check *c, const Node *n) {
    Check inside = *c;
    if (n->index < 0 || n->index >= INDEX_MAX || c->open >> n->index & 1) failed(c, "an index of two loops");
    if (n->by < 1 || n->after < 0) failed(c, "a loop that goes nowhere");
    check_affine(c, &n->less);
    inside.kept |= check_bounds(c, &n->from) | check_bounds(c, &n->to) | affine_indices(&n->less);
    if (!affine_is_const(n->from.at[0].a) || !affine_is_const(n->to.at[0].a)) failed(c, "a loop without a known range");
    inside.never = c->never || is_empty(c, n);
    if (n->from.n + n->to.n > 2 || n->less.n) inside.kept |= 1U << n->index;
    const int lo = n->from.at[0].a.c, hi = n->to.at[0].a.c;
    inside.range[n->index] = (Index){n->name, lo, last_point(n, lo, hi) + 1, n->samples};
    inside.open |= 1U << n->index;
    check_nodes(&inside, &n->body);
}

static void check_test(const Check *c, const Node *n) {
    Check inside = *c;
    check_guards(&inside, &n->guards);
    check_nodes(&inside, &n->body);
}

static void check_value(const Check *c, const Node *n) {
    Check inside = *c;
    check_write(c, n->target, n->at);
    check_guards(&inside, &n->guards);
    expr_nodes(n->value, check_expr, &inside);
    if (!n->best) return;
    check_write(c, n->best, n->best_at);
    check_affine(c, &n->number);
}

static void check_nodes(Check *c, const Nodes *nodes) {
    for (int k = 0; k < nodes->n; k++) {
        const Node *n = c->node = nodes->at[k];
        switch (n->kind) {
        case NODE_NEST:
        case NODE_TILE: check_nodes(c, &n->body); break;
        case NODE_LOOP: check_loop(c, n); break;
        case NODE_TEST: check_test(c, n); break;
        case NODE_SET:
        case NODE_REDUCE: check_value(c, n); break;
        case NODE_CALL:
        case NODE_FETCH: break;
        }
    }
}

void nest_verify(const NestProgram *n, const char *stage) {
    Check c = {.nest = n, .stage = stage};
    check_nodes(&c, &n->nodes);
}
