/* nest_print: loops as text, a node a line; docs/ir.md describes this form. */
#include "nest.h"

typedef struct Print {
    FILE *to;
    int indent;
    Index ix[INDEX_MAX]; /* names of the open loops' indices */
} Print;

static void put_affine(const Print *w, const Affine *a) {
    affine_print(a, w->ix, w->to);
}

static void put_bounds(const Print *w, const Bounds *bounds, const char *best) {
    if (bounds->n > 1) fprintf(w->to, "%s(", best);
    for (int k = 0; k < bounds->n; k++) {
        const Bound *b = &bounds->at[k];
        if (k) fputs(", ", w->to);
        if (b->den != 1 && b->a.n) fputc('(', w->to);
        put_affine(w, &b->a);
        if (b->den != 1 && b->a.n) fputc(')', w->to);
        if (b->den != 1) fprintf(w->to, "/%d", b->den);
    }
    if (bounds->n > 1) fputc(')', w->to);
}

static void put_guards(const Print *w, const Guards *guards, const char *before) {
    for (int k = 0; k < guards->n; k++) {
        fprintf(w->to, "%s%d <= ", k ? ", " : before, guards->at[k].lo);
        put_affine(w, &guards->at[k].a);
        fprintf(w->to, " < %d", guards->at[k].hi);
    }
}

static void put_element(const Print *w, const Tensor *t, const Sub *sub) {
    fputs(t->name, w->to);
    subs_print(sub, t->rank, w->ix, w->to);
}

static void put_reduce(const Print *w, const Node *n) {
    put_element(w, n->target, n->at);
    fprintf(w->to, n->reduce == REDUCE_SUM ? " += " : " %s= ", reduce_names[n->reduce]);
    expr_print(n->value, w->ix, w->to);
    if (!n->best) return;
    fputs(" at ", w->to);
    put_affine(w, &n->number);
    fputs(" with ", w->to);
    put_element(w, n->best, n->best_at);
}

static void put_end(const Print *w, const Node *n) {
    if (n->samples && n->mode == LOOP_SERIAL) {
        fputc('n', w->to);
        return;
    }
    if (n->samples) {
        fputs("min(n - (", w->to);
        put_affine(w, &n->less);
        fputs("), ", w->to);
    }
    put_bounds(w, &n->to, "min");
    if (n->samples) fputc(')', w->to);
}

static void put_loop(Print *w, const Node *n) {
    w->ix[n->index] = (Index){.name = n->name};
    static const char *const modes[] = {[LOOP_SERIAL] = "", [LOOP_UNROLLED] = "unrolled ", [LOOP_LANES] = "lanes "};
    fprintf(w->to, "for %s", modes[n->mode]);
    const Affine i = affine_index(n->index);
    put_affine(w, &i);
    fputs(" from ", w->to);
    if (n->after)
        fprintf(w->to, "the rest of %d", n->after);
    else
        put_bounds(w, &n->from, "max");
    fputs(" to ", w->to);
    put_end(w, n);
    if (n->by > 1) fprintf(w->to, " by %d", n->by);
    if (n->whole) fputs(" whole", w->to);
    if (n->down) fputs(" down", w->to);
}

static void put_nodes(Print *w, const Nodes *nodes);

static void put_node(Print *w, const Node *n) {
    fprintf(w->to, "%*s", 4 * w->indent, "");
    switch (n->kind) {
    case NODE_NEST:
        fputs(n->step->kind == STEP_FILL ? "start of " : "nest of ", w->to);
        fputs(n->stmt->to->name, w->to);
        break;
    case NODE_TILE: fputs("tile", w->to); break;
    case NODE_LOOP: put_loop(w, n); break;
    case NODE_TEST: put_guards(w, &n->guards, "where "); break;
    case NODE_SET:
        put_element(w, n->target, n->at);
        fputs(" = ", w->to);
        expr_print(n->value, w->ix, w->to);
        put_guards(w, &n->guards, " where ");
        break;
    case NODE_REDUCE: put_reduce(w, n); break;
    case NODE_CALL: fprintf(w->to, "%s(%s)", n->stmt->builtin->name, n->target->name); break;
    case NODE_FETCH: fprintf(w->to, "fetch %d inputs from %d", n->numbers, n->first); break;
    }
    fputc('\n', w->to);
    w->indent++;
    put_nodes(w, &n->body);
    w->indent--;
}

static void put_nodes(Print *w, const Nodes *nodes) {
    for (int k = 0; k < nodes->n; k++) put_node(w, nodes->at[k]);
}

void nest_print(const NestProgram *n, FILE *to) {
    Print w = {.to = to};
    fprintf(to, "nests of %s\n\n", n->program->name);
    put_nodes(&w, &n->nodes);
}
