/* lower_update: from the adjoints to the next parameters: clipping, the optimizer. */
#include "lower_internal.h"
#include <string.h>

const Sub *lower_elements(Lower *l, const Tensor *t) {
    Sub *sub = arena_many(l->arena, t->rank, Sub);
    space_open(l, false);
    space_elements(l, LETTERS, t->dim, t->rank, sub);
    space_name_whole(l, t->dim, t->rank, sub);
    return sub;
}

/* ---- clipping */

/* norm(c): every gradient times min(1, c / (norm of all + 1e-6)), as torch.nn.utils.clip_grad_norm_. */
static const Expr *clip_factor(Lower *l) {
    const Expr *sum = NULL;
    for (int k = 0; k < l->model->params.n; k++) {
        const Expr *square = lower_norm(l, l->model->params.at[k]->adjoint, OP_MUL, "square");
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
    const Sub *all = lower_elements(l, w);
    const Expr *e = expr_read(l->p, g, all), *limit = expr_num(l->p, train->clip_at);
    if (train->clip == CLIP_NORM)
        e = expr_2(l->p, OP_MUL, e, factor);
    else
        e = expr_2(l->p, OP_MIN, expr_2(l->p, OP_MAX, e, expr_1(l->p, OP_NEG, limit)), limit);
    Tensor *t = lower_value(l, arena_printf(l->arena, "%s_clipped", g->name), NULL, false, w->rank, w->dim, train->clip_span);
    lower_set(l, t, all, e);
    return t;
}

/* ---- the bodies of optimizers and schedules: a name reads the newest value */

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

static void set_next(Lower *l, const AstStmt *s, const Sub *all, const Expr *e) {
    const Binding *b = find_binding(l->scope, s->name, false);
    Tensor *of = b && b->kind == BIND_TENSOR ? b->tensor : NULL;
    if (of && of->next_of) of = demote(l, of);
    if (!of || !tensor_is_persistent(of)) return lower_error(l, s->name_span, "'%s' is no state here", s->name);
    Tensor *next = lower_next(l, of);
    lower_set(l, next, all, e);
    add_binding(l, l->scope, s->name, BIND_TENSOR)->tensor = next;
}

static void set_name(Lower *l, const AstStmt *s, const Expr *e) {
    const bool known = e->op == OP_NUM || (e->op == OP_READ && !e->padded);
    const Expr *value = known ? e : lower_own(l, e, "");
    if (!value) return;
    if (!known) value->read.tensor->origin = s->span;
    add_binding(l, l->scope, s->name, BIND_SCALAR)->e = value;
}

static void rule_equation(Lower *l, const AstStmt *s, const Sub *all) {
    l->hint = scope_tensor_name(l, l->scope, s->name);
    l->origin = s->span;
    const Expr *e = lower_expr(l, s->value);
    if (e && s->assign == ASSIGN_NEXT)
        set_next(l, s, all, e);
    else if (e)
        set_name(l, s, e);
}

static void rule_state(Lower *l, const AstStmt *s, int rank, const int *dim) {
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

void lower_rule(Lower *l, const AstStmts *body, const Sub *all, int rank, const int *dim) {
    for (int k = 0; k < body->n; k++) {
        if (body->at[k]->kind == AST_STATE)
            rule_state(l, body->at[k], rank, dim);
        else if (body->at[k]->kind == AST_EQUATION)
            rule_equation(l, body->at[k], all);
    }
}

/* ---- the optimizer */

typedef struct Optimizer {
    const AstDef *def;
    AstExpr call;
    const Expr *rate; /* what its `rate` stands for, NULL: it has none */
} Optimizer;

static bool find_rate(Lower *l, Optimizer *o) {
    for (int k = 0; k < o->def->options.n; k++) {
        if (strcmp(o->def->options.at[k].name, "rate") != 0) continue;
        const AstExpr *given = lower_option(o->def, &o->call, 0, k), *value = given ? given : o->def->options.at[k].value;
        o->rate = value ? lower_rate(l, value, o->call.span) : NULL;
        return o->rate || !value;
    }
    return true;
}

static bool prepare_optimizer(Lower *l, Optimizer *o) {
    o->call = ast_as_call(l->settings->train.optimizer);
    o->def = ast_find(l->file, DEF_OPTIMIZER, o->call.name);
    return find_rate(l, o);
}

/* Other options may name the rate that it starts from; statements read the rate as it is. */
static bool bind_options(Lower *l, const Optimizer *o, Scope *inner) {
    if (o->rate) add_binding(l, inner, "rate", BIND_NUMBER)->number = l->model->rate;
    if (!lower_options(l, o->def, &o->call, 0, inner)) return false;
    if (o->rate) add_binding(l, inner, "rate", BIND_SCALAR)->e = o->rate;
    return true;
}

static void update_param(Lower *l, const Optimizer *o, Tensor *w, Tensor *g) {
    Scope *outer = l->scope, *inner = scope_new(l, w->name, w->label);
    if (!bind_options(l, o, inner)) return;
    add_binding(l, inner, o->def->inputs.at[0].name, BIND_TENSOR)->tensor = w;
    add_binding(l, inner, o->def->inputs.at[1].name, BIND_TENSOR)->tensor = g;
    l->scope = inner;
    lower_rule(l, &o->def->body, lower_elements(l, w), w->rank, w->dim);
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
