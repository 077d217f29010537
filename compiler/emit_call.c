/* emit_call: in straight-line code, one function of several elements as one call of a function on vectors:
 *
 *     const v4 h_in = {h_z_0, h_z_1, h_z_2, h_z_3};
 *     const v4 h_all = tanh_4(h_in);
 *     const float h_0 = h_all[0]; ...
 *
 * Four polynomials next to each other take as long as one. */
#include "emit.h"
#include "emit_vector.h"

bool calls_vectors(const Emit *e) {
    return e->p->unrolled && e->plan->options.vector_bytes && !e->plan->options.f64;
}

bool call_may_stand(const Emit *e, const PlanStmt *s) {
    return e->p->unrolled && !s->lanes && plan_is_call(e->plan, s->s);
}

static const char *fresh_name(Emit *e, const char *base, const char *what) {
    const char *name = arena_printf(e->arena, "%s_%s", base, what);
    return e->counting ? name : names_take(e->names, name);
}

static void call_vector(Emit *e, const Cursor *at, int n, int lanes) {
    const Stmt *s = at->s->s;
    const char *in = fresh_name(e, s->to->name, "in"), *all = fresh_name(e, s->to->name, "all");
    const char *function = vector_call(e->units, e->plan, vector_function(s->e->op), lanes);
    hold(e->w);
    put(e->w, "const v%d %s = {", lanes, in);
    for (int k = 0; k < n; k++) {
        insert(e->w, k ? ", " : "");
        put_real(e, &at[k], s->e->arg[0], 0);
    }
    insert(e->w, "};");
    line_wrapped(e->w, release_value(e));
    line(e->w, "const v%d %s = %s_%d(%s);", lanes, all, function, lanes, in);
    for (int k = 0; k < n; k++) line(e->w, "%s = %s[%d];", unrolled_target(e, &at[k]), all, k);
    e->terms += 2 * n;
}

void emit_call(Emit *e, const Cursor *at, int n) {
    for (int from = 0; from < n;) {
        const int lanes = plan_straight_lanes(e->plan, n - from), some = n - from < lanes ? n - from : lanes;
        call_vector(e, at + from, some, lanes);
        from += some;
    }
}
