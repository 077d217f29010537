/* diverge: what to do about a loss or a parameter that is not finite. The network is copied now and then; from the last copy
 * the chunks are done again to the same bits, and the one that went wrong step by step, until the step is found. What it began
 * with is looked into to name the layer and the sample, and good parameters are saved: finite ones with which a step had a
 * finite loss. A network that works several batches out together may round otherwise step by step: if all goes well then, that
 * is what training goes on with. */
#include "train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNKS_BETWEEN_COPIES = 64 };

Status guard_prepare(Guard *guard, const Run *run) {
    memset(guard, 0, sizeof *guard);
    guard->kept.net = memory_take_aligned(run->memory, run->network->size);
    guard->pending.net = memory_take_aligned(run->memory, run->network->size);
    guard->age = CHUNKS_BETWEEN_COPIES;
    return guard->kept.net && guard->pending.net ? STATUS_DONE : STATUS_SYSTEM;
}

static void copy_from(Snapshot *snapshot, const Run *run, size_t position) {
    memcpy(snapshot->net, run->net, run->network->size);
    snapshot->position = position;
}

static void swap_snapshots(Guard *guard) {
    Snapshot kept = guard->kept;
    guard->kept = guard->pending;
    guard->pending = kept;
}

/* The name of the first parameter with a number that is not finite, or NULL. */
static const char *find_nonfinite_tensor(const Run *run, const void *net) {
    const Network *network = run->network;
    network->get_params(net, run->params);
    for (const TensorInfo *info = network->tensors; info->name; info++) {
        size_t count = 1;
        for (int d = 0; d < info->rank; d++) count *= (size_t)info->dims[d];
        for (size_t i = 0; i < count; i++)
            if (!isfinite((double)run->params[info->offset + i])) return info->name;
    }
    return NULL;
}

/* An epoch begins with a copy, so that nothing is ever done again across epochs. Only finite parameters are copied: those that
 * an epoch or a resumed training begins with were looked at already. */
Status guard_before(Run *run) {
    Guard *guard = &run->guard;
    bool first = run->position == 0 || !guard->proved;
    if (first) guard->age = CHUNKS_BETWEEN_COPIES;
    if (guard->age < CHUNKS_BETWEEN_COPIES) return STATUS_DONE;
    Status status = first ? STATUS_DONE : guard_check_params(run);
    if (!status) copy_from(&guard->pending, run, run->position);
    return status;
}

/* The loss was finite: only then a new copy takes the place of the old one. */
void guard_after(Guard *guard) {
    if (guard->age >= CHUNKS_BETWEEN_COPIES) {
        swap_snapshots(guard);
        guard->proved = true;
        guard->age = 0;
    }
    guard->age++;
}

/* ---- the message */

static void print_sample(const Dataset *data, size_t sample) {
    const Spot spot = dataset_place(data, dataset_first_row(data, sample));
    print_spot(&spot);
}

/* The first layer that is not finite for one of these samples, or the loss of one. */
static void name_place(const Run *run, const Dataset *data, const size_t *samples, size_t first, size_t count) {
    const Network *network = run->network;
    for (size_t i = 0; i < count; i++) {
        size_t sample = samples ? samples[i] : first + i;
        real *x = run->metrics.x, *t = run->metrics.t;
        dataset_sample(data, sample, x, t);
        const char *layer = network->find_nonfinite ? network->find_nonfinite(run->net, x) : NULL;
        if (!layer && (!network->loss || isfinite((double)network->loss(run->net, x, t, 1)))) continue;
        fprintf(stderr, "  ");
        print_sample(data, sample);
        if (layer)
            fprintf(stderr, ": the first layer whose values are not finite is %s\n", layer);
        else
            fprintf(stderr, ": every layer is finite, the loss is not\n");
        return;
    }
    fprintf(stderr, "  no single sample is to blame: the first of them is ");
    print_sample(data, samples ? samples[0] : first);
    fputc('\n', stderr);
}

static void give_hint(const Run *run) {
    size_t numbers = run->data->rows * (size_t)prepare_row_inputs(run->data->preparation, run->network);
    double largest = 0, rate = run->rate > 0 ? run->rate : run->network->train.rate;
    for (size_t i = 0; i < numbers; i++) largest = fmax(largest, fabs((double)run->data->x[i]));
    bool scaled = run->network->data.scaling != SCALING_NONE;
    if (largest > 100) hint("inputs%s go up to %.3g: scale = standard brings them near 1", scaled ? ", scaled," : "", largest);
    hint("a smaller rate often helps: --rate %.3g (it was %.3g), or clip = norm(1.0) in train", rate / 10, rate);
}

/* The network becomes the last one that is known to be good; at the first step of an epoch a copy of the epoch before. */
static Status go_back(Run *run) {
    give_hint(run);
    if (run->guard.proved) memcpy(run->net, run->guard.kept.net, run->network->size);
    return STATUS_DIVERGED;
}

/* ---- finding the step */

static size_t step_size(const Run *run, size_t position, size_t end) {
    return end - position < run->batch ? end - position : run->batch;
}

/* Chunks as they were done; from `closely` on, and where a chunk was done so before, step by step. */
static size_t redo_size(const Run *run, size_t position, size_t closely, size_t end) {
    if (position >= closely || position % run->chunk) return step_size(run, position, end);
    return end - position < run->chunk ? end - position : run->chunk;
}

/* Some steps again. What they began with is kept if that turns out to be good. */
static double redo(Run *run, size_t position, size_t count) {
    Guard *guard = &run->guard;
    const real *t, *x = loop_samples(run, position, count, &t);
    copy_from(&guard->pending, run, position);
    double loss = (double)run->network->train_batches(run->net, x, t, count);
    if (isfinite(loss) && !find_nonfinite_tensor(run, guard->pending.net)) {
        swap_snapshots(guard);
        guard->proved = true;
    }
    return loss;
}

static Status stop_at_step(Run *run, size_t position, size_t count, double loss) {
    progress_end(&run->progress);
    memcpy(run->net, run->guard.pending.net, run->network->size);
    fail(STATUS_DIVERGED, "the loss is not finite (%g) at step %llu, in epoch %ld", loss,
         (unsigned long long)run->network->get_step(run->net) + 1, run->epoch + 1);
    name_place(run, run->data, run->order + position, 0, count);
    return go_back(run);
}

/* From the last copy in this epoch. Steps before the chunk have been counted. */
Status guard_replay(Run *run, size_t end, double *loss_sum) {
    Guard *guard = &run->guard;
    Snapshot *from = run->position == 0 || !guard->proved ? &guard->pending : &guard->kept;
    size_t position = from->position, begin = run->position;
    memcpy(run->net, from->net, run->network->size);
    *loss_sum = 0;
    for (size_t count; position < end; position += count) {
        count = redo_size(run, position, begin, end);
        double loss = redo(run, position, count);
        if (!isfinite(loss)) return stop_at_step(run, position, count, loss);
        if (position >= begin) *loss_sum += loss * (double)count;
    }
    guard->age = CHUNKS_BETWEEN_COPIES;
    return STATUS_DONE;
}

/* ---- a finite loss, but a step made parameters that are not */

static Status stop_after_step(Run *run, const char *tensor, size_t position, size_t count) {
    progress_end(&run->progress);
    fail(STATUS_DIVERGED, "%s is not finite after step %llu, in epoch %ld", tensor,
         (unsigned long long)run->network->get_step(run->net), run->epoch + 1);
    name_place(run, run->data, run->order + position, 0, count);
    return go_back(run);
}

Status guard_check_params(Run *run) {
    const Snapshot *kept = &run->guard.kept;
    const char *tensor = find_nonfinite_tensor(run, run->net);
    size_t position = kept->position, closely = SIZE_MAX, count;
    if (!tensor) return STATUS_DONE;
    memcpy(run->net, kept->net, run->network->size);
    for (; position < run->position; position += count) {
        count = redo_size(run, position, closely, run->position);
        redo(run, position, count);
        tensor = find_nonfinite_tensor(run, run->net);
        if (!tensor) continue;
        if (count <= run->batch) return stop_after_step(run, tensor, position, count);
        memcpy(run->net, kept->net, run->network->size); /* what the chunk began with */
        closely = position;
        count = 0;
    }
    return STATUS_DONE;
}

/* The parameters are finite, and so was the loss of the step that made them: they stay. */
Status guard_check_validation(Run *run) {
    const Dataset *data = run->data;
    if (!run->network->loss) return STATUS_DONE;
    progress_end(&run->progress);
    fail(STATUS_DIVERGED, "the validation loss is not finite after step %llu, in epoch %ld",
         (unsigned long long)run->network->get_step(run->net), run->epoch + 1);
    name_place(run, data, NULL, data->training, data->count - data->training);
    give_hint(run);
    return STATUS_DIVERGED;
}
