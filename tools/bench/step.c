/* step: samples a second of one network's training step or prediction, as nnc makes it.
 *
 *     step train|predict BATCH SECONDS      prints what harness.h says */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include "net.h"

static net *model;
static const float *xs, *ts;

static void train(size_t at, size_t n) {
    net_train(model, xs + at * NET_INPUTS, ts + at * NET_OUTPUTS, n);
}

static void predict(size_t at, size_t n) {
    float y[NET_OUTPUTS];
    for (size_t k = 0; k < n; k++) net_predict(model, xs + (at + k) * NET_INPUTS, y);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    model = (net *)aligned_alloc(64, (sizeof(net) + 63) / 64 * 64);
    if (!model) return 1;
    net_init(model, 1);
    xs = numbers((size_t)SAMPLES * NET_INPUTS);
    ts = targets(xs, NET_INPUTS, NET_OUTPUTS);
    bench(strcmp(argv[1], "train") ? predict : train, (size_t)atoi(argv[2]), atof(argv[3]));
    return 0;
}
