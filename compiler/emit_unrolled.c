/* emit_unrolled: steps as straight-line code: one statement for each element, a local variable for each value.
 *
 * A first pass writes everything away and counts what is read: elements that nobody reads are not computed, what is long is cut
 * into functions of about FUNCTION_TERMS terms, so that compile time grows linearly, and values that cross functions live in
 * the workspace. Arrays, which data pick elements of, stay arrays. */
#include "c_nest.h"
#include "emit_vector.h"
#include <string.h>

/* ---- what is loaded into local variables */

static void choose_loaded(Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        const bool given = h->kind == HOME_INPUT || h->kind == HOME_TARGET;
        h->loaded = !e->p->cut && !h->array && ((h->kind == HOME_NET && !e->p->sample_lanes) || given);
    }
}

/* ---- names of elements */

static bool has_elements(const Home *h) {
    return !h->same_as && (h->loaded || h->kind == HOME_LOCAL);
}

static bool base_fits(Emit *e, Home *h, const char *base) {
    h->base = base;
    const int n = home_variables(h);
    for (int k = 0; k < n; k++)
        if (names_have(e->names, element_name(e, h, k))) return false;
    for (int k = 0; h->folds && k < home_size(h); k++)
        if (names_have(e->names, lanes_name(e, h, k))) return false;
    return true;
}

static void name_elements(Emit *e, Home *h) {
    const char *base = names_base(e->arena, h->tensor->name), *tried = base;
    for (int k = 2; !base_fits(e, h, tried); k++) tried = arena_printf(e->arena, "%s_v%d", base, k);
    const int n = home_variables(h);
    for (int k = 0; k < n; k++) names_add(e->names, element_name(e, h, k));
    for (int k = 0; h->folds && k < home_size(h); k++) names_add(e->names, lanes_name(e, h, k));
}

/* ---- one element */

/* Elements that nobody reads are not computed. */
static bool is_live(const Home *h, int number) {
    return !h->reads || !h->reads_before || h->reads_before[number] > 0;
}

/* The element that the statement is at. */
static const char *element_text(Emit *e, const Cursor *c, const Home *h) {
    hold(e->w);
    put_element(e, c, h, c->s->s->lhs);
    return release(e->w, e->arena);
}

static const char *variable_type(Emit *e, const Home *h) {
    if (!h->lanes) return type_name(e->plan, h->tensor);
    vector_call(e->units, e->plan, "splat", h->lanes);
    return arena_printf(e->arena, "v%d", h->lanes);
}

/* "const float ", "float ", or nothing if it is declared already */
static const char *element_declaration(Emit *e, Home *h, const Cursor *c, const Sub *lhs) {
    if (h->kind != HOME_LOCAL || h->loaded) return "";
    const int number = element_number(c, h, lhs);
    if (h->set[number]) return "";
    h->set[number] = 1;
    return arena_printf(e->arena, "%s%s ", h->constant && c->s->s->reduce < REDUCE_ARGMAX ? "const " : "", variable_type(e, h));
}

static void end_line(Emit *e) {
    put(e->w, ";");
    const char *text = release_value(e);
    line_wrapped(e->w, text);
}

static int count_terms(const Cursor *c) {
    Cursor at = *c;
    int n = 0;
    for (bool more = reduction_first(&at); more; more = reduction_next(&at)) n++;
    return n;
}

/* x += a, or x = x + a + b + c: added one after another, as a loop would. */
static void put_more(Emit *e, const Cursor *c, const char *target) {
    const Stmt *s = c->s->s;
    const bool folded = c->lanes && c->lane >= s->nout;
    const int n = folded ? 1 : count_terms(c);
    Cursor at = *c;
    if (!folded && !reduction_first(&at)) return;
    hold(e->w);
    if (folded) {
        put(e->w, "%s += ", target);
        put_stmt_value(e, c, 0);
    } else if (s->reduce == REDUCE_MAX || s->reduce == REDUCE_MIN) {
        put(e->w, "%s = %s(%s, ", target, best_of_two(e, c, s->reduce == REDUCE_MAX), target);
        put_stmt_value(e, c, 0);
        put(e->w, ")");
    } else if (n == 1) {
        hold(e->w);
        const bool minus = put_signed(e, &at, s->e);
        const char *value = release(e->w, e->arena);
        put(e->w, "%s %s %s", target, minus ? "-=" : "+=", value);
    } else {
        put(e->w, "%s = %s", target, target);
        for (bool more = true; more; more = reduction_next(&at)) put_added(e, &at, s->e);
    }
    e->terms += n;
    end_line(e);
}

/* w -= d for w = w - d */
static bool put_element_update(Emit *e, const Cursor *c, const char *target) {
    const Stmt *s = c->s->s;
    const Expr *x = s->e;
    if (s->reduce != REDUCE_NONE || s->nguard || (x->op != OP_SUB && x->op != OP_ADD)) return false;
    if (x->arg[0]->op != OP_READ || x->arg[0]->padded) return false;
    const Access *old = &x->arg[0]->read;
    if (plan_home(e->p, old->tensor) != plan_home(e->p, s->to)) return false;
    if (!plan_same_point(c->s, s->lhs, c->s, old->sub, s->to->rank)) return false;
    hold(e->w);
    put(e->w, "%s %s ", target, x->op == OP_SUB ? "-=" : "+=");
    put_real(e, c, x->arg[1], x->op == OP_SUB ? PREC_ADD + 1 : 0);
    e->terms++;
    end_line(e);
    return true;
}

/* float best = a; int at = 0; if (is_above(b, best)) ...   Over the batch both have been filled in before the sample loop. */
static void put_element_position(Emit *e, const Cursor *c, Home *h, const char *target) {
    const Stmt *s = c->s->s;
    Home *b = plan_home(e->p, c->s->best);
    const char *best = element_text(e, c, b), *declared = element_declaration(e, h, c, s->lhs);
    const bool compares = c->s->accumulates || count_terms(c) > 1;
    bool first = !c->s->accumulates;
    Cursor at = *c;
    if (compares && b->reads) b->reads[element_number(c, b, s->lhs)]++;
    if (first && !count_terms(c)) line(e->w, "%s%s = 0;", declared, target);
    for (bool more = reduction_first(&at); more; more = reduction_next(&at)) {
        hold(e->w);
        put_affine(e, &at, reduced_number(s), 0);
        const char *number = release(e->w, e->arena);
        hold(e->w);
        if (compares) put_real(e, &at, s->e, 0); /* of a single term the position is known: it is not read */
        const char *v = release_value(e);
        if (!first)
            line(e->w, "if (%s(%s, %s)) {", helper_call(e->units, s->reduce == REDUCE_ARGMAX ? "is_above" : "is_below"), v,
                 best);
        if (compares) line(e->w, "%s%s = %s;", first ? element_declaration(e, b, c, s->lhs) : "", best, v);
        line(e->w, "%s%s = %s;", first ? declared : "", target, number);
        if (!first) line(e->w, "}");
        first = false;
        e->terms++;
    }
}

static bool in_memory(const Home *h) {
    return h->kind == HOME_OUTPUT || (h->kind == HOME_NET && !h->loaded);
}

static void cut_if_long(Emit *e);
static void put_pending_formula(Emit *e);

const char *unrolled_target(Emit *e, const Cursor *c) {
    Home *h = plan_home(e->p, c->s->s->to);
    const char *target = element_text(e, c, h);
    return arena_printf(e->arena, "%s%s", element_declaration(e, h, c, c->s->s->lhs), target);
}

static void put_element_stmt(Emit *e, const Cursor *c) {
    const Stmt *s = c->s->s;
    Home *h = plan_home(e->p, s->to);
    cut_if_long(e);
    put_pending_formula(e);
    Cursor first = *c; /* lane */
    if (in_memory(h)) first.lanes = 0;
    const char *target = element_text(e, &first, h);
    if (c->lanes && c->lane < s->nout && in_memory(h)) {
        put_lanes_output(e, c, h, target);
    } else if (s->reduce == REDUCE_ARGMAX || s->reduce == REDUCE_ARGMIN) {
        put_element_position(e, c, h, target);
    } else if (c->s->accumulates && c->lanes) {
        put_lanes_added(e, c);
    } else if (s->add || c->s->accumulates) {
        put_more(e, c, target);
    } else if (!put_element_update(e, c, target)) {
        hold(e->w);
        put(e->w, "%s = ", unrolled_target(e, c));
        put_stmt_value(e, c, 0);
        end_line(e);
    }
}

/* ---- statements: every point of the box */

static bool in_scan_range(const Cursor *c) {
    for (int k = 0; k < c->s->s->nout + c->s->s->nred; k++) {
        const Index *ix = &c->s->s->ix[k];
        if (c->s->role[k] == AT_SCAN && (c->value[k] < ix->lo || c->value[k] >= ix->hi)) return false;
    }
    return true;
}

typedef LIST(Cursor) Cursors;

/* Those that somebody reads are written, or put into the list. */
static void put_points(Emit *e, Cursor *c, int k, Cursors *points) {
    const Stmt *s = c->s->s;
    while (k < s->nout && c->s->role[k] < 0) k++;
    if (k >= s->nout) {
        const Home *h = plan_home(e->p, s->to);
        if (h->reads && !is_live(h, element_number(c, h, s->lhs))) return;
        if (points)
            list_push(e->arena, points, *c);
        else
            put_element_stmt(e, c);
        return;
    }
    c->known[k] = true;
    const int step = c->lanes && k == c->lane ? c->lanes : 1;
    for (c->value[k] = s->ix[k].lo; c->value[k] < s->ix[k].hi; c->value[k] += step) put_points(e, c, k + 1, points);
}

static void put_calls(Emit *e, Cursor *c) {
    Cursors points = {0};
    put_points(e, c, 0, &points);
    if (!points.n) return;
    if (points.n == 1) {
        put_element_stmt(e, &points.at[0]);
        return;
    }
    cut_if_long(e);
    put_pending_formula(e);
    emit_call(e, points.at, points.n);
}

/* The formula stands before the first element that is written, and again where the block goes on in another function. */
static void put_pending_formula(Emit *e) {
    if (!e->formula) return;
    if (e->block_open) insert(e->w, "\n");
    put_formula(e, &e->formula, 1);
    e->formula = NULL;
    e->block_open = true;
}

static void put_unrolled_stmt(Emit *e, const PlanStmt *s) {
    if (plan_home(e->p, s->s->to)->kind == HOME_INLINE) return;
    Cursor c = cursor_start(e, s);
    if (!in_scan_range(&c)) return;
    if (s->loops) {
        cut_if_long(e);
        if (e->block_open) insert(e->w, "\n");
        c_nest(e, s->nest);
        e->block_open = true;
        e->terms += 10;
        return;
    }
    e->formula = e->block = s;
    if (call_may_stand(e, s))
        put_calls(e, &c);
    else if (!plan_changes_nothing(e->p, s))
        put_points(e, &c, 0, NULL);
    e->formula = e->block = NULL;
}

/* The start of a sum over the batch, for each element that the statement writes. */
static void put_unrolled_fill(Emit *e, const Step *step, Home *h, const char *start) {
    const PlanStmt *s = step->fill;
    Cursor c = cursor_start(e, s);
    Cursors points = {0};
    if (!in_scan_range(&c)) return;
    if (!has_elements(h)) {
        cut_if_long(e);
        c_fill(e, step, h);
        e->block_open = true;
        return;
    }
    if (h->folds) {
        home_used(e, h);
        put_lanes_start(e, h, start);
        return;
    }
    put_points(e, &c, 0, &points);
    for (int k = 0; k < points.n; k++) {
        const char *element = element_text(e, &points.at[k], h);
        line(e->w, "%s%s = %s;", element_declaration(e, h, &points.at[k], s->s->lhs), element, start);
        e->block_open = true;
    }
}

/* Of a position, also the best value. */
static void put_unrolled_fills(Emit *e, const Step *step) {
    const PlanStmt *s = step->fill;
    const Reduce reduce = s->s->reduce;
    const bool max = reduce == REDUCE_MAX || reduce == REDUCE_ARGMAX, min = reduce == REDUCE_MIN || reduce == REDUCE_ARGMIN;
    const char *start = max ? "-INFINITY" : min ? "INFINITY" : sum_start(e);
    put_unrolled_fill(e, step, plan_home(e->p, s->s->to), s->best ? "0" : start);
    if (s->best) put_unrolled_fill(e, step, plan_home(e->p, s->best), start);
}

static void put_unrolled_scan(Emit *e, const Step *step) {
    const Scan *scan = step->scan;
    list_push(e->arena, &e->scans, ((OpenScan){scan, NULL, 0}));
    for (int k = scan->lo; k < scan->hi; k++) {
        e->scans.at[e->scans.n - 1].value = scan->down ? scan->lo + scan->hi - 1 - k : k;
        unrolled_steps(e, &step->steps);
    }
    e->scans.n--;
}

/* ---- functions cut off */

static void cut_if_long(Emit *e) {
    if (!e->p->cut) return;
    if (e->in_function && e->terms > FUNCTION_TERMS) cut_end(e);
    if (e->in_function) return;
    cut_begin(e);
    e->formula = e->block;
}

/* ---- steps */

/* Each sample loop loads what it uses of the caller's numbers. */
static void forget_given(Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (h->used_elements && h->kind != HOME_NET) memset(h->used_elements, 0, (size_t)home_size(h));
    }
}

static void put_unrolled_samples(Emit *e, const Step *step) {
    cut_end(e);
    if (e->block_open) insert(e->w, "\n");
    hold(e->w);
    e->w->indent++;
    const int depth = e->sample_depth;
    e->sample_depth = ++e->depth;
    forget_given(e);
    e->block_open = false;
    e->uses.given.n = 0;
    unrolled_steps(e, &step->steps);
    cut_end(e);
    e->sample_depth = depth;
    e->depth--;
    e->w->indent--;
    early_names_drop(e);
    const char *body = release(e->w, e->arena);
    put_sample_loop(e, body);
    put_lanes_sums(e);
    e->uses.given.n = 0;
    e->block_open = true;
    e->origin = NULL;
}

void unrolled_steps(Emit *e, const Steps *steps) {
    for (int k = 0; k < steps->n; k++) {
        const Step *step = steps->at[k];
        switch (step->kind) {
        case STEP_NEST: put_unrolled_stmt(e, step->nest.stmts.at[0]); break;
        case STEP_FILL: put_unrolled_fills(e, step); break;
        case STEP_SCAN: put_unrolled_scan(e, step); break;
        case STEP_SAMPLES: put_unrolled_samples(e, step); break;
        }
    }
}

/* ---- fields in local variables */

static bool is_used(const Home *h, int number) {
    return h->used_elements && h->used_elements[number];
}

static bool writes_home(const Emit *e, const Home *h) {
    for (int k = 0; k < e->p->stmts.n; k++)
        if (plan_home(e->p, e->p->stmts.at[k]->s->to) == h) return true;
    for (int k = 0; k < e->p->copies.n; k++)
        if (e->p->copies.at[k].to == h) return true;
    return false;
}

static const char *element_at(Emit *e, const Home *h, const int *at) {
    Sub sub[RANK_MAX] = {0};
    Cursor c = {0};
    for (int d = h->sliced; d < h->tensor->rank; d++) sub[d].a = affine_const(at[d]);
    hold(e->w);
    put_element(e, &c, h, sub);
    return release(e->w, e->arena);
}

/* The element as it stands in the struct, or among the caller's numbers. */
static const char *stored_element(Emit *e, Home *h, const int *at) {
    h->loaded = false;
    const char *text = element_at(e, h, at);
    h->loaded = true;
    if (!h->tensor->integer || h->kind == HOME_NET) return text;
    return arena_printf(e->arena, "%s(%s, %d)", helper_call(e->units, "index_of"), text, h->tensor->values_below);
}

bool unrolled_copy(Emit *e, const CopyBack *copy) {
    const Tensor *t = copy->from->tensor;
    if (!copy->to->loaded && copy->from->kind != HOME_LOCAL) return false;
    for (int k = 0, n = (int)tensor_size(t); k < n; k++) {
        int at[RANK_MAX];
        for (int d = t->rank - 1, rest = k; d >= 0; rest /= t->dim[d], d--) at[d] = rest % t->dim[d];
        line(e->w, "%s = %s;", element_at(e, copy->to, at), element_at(e, copy->from, at));
    }
    return true;
}

/* How many numbers of the vector there are. */
static int lanes_filled(const Home *h, const int *at) {
    const int left = h->tensor->dim[h->lane_dim] - at[h->lane_dim];
    return left < h->lanes ? left : h->lanes;
}

/* Do the numbers of each vector stand next to each other? */
static bool lies_together(const Home *h) {
    const int last = h->tensor->rank - 1;
    return h->lane_dim == (h->kind == HOME_NET ? h->order[last] : last) && h->tensor->dim[h->lane_dim] % h->lanes == 0;
}

/* What a variable starts from: an element, load_16(&net->h_weight[0][0]), or {net->h_bias[0], net->h_bias[1] ...} */
static const char *start_of(Emit *e, Home *h, int number) {
    int at[RANK_MAX];
    variable_point(h, number, at);
    const char *text = stored_element(e, h, at);
    if (!h->lanes) return text;
    if (h->sliced) return sample_lanes_text(e, h, text);
    if (lies_together(h))
        return arena_printf(e->arena, "%s_%d(&%s)", vector_call(e->units, e->plan, "load", h->lanes), h->lanes, text);
    for (int k = 1, n = lanes_filled(h, at); k < n; k++) {
        at[h->lane_dim]++;
        text = arena_printf(e->arena, "%s, %s", text, stored_element(e, h, at));
    }
    return arena_printf(e->arena, "{%s}", text);
}

/* One declaration for each row of the tensor. */
static void load_home(Emit *e, Home *h) {
    const int n = home_variables(h), rank = home_rank(h), row = h->lanes || !rank ? 1 : home_dim(h, rank - 1);
    const char *constant = writes_home(e, h) ? "" : "const ";
    for (int from = 0; from < n; from += row) {
        const char *text = "";
        for (int k = from; k < from + row; k++) {
            if (!is_used(h, k)) continue;
            const char *start = *text ? ", " : arena_printf(e->arena, "%s%s ", constant, variable_type(e, h));
            text = arena_printf(e->arena, "%s%s%s = %s", text, start, element_name(e, h, k), start_of(e, h, k));
        }
        if (*text) line_wrapped(e->w, arena_printf(e->arena, "%s;", text));
    }
}

static void store_variable(Emit *e, Home *h, int number) {
    int at[RANK_MAX];
    variable_point(h, number, at);
    const char *name = element_name(e, h, number);
    if (!h->lanes) {
        line(e->w, "%s = %s;", stored_element(e, h, at), name);
    } else if (lies_together(h)) {
        vector_call(e->units, e->plan, "store", h->lanes);
        line(e->w, "store_%d(&%s, %s);", h->lanes, stored_element(e, h, at), name);
    } else {
        for (int k = 0, n = lanes_filled(h, at); k < n; k++, at[h->lane_dim]++)
            line(e->w, "%s = %s[%d];", stored_element(e, h, at), name, k);
    }
}

void unrolled_loads(Emit *e, bool outer) {
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (h->loaded && (h->kind == HOME_NET) == outer) load_home(e, h);
    }
}

void unrolled_stores(Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (!h->loaded || !writes_home(e, h)) continue;
        for (int j = 0, n = home_variables(h); j < n; j++)
            if (is_used(h, j)) store_variable(e, h, j);
    }
}

/* ---- preparing */

static void reset_counts(Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        const bool tracked = (h->kind == HOME_LOCAL || h->kind == HOME_WORK) && !h->array && !h->tensor->next_of;
        const int n = (int)home_size(h);
        h->reads_before = h->reads;
        h->reads = tracked ? arena_many(e->arena, n, int) : NULL;
        h->set = has_elements(h) ? arena_many(e->arena, n, unsigned char) : NULL;
        h->used_elements = h->loaded ? arena_many(e->arena, n, unsigned char) : NULL;
        h->function = LOOP_NONE;
    }
}

/* One pass that is thrown away, with the units that it asked for; how many terms there are. */
static int count_pass(Emit *e) {
    const UnitSet units = *e->units;
    reset_counts(e);
    Emit pass = *e;
    pass.counting = true;
    pass.total = 0;
    hold(e->w);
    unrolled_steps(&pass, &e->p->steps);
    cut_end(&pass);
    put_results(&pass);
    release(e->w, e->arena);
    *e->units = units;
    return pass.total + pass.terms;
}

static bool same_live(const Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++) {
        const Home *h = e->p->homes.at[k];
        const int n = h->reads ? (int)home_size(h) : 0;
        for (int j = 0; j < n; j++)
            if (!h->reads_before || !h->reads_before[j] != !h->reads[j]) return false;
    }
    return true;
}

static int count_until_settled(Emit *e) {
    int terms = count_pass(e);
    while (!same_live(e)) terms = count_pass(e);
    return terms;
}

static void name_all(Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++)
        if (has_elements(e->p->homes.at[k]) && !e->p->homes.at[k]->base) name_elements(e, e->p->homes.at[k]);
}

static bool move_crossing(Emit *e) {
    bool moved = false;
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (h->kind != HOME_LOCAL || (h->function != LOOP_SEVERAL && !h->tensor->next_of)) continue;
        h->kind = HOME_WORK;
        name_home(e, h);
        moved = true;
    }
    return moved;
}

/* Values that cross functions move to the workspace; that may move the places where functions are cut. */
static void cut(Emit *e) {
    e->p->cut = true;
    if (e->frozen) e->work = arena_printf(e->arena, "%s->", e->space);
    choose_loaded(e);
    do count_until_settled(e);
    while (move_crossing(e));
}

void unrolled_prepare(Emit *e) {
    choose_loaded(e);
    name_all(e);
    if (count_until_settled(e) > ONE_FUNCTION_TERMS && !e->p->whole) cut(e);
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        h->reads_before = h->reads;
        if (h->set) memset(h->set, 0, (size_t)home_size(h));
    }
}
