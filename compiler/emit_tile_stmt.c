/* emit_tile_stmt: one statement of a nest in vectors, at all rows and vectors of the tile: plain, a sum, a sum whose own index
 * is in lanes, the position of the largest term. */
#include "emit_tile.h"
#include <string.h>

void tile_begin(TileText *t, const PlanStmt *s) {
    t->at = place_of(t->e, t->nest, s);
    t->at.guards = t->seen;
    for (int loop = 0; loop < t->nest->loops; loop++) {
        const int k = plan_find_loop(s, loop);
        t->at.c.known[k] = t->loop_known[loop];
        t->at.c.value[k] = t->nest->lo[loop];
        t->at.c.name[k] = t->loop_name[loop];
    }
    t->lane = plan_find_loop(s, t->tile->loop);
    for (int k = 0; k < TILE_ROWS; k++) t->row_index[k] = t->rows[k] > 1 ? plan_find_loop(s, t->tile->rows[k].loop) : -1;
}

/* Lanes that lie apart, or of which there are fewer at the end. */
static void put_apart(TileText *t, const Stmt *s, const Home *h, const char *name) {
    const char *none, *array = tile_array(t, h, true), *address = tile_address(t, h, s->lhs);
    const Affine lane = affine_index(t->lane), element = tile_element(t, h, s->lhs, &none);
    const Index *ix = &s->ix[t->lane];
    t->count = t->count || ix->batch;
    const char *left = ix->batch ? arena_printf(t->e->arena, "%s - (%s)", t->e->count, tile_affine(t, lane))
                                 : tile_affine(t, affine_sub(affine_const(ix->hi), lane));
    const char *store = tile_call(t, s->to->integer ? "store_index_apart" : "store_apart");
    write_line(t->e, "%s(%s + %s, %d, %s, %s);", store, array, address, affine_coef(element, t->lane), left, name);
}

/* What a value is known by from here on; stored, if it has a place in memory. */
static void put_value(TileText *t, const Stmt *s, const char *name) {
    const Home *h = plan_home(t->e->p, s->to);
    if (h->kind == HOME_LOCAL) {
        list_push(t->e->arena, &t->locals, ((Local){h, tile_row(t), t->vector, name, NULL}));
        return;
    }
    if (t->lane >= 0 && t->at.s->apart) {
        put_apart(t, s, h, name);
        return;
    }
    const char *array = tile_array(t, h, true), *address = tile_address(t, h, s->lhs);
    if (t->lane >= 0) {
        const char *store = s->to->integer ? "store_index" : "store", *load = s->to->integer ? "load_index" : "load";
        write_line(t->e, "%s(%s + %s, %s);", tile_call(t, store), array, address, name);
        tile_loaded(t, arena_printf(t->e->arena, "%s(%s + %s)", tile_called(t, load), array, address), name);
    } else {
        write_line(t->e, "%s[%s] = %s;", array, address, name);
        tile_loaded(t, arena_printf(t->e->arena, "%s[%s]", array, address), name);
    }
}

/* What already stands where s writes. */
static const char *old_text(TileText *t, const Stmt *s) {
    const Home *h = plan_home(t->e->p, s->to);
    if (h->kind == HOME_LOCAL) return tile_local(t, h);
    const char *array = tile_array(t, h, true), *address = tile_address(t, h, s->lhs);
    if (t->lane >= 0) return arena_printf(t->e->arena, "%s(%s + %s)", tile_call(t, "load"), array, address);
    return arena_printf(t->e->arena, "%s[%s]", array, address);
}

static const char *stmt_type(const TileText *t) {
    return t->lane >= 0 ? tile_vector(t) : tile_real(t);
}

/* A variable that is a text already, or a new one. */
static const char *as_variable(TileText *t, const char *type, const char *text) {
    if (strspn(text, "v_0123456789") == strlen(text)) return text;
    const char *name = tile_variable(t);
    write_line(t->e, "const %s %s = %s;", type, name, text);
    return name;
}

/* A product with what all lanes share, read once and nowhere else, is left to where it is read: there may be more to share. */
static bool leave_product(TileText *t, const PlanStmt *s) {
    const Home *h = plan_home(t->e->p, s->s->to);
    Product p = {NULL, NULL};
    if (t->lane < 0 || s->s->add || s->s->e->op != OP_MUL) return false;
    if (h->kind != HOME_LOCAL || h->writers != 1 || h->readers != 1) return false;
    if (!tile_is_vector(t, s->s->e) || !tile_shared_factors(t, s->s->e)) return false;
    tile_factors(t, s->s->e, &p);
    const char *shared = as_variable(t, tile_real(t), p.shared), *vector = as_variable(t, tile_vector(t), p.vectors);
    list_push(t->e->arena, &t->locals, ((Local){h, tile_row(t), t->vector, vector, shared}));
    return true;
}

static void put_plain(TileText *t, const PlanStmt *s) {
    tile_begin(t, s);
    if (leave_product(t, s)) return;
    const char *value = t->lane >= 0 ? tile_as_vector(t, s->s->e) : tile_expr(t, s->s->e, s->s->add ? PREC_ADD + 1 : 0);
    const char *name = tile_variable(t), *old = s->s->add ? arena_printf(t->e->arena, "%s + ", old_text(t, s->s)) : "";
    write_line(t->e, "const %s %s = %s%s;", stmt_type(t), name, old, value);
    put_value(t, s->s, name);
}

/* What nothing is added to, or compared with. */
static const char *nothing_text(TileText *t, const Stmt *s) {
    const char *start = s->reduce == REDUCE_MAX ? "-INFINITY" : s->reduce == REDUCE_MIN ? "INFINITY" : number_text(t->e, 0);
    return t->lane >= 0 ? arena_printf(t->e->arena, "%s(%s)", tile_call(t, "splat"), start) : start;
}

static const char *start_text(TileText *t, const Stmt *s) {
    return s->add ? old_text(t, s) : nothing_text(t, s);
}

static void put_term(TileText *t, const Stmt *s, const char *sum) {
    const bool extreme = s->reduce == REDUCE_MAX || s->reduce == REDUCE_MIN;
    const char *best = s->reduce == REDUCE_MAX ? "max" : "min";
    if (!extreme)
        write_line(t->e, "%s += %s;", sum, tile_expr(t, s->e, 0));
    else if (t->lane >= 0)
        write_line(t->e, "%s = %s(%s, %s);", sum, tile_call(t, best), sum, tile_as_vector(t, s->e));
    else
        write_line(t->e, "%s = %s(%s, %s);", sum, helper_call(t->e->units, arena_printf(t->e->arena, "%s_of", best)), sum,
                   tile_expr(t, s->e, 0));
}

/* Loops over the reduced indices but `but` and places in windows; the batch's own bounds are asked for. */
static void open_others(TileText *t, const PlanStmt *s, int but) {
    int order[INDEX_MAX];
    const int n = plan_sum_loops(t->e->p, s, order);
    const unsigned places = plan_places(s);
    for (int k = 0; k < n; k++) {
        if (order[k] == but || places >> order[k] & 1) continue;
        t->count = t->count || s->s->ix[order[k]].batch;
        open_loop(t->e, &t->at, order[k], true);
    }
    open_tests(t->e, &t->at);
}

/* ---- sums: the variables of a tile's positions, in their order; of each position as many as it is added up in parts */

typedef struct Sums {
    const char **name;
    int n, parts;
} Sums;

static Sums sums_new(const TileText *t, int positions, int parts) {
    return (Sums){arena_many(t->e->arena, positions * parts, const char *), positions * parts, parts};
}

static const char *sum_at(const Sums *sums, int k) {
    if (k < 0 || k >= sums->n) bug("sum %d of %d in a tile", k, sums->n);
    return sums->name[k];
}

/* ---- places in windows: all terms are written out, those that read the same number one after another */

typedef struct Term { /* the lines of one, and the variable that it shares with others */
    const char *lines, *shared;
} Term;
typedef LIST(Term) Terms;

typedef struct Shared {
    unsigned places;
    const Expr *read;
} Shared;

static void find_shared(const Expr *read, void *context) {
    Shared *w = context;
    if (read->indices & w->places) w->read = read;
}

static void put_place(TileText *t, const Stmt *s, const Shared *shared, const Sums *sums, Terms *terms) {
    for (t->part = 0; t->part < sums->parts; t->part++) {
        int k = t->part;
        EACH_POSITION(t) {
            hold(t->e->w);
            put_term(t, s, sum_at(sums, k));
            const char *name = shared->read ? tile_read(t, shared->read) : "";
            list_push(t->e->arena, terms, ((Term){release(t->e->w, t->e->arena), name}));
            k += sums->parts;
        }
    }
    t->part = 0;
}

/* The terms of all positions. */
static void put_terms(TileText *t, const PlanStmt *s, const Sums *sums) {
    Shared shared = {.places = plan_places(s)};
    Terms terms = {0};
    int at[INDEX_MAX];
    if (shared.places) expr_reads(s->s->e, find_shared, &shared);
    for (bool more = box_first(s->s->ix, shared.places, at); more; more = box_next(s->s->ix, shared.places, at)) {
        for (int k = 0; shared.places >> k; k++) {
            t->at.c.known[k] = t->at.c.known[k] || shared.places >> k & 1;
            if (shared.places >> k & 1) t->at.c.value[k] = at[k];
        }
        put_place(t, s->s, &shared, sums, &terms);
    }
    for (int k = 0; k < terms.n; k++) {
        if (!terms.at[k].shared) continue;
        const char *name = terms.at[k].shared;
        for (int j = k; j < terms.n; j++) {
            if (!terms.at[j].shared || strcmp(terms.at[j].shared, name) != 0) continue;
            insert(t->e->w, terms.at[j].lines);
            terms.at[j].shared = NULL;
        }
    }
}

/* The innermost loop takes as many terms at once as there are parts. */
static void open_sum(TileText *t, const PlanStmt *s) {
    const int k = t->part_index;
    Place *at = &t->at;
    open_tests(t->e, at);
    open_others(t, s, k);
    if (k >= 0) {
        open_loop(t->e, at, k, true);
        at->head[at->opened - 1] = arena_printf(t->e->arena, "for (int %s = %d; %s < %d; %s += %d)", at->c.name[k],
                                                s->s->ix[k].lo, at->c.name[k], s->s->ix[k].hi, at->c.name[k], t->parts);
    }
    open_tests(t->e, at);
}

static void set_parts(TileText *t, const PlanStmt *s) {
    const int parts = t->tile->partials, k = parts > 1 ? plan_split_index(t->e->p, s, parts) : -1;
    t->part_index = k >= 0 && s->s->ix[k].hi - s->s->ix[k].lo > 1 ? k : -1;
    t->parts = t->part_index >= 0 ? parts : 1;
}

/* For every position the sum of its parts, in pairs. */
static void add_parts(TileText *t, const Sums *sums) {
    for (int half = sums->parts / 2; half > 0; half /= 2)
        for (int k = 0; k < sums->n; k += sums->parts)
            for (int j = 0; j < half; j++) write_line(t->e, "%s += %s;", sums->name[k + j], sums->name[k + j + half]);
    t->part_index = -1;
    t->parts = 1;
}

/* sums = 0; for the reduced indices: sums += terms */
static void put_sums(TileText *t, const PlanStmt *s) {
    Emit *e = t->e;
    set_parts(t, s);
    const Sums sums = sums_new(t, tile_positions(t), t->parts);
    int n = 0, k = 0;
    EACH_POSITION(t) {
        for (int part = 0; part < sums.parts; part++) {
            sums.name[n] = tile_variable(t);
            write_line(e, "%s %s = %s;", stmt_type(t), sums.name[n++], part ? nothing_text(t, s->s) : start_text(t, s->s));
        }
    }
    const int loaded = t->loaded.n;
    open_sum(t, s);
    put_terms(t, s, &sums);
    close_loops(e, &t->at, 0);
    t->loaded.n = loaded;
    add_parts(t, &sums);
    EACH_POSITION(t) {
        put_value(t, s->s, sum_at(&sums, k));
        k += sums.parts;
    }
}

/* Of each lane the first position of the largest or smallest term; and that term, if `both` is to have it. */
static void put_positions(TileText *t, const PlanStmt *s, const PlanStmt *both) {
    Emit *e = t->e;
    const int places = tile_positions(t), loaded = t->loaded.n;
    const bool max = s->s->reduce == REDUCE_ARGMAX;
    const char **best = arena_many(e->arena, places, const char *), **where = arena_many(e->arena, places, const char *);
    int n = 0, k = 0;
    EACH_POSITION(t) {
        best[n] = tile_variable(t);
        where[n] = tile_variable(t);
        write_line(e, "%s %s = %s(%s);", tile_vector(t), best[n], tile_call(t, "splat"), max ? "-INFINITY" : "INFINITY");
        write_line(e, "%s %s = {0};", tile_index_vector(t), where[n++]);
    }
    for (int r = s->s->nout; r < s->s->nout + s->s->nred; r++) t->count = t->count || s->s->ix[r].batch;
    open_reduction(e, &t->at);
    const char *number = tile_affine(t, reduced_number(s->s));
    EACH_POSITION(t) {
        const char *value = tile_as_vector(t, s->s->e), *v = tile_variable(t), *mask = tile_variable(t);
        write_line(e, "const %s %s = %s;", tile_vector(t), v, value);
        write_line(e, "const %s %s = %s(%s, %s);", tile_index_vector(t), mask, tile_call(t, max ? "above" : "below"), v,
                   best[k]);
        write_line(e, "%s = %s(%s, %s, %s);", best[k], tile_call(t, "pick"), mask, v, best[k]);
        write_line(e, "%s = (%s & (%s)) | (~%s & %s);", where[k], mask, number, mask, where[k]);
        k++;
    }
    close_loops(e, &t->at, 0);
    t->loaded.n = loaded;
    k = 0;
    EACH_POSITION(t) put_value(t, s->s, where[k++]);
    if (!both) return;
    k = 0;
    tile_begin(t, both);
    EACH_POSITION(t) put_value(t, both->s, best[k++]);
}

/* sums of lanes = start; for the other indices, for the index in steps of a vector: sums += terms */
static Sums put_lane_terms(TileText *t, const PlanStmt *s, int index, const char *head) {
    Emit *e = t->e;
    const Reduce reduce = s->s->reduce;
    const int loaded = t->loaded.n, open = t->at.opened;
    const Sums lane = sums_new(t, tile_rows(t), 1);
    const char *start = reduce == REDUCE_MAX ? "-INFINITY" : reduce == REDUCE_MIN ? "INFINITY" : number_text(e, 0);
    t->lane = index;
    for (int k = 0; k < lane.n; k++) {
        lane.name[k] = tile_variable(t);
        write_line(e, "%s %s = %s(%s);", tile_vector(t), lane.name[k], tile_call(t, "splat"), start);
    }
    if (s->s->ix[index].batch) open_others(t, s, index);
    if (head) open_body(e);
    put_terms(t, s, &lane);
    if (head) close_body(e, head);
    close_loops(e, &t->at, open);
    t->lane = -1;
    t->loaded.n = loaded;
    return lane;
}

/* All lanes of each are added up into its sum. */
static void put_lanes(TileText *t, const PlanStmt *s, int index, const Sums *sums, const char *head) {
    Emit *e = t->e;
    const Reduce reduce = s->s->reduce;
    const Sums lane = put_lane_terms(t, s, index, head);
    for (int k = 0; k < lane.n; k++) {
        const char *sum = sum_at(sums, k);
        if (reduce == REDUCE_SUM)
            write_line(e, "%s += %s(%s);", sum, tile_call(t, "sum"), lane.name[k]);
        else
            write_line(e, "for (int k = 0; k < %d; k++) %s = %s(%s, %s[k]);", t->tile->lanes, sum,
                       helper_call(e->units, reduce == REDUCE_MAX ? "max_of" : "min_of"), sum, lane.name[k]);
    }
}

/* What is left of the index, one by one. */
static void put_rest(TileText *t, const PlanStmt *s, int index, const Sums *sums, const char *head) {
    Emit *e = t->e;
    const int loaded = t->loaded.n, open = t->at.opened;
    open_body(e);
    if (s->s->ix[index].batch) open_others(t, s, index);
    put_terms(t, s, sums);
    close_loops(e, &t->at, open);
    close_body(e, head);
    t->loaded.n = loaded;
}

/* One reduced index in lanes, the innermost; of what is left of the batch the loop is the outermost. */
static void put_lane_sum(TileText *t, const PlanStmt *s, int index) {
    Emit *e = t->e;
    const Index *ix = &s->s->ix[index];
    const int lanes = t->tile->lanes, whole = (ix->hi - ix->lo) / lanes * lanes, loaded = t->loaded.n;
    const Sums sums = sums_new(t, tile_rows(t), 1);
    EACH_POSITION(t) {
        sums.name[tile_row(t)] = tile_variable(t);
        write_line(e, "%s %s = %s;", tile_real(t), sums.name[tile_row(t)], start_text(t, s->s));
    }
    open_tests(e, &t->at);
    if (!ix->batch) open_others(t, s, index);
    const unsigned guards = t->at.guards;
    const char *name = t->at.c.name[index] = open_index(e, ix->batch ? "s" : ix->name), *n = e->count, *head = NULL;
    t->at.c.known[index] = !ix->batch && whole == lanes;
    t->at.c.value[index] = ix->lo;
    t->count = t->count || ix->batch;
    const Cursor before = t->at.c; /* the rest opens the other loops once more */
    if (ix->batch)
        head = arena_printf(e->arena, "for (int %s = 0; %s + %d <= %s; %s += %d)", name, name, lanes, n, name, lanes);
    else if (whole > lanes)
        head = arena_printf(e->arena, "for (int %s = %d; %s < %d; %s += %d)", name, ix->lo, name, ix->lo + whole, name, lanes);
    put_lanes(t, s, index, &sums, head);
    t->at.guards = guards;
    t->at.c = before;
    t->at.c.known[index] = false;
    if (ix->batch)
        put_rest(t, s, index, &sums,
                 arena_printf(e->arena, "for (int %s = %s / %d * %d; %s < %s; %s++)", name, n, lanes, lanes, name, n, name));
    else if (ix->lo + whole < ix->hi)
        put_rest(t, s, index, &sums,
                 arena_printf(e->arena, "for (int %s = %d; %s < %d; %s++)", name, ix->lo + whole, name, ix->hi, name));
    e->scope.n--;
    close_loops(e, &t->at, 0);
    t->loaded.n = loaded;
    EACH_POSITION(t) put_value(t, s->s, sum_at(&sums, tile_row(t)));
}

/* What stands after the first n lanes of each vector is no term of its sum. */
static void drop_lanes(TileText *t, const Sums *lane, int n) {
    Emit *e = t->e;
    const char *mask = tile_variable(t), *which = "", *none = number_text(e, 0);
    for (int k = 0; k < t->tile->lanes; k++) which = arena_printf(e->arena, "%s%s%d", which, k ? ", " : "", -(k < n));
    write_line(e, "const %s %s = {%s};", tile_index_vector(t), mask, which);
    for (int k = 0; k < t->tile->lanes; k++)
        write_line(e, "%s = %s(%s, %s, %s(%s));", lane->name[k], tile_call(t, "pick"), mask, lane->name[k],
                   tile_call(t, "splat"), none);
}

/* The lanes of several vectors, one for each point, are added up to a vector of sums. */
static const char *put_folded(TileText *t, const PlanStmt *s, int index) {
    Emit *e = t->e;
    const Index *ix = &s->s->ix[index];
    const int lanes = t->tile->lanes, loaded = t->loaded.n;
    open_tests(e, &t->at);
    const char *name = t->at.c.name[index] = open_index(e, ix->name), *head = NULL, *given = "";
    t->at.c.known[index] = ix->hi - ix->lo <= lanes;
    t->at.c.value[index] = ix->lo;
    if (!t->at.c.known[index])
        head = arena_printf(e->arena, "for (int %s = %d; %s < %d; %s += %d)", name, ix->lo, name, ix->hi, name, lanes);
    const Sums lane = put_lane_terms(t, s, index, head);
    e->scope.n--;
    t->loaded.n = loaded;
    if (ix->hi - ix->lo < lanes) drop_lanes(t, &lane, ix->hi - ix->lo);
    for (int k = 0; k < lanes; k++) given = arena_printf(e->arena, "%s%s%s", given, k ? ", " : "", sum_at(&lane, k));
    const char *sums = tile_variable(t);
    write_line(e, "const %s %s = %s(%s);", tile_vector(t), sums, tile_call(t, "sums"), given);
    return sums;
}

/* As many points of the lanes' loop as there are lanes are the rows of a tile. */
static void put_fold(TileText *t, const PlanStmt *s, int index) {
    const Tile *tile = t->tile;
    Tile rows = *tile;
    rows.loop = -1;
    rows.rows[0].loop = tile->loop;
    rows.rows[0].n = t->rows[0] = tile->lanes;
    t->tile = &rows;
    tile_begin(t, s);
    const char *sums = put_folded(t, s, index);
    t->tile = tile;
    t->rows[0] = 1;
    t->row[0] = t->row[1] = t->vector = 0;
    tile_begin(t, s);
    put_value(t, s->s, sums);
}

static void put_reduction(TileText *t, const PlanStmt *s) {
    int index;
    if (s->found) return;
    const PlanStmt *first = s->finder ? s->finder : s;
    tile_begin(t, first);
    t->row[0] = t->row[1] = t->vector = 0;
    if (t->tile->fold && plan_fold_sum(t->e->p, s, t->tile->lanes, &index))
        put_fold(t, s, index);
    else if (first->best)
        put_positions(t, first, s->finder ? s : NULL);
    else if (t->tile->loop < 0 && plan_lane_sum(t->e->p, s, t->tile->lanes, &index))
        put_lane_sum(t, s, index);
    else
        put_sums(t, s);
}

/* All that follows a sum is done for one position after another, so that few values are held at a time. */
int tile_stmts(TileText *t, int first) {
    const PlanStmts *stmts = &t->nest->stmts;
    int end = first;
    while (end < stmts->n && stmts->at[end]->s->reduce == REDUCE_NONE) end++;
    if (end == first) {
        put_reduction(t, stmts->at[first]);
        return 1;
    }
    tile_begin(t, stmts->at[first]);
    EACH_POSITION(t) for (int j = first; j < end; j++) put_plain(t, stmts->at[j]);
    return end - first;
}
