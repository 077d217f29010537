/* sequence: what is done with a network to compare ways of running it: generated code in all its forms (run.c) and the
 * interpreter (oracle.c). Both define the functions of model.h and call sequence(); what it prints must agree. */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include "model.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t sequence_bits = 88172645463325252U;

static real uniform(void) { /* [0, 1), a multiple of 2^-20: the same in float and double */
    sequence_bits ^= sequence_bits << 13, sequence_bits ^= sequence_bits >> 7, sequence_bits ^= sequence_bits << 17;
    return (real)(sequence_bits >> 44) / (real)1048576;
}

static real *numbers(size_t n) {
    real *p = (real *)calloc(n + 1, sizeof *p);
    if (!p) exit(3);
    return p;
}

static inline void show(const char *what, const real *v, int n) {
    for (int k = 0; k < n; k++) printf("%s %d %a\n", what, k, (double)v[k]);
}

static inline void show_outputs(const char *what, const real *x, const Sizes *z, size_t n) {
    real *y = numbers((size_t)z->outputs);
    for (size_t k = 0; k < n; k++) {
        for (int i = 0; i < z->outputs; i++) y[i] = (real)NAN; /* what is not written shows */
        predict(x + k * (size_t)z->inputs, y);
        show(what, y, z->outputs);
    }
    free(y);
}

/* `below`: 0, or the inputs are whole numbers below it. */
static inline void sequence(int below) {
    const Sizes z = sizes();
    const size_t n = 2 * (size_t)z.batch + 1, part = z.batch < 3 ? (size_t)z.batch : 3;
    real *x = numbers(n * (size_t)z.inputs), *t = numbers(n * (size_t)z.outputs), *p = numbers((size_t)z.params),
         *s = numbers((size_t)(z.states + z.optimizer)), one;
    for (size_t k = 0; k < n * (size_t)z.inputs; k++)
        x[k] = below ? (real)floor((double)(uniform() * (real)below)) : 2 * uniform() - 1;
    for (size_t k = 0; k < n * (size_t)z.outputs; k++) t[k] = uniform();
    init(5);
    get_params(p);
    show("start", p, z.params);
    for (int k = 0; k < z.params; k++) p[k] += (uniform() - (real)0.5) / 4;
    set_params(p);
    show_outputs("before", x, &z, 2);
    one = loss(x, t, n);
    show("loss", &one, 1);
    one = gradient(x, t, part, p);
    show("loss of gradient", &one, 1);
    show("gradient", p, z.params);
    for (int k = 0; k < 4; k++) {
        epoch(k, 4, one);
        one = train(x, t, n);
        show("training loss", &one, 1);
        move();
    }
    get_params(p);
    show("parameter", p, z.params);
    get_state(s);
    show("state", s, z.states);
    get_optimizer(s);
    show("optimizer", s, z.optimizer);
    show_outputs("after", x, &z, 2);
    free(x), free(t), free(p), free(s);
}

#endif
