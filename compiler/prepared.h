/* prepared: what the trainer does to the numbers of the data before a network sees them, and to what it gives, as a file of
 * parameters tells. Read when compiling, by the trainer's own rules. */
#ifndef NNC_PREPARED_H
#define NNC_PREPARED_H

#include "arena.h"
#include <stdbool.h>

typedef struct Prepared {
    int inputs;                             /* numbers in a row; a sample is one row or, of a series, several */
    const double *shift, *divisor, *factor; /* of each; NULL: not known */
    bool undone;                            /* in the output too, which is an autoencoder's */
    const char **columns, **targets;        /* what inputs and outputs are called; NULL: they have no names */
    int nclasses;
    const char **classes; /* NULL: they have no names */
} Prepared;

/* False after a message. The network is runtime/train/trainer.h's: name, source, inputs, outputs, what the output is, data. */
struct Network;
bool prepared_read(Arena *arena, const struct Network *network, const char *params, Prepared *prepared);

#endif
