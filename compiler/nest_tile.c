/* nest_tile: takes the loops of a nest in tiles.
 *
 *     for i from 0 to 8 { for j from 0 to 100 { y[i, j] = ... } }          rows: 4 of i; vectors: 2 of 16 lanes of j
 *
 *     for i from 0 to 8 by 4 { for j from 0 to 100 by 32 {
 *         tile { for unrolled r from 0 to 4 { for unrolled v from 0 to 2 { for lanes l from 0 to min(16, 100 - j - 16 v) {
 *             y[i + r, j + 16 v + l] = ... } } } } } }
 *
 * Of samples there may be less than the batch holds: whole tiles of them are followed by a loop over single ones. A loop of no
 * more points than a tile has vanishes. */
#include "nest.h"
#include <string.h>

typedef struct Tiling {
    const NestProgram *n;
    Arena *arena;
    const Nest *nest;
    const Node *loop[INDEX_MAX]; /* of the nest, by number; NULL: it has one point */
    const Nodes *body;           /* of the innermost one */
    int rows[TILE_ROWS];         /* points of the tile's row loops */
    Affine base[INDEX_MAX];      /* where the tile begins, for each index */
    unsigned used;               /* indices */
} Tiling;

/* ---- copies with other indices */

static Sub *subs_moved(const Tiling *t, const Sub *sub, int rank, const Affine *map) {
    Sub *moved = arena_many(t->arena, rank, Sub);
    for (int d = 0; d < rank; d++) moved[d] = sub_substitute(t->n->program, &sub[d], map);
    return moved;
}

static Bounds bounds_moved(const Tiling *t, const Bounds *bounds, const Affine *map) {
    Bounds moved = {0};
    for (int k = 0; k < bounds->n; k++)
        list_push(t->arena, &moved, ((Bound){affine_substitute(bounds->at[k].a, map), bounds->at[k].den}));
    return moved;
}

static Guards guards_moved(const Tiling *t, const Guards *guards, const Affine *map) {
    Guards moved = {0};
    for (int k = 0; k < guards->n; k++) {
        const Guard *g = &guards->at[k];
        list_push(t->arena, &moved, ((Guard){affine_substitute(g->a, map), g->lo, g->hi}));
    }
    return moved;
}

static Nodes nodes_moved(const Tiling *t, const Nodes *nodes, const Affine *map);

static Node *node_moved(const Tiling *t, const Node *n, const Affine *map) {
    Node *moved = arena_one(t->arena, Node);
    *moved = *n;
    moved->body = nodes_moved(t, &n->body, map);
    moved->from = bounds_moved(t, &n->from, map);
    moved->to = bounds_moved(t, &n->to, map);
    moved->guards = guards_moved(t, &n->guards, map);
    if (n->kind == NODE_LOOP) moved->less = affine_substitute(n->less, map);
    if (n->target) moved->at = subs_moved(t, n->at, n->target->rank, map);
    if (n->value) moved->value = expr_substitute(t->n->program, n->value, map);
    if (!n->best) return moved;
    moved->best_at = subs_moved(t, n->best_at, n->best->rank, map);
    moved->number = affine_substitute(n->number, map);
    return moved;
}

static Nodes nodes_moved(const Tiling *t, const Nodes *nodes, const Affine *map) {
    Nodes moved = {0};
    for (int k = 0; k < nodes->n; k++) list_push(t->arena, &moved, node_moved(t, nodes->at[k], map));
    return moved;
}

/* ---- loops */

static unsigned used_indices(const Nodes *nodes) {
    unsigned used = 0;
    for (int k = 0; k < nodes->n; k++) {
        if (nodes->at[k]->kind == NODE_LOOP) used |= 1U << nodes->at[k]->index;
        used |= used_indices(&nodes->at[k]->body);
    }
    return used;
}

static int new_index(Tiling *t) {
    int k = 0;
    while (t->used >> k & 1)
        if (++k == INDEX_MAX) bug("more than %d loops in each other", INDEX_MAX);
    t->used |= 1U << k;
    return k;
}

static Node *add_node(const Tiling *t, Nodes *to, NodeKind kind) {
    Node *n = arena_one(t->arena, Node);
    n->kind = kind;
    list_push(t->arena, to, n);
    return n;
}

/* The nest's loop in steps, over what is in its body. */
static Node *add_stepped(Tiling *t, Nodes *to, int loop, int by) {
    Node *n = add_node(t, to, NODE_LOOP);
    *n = *t->loop[loop];
    n->body = (Nodes){0};
    n->from = bounds_moved(t, &n->from, t->base);
    n->to = bounds_moved(t, &n->to, t->base);
    n->by = by;
    t->base[n->index] = affine_index(n->index);
    return n;
}

/* A loop within the tile, over points of one of the nest's that lie `apart` from each other. */
static Node *add_inner(Tiling *t, Nodes *to, int loop, LoopMode mode, const char *name, int points, int apart) {
    const Node *whole = t->loop[loop];
    Node *n = add_node(t, to, NODE_LOOP);
    n->mode = mode;
    n->index = new_index(t);
    n->by = 1;
    n->name = name;
    n->of = loop + 1;
    n->less = affine_const(0);
    list_push(t->arena, &n->from, ((Bound){affine_const(0), 1}));
    list_push(t->arena, &n->to, ((Bound){affine_const(points), 1}));
    t->base[whole->index] = affine_add(t->base[whole->index], affine_scale(affine_index(n->index), apart));
    return n;
}

/* The lanes that there are: those of the last vector may be less. */
static Node *add_lanes(Tiling *t, Nodes *to, int loop, int lanes) {
    const Node *whole = t->loop[loop];
    const Affine first = t->base[whole->index];
    const int lo = whole->from.at[0].a.c, hi = whole->to.at[0].a.c;
    Node *n = add_inner(t, to, loop, LOOP_LANES, "lane", lanes, 1);
    n->samples = whole->samples;
    if (whole->samples)
        n->less = first;
    else if ((hi - lo) % lanes)
        list_push(t->arena, &n->to, ((Bound){affine_sub(affine_const(hi), first), 1}));
    return n;
}

static bool is_turned(const Tile *tile, int loop) {
    return tile->turn && (loop == tile->loop || loop == tile->rows[0].loop);
}

/* Of a copy that is transposed block by block: its two loops. */
static Nodes *add_turned(Tiling *t, Nodes *to) {
    for (int k = 0; k < t->nest->loops; k++)
        if (is_turned(&t->nest->tile, t->nest->order[k]) && t->loop[t->nest->order[k]])
            to = &add_stepped(t, to, t->nest->order[k], 1)->body;
    return to;
}

static void add_tile(Tiling *t, Nodes *to) {
    static const char *const names[TILE_ROWS] = {"r", "q"};
    const Tile *tile = &t->nest->tile;
    const unsigned used = t->used;
    Affine base[INDEX_MAX];
    memcpy(base, t->base, sizeof base);
    to = &add_node(t, to, NODE_TILE)->body;
    for (int k = 0; k < TILE_ROWS && !tile->turn; k++)
        if (t->rows[k] > 1) to = &add_inner(t, to, tile->rows[k].loop, LOOP_UNROLLED, names[k], t->rows[k], 1)->body;
    if (tile->turn) {
        to = add_turned(t, to);
    } else if (tile->loop >= 0 && t->loop[tile->loop]) {
        if (tile->vectors > 1) to = &add_inner(t, to, tile->loop, LOOP_UNROLLED, "v", tile->vectors, tile->lanes)->body;
        to = &add_lanes(t, to, tile->loop, tile->lanes)->body;
    }
    *to = nodes_moved(t, t->body, t->base);
    memcpy(t->base, base, sizeof base);
    t->used = used;
}

/* Which of the tile's row loops it is, or -1. */
static int row_loop(const Tile *tile, int loop) {
    for (int k = 0; k < TILE_ROWS && !tile->turn; k++)
        if (tile->rows[k].loop == loop) return k;
    return -1;
}

static void add_loops(Tiling *t, Nodes *to, int depth);

/* As many samples at once as a tile has, then the rest one by one. */
static void add_samples(Tiling *t, Nodes *to, int depth, int rows, int by) {
    const int loop = t->nest->order[depth];
    Node *whole = add_stepped(t, to, loop, by);
    whole->whole = true;
    t->rows[rows] = by;
    add_loops(t, &whole->body, depth + 1);
    t->rows[rows] = 1;
    Node *rest = add_stepped(t, to, loop, 1);
    rest->after = by;
    add_loops(t, &rest->body, depth + 1);
}

/* The loops from `depth` on, outermost first, and the tile in them. */
static void add_loops(Tiling *t, Nodes *to, int depth) {
    if (depth == t->nest->loops) {
        add_tile(t, to);
        return;
    }
    const int loop = t->nest->order[depth], rows = row_loop(&t->nest->tile, loop), by = plan_tile_step(&t->nest->tile, loop);
    const Node *whole = t->loop[loop];
    if (!whole || is_turned(&t->nest->tile, loop)) {
        add_loops(t, to, depth + 1);
    } else if (whole->samples && rows >= 0) {
        add_samples(t, to, depth, rows, by);
    } else {
        const int lo = whole->from.at[0].a.c, points = whole->to.at[0].a.c - lo;
        const bool vanishes = !whole->samples && points <= by;
        if (vanishes)
            t->base[whole->index] = affine_const(lo);
        else
            to = &add_stepped(t, to, loop, by)->body;
        if (rows >= 0) t->rows[rows] = by;
        add_loops(t, to, depth + 1);
        if (rows >= 0) t->rows[rows] = 1;
    }
}

/* Notes the nest's loops, which stand around each other, and what they are around. */
static void find_loops(Tiling *t, const Nodes *nodes) {
    t->body = nodes;
    if (nodes->n != 1 || nodes->at[0]->kind != NODE_LOOP || !nodes->at[0]->of) return;
    t->loop[nodes->at[0]->of - 1] = nodes->at[0];
    find_loops(t, &nodes->at[0]->body);
}

void nest_tile(const NestProgram *n, Node *nest, unsigned open) {
    Tiling t = {.n = n, .arena = n->arena, .nest = &nest->step->nest, .rows = {1, 1}, .used = open | used_indices(&nest->body)};
    Nodes *to = &nest->body, tiled = {0};
    while (to->n == 1 && to->at[0]->kind == NODE_TEST) to = &to->at[0]->body;
    for (int k = 0; k < INDEX_MAX; k++) t.base[k] = affine_index(k);
    find_loops(&t, to);
    add_loops(&t, &tiled, 0);
    *to = tiled;
}
