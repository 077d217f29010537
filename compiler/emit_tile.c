/* emit_tile: a loop nest in vectors, as a function of pointers.
 *
 * for the loops outside of the tile:
 *     sums = 0;  for the reduced indices: { loads;  sums += terms }      a variable for each row and vector of the tile
 *     the other statements, from the sums on;  stores
 *
 * Every load of one address in one place is one variable, so rows share what does not depend on them. Functions of equal text
 * are one function: names in it are those of parameters, p0, p1 ... */
#include "emit_loops.h"
#include "emit_vector.h"
#include <string.h>

typedef struct Param {
    const Home *home; /* an array; NULL: a number */
    const char *name, *given;
    bool written;
} Param;

typedef struct Loaded { /* a variable that holds what stands at an address, or a value of the nest */
    const char *address;
    const char *name;
} Loaded;

typedef struct Local { /* the variable for a value that only this nest knows */
    const Home *home;
    int row, vector;
    const char *name;
} Local;

typedef struct TileText {
    Emit *e;
    const Nest *nest;
    const Tile *tile;
    LIST(Param) params;
    LIST(Loaded) loaded;
    LIST(Local) locals;
    int variables;
    bool count; /* n is asked for */
    /* the statement being written */
    Place at;
    int lane;                                  /* its index whose points are lanes, or -1 */
    int row_index[TILE_ROWS], rows[TILE_ROWS]; /* of each of the tile's row loops: its index, how many rows are written */
    int row[TILE_ROWS], vector;                /* the position in the tile */
    const char *loop_name[INDEX_MAX];
    bool loop_known[INDEX_MAX];
} TileText;

/* Rows are counted through, those of the last row loop fastest. */
static int row_of(const TileText *t) {
    return t->row[0] * t->rows[1] + t->row[1];
}

static int rows_of(const TileText *t) {
    return t->rows[0] * t->rows[1];
}

static const char *call_name(const TileText *t, const char *name) {
    const char *function = vector_call(t->e->units, t->e->plan, name, t->tile->lanes);
    return arena_printf(t->e->arena, "%s_%d", function, t->tile->lanes);
}

static const char *real_name(const TileText *t) {
    return real_type(t->e->plan);
}

static const char *vector_name(const TileText *t) {
    return arena_printf(t->e->arena, "v%d", t->tile->lanes);
}

static const char *index_vector(const TileText *t) {
    return arena_printf(t->e->arena, "i%d", t->tile->lanes);
}

static bool is_vector(const TileText *t, const Expr *x) {
    return t->lane >= 0 && expr_uses_index(x, t->lane);
}

static const char *new_variable(TileText *t) {
    return arena_printf(t->e->arena, "v_%d", t->variables++);
}

/* ---- parameters */

static const char *array_given(TileText *t, const Home *h) {
    Emit *e = t->e;
    home_used(e, (Home *)h);
    hold(e->w);
    put_base(e, h);
    const char *base = release(e->w, e->arena);
    const bool array = h->kind == HOME_NET || h->kind == HOME_WORK || h->kind == HOME_NUMBERS;
    const int rank = array ? home_rank(h) : 1;
    if (rank == 1) return base;
    base = arena_printf(e->arena, "&%s", base);
    for (int k = 0; k < rank; k++) base = arena_printf(e->arena, "%s[0]", base);
    return base;
}

static const char *array_param(TileText *t, const Home *h, bool write) {
    for (int k = 0; k < t->params.n; k++)
        if (t->params.at[k].home == h) {
            t->params.at[k].written = t->params.at[k].written || write;
            return t->params.at[k].name;
        }
    const Param p = {h, arena_printf(t->e->arena, "p_%d", t->params.n), array_given(t, h), write};
    list_push(t->e->arena, &t->params, p);
    return p.name;
}

static const char *number_param(TileText *t, const char *given) {
    for (int k = 0; k < t->params.n; k++)
        if (!t->params.at[k].home && !strcmp(t->params.at[k].given, given)) return t->params.at[k].name;
    const Param p = {NULL, arena_printf(t->e->arena, "p_%d", t->params.n), given, false};
    list_push(t->e->arena, &t->params, p);
    return p.name;
}

/* ---- addresses */

static Affine at_position(const TileText *t, Affine a) {
    if (t->lane >= 0) a.c += affine_coef(a, t->lane) * t->tile->lanes * t->vector;
    for (int k = 0; k < TILE_ROWS; k++)
        if (t->row_index[k] >= 0) a.c += affine_coef(a, t->row_index[k]) * t->row[k];
    return a;
}

static const char *affine_text(TileText *t, Affine a) {
    Emit *e = t->e;
    hold(e->w);
    put_affine(e, &t->at.c, at_position(t, a), 0);
    return release(e->w, e->arena);
}

static const char *gather_text(TileText *t, const Sub *sub, int below);

/* The number of an element within its array: 64 * i + o; `gathers` is what data adds to it: 48 * index_of(p1[s], 128) + */
static Affine element_affine(TileText *t, const Home *h, const Sub *sub, const char **gathers) {
    const Tensor *x = h->tensor;
    const Model *m = t->e->plan->model;
    const bool flat = h->kind == HOME_INPUT || h->kind == HOME_TARGET || h->kind == HOME_OUTPUT;
    Affine number = affine_const(flat && x->per_sample && !h->sliced ? x->offset : 0);
    long long stride = 1;
    *gathers = "";
    for (int k = x->rank - 1; k >= 0; k--) {
        const int d = flat ? k : h->order[k];
        if (h->sliced && d == 0) continue;
        if (flat && d == 0 && x->per_sample) stride = h->kind == HOME_INPUT ? m->inputs : m->outputs;
        if (sub[d].gather)
            *gathers = arena_printf(t->e->arena, "%lld * %s + ", stride, gather_text(t, &sub[d], x->dim[d]));
        else
            number = affine_add(number, affine_scale(sub[d].a, (int)stride));
        stride *= flat ? x->dim[d] : home_stored_dim(h, k);
    }
    return number;
}

static const char *address_text(TileText *t, const Home *h, const Sub *sub) {
    const char *gathers;
    const Affine number = element_affine(t, h, sub, &gathers);
    return arena_printf(t->e->arena, "%s%s", gathers, affine_text(t, number));
}

static const char *gather_text(TileText *t, const Sub *sub, int below) {
    const Expr *read = sub->gather;
    const Home *h = plan_home(t->e->p, read->read.tensor);
    const char *element = arena_printf(t->e->arena, "%s[%s]", array_param(t, h, false), address_text(t, h, read->read.sub));
    if (h->kind != HOME_INPUT) return element;
    return arena_printf(t->e->arena, "%s(%s, %d)", helper_call(t->e->units, "index_of"), element, below);
}

/* ---- reads */

static const char *find_loaded(const TileText *t, const char *address) {
    for (int k = t->loaded.n - 1; k >= 0; k--)
        if (!strcmp(t->loaded.at[k].address, address)) return t->loaded.at[k].name;
    return NULL;
}

static void set_loaded(TileText *t, const char *address, const char *name) {
    list_push(t->e->arena, &t->loaded, ((Loaded){address, name}));
}

static const char *find_local(const TileText *t, const Home *h) {
    for (int k = t->locals.n - 1; k >= 0; k--) { /* the last one: a += makes another */
        const Local *l = &t->locals.at[k];
        if (l->home == h && l->row == row_of(t) && l->vector == t->vector) return l->name;
    }
    bug("%s is read before it is written", h->tensor->name);
}

static const char *pad_test(TileText *t, const Expr *x) {
    Emit *e = t->e;
    bool first = true;
    hold(e->w);
    for (int d = 0; x->padded && d < x->read.tensor->rank; d++)
        if (!x->read.sub[d].gather)
            first = put_range_test(e, &t->at.c, x->read.sub[d].a, 0, x->read.tensor->dim[d], first) == 0 && first;
    const char *test = release(e->w, e->arena);
    return first ? NULL : test;
}

static const char *number_of(TileText *t, const Expr *x) {
    Emit *e = t->e;
    hold(e->w);
    put_real(e, &t->at.c, x, 0);
    return number_param(t, release(e->w, e->arena));
}

static bool written_here(const TileText *t, const Home *h) {
    for (int j = 0; j < t->nest->stmts.n; j++)
        if (plan_home(t->e->p, t->nest->stmts.at[j]->s->to) == h) return true;
    return false;
}

/* A number that the function is given. */
static bool is_given(const TileText *t, const Home *h) {
    if (h->kind == HOME_SCALAR) return true;
    return h->tensor->rank == 0 && h->kind != HOME_INPUT && h->kind != HOME_TARGET && !written_here(t, h);
}

/* The variable that holds what is read; the line that loads it is written if there is none yet. */
static const char *read_text(TileText *t, const Expr *x) {
    Emit *e = t->e;
    const Home *h = plan_home(e->p, x->read.tensor);
    if (h->kind == HOME_LOCAL && h->narrow) return find_local(t, h);
    if (is_given(t, h)) return number_of(t, x);
    const bool vector = is_vector(t, x);
    const char *array = array_param(t, h, false), *address = address_text(t, h, x->read.sub), *test = pad_test(t, x);
    const bool integer = vector && x->read.tensor->integer;
    const char *load =
        vector ? arena_printf(e->arena, "%s(%s + %s)", call_name(t, integer ? "load_index" : "load"), array, address)
               : arena_printf(e->arena, "%s[%s]", array, address);
    const char *plain = load;
    if (test) {
        const char *pad = number_text(e, x->pad);
        if (vector) pad = arena_printf(e->arena, "%s(%s)", call_name(t, "splat"), pad);
        load = arena_printf(e->arena, "%s ? %s : %s", test, load, pad);
    }
    const char *known = find_loaded(t, test ? load : plain);
    if (known) return known;
    const char *name = new_variable(t);
    write_line(e, "const %s %s = %s;", integer ? index_vector(t) : vector ? vector_name(t) : real_name(t), name, load);
    set_loaded(t, load, name);
    return name;
}

/* ---- expressions: what they read is loaded first, so that writing them writes no lines */

static const char *expr_text(TileText *t, const Expr *x, int precedence);

static const char *bracketed(TileText *t, const char *text, bool brackets) {
    return brackets ? arena_printf(t->e->arena, "(%s)", text) : text;
}

static const char *as_vector(TileText *t, const Expr *x) {
    const char *text = expr_text(t, x, 0);
    return is_vector(t, x) ? text : arena_printf(t->e->arena, "%s(%s)", call_name(t, "splat"), text);
}

static const char *infix_text(TileText *t, const Expr *x, int precedence) {
    const int own = c_infix[x->op].precedence;
    const char *a = expr_text(t, x->arg[0], own), *b = expr_text(t, x->arg[1], own + 1);
    return bracketed(t, arena_printf(t->e->arena, "%s %s %s", a, c_infix[x->op].sign, b), precedence > own);
}

static const char *test_text(TileText *t, const Expr *x);

/* Of vectors a condition is a mask, of which all bits are set where it holds. */
static const char *mask_text(TileText *t, const Expr *x) {
    const char *test = test_text(t, x);
    return arena_printf(t->e->arena, is_vector(t, x) ? "(%s)" : "-(%s)", test);
}

/* A condition as C has it; a number is one if it is not 0. Positions are compared as whole numbers. */
static const char *test_text(TileText *t, const Expr *x) {
    const bool vector = is_vector(t, x);
    if (expr_is_position_test(x) && vector)
        return arena_printf(t->e->arena, "%s == %s", read_text(t, x->arg[0]), affine_text(t, x->arg[1]->affine));
    if (x->op == OP_NOT) return arena_printf(t->e->arena, vector ? "~(%s)" : "!(%s)", test_text(t, x->arg[0]));
    if ((x->op == OP_AND || x->op == OP_OR) && vector)
        return arena_printf(t->e->arena, "%s %s %s", mask_text(t, x->arg[0]), x->op == OP_AND ? "&" : "|",
                            mask_text(t, x->arg[1]));
    if (x->op == OP_AND || x->op == OP_OR)
        return arena_printf(t->e->arena, "(%s) %s (%s)", test_text(t, x->arg[0]), x->op == OP_AND ? "&&" : "||",
                            test_text(t, x->arg[1]));
    if (op_info[x->op].kind == TRUTH) return infix_text(t, x, 0);
    return arena_printf(t->e->arena, "%s != 0", expr_text(t, x, PREC_EQ + 1));
}

/* A condition as the number 1 or 0. */
static const char *truth_text(TileText *t, const Expr *x) {
    const char *test = test_text(t, x), *one = number_text(t->e, 1), *none = number_text(t->e, 0);
    const char *splat = is_vector(t, x) ? call_name(t, "splat") : NULL;
    if (!splat) return arena_printf(t->e->arena, "((%s) ? %s : %s)", test, one, none);
    return arena_printf(t->e->arena, "%s(%s, %s(%s), %s(%s))", call_name(t, "pick"), test, splat, one, splat, none);
}

static const char *select_text(TileText *t, const Expr *x, int precedence) {
    Arena *arena = t->e->arena;
    if (is_vector(t, x->arg[0]))
        return arena_printf(arena, "%s(%s, %s, %s)", call_name(t, "pick"), test_text(t, x->arg[0]), as_vector(t, x->arg[1]),
                            as_vector(t, x->arg[2]));
    const bool vector = is_vector(t, x);
    const char *a = vector ? as_vector(t, x->arg[1]) : expr_text(t, x->arg[1], PREC_COND + 1);
    const char *b = vector ? as_vector(t, x->arg[2]) : expr_text(t, x->arg[2], PREC_COND + 1);
    return bracketed(t, arena_printf(arena, "(%s) ? %s : %s", test_text(t, x->arg[0]), a, b), precedence > PREC_COND);
}

static const char *call_text(TileText *t, const Expr *x) {
    const bool vector = is_vector(t, x);
    const char *text = vector ? call_name(t, vector_function(x->op)) : op_call(t->e->units, t->e->plan, x->op);
    text = arena_printf(t->e->arena, "%s(", text);
    for (int k = 0; k < x->nargs; k++)
        text = arena_printf(t->e->arena, "%s%s%s", text, k ? ", " : "",
                            vector ? as_vector(t, x->arg[k]) : expr_text(t, x->arg[k], 0));
    return arena_printf(t->e->arena, "%s)", text);
}

static const char *expr_text(TileText *t, const Expr *x, int precedence) {
    Arena *arena = t->e->arena;
    switch (x->op) {
    case OP_NUM: return bracketed(t, number_text(t->e, x->num), x->num < 0 && precedence > PREC_UNARY);
    case OP_READ: return read_text(t, x);
    case OP_VAL: return arena_printf(arena, "(%s)(%s)", real_name(t), affine_text(t, x->affine));
    case OP_NEG:
        return bracketed(t, arena_printf(arena, "-%s", expr_text(t, x->arg[0], PREC_UNARY + 1)), precedence > PREC_UNARY);
    case OP_STOP: return expr_text(t, x->arg[0], precedence);
    case OP_SELECT: return select_text(t, x, precedence);
    default: break;
    }
    if (op_info[x->op].kind == TRUTH) return truth_text(t, x);
    return vector_function(x->op) ? call_text(t, x) : infix_text(t, x, precedence);
}

/* ---- statements */

static int loop_index(const PlanStmt *s, int loop) {
    for (int k = 0; k < s->s->nout && loop >= 0; k++)
        if (s->role[k] == loop) return k;
    return -1;
}

static void begin_stmt(TileText *t, const PlanStmt *s) {
    t->at = place_of(t->e, t->nest, s);
    for (int loop = 0; loop < t->nest->loops; loop++) {
        const int k = loop_index(s, loop);
        t->at.c.known[k] = t->loop_known[loop];
        t->at.c.value[k] = t->nest->lo[loop];
        t->at.c.name[k] = t->loop_name[loop];
    }
    t->lane = loop_index(s, t->tile->loop);
    for (int k = 0; k < TILE_ROWS; k++) t->row_index[k] = t->rows[k] > 1 ? loop_index(s, t->tile->rows[k].loop) : -1;
}

/* What a value is known by from here on; stored, if it has a place in memory. */
static void put_value(TileText *t, const Stmt *s, const char *name) {
    const Home *h = plan_home(t->e->p, s->to);
    if (h->kind == HOME_LOCAL) {
        list_push(t->e->arena, &t->locals, ((Local){h, row_of(t), t->vector, name}));
        return;
    }
    const char *array = array_param(t, h, true), *address = address_text(t, h, s->lhs);
    if (t->lane >= 0) {
        const char *store = s->to->integer ? "store_index" : "store", *load = s->to->integer ? "load_index" : "load";
        write_line(t->e, "%s(%s + %s, %s);", call_name(t, store), array, address, name);
        set_loaded(t, arena_printf(t->e->arena, "%s(%s + %s)", call_name(t, load), array, address), name);
    } else {
        write_line(t->e, "%s[%s] = %s;", array, address, name);
        set_loaded(t, arena_printf(t->e->arena, "%s[%s]", array, address), name);
    }
}

/* What already stands where s writes. */
static const char *old_text(TileText *t, const Stmt *s) {
    const Home *h = plan_home(t->e->p, s->to);
    if (h->kind == HOME_LOCAL) return find_local(t, h);
    const char *array = array_param(t, h, true), *address = address_text(t, h, s->lhs);
    if (t->lane >= 0) return arena_printf(t->e->arena, "%s(%s + %s)", call_name(t, "load"), array, address);
    return arena_printf(t->e->arena, "%s[%s]", array, address);
}

#define EACH_POSITION(t)                                                                                                       \
    for ((t)->row[0] = 0; (t)->row[0] < (t)->rows[0]; (t)->row[0]++)                                                           \
        for ((t)->row[1] = 0; (t)->row[1] < (t)->rows[1]; (t)->row[1]++)                                                       \
            for ((t)->vector = 0; (t)->vector < ((t)->tile->loop >= 0 ? (t)->tile->vectors : 1); (t)->vector++)

static const char *stmt_type(const TileText *t) {
    return t->lane >= 0 ? vector_name(t) : real_name(t);
}

static void put_plain(TileText *t, const PlanStmt *s) {
    EACH_POSITION(t) {
        const char *value = t->lane >= 0 ? as_vector(t, s->s->e) : expr_text(t, s->s->e, s->s->add ? PREC_ADD + 1 : 0);
        const char *name = new_variable(t), *old = s->s->add ? arena_printf(t->e->arena, "%s + ", old_text(t, s->s)) : "";
        write_line(t->e, "const %s %s = %s%s;", stmt_type(t), name, old, value);
        put_value(t, s->s, name);
    }
}

static const char *start_text(TileText *t, const Stmt *s) {
    const char *start = s->reduce == REDUCE_MAX ? "-INFINITY" : s->reduce == REDUCE_MIN ? "INFINITY" : number_text(t->e, 0);
    if (s->add) return old_text(t, s);
    return t->lane >= 0 ? arena_printf(t->e->arena, "%s(%s)", call_name(t, "splat"), start) : start;
}

static void put_term(TileText *t, const Stmt *s, const char *sum) {
    const bool extreme = s->reduce == REDUCE_MAX || s->reduce == REDUCE_MIN;
    const char *best = s->reduce == REDUCE_MAX ? "max" : "min";
    if (!extreme)
        write_line(t->e, "%s += %s;", sum, expr_text(t, s->e, 0));
    else if (t->lane >= 0)
        write_line(t->e, "%s = %s(%s, %s);", sum, call_name(t, best), sum, as_vector(t, s->e));
    else
        write_line(t->e, "%s = %s(%s, %s);", sum, helper_call(t->e->units, arena_printf(t->e->arena, "%s_of", best)), sum,
                   expr_text(t, s->e, 0));
}

/* sums = 0; for the reduced indices: sums += terms */
static void put_sums(TileText *t, const PlanStmt *s) {
    Emit *e = t->e;
    const char **sums = arena_many(e->arena, rows_of(t) * t->tile->vectors, const char *);
    int n = 0, k = 0;
    EACH_POSITION(t) {
        sums[n++] = new_variable(t);
        write_line(e, "%s %s = %s;", stmt_type(t), sums[n - 1], start_text(t, s->s));
    }
    const int loaded = t->loaded.n;
    for (int r = s->s->nout; r < s->s->nout + s->s->nred; r++) t->count = t->count || s->s->ix[r].batch;
    open_reduction(e, &t->at);
    EACH_POSITION(t) put_term(t, s->s, sums[k++]);
    close_loops(e, &t->at, 0);
    t->loaded.n = loaded;
    k = 0;
    EACH_POSITION(t) put_value(t, s->s, sums[k++]);
}

/* Of each lane the first position of the largest or smallest term. */
static void put_positions(TileText *t, const PlanStmt *s) {
    Emit *e = t->e;
    const int places = rows_of(t) * t->tile->vectors, loaded = t->loaded.n;
    const bool max = s->s->reduce == REDUCE_ARGMAX;
    const char **best = arena_many(e->arena, places, const char *), **where = arena_many(e->arena, places, const char *);
    int n = 0, k = 0;
    EACH_POSITION(t) {
        best[n] = new_variable(t);
        where[n] = new_variable(t);
        write_line(e, "%s %s = %s(%s);", vector_name(t), best[n], call_name(t, "splat"), max ? "-INFINITY" : "INFINITY");
        write_line(e, "%s %s = {0};", index_vector(t), where[n++]);
    }
    open_reduction(e, &t->at);
    const char *number = affine_text(t, reduced_number(s->s));
    EACH_POSITION(t) {
        const char *value = as_vector(t, s->s->e), *v = new_variable(t), *mask = new_variable(t);
        write_line(e, "const %s %s = %s;", vector_name(t), v, value);
        write_line(e, "const %s %s = %s(%s, %s);", index_vector(t), mask, call_name(t, max ? "above" : "below"), v, best[k]);
        write_line(e, "%s = %s(%s, %s, %s);", best[k], call_name(t, "pick"), mask, v, best[k]);
        write_line(e, "%s = (%s & (%s)) | (~%s & %s);", where[k], mask, number, mask, where[k]);
        k++;
    }
    close_loops(e, &t->at, 0);
    t->loaded.n = loaded;
    k = 0;
    EACH_POSITION(t) put_value(t, s->s, where[k++]);
}

/* Loops over the reduced indices but `index`; the batch's own bounds are asked for. */
static void open_others(TileText *t, const PlanStmt *s, int index) {
    for (int k = s->s->nout; k < s->s->nout + s->s->nred; k++) {
        if (k == index || s->role[k] != AT_REDUCED) continue;
        t->count = t->count || s->s->ix[k].batch;
        open_loop(t->e, &t->at, k, true);
    }
    open_tests(t->e, &t->at);
}

/* sums of lanes = start; for the index in steps of a vector: sums += terms; then all lanes of each are added up into its sum */
static void put_lanes(TileText *t, const PlanStmt *s, int index, const char *const *sums, const char *head) {
    Emit *e = t->e;
    const Reduce reduce = s->s->reduce;
    const int lanes = t->tile->lanes, loaded = t->loaded.n, open = t->at.opened;
    const char **lane = arena_many(e->arena, rows_of(t), const char *);
    const char *start = reduce == REDUCE_MAX ? "-INFINITY" : reduce == REDUCE_MIN ? "INFINITY" : number_text(e, 0);
    t->lane = index;
    for (int k = 0; k < rows_of(t); k++) {
        lane[k] = new_variable(t);
        write_line(e, "%s %s = %s(%s);", vector_name(t), lane[k], call_name(t, "splat"), start);
    }
    if (head) open_body(e);
    if (s->s->ix[index].batch) open_others(t, s, index);
    EACH_POSITION(t) put_term(t, s->s, lane[row_of(t)]);
    close_loops(e, &t->at, open);
    if (head) close_body(e, head);
    t->lane = -1;
    t->loaded.n = loaded;
    for (int k = 0; k < rows_of(t); k++) {
        if (reduce == REDUCE_SUM)
            write_line(e, "%s += %s(%s);", sums[k], call_name(t, "sum"), lane[k]);
        else
            write_line(e, "for (int k = 0; k < %d; k++) %s = %s(%s, %s[k]);", lanes, sums[k],
                       helper_call(e->units, reduce == REDUCE_MAX ? "max_of" : "min_of"), sums[k], lane[k]);
    }
}

/* What is left of the index, one by one. */
static void put_rest(TileText *t, const PlanStmt *s, int index, const char *const *sums, const char *head) {
    Emit *e = t->e;
    const int loaded = t->loaded.n, open = t->at.opened;
    open_body(e);
    if (s->s->ix[index].batch) open_others(t, s, index);
    EACH_POSITION(t) put_term(t, s->s, sums[row_of(t)]);
    close_loops(e, &t->at, open);
    close_body(e, head);
    t->loaded.n = loaded;
}

/* One reduced index in lanes. Of the batch the loop is the outermost, of others the innermost of the reduced ones. */
static void put_lane_sum(TileText *t, const PlanStmt *s, int index) {
    Emit *e = t->e;
    const Index *ix = &s->s->ix[index];
    const int lanes = t->tile->lanes, whole = (ix->hi - ix->lo) / lanes * lanes, loaded = t->loaded.n;
    const char **sums = arena_many(e->arena, rows_of(t), const char *);
    EACH_POSITION(t) {
        sums[row_of(t)] = new_variable(t);
        write_line(e, "%s %s = %s;", real_name(t), sums[row_of(t)], start_text(t, s->s));
    }
    open_tests(e, &t->at);
    if (!ix->batch) open_others(t, s, index);
    const unsigned guards = t->at.guards;
    const char *name = t->at.c.name[index] = open_index(e, ix->batch ? "s" : ix->name), *n = e->count, *head = NULL;
    t->at.c.known[index] = !ix->batch && whole == lanes;
    t->at.c.value[index] = ix->lo;
    t->count = t->count || ix->batch;
    if (ix->batch)
        head = arena_printf(e->arena, "for (int %s = 0; %s + %d <= %s; %s += %d)", name, name, lanes, n, name, lanes);
    else if (whole > lanes)
        head = arena_printf(e->arena, "for (int %s = %d; %s < %d; %s += %d)", name, ix->lo, name, ix->lo + whole, name, lanes);
    put_lanes(t, s, index, sums, head);
    t->at.guards = guards;
    t->at.c.known[index] = false;
    if (ix->batch)
        put_rest(t, s, index, sums,
                 arena_printf(e->arena, "for (int %s = %s / %d * %d; %s < %s; %s++)", name, n, lanes, lanes, name, n, name));
    else if (ix->lo + whole < ix->hi)
        put_rest(t, s, index, sums,
                 arena_printf(e->arena, "for (int %s = %d; %s < %d; %s++)", name, ix->lo + whole, name, ix->hi, name));
    e->scope.n--;
    close_loops(e, &t->at, 0);
    t->loaded.n = loaded;
    EACH_POSITION(t) put_value(t, s->s, sums[row_of(t)]);
}

static void put_tile_stmt(TileText *t, const PlanStmt *s) {
    int index;
    begin_stmt(t, s);
    t->row[0] = t->row[1] = t->vector = 0;
    if (s->s->reduce == REDUCE_NONE)
        put_plain(t, s);
    else if (s->best)
        put_positions(t, s);
    else if (t->tile->loop < 0 && plan_lane_sum(t->e->p, s, t->tile->lanes, &index))
        put_lane_sum(t, s, index);
    else
        put_sums(t, s);
}

/* ---- copies: blocks transposed, what is left one by one */

typedef struct Turn {           /* to[.. b .. a] = from[.. a .. b], where a and b are the indices of unit steps */
    const char *to, *from;      /* arrays */
    const Affine *write, *read; /* numbers of elements in them */
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
    const char *write = affine_text(t, *turn->write), *read = affine_text(t, *turn->read);
    if (step == 1)
        write_line(t->e, "%s[%s] = %s[%s];", turn->to, write, turn->from, read);
    else
        write_line(t->e, "%s(%s + %s, %d, %s + %s, %d);", call_name(t, "transpose"), turn->from, read,
                   affine_coef(*turn->read, turn->a), turn->to, write, affine_coef(*turn->write, turn->b));
    close_body(t->e, range_head(t, turn->a, a, step));
    close_body(t->e, range_head(t, turn->b, b, step));
}

static void put_turn(TileText *t) {
    const PlanStmt *s = t->nest->stmts.at[0];
    const Expr *x = s->s->e;
    const Home *to = plan_home(t->e->p, s->s->to), *from = plan_home(t->e->p, x->read.tensor);
    const int a = loop_index(s, t->tile->loop), b = loop_index(s, t->tile->rows[0].loop);
    begin_stmt(t, s);
    t->lane = -1;
    t->count = t->count || s->s->ix[a].batch || s->s->ix[b].batch;
    t->at.c.name[b] = open_index(t->e, s->s->ix[b].batch ? "s" : s->s->ix[b].name);
    t->at.c.name[a] = open_index(t->e, s->s->ix[a].batch ? "s" : s->s->ix[a].name);
    const char *none;
    const Affine write = element_affine(t, to, s->s->lhs, &none), read = element_affine(t, from, x->read.sub, &none);
    const Turn turn = {array_param(t, to, true), array_param(t, from, false), &write, &read, a, b};
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
    for (int j = 0; j < t->nest->stmts.n; j++) put_tile_stmt(t, t->nest->stmts.at[j]);
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
    return loop == t->nest->batch ? "s" : s->s->ix[loop_index(s, loop)].name;
}

static void put_inside(TileText *t, int depth) {
    Emit *e = t->e;
    if (depth == t->nest->loops) {
        if (t->tile->turn)
            put_turn(t);
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
        const char *type = p->home ? type_name(t->e->plan, p->home->tensor) : real_name(t);
        if (p->home && p->home->kind == HOME_INPUT) type = real_name(t);
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
    TileText t = {.e = e, .nest = nest, .tile = &nest->tile, .rows = {1, 1}, .row_index = {-1, -1}};
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
