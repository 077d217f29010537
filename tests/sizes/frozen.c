/* frozen: the predictions of a function with the numbers inside, for inputs from a file of doubles. usage: frozen FILE N ;
 * -DINPUTS -DOUTPUTS */
#include "guard.h"

#include "net.h"

int main(int argc, char **argv) {
    const size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
    double one = 0;
    if (!file) return 5;
    printf("prediction %zu\n", n * OUTPUTS);
    for (size_t k = 0; k < n; k++) {
        REAL *x = (REAL *)room(INPUTS * sizeof *x), *y = (REAL *)room(OUTPUTS * sizeof *y);
        for (size_t i = 0; i < INPUTS && fread(&one, sizeof one, 1, file) == 1; i++) x[i] = (REAL)one;
        keep(x);
        net_predict(x, y);
        intact("predict");
        for (size_t i = 0; i < OUTPUTS; i++) one = y[i], fwrite(&one, sizeof one, 1, stdout);
        leave(x), leave(y);
    }
    fclose(file);
    return 0;
}
