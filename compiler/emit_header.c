/* emit_header: NAME.h: macros, the struct, prototypes with the comments that a user reads. */
#include "c_words.h"
#include "emit_library.h"
#include <string.h>

static void put_top(Writer *w, const char *guard) {
    line(w, "/* $N: a neural network, compiled by nnc. Plain C99, also C++; nothing but what stands below is visible. */");
    line(w, "#ifndef %s", guard);
    line(w, "#define %s", guard);
    blank(w);
    w->mark = w->n;
    line(w, "#include <stddef.h>");
    line(w, "#include <stdint.h>");
    blank(w);
    line(w, "#ifdef __cplusplus");
    line(w, "extern \"C\" {"), w->indent--;
    line(w, "#endif");
    blank(w);
}

static long long total(const Tensors *tensors) {
    long long n = 0;
    for (int k = 0; k < tensors->n; k++) n += tensor_size(tensors->at[k]);
    return n;
}

static void put_macros(Writer *w) {
    const Model *m = w->plan->model;
    const int width = (int)strlen(w->plan->upper) + 10;
    const struct {
        const char *name;
        long long value;
        const char *comment;
        bool training;
    } macros[] = {
        {"INPUTS", m->inputs, "numbers in one sample; several inputs: one after another", false},
        {"OUTPUTS", m->outputs, "numbers in its output, and in its target", false},
        {"PARAMS", total(&m->params), "learned numbers", false},
        {"STATE", total(&m->states), "numbers that are kept but not learned by gradient", false},
        {"BATCH", m->batch, "samples in one update", true},
        {"OPTIMIZER", total(&m->optimizer) + total(&m->rates), "numbers that the optimizer keeps", true},
    };
    for (size_t k = 0; k < sizeof macros / sizeof *macros; k++) {
        if (macros[k].training && !m->trains) continue;
        const char *name = arena_printf(w->plan->arena, "%s_%s", w->plan->upper, macros[k].name);
        line(w, "#define %-*s %-8lld /* %s */", width, name, macros[k].value, macros[k].comment);
    }
    blank(w);
}

static void put_fields(Writer *w, Layout *l, const char *what, const Tensors *tensors) {
    if (!tensors->n) return;
    line(w, "/* %s */", what);
    for (int k = 0; k < tensors->n; k++) put_field(w, l, home_find(&w->plan->fields, tensors->at[k]));
}

/* The types of the scratch space stand outside of the struct, as C++ would hide them in it. */
static void put_work_struct(Writer *w, const ProgramPlan *p) {
    if (!has_work(p)) return;
    line(w, "struct $N_%s_work {", p->program->name);
    put_work_fields(w, p, true);
    line(w, "};");
    blank(w);
}

static void put_work(Writer *w, Layout *l) {
    const ProgramPlans programs = plan_programs(w->plan);
    long long most = 0;
    for (int k = 0; k < programs.n; k++) {
        const Layout work = layout_work(w->plan, programs.at[k]);
        if (work.size > most) most = work.size;
    }
    if (!most) return;
    line(w, "/* scratch: means nothing between calls */");
    put_gap(w, l, layout_gap(l, most));
    line(w, "union {");
    for (int k = 0; k < programs.n; k++) {
        const char *name = programs.at[k]->program->name;
        if (has_work(programs.at[k])) line(w, "struct $N_%s_work %s;", name, name);
    }
    line(w, "} work;");
}

static void put_struct(Writer *w) {
    const Model *m = w->plan->model;
    const ProgramPlans programs = plan_programs(w->plan);
    Layout l = layout_new(w->plan);
    for (int k = 0; k < programs.n; k++) put_work_struct(w, programs.at[k]);
    line(w, "/* Everything that the network keeps: plain data without pointers, to be placed and copied as you like. */");
    line(w, "struct $T {");
    put_fields(w, &l, "learned", &m->params);
    put_fields(w, &l, "kept, not learned", &m->states);
    put_fields(w, &l, "the optimizer's", &m->optimizer);
    put_fields(w, &l, "rates, set at the start of an epoch or by hand", &m->rates);
    line(w, "uint64_t seed; /* of every random draw */");
    line(w, "uint64_t step; /* updates so far */");
    layout_put(&l, 16, 8);
    if (w->plan->block) put_fields(w, &l, "scratch of training: what a block of samples hands on", &w->plan->block->passed);
    put_work(w, &l);
    line(w, "};");
    line(w, "typedef struct $T $T;");
    if (c_word_kind(w->plan->name) == C_OPERATOR && strcmp(w->plan->name, "auto") != 0) {
        line(w, "#ifndef __cplusplus");
        line(w, "typedef struct $T $N; /* a word of the language in C++ */");
        line(w, "#endif");
    }
    blank(w);
}

static void put_table_type(Writer *w) {
    line(w,
         "/* One named tensor in the vector that the get and set functions copy; its numbers are row-major from `offset` on.");
    line(w, " * Tables end with a null name. */");
    line(w, "struct $N_tensor {");
    line(w, "const char *name;");
    line(w, "int rank;");
    line(w, "int dims[8];");
    line(w, "size_t offset;");
    line(w, "};");
    blank(w);
}

/* Scaling is the trainer's; who calls the network himself has to know. */
static void put_predict_comment(Writer *w) {
    const Model *m = w->plan->model;
    line(w, "/* The output y of one sample x, which lies apart from it.%s", m->scaled ? "" : " */");
    if (!m->scaled) return;
    bool index = false;
    for (int k = 0; k < m->input_list.n; k++) index = index || m->input_list.at[k]->integer;
    line(w, " * %s scaled as in training: %s%s. */", m->target_is_inputs ? "x, y and targets are" : "x is", m->scaled,
         index ? "; an index stays as it is" : "");
}

static void put_prediction(Writer *w) {
    line(w, "/* Start values for everything, drawn from the seed. Call it first. */");
    line(w, "void $N_init($T *net, uint64_t seed);");
    blank(w);
    put_predict_comment(w);
    line(w, "void $N_predict($T *net, const $R *x, $R *y);");
    blank(w);
    line(w, "/* All learned numbers, in the order of $N_tensors. */");
    line(w, "void $N_get_params(const $T *net, $R *p);");
    line(w, "void $N_set_params($T *net, const $R *p);");
    line(w, "extern const struct $N_tensor $N_tensors[];");
    blank(w);
    line(w, "/* The same for what is kept but not learned. */");
    line(w, "void $N_get_state(const $T *net, $R *s);");
    line(w, "void $N_set_state($T *net, const $R *s);");
    line(w, "extern const struct $N_tensor $N_states[];");
    blank(w);
}

static void put_gradient(Writer *w) {
    const Model *m = w->plan->model;
    put(w, "/* The mean loss of n samples as one batch, and its gradient g, as in training; changes nothing.");
    if (m->sees_batch) {
        put(w, " A layer of this network\n");
        line(w, " * reduces over the batch: more than $U_BATCH samples are taken in groups of $U_BATCH, each a batch of its "
                "own, of");
        put(w, " * which the loss and the gradient are the mean.");
    }
    put(w, " */\n");
    line(w, "$R $N_gradient($T *net, const $R *x, const $R *t, size_t n, $R *g);");
    blank(w);
}

static void put_training(Writer *w) {
    const Model *m = w->plan->model;
    put(w, "/* Trains on n samples in order, $U_BATCH in each update, the rest in the last; returns their mean loss.\n");
    put(w, " * x holds their inputs one after another, t their targets, which are as y is: of classes 1 for the right one, "
           "else 0.");
    if (w->plan->block)
        put(w, "\n * %d at a time are worked out together, so the same samples in other calls may round otherwise.",
            w->plan->block->size);
    put(w, " */\n");
    line(w, "$R $N_train($T *net, const $R *x, const $R *t, size_t n);");
    blank(w);
    if (w->plan->gradient) put_gradient(w);
    line(w, "/* The mean loss of n samples as in prediction, without penalties. */");
    line(w, "$R $N_loss($T *net, const $R *x, const $R *t, size_t n);");
    blank(w);
    line(w, "/* To be called at the start of each epoch (from 0): sets scheduled rates. */");
    line(w, "void $N_epoch($T *net, int epoch, int epochs, $R validation_loss);");
    blank(w);
    line(w, "/* What the optimizer keeps, in the order of $N_optimizer_tensors; with net->step and net->seed it is all of "
            "training's");
    line(w, " * state that is not in the parameters and states above. */");
    line(w, "void $N_get_optimizer(const $T *net, $R *s);");
    line(w, "void $N_set_optimizer($T *net, const $R *s);");
    line(w, "extern const struct $N_tensor $N_optimizer_tensors[];");
    blank(w);
    if (!m->start_rate) return;
    line(w, "/* The optimizer's rate, where a schedule's start. */");
    line(w, "void $N_set_rate($T *net, double rate);");
    blank(w);
}

static void put_probe_prototype(Writer *w) {
    line(w, "/* Computes the output of x and names the first layer whose value is not finite, or NULL. */");
    line(w, "const char *$N_find_nonfinite($T *net, const $R *x);");
    blank(w);
}

static void put_bottom(Writer *w) {
    line(w, "#ifdef __cplusplus");
    put(w, "}\n");
    line(w, "#endif");
    line(w, "#endif");
}

void emit_header(Writer *w) {
    put_top(w, arena_printf(w->plan->arena, "%s_H", w->plan->upper));
    put_macros(w);
    put_struct(w);
    put_table_type(w);
    put_prediction(w);
    if (w->plan->model->trains) put_training(w);
    if (w->plan->probe) put_probe_prototype(w);
    put_bottom(w);
}

void emit_predict_header(Writer *w, const Prepared *data, bool raw) {
    const Model *m = w->plan->model;
    put_top(w, arena_printf(w->plan->arena, "%s_H", w->plan->upper));
    put_classes_prototype(w, data);
    put_data_comment(w, data, raw);
    line(w, "void $N_predict(const $R x[%d], $R y[%d]);", m->inputs, m->outputs);
    blank(w);
    put_bottom(w);
}
