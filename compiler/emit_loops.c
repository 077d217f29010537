/* emit_loops: the loops and tests around one statement of a nest in vectors, until such nests are nodes too. Guards become
 * bounds of the innermost loop that they mention, or else an `if`. */
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
    return 4 * (size_t)e->w->indent + strlen(head) + strlen(text) <= LINE_LENGTH;
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

/* ---- one statement within its nest */

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

/* What a guard asks for of k and what is known already, whatever the other indices are. */
static Guard without_later(const Place *at, const Guard *g, int k) {
    Affine later = affine_const(0);
    int min, max;
    for (int t = 0; t < g->a.n; t++) {
        const int i = g->a.t[t].index;
        if (i != k && !index_is_set(&at->c, i)) later = affine_add(later, affine_scale(affine_index(i), g->a.t[t].coef));
    }
    affine_range(later, at->s->s->ix, &min, &max);
    return (Guard){affine_sub(g->a, later), g->lo - max, g->hi - min};
}

/* Opens the loop over index k. If `bounded`, guards are its bounds: those whose other indices are known by now, and what others
 * leave of it at most. */
void open_loop(Emit *e, Place *at, int k, bool bounded) {
    const Stmt *s = at->s->s;
    const Index *ix = &s->ix[k];
    if (ix->hi - ix->lo == 1) {
        at->c.known[k] = true;
        at->c.value[k] = ix->lo;
        return;
    }
    const char *samples = !ix->batch ? NULL : e->in_tile ? e->count : arena_printf(e->arena, "(int)%s", e->count);
    Bounds lower = {0}, upper = {0};
    list_push(e->arena, &lower, ((Bound){affine_const(ix->lo), 1}));
    list_push(e->arena, &upper, ((Bound){affine_const(ix->hi), 1}));
    e->uses.count = e->uses.count || ix->batch;
    for (int g = 0; g < s->nguard && bounded; g++) {
        Bound low, high;
        if (at->guards >> g & 1 || !affine_coef(s->guard[g].a, k)) continue;
        const Guard most = without_later(at, &s->guard[g], k);
        const bool ready = most.a.n == s->guard[g].a.n;
        if (!ready && affine_within(most.a, s->ix, most.lo, most.hi)) continue;
        bounds_of(&most, k, &low, &high);
        list_push(e->arena, &lower, low);
        list_push(e->arena, &upper, high);
        if (ready) at->guards |= 1U << g;
    }
    const char *from = loop_from(e, &at->c, &lower), *to = loop_to(e, &at->c, &upper, samples);
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

void write_line(Emit *e, const char *format, ...) {
    va_list args;
    va_start(args, format);
    line_wrapped(e->w, arena_vprintf(e->arena, format, args));
    va_end(args);
}

Place place_of(Emit *e, const Nest *nest, const PlanStmt *s) {
    Place at = {.c = cursor_start(e, s), .nest = nest, .s = s};
    for (int k = 0; k < s->s->nout + s->s->nred; k++) {
        if (s->role[k] != AT_REDUCED || s->s->ix[k].hi - s->s->ix[k].lo != 1) continue;
        at.c.known[k] = true;
        at.c.value[k] = s->s->ix[k].lo;
    }
    return at;
}
