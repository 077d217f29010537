/* emit_trainer: main.c of a trainer: what the .nn says, as the tables of runtime/train/trainer.h, and the functions of the
 * network behind pointers. */
#include "describe.h"
#include "emit.h"
#include "output.h"
#include "table.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Glue {
    Writer *w;
    const Plan *plan;
    const Settings *settings;
    const TrainerInfo *info;
    Network network; /* as describe.h has it */
} Glue;

/* ---- C text for strings and numbers */

static const char *quoted(const Glue *g, const char *text) {
    return text ? string_literal(g->plan->arena, text) : "NULL";
}

static const char *number(const Glue *g, double v) {
    return real_literal(g->plan->arena, v, true);
}

static const char *dims_text(const Glue *g, const int *dim, int rank) {
    const char *text = rank ? "" : "0";
    for (int k = 0; k < rank; k++) text = arena_printf(g->plan->arena, "%s%s%d", text, k ? ", " : "", dim[k]);
    return text;
}

/* ---- tables */

static void put_inputs(const Glue *g) {
    line(g->w, "static const InputInfo input_table[] = {");
    for (const InputInfo *input = g->network.input_table; input->name; input++)
        line(g->w, "{%s, %d, {%s}, %d, %d},", quoted(g, input->name), input->rank, dims_text(g, input->dims, input->rank),
             input->offset, input->values_below);
    line(g->w, "{NULL, 0, {0}, 0, 0}");
    line(g->w, "};");
    blank(g->w);
}

static void put_layers(const Glue *g) {
    const Model *m = g->plan->model;
    line(g->w, "static const LayerRow layers[] = {");
    for (int k = 0; k < m->layers.n; k++) {
        const LayerInfo *l = &m->layers.at[k];
        const int skip = l->output->per_sample;
        long long params = 0;
        for (int j = l->first_param; j < l->first_param + l->params; j++) params += tensor_size(m->params.at[j]);
        const char *kind = l->activation ? arena_printf(g->plan->arena, "%s %s", l->kind, l->activation) : l->kind;
        line(g->w, "{%s, %s, \"[%s]\", %lld},", quoted(g, l->name), quoted(g, kind),
             l->output->rank > skip ? dims_text(g, l->output->dim + skip, l->output->rank - skip) : "", params);
    }
    line(g->w, "{NULL, NULL, NULL, 0}");
    line(g->w, "};");
    blank(g->w);
}

static void put_columns(const Glue *g, const char *name, const ColumnName *columns, int n) {
    if (!n) return;
    line(g->w, "static const ColumnName %s[] = {", name);
    for (int k = 0; k < n; k++) line(g->w, "{%s, %d},", quoted(g, columns[k].name), columns[k].number);
    line(g->w, "};");
    blank(g->w);
}

static void put_strings(const Glue *g, const char *name, const char *const *list, int n) {
    if (!n) return;
    line(g->w, "static const char *const %s[] = {", name);
    for (int k = 0; k < n; k++) line(g->w, "%s,", quoted(g, list[k]));
    line(g->w, "};");
    blank(g->w);
}

/* ---- samples written in the .nn */

static void put_row(const Glue *g, const double *values, int n) {
    hold(g->w);
    for (int k = 0; k < n; k++) put(g->w, "%s%s", k ? ", " : "", real_literal(g->plan->arena, values[k], g->plan->options.f64));
    put(g->w, ",");
    line_wrapped(g->w, release(g->w, g->plan->arena));
}

static void put_samples(const Glue *g) {
    const Data *d = &g->settings->data;
    const Model *m = g->plan->model;
    if (!d->samples.n) return;
    line(g->w, "static const real sample_x[] = {");
    for (int k = 0; k < d->samples.n; k++) put_row(g, d->samples.at[k].x, m->inputs);
    line(g->w, "};");
    blank(g->w);
    line(g->w, "static const real sample_t[] = {");
    for (int k = 0; k < d->samples.n; k++) put_row(g, m->sample_targets + (size_t)k * (size_t)m->outputs, m->outputs);
    line(g->w, "};");
    blank(g->w);
}

/* ---- functions behind pointers to void */

/* A row a member: type of the result, name there, name here, parameters, arguments; R is real. */
static const struct {
    const char *result, *member, *function, *parameters, *arguments;
    bool training;
} wrapped[] = {
    {"void", "init", "init", "void *net, uint64_t seed", "net, seed", false},
    {"void", "predict", "predict", "void *net, const real *x, real *y", "net, x, y", false},
    {"void", "get_params", "get_params", "const void *net, real *p", "net, p", false},
    {"void", "set_params", "set_params", "void *net, const real *p", "net, p", false},
    {"void", "get_state", "get_state", "const void *net, real *s", "net, s", false},
    {"void", "set_state", "set_state", "void *net, const real *s", "net, s", false},
    {"real", "train_batches", "train", "void *net, const real *x, const real *t, size_t n", "net, x, t, n", true},
    {"real", "loss", "loss", "void *net, const real *x, const real *t, size_t n", "net, x, t, n", true},
    {"void", "get_optimizer", "get_optimizer", "const void *net, real *s", "net, s", true},
    {"void", "set_optimizer", "set_optimizer", "void *net, const real *s", "net, s", true},
    {"void", "epoch", "epoch", "void *net, int epoch, int epochs, real validation_loss", "net, epoch, epochs, validation_loss",
     true},
};

static bool is_there(const Glue *g, size_t k) {
    return !wrapped[k].training || g->plan->model->trains;
}

static void put_wrapper(const Glue *g, size_t k) {
    const char *call = strcmp(wrapped[k].result, "void") == 0 ? "" : "return ";
    line(g->w, "static %s call_%s(%s) {", wrapped[k].result, wrapped[k].member, wrapped[k].parameters);
    line(g->w, "%s%s_%s(%s);", call, g->plan->name, wrapped[k].function, wrapped[k].arguments);
    line(g->w, "}");
    blank(g->w);
}

static void put_field_functions(const Glue *g) {
    line(g->w, "static uint64_t get_step(const void *net) {");
    line(g->w, "return ((const struct $T *)net)->step;");
    line(g->w, "}");
    blank(g->w);
    line(g->w, "static void set_step(void *net, uint64_t step) {");
    line(g->w, "((struct $T *)net)->step = step;");
    line(g->w, "}");
    blank(g->w);
    line(g->w, "static void set_seed(void *net, uint64_t seed) {");
    line(g->w, "((struct $T *)net)->seed = seed;");
    line(g->w, "}");
    blank(g->w);
}

static void put_wrappers(const Glue *g) {
    for (size_t k = 0; k < sizeof wrapped / sizeof *wrapped; k++)
        if (is_there(g, k)) put_wrapper(g, k);
    put_field_functions(g);
    if (g->plan->model->start_rate) {
        line(g->w, "static void set_rate(void *net, double rate) {");
        line(g->w, "$N_set_rate(net, rate);");
        line(g->w, "}");
        blank(g->w);
    }
    if (!g->plan->probe) return;
    line(g->w, "static const char *find_nonfinite(void *net, const real *x) {");
    line(g->w, "return $N_find_nonfinite(net, x);");
    line(g->w, "}");
    blank(g->w);
}

/* ---- the Network */

static void put_file(const Glue *g, const char *member, const char *file) {
    if (file) line(g->w, ".%s = %s,", member, quoted(g, file));
}

static void put_data(const Glue *g) {
    const DataSettings *d = &g->network.data;
    static const char *const headers[] = {"HEADER_GUESS", "HEADER_PRESENT", "HEADER_ABSENT"};
    static const char *const scalings[] = {"SCALING_NONE", "SCALING_STANDARD", "SCALING_MINMAX", "SCALING_FACTOR"};
    static const char *const splits[] = {"SPLITTING_NONE", "SPLITTING_RANDOM", "SPLITTING_ORDERED"};
    Writer *w = g->w;
    line(w, ".data = {");
    line(w, ".present = %d,", d->present);
    put_file(g, "file", d->file);
    put_file(g, "labels", d->labels);
    put_file(g, "test_file", d->test_file);
    put_file(g, "test_labels", d->test_labels);
    if (d->text) line(w, ".text = 1,");
    if (d->window) line(w, ".window = %d, .ahead = %d,", d->window, d->ahead);
    if (d->ninputs) line(w, ".inputs = data_inputs, .ninputs = %d,", d->ninputs);
    if (d->ntargets) line(w, ".targets = data_targets, .ntargets = %d,", d->ntargets);
    line(w, ".target_is_inputs = %d,", d->target_is_inputs);
    line(w, ".header = %s,", headers[d->header]);
    if (d->nclasses) line(w, ".classes = data_classes, .nclasses = %d,", d->nclasses);
    line(w, ".scaling = %s, .factor = %s,", scalings[d->scaling], number(g, d->factor));
    line(w, ".splitting = %s, .split = %s,", splits[d->splitting], number(g, d->split));
    if (d->nsamples) line(w, ".sample_x = sample_x, .sample_t = sample_t, .nsamples = %d,", d->nsamples);
    line(w, "},");
}

static void find_validation_loss(const Expr *read, void *found) {
    const Tensor *t = read->read.tensor;
    if (t->role == ROLE_SCALAR && !strcmp(t->name, "validation_loss")) *(bool *)found = true;
}

/* Does the schedule read the validation loss? */
static bool watches_validation(const Model *m) {
    bool found = false;
    for (int k = 0; m->epoch && k < m->epoch->stmts.n; k++) stmt_reads(m->epoch->stmts.at[k], find_validation_loss, &found);
    return found;
}

static void put_train(const Glue *g) {
    const Train *t = &g->settings->train;
    static const char *const stops[] = {
        [STOP_NONE] = "STOPPING_NONE", [STOP_BELOW] = "STOPPING_BELOW", [STOP_STALLS] = "STOPPING_STALLS"};
    Writer *w = g->w;
    line(w, ".train = {");
    line(w, ".present = %d, .batch = %d, .epochs = %d, .shuffle = %d,", t->present, t->batch, t->epochs, t->shuffle);
    if (g->plan->block) line(w, ".block = %d,", g->plan->block->size);
    if (plan_shares(g->plan)) line(w, ".shares = 1,");
    if (watches_validation(g->plan->model)) line(w, ".watches = 1,");
    line(w, ".seed = UINT64_C(%llu),", (unsigned long long)t->seed);
    line(w, ".stopping = %s, .stop_at = %s,", stops[t->stop], number(g, t->stop_at));
    put_file(g, "params", describe_path(g->plan->arena, g->info->folder, t->params));
    if (t->metrics.n) line(w, ".metrics = metrics, .nmetrics = %d,", t->metrics.n);
    line(w, ".loss = %s, .optimizer = %s, .rate = %s,", quoted(g, g->info->loss), quoted(g, g->info->optimizer),
         number(g, g->info->rate));
    line(w, "},");
}

static void put_functions(const Glue *g) {
    Writer *w = g->w;
    for (size_t k = 0; k < sizeof wrapped / sizeof *wrapped; k++)
        if (is_there(g, k)) line(w, ".%s = call_%s,", wrapped[k].member, wrapped[k].member);
    line(w, ".get_step = get_step, .set_step = set_step, .set_seed = set_seed,");
    if (g->plan->model->start_rate) line(w, ".set_rate = set_rate,");
    if (g->plan->probe) line(w, ".find_nonfinite = find_nonfinite,");
}

/* The listing shows the first numbers of a constant only; here all of them count. */
static void print_all(const Program *p, FILE *to) {
    program_print(p, to);
    for (int k = 0; k < p->tensors.n; k++) {
        const Tensor *t = p->tensors.at[k];
        if (t->role == ROLE_CONSTANT && t->values) fwrite(t->values, sizeof *t->values, (size_t)tensor_size(t), to);
    }
}

/* What a checkpoint must agree with. Two trainings with the same hash differ in nothing that a step or a schedule computes,
 * except in a rate that the trainer may set: that one is a tensor, here as a name. */
static uint64_t hash_training(Arena *arena, const Model *m) {
    if (!m->trains) return 0;
    MemoryFile listing;
    memory_file_open(&listing);
    print_all(m->train, listing.to);
    if (m->epoch) print_all(m->epoch, listing.to);
    fprintf(listing.to, "batch %d\n", m->batch);
    memory_file_close(&listing, arena);
    return hash_bytes(HASH_START, listing.text, listing.size);
}

/* An open side ends where double does: INFINITY would need math.h. */
static double finite_end(double end) {
    return isinf(end) ? copysign(DBL_MAX, end) : end;
}

static void put_target_values(const Glue *g) {
    const TargetRange *t = &g->network.target;
    if (t->kind != TARGET_VALUES) return;
    hold(g->w);
    for (int k = 0; k < t->nvalues; k++) put(g->w, "%s%s", k ? ", " : "", number(g, t->values[k]));
    line(g->w, "static const double target_values[] = {%s};", release(g->w, g->plan->arena));
    blank(g->w);
}

static void put_target(const Glue *g) {
    static const char *const kinds[] = {"TARGET_ANY", "TARGET_BETWEEN", "TARGET_VALUES", "TARGET_DISTRIBUTION"};
    const TargetRange *t = &g->network.target;
    if (t->kind == TARGET_ANY) return;
    line(g->w, ".target = {%s, %s, %s, %s, %d, %s, %s},", kinds[t->kind], number(g, finite_end(t->low)),
         number(g, finite_end(t->high)), t->kind == TARGET_VALUES ? "target_values" : "NULL", t->nvalues, quoted(g, t->rule),
         quoted(g, t->cure));
}

static void put_network(const Glue *g) {
    const Model *m = g->plan->model;
    const Network *n = &g->network;
    Writer *w = g->w;
    line(w, "static const Network network = {");
    line(w, ".name = %s, .source = %s,", quoted(g, n->name), quoted(g, n->source));
    line(w, ".compiler = %s,", quoted(g, g->info->compiler));
    line(w, ".program = UINT64_C(%llu),", (unsigned long long)hash_training(g->plan->arena, m));
    line(w, ".size = sizeof($T),");
    line(w, ".inputs = $U_INPUTS, .outputs = $U_OUTPUTS, .params = $U_PARAMS, .states = $U_STATE,%s",
         m->trains ? arena_printf(g->plan->arena, " .optimizer = %s_OPTIMIZER,", g->plan->upper) : "");
    line(w, ".class_output = %d, .binary_output = %d,", n->class_output, n->binary_output);
    put_target(g);
    line(w, ".input_table = input_table, .layers = layers,");
    line(w, ".tensors = (const TensorInfo *)$N_tensors, .state_tensors = (const TensorInfo *)$N_states,");
    if (m->trains) line(w, ".optimizer_tensors = (const TensorInfo *)$N_optimizer_tensors,");
    line(w, ".output_name = %s, .output_rank = %d, .output_dims = {%s},", quoted(g, n->output_name), n->output_rank,
         dims_text(g, n->output_dims, n->output_rank));
    put_data(g);
    put_train(g);
    put_functions(g);
    line(w, "};");
    blank(w);
}

void emit_trainer_main(const Plan *plan, const Settings *settings, const TrainerInfo *info, const char *header, FILE *to) {
    Writer w = {.plan = plan};
    const Network network = describe_network(plan->arena, plan->model, settings, info->source, info->folder);
    const Glue g = {.w = &w, .plan = plan, .settings = settings, .info = info, .network = network};
    line(&w, "/* The trainer of $N: what its .nn says, for runtime/train. */");
    line(&w, "#include \"%s\"", header);
    line(&w, "#include \"trainer.h\"");
    blank(&w);
    put_inputs(&g);
    put_layers(&g);
    put_columns(&g, "data_inputs", network.data.inputs, network.data.ninputs);
    put_columns(&g, "data_targets", network.data.targets, network.data.ntargets);
    put_strings(&g, "data_classes", network.data.classes, network.data.nclasses);
    put_strings(&g, "metrics", settings->train.metrics.at, settings->train.metrics.n);
    put_samples(&g);
    put_target_values(&g);
    put_wrappers(&g);
    put_network(&g);
    line(&w, "int main(int argc, char **argv) {");
    line(&w, "return trainer_main(&network, argc, argv);");
    line(&w, "}");
    write_out(&w, to);
}
