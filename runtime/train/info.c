/* info: the command `info`: what this program was made from, and what its parameter file holds. */
#include "train.h"
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void add_shape(Text *text, const char *name, int rank, const int *dims) {
    text_add(text, "%s[", name);
    for (int d = 0; d < rank; d++) text_add(text, "%s%d", d ? ", " : "", dims[d]);
    text_add(text, "]");
}

static void add_inputs(Text *text, const Network *network) {
    for (const InputInfo *input = network->input_table; input && input->name; input++) {
        if (input != network->input_table) text_add(text, ", ");
        add_shape(text, input->name, input->rank, input->dims);
        if (input->values_below) text_add(text, ": index(%d)", input->values_below);
    }
}

static const char *scaling_name(const DataSettings *data) {
    static const char *const names[] = {"none", "standard", "minmax", "factor"};
    return names[data->scaling];
}

static void add_layers(Text *text, const Network *network) {
    int widths[3] = {5, 4, 5};
    for (const LayerRow *layer = network->layers; layer && layer->name; layer++) {
        const char *cells[3] = {layer->name, layer->kind, layer->shape};
        for (int k = 0; k < 3; k++)
            if ((int)strlen(cells[k]) > widths[k]) widths[k] = (int)strlen(cells[k]);
    }
    text_add(text, "\n  %-*s  %-*s  %-*s  parameters\n", widths[0], "layer", widths[1], "kind", widths[2], "shape");
    for (const LayerRow *layer = network->layers; layer && layer->name; layer++)
        text_add(text, "  %-*s  %-*s  %-*s  %10d\n", widths[0], layer->name, widths[1], layer->kind, widths[2], layer->shape,
                 layer->params);
}

static void add_data(Text *text, const Network *network) {
    static const char *const splitting[] = {"", "drawn by seed", "ordered"};
    const DataSettings *data = &network->data;
    if (!data->present) return;
    text_add(text, "data        ");
    if (data->file)
        text_add(text, "%s%s%s", data->file, data->labels ? ", " : "", data->labels ? data->labels : "");
    else
        text_add(text, "%d sample%s in %s", data->nsamples, plural((unsigned)data->nsamples), network->source);
    if (data->scaling == SCALING_FACTOR)
        text_add(text, "; scale %g", data->factor);
    else if (data->scaling != SCALING_NONE)
        text_add(text, "; scale %s", scaling_name(data));
    if (data->splitting) text_add(text, "; split %g, %s", data->split, splitting[data->splitting]);
    text_add(text, "\n");
    if (data->test_file) text_add(text, "test data   %s\n", data->test_file);
}

static void add_training(Text *text, const Network *network) {
    const TrainSettings *train = &network->train;
    if (!train->present) return;
    text_add(text, "training    %s, %s, batch %d, %d epoch%s, seed %llu\n", train->loss, train->optimizer, train->batch,
             train->epochs, plural((unsigned)train->epochs), (unsigned long long)train->seed);
}

static void add_file(Text *text, const char *path, const Store *store, const Preparation *preparation) {
    text_add(text, "file        %s", path);
    if (!store->path) text_add(text, " (not there yet)");
    const char *epochs = store_text(store, "epochs");
    if (epochs) text_add(text, ": after %s epoch%s", epochs, plural(strcmp(epochs, "1") ? 2 : 1));
    if (store_text(store, "loss")) text_add(text, ", loss %s", store_text(store, "loss"));
    if (store_text(store, "validation_loss")) text_add(text, ", validation loss %s", store_text(store, "validation_loss"));
    text_add(text, "\n");
    if (preparation->classes) text_add(text, "classes     ");
    for (int c = 0; preparation->classes && c < preparation->nclasses; c++)
        text_add(text, "%s%s", c ? ", " : "", preparation->classes[c]);
    if (preparation->classes) text_add(text, "\n");
}

static void describe_program(Text *text, const Network *network, const char *path, const Store *store,
                             const Preparation *preparation) {
    text_add(text, "network     %s (%s)\ncompiled    %s\nnumbers     f%d\ninput       ", network->name, network->source,
             network->compiler, (int)(8 * sizeof(real)));
    add_inputs(text, network);
    text_add(text, "\noutput      ");
    add_shape(text, network->output_name, network->output_rank, network->output_dims);
    text_add(text, "%s\nparameters  %d\n", network->class_output ? ", probabilities of classes" : "", network->params);
    add_training(text, network);
    add_data(text, network);
    add_file(text, path, store, preparation);
    add_layers(text, network);
}

/* ---- for machines */

static void add_text_pair(Text *text, const char *key, const char *value) {
    text_add(text, ", \"%s\": ", key);
    if (value)
        json_add_string(text, value);
    else
        text_add(text, "null");
}

static void add_json_layers(Text *text, const Network *network) {
    text_add(text, ", \"layers\": [");
    for (const LayerRow *layer = network->layers; layer && layer->name; layer++) {
        text_add(text, "%s{\"name\": ", layer == network->layers ? "" : ", ");
        json_add_string(text, layer->name);
        add_text_pair(text, "kind", layer->kind);
        add_text_pair(text, "shape", layer->shape);
        text_add(text, ", \"params\": %d}", layer->params);
    }
    text_add(text, "]");
}

static void add_json_tensors(Text *text, const Network *network) {
    text_add(text, ", \"tensors\": [");
    for (const TensorInfo *info = network->tensors; info && info->name; info++) {
        text_add(text, "%s{\"name\": ", info == network->tensors ? "" : ", ");
        json_add_string(text, info->name);
        text_add(text, ", \"shape\": [");
        for (int d = 0; d < info->rank; d++) text_add(text, "%s%d", d ? ", " : "", info->dims[d]);
        text_add(text, "]}");
    }
    text_add(text, "]");
}

static void add_json_training(Text *text, const Network *network) {
    const TrainSettings *train = &network->train;
    if (!train->present) return;
    text_add(text, ", \"train\": {\"batch\": %d, \"epochs\": %d, \"seed\": %llu", train->batch, train->epochs,
             (unsigned long long)train->seed);
    add_text_pair(text, "loss", train->loss);
    add_text_pair(text, "optimizer", train->optimizer);
    text_add(text, "}");
}

static void add_json_data(Text *text, const Network *network) {
    const DataSettings *data = &network->data;
    if (!data->present) return;
    text_add(text, ", \"data\": {\"samples\": %d", data->nsamples);
    add_text_pair(text, "file", data->file);
    add_text_pair(text, "test_file", data->test_file);
    add_text_pair(text, "scale", scaling_name(data));
    text_add(text, "}");
}

static void add_json_file(Text *text, const char *path, const Store *store, const Preparation *preparation) {
    text_add(text, ", \"file\": {\"there\": %s", store->path ? "true" : "false");
    add_text_pair(text, "path", path);
    for (size_t i = 0; i < store->ntexts; i++) {
        if (strcmp(store->texts[i].key, "epochs") != 0 && strcmp(store->texts[i].key, "loss") != 0) continue;
        text_add(text, ", \"%s\": ", store->texts[i].key);
        double value;
        bool number = number_parse(store->texts[i].value, strlen(store->texts[i].value), &value) == NUMBER_FINE;
        json_add_number(text, number ? value : (double)NAN);
    }
    text_add(text, "}");
    if (!preparation->classes) return;
    text_add(text, ", \"classes\": [");
    for (int c = 0; c < preparation->nclasses; c++) {
        text_add(text, "%s", c ? ", " : "");
        json_add_string(text, preparation->classes[c]);
    }
    text_add(text, "]");
}

static void describe_program_json(Text *text, const Network *network, const char *path, const Store *store,
                                  const Preparation *preparation) {
    text_add(text, "{\"network\": ");
    json_add_string(text, network->name);
    add_text_pair(text, "source", network->source);
    add_text_pair(text, "compiler", network->compiler);
    text_add(text, ", \"real\": \"f%d\", \"inputs\": %d, \"outputs\": %d, \"params\": %d", (int)(8 * sizeof(real)),
             network->inputs, network->outputs, network->params);
    add_json_layers(text, network);
    add_json_tensors(text, network);
    add_json_training(text, network);
    add_json_data(text, network);
    add_json_file(text, path, store, preparation);
    text_add(text, "}\n");
}

/* A file that was asked for must be there and fit; the one by default may be missing. */
static Status open_params(const char *path, bool asked, const Network *network, Store *store, Preparation *preparation,
                          Memory *memory) {
    Status status = prepare_begin(preparation, network, memory);
    if (status || (!asked && access(path, F_OK) && errno == ENOENT)) return status;
    status = store_read(store, memory, path);
    if (!status) status = params_compare(network, store);
    return status ? status : prepare_restore(preparation, network, store, memory);
}

Status command_info(const Network *network, const Options *options) {
    Memory memory = {NULL};
    Store store = {0};
    Preparation preparation;
    Text text = {NULL, 0, 0, false};
    const char *path = params_path(network, options->params, &memory);
    Status status = path ? open_params(path, options->params != NULL, network, &store, &preparation, &memory) : STATUS_SYSTEM;
    if (!status && options->json)
        describe_program_json(&text, network, path, &store, &preparation);
    else if (!status)
        describe_program(&text, network, path, &store, &preparation);
    if (!status) status = text_print(&text);
    memory_release(&memory);
    return status;
}
