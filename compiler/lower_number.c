/* lower_number: numbers that are known when compiling: extents, options, constants, and what is made of them. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

static bool named_number(const Lower *l, const char *name, double *value) {
    if (ast_constant(name, value)) return true;
    if (!strcmp(name, "training")) return *value = l->training, true;
    if (l->fans.in > 0 && !strcmp(name, "fan_in")) return *value = l->fans.in, true;
    if (l->fans.in > 0 && !strcmp(name, "fan_out")) return *value = l->fans.out, true;
    return false;
}

bool lower_named_number(Lower *l, const AstExpr *e, double *number) {
    const Binding *b = find_binding(l->scope, e->name, false);
    if (b && (b->kind == BIND_NUMBER || b->kind == BIND_EXTENT || b->kind == BIND_FOLDED)) return *number = b->number, true;
    if (b) {
        lower_error(l, e->span, "'%s' is a tensor: a number that is known at compile time is needed here", e->name);
        return false;
    }
    const double *c = lower_const(l, e->name, e->span);
    if (c) return *number = *c, true;
    if (named_number(l, e->name, number)) return true;
    lower_error(l, e->span, "'%s' is not a number that is known here", e->name);
    return false;
}

static double star_size(const Binding *b) {
    double size = 1;
    for (int k = 0; k < b->count; k++) size *= b->dim[k];
    return size;
}

/* size(i), size(o); size(batch) when there is only one sample. */
static bool size_of_name(Lower *l, const char *name, double *number) {
    const SpaceName *index = space_find(l, name);
    if (index) return *number = index->extent, true;
    if (!strcmp(name, "batch") && l->batch == 1) return *number = 1, true;
    const Binding *b = find_binding(l->scope, name, false);
    if (b && b->kind == BIND_EXTENT) return *number = b->number, true;
    return false;
}

bool lower_size_number(Lower *l, const AstExpr *e, double *number) {
    const AstExpr *arg = e->args.n == 1 ? e->args.at[0].value : NULL;
    if (arg && arg->kind == AST_NAME && size_of_name(l, arg->name, number)) return true;
    const Binding *star = arg && arg->kind == AST_STAR ? find_binding(l->scope, arg->name, true) : NULL;
    if (star) return *number = star_size(star), true;
    lower_error(l, e->span, "size( ) takes an index, an extent or *name that is known here");
    return false;
}

static bool name_value(void *context, const AstExpr *e, double *value) {
    return lower_named_number(context, e, value);
}

static bool size_value(void *context, const AstExpr *e, double *value) {
    return lower_size_number(context, e, value);
}

static void number_error(void *context, Span at, const char *what) {
    lower_error(context, at, "%s", what);
}

bool lower_number(Lower *l, const AstExpr *e, bool integer, double *number) {
    const NumberSource source = {name_value, size_value, number_error, l};
    return number_value(&source, e, integer, number);
}

bool lower_size(Lower *l, const AstExpr *e, int low, int *size) {
    double v;
    if (!lower_number(l, e, true, &v)) return false;
    if (v != floor(v) || v < low || v > 1 << 30) {
        lower_error(l, e->span, "%g is no size: a whole number from %d to %d is needed", v, low, 1 << 30);
        return false;
    }
    *size = (int)v;
    return true;
}
