/* check: does the generated net_gradient agree with central differences, for every parameter? Compiled with a generated
 * net.c, real = f64. usage: check SAMPLES INDEX_BELOW (0: real inputs) ; prints the worst relative difference. */
#include "net.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES_MAX = 16 };
static net model;
static double x[SAMPLES_MAX * NET_INPUTS], t[SAMPLES_MAX * NET_OUTPUTS], p[NET_PARAMS + 1], g[NET_PARAMS + 1],
    scratch[NET_PARAMS + 1];

static uint64_t state = 88172645463325252u;
static double uniform(void) { /* [0, 1) */
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double loss_at(size_t n, int k, double value) {
    const double kept = p[k];
    p[k] = value;
    net_set_params(&model, p);
    p[k] = kept;
    return net_gradient(&model, x, t, n, scratch);
}

/* The smaller of the differences for two step lengths: a step may straddle a kink of relu or max. */
static double difference(size_t n, int k, double scale) {
    double best = INFINITY;
    for (double h = 1e-5; h > 1e-7; h /= 30) {
        const double d = (loss_at(n, k, p[k] + h) - loss_at(n, k, p[k] - h)) / (2 * h);
        const double e = fabs(d - g[k]) / (fabs(d) > scale ? fabs(d) : scale);
        if (e < best) best = e;
    }
    return best;
}

int main(int argc, char **argv) {
    const size_t n = argc > 1 ? (size_t)atoi(argv[1]) : 1;
    const int below = argc > 2 ? atoi(argv[2]) : 0;
    double worst = 0, largest = 0;
    int at = 0;
    if (n > SAMPLES_MAX) return 2;
    for (size_t k = 0; k < n * NET_INPUTS; k++) x[k] = below ? floor(uniform() * below) : 2 * uniform() - 1;
    for (size_t k = 0; k < n * NET_OUTPUTS; k++) t[k] = uniform();
    net_init(&model, 3);
    net_get_params(&model, p);
    for (int k = 0; k < NET_PARAMS; k++) p[k] += 0.2 * uniform() - 0.1;
    net_set_params(&model, p);
    const double loss = net_gradient(&model, x, t, n, g);
    for (int k = 0; k < NET_PARAMS; k++)
        if (fabs(g[k]) > largest) largest = fabs(g[k]);
    for (int k = 0; k < NET_PARAMS; k++) {
        const double e = difference(n, k, 1e-2 * largest + 1e-6 * fabs(loss));
        if (!(e <= worst)) worst = e, at = k;
    }
    printf("%.3g %.3g %d\n", worst, largest, at);
    return !(worst <= 1e-6) || !(largest > 0) || !isfinite(loss);
}
