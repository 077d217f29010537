/* given: numbers for all that a program is given, for tests that run programs. */
#ifndef GIVEN_H
#define GIVEN_H

#include "../unit/unit.h"

static uint64_t hash_of(const char *name) {
    uint64_t h = 5;
    for (; *name; name++) h = h * 31 + (unsigned char)*name;
    return h;
}

/* Every tensor that is given takes numbers that depend on its name alone. */
static void fill_given(Memory *memory, const Program *p) {
    for (int k = 0; k < p->tensors.n; k++) {
        const Tensor *t = p->tensors.at[k];
        if (tensor_is_computed(t) || t->role == ROLE_CONSTANT) continue;
        double *v = memory_of(memory, t);
        unit_state = hash_of(t->name) + (t->role == ROLE_INPUT ? 7 : 0);
        for (long long j = 0; j < tensor_size(t); j++) {
            v[j] = t->integer ? unit_int(0, t->values_below - 1) : unit_real(-1, 1);
            if (t->role == ROLE_TARGET || t->role == ROLE_STATE || t->role == ROLE_OPTIMIZER) v[j] = fabs(v[j]);
            if (t->role == ROLE_SCALAR) v[j] = 3;
        }
    }
}

#endif
