/* generated: the functions of model.h by the generated code that net.h declares. Who includes it says where a network's memory
 * comes from: room() and leave(). */
#include "model.h"
#include "net.h"
#include <string.h>

static void *room(size_t bytes);
static void leave(void *at);

static net *model;

Sizes sizes(void) {
    const Sizes z = {NET_INPUTS, NET_OUTPUTS, NET_PARAMS, NET_STATE, NET_OPTIMIZER, NET_BATCH};
    return z;
}

void init(uint64_t seed) {
    model = (net *)room(sizeof *model);
    memset(model, 0xff, sizeof *model); /* nothing may depend on what memory held: it holds what is no number */
    net_init(model, seed);
}

/* A network is plain data: a copy goes on, and the original is spoilt. */
void move(void) {
    net *copy = (net *)room(sizeof *copy);
    memcpy(copy, model, sizeof *copy);
    memset(model, 0xff, sizeof *model);
    leave(model);
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

void set_state(const real *s) {
    net_set_state(model, s);
}

void get_optimizer(real *s) {
    net_get_optimizer(model, s);
}
