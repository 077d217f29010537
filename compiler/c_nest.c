/* c_nest: nests as C, a case for each kind of node.
 *
 * A loop's body is written first, and has braces only where they are needed. What a nest computes in vectors is written by
 * emit_tile.c; steps that are straight-line code by emit_unrolled.c, which has arrays' loops written here. */
#include "c_nest.h"
#include "emit_loops.h"
#include "emit_vector.h"
#include <string.h>

/* How what was written may stand under a loop: on its line, without braces, or only within them. */
typedef enum Shape { SHAPE_LINE, SHAPE_LOOP, SHAPE_BLOCK } Shape;

static Shape put_nodes(Emit *e, const Nodes *nodes);

/* ---- where the node is: names and ranges of the loops around it */

Cursor cursor_at(const Emit *e, const Node *n) {
    Cursor c = e->around;
    c.ix = e->ranges;
    c.to = n->target;
    c.at = n->at;
    return c;
}

void set_range(Emit *e, const Node *loop) {
    e->ranges[loop->index] = (Index){loop->name, loop->from.at[0].a.c, loop->to.at[0].a.c, loop->samples};
    e->around.known[loop->index] = false;
}

/* ---- bounds */

static const char *bound_text(Emit *e, const Cursor *c, const Bound *b) {
    hold(e->w);
    put_affine(e, c, b->a, b->den == 1 ? 0 : PREC_MUL);
    if (b->den != 1) put(e->w, " / %d", b->den);
    return release(e->w, e->arena);
}

/* Where a quotient is negative C rounds it up, which makes no difference to the larger of it and 0. */
static void bound_range(const Cursor *c, const Bound *b, int *min, int *max, bool *negative) {
    affine_bounds(c, b->a, min, max);
    *negative = *min < 0;
    *min = floor_div(*min, b->den);
    *max = floor_div(*max, b->den);
}

const char *loop_from(Emit *e, const Cursor *c, const Bounds *from) {
    const int lo = from->at[0].a.c;
    const char *text = NULL;
    for (int k = 1; k < from->n; k++) {
        int min, max;
        bool negative;
        bound_range(c, &from->at[k], &min, &max, &negative);
        if (max <= lo) continue;
        const char *bound = bound_text(e, c, &from->at[k]);
        if (!text && !negative && min >= lo)
            text = bound;
        else
            text = arena_printf(e->arena, "%s(%s, %s)", helper_call(e->units, "int_max"),
                                text ? text : arena_printf(e->arena, "%d", lo), bound);
    }
    return text ? text : arena_printf(e->arena, "%d", lo);
}

const char *loop_to(Emit *e, const Cursor *c, const Bounds *to, const char *samples) {
    const int hi = to->at[0].a.c;
    const char *text = samples;
    for (int k = 1; k < to->n; k++) {
        int min, max;
        bool negative;
        bound_range(c, &to->at[k], &min, &max, &negative);
        if (!negative && min >= hi) continue;
        const char *bound = bound_text(e, c, &to->at[k]);
        if (!text && max <= hi)
            text = bound;
        else
            text = arena_printf(e->arena, "%s(%s, %s)", helper_call(e->units, "int_min"),
                                text ? text : arena_printf(e->arena, "%d", hi), bound);
    }
    return text ? text : arena_printf(e->arena, "%d", hi);
}

/* ---- loops and tests around what was written */

static Shape close_shape(Emit *e, const char *head, Shape body) {
    e->depth--;
    e->w->indent--;
    early_names_drop(e);
    const char *text = release(e->w, e->arena);
    const size_t blanks = strspn(text, " ");
    if (body == SHAPE_LINE && 4 * (size_t)e->w->indent + strlen(head) + strlen(text + blanks) <= LINE_LENGTH) {
        put(e->w, "%*s%s %s", 4 * e->w->indent, "", head, text + blanks);
        return SHAPE_LOOP;
    }
    put(e->w, "%*s%s%s\n", 4 * e->w->indent, "", head, body == SHAPE_BLOCK ? " {" : "");
    insert(e->w, text);
    if (body == SHAPE_BLOCK) put(e->w, "%*s}\n", 4 * e->w->indent, "");
    return body == SHAPE_BLOCK ? SHAPE_BLOCK : SHAPE_LOOP;
}

/* for (int i = 0; i < 4; i++), with a size_t for samples of which pointers are had */
static Shape put_plain_loop(Emit *e, const Node *n) {
    const Cursor c = cursor_at(e, n);
    const char *samples = n->samples ? arena_printf(e->arena, "(int)%s", e->count) : NULL;
    const char *from = loop_from(e, &c, &n->from), *to = loop_to(e, &c, &n->to, samples);
    e->uses.count = e->uses.count || n->samples;
    const char *name = e->around.name[n->index] = open_index(e, n->name);
    set_range(e, n);
    open_body(e);
    const Shape body = put_nodes(e, &n->body);
    e->scope.n--;
    return close_shape(e, arena_printf(e->arena, "for (int %s = %s; %s < %s; %s++)", name, from, name, to, name), body);
}

static Shape put_scan(Emit *e, const Node *n) {
    const Scan *scan = n->step->scan;
    const char *name = e->around.name[n->index] = open_index(e, n->name);
    const char *head =
        scan->down ? arena_printf(e->arena, "for (int %s = %d; %s >= %d; %s--)", name, scan->hi - 1, name, scan->lo, name)
                   : arena_printf(e->arena, "for (int %s = %d; %s < %d; %s++)", name, scan->lo, name, scan->hi, name);
    set_range(e, n);
    list_push(e->arena, &e->scans, ((OpenScan){scan, name, 0}));
    open_body(e);
    put_nodes(e, &n->body);
    e->scans.n--;
    e->scope.n--;
    return close_shape(e, head, SHAPE_BLOCK);
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

static Shape put_samples(Emit *e, const Node *n) {
    const int depth = e->sample_depth;
    e->uses.given.n = 0;
    e->around.name[n->index] = e->sample;
    set_range(e, n);
    open_body(e);
    e->sample_depth = e->depth;
    put_nodes(e, &n->body);
    e->sample_depth = depth;
    e->depth--;
    e->w->indent--;
    early_names_drop(e);
    put_sample_loop(e, release(e->w, e->arena));
    e->uses.given.n = 0;
    return SHAPE_BLOCK;
}

static Shape put_loop(Emit *e, const Node *n) {
    if (!n->step) return put_plain_loop(e, n);
    return n->step->kind == STEP_SCAN ? put_scan(e, n) : put_samples(e, n);
}

const char *tests_text(Emit *e, const Cursor *c, const Guards *guards) {
    bool any = false;
    hold(e->w);
    for (int k = 0; k < guards->n; k++) {
        if (!guard_may_fail(c, &guards->at[k])) continue;
        if (any) put(e->w, " && ");
        put_guard(e, c, &guards->at[k]);
        any = true;
    }
    const char *text = release(e->w, e->arena);
    return any ? text : NULL;
}

static Shape put_test(Emit *e, const Node *n) {
    const Cursor c = cursor_at(e, n);
    const char *tests = tests_text(e, &c, &n->guards);
    if (!tests) return put_nodes(e, &n->body);
    open_body(e);
    const Shape body = put_nodes(e, &n->body);
    return close_shape(e, arena_printf(e->arena, "if (%s)", tests), body);
}

/* ---- elements */

/* Does a statement stand on one line? */
static Shape written_since(const Emit *e, size_t start) {
    const char *end = memchr(e->w->text + start, '\n', e->w->n - start);
    return end == e->w->text + e->w->n - 1 ? SHAPE_LINE : SHAPE_BLOCK;
}

static const char *element_text(Emit *e, const Cursor *c, const Tensor *t, const Sub *at) {
    hold(e->w);
    put_element(e, c, plan_home(e->p, t), at);
    return release(e->w, e->arena);
}

/* An accumulator is called like what it ends in. */
static void name_accumulator(Emit *e, const Node *n) {
    Home *h = plan_home(e->p, n->target);
    if (h->name || h->kind != HOME_LOCAL) return;
    h->name = scoped_name(e, plan_home(e->p, n->stmt->to)->tensor->name);
    names_add(e->names, h->name);
}

/* What stands before the name where it is written first: "const float ", or nothing. Straight-line code may have a nest, and so
 * its accumulators, at each step of a recurrence. */
static const char *declaration(Emit *e, const Node *n) {
    Home *h = plan_home(e->p, n->target);
    if (h->kind != HOME_LOCAL || (h->declared && !(h->narrow && n->starts))) return "";
    const bool here = h->narrow || e->depth == 0 || (h->loop >= 0 && e->depth == e->sample_depth);
    h->declared = true;
    if (!here) {
        list_push(e->arena, &e->declared_first, h);
        return "";
    }
    return arena_printf(e->arena, "%s%s ", !n->starts && h->constant ? "const " : "", type_name(e->plan, h->tensor));
}

/* w = w - d reads better as w -= d. */
static bool put_update(Emit *e, const Node *n, const Cursor *c, const char *target) {
    const Expr *x = n->value;
    if (x->op != OP_SUB && x->op != OP_ADD) return false;
    const Expr *old = x->arg[0];
    if (old->op != OP_READ || old->padded) return false;
    if (plan_home(e->p, old->read.tensor) != plan_home(e->p, n->target)) return false;
    for (int d = 0; d < n->target->rank; d++)
        if (!sub_equal(&n->at[d], &old->read.sub[d])) return false;
    hold(e->w);
    put_real(e, c, x->arg[1], PREC_ADD + 1);
    const char *value = release_value(e);
    write_line(e, "%s %s %s;", target, x->op == OP_SUB ? "-=" : "+=", value);
    return true;
}

/* Positions are whole numbers, and so is what they begin with, and what is copied to them. */
static bool is_whole(const Emit *e, const Node *n) {
    const Expr *x = n->value;
    if (!n->target->integer || n->kind != NODE_SET) return false;
    return x->op == OP_NUM ||
           (x->op == OP_READ && x->read.tensor->integer && plan_home(e->p, x->read.tensor)->kind != HOME_INPUT);
}

static const char *value_text(Emit *e, const Node *n, const Cursor *c) {
    hold(e->w);
    if (is_whole(e, n))
        put_int(e, c, n->value, 0);
    else
        put_real(e, c, n->value, 0);
    return release_value(e);
}

static void put_set(Emit *e, const Node *n) {
    const Cursor c = cursor_at(e, n);
    name_accumulator(e, n);
    const char *tests = tests_text(e, &c, &n->guards), *target = element_text(e, &c, n->target, n->at);
    if (!tests && put_update(e, n, &c, target)) return;
    const char *type = declaration(e, n);
    if (tests) choice_open(e, true);
    const char *value = value_text(e, n, &c);
    if (tests) choice_close(e, true);
    if (tests)
        write_line(e, "%s%s = %s ? %s : %s;", type, target, tests, value, number_text(e, 0));
    else
        write_line(e, "%s%s = %s;", type, target, value);
}

/* target += value, with the sign where it reads best */
static void put_addition(Emit *e, const Node *n, const Cursor *c, const char *target) {
    hold(e->w);
    const bool minus = put_signed(e, c, n->value);
    const char *value = release_value(e);
    write_line(e, "%s %s %s;", target, minus ? "-=" : "+=", value);
}

/* const float v = value; if (is_above(v, best)) { best = v; where = number; } */
static void put_candidate(Emit *e, const Node *n, const Cursor *c, const char *where) {
    const bool max = n->reduce == REDUCE_ARGMAX;
    const char *best = element_text(e, c, n->best, n->best_at);
    line(e->w, "const $R %s = %s;", e->value, value_text(e, n, c));
    line(e->w, "if (%s(%s, %s)) {", helper_call(e->units, max ? "is_above" : "is_below"), e->value, best);
    line(e->w, "%s = %s;", best, e->value);
    hold(e->w);
    put_affine(e, c, n->number, 0);
    const char *number = release(e->w, e->arena);
    line(e->w, "%s = %s;", where, number);
    line(e->w, "}");
}

static void put_reduce(Emit *e, const Node *n) {
    const Cursor c = cursor_at(e, n);
    const char *target = element_text(e, &c, n->target, n->at);
    if (n->reduce == REDUCE_SUM)
        put_addition(e, n, &c, target);
    else if (n->best)
        put_candidate(e, n, &c, target);
    else
        write_line(e, "%s = %s(%s, %s);", target, helper_call(e->units, n->reduce == REDUCE_MAX ? "max_of" : "min_of"), target,
                   value_text(e, n, &c));
}

static Shape put_element_node(Emit *e, const Node *n) {
    const size_t start = e->w->n;
    if (n->kind == NODE_SET)
        put_set(e, n);
    else
        put_reduce(e, n);
    return written_since(e, start);
}

/* ---- other nodes */

/* What no expression says is done to the array that is read, before it is copied. */
static void put_call(Emit *e, const Node *n) {
    Home *h = plan_home(e->p, n->target);
    const Stmt *s = n->stmt;
    const char *unit = arena_printf(e->arena, "%s_%s", s->builtin->name, real_type(e->plan));
    const long long rows = s->to->dim[0], cols = tensor_size(s->to) / rows;
    unit_need(e->units, e->plan, unit);
    home_used(e, h);
    e->uses.work = true;
    hold(e->w);
    put_first(e->w, h);
    const char *first = release(e->w, e->arena);
    line(e->w, "%s(&%s%s%s, %lld, %lld, %s);", unit, e->work, h->name, first, rows, cols, number_text(e, s->option));
}

static void put_nest(Emit *e, const Node *n) {
    if (!n->step) bug("a nest of no step");
    const Nest *nest = &n->step->nest;
    if (n->step->kind == STEP_NEST) put_formula(e, (const PlanStmt *const *)nest->stmts.at, nest->stmts.n);
    if (nest->tile.on)
        emit_tile(e, n);
    else
        put_nodes(e, &n->body);
}

static Shape put_node(Emit *e, const Node *n) {
    switch (n->kind) {
    case NODE_NEST: put_nest(e, n); break;
    case NODE_LOOP: return put_loop(e, n);
    case NODE_TEST: return put_test(e, n);
    case NODE_SET:
    case NODE_REDUCE: return put_element_node(e, n);
    case NODE_CALL: put_call(e, n); break;
    case NODE_TILE: bug("a tile outside of a nest in vectors");
    case NODE_FETCH: line(e->w, "%s(%s + %d, %d);", helper_call(e->units, "fetch"), e->next, n->first, n->numbers); break;
    }
    return SHAPE_BLOCK;
}

/* Between steps is an empty line; there functions are cut, but not within a recurrence. */
static const Step *put_between(Emit *e, const Step *last, const Step *next) {
    const bool cut = e->p->cut && !e->scans.n && (!last || last->function != next->function), begins = cut && next->function;
    if (cut) cut_end(e);
    if (last && last->kind != STEP_FILL && !begins) insert(e->w, "\n");
    if (begins) cut_begin(e);
    return next;
}

static Shape put_nodes(Emit *e, const Nodes *nodes) {
    const Step *last = NULL;
    Shape shape = SHAPE_BLOCK;
    for (int k = 0; k < nodes->n; k++) {
        const Node *n = nodes->at[k];
        const Step *step = n->step ? n->step : n->kind == NODE_CALL ? nodes->at[k + 1]->step : NULL;
        if (step && step != last) last = put_between(e, last, step);
        if (!step && last) cut_end(e);
        const bool apart = nodes->n > 1 && n->kind == NODE_REDUCE && n->best; /* nothing else keeps v from the node after it */
        if (apart) line(e->w, "{");
        shape = put_node(e, n);
        if (apart) line(e->w, "}");
    }
    if (last && e->p->cut && !e->scans.n) cut_end(e);
    return nodes->n == 1 ? shape : SHAPE_BLOCK;
}

void c_nests(Emit *e) {
    put_nodes(e, &e->nests->nodes);
}

/* ---- one step of straight-line code */

/* Sets names and numbers of the loops around the step, and returns its node. */
static const Node *enter_step(Emit *e, const Nodes *nodes, const Step *step) {
    for (int k = 0; k < nodes->n; k++) {
        const Node *n = nodes->at[k];
        if (n->step == step) return n;
        if (n->kind != NODE_LOOP || !n->step) continue;
        set_range(e, n);
        e->around.name[n->index] = n->samples ? e->sample : NULL;
        for (int j = 0; j < e->scans.n; j++) {
            if (e->scans.at[j].scan != n->step->scan) continue;
            e->around.known[n->index] = true;
            e->around.value[n->index] = e->scans.at[j].value;
        }
        const Node *found = enter_step(e, &n->body, step);
        if (found) return found;
    }
    return NULL;
}

void c_nest(Emit *e, const Step *step) {
    const Node *n = enter_step(e, &e->nests->nodes, step);
    if (n) put_nest(e, n);
}

static const Tensor *filled(const Node *n) {
    return n->kind == NODE_SET ? n->target : filled(n->body.at[0]);
}

void c_fill(Emit *e, const Step *step, const Home *h) {
    const Node *n = enter_step(e, &e->nests->nodes, step);
    for (int k = 0; n && k < n->body.n; k++)
        if (plan_home(e->p, filled(n->body.at[k])) == h) put_node(e, n->body.at[k]);
}
