/* lower_targets: what the numbers of a target can be: what the loss says of it or, where it measures how far output and target
 * are apart, what the output can reach. The samples of the data block are compared with it here, those of files by the
 * trainer. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* ---- in words */

static const char *between_text(Arena *arena, double low, double high) {
    if (low == high) return arena_printf(arena, "%.10g", low);
    if (isinf(high)) return arena_printf(arena, "at least %.10g", low);
    return isinf(low) ? arena_printf(arena, "at most %.10g", high) : arena_printf(arena, "from %.10g to %.10g", low, high);
}

static const char *values_text(Arena *arena, const TargetRange *range) {
    const char *text = "";
    for (int k = 0; k < range->nvalues; k++)
        text = arena_printf(arena, "%s%s%.10g", text, k == 0 ? "" : k == range->nvalues - 1 ? " or " : ", ", range->values[k]);
    return text;
}

static const char *range_text(Arena *arena, const TargetRange *range) {
    if (range->kind == TARGET_DISTRIBUTION) return "classes, or probabilities that sum to 1";
    return range->kind == TARGET_VALUES ? values_text(arena, range) : between_text(arena, range->low, range->high);
}

/* ---- what the loss says: t[*s] in [0, 1] */

static int count_values(const AstExpr *e) {
    return e->kind == AST_BINARY && e->op == AST_OR ? count_values(e->args.at[0].value) + count_values(e->args.at[1].value) : 1;
}

static bool take_values(Lower *l, const AstExpr *e, double **to) {
    if (e->kind == AST_BINARY && e->op == AST_OR)
        return take_values(l, e->args.at[0].value, to) && take_values(l, e->args.at[1].value, to);
    return lower_number(l, e, false, (*to)++);
}

static bool take_range(Lower *l, const AstExpr *e, TargetRange *range) {
    if (e->kind == AST_NAME) return range->kind = TARGET_DISTRIBUTION, true;
    if (e->kind == AST_LIST) {
        range->kind = TARGET_BETWEEN;
        if (!lower_number(l, e->args.at[0].value, false, &range->low)) return false;
        if (!lower_number(l, e->args.at[1].value, false, &range->high)) return false;
        if (range->low <= range->high) return true;
        return lower_error(l, e->span, "no target is %.10g or more and %.10g or less", range->low, range->high), false;
    }
    range->kind = TARGET_VALUES;
    range->nvalues = count_values(e);
    double *values = arena_many(l->arena, range->nvalues, double);
    range->values = values;
    return take_values(l, e, &values);
}

static const char *loss_cure(const Lower *l, const TargetRange *range) {
    if (range->kind == TARGET_DISTRIBUTION)
        return "where several classes hold at once, end with 'sigmoid' and take 'binary_cross_entropy'";
    if (range->kind == TARGET_BETWEEN && l->model->nature == NATURE_SIGMOID)
        return "such numbers want an output without 'sigmoid', and a loss as 'mse'";
    return arena_printf(l->arena, "let the targets be %s, or take another loss, as 'mse'", range_text(l->arena, range));
}

/* Of the target of a loss whose options are bound in the scope. */
void lower_declared_target(Lower *l, const AstDef *loss) {
    TargetRange range = {.kind = TARGET_ANY};
    const AstPort *port = &loss->inputs.at[1];
    if (!port->range || !take_range(l, port->range, &range)) return;
    const bool between = range.kind == TARGET_BETWEEN, open = between && (isinf(range.low) || isinf(range.high));
    range.rule = arena_printf(l->arena, "is no target for '%s', which takes %s%s", loss->name,
                              open      ? "numbers of "
                              : between ? "numbers "
                                        : "",
                              range_text(l->arena, &range));
    range.cure = loss_cure(l, &range);
    l->model->target = range;
}

/* ---- what the output can reach */

typedef struct Distance { /* is the target read in differences from the output only, element by element? */
    const Tensor *output, *target;
    bool yes;
} Distance;

static bool reads(const Expr *e, const Tensor *t) {
    return e->op == OP_READ && e->read.tensor == t;
}

static bool same_element(const Expr *a, const Expr *b) {
    for (int d = 0; d < a->read.tensor->rank; d++)
        if (!sub_equal(&a->read.sub[d], &b->read.sub[d])) return false;
    return !a->padded && !b->padded;
}

static bool is_difference(const Distance *d, const Expr *e) {
    if (e->op != OP_SUB) return false;
    const Expr *a = e->arg[0], *b = e->arg[1];
    const bool one = reads(a, d->output) && reads(b, d->target), other = reads(a, d->target) && reads(b, d->output);
    return (one || other) && same_element(a, b);
}

static void look_at(const Expr *e, void *context) {
    Distance *d = context;
    if (is_difference(d, e)) return;
    for (int k = 0; k < e->nargs; k++)
        if (reads(e->arg[k], d->target)) d->yes = false;
}

static bool measures_distance(const Program *p, const Tensor *output, const Tensor *target) {
    Distance d = {output, target, true};
    for (int k = 0; k < p->stmts.n; k++) {
        if (reads(p->stmts.at[k]->e, target)) d.yes = false;
        expr_nodes(p->stmts.at[k]->e, look_at, &d);
    }
    return d.yes;
}

static const Tensor *find_target(const Program *p) {
    for (int k = 0; k < p->tensors.n; k++)
        if (p->tensors.at[k]->role == ROLE_TARGET) return p->tensors.at[k];
    return NULL;
}

/* The layer that makes the output, or NULL. */
static const LayerInfo *last_layer(const Model *m) {
    for (int k = m->layers.n; k-- > 0;)
        if (m->layers.at[k].output == m->output) return &m->layers.at[k];
    return NULL;
}

/* What can be left out of the last layer, an activation; NULL: it is one whole. */
static const char *last_activation(const Lower *l, const LayerInfo *last) {
    if (!last || last->activation) return last ? last->activation : NULL;
    const bool activation =
        lower_find(l, DEF_ACTIVATION, last->kind, l->file->network.span) || op_named(last->kind) != OP_COUNT;
    return activation ? last->kind : NULL;
}

/* A loss that says nothing of its target and looks at the difference from the output alone, in the program as it is lowered:
 * then the two are of one kind, and what the output can't be is no target. */
void lower_reached_target(Lower *l, const Tensor *output) {
    Model *m = l->model;
    const Tensor *target = find_target(l->p);
    const Interval reach = m->reach;
    if (m->target.kind != TARGET_ANY || (isinf(reach.lo) && isinf(reach.hi)) || !target) return;
    if (!measures_distance(l->p, output, target)) return;
    const LayerInfo *last = last_layer(m);
    const char *activation = last_activation(l, last), *kind = activation ? activation : last ? last->kind : NULL;
    m->target = (TargetRange){.kind = TARGET_BETWEEN, .low = reach.lo, .high = reach.hi};
    m->target.rule =
        arena_printf(l->arena, "is out of reach of the output '%s'%s, which is %s", m->output->label,
                     kind ? arena_printf(l->arena, " (%s)", kind) : "", between_text(l->arena, reach.lo, reach.hi));
    m->target.cure =
        activation
            ? arena_printf(l->arena, "let the network end without '%s', or bring the targets into that range", activation)
            : "end with a layer that reaches it, as 'dense' without an activation, or bring the targets into that range";
}

/* ---- samples of the data block */

enum { TEXT = 1000 };

static void wrong_target(Lower *l, const RangeCheck *check, Span at) {
    char problem[TEXT], cure[TEXT];
    const Data *d = &l->settings->data;
    RangeNumbers seen = {.n = 0};
    for (int k = 0; k < d->samples.n; k++) range_see(&seen, d->samples.at[k].t[0]);
    lower_error(l, at, "%s; %s", range_problem(check, problem, TEXT),
                range_cure(check->range, &seen, l->model->binary_output, cure, TEXT));
}

static bool check_numbers(Lower *l, const Sample *s) {
    const Tensor *y = l->model->output;
    RangeCheck check = {.range = &l->model->target, .classes = value_rank(y) ? value_dim(y, value_rank(y) - 1) : 1};
    for (int k = 0; k < s->targets; k++) {
        if (range_check(&check, s->t[k])) continue;
        wrong_target(l, &check, span_join(s->t_at[check.summed ? k + 1 - check.classes : k], s->t_at[k]));
        return false;
    }
    return true;
}

static bool check_classes(Lower *l) {
    char problem[TEXT];
    const Model *m = l->model;
    if (!m->classes.n || !range_excludes_classes(&m->target, problem, TEXT)) return true;
    lower_error(l, l->settings->train.loss_span, "%s; %s", problem, RANGE_CLASSES_CURE);
    return false;
}

/* Only the first of the samples that are wrong: the others will be so for the same reason. */
bool lower_check_targets(Lower *l) {
    const Data *d = &l->settings->data;
    if (l->model->target.kind == TARGET_ANY || !check_classes(l)) return l->model->target.kind == TARGET_ANY;
    for (int k = 0; k < d->samples.n && !l->model->classes.n; k++)
        if (!check_numbers(l, &d->samples.at[k])) return false;
    return true;
}
