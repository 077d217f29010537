/* lower_space: the indices of the equation being lowered: how far each goes, which name stands for it.
 *
 * The batch's index, where there is one, is the first that a sampled equation opens its space with; a reduction over the batch
 * adds one of its own. */
#include "lower_internal.h"
#include <string.h>

/* ---- indices and their names */

int space_index(Lower *l, const char *name, int extent) {
    Space *s = l->space;
    if (s->n == INDEX_MAX - 1) {
        lower_error(l, l->origin, "this equation needs more than %d indices", INDEX_MAX - 1);
        return -1;
    }
    s->ix[s->n] = (Index){name, 0, extent, false};
    return s->n++;
}

bool space_batch(Lower *l) {
    const int k = space_index(l, "b", l->batch);
    if (k >= 0) l->space->ix[k].batch = true;
    l->space->batch = k;
    return k >= 0;
}

void space_open(Lower *l, bool sampled) {
    l->space = arena_one(l->arena, Space);
    l->space->batch = -1;
    if (sampled) space_batch(l);
}

void space_name(Lower *l, SpaceName name) {
    list_push(l->arena, &l->space->names, name);
}

const SpaceName *space_find(const Lower *l, const char *name) {
    for (int k = l->space ? l->space->names.n - 1 : -1; k >= 0; k--) {
        const SpaceName *found = &l->space->names.at[k];
        if (!found->star && !found->whole && !strcmp(found->name, name)) return found;
    }
    return NULL;
}

/* ---- all elements of a value: an index for each of its dimensions */

bool space_elements(Lower *l, IndexNames names, const int *dim, int rank, Sub *sub) {
    for (int k = 0; k < rank; k++) {
        const int ix = space_index(l, names == LETTERS ? index_letters[k] : arena_printf(l->arena, "i%d", k), dim[k]);
        if (ix < 0) return false;
        sub[k] = (Sub){affine_index(ix), NULL};
    }
    return true;
}

void space_name_whole(Lower *l, const int *dim, int rank, const Sub *sub) {
    for (int k = 0; k < rank; k++)
        space_name(l,
                   (SpaceName){.name = l->space->ix[sub[k].a.t[0].index].name, .a = sub[k].a, .extent = dim[k], .whole = true});
}

const Sub *space_subs(Lower *l, bool sampled, const Sub *sub, int rank) {
    Sub *full = arena_many(l->arena, rank + 1, Sub);
    if (sampled) full[0].a = affine_index(l->space->batch);
    if (rank) memcpy(full + sampled, sub, (size_t)rank * sizeof *sub);
    return full;
}

/* ---- how far an index goes */

typedef struct Search {
    Lower *l;
    const char *name;
    int extent;
} Search;

static int star_count(const Lower *l, const char *name) {
    const Binding *b = find_binding(l->scope, name, true);
    return b ? b->count : 0;
}

/* x[..., name, ...]: the extent of the dimension that `name` stands at. */
static void extent_from_read(const AstExpr *e, void *context) {
    Search *s = context;
    if (e->kind != AST_READ || s->extent) return;
    const Binding *b = find_binding(s->l->scope, e->name, false);
    if (!b || (b->kind != BIND_TENSOR && b->kind != BIND_FOLDED)) return;
    int at = 0, dim[RANK_MAX];
    const int rank = binding_shape(b, dim); /* of a shared parameter as its layer declares it */
    for (int k = 0; k < e->dims.n; k++) {
        const AstDim *d = &e->dims.at[k];
        if (d->star) {
            at += star_count(s->l, d->name);
            continue;
        }
        if (at >= rank) return;
        if (d->value && d->value->kind == AST_NAME && !strcmp(d->value->name, s->name)) {
            s->extent = dim[at];
            return;
        }
        at++;
    }
}

int lower_extent(Lower *l, const char *name, const AstExpr *range, int known, const AstExpr *body, Span at) {
    int extent = 0;
    if (range) return lower_size(l, range, 1, &extent) ? extent : 0;
    if (known > 0) return known;
    const Binding *b = find_binding(l->scope, name, false);
    if (b && b->kind == BIND_EXTENT && b->number >= 1) return (int)b->number;
    if (b && b->kind == BIND_EXTENT) {
        lower_error(l, at, "the index '%s' would have the extent %g, and at least 1 is needed", name, b->number);
        return 0;
    }
    Search s = {l, name, 0};
    ast_reads(body, extent_from_read, &s);
    if (!s.extent) lower_error(l, at, "how far does the index '%s' go? Give it a range: [%s: 4]", name, name);
    return s.extent;
}
