/* emit_layout: the fields of the emitted structs, and where a C compiler lays them. Arrays begin at a whole vector, counted
 * from the beginning of the struct: what lies in two lines of the cache takes twice as long to load and to store. */
#include "emit_library.h"

Layout layout_new(const Plan *plan) {
    return (Layout){plan, 0, 1, 0};
}

void layout_put(Layout *l, long long size, long long align) {
    l->size = (l->size + align - 1) / align * align + size;
    if (align > l->align) l->align = align;
}

long long layout_size(const Layout *l) {
    return (l->size + l->align - 1) / l->align * l->align;
}

long long layout_gap(Layout *l, long long size) {
    const int vector = l->plan->options.vector_bytes;
    const long long gap = vector && size >= vector ? (vector - l->size % vector) % vector : 0;
    l->size += gap;
    return gap;
}

static long long element_size(const Plan *plan, const Home *h) {
    const bool whole = h->tensor->integer && h->tensor->role != ROLE_PARAM;
    return whole || !plan->options.f64 ? 4 : 8;
}

long long layout_put_home(Layout *l, const Home *h) {
    const long long size = element_size(l->plan, h);
    StoredDim stored[RANK_MAX + 1];
    long long n = 1;
    for (int k = home_stored(h, stored) - 1; k >= 0; k--) n *= stored[k].dim;
    const long long gap = layout_gap(l, n * size);
    layout_put(l, n * size, size);
    return gap;
}

Layout layout_work(const Plan *plan, const ProgramPlan *p) {
    Layout l = layout_new(plan);
    for (int k = 0; p && k < p->homes.n; k++)
        if (is_work(p->homes.at[k])) layout_put_home(&l, p->homes.at[k]);
    return l;
}

void put_gap(Writer *w, Layout *l, long long bytes) {
    if (bytes) line(w, "char p_%d[%lld]; /* what follows begins with a whole vector */", l->gaps++, bytes);
}

void put_field(Writer *w, Layout *l, const Home *h) {
    if (l) put_gap(w, l, layout_put_home(l, h));
    hold(w);
    put_dims(w, h);
    const char *dims = release(w, w->plan->arena);
    line(w, "%s %s%s;", type_name(w->plan, h->tensor), h->name, dims);
}

void put_work_fields(Writer *w, const ProgramPlan *p, bool in_struct) {
    Layout l = layout_new(w->plan);
    for (int k = 0; k < p->homes.n; k++)
        if (is_work(p->homes.at[k])) put_field(w, in_struct ? &l : NULL, p->homes.at[k]);
}
