/* frozen: what `emit --predict` holds of the data: the network is described to the trainer's rules as its main.c would do it.
 */
#include "frozen.h"
#include "../runtime/train/trainer.h"
#include "emit.h"
#include "output.h"

static void describe_output(Network *network, const Tensor *y) {
    network->output_name = y->label;
    network->output_rank = y->rank - y->per_sample;
    for (int d = 0; d < network->output_rank; d++) network->output_dims[d] = y->dim[d + y->per_sample];
}

static const InputInfo *describe_inputs(Arena *arena, const Model *model) {
    InputInfo *table = arena_many(arena, model->input_list.n + 1, InputInfo);
    for (int k = 0; k < model->input_list.n; k++) {
        const Tensor *t = model->input_list.at[k];
        table[k] = (InputInfo){.name = t->label, .offset = t->offset, .values_below = t->integer ? t->values_below : 0};
    }
    return table;
}

static int describe_scaling(ScaleKind kind) {
    static const int kinds[] = {[SCALE_NONE] = SCALING_NONE,
                                [SCALE_STANDARD] = SCALING_STANDARD,
                                [SCALE_MINMAX] = SCALING_MINMAX,
                                [SCALE_FACTOR] = SCALING_FACTOR};
    return kinds[kind];
}

static void describe_data(Network *network, const Settings *settings, const Model *model) {
    const Data *d = &settings->data;
    network->data = (DataSettings){.window = d->window || !d->text ? d->window : network->inputs,
                                   .ahead = d->ahead,
                                   .target_is_inputs = d->target_is_inputs,
                                   .classes = model->classes.at,
                                   .nclasses = model->classes.n,
                                   .scaling = describe_scaling(d->scale),
                                   .factor = d->factor};
}

static void scale_is_unknown(const AstFile *file, const Model *model, const char *params) {
    source_error(ast_setting_span(&file->data, "scale"),
                 "%s doesn't tell how the inputs are scaled (its metadata lacks \"shift\" and \"divisor\"): let a training fit "
                 "the scale, `./%s train --params %s --epochs 0`, or say --raw for a function that takes scaled inputs",
                 params, model->name, params);
}

const Prepared *frozen_data(Arena *arena, const AstFile *file, const Settings *settings, const Model *model, const char *params,
                            bool raw) {
    Prepared *prepared = arena_one(arena, Prepared);
    Network network = {.name = model->name,
                       .source = path_name(file->source->name),
                       .inputs = model->inputs,
                       .outputs = model->outputs,
                       .class_output = model->class_output,
                       .binary_output = model->binary_output,
                       .input_table = describe_inputs(arena, model)};
    describe_output(&network, model->output);
    describe_data(&network, settings, model);
    if (!prepared_read(arena, &network, params, prepared)) return NULL;
    if (prepared->shift || raw) return prepared;
    scale_is_unknown(file, model, params);
    return NULL;
}
