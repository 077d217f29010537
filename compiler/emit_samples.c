/* emit_samples: straight-line code of which the samples of a batch are the lanes: the loop over them, what adds over the batch.
 *
 *     v16 d_y_bias0_lanes = splat_16(0.0f);
 *     for (size_t s = 0; s < n; s += 16) {
 *         const i16 here = first_16(n - s);
 *         ...
 *         d_y_bias0_lanes += pick_16(here, d_y_z0, splat_16(0));
 *     }
 *     const float d_y_bias0 = sum_16(d_y_bias0_lanes);
 *
 * Of a batch of no more samples there is no loop. */
#include "emit_vector.h"
#include <string.h>

static const char *call(Emit *e, const char *name) {
    const int lanes = e->p->sample_lanes;
    return arena_printf(e->arena, "%s_%d", vector_call(e->units, e->plan, name, lanes), lanes);
}

/* As if it had a variable for each element. */
static Home in_numbers(const Home *h) {
    Home plain = *h;
    plain.lanes = 0;
    return plain;
}

const char *lanes_name(Emit *e, const Home *h, int element) {
    const Home plain = in_numbers(h);
    return arena_printf(e->arena, "%s_lanes", element_name(e, &plain, element));
}

/* The variable that the element is in. */
static int variable_of(const Home *h, int element) {
    const Home plain = in_numbers(h);
    int at[RANK_MAX];
    Sub sub[RANK_MAX] = {0};
    const Cursor none = {0};
    variable_point(&plain, element, at);
    for (int d = 0; d < h->tensor->rank; d++) sub[d].a = affine_const(at[d]);
    return element_number(&none, h, sub);
}

bool samples_are_one_vector(const Emit *e) {
    return e->p->sample_lanes >= e->p->program->batch;
}

/* What is added to -0 once is itself, so that the C compiler adds nothing. */
void put_lanes_start(Emit *e, Home *h, const char *start) {
    if (samples_are_one_vector(e)) start = number_text(e, -0.0);
    const char *splat = call(e, "splat");
    for (int k = 0, n = (int)home_size(h); k < n; k++) {
        const int variable = variable_of(h, k);
        if (h->set[k] || (h->reads && h->reads_before && !h->reads_before[variable])) continue;
        h->set[k] = 1;
        line(e->w, "v%d %s = %s(%s);", e->p->sample_lanes, lanes_name(e, h, k), splat, start);
        e->block_open = true;
    }
}

void put_lanes_added(Emit *e, const Cursor *c) {
    const Stmt *s = c->s->s;
    const Home plain = in_numbers(plan_home(e->p, s->to));
    Cursor at = *c;
    int n = 0;
    if (!reduction_first(&at)) return;
    hold(e->w);
    const bool same = !expr_uses_index(s->e, c->lane);
    const char *pick = call(e, "pick"), *splat = call(e, "splat");
    put(e->w, "%s += ", lanes_name(e, &plain, element_number(c, &plain, s->lhs)));
    if (!c->s->blank) put(e->w, "%s(%s, ", pick, e->here);
    if (same) put(e->w, "%s(", splat);
    for (bool more = true; more; more = reduction_next(&at), n++) {
        if (n)
            put_added(e, &at, s->e);
        else
            put_real(e, &at, s->e, PREC_ADD);
    }
    put(e->w, "%s", same ? ")" : "");
    if (!c->s->blank) put(e->w, ", %s(0))", splat);
    put(e->w, ";");
    e->terms += n;
    line_wrapped(e->w, release_value(e));
}

/* sums_16(d_w_0_lanes, d_w_1_lanes ...), or {sum_16(d_w_0_lanes) ...} where the vector has another length */
static const char *vector_of_sums(Emit *e, const Home *h, int variable) {
    const bool together = h->lanes == e->p->sample_lanes;
    const char *sum = call(e, together ? "sums" : "sum"), *text = "";
    int found = 0;
    for (int k = 0, n = (int)home_size(h); k < n; k++) {
        if (variable_of(h, k) != variable) continue;
        const char *name = lanes_name(e, h, k), *between = found++ ? ", " : "";
        text = together ? arena_printf(e->arena, "%s%s%s", text, between, name)
                        : arena_printf(e->arena, "%s%s%s(%s)", text, between, sum, name);
    }
    for (; together && found < h->lanes; found++) text = arena_printf(e->arena, "%s, %s(0)", text, call(e, "splat"));
    return together ? arena_printf(e->arena, "%s(%s)", sum, text) : arena_printf(e->arena, "{%s}", text);
}

static void put_sums(Emit *e, Home *h) {
    for (int k = 0, n = (int)home_size(h), last = -1; k < n; k++) {
        const int variable = variable_of(h, k);
        if (!h->set[k] || h->set[k] == 2) continue;
        if (!h->lanes) {
            line(e->w, "const $R %s = %s(%s);", element_name(e, h, k), call(e, "sum"), lanes_name(e, h, k));
        } else if (variable != last) {
            last = variable;
            for (int j = k; j < n; j++)
                if (variable_of(h, j) == variable) h->set[j] = 2;
            line_wrapped(e->w, arena_printf(e->arena, "const v%d %s = %s;", h->lanes, element_name(e, h, variable),
                                            vector_of_sums(e, h, variable)));
        }
    }
}

void put_lanes_sums(Emit *e) {
    bool first = true;
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (!h->folds || !h->set) continue;
        if (first) insert(e->w, "\n");
        first = false;
        put_sums(e, h);
    }
}

void put_sample_rows(Emit *e, const char *name, const char *base, int row, int offset) {
    const char *rows = call(e, "rows"), *rest = arena_printf(e->arena, "%s_rest", name);
    if (!e->counting) rest = names_take(e->names, rest);
    line(e->w, "$R %s[%d];", rest, e->p->sample_lanes * row);
    line(e->w, "const $R *const %s = %s(%s + %d * %s, %s - %s, %d, %s)%s;", name, rows, base, row, e->sample, e->count,
         e->sample, row, rest, offset ? arena_printf(e->arena, " + %d", offset) : "");
}

const char *sample_lanes_text(Emit *e, const Home *h, const char *first) {
    const Model *m = e->plan->model;
    const char *load = call(e, "load_apart");
    return arena_printf(e->arena, "%s(&%s, %d)", load, first, h->kind == HOME_INPUT ? m->inputs : m->outputs);
}

void put_sample_mask(Emit *e) {
    const char *first = call(e, "first");
    line(e->w, "const i%d %s = %s(%s - %s);", e->p->sample_lanes, e->here, first, e->count, e->sample);
}

void put_mask_start(Emit *e) {
    put(e->w, "%s(%s, ", call(e, "pick"), e->here);
}

void put_mask_end(Emit *e) {
    put(e->w, ", %s(0))", call(e, "splat"));
}
