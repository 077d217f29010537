/* batches: loss and gradient of the first n samples, for each n given; compiled with a net.c whose real is double.
 * usage: batches BELOW N ... */
#include "net.h"
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 64 };
static net model;
static double x[SAMPLES * NET_INPUTS], t[SAMPLES * NET_OUTPUTS], p[NET_PARAMS], g[NET_PARAMS];
static uint64_t bits = 88172645463325252U;

static double uniform(void) {
    bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
    return (double)(bits >> 44) / 1048576;
}

int main(int argc, char **argv) {
    const double below = argc > 1 ? atof(argv[1]) : 0;
    for (int k = 0; k < SAMPLES * NET_INPUTS; k++) x[k] = below > 0 ? (double)(int)(below * uniform()) : 2 * uniform() - 1;
    for (int k = 0; k < SAMPLES * NET_OUTPUTS; k++) t[k] = uniform();
    net_init(&model, 7);
    net_get_params(&model, p);
    for (int k = 0; k < NET_PARAMS; k++) p[k] += uniform() / 4;
    net_set_params(&model, p);
    for (int k = 2; k < argc; k++) {
        const int n = atoi(argv[k]);
        if (n > SAMPLES) return 2;
        printf("%.17g", net_gradient(&model, x, t, (size_t)n, g));
        for (int j = 0; j < NET_PARAMS; j++) printf(" %.17g", g[j]);
        printf("\n");
    }
    return 0;
}
