/* emit_tile_value: what a nest in vectors reads and works out: the parameters of its function, addresses, loads, expressions.
 */
#include "emit_tile.h"
#include <string.h>

int tile_row(const TileText *t) {
    return t->row[0] * t->rows[1] + t->row[1];
}

int tile_rows(const TileText *t) {
    return t->rows[0] * t->rows[1];
}

int tile_positions(const TileText *t) {
    return tile_rows(t) * (t->tile->loop >= 0 ? t->tile->vectors : 1);
}

const char *tile_call(const TileText *t, const char *name) {
    vector_call(t->e->units, t->e->plan, name, t->tile->lanes);
    return tile_called(t, name);
}

const char *tile_called(const TileText *t, const char *name) {
    return arena_printf(t->e->arena, "%s_%d", name, t->tile->lanes);
}

const char *tile_real(const TileText *t) {
    return real_type(t->e->plan);
}

const char *tile_vector(const TileText *t) {
    return arena_printf(t->e->arena, "v%d", t->tile->lanes);
}

const char *tile_index_vector(const TileText *t) {
    return arena_printf(t->e->arena, "i%d", t->tile->lanes);
}

bool tile_is_vector(const TileText *t, const Expr *x) {
    return t->lane >= 0 && expr_uses_index(x, t->lane);
}

const char *tile_variable(TileText *t) {
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
    if (!array || (home_rank(h) == 1 && !h->panel)) return base;
    hold(e->w);
    put_first(e->w, h);
    return arena_printf(e->arena, "&%s%s", base, release(e->w, e->arena));
}

const char *tile_array(TileText *t, const Home *h, bool write) {
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
    if (t->part_index >= 0) a.c += affine_coef(a, t->part_index) * t->part;
    return a;
}

const char *tile_affine(TileText *t, Affine a) {
    Emit *e = t->e;
    hold(e->w);
    put_affine(e, &t->at.c, at_position(t, a), 0);
    return release(e->w, e->arena);
}

static const char *gather_text(TileText *t, const Sub *sub, int below);

/* Where an index stands in the tile: a multiple of `step`, and so much more. */
static int offset_of(const TileText *t, int k, int *step) {
    *step = 1;
    if (k == t->lane) {
        *step = t->tile->lanes * (t->tile->loop >= 0 ? t->tile->vectors : 1);
        return t->tile->lanes * t->vector;
    }
    for (int r = 0; r < TILE_ROWS; r++)
        if (t->row_index[r] == k) return *step = t->rows[r], t->row[r];
    if (t->part_index == k) return *step = t->parts, t->part;
    return 0;
}

/* What subscript a of a dimension in panels adds to the number of an element; what no affine form says goes to `more`. Panels
 * have `size` numbers. */
static Affine panel_element(TileText *t, int panel, long long size, Affine a, const char **more) {
    int k, step;
    const int more_places = a.c;
    a.c = 0;
    if (!affine_is_index(a, &k)) bug("a dimension in panels is read at no index");
    const int offset = offset_of(t, k, &step), place = offset + more_places;
    Affine number = affine_const((int)(place / panel * size + place % panel));
    if (t->at.c.known[k] && t->at.c.value[k] == 0) return number;
    if (step % panel == 0) {
        const Affine base = affine_scale(a, (int)(size / panel));
        number = affine_add(number, base);
        number.c -= (int)(offset * (size / panel)); /* which the position in the tile will add */
        return number;
    }
    const bool apart = panel % step == 0 && more_places % panel == 0;
    a.c = more_places;
    const char *text = apart ? index_variable(&t->at.c, k) : arena_printf(t->e->arena, "(%s)", tile_affine(t, a));
    *more = arena_printf(t->e->arena, "%s%s / %d * %lld + %s %% %d + ", *more, text, panel, size, text, panel);
    return apart ? number : affine_const(0);
}

Affine tile_element(TileText *t, const Home *h, const Sub *sub, const char **more) {
    const Tensor *x = h->tensor;
    const Model *m = t->e->plan->model;
    const bool flat = h->kind == HOME_INPUT || h->kind == HOME_TARGET || h->kind == HOME_OUTPUT;
    StoredDim stored[RANK_MAX + 1] = {{0}};
    int n = x->rank;
    for (int d = 0; d < n && flat; d++) stored[d] = (StoredDim){d, PART_WHOLE, x->dim[d]};
    if (!flat) n = home_stored(h, stored);
    Affine number = affine_const(flat && x->per_sample && !h->sliced ? x->offset : 0);
    long long stride = 1;
    *more = "";
    for (int k = n - 1; k >= 0; k--) {
        const int d = stored[k].d;
        if (flat && h->sliced && d == 0) continue;
        if (flat && d == 0 && x->per_sample) stride = h->kind == HOME_INPUT ? m->inputs : m->outputs;
        if (sub[d].gather)
            *more = arena_printf(t->e->arena, "%lld * %s + ", stride, gather_text(t, &sub[d], x->dim[d]));
        else if (stored[k].part == PART_WHOLE)
            number = affine_add(number, affine_scale(sub[d].a, (int)stride));
        else if (stored[k].part == PART_PANEL)
            number = affine_add(number, panel_element(t, h->panel, stride, sub[d].a, more));
        stride *= stored[k].dim;
    }
    return number;
}

const char *tile_address(TileText *t, const Home *h, const Sub *sub) {
    const char *more;
    const Affine number = tile_element(t, h, sub, &more);
    return arena_printf(t->e->arena, "%s%s", more, tile_affine(t, number));
}

static const char *gather_text(TileText *t, const Sub *sub, int below) {
    const Expr *read = sub->gather;
    const Home *h = plan_home(t->e->p, read->read.tensor);
    const char *element = arena_printf(t->e->arena, "%s[%s]", tile_array(t, h, false), tile_address(t, h, read->read.sub));
    if (h->kind != HOME_INPUT) return element;
    return arena_printf(t->e->arena, "%s(%s, %d)", helper_call(t->e->units, "index_of"), element, below);
}

/* ---- reads */

static const char *find_loaded(const TileText *t, const char *address) {
    for (int k = t->loaded.n - 1; k >= 0; k--)
        if (!strcmp(t->loaded.at[k].address, address)) return t->loaded.at[k].name;
    return NULL;
}

void tile_loaded(TileText *t, const char *address, const char *name) {
    list_push(t->e->arena, &t->loaded, ((Loaded){address, name}));
}

/* What holds a value that only this nest knows. */
static const Local *local_of(const TileText *t, const Home *h) {
    for (int k = t->locals.n - 1; k >= 0; k--) { /* the last one: a += makes another */
        const Local *l = &t->locals.at[k];
        if (l->home == h && l->row == tile_row(t) && l->vector == t->vector) return l;
    }
    bug("%s is read before it is written", h->tensor->name);
}

const char *tile_local(const TileText *t, const Home *h) {
    const Local *l = local_of(t, h);
    return l->shared ? arena_printf(t->e->arena, "(%s * %s)", l->shared, l->name) : l->name;
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

/* Is it the same in several rows of a sum? Each of its sums would take it from memory, if the compiler may choose. */
static bool is_shared(const TileText *t, const Expr *x) {
    bool shared = false;
    for (int k = 0; k < TILE_ROWS; k++) shared = shared || (t->row_index[k] >= 0 && !expr_uses_index(x, t->row_index[k]));
    return shared && t->e->plan->options.memory_operands && t->at.s->s->reduce == REDUCE_SUM;
}

/* What loads it: a function of vectors, or NULL for one number. */
static const char *load_text(TileText *t, const Expr *x, const char *function) {
    Emit *e = t->e;
    const Home *h = plan_home(e->p, x->read.tensor);
    const char *array = tile_array(t, h, false), *address = tile_address(t, h, x->read.sub), *test = pad_test(t, x);
    const char *load = function ? arena_printf(e->arena, "%s(%s + %s)", tile_called(t, function), array, address)
                                : arena_printf(e->arena, "%s[%s]", array, address);
    if (!test) return load;
    const char *pad = number_text(e, x->pad);
    if (!function) e->units->tested_reads = true;
    if (function) pad = arena_printf(e->arena, "%s(%s)", tile_call(t, "splat"), pad);
    return arena_printf(e->arena, "%s ? %s : %s", test, load, pad);
}

/* The variable that holds what is read; the line that loads it is written if there is none yet. */
const char *tile_read(TileText *t, const Expr *x) {
    Emit *e = t->e;
    const Home *h = plan_home(e->p, x->read.tensor);
    if (h->kind == HOME_LOCAL && h->narrow) return tile_local(t, h);
    if (is_given(t, h)) return number_of(t, x);
    const bool vector = tile_is_vector(t, x), integer = tensor_is_position(x->read.tensor);
    const char *function = !vector ? NULL : integer ? "load_index" : "load", *load = load_text(t, x, function);
    const char *known = find_loaded(t, load);
    if (known) return known;
    const bool once = vector && !integer && is_shared(t, x);
    if (once) function = "load_once";
    if (function) tile_call(t, function);
    const char *name = tile_variable(t), *whole = vector ? tile_index_vector(t) : "int";
    const char *type = integer ? whole : vector ? tile_vector(t) : tile_real(t);
    write_line(e, "const %s %s = %s;", type, name, once ? load_text(t, x, function) : load);
    tile_loaded(t, load, name);
    return name;
}

/* ---- expressions: what they read is loaded first, so that writing them writes no lines */

static const char *bracketed(TileText *t, const char *text, bool brackets) {
    return brackets ? arena_printf(t->e->arena, "(%s)", text) : text;
}

const char *tile_as_vector(TileText *t, const Expr *x) {
    const char *text = tile_expr(t, x, 0);
    return tile_is_vector(t, x) ? text : arena_printf(t->e->arena, "%s(%s)", tile_call(t, "splat"), text);
}

/* Dividing vectors takes long; by what all lanes share one may multiply by its reciprocal instead, but for the last bit. */
static const char *reciprocal_text(TileText *t, const Expr *x, int precedence) {
    const char *a = tile_expr(t, x->arg[0], PREC_MUL), *b = tile_expr(t, x->arg[1], PREC_MUL + 1);
    return bracketed(t, arena_printf(t->e->arena, "%s * (%s / %s)", a, number_text(t->e, 1), b), precedence > PREC_MUL);
}

static const char *times(const TileText *t, const char *a, const char *b) {
    return a && b ? arena_printf(t->e->arena, "%s * %s", a, b) : a ? a : b;
}

/* The value that x reads if it is a product that is worked out there, or NULL. */
static const Local *left_product(const TileText *t, const Expr *x) {
    const Home *h = x->op == OP_READ ? plan_home(t->e->p, x->read.tensor) : NULL;
    const Local *local = h && h->kind == HOME_LOCAL && h->narrow ? local_of(t, h) : NULL;
    return local && local->shared ? local : NULL;
}

int tile_shared_factors(const TileText *t, const Expr *x) {
    if (x->op == OP_MUL) return tile_shared_factors(t, x->arg[0]) + tile_shared_factors(t, x->arg[1]);
    return left_product(t, x) || !tile_is_vector(t, x);
}

void tile_factors(TileText *t, const Expr *x, Product *p) {
    const Local *local = left_product(t, x);
    if (x->op == OP_MUL) {
        for (int k = 0; k < 2; k++) tile_factors(t, x->arg[k], p);
    } else if (local) {
        p->shared = times(t, p->shared, local->shared);
        p->vectors = times(t, p->vectors, local->name);
    } else {
        const char **to = tile_is_vector(t, x) ? &p->vectors : &p->shared;
        *to = times(t, *to, tile_expr(t, x, PREC_MUL + 1));
    }
}

/* What all lanes share is multiplied first: a * (b * v) is (a * b) * v, one product of vectors less. NULL: nothing to gain. */
static const char *product_text(TileText *t, const Expr *x, int precedence) {
    Product p = {NULL, NULL};
    if (x->op != OP_MUL || !tile_is_vector(t, x) || tile_shared_factors(t, x) < 2) return NULL;
    tile_factors(t, x, &p);
    return bracketed(t, times(t, p.shared, p.vectors), precedence > PREC_MUL);
}

static const char *infix_text(TileText *t, const Expr *x, int precedence) {
    const int own = c_infix[x->op].precedence;
    const char *product = product_text(t, x, precedence);
    if (product) return product;
    if (x->op == OP_DIV && tile_is_vector(t, x->arg[0]) && !tile_is_vector(t, x->arg[1]))
        return reciprocal_text(t, x, precedence);
    const char *a = tile_expr(t, x->arg[0], own), *b = tile_expr(t, x->arg[1], own + 1);
    return bracketed(t, arena_printf(t->e->arena, "%s %s %s", a, c_infix[x->op].sign, b), precedence > own);
}

static const char *test_text(TileText *t, const Expr *x);

/* Of vectors a condition is a mask, of which all bits are set where it holds. */
static const char *mask_text(TileText *t, const Expr *x) {
    const char *test = test_text(t, x);
    return arena_printf(t->e->arena, tile_is_vector(t, x) ? "(%s)" : "-(%s)", test);
}

/* Are whole numbers compared? What the function is given is a real one. */
static bool compares_position(TileText *t, const Expr *x) {
    return expr_is_position_test(x) && !is_given(t, plan_home(t->e->p, x->arg[0]->read.tensor));
}

/* A condition as C has it; a number is one if it is not 0. */
static const char *test_text(TileText *t, const Expr *x) {
    const bool vector = tile_is_vector(t, x);
    if (compares_position(t, x))
        return arena_printf(t->e->arena, "%s == %s", tile_read(t, x->arg[0]), tile_affine(t, x->arg[1]->affine));
    if (x->op == OP_NOT) return arena_printf(t->e->arena, vector ? "~(%s)" : "!(%s)", test_text(t, x->arg[0]));
    if ((x->op == OP_AND || x->op == OP_OR) && vector)
        return arena_printf(t->e->arena, "%s %s %s", mask_text(t, x->arg[0]), x->op == OP_AND ? "&" : "|",
                            mask_text(t, x->arg[1]));
    if (x->op == OP_AND || x->op == OP_OR)
        return arena_printf(t->e->arena, "(%s) %s (%s)", test_text(t, x->arg[0]), x->op == OP_AND ? "&&" : "||",
                            test_text(t, x->arg[1]));
    if (op_info[x->op].kind == TRUTH) return infix_text(t, x, 0);
    return arena_printf(t->e->arena, "%s != 0", tile_expr(t, x, PREC_EQ + 1));
}

/* A condition as the number 1 or 0. */
static const char *truth_text(TileText *t, const Expr *x) {
    const char *test = test_text(t, x), *one = number_text(t->e, 1), *none = number_text(t->e, 0);
    const char *splat = tile_is_vector(t, x) ? tile_call(t, "splat") : NULL;
    if (!splat) return arena_printf(t->e->arena, "((%s) ? %s : %s)", test, one, none);
    return arena_printf(t->e->arena, "%s(%s, %s(%s), %s(%s))", tile_call(t, "pick"), test, splat, one, splat, none);
}

static const char *select_text(TileText *t, const Expr *x, int precedence) {
    Arena *arena = t->e->arena;
    if (tile_is_vector(t, x->arg[0]))
        return arena_printf(arena, "%s(%s, %s, %s)", tile_call(t, "pick"), test_text(t, x->arg[0]),
                            tile_as_vector(t, x->arg[1]), tile_as_vector(t, x->arg[2]));
    const bool vector = tile_is_vector(t, x);
    const char *a = vector ? tile_as_vector(t, x->arg[1]) : tile_expr(t, x->arg[1], PREC_COND + 1);
    const char *b = vector ? tile_as_vector(t, x->arg[2]) : tile_expr(t, x->arg[2], PREC_COND + 1);
    return bracketed(t, arena_printf(arena, "(%s) ? %s : %s", test_text(t, x->arg[0]), a, b), precedence > PREC_COND);
}

static const char *call_text(TileText *t, const Expr *x) {
    const bool vector = tile_is_vector(t, x);
    const char *text = vector ? tile_call(t, vector_function(x->op)) : op_call(t->e->units, t->e->plan, x->op);
    text = arena_printf(t->e->arena, "%s(", text);
    for (int k = 0; k < x->nargs; k++)
        text = arena_printf(t->e->arena, "%s%s%s", text, k ? ", " : "",
                            vector ? tile_as_vector(t, x->arg[k]) : tile_expr(t, x->arg[k], 0));
    return arena_printf(t->e->arena, "%s)", text);
}

const char *tile_expr(TileText *t, const Expr *x, int precedence) {
    Arena *arena = t->e->arena;
    switch (x->op) {
    case OP_NUM: return bracketed(t, number_text(t->e, x->num), x->num < 0 && precedence > PREC_UNARY);
    case OP_READ: return tile_read(t, x);
    case OP_VAL: return arena_printf(arena, "(%s)(%s)", tile_real(t), tile_affine(t, x->affine));
    case OP_NEG:
        return bracketed(t, arena_printf(arena, "-%s", tile_expr(t, x->arg[0], PREC_UNARY + 1)), precedence > PREC_UNARY);
    case OP_STOP: return tile_expr(t, x->arg[0], precedence);
    case OP_SELECT: return select_text(t, x, precedence);
    default: break;
    }
    if (op_info[x->op].kind == TRUTH) return truth_text(t, x);
    return vector_function(x->op) ? call_text(t, x) : infix_text(t, x, precedence);
}
