/* trainer: what a compiled network tells the trainer about itself.
 *
 * `nnc build` generates the network (NAME.c, NAME.h) and a main.c that fills in one `Network` and calls trainer_main(). The
 * trainer reads data, trains, saves, resumes, tests and predicts; it knows nothing of layers. `real` is float or double, as
 * the network was compiled (-DREAL=...). Everything that a network keeps is in one block of `size` bytes that trainer
 * allocates. */
#ifndef NNC_TRAINER_H
#define NNC_TRAINER_H

#include "range.h"
#include <stddef.h>
#include <stdint.h>

#ifndef REAL
#define REAL float
#endif
typedef REAL real;

/* Same layout as `struct NAME_tensor` of a generated header. Tables end with a null name. */
typedef struct TensorInfo {
    const char *name;
    int rank;
    int dims[8];
    size_t offset; /* of its first number in the vector that get/set copies */
} TensorInfo;

typedef struct InputInfo { /* one `input` of the network */
    const char *name;
    int rank;
    int dims[8];
    int offset;       /* of its first number in a sample */
    int values_below; /* 0: any number; k: whole numbers 0 .. k-1 */
} InputInfo;

typedef struct LayerRow { /* one line of `info` */
    const char *name, *kind, *shape;
    int params;
} LayerRow;

typedef struct ColumnName { /* name, or number where name is NULL */
    const char *name;
    int number;
} ColumnName;

enum { HEADER_GUESS, HEADER_PRESENT, HEADER_ABSENT };
enum { SCALING_NONE, SCALING_STANDARD, SCALING_MINMAX, SCALING_FACTOR };
enum { SPLITTING_NONE, SPLITTING_RANDOM, SPLITTING_ORDERED };
enum { STOPPING_NONE, STOPPING_BELOW, STOPPING_STALLS };

typedef struct DataSettings { /* the data block */
    int present;
    const char *file, *test_file;     /* as written in the .nn, already relative to it; NULL */
    const char *labels, *test_labels; /* the second file of IDX pairs, NULL */
    int text;                         /* the file is text: each byte is a row, its class the byte itself */
    int window, ahead;                /* a series: so many rows are a sample; how far its last target is after them. 0: none */
    const ColumnName *inputs, *targets; /* lists, ninputs = 0: all but the last; ntargets = 0: the last */
    int ninputs, ntargets;
    int target_is_inputs;
    int header;
    const char *const *classes; /* nclasses = 0: those found, sorted */
    int nclasses;
    int scaling;
    double factor;
    int splitting;
    double split;
    const real *sample_x, *sample_t; /* samples written in the .nn: nsamples rows of inputs and outputs numbers */
    int nsamples;
} DataSettings;

typedef struct TrainSettings { /* the train block */
    int present;
    int batch, epochs, shuffle;
    int block;   /* batches that the network works out together; the rest of what it is given one by one */
    int shares;  /* it calls trainer_share() */
    int watches; /* a schedule reads the validation loss */
    uint64_t seed;
    int stopping;
    double stop_at;
    const char *params; /* start from this file, NULL */
    const char *const *metrics;
    int nmetrics;
    const char *loss, *optimizer; /* as text, for info */
    double rate;                  /* the start rate */
} TrainSettings;

typedef struct Network {
    const char *name;     /* iris */
    const char *source;   /* iris.nn, without folders */
    const char *compiler; /* nnc 0.1, how it was compiled */
    uint64_t program;     /* a hash of all that a step of training computes, its numbers included; not of a rate that is set */
    size_t size;          /* of the network's struct */
    int inputs, outputs, params, states, optimizer;
    int class_output;             /* the output is probabilities of classes: a softmax over its last dimension */
    int binary_output;            /* the output is one probability, a sigmoid: a target in text tells two classes apart */
    TargetRange target;           /* what the numbers of targets can be */
    const InputInfo *input_table; /* ends with a null name */
    const TensorInfo *tensors, *state_tensors, *optimizer_tensors;
    const char *output_name;
    int output_rank, output_dims[8];
    const LayerRow *layers; /* ends with a null name */
    DataSettings data;
    TrainSettings train;

    /* The generated functions; net is the block of `size` bytes. Those that only training has are NULL without a train block.
     */
    void (*init)(void *net, uint64_t seed);
    void (*predict)(void *net, const real *x, real *y);
    real (*train_batches)(void *net, const real *x, const real *t, size_t n); /* n samples in order, in batches; mean loss */
    real (*loss)(void *net, const real *x, const real *t, size_t n); /* mean loss as in prediction, without penalties */
    void (*get_params)(const void *net, real *p);
    void (*set_params)(void *net, const real *p);
    void (*get_state)(const void *net, real *s);
    void (*set_state)(void *net, const real *s);
    void (*get_optimizer)(const void *net, real *s); /* optimizer and schedule states and rates */
    void (*set_optimizer)(void *net, const real *s);
    void (*epoch)(void *net, int epoch, int epochs, real validation_loss);
    void (*set_rate)(void *net, double rate); /* the schedule's start; NULL: it can't be set */
    uint64_t (*get_step)(const void *net);    /* updates so far: with the seed the whole random state of training */
    void (*set_step)(void *net, uint64_t step);
    void (*set_seed)(void *net, uint64_t seed);
    /* Runs forward on one sample and names the first layer whose value is not finite, or NULL. */
    const char *(*find_nonfinite)(void *net, const real *x);
} Network;

/* part() of all of 0 .. count - 1, in any order, several at once: in ranges that begin at multiples of `step`. Back when all
 * are done. To be called by the thread that trains only, and not by a part. */
typedef void SharePart(const void *given, int from, int to);
void trainer_share(SharePart *part, const void *given, int count, int step);

/* The whole command line; returns the exit status. */
int trainer_main(const Network *network, int argc, char **argv);

#endif
