/* emit_choice: what a choice between values reads is read before it, into variables:
 *
 *     const float d_h = work->d_h[i];
 *     work->d_h_z[i] = work->h[i] > 0.0f ? d_h : 0.0f;
 *
 * A read that may not take place is a masked load to the compilers that make vectors of such loops, and gcc before 14 drops the
 * permutation of masked loads: wrong numbers (PR 114375). What has been read anyway, as in x > 0 ? x : 0, may stand again. Only
 * reads that may leave their array stay behind their test; the file then says that they are there (emit_prologue.c). */
#include "emit.h"
#include <string.h>

void choice_open(Emit *e, bool test) {
    e->choices++;
    e->tests += test;
}

void choice_close(Emit *e, bool test) {
    e->choices--;
    e->tests -= test;
}

/* Without a loop around there is nothing to make vectors of; in tiles all reads are variables. Straight-line code has the loop
 * over samples, unless it is cut into functions, and within it those over arrays that data pick elements of. */
static bool in_loop(const Emit *e) {
    const int straight = e->p->unrolled && e->p->cut ? e->sample_depth : 0;
    return !e->in_tile && e->depth > straight;
}

static bool is_inside(const Cursor *c, const Tensor *t, const Sub *sub) {
    for (int d = 0; d < t->rank; d++) {
        int min, max;
        const Expr *gather = sub[d].gather;
        if (gather) {
            if (!is_inside(c, gather->read.tensor, gather->read.sub)) return false;
            continue;
        }
        affine_bounds(c, sub[d].a, &min, &max);
        if (min < 0 || max >= t->dim[d]) return false;
    }
    return true;
}

bool early_name_taken(const Emit *e, const char *name) {
    for (int k = 0; k < e->reads.n; k++)
        if (e->reads.at[k].name && !strcmp(e->reads.at[k].name, name)) return true;
    for (int k = 0; k < e->early_names.n; k++)
        if (!strcmp(e->early_names.at[k].name, name)) return true;
    return false;
}

void early_names_drop(Emit *e) {
    while (e->early_names.n && e->early_names.at[e->early_names.n - 1].depth > e->depth) e->early_names.n--;
}

static const char *read_element(Emit *e, const Home *h, const char *text) {
    const Tensor *t = h->tensor;
    for (int k = 0; k < e->reads.n; k++)
        if (!strcmp(e->reads.at[k].text, text)) return e->reads.at[k].name ? e->reads.at[k].name : text;
    EarlyRead read = {text, t->integer && h->kind != HOME_INPUT ? "int" : real_type(e->plan), NULL, e->depth};
    if (e->choices) read.name = scoped_name(e, t->name);
    list_push(e->arena, &e->reads, read);
    return read.name ? read.name : text;
}

void put_memory(Emit *e, const Cursor *c, const Home *h, const Sub *sub) {
    const bool memory = !h->loaded && h->kind != HOME_LOCAL && in_loop(e) && !e->counting;
    if (!memory) {
        put_element(e, c, h, sub);
        return;
    }
    const int choices = e->choices;
    const bool stays = e->tests && !is_inside(c, h->tensor, sub);
    if (stays) e->units->tested_reads = true;
    if (!stays) e->choices = 0; /* what its subscripts read is read with it */
    hold(e->w);
    put_element(e, c, h, sub);
    const char *text = release(e->w, e->arena);
    e->choices = choices;
    put(e->w, "%s", stays ? text : read_element(e, h, text));
}

const char *release_value(Emit *e) {
    const char *text = release(e->w, e->arena);
    for (int k = 0; k < e->reads.n; k++) {
        const EarlyRead *read = &e->reads.at[k];
        if (!read->name) continue;
        line_wrapped(e->w, arena_printf(e->arena, "const %s %s = %s;", read->type, read->name, read->text));
        list_push(e->arena, &e->early_names, *read);
    }
    e->reads.n = 0;
    return text;
}
