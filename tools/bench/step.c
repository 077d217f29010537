/* step: samples a second of one network's training step or prediction, as nnc makes it.
 *
 *     step train|predict BATCH SECONDS [ROWS [INDICES]]      prints what harness.h says
 *
 * ROWS: so many rows of an output have a class of their own; INDICES: inputs are whole numbers below it. */
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

/* Whole numbers below n of numbers from -0.5 to 0.5. */
static void make_indices(float *x, size_t count, int n) {
    for (size_t k = 0; k < count; k++) x[k] = floorf((x[k] + 0.5F) * (float)n);
}

/* A class for each row of each sample. */
static float *classes(const float *x, size_t rows) {
    const size_t width = NET_OUTPUTS / rows;
    float *t = (float *)calloc((size_t)SAMPLES * NET_OUTPUTS, sizeof *t);
    if (!t) exit(1);
    for (size_t s = 0; s < SAMPLES; s++)
        for (size_t r = 0; r < rows; r++)
            t[s * NET_OUTPUTS + r * width + (size_t)(fabsf(x[s * NET_INPUTS + r % NET_INPUTS]) * 1e4F) % width] = 1;
    return t;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    const int rows = argc > 4 ? atoi(argv[4]) : 1, indices = argc > 5 ? atoi(argv[5]) : 0;
    model = (net *)aligned_alloc(64, (sizeof(net) + 63) / 64 * 64);
    if (!model) return 1;
    net_init(model, 1);
    float *x = numbers((size_t)SAMPLES * NET_INPUTS);
    ts = classes(x, (size_t)rows);
    if (indices) make_indices(x, (size_t)SAMPLES * NET_INPUTS, indices);
    xs = x;
    bench(strcmp(argv[1], "train") ? predict : train, (size_t)atoi(argv[2]), atof(argv[3]));
    return 0;
}
