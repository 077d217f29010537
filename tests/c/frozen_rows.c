/* frozen_rows: the names of the classes, as bytes, and the outputs for samples on standard input. -DREAL -DINPUTS -DOUTPUTS */
#include "net.h"
#include <stdio.h>

static int read_sample(REAL *x) {
    for (int i = 0; i < INPUTS; i++) {
        double number;
        if (scanf("%lf", &number) != 1) return 0;
        x[i] = (REAL)number;
    }
    return 1;
}

int main(void) {
    static REAL x[INPUTS], y[OUTPUTS];
#ifdef NET_CLASSES
    for (int k = 0; k < NET_CLASSES; k++) {
        printf("class ");
        for (const char *c = net_classes[k]; *c; c++) printf("%02x", (unsigned)(unsigned char)*c);
        printf("\n");
    }
#endif
    while (read_sample(x)) {
        net_predict(x, y);
        printf("output");
        for (int k = 0; k < OUTPUTS; k++) printf(" %a", (double)y[k]);
        printf("\n");
    }
    return 0;
}
