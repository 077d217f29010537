/* tutorials: one step of a network, printed: with the output, the loss, the gradient, the next parameters. Compiled with a
 * generated net.c, real = f64. usage: tutorials STEPS x... t...   prints a line for each step 0 .. STEPS: loss, and for the
 * first two all numbers. */
#include "net.h"
#include <stdio.h>
#include <stdlib.h>

static net model;

static void print(const char *what, const double *v, int n) {
    printf("%s", what);
    for (int k = 0; k < n; k++) printf(" %.17g", v[k]);
    printf("\n");
}

int main(int argc, char **argv) {
    double x[NET_INPUTS], t[NET_OUTPUTS], y[NET_OUTPUTS], p[NET_PARAMS], g[NET_PARAMS];
    if (argc != 2 + NET_INPUTS + NET_OUTPUTS) return 2;
    for (int k = 0; k < NET_INPUTS; k++) x[k] = atof(argv[2 + k]);
    for (int k = 0; k < NET_OUTPUTS; k++) t[k] = atof(argv[2 + NET_INPUTS + k]);
    net_init(&model, 1);
    for (int step = 0; step <= atoi(argv[1]); step++) {
        const double loss = net_gradient(&model, x, t, 1, g);
        printf("loss%d %.17g\n", step, loss);
        if (step < 2) {
            net_predict(&model, x, y);
            net_get_params(&model, p);
            printf("step %d\n", step);
            print("y", y, NET_OUTPUTS);
            print("g", g, NET_PARAMS);
            print("w", p, NET_PARAMS);
        }
        if (net_train(&model, x, t, 1) != loss) printf("train and gradient differ in the loss\n");
    }
    return 0;
}
