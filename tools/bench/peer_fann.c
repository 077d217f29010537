/* peer_fann: incremental training (batch 1) or prediction of dense layers by FANN.
 *
 *     peer_fann train|predict relu|tanh|sigmoid SECONDS SIZE SIZE ...
 *
 * FANN has no softmax, so its last layer is a sigmoid with squared error, and no relu, but a line between two bounds. Prints
 * what harness.h says. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"
#include <floatfann.h>

static struct fann *net;
static float *xs, *ts;
static unsigned inputs, outputs;

static void train(size_t at, size_t n) {
    for (size_t k = 0; k < n; k++) fann_train(net, xs + (at + k) * inputs, ts + (at + k) * outputs);
}

static void predict(size_t at, size_t n) {
    for (size_t k = 0; k < n; k++) fann_run(net, xs + (at + k) * inputs);
}

int main(int argc, char **argv) {
    unsigned size[8], n = 0;
    if (argc < 6 || argc > 12) return 2;
    for (int k = 4; k < argc; k++) size[n++] = (unsigned)atoi(argv[k]);
    inputs = size[0], outputs = size[n - 1];
    net = fann_create_standard_array(n, size);
    if (!net) return 1;
    fann_set_activation_function_hidden(net, argv[2][0] == 'r'   ? FANN_LINEAR_PIECE
                                             : argv[2][0] == 't' ? FANN_SIGMOID_SYMMETRIC
                                                                 : FANN_SIGMOID);
    fann_set_activation_function_output(net, FANN_SIGMOID);
    fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_rate(net, 0.01F);
    xs = numbers((size_t)SAMPLES * inputs);
    ts = targets(xs, inputs, outputs);
    bench(strcmp(argv[1], "train") ? predict : train, 1, atof(argv[3]));
    fann_destroy(net);
    return 0;
}
