/* test: the command `test`: measures saved parameters. Which data: those of --data, the .nn's test_file, the part that the
 * training held out, or else all of the .nn's data. */
#include "train.h"
#include <stdlib.h>
#include <string.h>

typedef struct Part { /* what is measured */
    const char *name;
    size_t from;
} Part;

/* The held-out part is drawn again by the training's seed, which is only right with the training's data. */
static Status hold_out(Dataset *data, const Model *model, Part *part) {
    char print[32];
    const char *seed = store_text(&model->store, "seed"), *trained = store_text(&model->store, "data");
    if (data->network->data.splitting == SPLITTING_NONE || !seed || !trained) return STATUS_DONE;
    snprintf(print, sizeof print, "%016llx", (unsigned long long)data->print);
    if (strcmp(print, trained) != 0) {
        fail(STATUS_INPUT, "%s was trained on other data than %s, so what was held out is not known", model->path, data->file);
        hint("name the data to test with: --data FILE");
        return STATUS_INPUT;
    }
    Status status = dataset_split(data, strtoull(seed, NULL, 10));
    *part = (Part){"held out", data->training};
    return status;
}

static Status load_part(Dataset *data, Model *model, const Options *options, Part *part) {
    const DataSettings *settings = &data->network->data;
    DataSource source = {settings->file, settings->labels};
    *part = (Part){"all", 0};
    if (options->data[0])
        source = (DataSource){options->data[0], options->data[1]};
    else if (settings->test_file)
        source = (DataSource){settings->test_file, settings->test_labels};
    bool given = options->data[0] || settings->test_file;
    if (!source.file && !settings->nsamples)
        return fail(STATUS_INPUT, "%s names no data; name a file with --data FILE", data->network->source);
    Status status = dataset_load(data, &source);
    if (!status && !given) status = hold_out(data, model, part);
    return status ? status : dataset_finish(data);
}

static Status print_json_metrics(const Metrics *metrics, const Dataset *data) {
    Text text = {NULL, 0, 0, false};
    text_add(&text, "{");
    metrics_add_json(metrics, data->preparation, &text);
    text_add(&text, "}\n");
    return text_print(&text);
}

static Status measure_part(Model *model, const Network *network, const Options *options) {
    Metrics metrics;
    Part part;
    Dataset data = {.network = network, .preparation = &model->preparation, .memory = &model->memory};
    Status status = load_part(&data, model, options, &part);
    if (!status) status = metrics_prepare(&metrics, &data, &model->memory);
    if (status) return status;
    metrics_measure(&metrics, &data, model->net, part.from, data.count);
    if (options->json) return print_json_metrics(&metrics, &data);
    printf("%s, %zu sample%s of %s (%s)\n", model->path, metrics.samples, plural(metrics.samples), data.file, part.name);
    metrics_print(&metrics, network, &model->preparation, !network->data.text);
    return STATUS_DONE;
}

Status command_test(const Network *network, const Options *options) {
    Model model;
    Status status = model_open(&model, network, options->params);
    if (!status) status = measure_part(&model, network, options);
    memory_release(&model.memory);
    return status;
}
