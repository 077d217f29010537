/* home: how the numbers of a tensor are stored. */
#include "plan.h"
#include <string.h>

Home *home_find(const Table *table, const Tensor *t) {
    return table_value(table, t);
}

Home *home_add(Arena *arena, Table *table, const Tensor *t) {
    Home *h = arena_one(arena, Home);
    h->tensor = t;
    for (int k = 0; k < t->rank; k++) h->order[k] = k;
    table_set(arena, table, t, h);
    return h;
}

Home *plan_home(const ProgramPlan *p, const Tensor *t) {
    Home *h = home_find(&p->table, t);
    if (!h) bug("tensor %s of %s has no home", t->name, p->program->name);
    return h->same_as ? h->same_as : h;
}

void plan_find_homes(const ProgramPlan *p) {
    for (int k = 0; k < p->stmts.n; k++)
        for (int a = 0; a < p->stmts.at[k]->accesses.n; a++) {
            PlanAccess *x = &p->stmts.at[k]->accesses.at[a];
            x->home = plan_home(p, x->tensor);
        }
}

int home_rank(const Home *h) {
    return h->tensor->rank - h->sliced;
}

int home_dim(const Home *h, int k) {
    return h->tensor->dim[k + h->sliced];
}

long long home_size(const Home *h) {
    return h->sliced ? tensor_size(h->tensor) / h->tensor->dim[0] : tensor_size(h->tensor);
}

void home_store_as(Home *h, const Home *other) {
    memcpy(h->order, other->order, sizeof h->order);
    h->panel = other->panel;
}

static int padded(const Home *h, int k) {
    const int dim = h->tensor->dim[h->order[k]];
    if (k == h->tensor->rank - 1 && h->pad) return (dim + h->pad - 1) / h->pad * h->pad;
    return k && k == h->gap ? dim + 1 : dim;
}

int home_stored(const Home *h, StoredDim *to) {
    const int rank = h->tensor->rank, last = rank ? h->order[rank - 1] : 0, panel = h->panel;
    int n = 0;
    if (panel) to[n++] = (StoredDim){last, PART_PANEL, (h->tensor->dim[last] + panel - 1) / panel};
    for (int k = 0; k < rank - (panel != 0); k++)
        if (!h->sliced || h->order[k] != 0) to[n++] = (StoredDim){h->order[k], PART_WHOLE, padded(h, k)};
    if (panel) to[n++] = (StoredDim){last, PART_PLACE, panel};
    return n;
}
