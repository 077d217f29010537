/* lower_update: from the network's output to the next parameters: the loss, penalties, clipping, the optimizer, the schedule.
 *
 * All of them are text in the prelude or in the user's file; here it is put on the tensors of the program. */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* An index for each dimension of t, at which whole values are read. */
static const Sub *open_elements(Lower *l, const Tensor *t) {
    Sub *sub = arena_many(l->arena, t->rank, Sub);
    space_open(l, false);
    space_elements(l, LETTERS, t->dim, t->rank, sub);
    space_name_whole(l, t->dim, t->rank, sub);
    return sub;
}

/* ---- the loss */

static bool from_wanted(Lower *l, const AstDef *def, const Binding *output, Span at) {
    for (int k = 0; k < def->inputs.n; k++) {
        const char *kind = def->inputs.at[k].from;
        if (!kind || (output->layer_kind && !strcmp(output->layer_kind, kind))) continue;
        lower_error(l, at,
                    "'%s' needs the output of a '%s', but the network ends with '%s'%s%s%s: end it with, say, 'dense y[3] %s'",
                    def->name, kind, output->name, output->layer_kind ? " (" : "", output->layer_kind ? output->layer_kind : "",
                    output->layer_kind ? ")" : "", kind);
        return false;
    }
    return true;
}

static Tensor *make_target(Lower *l, const Binding *output) {
    const Tensor *y = output->tensor;
    return lower_tensor(l, ROLE_TARGET, "t", "t", y->per_sample, value_rank(y), y->dim + y->per_sample, y->origin);
}

/* The loss of each sample. */
static Tensor *sample_loss(Lower *l, const AstDef *def, const AstExpr *call, const Binding *output, const Binding *target) {
    Scope *inner = scope_new(l, "", ""), *outer = l->scope;
    l->scope = inner;
    bool ok = lower_options(l, def, call, 0, inner) && lower_match(l, &def->inputs.at[0], output, def->name) &&
              lower_match(l, &def->inputs.at[1], target, def->name);
    const Binding *both[] = {output, target};
    for (int k = 0; k < 2 && ok; k++) {
        Binding *b = add_binding(l, inner, def->inputs.at[k].name, BIND_TENSOR);
        b->tensor = both[k]->tensor;
    }
    const char *name = l->batch > 1 ? "sample_loss" : "loss";
    if (ok && def->has_body) {
        lower_body(l, &def->body, NULL, NULL);
        if (def->outputs.n) name = def->outputs.at[0].name;
    } else if (ok) {
        AstStmt eq = {.kind = AST_EQUATION,
                      .span = def->span,
                      .name = name,
                      .name_span = def->name_span,
                      .has_dims = true,
                      .value = def->value};
        lower_equation(l, &eq);
    }
    const Binding *b = ok ? find_binding(inner, name, false) : NULL;
    l->scope = outer;
    return b && b->kind == BIND_TENSOR ? b->tensor : NULL;
}

/* loss = sum[b](sample_loss[b]) / n */
static Tensor *mean_over_batch(Lower *l, Tensor *each) {
    if (!each->per_sample) return each;
    l->hint = "loss";
    space_open(l, true);
    const Sub sub = {affine_index(l->space->batch), NULL};
    const Expr *sum = lower_reduced(l, expr_read(l->p, each, &sub), REDUCE_SUM, 1U << l->space->batch, "sum");
    Tensor *loss = lower_value(l, "loss", "loss", false, 0, NULL, each->origin);
    const Expr *n = expr_read(l->p, lower_scalar(l, "n"), NULL);
    lower_set(l, loss, NULL, expr_2(l->p, OP_DIV, sum, n));
    return loss;
}

Tensor *lower_loss(Lower *l, const Binding *output) {
    const Train *train = &l->settings->train;
    const AstExpr call = ast_as_call(train->loss);
    const AstDef *def = ast_find(l->file, DEF_LOSS, call.name);
    if (!def || def->inputs.n != 2)
        return lower_error(l, train->loss->span, "there is no loss '%s' of an output and a target", call.name), NULL;
    if (!from_wanted(l, def, output, train->loss->span)) return NULL;
    l->user = train->loss->span;
    const Binding target = {.name = "t", .kind = BIND_TENSOR, .tensor = make_target(l, output)};
    Tensor *each = sample_loss(l, def, &call, output, &target);
    Tensor *loss = each ? mean_over_batch(l, each) : NULL;
    l->space = NULL;
    return loss;
}

/* ---- penalties: loss + l1 * sum |w| + l2 * sum w^2 */

static const Expr *norm_of(Lower *l, Tensor *t, Op how, const char *suffix) {
    const Expr *w = expr_read(l->p, t, open_elements(l, t));
    const Expr *e = how == OP_ABS ? expr_1(l->p, OP_ABS, w) : expr_2(l->p, OP_MUL, w, w);
    l->hint = t->name;
    return t->rank ? lower_reduced(l, e, REDUCE_SUM, (1U << t->rank) - 1, suffix) : e;
}

Tensor *lower_penalty(Lower *l, Tensor *loss) {
    const Expr *total = expr_read(l->p, loss, NULL), *plain = total;
    l->origin = l->user = l->settings->train.span;
    for (int k = 0; k < l->penalties.n; k++) {
        const Penalty *row = &l->penalties.at[k];
        if (row->l1 != 0)
            total = expr_2(l->p, OP_ADD, total,
                           expr_2(l->p, OP_MUL, expr_num(l->p, row->l1), norm_of(l, row->param, OP_ABS, "magnitude")));
        if (row->l2 != 0)
            total = expr_2(l->p, OP_ADD, total,
                           expr_2(l->p, OP_MUL, expr_num(l->p, row->l2), norm_of(l, row->param, OP_MUL, "square")));
    }
    if (total == plain) return loss;
    space_open(l, false);
    Tensor *with = lower_value(l, "penalized_loss", "loss", false, 0, NULL, loss->origin);
    lower_set(l, with, NULL, total);
    return with;
}

/* ---- clipping */

/* norm(c): every gradient times min(1, c / (norm of all + 1e-6)), as torch.nn.utils.clip_grad_norm_. */
static const Expr *clip_factor(Lower *l) {
    const Expr *sum = NULL;
    for (int k = 0; k < l->model->params.n; k++) {
        const Expr *square = norm_of(l, l->model->params.at[k]->adjoint, OP_MUL, "square");
        sum = sum ? expr_2(l->p, OP_ADD, sum, square) : square;
    }
    if (!sum) return expr_num(l->p, 1);
    space_open(l, false);
    l->hint = "gradient";
    const Expr *norm = lower_own(l, expr_1(l->p, OP_SQRT, sum), "norm");
    const Expr *ratio =
        expr_2(l->p, OP_DIV, expr_num(l->p, l->settings->train.clip_at), expr_2(l->p, OP_ADD, norm, expr_num(l->p, 1e-6)));
    const Expr *factor = expr_2(l->p, OP_MIN, expr_num(l->p, 1), ratio);
    return lower_own(l, factor, "clip");
}

static Tensor *clipped(Lower *l, Tensor *w, const Expr *factor) {
    const Train *train = &l->settings->train;
    Tensor *g = w->adjoint;
    if (train->clip == CLIP_NONE) return g;
    const Sub *all = open_elements(l, w);
    const Expr *e = expr_read(l->p, g, all), *limit = expr_num(l->p, train->clip_at);
    if (train->clip == CLIP_NORM)
        e = expr_2(l->p, OP_MUL, e, factor);
    else
        e = expr_2(l->p, OP_MIN, expr_2(l->p, OP_MAX, e, expr_1(l->p, OP_NEG, limit)), limit);
    Tensor *t = lower_value(l, arena_printf(l->arena, "%s_clipped", g->name), NULL, false, w->rank, w->dim, train->clip_span);
    lower_set(l, t, all, e);
    return t;
}

/* ---- the rate */

static const AstArg *find_argument(const AstExpr *call, const AstDef *def, const char *option) {
    for (int k = 0; k < call->args.n; k++) {
        const AstArg *a = &call->args.at[k];
        const char *name = a->name ? a->name : k < def->options.n ? def->options.at[k].name : "";
        if (!strcmp(name, option)) return a;
    }
    return NULL;
}

static const AstDef *schedule_of(const Lower *l, const AstExpr *e) {
    return e->kind == AST_CALL ? ast_find(l->file, DEF_SCHEDULE, e->name) : NULL;
}

/* The schedule's arguments and options in a scope of its own; `start` stands for the first argument. */
static Scope *schedule_scope(Lower *l, const AstDef *def, const AstExpr *call, const Expr *start) {
    Scope *inner = scope_new(l, "schedule", "schedule");
    for (int k = 0; k < def->inputs.n; k++) {
        double v = 0;
        const AstExpr *given = lower_argument(def, call, k);
        if (!given || !lower_number(l, given, false, &v)) {
            lower_error(l, call->span, "'%s' needs its '%s' first", def->name, def->inputs.at[k].name);
            return NULL;
        }
        add_binding(l, inner, def->inputs.at[k].name, BIND_SCALAR)->e = k == 0 && start ? start : expr_num(l->p, v);
    }
    return lower_options(l, def, call, def->inputs.n, inner) ? inner : NULL;
}

/* A state that is set a second time: what it was set to first is a step on the way. Gives the state. */
static Tensor *demote(Lower *l, Tensor *next) {
    Tensor *of = next->next_of;
    next->role = ROLE_VALUE;
    next->next_of = NULL;
    int n = 0;
    for (int k = 0; k < l->next.n; k++)
        if (l->next.at[k] != next) l->next.at[n++] = l->next.at[k];
    l->next.n = n;
    return of;
}

/* One statement of a schedule's or an optimizer's body; `current` names read the newest value. */
static void body_next(Lower *l, const AstStmt *s, const Sub *all, Tensor *like) {
    Binding *b = find_binding(l->scope, s->name, false);
    l->hint = scope_tensor_name(l, l->scope, s->name);
    l->origin = s->span;
    const Expr *e = lower_expr(l, s->value);
    if (!e) return;
    if (s->assign == ASSIGN_NEXT) {
        Tensor *of = b && b->kind == BIND_TENSOR && b->tensor ? b->tensor : NULL;
        if (of && of->next_of) of = demote(l, of);
        if (!of || !tensor_is_persistent(of)) return lower_error(l, s->name_span, "'%s' is no state here", s->name);
        Tensor *next = lower_next(l, of);
        lower_set(l, next, all, e);
        add_binding(l, l->scope, s->name, BIND_TENSOR)->tensor = next;
        return;
    }
    (void)like;
    if (e->op == OP_NUM || (e->op == OP_READ && !e->padded)) {
        add_binding(l, l->scope, s->name, BIND_SCALAR)->e = e;
        return;
    }
    const Expr *own = lower_own(l, e, "");
    if (!own) return;
    own->read.tensor->origin = s->span;
    add_binding(l, l->scope, s->name, BIND_SCALAR)->e = own;
}

static void body_state(Lower *l, const AstStmt *s, int rank, const int *dim) {
    bool made;
    Tensor *t = lower_persistent(l, ROLE_OPTIMIZER, scope_tensor_name(l, l->scope, s->name),
                                 scope_tensor_label(l, l->scope, s->name), rank, dim, s->span, &made);
    double start;
    const Binding *from = s->value->kind == AST_NAME ? find_binding(l->scope, s->value->name, false) : NULL;
    if (made && from && from->kind == BIND_SCALAR) /* `state delta = rate`: a number, or the first of a schedule */
        lower_start_number(l, t, from->e->op == OP_NUM ? from->e->num : l->model->rate);
    else if (made && lower_number(l, s->value, false, &start))
        lower_start_number(l, t, start);
    add_binding(l, l->scope, s->name, BIND_TENSOR)->tensor = t;
}

/* A schedule's value as an expression of program l->p; statements of its body go there too. */
static const Expr *schedule_value(Lower *l, const AstDef *def, const AstExpr *call, const Expr *start) {
    Scope *outer = l->scope, *inner = schedule_scope(l, def, call, start);
    const Expr *value = NULL;
    if (!inner) return NULL;
    l->scope = inner;
    l->hint = "rate";
    if (def->value) {
        value = lower_expr(l, def->value);
    } else {
        for (int k = 0; k < def->body.n; k++) {
            const AstStmt *s = def->body.at[k];
            if (s->kind == AST_STATE) {
                body_state(l, s, 0, NULL);
            } else if (s->kind == AST_EQUATION) {
                body_next(l, s, NULL, NULL);
            }
        }
        const Binding *result = def->outputs.n ? find_binding(inner, def->outputs.at[0].name, false) : NULL;
        if (result && result->kind == BIND_TENSOR)
            value = expr_read(l->p, result->tensor, NULL);
        else if (result)
            value = result->e;
        else
            lower_error(l, def->span, "the schedule '%s' gives no value: say -> NAME", def->name);
    }
    l->scope = outer;
    return value;
}

/* rate in the init program: the schedule at epoch 0. */
static void start_of_rate(Lower *l, Tensor *rate, const AstDef *def, const AstExpr *call, double start) {
    if (!def->value) {
        lower_start_number(l, rate, start);
        return;
    }
    Scope *outer = l->scope, *inner = schedule_scope(l, def, call, NULL);
    if (!inner) return;
    add_binding(l, inner, "epoch", BIND_NUMBER)->number = 0;
    add_binding(l, inner, "epochs", BIND_NUMBER)->number = l->settings->train.epochs;
    l->scope = inner;
    lower_start(l, rate, def->value);
    l->scope = outer;
}

typedef struct Outside { /* what is put aside while statements go to the epoch program */
    Program *p;
    Space *space;
    Tensors next;
    int batch;
} Outside;

static Outside enter_epoch(Lower *l) {
    const Outside outside = {l->p, l->space, l->next, l->batch};
    l->p = l->model->epoch;
    l->next = (Tensors){0};
    l->batch = 1;
    space_open(l, false);
    return outside;
}

static void leave_epoch(Lower *l, Outside outside) {
    for (int k = 0; k < l->next.n; k++) list_push(l->arena, &l->p->roots, l->next.at[k]);
    l->p = outside.p;
    l->space = outside.space;
    l->next = outside.next;
    l->batch = outside.batch;
}

static void epoch_program(Lower *l, Tensor *rate, Tensor *start_rate, const AstDef *def, const AstExpr *call) {
    const Outside outside = enter_epoch(l);
    program_add_tensor(l->p, rate);
    if (start_rate) program_add_tensor(l->p, start_rate);
    const Expr *start = start_rate ? expr_read(l->p, start_rate, NULL) : NULL;
    const Expr *value = schedule_value(l, def, call, start);
    if (value) lower_set(l, lower_next(l, rate), NULL, value);
    leave_epoch(l, outside);
}

/* epoch, epochs, validation_loss in an optimizer: kept from the start of the epoch, like a rate. */
Tensor *lower_kept_scalar(Lower *l, const char *name) {
    bool made;
    const char *kept = arena_printf(l->arena, "current_%s", name);
    Tensor *t = lower_persistent(l, ROLE_RATE, kept, kept, 0, NULL, l->origin, &made);
    if (!made) return t;
    lower_start_number(l, t, !strcmp(name, "epochs") ? l->settings->train.epochs : 0);
    const Outside outside = enter_epoch(l);
    program_add_tensor(l->p, t);
    const Expr *given = expr_read(l->p, lower_scalar(l, name), NULL);
    lower_set(l, lower_next(l, t), NULL, given);
    leave_epoch(l, outside);
    return t;
}

/* The expression that the optimizer's `rate` stands for: a number, or a tensor that a schedule or the trainer sets. */
static const Expr *lower_rate(Lower *l, const AstExpr *value, const AstExpr *call) {
    const AstDef *schedule = schedule_of(l, value);
    double start = 0;
    if (!schedule && !lower_number(l, value, false, &start)) return NULL;
    const AstExpr *first = schedule && schedule->inputs.n ? lower_argument(schedule, value, 0) : NULL;
    if (schedule && (!first || !lower_number(l, first, false, &start)))
        return lower_error(l, value->span, "'%s' needs the rate that it starts from", value->name), NULL;
    l->model->rate = start;
    if (!schedule && !l->options->settable_rate) return expr_num(l->p, start);
    bool made;
    Tensor *start_rate = NULL, *rate;
    if (l->options->settable_rate) {
        start_rate = lower_persistent(l, ROLE_RATE, schedule ? "start_rate" : "rate", schedule ? "start_rate" : "rate", 0, NULL,
                                      call->span, &made);
        if (made) lower_start_number(l, start_rate, start);
        l->model->start_rate = start_rate;
        if (!schedule) return expr_read(l->p, start_rate, NULL);
    }
    rate = lower_persistent(l, ROLE_RATE, "rate", "rate", 0, NULL, value->span, &made);
    if (made) {
        start_of_rate(l, rate, schedule, value, start);
        epoch_program(l, rate, start_rate, schedule, value);
    }
    return expr_read(l->p, rate, NULL);
}

/* ---- the optimizer */

typedef struct Optimizer {
    const AstDef *def;
    AstExpr call; /* with the rate replaced by a number */
    const Expr *rate;
    const char *rate_name;
} Optimizer;

static bool prepare_optimizer(Lower *l, Optimizer *o) {
    o->call = ast_as_call(l->settings->train.optimizer);
    o->def = ast_find(l->file, DEF_OPTIMIZER, o->call.name);
    if (!o->def || o->def->inputs.n != 2)
        return lower_error(l, o->call.span, "there is no optimizer '%s' of a parameter and its gradient", o->call.name), false;
    const AstArg *given = find_argument(&o->call, o->def, "rate");
    const AstExpr *value = given ? given->value : NULL;
    for (int k = 0; k < o->def->options.n && !value; k++)
        if (!strcmp(o->def->options.at[k].name, "rate")) value = o->def->options.at[k].value;
    if (!value) return true;
    o->rate = lower_rate(l, value, &o->call);
    if (!o->rate || !given) return o->rate != NULL;
    AstArg *args = arena_many(l->arena, o->call.args.n, AstArg);
    AstExpr *number = arena_one(l->arena, AstExpr);
    *number = (AstExpr){.kind = AST_NUMBER, .number = l->model->rate, .span = value->span};
    for (int k = 0; k < o->call.args.n; k++) {
        args[k] = o->call.args.at[k];
        if (&o->call.args.at[k] == given) args[k].value = number;
    }
    o->call.args.at = args;
    return true;
}

static void update_param(Lower *l, const Optimizer *o, Tensor *w, Tensor *g) {
    Scope *outer = l->scope, *inner = scope_new(l, w->name, w->label);
    if (!lower_options(l, o->def, &o->call, 0, inner)) return;
    if (o->rate) add_binding(l, inner, "rate", BIND_SCALAR)->e = o->rate;
    add_binding(l, inner, o->def->inputs.at[0].name, BIND_TENSOR)->tensor = w;
    add_binding(l, inner, o->def->inputs.at[1].name, BIND_TENSOR)->tensor = g;
    l->scope = inner;
    const Sub *all = open_elements(l, w);
    for (int k = 0; k < o->def->body.n; k++) {
        const AstStmt *s = o->def->body.at[k];
        if (s->kind == AST_STATE)
            body_state(l, s, w->rank, w->dim);
        else if (s->kind == AST_EQUATION)
            body_next(l, s, all, w);
    }
    l->scope = outer;
}

void lower_optimizer(Lower *l) {
    Optimizer o = {0};
    l->scope = scope_new(l, "", "");
    l->user = l->origin = l->settings->train.optimizer->span;
    space_open(l, false);
    l->suffix = NULL;
    if (!prepare_optimizer(l, &o)) return;
    const Expr *factor = l->settings->train.clip == CLIP_NORM ? clip_factor(l) : NULL;
    for (int k = 0; k < l->model->params.n; k++) {
        Tensor *w = l->model->params.at[k];
        update_param(l, &o, w, clipped(l, w, factor));
    }
    l->p->roots.n = 1; /* the loss */
    for (int k = 0; k < l->next.n; k++) list_push(l->arena, &l->p->roots, l->next.at[k]);
    l->space = NULL;
}

/* ---- states that nothing reads (sgd's momentum when it is 0) */

typedef struct Liveness {
    bool *computed; /* by number: marked already */
    int marked;     /* computed tensors that the roots need */
    int states;     /* optimizer states among what they read or replace: their slot is NEEDED */
} Liveness;
enum { NOT_NEEDED, NEEDED };

static void mark(Liveness *v, Tensor *t) {
    Tensor *state = t->next_of ? t->next_of : t;
    if (tensor_is_computed(t)) {
        if (v->computed[t->number]) return;
        v->computed[t->number] = true;
        v->marked++;
    }
    if (state->role != ROLE_OPTIMIZER || state->slot == NEEDED) return;
    state->slot = NEEDED;
    v->states++;
}

static void mark_read(const Expr *read, void *context) {
    mark(context, read->read.tensor);
}

/* Marks the optimizer's states that the program needs for its roots; how many. Statements are looked at from the end, where
 * updates are, and again until nothing new is marked. */
static int needed_states(Lower *l, const Program *p) {
    Liveness v = {arena_many(l->arena, p->tensors.n, bool), 0, 0};
    for (int k = 0; k < l->model->optimizer.n; k++) l->model->optimizer.at[k]->slot = NOT_NEEDED;
    bool *done = arena_many(l->arena, p->stmts.n, bool);
    for (int k = 0; k < p->roots.n; k++) mark(&v, p->roots.at[k]);
    for (int before = -1; v.marked != before;) {
        before = v.marked;
        for (int k = p->stmts.n - 1; k >= 0; k--) {
            if (done[k] || !v.computed[p->stmts.at[k]->to->number]) continue;
            done[k] = true;
            stmt_reads(p->stmts.at[k], mark_read, &v);
        }
    }
    return v.states;
}

/* Next values of optimizer states stay roots only if what is needed for the parameters, or for such a state, reads the state.
 */
void lower_keep_live_states(Lower *l) {
    Program *p = l->p;
    const Tensors all = p->roots;
    Tensors kept = {0};
    int needed = 0, before;
    for (int k = 0; k < l->model->optimizer.n; k++) l->model->optimizer.at[k]->slot = NOT_NEEDED;
    do {
        before = needed;
        p->roots = (Tensors){0};
        for (int k = 0; k < all.n; k++) {
            const Tensor *of = all.at[k]->next_of;
            if (!of || of->role != ROLE_OPTIMIZER || of->slot == NEEDED) list_push(l->arena, &p->roots, all.at[k]);
        }
        needed = needed_states(l, p);
    } while (needed > before);
    for (int k = 0; k < l->model->optimizer.n; k++) {
        Tensor *t = l->model->optimizer.at[k];
        if (t->slot == NEEDED || program_has_tensor(l->model->epoch, t)) list_push(l->arena, &kept, t);
    }
    l->model->optimizer = kept;
}
