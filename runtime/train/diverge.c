/* diverge: what to do about a loss that is not finite. The network is copied now and then; from the last copy the steps are
 * done again one by one, until the one is found whose loss is not finite. What it began with is looked into to name the layer
 * and the sample, and the parameters of the last step that went well are saved. */
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

/* An epoch begins with a copy, so that nothing is ever done again across epochs. */
void guard_before(Guard *guard, const Run *run) {
    if (run->position == 0 || !guard->proved) guard->age = CHUNKS_BETWEEN_COPIES;
    if (guard->age >= CHUNKS_BETWEEN_COPIES) copy_from(&guard->pending, run, run->position);
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
    size_t line = data->lines[sample];
    if (data->numbered)
        fprintf(stderr, "%s:%zu", data->file, line);
    else
        fprintf(stderr, "%s, sample %zu", data->file, line ? line : sample + 1);
}

/* The first layer that is not finite for one of these samples, or the loss of one. */
static void name_place(const Run *run, const Dataset *data, const size_t *samples, size_t first, size_t count) {
    const Network *network = run->network;
    for (size_t i = 0; i < count; i++) {
        size_t sample = samples ? samples[i] : first + i;
        const real *x = data->x + sample * (size_t)network->inputs, *t = data->t + sample * (size_t)network->outputs;
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
    size_t numbers = run->data->count * (size_t)run->network->inputs;
    double largest = 0, rate = run->rate > 0 ? run->rate : run->network->train.rate;
    for (size_t i = 0; i < numbers; i++) largest = fmax(largest, fabs((double)run->data->x[i]));
    if (largest > 100) hint("inputs go up to %.3g: scale = standard brings them near 1", largest);
    hint("a smaller rate often helps: --rate %.3g (it was %.3g), or clip = norm(1.0) in train", rate / 10, rate);
}

/* The parameters of the last step with a finite loss become the network's. */
static Status go_back(Run *run) {
    give_hint(run);
    if (run->guard.proved) memcpy(run->net, run->guard.kept.net, run->network->size);
    return STATUS_DIVERGED;
}

/* ---- finding the step */

static Status stop_at_step(Run *run, size_t position, size_t count, double loss) {
    progress_end(&run->progress);
    memcpy(run->net, run->guard.pending.net, run->network->size);
    fail(STATUS_DIVERGED, "the loss is not finite (%g) at step %llu, in epoch %ld", loss,
         (unsigned long long)run->network->get_step(run->net) + 1, run->epoch + 1);
    name_place(run, run->data, run->order + position, 0, count);
    return go_back(run);
}

/* From the last copy in this epoch. Steps that are done again give the same bits; those before the chunk have been counted. */
Status guard_replay(Run *run, size_t end, double *loss_sum) {
    Guard *guard = &run->guard;
    Snapshot *from = guard->age >= CHUNKS_BETWEEN_COPIES ? &guard->pending : &guard->kept;
    size_t position = from->position, begin = run->position;
    memcpy(run->net, from->net, run->network->size);
    *loss_sum = 0;
    for (size_t count; position < end; position += count) {
        count = end - position < run->batch ? end - position : run->batch;
        const real *t, *x = loop_samples(run, position, count, &t);
        copy_from(&guard->pending, run, position);
        double loss = (double)run->network->train_batches(run->net, x, t, count);
        if (!isfinite(loss)) return stop_at_step(run, position, count, loss);
        if (position >= begin) *loss_sum += loss * (double)count;
        swap_snapshots(guard);
        guard->proved = true;
    }
    guard->age = CHUNKS_BETWEEN_COPIES;
    return STATUS_DONE;
}

/* ---- after the last step of an epoch */

static const char *find_nonfinite_tensor(const Run *run) {
    const Network *network = run->network;
    network->get_params(run->net, run->params);
    for (const TensorInfo *info = network->tensors; info->name; info++) {
        size_t count = 1;
        for (int d = 0; d < info->rank; d++) count *= (size_t)info->dims[d];
        for (size_t i = 0; i < count; i++)
            if (!isfinite((double)run->params[info->offset + i])) return info->name;
    }
    return NULL;
}

Status guard_check_params(Run *run) {
    const char *tensor = find_nonfinite_tensor(run);
    if (!tensor) return STATUS_DONE;
    progress_end(&run->progress);
    fail(STATUS_DIVERGED, "%s is not finite after step %llu, in epoch %ld", tensor,
         (unsigned long long)run->network->get_step(run->net), run->epoch + 1);
    size_t last = (run->position - 1) / run->batch * run->batch;
    name_place(run, run->data, run->order + last, 0, run->position - last);
    return go_back(run);
}

Status guard_check_validation(Run *run) {
    size_t from;
    const Dataset *data = loop_validation(run, &from);
    if (!run->network->loss) return STATUS_DONE;
    progress_end(&run->progress);
    fail(STATUS_DIVERGED, "the validation loss is not finite after step %llu, in epoch %ld",
         (unsigned long long)run->network->get_step(run->net), run->epoch + 1);
    name_place(run, data, NULL, from, data->count - from);
    return go_back(run);
}
