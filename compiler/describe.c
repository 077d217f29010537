/* describe: what the trainer knows of a network and of its data block. */
#include "describe.h"
#include "lower.h"

const char *describe_path(Arena *arena, const char *folder, const char *name) {
    return name && *name != '/' ? arena_printf(arena, "%s%s", folder, name) : name;
}

static const InputInfo *describe_inputs(Arena *arena, const Model *model) {
    InputInfo *table = arena_many(arena, model->input_list.n + 1, InputInfo);
    for (int k = 0; k < model->input_list.n; k++) {
        const Tensor *t = model->input_list.at[k];
        table[k] = (InputInfo){.name = t->label,
                               .rank = t->rank - t->per_sample,
                               .offset = t->offset,
                               .values_below = t->integer ? t->values_below : 0};
        for (int d = 0; d < table[k].rank; d++) table[k].dims[d] = t->dim[d + t->per_sample];
    }
    return table;
}

static void describe_output(Network *network, const Model *model) {
    const Tensor *y = model->output;
    network->outputs = model->outputs;
    network->class_output = model->class_output;
    network->binary_output = model->binary_output;
    network->target = model->target;
    network->output_name = y->label;
    network->output_rank = y->rank - y->per_sample;
    for (int d = 0; d < network->output_rank; d++) network->output_dims[d] = y->dim[d + y->per_sample];
}

static const ColumnName *describe_columns(Arena *arena, const Columns *columns) {
    ColumnName *names = arena_many(arena, columns->n, ColumnName);
    for (int k = 0; k < columns->n; k++) {
        const Column *c = &columns->at[k];
        if (c->kind == COLUMN_NAME)
            names[k].name = c->name;
        else
            names[k].number = c->number;
    }
    return names;
}

static void describe_files(Arena *arena, DataSettings *data, const Data *d, const char *folder) {
    const char *const files[2] = {d->text      ? d->text
                                  : d->files.n ? d->files.at[0]
                                               : NULL,
                                  d->files.n > 1 ? d->files.at[1] : NULL};
    const char *const tests[2] = {d->test_files.n ? d->test_files.at[0] : NULL,
                                  d->test_files.n > 1 ? d->test_files.at[1] : NULL};
    data->text = d->text != NULL;
    data->file = describe_path(arena, folder, files[0]);
    data->labels = describe_path(arena, folder, files[1]);
    data->test_file = describe_path(arena, folder, tests[0]);
    data->test_labels = describe_path(arena, folder, tests[1]);
}

static DataSettings describe_data(Arena *arena, const Model *model, const Data *d, const char *folder) {
    static const int headers[] = {[HEADER_AUTO] = HEADER_GUESS, [HEADER_YES] = HEADER_PRESENT, [HEADER_NO] = HEADER_ABSENT};
    static const int scalings[] = {[SCALE_NONE] = SCALING_NONE,
                                   [SCALE_STANDARD] = SCALING_STANDARD,
                                   [SCALE_MINMAX] = SCALING_MINMAX,
                                   [SCALE_FACTOR] = SCALING_FACTOR};
    static const int splits[] = {
        [SPLIT_NONE] = SPLITTING_NONE, [SPLIT_RANDOM] = SPLITTING_RANDOM, [SPLIT_ORDERED] = SPLITTING_ORDERED};
    DataSettings data = {.present = d->present,
                         .window = lower_window(model, d),
                         .ahead = d->ahead,
                         .inputs = describe_columns(arena, &d->inputs),
                         .ninputs = d->inputs.n,
                         .targets = describe_columns(arena, &d->target),
                         .ntargets = d->target.n,
                         .target_is_inputs = d->target_is_inputs,
                         .header = headers[d->header],
                         .classes = model->classes.at,
                         .nclasses = model->classes.n,
                         .scaling = scalings[d->scale],
                         .factor = d->factor,
                         .splitting = splits[d->split],
                         .split = d->split_at,
                         .nsamples = d->samples.n};
    describe_files(arena, &data, d, folder);
    return data;
}

Network describe_network(Arena *arena, const Model *model, const Settings *settings, const char *source, const char *folder) {
    Network network = {.name = model->name, .source = source, .inputs = model->inputs};
    network.input_table = describe_inputs(arena, model);
    describe_output(&network, model);
    network.data = describe_data(arena, model, &settings->data, folder);
    return network;
}
