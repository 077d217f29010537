/* emit_tile: a loop nest in vectors, as a function of pointers.
 *
 * for the loops outside of the tile:
 *     sums = 0;  for the reduced indices: { loads;  sums += terms }      a variable for each row and vector of the tile
 *     the other statements, from the sums on;  stores
 *
 * Every load of one address in one place is one variable, so rows share what does not depend on them. Functions of equal text
 * are one function: names in it are those of parameters, p0, p1 ... */
#include "emit_tile.h"
#include <string.h>

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

/* What of index k is copied in blocks, and what is left. */
static void split_range(const TileText *t, const Index *ix, Range *whole, Range *rest) {
    Arena *arena = t->e->arena;
    const int lanes = t->tile->lanes, blocks = ix->hi / lanes * lanes;
    const char *n = t->e->count,
               *end = ix->batch ? arena_printf(arena, "%s / %d * %d", n, lanes, lanes) : arena_printf(arena, "%d", blocks);
    *whole = (Range){"0", end, false};
    *rest = (Range){end, ix->batch ? n : arena_printf(arena, "%d", ix->hi), !ix->batch && blocks == ix->hi};
}

static const char *range_head(const TileText *t, int k, const Range *r, int step) {
    const char *name = t->at.c.name[k], *more = step == 1 ? "++" : arena_printf(t->e->arena, " += %d", step);
    return arena_printf(t->e->arena, "for (int %s = %s; %s < %s; %s%s)", name, r->from, name, r->to, name, more);
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
    Range a_whole, a_rest, b_whole, b_rest;
    split_range(t, &s->s->ix[a], &a_whole, &a_rest);
    split_range(t, &s->s->ix[b], &b_whole, &b_rest);
    put_turned(t, &turn, t->tile->lanes, &a_whole, &b_whole);
    put_turned(t, &turn, 1, &a_rest, &(Range){"0", b_rest.to, false});
    put_turned(t, &turn, 1, &a_whole, &b_rest);
    t->e->scope.n -= 2;
}

/* ---- loops around the tile */

static void put_inside(TileText *t, int depth);

static void put_stmts(TileText *t) {
    const int loaded = t->loaded.n, locals = t->locals.n;
    for (int j = 0; j < t->nest->stmts.n;) j += tile_stmts(t, j);
    t->loaded.n = loaded;
    t->locals.n = locals;
}

static void put_loop(TileText *t, int depth, const char *head) {
    open_body(t->e);
    put_inside(t, depth + 1);
    close_body(t->e, head);
}

/* As many rows at once as there are, then the rest one by one. */
static void put_row_loops(TileText *t, int depth, int which, const char *name, bool batch) {
    Emit *e = t->e;
    const int loop = t->tile->rows[which].loop, rows = t->tile->rows[which].n, hi = t->nest->hi[loop];
    t->rows[which] = rows;
    if (!batch) {
        put_loop(t, depth, arena_printf(e->arena, "for (int %s = 0; %s < %d; %s += %d)", name, name, hi, name, rows));
        t->rows[which] = 1;
        return;
    }
    write_line(e, "int %s = 0;", name);
    put_loop(t, depth, arena_printf(e->arena, "for (; %s + %d <= %s; %s += %d)", name, rows, e->count, name, rows));
    t->rows[which] = 1;
    put_loop(t, depth, arena_printf(e->arena, "for (; %s < %s; %s++)", name, e->count, name));
}

/* Which of the tile's row loops it is, or -1. */
static int row_loop(const Tile *tile, int loop) {
    for (int k = 0; k < TILE_ROWS; k++)
        if (tile->rows[k].loop == loop) return k;
    return -1;
}

static const char *index_name(const TileText *t, int loop) {
    const PlanStmt *s = t->nest->stmts.at[0];
    return loop == t->nest->batch ? "s" : s->s->ix[plan_find_loop(s, loop)].name;
}

static void put_inside(TileText *t, int depth) {
    Emit *e = t->e;
    if (depth == t->nest->loops) {
        if (t->tile->turn)
            tile_turn(t);
        else
            put_stmts(t);
        return;
    }
    const int loop = t->nest->order[depth];
    const int rows = row_loop(t->tile, loop);
    if (t->tile->turn && (loop == t->tile->loop || rows >= 0)) {
        put_inside(t, depth + 1);
        return;
    }
    const int lo = t->nest->lo[loop], hi = t->nest->hi[loop];
    const bool batch = loop == t->nest->batch, lanes = loop == t->tile->loop;
    const int step = lanes ? t->tile->lanes * t->tile->vectors : rows >= 0 ? t->tile->rows[rows].n : 1;
    if (!batch && hi - lo <= step) {
        t->loop_known[loop] = true;
        if (rows >= 0) t->rows[rows] = step;
        put_inside(t, depth + 1);
        if (rows >= 0) t->rows[rows] = 1;
        t->loop_known[loop] = false;
        return;
    }
    const char *name = t->loop_name[loop] = open_index(e, index_name(t, loop));
    t->count = t->count || batch;
    if (rows >= 0)
        put_row_loops(t, depth, rows, name, batch);
    else if (batch && lanes)
        put_loop(t, depth, arena_printf(e->arena, "for (int %s = 0; %s < %s; %s += %d)", name, name, e->count, name, step));
    else if (batch)
        put_loop(t, depth, arena_printf(e->arena, "for (int %s = 0; %s < %s; %s++)", name, name, e->count, name));
    else if (lanes)
        put_loop(t, depth, arena_printf(e->arena, "for (int %s = 0; %s < %d; %s += %d)", name, name, hi, name, step));
    else
        put_loop(t, depth, arena_printf(e->arena, "for (int %s = %d; %s < %d; %s++)", name, lo, name, hi, name));
    e->scope.n--;
    t->loop_name[loop] = NULL;
}

/* ---- the function and its call */

/* Does the nest stand at a step of this recurrence? */
static bool in_scan(const Nest *nest, const Scan *scan) {
    for (int j = 0; j < nest->stmts.n; j++)
        for (int k = 0; k < nest->stmts.at[j]->s->nout + nest->stmts.at[j]->s->nred; k++)
            if (nest->stmts.at[j]->scan[k] == scan) return true;
    return false;
}

static const char *params_text(const TileText *t) {
    const char *text = "";
    for (int k = 0; k < t->params.n; k++) {
        const Param *p = &t->params.at[k];
        const char *type = p->home ? type_name(t->e->plan, p->home->tensor) : tile_real(t);
        if (p->home && p->home->kind == HOME_INPUT) type = tile_real(t);
        text = arena_printf(t->e->arena, p->home ? "%s%s%s *__restrict %s" : "%s%s%s %s", text, k ? ", " : "",
                            p->home && p->written ? type : arena_printf(t->e->arena, "const %s", type), p->name);
    }
    if (t->count) text = arena_printf(t->e->arena, "%s%sint %s", text, *text ? ", " : "", t->e->count);
    for (int k = 0; k < t->e->scans.n; k++)
        if (in_scan(t->nest, t->e->scans.at[k].scan))
            text = arena_printf(t->e->arena, "%s%sint %s", text, *text ? ", " : "", t->e->scans.at[k].name);
    return text;
}

static const char *kernel_name(TileText *t, const char *text, bool *fresh) {
    UnitSet *units = t->e->units;
    for (int k = 0; k < units->kernels.n; k++)
        if (!strcmp(units->kernels.at[k].text, text)) return *fresh = false, units->kernels.at[k].name;
    const Kernel kernel = {arena_printf(t->e->arena, "%s_tile%d", t->e->plan->name, units->kernels.n + 1), text};
    list_push(t->e->arena, &units->kernels, kernel);
    *fresh = true;
    return kernel.name;
}

static void put_call(TileText *t, const char *name) {
    Emit *e = t->e;
    const char *given = "";
    for (int k = 0; k < t->params.n; k++) given = arena_printf(e->arena, "%s%s%s", given, k ? ", " : "", t->params.at[k].given);
    if (t->count) {
        e->uses.count = true;
        given = arena_printf(e->arena, "%s%s(int)%s", given, *given ? ", " : "", e->count);
    }
    for (int k = 0; k < e->scans.n; k++)
        if (in_scan(t->nest, e->scans.at[k].scan))
            given = arena_printf(e->arena, "%s%s%s", given, *given ? ", " : "", e->scans.at[k].name);
    write_line(e, "%s(%s);", name, given);
}

void emit_tile(Emit *e, const Nest *nest) {
    TileText t = {
        .e = e, .nest = nest, .tile = &nest->tile, .rows = {1, 1}, .row_index = {-1, -1}, .part_index = -1, .parts = 1};
    const int indent = e->w->indent;
    e->w->indent = 1;
    hold(e->w);
    e->in_tile = true;
    Place first = place_of(e, nest, nest->stmts.at[0]);
    open_scan_test(e, &first);
    put_inside(&t, 0);
    close_loops(e, &first, 0);
    e->in_tile = false;
    const char *body = release(e->w, e->arena);
    e->w->indent = indent;
    bool fresh;
    e->units->apart = true;
    const char *text = arena_printf(e->arena, "(%s) {\n%s}\n", params_text(&t), body), *name = kernel_name(&t, text, &fresh);
    if (fresh) list_push(e->arena, &e->cut, arena_printf(e->arena, "\nstatic %s_APART void %s%s", e->plan->upper, name, text));
    put_call(&t, name);
}
