/* run: the sequence on generated code; compiled with its net.c and -DREAL=float or double. usage: run BELOW */
#include "net.h"
#include "sequence.h"
#include <string.h>

static net *model;

Sizes sizes(void) {
    const Sizes z = {NET_INPUTS, NET_OUTPUTS, NET_PARAMS, NET_STATE, NET_OPTIMIZER, NET_BATCH};
    return z;
}

void init(uint64_t seed) {
    model = (net *)malloc(sizeof *model);
    if (!model) exit(3);
    memset(model, 0xa5, sizeof *model); /* nothing may depend on what memory held */
    net_init(model, seed);
}

/* A network is plain data: a copy goes on, and the original is spoilt. */
void move(void) {
    net *copy = (net *)malloc(sizeof *copy);
    if (!copy) exit(3);
    memcpy(copy, model, sizeof *copy);
    memset(model, 0xff, sizeof *model);
    free(model);
    model = copy;
}

void predict(const real *x, real *y) {
    net_predict(model, x, y);
}

real train(const real *x, const real *t, size_t n) {
    return net_train(model, x, t, n);
}

real gradient(const real *x, const real *t, size_t n, real *g) {
    return net_gradient(model, x, t, n, g);
}

real loss(const real *x, const real *t, size_t n) {
    return net_loss(model, x, t, n);
}

void epoch(int number, int epochs, real validation_loss) {
    net_epoch(model, number, epochs, validation_loss);
}

void get_params(real *p) {
    net_get_params(model, p);
}

void set_params(const real *p) {
    net_set_params(model, p);
}

void get_state(real *s) {
    net_get_state(model, s);
}

void get_optimizer(real *s) {
    net_get_optimizer(model, s);
}

/* A gradient goes through its samples a batch at a time, and is one mean of them; it changes nothing. */
static void gradient_of_many(int below) {
    const size_t n = 3 * (size_t)NET_BATCH + 1, kept = (size_t)(NET_PARAMS + NET_STATE + NET_OPTIMIZER);
    real *x = numbers(n * NET_INPUTS), *t = numbers(n * NET_OUTPUTS), *g = numbers(NET_PARAMS), one;
    real *before = numbers(kept), *after = numbers(kept);
    const uint64_t step = model->step, seed = model->seed;
    for (size_t k = 0; k < n * NET_INPUTS; k++) x[k] = below ? (real)(k % (size_t)below) : uniform();
    for (size_t k = 0; k < n * NET_OUTPUTS; k++) t[k] = uniform();
    get_params(before), get_state(before + NET_PARAMS), get_optimizer(before + NET_PARAMS + NET_STATE);
    one = net_gradient(model, x, t, n, g);
    show("loss of many", &one, 1);
    show("gradient of many", g, NET_PARAMS);
    get_params(after), get_state(after + NET_PARAMS), get_optimizer(after + NET_PARAMS + NET_STATE);
    printf("changed %d\n", memcmp(before, after, kept * sizeof *before) != 0 || model->step != step || model->seed != seed);
    free(x), free(t), free(g), free(before), free(after);
}

int main(int argc, char **argv) {
    const int below = argc > 1 ? atoi(argv[1]) : 0;
    sequence(below);
    if (argc > 2) gradient_of_many(below);
    free(model);
    return 0;
}
