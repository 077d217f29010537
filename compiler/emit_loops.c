/* emit_loops: steps as loops with literal bounds.
 *
 * A nest's statements stand one after another inside its loops. A sum is added up in a local variable, or, in row form,
 * straight into the output's row in memory. Guards become bounds of the innermost loop that they mention, or else an `if`. */
#include "emit_loops.h"
#include "emit_vector.h"
#include <string.h>

/* ---- loops: the body is written first; braces only where they are needed */

/* A single statement, under loops and tests without braces. */
static bool is_simple(const char *body) {
    size_t before = 0;
    while (true) {
        const size_t indent = strspn(body, " "), n = strcspn(body, "\n");
        if (!body[n] || !n || body[n - 1] == '{' || indent <= before) return false;
        if (!body[n + 1]) return body[indent] != '/' && body[n - 1] == ';';
        if (strncmp(body + indent, "for (", 5) != 0 && strncmp(body + indent, "if (", 4) != 0) return false;
        before = indent;
        body += n + 1;
    }
}

/* One statement that stands on the line of its loop. */
static bool fits_after(const Emit *e, const char *head, const char *body) {
    const char *text = body + strspn(body, " ");
    if (strncmp(text, "for (", 5) == 0 || strncmp(text, "if (", 4) == 0 || strchr(text, '\n')[1]) return false;
    return 4 * (size_t)e->w->indent + strlen(head) + strlen(text) <= 110;
}

void open_body(Emit *e) {
    hold(e->w);
    e->w->indent++;
    e->depth++;
}

void close_body(Emit *e, const char *head) {
    e->depth--;
    e->w->indent--;
    early_names_drop(e);
    const char *body = release(e->w, e->arena);
    const bool simple = is_simple(body);
    if (simple && fits_after(e, head, body)) {
        put(e->w, "%*s%s %s", 4 * e->w->indent, "", head, body + strspn(body, " "));
        return;
    }
    put(e->w, "%*s%s%s\n", 4 * e->w->indent, "", head, simple ? "" : " {");
    insert(e->w, body);
    if (!simple) put(e->w, "%*s}\n", 4 * e->w->indent, "");
}

static bool is_taken(const Emit *e, const char *name) {
    for (int k = 0; k < e->scope.n; k++)
        if (strcmp(e->scope.at[k], name) == 0) return true;
    return names_have(e->names, name) || early_name_taken(e, name);
}

/* base, or base_2 ... */
const char *scoped_name(const Emit *e, const char *base) {
    const char *name = base = names_base(e->arena, base);
    for (int k = 2; is_taken(e, name); k++) name = names_numbered(e->arena, base, k);
    return name;
}

/* A loop variable named like the index, unless something in sight is called so. */
const char *open_index(Emit *e, const char *name) {
    const char *index = scoped_name(e, name && *name ? name : "i");
    list_push(e->arena, &e->scope, index);
    return index;
}

/* ---- bounds of a loop */

typedef struct Bound { /* num / den, rounded down where num >= 0 */
    Affine num;
    int den;
} Bound;

static Affine without(Affine a, int index) {
    Affine rest = {.c = a.c, .den = 1};
    for (int k = 0; k < a.n; k++)
        if (a.t[k].index != index) rest.t[rest.n++] = a.t[k];
    return rest;
}

static Affine plus(Affine a, int c) {
    a.c += c;
    return a;
}

/* lo <= k*v + rest < hi gives, for k > 0,   ceil((lo - rest) / k) <= v < ceil((hi - rest) / k),
 * and for k = -m < 0,   floor((rest - hi) / m) + 1 <= v < floor((rest - lo) / m) + 1.  A v is never negative, so rounding of
 * negative quotients does not matter. */
static void bounds_of(const Guard *g, int index, Bound *from, Bound *to) {
    const int k = affine_coef(g->a, index);
    const Affine rest = without(g->a, index), minus = affine_scale(rest, -1);
    if (k > 0) {
        *from = (Bound){plus(minus, g->lo + k - 1), k};
        *to = (Bound){plus(minus, g->hi + k - 1), k};
    } else {
        *from = (Bound){plus(rest, -g->hi - k), -k};
        *to = (Bound){plus(rest, -g->lo - k), -k};
    }
}

static const char *bound_text(Emit *e, const Cursor *c, Bound b) {
    hold(e->w);
    put_affine(e, c, b.num, b.den == 1 ? 0 : PREC_MUL);
    if (b.den != 1) put(e->w, " / %d", b.den);
    return release(e->w, e->arena);
}

/* int_max(from, bound), where the bound may be the larger one at all; if it always is, the bound alone. */
static const char *raise(Emit *e, const Cursor *c, const char *from, int lo, Bound b) {
    int min, max;
    affine_bounds(c, b.num, &min, &max);
    if (floor_div(max, b.den) <= lo) return from;
    const char *text = bound_text(e, c, b);
    if (min >= 0 && floor_div(min, b.den) >= lo && strspn(from, "-0123456789") == strlen(from)) return text;
    return arena_printf(e->arena, "%s(%s, %s)", helper_call(e->units, "int_max"), from, text);
}

static const char *lower_to(Emit *e, const Cursor *c, const char *to, int hi, Bound b) {
    int min, max;
    affine_bounds(c, b.num, &min, &max);
    if (min >= 0 && floor_div(min, b.den) >= hi) return to;
    const char *text = bound_text(e, c, b);
    if (floor_div(max, b.den) <= hi && strspn(to, "-0123456789") == strlen(to)) return text;
    return arena_printf(e->arena, "%s(%s, %s)", helper_call(e->units, "int_min"), to, text);
}

/* ---- one statement within its nest */

/* Opens the loop over index k; guards whose other indices are all known by now become bounds if `bounded`. */
void open_loop(Emit *e, Place *at, int k, bool bounded) {
    const Stmt *s = at->s->s;
    const Index *ix = &s->ix[k];
    if (ix->hi - ix->lo == 1) {
        at->c.known[k] = true;
        at->c.value[k] = ix->lo;
        return;
    }
    const char *from = arena_printf(e->arena, "%d", ix->lo);
    const char *to =
        ix->batch ? arena_printf(e->arena, e->in_tile ? "%s" : "(int)%s", e->count) : arena_printf(e->arena, "%d", ix->hi);
    e->uses.count = e->uses.count || ix->batch;
    for (int g = 0; g < s->nguard && bounded; g++) {
        Bound low, high;
        if (at->guards >> g & 1 || !affine_coef(s->guard[g].a, k)) continue;
        bool ready = true;
        for (int t = 0; t < s->guard[g].a.n; t++) {
            const int i = s->guard[g].a.t[t].index;
            ready = ready && (i == k || index_is_set(&at->c, i));
        }
        if (!ready) continue;
        bounds_of(&s->guard[g], k, &low, &high);
        from = raise(e, &at->c, from, ix->lo, low);
        to = lower_to(e, &at->c, to, ix->hi, high);
        at->guards |= 1U << g;
    }
    const char *name = open_index(e, ix->batch ? "s" : ix->name);
    at->c.name[k] = name;
    at->head[at->opened++] = arena_printf(e->arena, "for (int %s = %s; %s < %s; %s++)", name, from, name, to, name);
    open_body(e);
}

void close_loops(Emit *e, Place *at, int down_to) {
    while (at->opened > down_to) {
        close_body(e, at->head[--at->opened]);
        if (strncmp(at->head[at->opened], "for", 3) == 0) e->scope.n--;
    }
}

/* The tests that are left, of guards that can be decided by now. */
static const char *left_tests(Emit *e, Place *at) {
    const Stmt *s = at->s->s;
    bool any = false;
    hold(e->w);
    for (int g = 0; g < s->nguard; g++) {
        bool ready = !(at->guards >> g & 1);
        for (int t = 0; t < s->guard[g].a.n && ready; t++) {
            const int i = s->guard[g].a.t[t].index;
            ready = index_is_set(&at->c, i);
        }
        if (!ready) continue;
        at->guards |= 1U << g;
        if (!guard_may_fail(&at->c, &s->guard[g])) continue;
        if (any) put(e->w, " && ");
        put_guard(e, &at->c, &s->guard[g]);
        any = true;
    }
    const char *text = release(e->w, e->arena);
    return any ? text : NULL;
}

void open_tests(Emit *e, Place *at) {
    const char *tests = left_tests(e, at);
    if (!tests) return;
    at->head[at->opened++] = arena_printf(e->arena, "if (%s)", tests);
    open_body(e);
}

void open_reduction(Emit *e, Place *at) {
    open_tests(e, at);
    for (int k = at->s->s->nout; k < at->s->s->nout + at->s->s->nred; k++)
        if (at->s->role[k] == AT_REDUCED) open_loop(e, at, k, true);
    open_tests(e, at);
}

/* Is there more than one point to reduce over, or one that is not simply the value? */
static bool has_reduction(const PlanStmt *s) {
    const unsigned reduced = plan_reduced(s);
    return reduced && (box_points(s->s->ix, reduced) != 1 || s->s->reduce != REDUCE_SUM);
}

/* The element that the statement is at. */
static const char *element_text(Emit *e, const Place *at, const Home *h) {
    hold(e->w);
    put_element(e, &at->c, h, at->s->s->lhs);
    return release(e->w, e->arena);
}

static const char *target_text(Emit *e, const Place *at) {
    return element_text(e, at, plan_home(e->p, at->s->s->to));
}

static const char *value_text(Emit *e, const Place *at) {
    hold(e->w);
    put_real(e, &at->c, at->s->s->e, 0);
    return release_value(e);
}

/* What stands before the name where it is written first: "const float ", or nothing. */
static const char *declaration(Emit *e, Home *h, bool once) {
    if (h->kind != HOME_LOCAL || h->declared) return "";
    const bool here = h->narrow || e->depth == 0 || (h->loop >= 0 && e->depth == e->sample_depth);
    h->declared = true;
    if (!here) {
        list_push(e->arena, &e->declared_first, h);
        return "";
    }
    return arena_printf(e->arena, "%s%s ", once && h->constant ? "const " : "", type_name(e->plan, h->tensor));
}

void write_line(Emit *e, const char *format, ...) {
    va_list args;
    va_start(args, format);
    line_wrapped(e->w, arena_vprintf(e->arena, format, args));
    va_end(args);
}

/* target += value, with the sign where it reads best */
static void put_addition(Emit *e, const Place *at, const char *target) {
    hold(e->w);
    const bool minus = put_signed(e, &at->c, at->s->s->e);
    const char *value = release_value(e);
    write_line(e, "%s %s %s;", target, minus ? "-=" : "+=", value);
}

/* w = w - d reads better as w -= d. */
static bool put_update(Emit *e, const Place *at, const char *target) {
    const Stmt *s = at->s->s;
    const Expr *x = s->e;
    if ((x->op != OP_SUB && x->op != OP_ADD) || x->arg[0]->op != OP_READ || x->arg[0]->padded) return false;
    const Expr *old = x->arg[0];
    if (plan_home(e->p, old->read.tensor) != plan_home(e->p, s->to)) return false;
    if (!plan_same_point(at->s, s->lhs, at->s, old->read.sub, s->to->rank)) return false;
    hold(e->w);
    put_real(e, &at->c, x->arg[1], PREC_ADD + 1);
    const char *value = release_value(e);
    write_line(e, "%s %s %s;", target, x->op == OP_SUB ? "-=" : "+=", value);
    return true;
}

/* ---- elementwise: target = value */

static void put_plain(Emit *e, Place *at) {
    Home *h = plan_home(e->p, at->s->s->to);
    const char *target = target_text(e, at);
    if (at->s->s->add || at->s->accumulates) {
        open_tests(e, at);
        put_addition(e, at, target);
        close_loops(e, at, 0);
        return;
    }
    const char *tests = left_tests(e, at);
    if (!tests && put_update(e, at, target)) return;
    const char *type = declaration(e, h, true);
    if (tests) choice_open(e, true);
    const char *value = value_text(e, at);
    if (tests) choice_close(e, true);
    if (tests)
        write_line(e, "%s%s = %s ? %s : %s;", type, target, tests, value, number_text(e, 0));
    else
        write_line(e, "%s%s = %s;", type, target, value);
}

/* ---- reductions into a local variable */

/* The variable that the reduction is worked out in: the target itself if it is one. */
static const char *accumulator(Emit *e, Home *h, const PlanStmt *s, const char *target) {
    if (h->kind == HOME_LOCAL) return target;
    if (h->accumulator && h->accumulated_by == s) return h->accumulator;
    h->accumulated_by = s; /* another sum into the same tensor may stand in the same nest */
    h->accumulator = scoped_name(e, h->tensor->name);
    names_add(e->names, h->accumulator);
    return h->accumulator;
}

static const char *start_of(Emit *e, Reduce reduce) {
    switch (reduce) {
    case REDUCE_MAX:
    case REDUCE_ARGMAX: return "-INFINITY";
    case REDUCE_MIN:
    case REDUCE_ARGMIN: return "INFINITY";
    default: return sum_start(e);
    }
}

static void put_reduced_term(Emit *e, Place *at, const char *sum) {
    const Reduce reduce = at->s->s->reduce;
    if (reduce == REDUCE_SUM || reduce == REDUCE_NONE) /* a scatter adds without reducing */
        put_addition(e, at, sum);
    else
        write_line(e, "%s = %s(%s, %s);", sum, helper_call(e->units, reduce == REDUCE_MAX ? "max_of" : "min_of"), sum,
                   value_text(e, at));
}

static void put_reduction(Emit *e, Place *at) {
    Home *h = plan_home(e->p, at->s->s->to);
    const char *target = target_text(e, at), *sum = accumulator(e, h, at->s, target);
    const bool more = at->s->s->add || at->s->accumulates, local = h->kind == HOME_LOCAL;
    const int open = at->opened;
    if (!local)
        write_line(e, "%s %s = %s;", type_name(e->plan, h->tensor), sum, more ? target : start_of(e, at->s->s->reduce));
    else if (!more)
        write_line(e, "%s%s = %s;", declaration(e, h, false), sum, start_of(e, at->s->s->reduce));
    open_reduction(e, at);
    put_reduced_term(e, at, sum);
    close_loops(e, at, open);
    if (!local) write_line(e, "%s = %s;", target, sum);
}

static const char *position_text(Emit *e, const Place *at) {
    hold(e->w);
    put_affine(e, &at->c, reduced_number(at->s->s), 0);
    return release(e->w, e->arena);
}

/* const float v = value; if (is_above(v, best)) { best = v; where = number; } */
static void put_candidate(Emit *e, Place *at, const char *best, const char *where) {
    const bool max = at->s->s->reduce == REDUCE_ARGMAX;
    const int open = at->opened;
    open_reduction(e, at);
    const bool bare = at->opened == open; /* nothing keeps v from the statement after this one */
    if (bare) line(e->w, "{");
    line(e->w, "const $R %s = %s;", e->value, value_text(e, at));
    line(e->w, "if (%s(%s, %s)) {", helper_call(e->units, max ? "is_above" : "is_below"), e->value, best);
    line(e->w, "%s = %s;", best, e->value);
    line(e->w, "%s = %s;", where, position_text(e, at));
    line(e->w, "}");
    if (bare) line(e->w, "}");
    close_loops(e, at, open);
}

/* Over the batch both have been filled in before the sample loop. */
static void put_position(Emit *e, Place *at) {
    Home *h = plan_home(e->p, at->s->s->to), *b = plan_home(e->p, at->s->best);
    const char *target = target_text(e, at), *best = element_text(e, at, b);
    if (at->s->accumulates) {
        put_candidate(e, at, best, target);
        return;
    }
    const char *where = accumulator(e, h, at->s, target);
    write_line(e, "%s%s = %s;", declaration(e, b, false), best, start_of(e, at->s->s->reduce));
    write_line(e, "%s%s = 0;", h->kind == HOME_LOCAL ? declaration(e, h, false) : "int ", where);
    put_candidate(e, at, best, where);
    if (h->kind != HOME_LOCAL) write_line(e, "%s = %s;", target, where);
}

static void put_stmt(Emit *e, Place *at) {
    const Reduce reduce = at->s->s->reduce;
    if (reduce == REDUCE_ARGMAX || reduce == REDUCE_ARGMIN)
        put_position(e, at);
    else if (has_reduction(at->s) || (at->s->accumulates && reduce != REDUCE_SUM))
        put_reduction(e, at);
    else
        put_plain(e, at);
}

/* ---- nests */

Place place_of(Emit *e, const Nest *nest, const PlanStmt *s) {
    Place at = {.c = cursor_start(e, s), .nest = nest, .s = s};
    for (int k = 0; k < s->s->nout + s->s->nred; k++) {
        if (s->role[k] != AT_REDUCED || s->s->ix[k].hi - s->s->ix[k].lo != 1) continue;
        at.c.known[k] = true;
        at.c.value[k] = s->s->ix[k].lo;
    }
    return at;
}

/* A scan's step that is outside of the statement's own range is skipped. */
void open_scan_test(Emit *e, Place *at) {
    const char *tests = NULL;
    for (int k = 0; k < at->s->s->nout + at->s->s->nred; k++) {
        if (at->s->role[k] != AT_SCAN || at->c.known[k]) continue;
        const Index *ix = &at->s->s->ix[k];
        const Scan *scan = at->s->scan[k];
        const char *name = index_variable(&at->c, k), *and = tests ? " && " : "";
        if (ix->lo > scan->lo) tests = arena_printf(e->arena, "%s%s%s >= %d", tests ? tests : "", and, name, ix->lo);
        and = tests ? " && " : "";
        if (ix->hi < scan->hi) tests = arena_printf(e->arena, "%s%s%s < %d", tests ? tests : "", and, name, ix->hi);
    }
    if (!tests) return;
    at->head[at->opened++] = arena_printf(e->arena, "if (%s)", tests);
    open_body(e);
}

/* The loops are opened by the first statement; the others take over its indices. */
static void put_shared_nest(Emit *e, const Nest *nest) {
    Place first = place_of(e, nest, nest->stmts.at[0]);
    const bool alone = nest->stmts.n == 1, add = first.s->s->add;
    open_scan_test(e, &first);
    if (add) open_tests(e, &first);
    for (int k = 0; k < nest->loops; k++) open_loop(e, &first, plan_loop_index(first.s, nest->order[k]), alone && add);
    for (int j = 0; j < nest->stmts.n; j++) {
        Place at = place_of(e, nest, nest->stmts.at[j]);
        if (alone) at.guards = first.guards;
        for (int k = 0; k < nest->loops; k++) {
            const int from = plan_loop_index(first.s, k), to = plan_loop_index(at.s, k);
            at.c.known[to] = first.c.known[from];
            at.c.value[to] = first.c.value[from];
            at.c.name[to] = first.c.name[from];
        }
        put_stmt(e, &at);
    }
    close_loops(e, &first, 0);
}

/* for outer: for inner: row = 0; for reduced: for inner: row += value */
static void put_row_nest(Emit *e, const Nest *nest) {
    Place at = place_of(e, nest, nest->stmts.at[0]);
    const int inner = plan_loop_index(at.s, nest->order[nest->loops - 1]);
    open_scan_test(e, &at);
    for (int k = 0; k + 1 < nest->loops; k++) open_loop(e, &at, plan_loop_index(at.s, nest->order[k]), at.s->s->add);
    const int outer = at.opened;
    if (!at.s->s->add && !at.s->accumulates) {
        open_loop(e, &at, inner, false);
        write_line(e, "%s = %s;", target_text(e, &at), sum_start(e));
        close_loops(e, &at, outer);
        at.c.name[inner] = NULL;
    }
    open_reduction(e, &at);
    open_loop(e, &at, inner, true);
    open_tests(e, &at);
    put_addition(e, &at, target_text(e, &at));
    close_loops(e, &at, 0);
}

/* What no expression says is done to the array that is read, before it is copied. */
static void put_builtin(Emit *e, const Stmt *s) {
    const Home *h = plan_home(e->p, s->e->read.tensor);
    const char *unit = arena_printf(e->arena, "%s_%s", s->builtin->name, real_type(e->plan));
    const long long rows = s->to->dim[0], cols = tensor_size(s->to) / rows;
    unit_need(e->units, e->plan, unit);
    home_used(e, (Home *)h);
    e->uses.work = true;
    hold(e->w);
    put_first(e->w, h);
    const char *first = release(e->w, e->arena);
    line(e->w, "%s(&%s%s%s, %lld, %lld, %s);", unit, e->work, h->name, first, rows, cols, number_text(e, s->option));
}

void emit_nest(Emit *e, const Nest *nest) {
    const Stmt *first = nest->stmts.at[0]->s;
    if (nest->stmts.n == 1 && plan_changes_nothing(e->p, nest->stmts.at[0])) return;
    if (first->builtin) put_builtin(e, first);
    put_formula(e, (const PlanStmt *const *)nest->stmts.at, nest->stmts.n);
    if (nest->tile.on)
        emit_tile(e, nest);
    else if (nest->row)
        put_row_nest(e, nest);
    else
        put_shared_nest(e, nest);
}

/* ---- the other steps */

void emit_fill(Emit *e, const PlanStmt *s, Home *h, const char *start) {
    Place at = place_of(e, NULL, s);
    const char *type = declaration(e, h, false);
    open_scan_test(e, &at);
    for (int k = 0; k < s->s->to->rank; k++) {
        int index;
        const int d = h->order[k];
        if (affine_is_index(s->s->lhs[d].a, &index) && !index_is_set(&at.c, index)) open_loop(e, &at, index, false);
    }
    for (int k = 0; k < s->s->nout; k++)
        if (!index_is_set(&at.c, k)) open_loop(e, &at, k, false);
    write_line(e, "%s%s = %s;", type, element_text(e, &at, h), start);
    close_loops(e, &at, 0);
}

/* What an accumulation over the batch starts from: of a position, also the best value. */
void emit_fills(Emit *e, const PlanStmt *s, FillPut *fill) {
    const char *start = start_of(e, s->s->reduce);
    fill(e, s, plan_home(e->p, s->s->to), s->best ? "0" : start);
    if (s->best) fill(e, s, plan_home(e->p, s->best), start);
}

static void put_scan(Emit *e, const Step *step) {
    const Scan *scan = step->scan;
    const char *name = open_index(e, scan->name), *head;
    list_push(e->arena, &e->scans, ((OpenScan){scan, name, 0}));
    head = scan->down ? arena_printf(e->arena, "for (int %s = %d; %s >= %d; %s--)", name, scan->hi - 1, name, scan->lo, name)
                      : arena_printf(e->arena, "for (int %s = %d; %s < %d; %s++)", name, scan->lo, name, scan->hi, name);
    open_body(e);
    emit_steps(e, &step->steps);
    close_body(e, head);
    e->scans.n--;
    e->scope.n--;
}

/* for each sample, with pointers to its numbers */
void put_sample_loop(Emit *e, const char *body) {
    e->uses.count = true;
    const char *step = e->p->sample_lanes ? arena_printf(e->arena, " += %d", e->p->sample_lanes) : "++";
    if (samples_are_one_vector(e)) {
        line(e->w, "{");
        line(e->w, "const size_t %s = 0; /* a batch has no more samples than a vector lanes */", e->sample);
    } else {
        line(e->w, "for (size_t %s = 0; %s < %s; %s%s) {", e->sample, e->sample, e->count, e->sample, step);
    }
    hold(e->w);
    if (e->p->unrolled) unrolled_loads(e, false);
    const char *loads = release(e->w, e->arena);
    put_aliases(e, &e->uses);
    if (e->p->sample_lanes) put_sample_mask(e);
    insert(e->w, loads);
    if (*loads || e->uses.given.n) insert(e->w, "\n");
    insert(e->w, body);
    line(e->w, "}");
}

static void put_samples(Emit *e, const Step *step) {
    const int depth = e->sample_depth;
    e->uses.given.n = 0;
    open_body(e);
    e->sample_depth = e->depth;
    emit_steps(e, &step->steps);
    e->sample_depth = depth;
    e->depth--;
    e->w->indent--;
    early_names_drop(e);
    put_sample_loop(e, release(e->w, e->arena));
    e->uses.given.n = 0;
}

static void put_step(Emit *e, const Step *step) {
    switch (step->kind) {
    case STEP_NEST: emit_nest(e, &step->nest); return;
    case STEP_FILL: emit_fills(e, step->fill, emit_fill); return;
    case STEP_SCAN: put_scan(e, step); return;
    case STEP_SAMPLES: put_samples(e, step); return;
    }
}

/* Step k of n has been worked out: its share of a sample that comes later is fetched. */
static void put_fetch(Emit *e, int k, int n) {
    const int line_numbers = 64 / plan_real_bytes(e->plan), inputs = e->plan->model->inputs;
    const int lines = (inputs + line_numbers - 1) / line_numbers;
    const int from = lines * k / n * line_numbers, to = lines * (k + 1) / n * line_numbers;
    if (to > from)
        line(e->w, "%s(%s + %d, %d);", helper_call(e->units, "fetch"), e->next, from, (to < inputs ? to : inputs) - from);
}

/* Functions are cut between steps, not within those of a recurrence. */
void emit_steps(Emit *e, const Steps *steps) {
    const bool cuts = e->p->cut && e->scans.n == 0;
    for (int k = 0; k < steps->n; k++) {
        const bool new = cuts && (!k || steps->at[k]->function != steps->at[k - 1]->function);
        if (new) cut_end(e);
        if (k && steps->at[k - 1]->kind != STEP_FILL && !(new && steps->at[k]->function)) insert(e->w, "\n");
        if (new && steps->at[k]->function) cut_begin(e);
        put_step(e, steps->at[k]);
        if (e->next && steps == &e->p->steps) put_fetch(e, k, steps->n);
    }
    if (cuts) cut_end(e);
}
