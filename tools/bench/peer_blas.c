/* peer_blas: a training step or prediction of dense layers, written by hand in C with OpenBLAS, as one would who knows it.
 *
 *     peer_blas train|predict sgd|adam relu|tanh|sigmoid BATCH SECONDS SIZE SIZE ...
 *
 * Hidden layers with the activation, softmax and cross-entropy at the end. The gradient of the weights is added to them by the
 * matrix product itself. Prints what harness.h says. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include <cblas.h>
#include <stdbool.h>

enum { LAYERS = 8 };

typedef struct Layer {
    int in, out;
    float *w, *b;                  /* [in][out], [out] */
    float *y, *dy;                 /* [batch][out] */
    float *dw, *wm, *wv, *bm, *bv; /* of adam */
} Layer;

static Layer layer[LAYERS];
static int layers, batch;
static bool adam;
static char activation;
static const float *xs, *ts;
static const float rate = 0.01F;
static long steps;

static float *zeros(size_t n) {
    float *p = (float *)aligned_alloc(64, (n * sizeof *p + 63) / 64 * 64);
    if (!p) exit(1);
    memset(p, 0, n * sizeof *p);
    return p;
}

static void add_layer(int in, int out) {
    Layer *l = &layer[layers++];
    const size_t n = (size_t)in * (size_t)out, values = (size_t)batch * (size_t)out;
    *l = (Layer){.in = in, .out = out, .w = numbers(n), .b = zeros((size_t)out), .y = zeros(values), .dy = zeros(values)};
    for (size_t k = 0; k < n; k++) l->w[k] *= 2 / sqrtf((float)in);
    if (!adam) return;
    l->dw = zeros(n), l->wm = zeros(n), l->wv = zeros(n);
    l->bm = zeros((size_t)out), l->bv = zeros((size_t)out);
}

static void activate(float *y, int n) {
    for (int k = 0; k < n; k++)
        y[k] = activation == 'r' ? (y[k] > 0 ? y[k] : 0) : activation == 't' ? tanhf(y[k]) : 1 / (1 + expf(-y[k]));
}

static void derive(float *restrict dy, const float *restrict y, int n) {
    for (int k = 0; k < n; k++)
        dy[k] *= activation == 'r' ? (y[k] > 0 ? 1.0F : 0.0F) : activation == 't' ? 1 - y[k] * y[k] : y[k] * (1 - y[k]);
}

static void softmax(float *y, int n) {
    float top = y[0], sum = 0;
    for (int k = 1; k < n; k++) top = y[k] > top ? y[k] : top;
    for (int k = 0; k < n; k++) sum += y[k] = expf(y[k] - top);
    for (int k = 0; k < n; k++) y[k] /= sum;
}

static void forward(const float *x, int n) {
    for (int j = 0; j < layers; j++) {
        Layer *l = &layer[j];
        for (int s = 0; s < n; s++) memcpy(l->y + (size_t)s * l->out, l->b, (size_t)l->out * sizeof(float));
        if (n == 1)
            cblas_sgemv(CblasRowMajor, CblasTrans, l->in, l->out, 1, l->w, l->out, x, 1, 1, l->y, 1);
        else
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, l->out, l->in, 1, x, l->in, l->w, l->out, 1, l->y,
                        l->out);
        if (j + 1 < layers) activate(l->y, n * l->out);
        x = l->y;
    }
    for (int s = 0; s < n; s++) softmax(layer[layers - 1].y + (size_t)s * layer[layers - 1].out, layer[layers - 1].out);
}

static void adam_update(float *restrict w, const float *restrict g, float *restrict m, float *restrict v, int n) {
    const float c = rate / (1 - powf(0.9F, (float)steps)), r = 1 / sqrtf(1 - powf(0.999F, (float)steps));
    for (int k = 0; k < n; k++) {
        m[k] = 0.9F * m[k] + 0.1F * g[k];
        v[k] = 0.999F * v[k] + 0.001F * g[k] * g[k];
        w[k] -= c * m[k] / (sqrtf(v[k]) * r + 1e-8F);
    }
}

static void update(Layer *l, const float *x, int n) {
    float db[4096] = {0};
    for (int s = 0; s < n; s++)
        for (int k = 0; k < l->out; k++) db[k] += l->dy[(size_t)s * l->out + k];
    if (adam) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, l->in, l->out, n, 1, x, l->in, l->dy, l->out, 0, l->dw, l->out);
        adam_update(l->w, l->dw, l->wm, l->wv, l->in * l->out);
        adam_update(l->b, db, l->bm, l->bv, l->out);
        return;
    }
    if (n == 1)
        cblas_sger(CblasRowMajor, l->in, l->out, -rate, x, 1, l->dy, 1, l->w, l->out);
    else
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, l->in, l->out, n, -rate, x, l->in, l->dy, l->out, 1, l->w, l->out);
    for (int k = 0; k < l->out; k++) l->b[k] -= rate * db[k];
}

static void step(const float *x, const float *t, int n) {
    Layer *last = &layer[layers - 1];
    steps++;
    forward(x, n);
    for (int k = 0; k < n * last->out; k++) last->dy[k] = (last->y[k] - t[k]) / (float)n;
    for (int j = layers - 1; j >= 0; j--) {
        Layer *l = &layer[j], *below = l - 1;
        if (j) {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, l->in, l->out, 1, l->dy, l->out, l->w, l->out, 0, below->dy,
                        l->in);
            derive(below->dy, below->y, n * l->in);
        }
        update(l, j ? below->y : x, n);
    }
}

static void train(size_t at, size_t n) {
    for (size_t k = 0; k < n; k += (size_t)batch)
        step(xs + (at + k) * (size_t)layer[0].in, ts + (at + k) * (size_t)layer[layers - 1].out, batch);
}

static void predict(size_t at, size_t n) {
    for (size_t k = 0; k < n; k++) forward(xs + (at + k) * (size_t)layer[0].in, 1);
}

int main(int argc, char **argv) {
    if (argc < 8) return 2;
    adam = !strcmp(argv[2], "adam");
    activation = argv[3][0];
    batch = atoi(argv[4]);
    for (int k = 6; k + 1 < argc; k++) add_layer(atoi(argv[k]), atoi(argv[k + 1]));
    xs = numbers((size_t)SAMPLES * (size_t)layer[0].in);
    ts = targets(xs, (size_t)layer[0].in, (size_t)layer[layers - 1].out);
    openblas_set_num_threads(1);
    bench(strcmp(argv[1], "train") ? predict : train, (size_t)batch, atof(argv[5]));
    return 0;
}
