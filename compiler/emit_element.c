/* emit_element: elements of tensors as C, at a cursor: affine maps of indices that are known numbers or loops' variables, the
 * tests of guards, subscripts. */
#include "emit.h"
#include <string.h>

/* ---- indices: numbers that are known, or variables */

Cursor cursor_start(const Emit *e, const PlanStmt *s) {
    Cursor c = {.s = s, .ix = s->s->ix, .to = s->s->to, .at = s->s->lhs, .lane = s->lane, .lanes = s->lanes};
    for (int k = 0; k < s->s->nout + s->s->nred; k++) {
        if (s->role[k] == AT_BATCH) c.name[k] = e->sample;
        for (int j = 0; j < e->scans.n && s->role[k] == AT_SCAN; j++) {
            const OpenScan *open = &e->scans.at[j];
            if (open->scan != s->scan[k]) continue;
            c.name[k] = open->name;
            c.known[k] = !open->name;
            c.value[k] = open->value;
        }
    }
    return c;
}

bool index_is_set(const Cursor *c, int index) {
    return c->known[index] || c->name[index];
}

const char *index_variable(const Cursor *c, int index) {
    if (!c->name[index]) bug("index %s of %s is no variable", c->ix[index].name, c->to->name);
    return c->name[index];
}

/* ---- whole numbers: affine maps of indices */

bool affine_known(const Cursor *c, const Affine *a, int *value) {
    *value = a->c;
    for (int k = 0; k < a->n; k++) {
        if (!c->known[a->t[k].index]) return false;
        *value += a->t[k].coef * c->value[a->t[k].index];
    }
    return true;
}

void affine_bounds(const Cursor *c, Affine a, int *min, int *max) {
    *min = *max = a.c;
    for (int k = 0; k < a.n; k++) {
        const int i = a.t[k].index, coef = a.t[k].coef;
        const Index *ix = &c->ix[i];
        const int lo = c->known[i] ? c->value[i] : ix->lo, hi = c->known[i] ? c->value[i] : ix->hi - 1;
        *min += coef * (coef > 0 ? lo : hi);
        *max += coef * (coef > 0 ? hi : lo);
    }
}

/* The map without what is known of it. */
static Affine affine_rest(const Cursor *c, const Affine *a) {
    Affine rest = {.c = a->c, .den = 1};
    for (int k = 0; k < a->n; k++) {
        if (c->known[a->t[k].index])
            rest.c += a->t[k].coef * c->value[a->t[k].index];
        else
            rest.t[rest.n++] = a->t[k];
    }
    return rest;
}

/* The sample is a size_t: as it is in a subscript, which it has for itself, an int where it is a number. */
static void put_affine_term(Emit *e, const Cursor *c, int index, int coef, bool first) {
    const int size = coef < 0 ? -coef : coef;
    const bool sample = c->name[index] == e->sample;
    if (sample) e->uses.sample = true;
    put(e->w, "%s", first ? coef < 0 ? "-" : "" : coef < 0 ? " - " : " + ");
    if (size != 1) put(e->w, "%d * ", size);
    put(e->w, "%s%s", sample ? "(int)" : "", index_variable(c, index));
}

/* Positive terms, a positive constant, negative terms, a negative constant: 2 * px + 3 - kx. */
void put_affine(Emit *e, const Cursor *c, Affine a, int precedence) {
    const Affine r = affine_rest(c, &a);
    const bool sum = r.n + (r.c != 0) > 1, product = r.n == 1 && r.t[0].coef != 1;
    const bool paren =
        (sum && precedence > PREC_ADD) || (product && precedence > PREC_MUL) || (!r.n && r.c < 0 && precedence > PREC_UNARY);
    bool first = true;
    if (paren) put(e->w, "(");
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < r.n; k++) {
            if ((r.t[k].coef < 0) != pass) continue;
            put_affine_term(e, c, r.t[k].index, r.t[k].coef, first);
            first = false;
        }
        if (r.c > 0 && pass == 0) put(e->w, first ? "%d" : " + %d", r.c), first = false;
    }
    if (r.c < 0) put(e->w, first ? "%d" : " - %d", first ? r.c : -r.c), first = false;
    if (first) put(e->w, "0");
    if (paren) put(e->w, ")");
}

/* ---- guards */

bool guard_may_fail(const Cursor *c, const Guard *g) {
    int min, max;
    affine_bounds(c, g->a, &min, &max);
    return min < g->lo || max >= g->hi;
}

/* The tests of lo <= a < hi that may fail, joined by &&. */
int put_range_test(Emit *e, const Cursor *c, Affine a, int lo, int hi, bool first) {
    int min, max, n = 0;
    affine_bounds(c, a, &min, &max);
    Affine rest = affine_rest(c, &a); /* t - 1 >= 0 reads better as t >= 1 */
    const int constant = rest.c;
    rest.c = 0;
    if (min < lo) {
        if (!first) put(e->w, " && ");
        put_affine(e, c, rest, PREC_LT + 1);
        put(e->w, " >= %d", lo - constant);
        n++;
    }
    if (max >= hi) {
        if (!first || n) put(e->w, " && ");
        put_affine(e, c, rest, PREC_LT + 1);
        put(e->w, " < %d", hi - constant);
        n++;
    }
    return n;
}

void put_guard(Emit *e, const Cursor *c, const Guard *g) {
    put_range_test(e, c, g->a, g->lo, g->hi, true);
}

/* True if all that the guards need is known; `hold` then says whether they do. */
bool guards_known(const Cursor *c, const Stmt *s, bool *hold) {
    *hold = true;
    for (int g = 0; g < s->nguard; g++) {
        int v;
        if (!affine_known(c, &s->guard[g].a, &v)) return false;
        *hold = *hold && v >= s->guard[g].lo && v < s->guard[g].hi;
    }
    return true;
}

/* ---- arrays */

void put_dims(Writer *w, const Home *h) {
    StoredDim stored[RANK_MAX + 1];
    const int n = home_stored(h, stored);
    for (int k = 0; k < n; k++) put(w, "[%d]", stored[k].dim);
}

void put_first(Writer *w, const Home *h) {
    StoredDim stored[RANK_MAX + 1];
    for (int k = home_stored(h, stored); k > 0; k--) put(w, "[0]");
}

void put_subs(Writer *w, const Home *h, const char *const *sub) {
    static const char *const form[] = {[PART_WHOLE] = "[%s]", [PART_PANEL] = "[%s / %d]", [PART_PLACE] = "[%s %% %d]"};
    StoredDim stored[RANK_MAX + 1];
    const int n = home_stored(h, stored);
    for (int k = 0; k < n; k++) put(w, form[stored[k].part], sub[stored[k].d], h->panel);
}

/* ---- elements */

/* Along a dimension, which one is in vectors. */
static int variable_dim(const Home *h, int d) {
    const int dim = h->tensor->dim[d];
    return h->lanes && d == h->lane_dim ? (dim + h->lanes - 1) / h->lanes : dim;
}

int home_variables(const Home *h) {
    int n = 1;
    for (int d = h->sliced; d < h->tensor->rank; d++) n *= variable_dim(h, d);
    return n;
}

void variable_point(const Home *h, int number, int *at) {
    for (int d = h->tensor->rank - 1; d >= h->sliced; d--) {
        at[d] = number % variable_dim(h, d);
        number /= variable_dim(h, d);
        if (h->lanes && d == h->lane_dim) at[d] *= h->lanes;
    }
}

static int known_sub(const Cursor *c, const Home *h, const Sub *sub) {
    int v;
    if (sub->gather || !affine_known(c, &sub->a, &v)) bug("an element of %s is not known", h->tensor->name);
    return v;
}

int element_number(const Cursor *c, const Home *h, const Sub *sub) {
    int number = 0;
    for (int d = h->sliced || h->tensor->per_sample; d < h->tensor->rank; d++) {
        const int v = known_sub(c, h, &sub[d]);
        number = number * variable_dim(h, d) + (h->lanes && d == h->lane_dim ? v / h->lanes : v);
    }
    return number;
}

/* h_z0, h_weight_0_1, x1_0 (where x10 could be read as the tenth of x); vectors h_weight_all_1, h_from0, h_from16 */
const char *element_name(Emit *e, const Home *h, int number) {
    const int rank = home_rank(h);
    int at[RANK_MAX];
    variable_point(h, number, at);
    const char *text = h->base;
    const char last = text[strlen(text) - 1];
    const bool spaced = rank > 1 || h->lanes || (last >= '0' && last <= '9');
    for (int d = h->sliced; d < h->tensor->rank; d++) {
        const bool vector = h->lanes && d == h->lane_dim;
        if (vector && variable_dim(h, d) == 1)
            text = arena_printf(e->arena, "%s_all", text);
        else
            text = arena_printf(e->arena, "%s%s%s%d", text, spaced ? "_" : "", vector ? "from" : "", at[d]);
    }
    return text;
}

static void put_sub(Emit *e, const Cursor *c, const Sub *sub, int below, int precedence) {
    int index;
    if (!sub->gather && affine_is_index(sub->a, &index) && c->name[index] == e->sample) {
        e->uses.sample = true;
        put(e->w, "%s", e->sample);
        return;
    }
    if (!sub->gather) {
        put_affine(e, c, sub->a, precedence);
        return;
    }
    const Tensor *t = sub->gather->read.tensor;
    const bool outside = t->role == ROLE_INPUT && !plan_home(e->p, t)->loaded;
    if (!outside) {
        put_int(e, c, sub->gather, precedence);
        return;
    }
    put(e->w, "%s(", helper_call(e->units, "index_of"));
    put_element(e, c, plan_home(e->p, t), sub->gather->read.sub);
    put(e->w, ", %d)", below);
}

/* What gathers add to the number of an element: each its row times the elements of one. plain: the other subscripts. */
static bool put_gathers(Emit *e, const Cursor *c, const Tensor *t, const Sub *sub, Sub *plain) {
    int elements = 1;
    bool some = false;
    for (int d = t->rank - 1; d >= t->per_sample; d--) {
        plain[d] = sub[d];
        if (sub[d].gather) {
            plain[d] = (Sub){.a = affine_const(0)};
            if (some) put(e->w, " + ");
            put_sub(e, c, &sub[d], t->dim[d], PREC_MUL);
            if (elements > 1) put(e->w, " * %d", elements);
            some = true;
        }
        elements *= t->dim[d];
    }
    return some;
}

/* The caller's numbers are one row for a sample: a[8 * i + j]. */
static void put_linear(Emit *e, const Cursor *c, const Home *h, const Sub *sub) {
    const Tensor *t = h->tensor;
    const bool sample = t->per_sample;
    Sub plain[RANK_MAX] = {0};
    const bool some = put_gathers(e, c, t, sub, plain);
    Affine number = subs_number(plain + sample, t->dim + sample, t->rank - sample);
    if (sample && !h->sliced) { /* as the caller has it: all inputs of a sample together */
        const Model *m = e->plan->model;
        number = affine_add(affine_scale(sub[0].a, h->kind == HOME_INPUT ? m->inputs : m->outputs), number);
        number.c += t->offset;
    }
    if (some && affine_is_const(number) && number.c == 0) return;
    if (some) put(e->w, " + ");
    put_affine(e, c, number, some ? PREC_ADD : 0);
}

/* Numbers of all samples, where the caller has them. */
static bool is_callers(const Home *h) {
    return (h->kind == HOME_INPUT || h->kind == HOME_TARGET) && h->tensor->per_sample && !h->sliced;
}

/* What stands before the brackets. */
void put_base(Emit *e, const Home *h) {
    switch (h->kind) {
    case HOME_NET:
        e->uses.net = true;
        put(e->w, "%s->%s", e->net, h->name);
        return;
    case HOME_WORK:
        e->uses.work = true;
        put(e->w, "%s%s", e->work, h->name);
        return;
    case HOME_OUTPUT: e->uses.ys = true; break;
    default: break;
    }
    put(e->w, "%s", is_callers(h) ? h->kind == HOME_INPUT ? e->xs : e->ts : h->name);
}

static bool is_flat(const Home *h) {
    return h->kind == HOME_INPUT || h->kind == HOME_TARGET || h->kind == HOME_OUTPUT;
}

void put_element(Emit *e, const Cursor *c, const Home *h, const Sub *sub) {
    home_used(e, (Home *)h);
    if (h->loaded || (h->kind == HOME_LOCAL && e->p->unrolled && !h->name)) { /* an accumulator of a loop has a name */
        const int number = element_number(c, h, sub);
        if (h->used_elements) h->used_elements[number] = 1;
        put(e->w, "%s", element_name(e, h, number));
        if (h->lanes && !lanes_fit(c, h, sub)) put(e->w, "[%d]", known_sub(c, h, &sub[h->lane_dim]) % h->lanes);
        return;
    }
    put_base(e, h);
    if (h->kind == HOME_LOCAL) return;
    if (is_flat(h)) {
        put(e->w, "[");
        put_linear(e, c, h, sub);
        put(e->w, "]");
        return;
    }
    const char *text[RANK_MAX];
    for (int d = h->sliced; d < h->tensor->rank; d++) {
        hold(e->w);
        put_sub(e, c, &sub[d], h->tensor->dim[d], h->panel && d == h->order[h->tensor->rank - 1] ? PREC_MUL : 0);
        text[d] = release(e->w, e->arena);
    }
    put_subs(e->w, h, text);
}
