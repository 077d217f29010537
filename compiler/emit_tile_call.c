/* emit_tile_call: the function of a nest in vectors, and its call.
 *
 * What threads share is called through trainer_share(), which gives each part of the loop to whoever is free:
 *     struct net_given3 { float *p_0; int n; };
 *     static void net_share3(const void *given, int from, int to)      calls net_tile3(.., from, to) */
#include "emit_tile.h"
#include <string.h>

typedef struct Arg {
    const char *type, *name, *given;
    bool pointer;
} Arg;

typedef LIST(Arg) Args;

/* Does the nest stand at a step of this recurrence? */
static bool in_scan(const Nest *nest, const Scan *scan) {
    for (int j = 0; j < nest->stmts.n; j++)
        for (int k = 0; k < nest->stmts.at[j]->s->nout + nest->stmts.at[j]->s->nred; k++)
            if (nest->stmts.at[j]->scan[k] == scan) return true;
    return false;
}

static Arg param_arg(const TileText *t, const Param *p) {
    Arg a = {tile_real(t), p->name, p->given, p->home != NULL};
    if (p->home && p->home->kind != HOME_INPUT) a.type = type_name(t->e->plan, p->home->tensor);
    if (!p->home || !p->written) a.type = arena_printf(t->e->arena, "const %s", a.type);
    return a;
}

static Args args_of(TileText *t) {
    Emit *e = t->e;
    Args args = {0};
    for (int k = 0; k < t->params.n; k++) list_push(e->arena, &args, param_arg(t, &t->params.at[k]));
    if (t->count) list_push(e->arena, &args, ((Arg){"int", e->count, arena_printf(e->arena, "(int)%s", e->count), false}));
    e->uses.count = e->uses.count || t->count;
    for (int k = 0; k < e->scans.n; k++)
        if (in_scan(t->nest, e->scans.at[k].scan))
            list_push(e->arena, &args, ((Arg){"int", e->scans.at[k].name, e->scans.at[k].name, false}));
    return args;
}

static const char *params_text(const TileText *t, const Args *args) {
    const char *text = "";
    for (int k = 0; k < args->n; k++)
        text = arena_printf(t->e->arena, "%s%s%s %s%s", text, k ? ", " : "", args->at[k].type,
                            args->at[k].pointer ? "*__restrict " : "", args->at[k].name);
    if (!t->nest->shared) return text;
    return arena_printf(t->e->arena, "%s%sint %s, int %s", text, args->n ? ", " : "", t->from, t->to);
}

static int kernel_number(TileText *t, const char *text, bool *fresh) {
    UnitSet *units = t->e->units;
    *fresh = false;
    for (int k = 0; k < units->kernels.n; k++)
        if (!strcmp(units->kernels.at[k], text)) return k + 1;
    *fresh = true;
    list_push(t->e->arena, &units->kernels, text);
    return units->kernels.n;
}

/* The same function for a part that a thread is given. */
static const char *share_text(const TileText *t, const Args *args, int number) {
    Arena *arena = t->e->arena;
    const char *name = t->e->plan->name, *members = "", *passed = "";
    for (int k = 0; k < args->n; k++) {
        const Arg *a = &args->at[k];
        members = arena_printf(arena, "%s    %s %s%s;\n", members, a->type, a->pointer ? "*" : "", a->name);
        passed = arena_printf(arena, "%sgiven->%s, ", passed, a->name);
    }
    const char *type = arena_printf(arena, "struct %s_given%d", name, number);
    return arena_printf(arena,
                        "\n%s {\n%s};\n\nstatic void %s_share%d(const void *all, int %s, int %s) {\n"
                        "    const %s *const given = all;\n    %s_tile%d(%s%s, %s);\n}\n",
                        type, members, name, number, t->from, t->to, type, name, number, passed, t->from, t->to);
}

static void put_call(TileText *t, const Args *args, int number) {
    Emit *e = t->e;
    const Nest *nest = t->nest;
    const char *name = e->plan->name, *given = "";
    for (int k = 0; k < args->n; k++) given = arena_printf(e->arena, "%s%s%s", given, k ? ", " : "", args->at[k].given);
    if (!nest->shared) {
        write_line(e, "%s_tile%d(%s);", name, number, given);
        return;
    }
    const bool batch = nest->shared_loop == nest->batch;
    const char *points =
        batch ? arena_printf(e->arena, "(int)%s", e->count) : arena_printf(e->arena, "%d", nest->hi[nest->shared_loop]);
    e->uses.count = e->uses.count || batch;
    e->units->shared = true;
    write_line(e, "trainer_share(%s_share%d, &(const struct %s_given%d){%s}, %s, %d);", name, number, name, number, given,
               points, plan_tile_step(&nest->tile, nest->shared_loop));
}

void tile_function(TileText *t, const char *body) {
    Emit *e = t->e;
    bool fresh;
    const Args args = args_of(t);
    const char *text = arena_printf(e->arena, "(%s) {\n%s}\n", params_text(t, &args), body);
    const int number = kernel_number(t, text, &fresh);
    e->units->apart = true;
    if (fresh) {
        const char *function =
            arena_printf(e->arena, "\nstatic %s_APART void %s_tile%d%s", e->plan->upper, e->plan->name, number, text);
        list_push(e->arena, &e->cut, function);
    }
    if (fresh && t->nest->shared) list_push(e->arena, &e->cut, share_text(t, &args, number));
    put_call(t, &args, number);
}
