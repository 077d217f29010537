/* run: the sequence on generated code; compiled with its net.c and -DREAL=float or double. usage: run BELOW */
#include "generated.h"
#include "sequence.h"

static void *room(size_t bytes) {
    void *at = malloc(bytes);
    if (!at) exit(3);
    return at;
}

static void leave(void *at) {
    free(at);
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
