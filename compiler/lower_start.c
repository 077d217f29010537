/* lower_start: what is kept from step to step, and where it starts: statements of the init program. */
#include "lower_internal.h"
#include <string.h>

/* ---- persistent tensors */

static Tensors *model_list(Model *m, Role role) {
    switch (role) {
    case ROLE_PARAM: return &m->params;
    case ROLE_STATE: return &m->states;
    case ROLE_OPTIMIZER: return &m->optimizer;
    case ROLE_RATE: return &m->rates;
    default: return NULL;
    }
}

Tensor *lower_persistent(Lower *l, Role role, const char *c_name, const char *label, int rank, const int *dim, Span origin,
                         bool *made) {
    const int known = table_find(&l->persistent_labels, (int)role, label);
    Tensor *t = known < 0 ? NULL : l->persistent.at[known];
    if (made) *made = !t;
    if (!t) {
        t = tensor_new(l->arena, lower_fixed_name(l, c_name), label, role, rank, dim, origin);
        table_put(l->arena, &l->persistent_labels, (int)role, label, l->persistent.n);
        table_put(l->arena, &l->persistent_names, 0, t->name, l->persistent.n);
        list_push(l->arena, &l->persistent, t);
        if (model_list(l->model, role)) list_push(l->arena, model_list(l->model, role), t);
    }
    program_add_tensor(l->p, t);
    return t;
}

/* ---- statements of another program, on one sample */

Aside lower_enter(Lower *l, Program *p, int first_site) {
    const Aside aside = {l->p, l->space, l->sites, l->branch, l->batch, l->hint, l->training, l->next};
    l->p = p;
    l->sites = p->stmts.n + first_site;
    l->branch = 0;
    l->batch = 1;
    l->training = false;
    l->next = (Tensors){0};
    space_open(l, false);
    return aside;
}

void lower_leave(Lower *l, Aside aside) {
    l->p = aside.p;
    l->space = aside.space;
    l->sites = aside.sites;
    l->branch = aside.branch;
    l->batch = aside.batch;
    l->hint = aside.hint;
    l->training = aside.training;
    l->next = aside.next;
}

/* ---- start values: statements of the init program */

static Aside enter_init(Lower *l, const Tensor *t) {
    const Aside aside = lower_enter(l, l->model->init, INIT_SITES);
    Sub sub[RANK_MAX];
    l->hint = t->name;
    space_elements(l, NUMBERED, t->dim, t->rank, sub);
    return aside;
}

static Stmt *start_statement(Lower *l, Tensor *t, const Expr *e) {
    program_add_tensor(l->p, t);
    Tensor *next = lower_next(l, t);
    list_push(l->arena, &l->p->roots, next);
    return lower_set(l, next, subs_identity(l->arena, t->rank), e);
}

void lower_start_number(Lower *l, Tensor *t, double value) {
    const Aside aside = enter_init(l, t);
    start_statement(l, t, expr_num(l->p, value));
    lower_leave(l, aside);
}

void lower_start_read(Lower *l, Tensor *t, Tensor *constant) {
    const Aside aside = enter_init(l, t);
    program_add_tensor(l->p, constant);
    start_statement(l, t, expr_read(l->p, constant, subs_identity(l->arena, t->rank)));
    lower_leave(l, aside);
}

/* Draws, in a statement of their own, then what is done to all of them together. */
static void start_builtin(Lower *l, Tensor *t, const AstExpr *value, const AstDef *def, const Builtin *builtin) {
    const AstExpr call = ast_as_call(value);
    double option = 0;
    if (t->rank < builtin->least_rank)
        return lower_error(l, call.span, "'%s' needs a parameter of at least %d dimensions", def->name, builtin->least_rank);
    const Expr *draws = lower_initializer(l, &call, def, builtin->option, &option);
    if (draws) draws = lower_own(l, draws, "draws");
    if (!draws) return;
    Stmt *s = start_statement(l, t, draws);
    s->builtin = builtin;
    s->option = option;
}

void lower_start(Lower *l, Tensor *t, const AstExpr *value, Fans fans) {
    const bool named = value->kind == AST_NAME || value->kind == AST_CALL;
    const AstDef *def = named ? lower_find(l, DEF_INITIALIZER, value->name, value->span) : NULL;
    const Builtin *builtin = def && def->prelude ? builtin_named(def->name) : NULL;
    const Aside aside = enter_init(l, t);
    l->fans = fans;
    const Expr *e = builtin ? NULL : lower_expr(l, value);
    if (e) start_statement(l, t, e);
    if (builtin) start_builtin(l, t, value, def, builtin);
    l->fans = (Fans){0, 0};
    lower_leave(l, aside);
}

/* ---- fans */

bool lower_is_bias(const char *name, int rank) {
    const size_t length = strlen(name);
    return rank < 2 &&
           (!strcmp(name, "bias") || !strncmp(name, "bias_", 5) || (length > 5 && !strcmp(name + length - 5, "_bias")));
}

/* fan_out, fan_in: the first two extents times the receptive field (the rest). A bias has its layer's weight's. */
Fans lower_fans(Lower *l, const char *name, int rank, const int *dim) {
    const char *bias = strstr(name, "bias");
    double field = 1;
    if (bias && lower_is_bias(name, rank)) {
        char *sibling = arena_printf(l->arena, "%.*sweight%s", (int)(bias - name), name, bias + 4);
        const Binding *b = find_binding(l->scope, sibling, false);
        if (b && b->rank >= 2) rank = b->rank, dim = b->dim;
    }
    for (int k = 2; k < rank; k++) field *= dim[k];
    const double out = rank ? dim[0] * field : 1;
    return (Fans){rank > 1 ? dim[1] * field : out, out};
}
