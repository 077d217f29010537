/* emit_predict: frozen prediction: one function with the parameters' numbers inside, and the names of classes; nothing else
 * visible, no struct. */
#include "emit_library.h"

/* The workspace is local arrays; of code that is cut into functions, one struct that they are handed. */
static void put_workspace(Writer *w, const Emit *e) {
    if (!has_work(e->p)) return;
    if (e->p->cut)
        line(w, "struct $N_work %s_itself, *const %s = &%s_itself;", e->space, e->space, e->space);
    else
        put_work_fields(w, e->p, false);
}

static void put_work_type(Writer *w, const ProgramPlan *p) {
    if (!p->cut || !has_work(p)) return;
    blank(w);
    line(w, "struct $N_work {");
    put_work_fields(w, p, true);
    line(w, "};");
}

/* Where numbers are scaled around it, the network is a function of its own. */
static void put_function(Writer *w, Emit *e, const Body *body, bool scaled) {
    const Model *m = w->plan->model;
    put_work_type(w, e->p);
    blank(w);
    insert(w, body->functions);
    line(w, scaled ? "static void $N_network(const $R %s[%d], $R %s[%d]) {" : "void $N_predict(const $R %s[%d], $R %s[%d]) {",
         e->xs, m->inputs, e->ys, m->outputs);
    put_workspace(w, e);
    if (!body->uses.xs) line(w, "(void)%s;", e->xs);
    insert(w, body->head);
    insert(w, body->given);
    insert(w, body->loads);
    insert(w, "\n");
    insert(w, body->text);
    line(w, "}");
}

void emit_predict(const Plan *plan, const Prepared *data, bool raw, const char *header, FILE *c, FILE *h) {
    const bool scaled = !raw && data_is_scaled(data);
    UnitSet units = {0};
    Writer code = {.plan = plan, .indent = 1}, head = {.plan = plan};
    Emit *e = emit_new(plan, plan->predict, FORM_PREDICT, &units, &code, true);
    const Body body = emit_body(e);
    code.indent = 0;
    hold(&code);
    put_function(&code, e, &body, scaled);
    if (scaled) put_scaled_predict(&code, data, &units);
    const char *function = release(&code, plan->arena);
    put_prologue(&code, &units, header);
    put_classes(&code, data);
    insert(&code, function);
    put_epilogue(&code);
    emit_predict_header(&head, data, raw);
    write_pair(&code, &head, header, c, h);
}
