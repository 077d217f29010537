/* model: what can be asked of a network, however it is run: by generated code in all its forms (generated.h) or by the
 * interpreter (oracle.c). */
#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>
#include <stdint.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;

typedef struct Sizes {
    int inputs, outputs, params, states, optimizer, batch;
} Sizes;

Sizes sizes(void);
void init(uint64_t seed);
void predict(const real *x, real *y);
real train(const real *x, const real *t, size_t n);
real gradient(const real *x, const real *t, size_t n, real *g);
real loss(const real *x, const real *t, size_t n);
void epoch(int epoch, int epochs, real validation_loss);
void get_params(real *p);
void set_params(const real *p);
void get_state(real *s);
void set_state(const real *s);
void get_optimizer(real *s);
void move(void); /* to another place in memory */

#endif
