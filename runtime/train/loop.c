/* loop: training. An epoch is cut into chunks of whole batches; between two of them signals, the time limit and the loss are
 * looked at. Where the cuts are depends on the network alone, so sums of losses, and what a network makes of several batches
 * together, are the same in every run. */
#include "train.h"
#include <math.h>
#include <string.h>

enum { CHUNK_WORK = 1 << 18, CHUNK_BATCHES = 256, SECONDS_BETWEEN_CHECKPOINTS = 60 };

static Status choose_chunk(Run *run) {
    const Network *network = run->network;
    size_t work = (size_t)network->params + (size_t)network->inputs + 1, block = (size_t)network->train.block, numbers;
    run->batch = network->train.batch > 0 ? (size_t)network->train.batch : 1;
    if (!size_multiply(work, run->batch, &work)) return fail(STATUS_SYSTEM, "batch = %zu is too large", run->batch);
    size_t batches = CHUNK_WORK / work;
    batches = batches < 1 ? 1 : batches > CHUNK_BATCHES ? CHUNK_BATCHES : batches;
    if (block > 1) batches = (batches + block - 1) / block * block;
    if (run->batch > SIZE_MAX / CHUNK_BATCHES) return fail(STATUS_SYSTEM, "batch = %zu is too large", run->batch);
    run->chunk = batches * run->batch;
    size_t most = run->chunk < run->data->training ? run->chunk : run->data->training;
    if (!size_multiply(most, (size_t)network->inputs, &numbers))
        return fail(STATUS_SYSTEM, "batch = %zu is too large", run->batch);
    run->x = memory_take(run->memory, numbers, sizeof *run->x);
    run->t = memory_take(run->memory, most * (size_t)network->outputs, sizeof *run->t);
    return run->x && run->t ? STATUS_DONE : STATUS_SYSTEM;
}

/* Test data decide nothing: that would make what is learned fit them. */
static Status check_validation(const Run *run) {
    const TrainSettings *train = &run->network->train;
    const char *who = train->stopping == STOPPING_STALLS ? "stop = stalls(...)" : train->watches ? "the rate's schedule" : NULL;
    if (!who || loop_is_validated(run)) return STATUS_DONE;
    fail(STATUS_INPUT, "%s: %s watches the validation loss, but no part of the training data is held out for it%s",
         run->network->source, who, run->test ? ", and the test data must not steer the training" : "");
    hint("set split = 0.8 in data: then a fifth of the samples is held out");
    return STATUS_INPUT;
}

static Status prepare_best(Run *run) {
    if (run->network->train.stopping != STOPPING_STALLS) return STATUS_DONE;
    run->best.loss = INFINITY;
    run->best.params = memory_take(run->memory, (size_t)run->network->params, sizeof(real));
    run->best.state = memory_take(run->memory, (size_t)run->network->states, sizeof(real));
    return run->best.params && run->best.state ? STATUS_DONE : STATUS_SYSTEM;
}

/* All that training needs is allocated here, before it starts. */
Status loop_prepare(Run *run) {
    const Network *network = run->network;
    run->order = memory_take(run->memory, run->data->training, sizeof *run->order);
    run->params = memory_take(run->memory, (size_t)network->params, sizeof(real));
    run->state = memory_take(run->memory, (size_t)network->states, sizeof(real));
    run->optimizer = memory_take(run->memory, (size_t)network->optimizer, sizeof(real));
    if (!run->order || !run->params || !run->state || !run->optimizer) return STATUS_SYSTEM;
    run->validation_loss = INFINITY;
    run->last_loss = run->test_loss = run->metric_value = NAN;
    Status status = check_validation(run);
    if (!status) status = choose_chunk(run);
    if (!status) status = prepare_best(run);
    if (!status) status = metrics_prepare(&run->metrics, run->data, run->memory);
    if (!status) status = metrics_choose(network, run->data->preparation, &run->metric);
    return status ? status : guard_prepare(&run->guard, run);
}

bool loop_is_validated(const Run *run) {
    return run->data->training < run->data->count;
}

bool loop_shows_test(const Run *run) {
    return run->test && !loop_is_validated(run);
}

/* ---- an epoch */

/* Rates are set, and the order is drawn, from the epoch's number alone. */
void loop_begin_epoch(Run *run) {
    const Network *network = run->network;
    network->epoch(run->net, (int)run->epoch, (int)run->epochs, (real)run->validation_loss);
    if (network->train.shuffle)
        shuffle(run->order, run->data->training, run->seed, SHUFFLE_EPOCH, (uint64_t)run->epoch);
    else
        for (size_t i = 0; i < run->data->training; i++) run->order[i] = i;
}

const real *loop_samples(Run *run, size_t from, size_t count, const real **t) {
    size_t inputs = (size_t)run->network->inputs, outputs = (size_t)run->network->outputs;
    for (size_t i = 0; i < count; i++)
        dataset_sample(run->data, run->order[from + i], run->x + i * inputs, run->t + i * outputs);
    *t = run->t;
    return run->x;
}

/* A loss that is not finite makes the chunk be done again, batch by batch, to find the step. */
static Status train_chunk(Run *run) {
    size_t left = run->data->training - run->position, count = left < run->chunk ? left : run->chunk;
    const real *t, *x = loop_samples(run, run->position, count, &t);
    Status status = guard_before(run);
    if (status) return status;
    double began = clock_seconds();
    double sum = (double)run->network->train_batches(run->net, x, t, count) * (double)count;
    if (count == run->chunk || count == run->data->training) threads_timed(clock_seconds() - began, count);
    if (isfinite(sum)) {
        guard_after(&run->guard);
    } else {
        status = guard_replay(run, run->position + count, &sum);
        if (status) return status;
    }
    run->loss_sum += sum;
    run->position += count;
    run->progress.samples += count;
    return STATUS_DONE;
}

static double samples_left(const Run *run) {
    double epochs = (double)(run->epochs - run->epoch), count = (double)run->data->training;
    return epochs * count - (double)run->position;
}

static EpochRow epoch_row(const Run *run) {
    const bool validated = loop_is_validated(run) && isfinite(run->validation_loss);
    return (EpochRow){run->epoch,     run->epochs,      run->last_loss, validated ? run->validation_loss : NAN,
                      run->test_loss, run->metric_value};
}

static void show_part(Run *run) {
    EpochRow row = epoch_row(run);
    row.epoch++;
    row.metric = NAN;
    if (run->position) row.loss = run->loss_sum / (double)run->position;
    progress_show(&run->progress, &row, samples_left(run), false);
}

/* Between two chunks. However short the time, something is done in it. */
static bool must_stop(Run *run) {
    run->signal = signals_caught();
    run->late = run->deadline > 0 && run->progress.samples && clock_seconds() >= run->deadline;
    return run->signal || run->late;
}

/* ---- between epochs */

static void keep_best(Run *run) {
    Best *best = &run->best;
    if (!(run->validation_loss < best->loss)) {
        best->stalled++;
        return;
    }
    best->loss = run->validation_loss;
    best->epoch = run->epoch;
    best->stalled = 0;
    run->network->get_params(run->net, best->params);
    if (run->network->states) run->network->get_state(run->net, best->state);
}

static void apply_stop_rule(Run *run) {
    const TrainSettings *train = &run->network->train;
    if (train->stopping == STOPPING_BELOW && run->last_loss < train->stop_at) run->ended = "below";
    if (train->stopping != STOPPING_STALLS) return;
    keep_best(run);
    if ((double)run->best.stalled >= train->stop_at) run->ended = "stalls";
}

/* What is held out is looked at; without it the test data, for those who watch only. */
static Status validate(Run *run) {
    const bool validated = loop_is_validated(run);
    const Dataset *data = validated ? run->data : run->test;
    run->test_loss = run->metric_value = NAN;
    if (!data) return STATUS_DONE;
    metrics_measure(&run->metrics, data, run->net, validated ? data->training : 0, data->count);
    run->metric_value = metrics_value(&run->metrics, data->preparation, run->metric);
    if (!validated) return run->test_loss = run->metrics.loss, STATUS_DONE;
    run->validation_loss = run->metrics.loss;
    return isfinite(run->validation_loss) ? STATUS_DONE : guard_check_validation(run);
}

static Status finish_epoch(Run *run) {
    Status status = guard_check_params(run);
    if (status) return status;
    run->last_loss = run->loss_sum / (double)run->data->training;
    status = validate(run);
    if (status) return status;
    run->epoch++;
    run->position = 0;
    run->loss_sum = 0;
    const EpochRow row = epoch_row(run);
    curve_add(&run->curve, &row);
    apply_stop_rule(run);
    progress_show(&run->progress, &row, samples_left(run), true);
    return log_add(&run->log, &row, run->metric);
}

/* A machine that fails should not cost more than a minute of training. */
static Status checkpoint_now_and_then(Run *run) {
    double now = clock_seconds();
    if (now - run->checkpointed < SECONDS_BETWEEN_CHECKPOINTS) return STATUS_DONE;
    Status status = checkpoint_save(run);
    run->checkpointed = clock_seconds();
    return status;
}

static Status train_epoch(Run *run) {
    Status status = STATUS_DONE;
    if (run->position == 0) loop_begin_epoch(run);
    while (!status && run->position < run->data->training) {
        status = train_chunk(run);
        if (!status && run->position < run->data->training) {
            if (must_stop(run)) return guard_check_params(run);
            show_part(run);
            status = checkpoint_now_and_then(run);
        }
    }
    return status ? status : finish_epoch(run);
}

/* What ended it is in run: `signal`, `late`, `ended`, or else all epochs are done. */
Status loop_run(Run *run) {
    Status status = STATUS_DONE;
    run->checkpointed = clock_seconds();
    while (!status && !run->ended && run->epoch < run->epochs && !must_stop(run)) {
        status = train_epoch(run);
        if (run->signal || run->late) break;
        if (!status) status = checkpoint_now_and_then(run);
    }
    return status;
}
