/* dump: trains a little, then prints the tensors of net.h (table name number value) and predictions. usage: dump BELOW */
#include "net.h"
#include "sequence.h"

static net model;

static void print_table(const char *table, const struct net_tensor *t, const real *v) {
    for (; t->name; t++) {
        size_t n = 1;
        printf("tensor %s", t->name);
        for (int d = 0; d < t->rank; d++) n *= (size_t)t->dims[d], printf(" %d", t->dims[d]);
        printf("\n");
        for (size_t k = 0; k < n; k++) printf("%s %zu %a\n", table, t->offset + k, (double)v[t->offset + k]);
    }
}

int main(int argc, char **argv) {
    const int below = argc > 1 ? atoi(argv[1]) : 0;
    real *x = numbers(8 * NET_INPUTS), *t = numbers(8 * NET_OUTPUTS), *p = numbers(NET_PARAMS), *s = numbers(NET_STATE),
         *y = numbers(NET_OUTPUTS);
    for (size_t k = 0; k < 8 * NET_INPUTS; k++)
        x[k] = below ? (real)floor((double)(uniform() * (real)below)) : 2 * uniform() - 1;
    for (size_t k = 0; k < 8 * NET_OUTPUTS; k++) t[k] = uniform();
    net_init(&model, 5);
    net_epoch(&model, 0, 1, 0);
    net_train(&model, x, t, 8);
    net_get_params(&model, p);
    net_get_state(&model, s);
    print_table("param", net_tensors, p);
    print_table("state", net_states, s);
    for (size_t k = 0; k < 8; k++) {
        net_predict(&model, x + k * NET_INPUTS, y);
        show("output", y, NET_OUTPUTS);
    }
    free(x), free(t), free(p), free(s), free(y);
    return 0;
}
