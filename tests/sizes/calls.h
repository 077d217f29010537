/* calls: numbers from a file are given to a network, and what it makes of them is written: the same for generated code (run.c)
 * and the interpreter (tests/c/oracle.c).
 *
 * usage: FILE SAMPLES CALL...     a CALL is predict:N, loss:N, gradient:N or train:N, on the first N samples
 *
 * The file holds doubles: parameters, states, inputs and targets. For each call there is a line `what count` and so many
 * doubles. Who includes it says where the caller's memory comes from: room(), leave(), keep(), intact(). */
#ifndef CALLS_H
#define CALLS_H

#include "../c/model.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static real *take(FILE *file, size_t n) {
    real *v = (real *)room(n * sizeof *v);
    double one = 0;
    for (size_t k = 0; k < n; k++) {
        if (fread(&one, sizeof one, 1, file) != 1) exit(5);
        v[k] = (real)one;
    }
    keep(v);
    return v;
}

static void give(const char *what, const real *v, size_t n) {
    printf("%s %zu\n", what, n);
    for (size_t k = 0; k < n; k++) {
        const double one = v[k];
        fwrite(&one, sizeof one, 1, stdout);
    }
}

/* What f copies. */
static void give_copy(const char *what, void (*f)(real *), int n) {
    real *v = (real *)room((size_t)n * sizeof *v);
    f(v);
    intact(what);
    give(what, v, (size_t)n);
    leave(v);
}

static void do_predict(const Sizes *z, const real *x, size_t n) {
    real *y = (real *)room((size_t)z->outputs * sizeof *y), *all = (real *)room(n * (size_t)z->outputs * sizeof *y);
    for (size_t k = 0; k < n; k++) {
        memset(y, 0xff, (size_t)z->outputs * sizeof *y);
        predict(x + k * (size_t)z->inputs, y);
        intact("predict");
        memcpy(all + k * (size_t)z->outputs, y, (size_t)z->outputs * sizeof *y);
    }
    give("prediction", all, n * (size_t)z->outputs);
    leave(y), leave(all);
}

static void do_gradient(const Sizes *z, const real *x, const real *t, size_t n) {
    real *g = (real *)room((size_t)z->params * sizeof *g);
    const real l = gradient(x, t, n, g);
    intact("gradient");
    give("loss of gradient", &l, 1);
    give("gradient", g, (size_t)z->params);
    leave(g);
}

static void do_train(const Sizes *z, const real *x, const real *t, size_t n) {
    const real l = train(x, t, n);
    intact("train");
    give("loss of training", &l, 1);
    give_copy("parameters", get_params, z->params);
    give_copy("states", get_state, z->states);
    give_copy("optimizer", get_optimizer, z->optimizer);
    move();
}

static void do_call(const Sizes *z, const char *call, const real *x, const real *t) {
    const size_t n = strtoul(strchr(call, ':') + 1, NULL, 10);
    if (call[0] == 'p') do_predict(z, x, n);
    if (call[0] == 'g') do_gradient(z, x, t, n);
    if (call[0] == 't') do_train(z, x, t, n);
    if (call[0] == 'l') {
        const real l = loss(x, t, n);
        intact("loss");
        give("loss", &l, 1);
    }
}

static void given(int argc, char **argv) {
    const Sizes z = sizes();
    FILE *file = fopen(argv[0], "rb");
    if (!file || argc < 2) exit(5);
    const size_t n = strtoul(argv[1], NULL, 10);
    real *p = take(file, (size_t)z.params), *s = take(file, (size_t)z.states), *x = take(file, n * (size_t)z.inputs),
         *t = take(file, n * (size_t)z.outputs);
    fclose(file);
    init(5);
    set_params(p);
    set_state(s);
    epoch(0, 4, 1);
    for (int k = 2; k < argc; k++) do_call(&z, argv[k], x, t);
    leave(p), leave(s), leave(x), leave(t);
}

#endif
