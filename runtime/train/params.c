/* params: the parameters of a network in a file, with what test and predict need beside them in its metadata. */
#include "train.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void text_add_pair(Text *texts, const char *key, const char *value) {
    text_add(texts, "%s\"%s\":", texts->length ? "," : "", key);
    json_add_string(texts, value);
}

Status params_save(const Network *network, const Preparation *preparation, real *params, real *state, const char *path,
                   Text *texts) {
    const TensorGroup groups[2] = {{"", network->tensors, params},
                                   {"", network->states ? network->state_tensors : NULL, state}};
    text_add_pair(texts, "format", "pt");
    text_add_pair(texts, "network", network->name);
    text_add_pair(texts, "compiler", network->compiler);
    prepare_save(preparation, network, texts);
    return store_write(path, groups, 2, texts, NULL, 0);
}

Status params_load(const Network *network, void *net, const Store *store, Memory *memory) {
    real *params = memory_take(memory, (size_t)network->params, sizeof *params);
    real *state = memory_take(memory, (size_t)network->states, sizeof *state);
    if (!params || !state) return STATUS_SYSTEM;
    const TensorGroup groups[2] = {{"", network->tensors, params},
                                   {"", network->states ? network->state_tensors : NULL, state}};
    Status status = store_load(store, groups, 2, network);
    if (status) return status;
    network->set_params(net, params);
    if (network->states) network->set_state(net, state);
    return STATUS_DONE;
}

Status params_compare(const Network *network, const Store *store) {
    const TensorGroup groups[2] = {{"", network->tensors, NULL}, {"", network->states ? network->state_tensors : NULL, NULL}};
    return store_compare(store, groups, 2, network);
}

const char *params_path(const Network *network, const char *given, Memory *memory) {
    if (given) return given;
    size_t length = strlen(network->name);
    char *path = memory_take(memory, length + sizeof ".safetensors", 1);
    if (path) memcpy(path, network->name, length), memcpy(path + length, ".safetensors", sizeof ".safetensors");
    return path;
}

/* iris.safetensors has iris.checkpoint beside it. */
const char *checkpoint_path(const char *params, Memory *memory) {
    static const char from[] = ".safetensors", to[] = ".checkpoint";
    size_t length = strlen(params), end = sizeof from - 1;
    if (length > end && !strcmp(params + length - end, from)) length -= end;
    char *path = memory_take(memory, length + sizeof to, 1);
    if (path) memcpy(path, params, length), memcpy(path + length, to, sizeof to);
    return path;
}

void *network_create(const Network *network, Memory *memory, uint64_t seed) {
    void *net = memory_take_aligned(memory, network->size);
    if (net) network->init(net, seed);
    return net;
}

Status model_open(Model *model, const Network *network, const char *params) {
    memset(model, 0, sizeof *model);
    model->path = params_path(network, params, &model->memory);
    model->net = network_create(network, &model->memory, network->train.seed);
    if (!model->path || !model->net) return STATUS_SYSTEM;
    Status status = store_read(&model->store, &model->memory, model->path);
    if (status && access(model->path, F_OK)) hint("train first, or name a file with --params");
    if (!status) status = params_load(network, model->net, &model->store, &model->memory);
    if (!status) status = prepare_begin(&model->preparation, network, &model->memory);
    if (!status) status = prepare_restore(&model->preparation, network, &model->store, &model->memory);
    if (status || model->preparation.scales) return status;
    fail(STATUS_INPUT, "%s doesn't tell how the inputs are scaled (its metadata lacks \"shift\" and \"divisor\")", model->path);
    hint("load it into a training, which fits the scale: train --params %s --epochs 0", model->path);
    return STATUS_INPUT;
}
