/* frozen: the predictions of dump.c, by the frozen function. usage: frozen BELOW ; -DINPUTS -DOUTPUTS */
#include "net.h"
#include "sequence.h"

int main(int argc, char **argv) {
    const int below = argc > 1 ? atoi(argv[1]) : 0;
    static real x[8][INPUTS], y[OUTPUTS];
    for (size_t k = 0; k < 8; k++)
        for (size_t i = 0; i < INPUTS; i++)
            x[k][i] = below ? (real)floor((double)(uniform() * (real)below)) : 2 * uniform() - 1;
    for (size_t k = 0; k < 8; k++) {
        net_predict(x[k], y);
        show("output", y, OUTPUTS);
    }
    return 0;
}
