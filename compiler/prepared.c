/* prepared: what a file of parameters tells of the data, read with the trainer's own functions. */
#include "prepared.h"
#include "../runtime/train/train.h"
#include <string.h>

static const char **copy_names(Arena *arena, char *const *names, const int *places, int count) {
    const char **copies = arena_many(arena, count, const char *);
    for (int k = 0; k < count; k++) {
        const char *name = names[places ? places[k] : k];
        copies[k] = arena_text(arena, name, strlen(name));
    }
    return copies;
}

static void copy_scales(Arena *arena, const Preparation *preparation, Prepared *to) {
    double *const shift = arena_many(arena, to->inputs, double), *const divisor = arena_many(arena, to->inputs, double),
                  *const factor = arena_many(arena, to->inputs, double);
    for (int i = 0; i < to->inputs; i++) {
        shift[i] = preparation->scales[i].shift;
        divisor[i] = preparation->scales[i].divisor;
        factor[i] = preparation->scales[i].factor;
    }
    to->shift = shift;
    to->divisor = divisor;
    to->factor = factor;
}

/* What lives as long as the compiler. */
static void copy_all(Arena *arena, const Preparation *preparation, const Network *network, Prepared *to) {
    *to = (Prepared){.inputs = prepare_row_inputs(preparation, network), .undone = prepare_undoes(preparation, network)};
    if (preparation->scales) copy_scales(arena, preparation, to);
    if (preparation->classes) {
        to->nclasses = preparation->nclasses;
        to->classes = copy_names(arena, preparation->classes, NULL, preparation->nclasses);
    }
    if (!preparation->columns) return;
    if (preparation->ninputs == to->inputs)
        to->columns = copy_names(arena, preparation->columns, preparation->inputs, preparation->ninputs);
    if (preparation->ntargets == network->outputs)
        to->targets = copy_names(arena, preparation->columns, preparation->targets, preparation->ntargets);
}

bool prepared_read(Arena *arena, const Network *network, const char *params, Prepared *prepared) {
    Memory memory = {0};
    Store store = {0};
    Preparation preparation;
    Status status = store_read(&store, &memory, params);
    if (!status) status = prepare_begin(&preparation, network, &memory);
    if (!status) status = prepare_restore(&preparation, network, &store, &memory);
    if (!status) copy_all(arena, &preparation, network, prepared);
    memory_release(&memory);
    return !status;
}
