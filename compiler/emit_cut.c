/* emit_cut: functions that are cut off a long one. Where one begins the text is held back; where it ends it has turned out what
 * it must be given, and a call stands in its place. */
#include "emit.h"
#include <string.h>

void put_declared_first(Emit *e) {
    for (int k = 0; k < e->declared_first.n; k++) {
        const Home *h = e->declared_first.at[k];
        line(e->w, "%s %s;", type_name(e->plan, h->tensor), h->name);
    }
    e->declared_first.n = 0;
}

void cut_begin(Emit *e) {
    e->function++;
    e->total += e->terms;
    e->terms = 0;
    e->outside = e->uses;
    e->uses = (Uses){0};
    e->outer_indent = e->w->indent;
    e->block_open = false;
    e->origin = NULL;
    hold(e->w);
    e->w->indent = 1;
    e->in_function = true;
}

static void merge_uses(Emit *e, const Uses *inner) {
    Uses *u = &e->uses;
    u->net |= inner->net || inner->work || inner->step || inner->keys.n;
    u->work |= inner->work && e->frozen;
    u->count |= inner->count;
    u->sample |= inner->sample;
    u->start |= inner->start;
    u->xs |= inner->xs;
    u->ts |= inner->ts;
    u->ys |= inner->ys;
    for (int k = 0; k < inner->given.n; k++) need_given(e, inner->given.at[k]);
}

/* One argument: as declared, and as passed on. */
static void add_argument(Emit *e, const char **declared, const char **passed, bool used, const char *type, const char *name) {
    if (!used) return;
    const char *between = **passed ? ", " : "";
    *declared = arena_printf(e->arena, "%s%s%s%s", *declared, between, type, name);
    *passed = arena_printf(e->arena, "%s%s%s", *passed, between, name);
}

void cut_end(Emit *e) {
    if (!e->in_function) return;
    e->in_function = false;
    const char *text = release(e->w, e->arena), *declared = "", *passed = "";
    const Uses u = e->uses;
    const char *real = real_type(e->plan);
    const char *in = arena_printf(e->arena, "const %s *", real), *out = arena_printf(e->arena, "%s *", real);
    const bool net = u.net || u.step || u.keys.n || (u.work && !e->frozen), whole = e->p->tiled && e->p->program->batch > 1;
    e->w->indent = e->outer_indent;
    e->uses = e->outside;
    merge_uses(e, &u);
    add_argument(e, &declared, &passed, net, arena_printf(e->arena, "%s *", e->plan->type), e->net);
    add_argument(e, &declared, &passed, u.work && e->frozen, arena_printf(e->arena, "struct %s_work *", e->plan->name),
                 e->space);
    add_argument(e, &declared, &passed, u.xs && whole, in, e->xs);
    add_argument(e, &declared, &passed, u.ts && whole, in, e->ts);
    for (int k = 0; k < u.given.n; k++) add_argument(e, &declared, &passed, true, in, u.given.at[k]->name);
    add_argument(e, &declared, &passed, u.ys, out, e->ys);
    add_argument(e, &declared, &passed, u.sample, "size_t ", e->sample);
    add_argument(e, &declared, &passed, u.count, "size_t ", e->count);
    add_argument(e, &declared, &passed, u.start, "size_t ", e->start);
    const char *name = arena_printf(e->arena, "%s_%s_part%d", e->plan->name, e->p->program->name, e->function);
    line(e->w, "%s(%s);", name, passed);
    if (e->counting) return;
    hold(e->w);
    e->w->indent = 0;
    e->units->apart = true;
    line(e->w, "static $U_APART void %s(%s) {", name, *declared ? declared : "void");
    hold(e->w);
    put_function_head(e, &u);
    put_declared_first(e);
    const char *head = release(e->w, e->arena);
    insert(e->w, head);
    if (*head) insert(e->w, "\n");
    insert(e->w, text);
    line(e->w, "}");
    insert(e->w, "\n");
    e->w->indent = e->outer_indent;
    list_push(e->arena, &e->cut, release(e->w, e->arena));
}
