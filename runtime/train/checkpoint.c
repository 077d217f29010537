/* checkpoint: everything that a training needs to go on to the same bits: parameters, states, optimizer, the best parameters
 * so far, and as texts where it stands and what it must agree with. The order of an epoch is drawn again from the seed. */
#include "train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 5 };

/* The tensors of a checkpoint; without a best epoch, all but the last two. */
static size_t list_groups(const Run *run, TensorGroup groups[GROUPS]) {
    const Network *network = run->network;
    const TensorInfo *states = network->states ? network->state_tensors : NULL;
    groups[0] = (TensorGroup){"", network->tensors, run->params};
    groups[1] = (TensorGroup){"", states, run->state};
    groups[2] = (TensorGroup){"optimizer/", network->optimizer ? network->optimizer_tensors : NULL, run->optimizer};
    groups[3] = (TensorGroup){"best/", network->tensors, run->best.params};
    groups[4] = (TensorGroup){"best/", states, run->best.state};
    return run->best.epoch ? 5 : 3;
}

/* ---- what must agree: a training goes on to the same bits only with the same network, settings and data */

typedef struct Fact {
    const char *key, *meaning;
    char value[64];
    Text text; /* where `value` is too short */
} Fact;

enum { FACTS = 11 };

static void describe_layers(const Network *network, Text *text) {
    for (const LayerRow *layer = network->layers; layer && layer->name; layer++)
        text_add(text, "%s%s %s %s", text->length ? "; " : "", layer->kind, layer->name, layer->shape);
    text_add(text, "%s", "");
}

static void list_facts(const Run *run, Fact facts[FACTS]) {
    const TrainSettings *train = &run->network->train;
    static const char *const keys[FACTS][2] = {
        {"real", "the type of numbers"},
        {"layers", "the layers"},
        {"loss_function", "the loss"},
        {"optimizer", "the optimizer"},
        {"batch", "batch"},
        {"shuffle", "shuffle"},
        {"stop", "the rule to stop"},
        {"seed", "the seed"},
        {"samples", "the samples for training"},
        {"data", "the data's fingerprint"},
        {"program", "the training program differs in numbers or definitions, its fingerprint"}};
    memset(facts, 0, FACTS * sizeof *facts);
    for (int k = 0; k < FACTS; k++) facts[k].key = keys[k][0], facts[k].meaning = keys[k][1];
    snprintf(facts[0].value, 64, "f%d", (int)(8 * sizeof(real)));
    describe_layers(run->network, &facts[1].text);
    text_add(&facts[2].text, "%s", train->loss ? train->loss : "");
    text_add(&facts[3].text, "%s", train->optimizer ? train->optimizer : "");
    snprintf(facts[4].value, 64, "%d", train->batch);
    snprintf(facts[5].value, 64, "%s", train->shuffle ? "yes" : "no");
    snprintf(facts[6].value, 64, "%s", train->stopping == STOPPING_STALLS ? "stalls" : "any");
    snprintf(facts[7].value, 64, "%llu", (unsigned long long)run->seed);
    snprintf(facts[8].value, 64, "%zu of %zu", run->data->training, run->data->count);
    snprintf(facts[9].value, 64, "%016llx", (unsigned long long)run->data->print);
    snprintf(facts[10].value, 64, "%016llx", (unsigned long long)run->network->program);
}

static const char *fact_value(const Fact *fact) {
    return fact->text.data ? fact->text.data : fact->value;
}

static void release_facts(Fact facts[FACTS]) {
    for (int k = 0; k < FACTS; k++) text_release(&facts[k].text);
}

static Status compare_facts(const Run *run, const Store *store) {
    Fact facts[FACTS];
    Status status = STATUS_DONE;
    list_facts(run, facts);
    for (int k = 0; k < FACTS; k++) {
        const char *was = store_text(store, facts[k].key), *is = fact_value(&facts[k]);
        if (was && !strcmp(was, is)) continue;
        if (!status) status = fail(STATUS_INPUT, "%s is of another training:", store->path);
        fprintf(stderr, "  %s: %s then, %s now\n", facts[k].meaning, was ? was : "not told", is);
    }
    if (status) hint("to begin anew with parameters that are there: train --params %s", run->save);
    release_facts(facts);
    return status;
}

/* ---- writing */

static void add_exact(Text *texts, const char *key, double value) {
    char number[32];
    text_add_pair(texts, key, number_print_double(number, value));
}

static void add_whole(Text *texts, const char *key, uint64_t value) {
    char number[32];
    snprintf(number, sizeof number, "%llu", (unsigned long long)value);
    text_add_pair(texts, key, number);
}

static void describe_run(const Run *run, Text *texts) {
    Fact facts[FACTS];
    text_add_pair(texts, "format", "pt");
    text_add_pair(texts, "network", run->network->name);
    list_facts(run, facts);
    for (int k = 0; k < FACTS; k++) {
        texts->failed |= facts[k].text.failed;
        text_add_pair(texts, facts[k].key, fact_value(&facts[k]));
    }
    release_facts(facts);
    add_exact(texts, "rate", run->rate);
    add_whole(texts, "step", run->network->get_step(run->net));
    add_whole(texts, "epoch", (uint64_t)run->epoch);
    add_whole(texts, "position", run->position);
    add_exact(texts, "loss_sum", run->loss_sum);
    add_exact(texts, "loss", run->last_loss);
    add_exact(texts, "validation_loss", run->validation_loss);
    text_add_pair(texts, "ended", run->ended ? run->ended : "no");
    add_whole(texts, "best_epoch", (uint64_t)run->best.epoch);
    add_exact(texts, "best_loss", run->best.loss);
    add_whole(texts, "stalled", (uint64_t)run->best.stalled);
    add_whole(texts, "curve_stride", (uint64_t)run->curve.stride);
}

Status checkpoint_save(Run *run) {
    const Network *network = run->network;
    TensorGroup groups[GROUPS];
    Text texts = {NULL, 0, 0, false};
    network->get_params(run->net, run->params);
    if (network->states) network->get_state(run->net, run->state);
    if (network->optimizer) network->get_optimizer(run->net, run->optimizer);
    describe_run(run, &texts);
    prepare_save(run->data->preparation, network, &texts);
    Status status =
        store_write(run->checkpoint, groups, list_groups(run, groups), &texts, run->curve.points[0], 3 * run->curve.count);
    text_release(&texts);
    return status;
}

/* ---- reading */

static Status lacks(const Store *store, const char *key) {
    return fail(STATUS_INPUT, "%s is no checkpoint: its metadata lacks a sound \"%s\"", store->path, key);
}

static Status take_whole(const Store *store, const char *key, uint64_t limit, uint64_t *value) {
    const char *text = store_text(store, key);
    Json json = {text, text ? text + strlen(text) : NULL, NULL};
    return text && json_size(&json, value) && json.at == json.end && *value <= limit ? STATUS_DONE : lacks(store, key);
}

/* Exactly what add_exact wrote; it may be infinite or no number. */
static Status take_exact(const Store *store, const char *key, double *value) {
    const char *text = store_text(store, key);
    char *end = NULL;
    if (text) *value = strtod(text, &end);
    return text && *text && !*end ? STATUS_DONE : lacks(store, key);
}

Status checkpoint_begin(Run *run, const Store *store) {
    uint64_t seed = 0;
    double rate = 0;
    TensorGroup groups[GROUPS];
    uint64_t best = 0;
    Status status = take_whole(store, "best_epoch", INT32_MAX, &best);
    run->best.epoch = (long)best;
    if (!status) status = store_compare(store, groups, list_groups(run, groups), run->network);
    if (!status) status = take_whole(store, "seed", UINT64_MAX, &seed);
    if (!status) status = take_exact(store, "rate", &rate);
    if (status) return status;
    if (run->options->seeded && run->options->seed != seed)
        return fail(STATUS_USAGE, "--seed %llu can't go on what was begun with the seed %llu",
                    (unsigned long long)run->options->seed, (unsigned long long)seed);
    if (!(rate >= 0) || isinf(rate)) return lacks(store, "rate");
    if (run->rate <= 0) run->rate = rate;
    run->seed = seed;
    return STATUS_DONE;
}

static Status take_curve(Run *run, const Store *store) {
    const StoredTensor *curve = store_find(store, "curve");
    uint64_t stride = 0;
    Status status = take_whole(store, "curve_stride", UINT64_C(1) << 40, &stride);
    bool sound =
        curve && curve->rank == 1 && curve->width == 8 && curve->dims[0] % 3 == 0 && curve->dims[0] <= 3 * CURVE_POINTS;
    if (status || !sound) return status ? status : lacks(store, "curve");
    run->curve.stride = (long)stride;
    run->curve.count = (size_t)curve->dims[0] / 3;
    for (size_t i = 0; i < run->curve.count; i++)
        for (size_t k = 0; k < 3; k++) run->curve.points[i][k] = store_number(store, curve, 3 * i + k);
    return STATUS_DONE;
}

static Status take_place(Run *run, const Store *store, uint64_t *step) {
    uint64_t epoch = 0, position = 0, best = 0, stalled = 0;
    const char *ended = store_text(store, "ended");
    Status status = take_whole(store, "epoch", INT32_MAX, &epoch);
    if (!status) status = take_whole(store, "position", run->data->training - 1, &position);
    if (!status) status = take_whole(store, "step", UINT64_MAX, step);
    if (!status) status = take_whole(store, "best_epoch", epoch, &best);
    if (!status) status = take_whole(store, "stalled", epoch, &stalled);
    if (!status && position % run->chunk) status = lacks(store, "position");
    if (!status && best && !run->best.params) status = lacks(store, "best_epoch");
    if (!status) status = take_exact(store, "loss_sum", &run->loss_sum);
    if (!status) status = take_exact(store, "loss", &run->last_loss);
    if (!status) status = take_exact(store, "validation_loss", &run->validation_loss);
    if (!status) status = take_exact(store, "best_loss", &run->best.loss);
    run->epoch = (long)epoch;
    run->position = (size_t)position;
    run->best.epoch = (long)best;
    run->best.stalled = (long)stalled;
    run->ended = ended && !strcmp(ended, "below") ? "below" : ended && !strcmp(ended, "stalls") ? "stalls" : NULL;
    return status;
}

/* Rates are set as at the beginning of the epoch, then the optimizer's numbers as they were. */
static void restore_network(Run *run, uint64_t step) {
    const Network *network = run->network;
    if (run->position) loop_begin_epoch(run);
    network->set_params(run->net, run->params);
    if (network->states) network->set_state(run->net, run->state);
    if (network->optimizer) network->set_optimizer(run->net, run->optimizer);
    network->set_step(run->net, step);
    if (run->options->rate > 0) network->set_rate(run->net, run->options->rate);
}

Status checkpoint_load(Run *run, const Store *store) {
    TensorGroup groups[GROUPS];
    uint64_t step = 0;
    Status status = compare_facts(run, store);
    if (!status && run->best.epoch && !run->best.params) status = lacks(store, "best_epoch");
    if (!status) status = store_load(store, groups, list_groups(run, groups), run->network);
    if (!status) status = take_place(run, store, &step);
    if (!status) status = take_curve(run, store);
    if (!status) restore_network(run, step);
    return status;
}
