/* lower: the programs of a model, stage by stage.
 *
 *   predict   the network with training = no, on one sample
 *   loss      the same, and the loss
 *   gradient  the network with training = yes on a batch, the loss with penalties, the adjoints of the parameters
 *   train     the same, and the optimizer's statements
 *   init      where parameters and states start, collected on the first pass over the network
 *   epoch     the schedule
 * The persistent tensors are made on the first pass and shared by all. */
#include "../runtime/train/number.h"
#include "lower_internal.h"
#include <string.h>

/* ---- messages */

void lower_error(const Lower *l, Span at, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(l->arena, format, args);
    va_end(args);
    if (at.source && !at.source->prelude) {
        source_error(at, "%s", text);
        return;
    }
    source_error(l->user, "%s", text);
    if (at.source) source_note(at, "here, in the definition");
}

const char *counted(Arena *arena, int n, const char *what) {
    return arena_printf(arena, "%d %s%s", n, what, plural((unsigned)n));
}

const char *dims_text(Arena *arena, const int *dim, int rank) {
    const char *text = "[";
    for (int k = 0; k < rank; k++) text = arena_printf(arena, "%s%s%d", text, k ? ", " : "", dim[k]);
    return arena_printf(arena, "%s]", text);
}

/* ---- scopes */

Scope *scope_new(Lower *l, const char *prefix, const char *label) {
    Scope *s = arena_one(l->arena, Scope);
    s->prefix = prefix;
    s->label = label;
    return s;
}

Binding *find_binding(const Scope *scope, const char *name, bool star) {
    const int k = table_find(&scope->by_name, star, name);
    return k < 0 ? NULL : scope->list.at[k];
}

Binding *made_value(const Lower *l, const char *name) {
    Binding *b = find_binding(l->scope, name, false);
    if (!b && !l->messages->errors) bug("there is no value %s", name);
    return b;
}

const Binding *bound_star(const Lower *l, const char *name) {
    const Binding *star = find_binding(l->scope, name, true);
    if (!star) bug("*%s is not bound", name);
    return star;
}

Binding *add_binding(Lower *l, Scope *scope, const char *name, BindKind kind) {
    Binding *b = arena_one(l->arena, Binding);
    b->name = name;
    b->kind = kind;
    b->suffix = l->suffix;
    table_put(l->arena, &scope->by_name, kind == BIND_STAR, name, scope->list.n);
    list_push(l->arena, &scope->list, b);
    return b;
}

const double *lower_const(const Lower *l, const char *name, Span at) {
    if (at.source && at.source->prelude) return NULL;
    const Const *c = find_const(l->settings, name);
    return c ? &c->value : NULL;
}

const AstDef *lower_find(const Lower *l, AstDefKind kind, const char *name, Span at) {
    const AstDef prelude = {.prelude = at.source && at.source->prelude};
    return ast_find_from(l->file, &prelude, kind, name);
}

static char *join(Lower *l, const char *prefix, const char *between, const char *name) {
    const char *suffix = !prefix[0] && l->suffix ? l->suffix : "";
    return prefix[0] ? arena_printf(l->arena, "%s%s%s", prefix, between, name) : arena_printf(l->arena, "%s%s", name, suffix);
}

char *scope_tensor_name(Lower *l, const Scope *scope, const char *name) {
    return join(l, scope->prefix, "_", name);
}
char *scope_tensor_label(Lower *l, const Scope *scope, const char *name) {
    return join(l, scope->label, ".", name);
}

/* ---- tensors */

int value_rank(const Tensor *t) {
    return t->rank - t->per_sample;
}
int value_dim(const Tensor *t, int k) {
    return t->dim[k + t->per_sample];
}

bool lower_is_run_time(const char *name) {
    static const char *const names[] = {"step", "epoch", "epochs", "validation_loss"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (!strcmp(name, names[k])) return true;
    return false;
}

/* C names of what is given or kept are fixed, so they must differ from each other and from the scalars' from the start. */
const char *lower_fixed_name(const Lower *l, const char *name) {
    const char *unique = name;
    for (int number = 2;; number++) {
        const bool taken = !strcmp(unique, "n") || lower_is_run_time(unique) || program_find_tensor(l->p, unique);
        if (!taken && table_find(&l->persistent_names, 0, unique) < 0) return unique;
        unique = arena_printf(l->arena, "%s_%d", name, number);
    }
}

Tensor *lower_tensor(Lower *l, Role role, const char *c_name, const char *label, bool per_sample, int rank, const int *dim,
                     Span origin) {
    int full[RANK_MAX], n = 0;
    double size = 1;
    if (per_sample) full[n++] = l->batch;
    for (int k = 0; k < rank; k++) full[n++] = dim[k];
    for (int k = 0; k < n; k++) size *= full[k];
    if (size > 1 << 30) {
        source_error(l->user, "this makes a value of %.3g numbers; more than %d do not fit", size, 1 << 30);
        for (int k = 0; k < n; k++) full[k] = 1; /* go on with something small */
    }
    if (role == ROLE_INPUT || role == ROLE_TARGET) c_name = lower_fixed_name(l, c_name);
    Tensor *t = tensor_new(l->arena, c_name, label ? label : c_name, role, n, full, origin);
    t->per_sample = per_sample;
    program_add_tensor(l->p, t);
    return t;
}

Tensor *lower_value(Lower *l, const char *c_name, const char *label, bool per_sample, int rank, const int *dim, Span origin) {
    return lower_tensor(l, ROLE_VALUE, c_name, label, per_sample, rank, dim, origin);
}

Tensor *lower_next(Lower *l, Tensor *of) {
    Tensor *t =
        tensor_new(l->arena, arena_printf(l->arena, "%s_next", of->name), of->label, ROLE_NEXT, of->rank, of->dim, of->origin);
    t->next_of = of;
    program_add_tensor(l->p, t);
    list_push(l->arena, &l->next, t);
    return t;
}

Tensor *lower_scalar(Lower *l, const char *name) {
    Tensor *known = program_find_tensor(l->p, name);
    if (known && known->role == ROLE_SCALAR) return known;
    const bool each_step = !strcmp(name, "n") || !strcmp(name, "step");
    if (!each_step && l->p->role != PROGRAM_EPOCH) return lower_kept_scalar(l, name);
    return lower_tensor(l, ROLE_SCALAR, name, name, false, 0, NULL, l->origin);
}

/* ---- programs */

typedef struct Stages {
    AfterStage *after;
    void *context;
} Stages;

static void begin(Lower *l, ProgramRole role, const char *name, bool training, int batch) {
    l->p = program_new(l->arena, role, name, batch);
    l->training = training;
    l->batch = batch;
    l->penalties.n = 0;
}

static bool failed(const Lower *l) {
    return l->messages->errors > 0;
}

static void stage(const Lower *l, const Stages *s, const char *name) {
    s->after(l->p, name, s->context);
}

static bool finish(Lower *l, const Stages *s) {
    l->p->final = true;
    program_simplify(l->p);
    stage(l, s, "simplify");
    if (!program_order(l->p) || failed(l)) return false;
    stage(l, s, "order");
    return true;
}

/* A softmax over one element learns nothing, whatever it is given. */
static bool check_output(Lower *l) {
    const Model *m = l->model;
    const LayerInfo *last = m->layers.n ? &m->layers.at[m->layers.n - 1] : NULL;
    if (!m->class_output || value_dim(m->output, value_rank(m->output) - 1) > 1) return true;
    lower_error(
        l, last && last->output == m->output ? last->span : l->file->network.span,
        "a softmax over one element is 1 whatever goes in; two classes want 'dense y[2] softmax' or 'dense y[1] sigmoid'");
    return false;
}

static Program *make_predict(Lower *l, const Stages *s) {
    begin(l, PROGRAM_PREDICT, "predict", false, 1);
    const Binding *out = lower_network(l);
    if (!out || failed(l)) return NULL;
    Model *m = l->model;
    m->output = out->tensor;
    m->outputs = (int)tensor_size(out->tensor);
    list_push(l->arena, &l->p->roots, out->tensor);
    stage(l, s, "lower");
    if (!finish(l, s)) return NULL;
    m->nature = program_nature(l->p, out->tensor);
    m->class_output = m->nature == NATURE_SOFTMAX;
    m->binary_output = m->nature == NATURE_SIGMOID && m->outputs == 1;
    m->reach = program_bounds(l->p, out->tensor);
    return check_output(l) ? l->p : NULL;
}

static Program *make_loss(Lower *l, const Stages *s) {
    begin(l, PROGRAM_LOSS, "loss", false, 1);
    const Binding *out = lower_network(l);
    Tensor *loss = out ? lower_loss(l, out) : NULL;
    if (!loss || failed(l)) return NULL;
    lower_reached_target(l, out->tensor);
    list_push(l->arena, &l->p->roots, loss);
    stage(l, s, "lower");
    return finish(l, s) ? l->p : NULL;
}

/* Forward, loss and adjoints; what train and gradient have in common. */
static Tensor *make_backward(Lower *l, const Stages *s, ProgramRole role, const char *name) {
    begin(l, role, name, true, l->settings->train.batch);
    const Binding *out = lower_network(l);
    Tensor *loss = out ? lower_loss(l, out) : NULL;
    if (loss) loss = lower_penalty(l, loss);
    if (!loss || failed(l)) return NULL;
    list_push(l->arena, &l->p->roots, loss);
    for (int k = 0; k < l->next.n; k++) list_push(l->arena, &l->p->roots, l->next.at[k]);
    stage(l, s, "lower");
    program_simplify(l->p);
    stage(l, s, "simplify");
    for (int k = 0; k < l->model->params.n; k++) l->model->params.at[k]->adjoint = NULL; /* of another program */
    if (!program_grad(l->p, loss, &l->model->params)) return NULL;
    stage(l, s, "grad");
    return loss;
}

static Program *make_gradient(Lower *l, const Stages *s) {
    Tensor *loss = make_backward(l, s, PROGRAM_GRADIENT, "gradient");
    if (!loss) return NULL;
    l->p->roots.n = 0;
    list_push(l->arena, &l->p->roots, loss);
    for (int k = 0; k < l->model->params.n; k++) list_push(l->arena, &l->p->roots, l->model->params.at[k]->adjoint);
    return finish(l, s) ? l->p : NULL;
}

static Program *make_train(Lower *l, const Stages *s) {
    if (!make_backward(l, s, PROGRAM_TRAIN, "train")) return NULL;
    lower_optimizer(l);
    if (failed(l)) return NULL;
    stage(l, s, "update");
    program_simplify(l->p);
    lower_keep_live_states(l);
    return finish(l, s) ? l->p : NULL;
}

static Program *finish_other(Lower *l, const Stages *s, Program *p) {
    l->p = p;
    l->next.n = 0;
    stage(l, s, "lower");
    return finish(l, s) ? p : NULL;
}

/* An optimizer's state that nothing needs has been dropped from the model: it needs no start either. */
static void drop_dead_starts(Lower *l, Program *init) {
    enum { DEAD, LIVE };
    Tensors kept = {0};
    for (int k = 0; k < init->roots.n; k++) init->roots.at[k]->next_of->slot = DEAD;
    for (int k = 0; k < l->model->optimizer.n; k++) l->model->optimizer.at[k]->slot = LIVE;
    for (int k = 0; k < init->roots.n; k++) {
        const Tensor *of = init->roots.at[k]->next_of;
        if (of->role != ROLE_OPTIMIZER || of->slot == LIVE) list_push(l->arena, &kept, init->roots.at[k]);
    }
    init->roots = kept;
}

/* The file of `emit --predict --params W` has what the network has, as a trainer asks of it too, and nothing else. */
static bool open_params(Lower *l) {
    const char *path = l->options->params;
    if (!path || tensor_file_open(l->arena, &l->files, path)) return true;
    l->messages->errors++; /* of which the reader of the file has told */
    return false;
}

static void check_params(Lower *l) {
    const char *path = l->options->params, *unread = path && !failed(l) ? tensor_file_unread(l->arena, &l->files, path) : NULL;
    if (unread)
        source_error(
            l->file->network.name_span,
            "%s has tensors that the network does not have: %s: give the file of parameters that a training of this network "
            "has written",
            path, unread);
}

static void make_programs(Lower *l, const Stages *s) {
    Model *m = l->model;
    const bool trains = l->settings->train.present && !l->options->predict_only;
    m->init = program_new(l->arena, PROGRAM_INIT, "init", 1);
    l->first_pass = true;
    m->predict = make_predict(l, s);
    l->first_pass = false;
    if (!m->predict || !lower_check_data(l)) return;
    if (trains) {
        m->trains = true;
        m->batch = l->settings->train.batch;
        m->epoch = program_new(l->arena, PROGRAM_EPOCH, "epoch", 1);
        m->loss = make_loss(l, s);
        if (m->loss && !lower_check_targets(l)) return;
        m->gradient = m->loss ? make_gradient(l, s) : NULL;
        m->train = m->gradient ? make_train(l, s) : NULL;
        if (failed(l)) return;
        m->epoch = finish_other(l, s, m->epoch);
    }
    drop_dead_starts(l, m->init);
    m->init = finish_other(l, s, m->init);
}

static const char *scaled_text(Arena *arena, const Data *data) {
    char factor[32];
    if (!data->present || data->scale == SCALE_NONE) return NULL;
    if (data->scale != SCALE_FACTOR) return "(number - shift) / divisor, which the metadata of the parameters' file give";
    return arena_printf(arena, "the data's numbers times %s", number_print_double(factor, data->factor));
}

Model *model_lower(Arena *arena, const AstFile *file, const Settings *settings, const LowerOptions *options, AfterStage *after,
                   void *context) {
    const Stages stages = {after, context};
    Lower *l = arena_one(arena, Lower);
    l->arena = arena;
    l->file = file;
    l->settings = settings;
    l->options = options;
    l->messages = file->source->messages;
    l->model = arena_one(arena, Model);
    l->model->name = file->network.name;
    l->model->f64 = settings->f64;
    l->model->batch = 1;
    l->model->target_is_inputs = settings->data.target_is_inputs;
    l->model->scaled = scaled_text(arena, &settings->data);
    if (open_params(l)) make_programs(l, &stages);
    check_params(l);
    tensor_files_release(&l->files);
    return failed(l) ? NULL : l->model;
}
