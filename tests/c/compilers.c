/* compilers: a network's predictions, loss and gradient, for compilers.py to compare; compiled with its net.c and -DREAL=float
 * or double. Writes lines `name count`, an empty line, and then all the numbers as doubles. usage: compilers BELOW */
#include "net.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef NET_BATCH
enum { SAMPLES = NET_BATCH + 1 };
#else /* it does not train */
enum { SAMPLES = 2 };
#endif
typedef REAL real;

static uint64_t state = 88172645463325252U;

static real uniform(void) { /* [0, 1), a multiple of 2^-20: the same in float and double */
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (real)(state >> 44) / (real)1048576;
}

static real *numbers(size_t n) {
    real *p = (real *)calloc(n + 1, sizeof *p);
    if (!p) exit(3);
    return p;
}

static void write_numbers(const real *p, size_t n) {
    for (size_t k = 0; k < n; k++) {
        const double v = (double)p[k];
        fwrite(&v, sizeof v, 1, stdout);
    }
}

static size_t size_of(const struct net_tensor *t) {
    size_t n = 1;
    for (int d = 0; d < t->rank; d++) n *= (size_t)t->dims[d];
    return n;
}

int main(int argc, char **argv) {
    const int below = argc > 1 ? atoi(argv[1]) : 0;
    net *model = (net *)malloc(sizeof *model);
    real *x = numbers((size_t)SAMPLES * NET_INPUTS), *t = numbers((size_t)SAMPLES * NET_OUTPUTS), *y = numbers(2 * NET_OUTPUTS);
    real *p = numbers(NET_PARAMS), *g = numbers(NET_PARAMS), loss[2] = {0, 0};
    if (!model) return 3;
    memset(model, 0xa5, sizeof *model); /* nothing may depend on what memory held */
    for (size_t k = 0; k < (size_t)SAMPLES * NET_INPUTS; k++)
        x[k] = below ? (real)((int)(uniform() * (real)below)) : 2 * uniform() - 1;
    for (size_t k = 0; k < (size_t)SAMPLES * NET_OUTPUTS; k++) t[k] = uniform();
    net_init(model, 5);
    net_get_params(model, p);
    for (size_t k = 0; k < NET_PARAMS; k++) p[k] += (uniform() - (real)0.5) / 8;
    net_set_params(model, p);
    for (size_t k = 0; k < 2; k++) net_predict(model, x + k * NET_INPUTS, y + k * NET_OUTPUTS);
#ifdef NET_BATCH
    loss[0] = net_loss(model, x, t, SAMPLES);
    loss[1] = net_gradient(model, x, t, SAMPLES, g);
#endif
    printf("output %d\nloss 2\n", 2 * NET_OUTPUTS);
    for (const struct net_tensor *at = net_tensors; at->name; at++) printf("%s %lu\n", at->name, (unsigned long)size_of(at));
    printf("\n");
    write_numbers(y, 2 * NET_OUTPUTS);
    write_numbers(loss, 2);
    write_numbers(g, NET_PARAMS);
    free(x), free(t), free(y), free(p), free(g), free(model);
    return 0;
}
