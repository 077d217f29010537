/* given: numbers for all that a program is given, for tests that run programs. */
#ifndef GIVEN_H
#define GIVEN_H

#include "../unit/unit.h"

static uint64_t hash_of(const char *name) {
    uint64_t h = 5;
    for (; *name; name++) h = h * 31 + (unsigned char)*name;
    return h;
}

/* Numbers that depend on its name and on the step alone. What an optimizer keeps is alike everywhere, so that a mean of squares
 * is above the square of the mean. */
static void fill_tensor(Memory *memory, const Tensor *t, int step) {
    unit_state = hash_of(t->name) + (t->role == ROLE_INPUT ? 7 : 0) + ((uint64_t)step << 32);
    unit_fill(memory, t, 1);
    double *v = memory_of(memory, t);
    for (long long j = 0; j < tensor_size(t); j++) {
        if (t->role == ROLE_TARGET || t->role == ROLE_STATE) v[j] = fabs(v[j]);
        if (t->role == ROLE_OPTIMIZER) v[j] = 0.675 + 0.075 * v[j];
        if (t->role == ROLE_SCALAR) v[j] = 3;
    }
}

static void fill_given(Memory *memory, const Program *p) {
    for (int k = 0; k < p->tensors.n; k++)
        if (unit_is_given(p->tensors.at[k])) fill_tensor(memory, p->tensors.at[k], 0);
}

#endif
