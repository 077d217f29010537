/* emit_tile: a loop nest in vectors, as a function of pointers.
 *
 * for the loops outside of the tile:
 *     sums = 0;  for the reduced indices: { loads;  sums += terms }      a variable for each row and vector of the tile
 *     the other statements, from the sums on;  stores
 *
 * Every load of one address in one place is one variable, so rows share what does not depend on them. Functions of equal text
 * are one function: names in it are those of parameters, p0, p1 ... */
#include "emit_tile.h"

typedef struct LoopText {
    const char *name, *from, *to;
    int step;
} LoopText;

static const char *loop_head(const TileText *t, const LoopText *l) {
    const char *more = l->step == 1 ? "++" : arena_printf(t->e->arena, " += %d", l->step);
    return arena_printf(t->e->arena, "for (int %s = %s; %s < %s; %s%s)", l->name, l->from, l->name, l->to, l->name, more);
}

/* ---- copies: blocks transposed, what is left one by one */

typedef struct Turn {           /* to[.. b .. a] = from[.. a .. b], where a and b are the indices of unit steps */
    const char *to, *from;      /* arrays */
    const Affine *write, *read; /* numbers of elements in them, to which is added: */
    const char *to_more, *from_more;
    int a, b;
} Turn;

typedef struct Range {
    const char *from, *to;
    bool empty;
} Range;

/* What of an index is copied in blocks. Where the last one is not whole it begins earlier, and copies some once more; but there
 * may be fewer samples than a block holds, and a block must not reach from one panel into the next: then there is a rest, which
 * is copied one by one. */
typedef struct Split {
    Range whole, last, rest, all;
} Split;

static Split split_range(const TileText *t, const Index *ix, bool panels) {
    Arena *arena = t->e->arena;
    const int lanes = t->tile->lanes, left = ix->hi % lanes;
    const bool overlaps = !ix->batch && !panels && left, rest = ix->batch || (panels && left);
    const char *hi = ix->batch ? t->e->count : arena_printf(arena, "%d", ix->hi);
    const char *end =
        ix->batch ? arena_printf(arena, "%s / %d * %d", hi, lanes, lanes) : arena_printf(arena, "%d", ix->hi - left);
    return (Split){
        {"0", end, false}, {arena_printf(arena, "%d", ix->hi - lanes), hi, !overlaps}, {end, hi, !rest}, {"0", hi, false}};
}

static const char *range_head(const TileText *t, int k, const Range *r, int step) {
    return loop_head(t, &(LoopText){t->at.c.name[k], r->from, r->to, step});
}

static void put_turned(TileText *t, const Turn *turn, int step, const Range *a, const Range *b) {
    if (a->empty || b->empty) return;
    open_body(t->e);
    open_body(t->e);
    const char *write = arena_printf(t->e->arena, "%s%s", turn->to_more, tile_affine(t, *turn->write));
    const char *read = arena_printf(t->e->arena, "%s%s", turn->from_more, tile_affine(t, *turn->read));
    if (step == 1)
        write_line(t->e, "%s[%s] = %s[%s];", turn->to, write, turn->from, read);
    else
        write_line(t->e, "%s(%s + %s, %d, %s + %s, %d);", tile_call(t, "transpose"), turn->from, read,
                   affine_coef(*turn->read, turn->a), turn->to, write, affine_coef(*turn->write, turn->b));
    close_body(t->e, range_head(t, turn->a, a, step));
    close_body(t->e, range_head(t, turn->b, b, step));
}

static void tile_turn(TileText *t) {
    const PlanStmt *s = t->nest->stmts.at[0];
    const Expr *x = s->s->e;
    const Home *to = plan_home(t->e->p, s->s->to), *from = plan_home(t->e->p, x->read.tensor);
    const int a = plan_find_loop(s, t->tile->loop), b = plan_find_loop(s, t->tile->rows[0].loop);
    tile_begin(t, s);
    t->lane = -1;
    t->count = t->count || s->s->ix[a].batch || s->s->ix[b].batch;
    t->at.c.name[b] = open_index(t->e, s->s->ix[b].batch ? "s" : s->s->ix[b].name);
    t->at.c.name[a] = open_index(t->e, s->s->ix[a].batch ? "s" : s->s->ix[a].name);
    const char *to_more, *from_more;
    const Affine write = tile_element(t, to, s->s->lhs, &to_more), read = tile_element(t, from, x->read.sub, &from_more);
    const Turn turn = {tile_array(t, to, true), tile_array(t, from, false), &write, &read, to_more, from_more, a, b};
    const bool panels = to->panel || from->panel;
    const Split p = split_range(t, &s->s->ix[a], panels), q = split_range(t, &s->s->ix[b], panels);
    const Range *const ps[] = {&p.whole, &p.last}, *const qs[] = {&q.whole, &q.last};
    for (int k = 0; k < 4; k++) put_turned(t, &turn, t->tile->lanes, ps[k / 2], qs[k % 2]);
    put_turned(t, &turn, 1, &p.rest, &q.all);
    for (int k = 0; k < 2; k++) put_turned(t, &turn, 1, ps[k], &q.rest);
    t->e->scope.n -= 2;
}

/* ---- a tile, and the loops around it */

static void put_stmts(TileText *t) {
    const int loaded = t->loaded.n, locals = t->locals.n;
    for (int j = 0; j < t->nest->stmts.n;) j += tile_stmts(t, j);
    t->loaded.n = loaded;
    t->locals.n = locals;
}

/* Which of the tile's row loops it is, or -1. */
static int row_loop(const Tile *tile, int loop) {
    for (int k = 0; k < TILE_ROWS; k++)
        if (tile->rows[k].loop == loop) return k;
    return -1;
}

/* How many rows there are is what its unrolled loops say. */
static void put_tile(TileText *t, const Node *tile) {
    t->rows[0] = t->rows[1] = 1;
    for (const Node *n = tile->body.at[0]; n->kind == NODE_LOOP && n->mode != LOOP_SERIAL; n = n->body.at[0]) {
        const int rows = n->mode == LOOP_UNROLLED ? row_loop(t->tile, n->of - 1) : -1;
        if (rows >= 0) t->rows[rows] = n->to.at[0].a.c;
    }
    for (int loop = 0; loop < t->nest->loops; loop++)
        t->loop_known[loop] =
            !t->loop_name[loop] && !(t->tile->turn && (loop == t->tile->loop || row_loop(t->tile, loop) >= 0));
    if (t->tile->turn)
        tile_turn(t);
    else
        put_stmts(t);
}

/* What a thread is given of a loop, if that has bounds of its own too. */
static const char *given(const TileText *t, const char *edge, const Bounds *bounds, const char *bound, const char *best) {
    return bounds->n == 1 ? edge : arena_printf(t->e->arena, "%s(%s, %s)", helper_call(t->e->units, best), edge, bound);
}

/* All of a loop's points, or those of this thread. */
static LoopText loop_text(TileText *t, const Node *n) {
    const Cursor c = cursor_at(t->e, n);
    const bool shared = t->nest->shared && n->of - 1 == t->nest->shared_loop;
    LoopText l = {.step = n->by, .from = loop_from(t->e, &c, &n->from)};
    l.to = loop_to(t->e, &c, &n->to, n->samples && !shared ? t->e->count : NULL);
    t->count = t->count || (n->samples && !shared);
    if (!shared) return l;
    l.from = given(t, t->from, &n->from, l.from, "int_max");
    l.to = given(t, t->to, &n->to, l.to, "int_min");
    return l;
}

/* Whole steps are followed by a loop over the rest with the same variable. */
static const char *whole_head(TileText *t, const LoopText *l) {
    write_line(t->e, "int %s = %s;", l->name, l->from);
    return arena_printf(t->e->arena, "for (; %s + %d <= %s; %s += %d)", l->name, l->step, l->to, l->name, l->step);
}

static const char *rest_head(const TileText *t, const LoopText *l) {
    return arena_printf(t->e->arena, "for (; %s < %s; %s++)", l->name, l->to, l->name);
}

static void put_nodes(TileText *t, const Nodes *nodes);

static void put_loop(TileText *t, const Node *n) {
    const int loop = n->of - 1;
    LoopText l = loop_text(t, n);
    if (!n->after) t->loop_name[loop] = open_index(t->e, n->name);
    l.name = t->e->around.name[n->index] = t->loop_name[loop];
    set_range(t->e, n);
    const char *head = n->whole ? whole_head(t, &l) : n->after ? rest_head(t, &l) : loop_head(t, &l);
    open_body(t->e);
    put_nodes(t, &n->body);
    close_body(t->e, head);
    if (n->whole) return;
    t->e->scope.n--;
    t->loop_name[loop] = NULL;
}

static void put_test(TileText *t, const Node *n) {
    const Cursor c = cursor_at(t->e, n);
    const char *tests = tests_text(t->e, &c, &n->guards);
    if (tests) open_body(t->e);
    put_nodes(t, &n->body);
    if (tests) close_body(t->e, arena_printf(t->e->arena, "if (%s)", tests));
}

static void put_nodes(TileText *t, const Nodes *nodes) {
    for (int k = 0; k < nodes->n; k++) {
        const Node *n = nodes->at[k];
        switch (n->kind) {
        case NODE_TILE: put_tile(t, n); break;
        case NODE_LOOP: put_loop(t, n); break;
        case NODE_TEST: put_test(t, n); break;
        default: bug("what is outside of a tile is neither a loop nor a test");
        }
    }
}

void emit_tile(Emit *e, const Node *n) {
    const Nest *nest = &n->step->nest;
    TileText t = {.e = e,
                  .nest = nest,
                  .seen = n->seen,
                  .tile = &nest->tile,
                  .rows = {1, 1},
                  .row_index = {-1, -1},
                  .part_index = -1,
                  .parts = 1};
    const int indent = e->w->indent;
    e->w->indent = 1;
    hold(e->w);
    e->in_tile = true;
    t.from = open_index(e, "from");
    t.to = open_index(e, "to");
    put_nodes(&t, &n->body);
    e->scope.n -= 2;
    e->in_tile = false;
    const char *body = release(e->w, e->arena);
    e->w->indent = indent;
    tile_function(&t, body);
}
