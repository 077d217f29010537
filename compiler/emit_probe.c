/* emit_probe: NAME_find_nonfinite: prediction with every layer's output kept, and a look at each of them in order. */
#include "emit_library.h"

static void put_check(Writer *w, Emit *e, const LayerInfo *l) {
    Home *h = home_find(&e->p->table, l->output);
    if (!h || h->kind != HOME_WORK) return;
    const char **letter = loop_letters(e, h->tensor->rank);
    h->used = e->uses.work = true;
    hold(w);
    put_subs(w, h, letter);
    const char *subs = release(w, w->plan->arena);
    for (int k = 0; k < h->tensor->rank; k++) {
        const char *i = letter[h->order[k]];
        line(w, "for (int %s = 0; %s < %d; %s++)", i, i, h->tensor->dim[h->order[k]], i);
        w->indent++;
    }
    line(w, "if (!%s(%s%s%s)) return \"%s\";", helper_call(e->units, "is_finite"), e->work, h->name, subs, l->name);
    w->indent -= h->tensor->rank;
}

void put_probe(Writer *w, UnitSet *units) {
    const Model *m = w->plan->model;
    Emit *e = emit_new(w->plan, w->plan->probe, FORM_PREDICT, units, w, false);
    w->indent = 1;
    Body body = emit_body(e);
    hold(w);
    for (int k = 0; k < m->layers.n; k++) put_check(w, e, &m->layers.at[k]);
    const char *checks = release(w, w->plan->arena);
    hold(w);
    put_function_head(e, &e->uses);
    body.head = release(w, w->plan->arena);
    w->indent = 0;
    blank(w);
    insert(w, body.functions);
    line(w, "const char *$N_find_nonfinite($T *%s, const $R *%s) {", e->net, e->xs);
    if (!needs_net(&e->uses)) line(w, "(void)%s;", e->net);
    if (!e->uses.xs) line(w, "(void)%s;", e->xs);
    insert(w, body.head);
    insert(w, body.given);
    insert(w, "\n");
    insert(w, body.text);
    insert(w, "\n");
    insert(w, checks);
    line(w, "return NULL;");
    line(w, "}");
}
