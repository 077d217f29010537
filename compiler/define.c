/* define: what a value is in terms of others: the statements that write it, and its definition put in place of a read. */
#include "simplify_internal.h"
#include <string.h>

void facts_collect(Simplify *s) {
    Program *p = s->p;
    s->tensors = p->tensors.n;
    s->facts = arena_many(s->scratch, p->tensors.n, Facts);
    for (int k = 0; k < p->tensors.n; k++) p->tensors.at[k]->slot = k;
    for (int k = 0; k < p->roots.n; k++) s->facts[p->roots.at[k]->slot].root = true;
    for (int k = 0; k < p->tensors.n; k++)
        if (p->tensors.at[k]->next_of && program_has_tensor(p, p->tensors.at[k]->next_of))
            s->facts[p->tensors.at[k]->next_of->slot].replaced = true;
    for (int k = 0; k < p->stmts.n; k++) list_push(s->scratch, &s->facts[p->stmts.at[k]->to->slot].writers, p->stmts.at[k]);
}

bool lhs_is_plain(const Stmt *s) {
    for (int d = 0; d < s->to->rank; d++) {
        int index;
        if (s->lhs[d].gather || !affine_is_index(s->lhs[d].a, &index)) return false;
        if (s->ix[index].lo != 0 || s->ix[index].hi != s->to->dim[d]) return false;
        for (int j = 0; j < d; j++)
            if (sub_equal(&s->lhs[j], &s->lhs[d])) return false;
    }
    return true;
}

const Stmt *definition_of(const Simplify *s, const Tensor *t) {
    if (!tensor_is_computed(t) || t->slot >= s->tensors || s->facts[t->slot].writers.n != 1) return NULL;
    const Stmt *d = s->facts[t->slot].writers.at[0];
    if (d->derivative && !s->values) return NULL; /* it passes back what its expression does not say */
    return !d->add && d->nred == 0 && d->nguard == 0 && d->e->op != OP_RANDOM && lhs_is_plain(d) ? d : NULL;
}

/* ---- e with subscripts put for its indices: what a read of its statement's tensor is */

typedef struct Inlined {
    Program *p;
    Affine map[32];
    const Expr *gather[32]; /* instead of the map, where the subscript is a gather */
    unsigned gathered;
    bool impossible; /* a gather stands where only an affine map may */
} Inlined;

static const Expr *inlined(Inlined *in, const Expr *e);

static Sub inlined_sub(Inlined *in, const Sub *s) {
    int index;
    if (s->gather) {
        const Expr *g = inlined(in, s->gather);
        if (g->op != OP_READ) in->impossible = true;
        return (Sub){.gather = g};
    }
    if (!(sub_indices(s) & in->gathered)) return (Sub){.a = affine_substitute(s->a, in->map)};
    if (affine_is_index(s->a, &index)) return (Sub){.gather = in->gather[index]};
    in->impossible = true;
    return *s;
}

static const Expr *inlined_read(Inlined *in, const Expr *e) {
    Sub sub[RANK_MAX];
    for (int d = 0; d < e->read.tensor->rank; d++) sub[d] = inlined_sub(in, &e->read.sub[d]);
    return e->padded ? expr_read_padded(in->p, e->read.tensor, sub, e->pad) : expr_read(in->p, e->read.tensor, sub);
}

static const Expr *inlined(Inlined *in, const Expr *e) {
    int index;
    if (!(e->indices & in->gathered)) return expr_substitute(in->p, e, in->map);
    if (e->op == OP_READ) return inlined_read(in, e);
    if (e->op == OP_VAL) {
        if (affine_is_index(e->affine, &index)) return in->gather[index];
        in->impossible = true;
        return e;
    }
    const Expr *arg[3] = {e, e, e};
    for (int k = 0; k < e->nargs; k++) arg[k] = inlined(in, e->arg[k]);
    return expr_op(in->p, e->op, arg);
}

const Expr *inline_definition(Program *p, const Stmt *d, const Access *read) {
    Inlined in = {.p = p};
    for (int k = 0; k < 32; k++) in.map[k] = affine_index(k);
    for (int k = 0; k < d->to->rank; k++) {
        const int index = d->lhs[k].a.t[0].index;
        in.map[index] = read->sub[k].a;
        in.gather[index] = read->sub[k].gather;
        if (read->sub[k].gather) in.gathered |= 1U << index;
    }
    const Expr *e = inlined(&in, d->e);
    return in.impossible ? NULL : e;
}

const Expr *resolve(const Simplify *s, const Expr *e) {
    if (e->op != OP_READ || e->padded) return NULL;
    const Stmt *d = definition_of(s, e->read.tensor);
    return d ? inline_definition(s->p, d, &e->read) : NULL;
}
