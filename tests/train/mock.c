/* mock: one layer y = f(W x + b) with momentum, written by hand, in place of a generated network, so that the trainer is tested
 * by itself. What it computes is chosen when it is compiled (MOCK_SOFTMAX, MOCK_SIGMOID or MOCK_LINEAR; INPUTS, OUTPUTS), what
 * a .nn would say by variables of the environment MOCK_*. It also has what is easily forgotten: a state of a layer, a state and
 * a rate of the optimizer, and dropout that depends on (seed, step). */
#include "trainer.h"
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#if !defined MOCK_SOFTMAX && !defined MOCK_SIGMOID && !defined MOCK_LINEAR
#define MOCK_SOFTMAX
#endif
#ifndef INPUTS
#define INPUTS 4
#endif
#ifndef OUTPUTS
#define OUTPUTS 3
#endif
#ifndef SHAPE_NAME
#define SHAPE_NAME "y"
#endif

enum { PARAMS = INPUTS * OUTPUTS + OUTPUTS };

typedef struct Mock {
    uint64_t seed, step;
    double start, rate;
    int epoch;
    real w[PARAMS], velocity[PARAMS], mean[INPUTS];
} Mock;

/* ---- settings from the environment */

static double number(const char *name, double otherwise) {
    const char *text = getenv(name);
    return text ? strtod(text, NULL) : otherwise;
}

/* ---- mathematics */

static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double uniform(uint64_t seed, uint64_t step, uint64_t element) {
    return (double)(mix(mix(seed + 1) + mix(step + 77) * 3 + element) >> 11) / 9007199254740992.0;
}

static void forward(const Mock *net, const real *x, double y[OUTPUTS]) {
    double top = -INFINITY, sum = 0;
    for (int o = 0; o < OUTPUTS; o++) {
        double z = (double)net->w[INPUTS * OUTPUTS + o];
        for (int i = 0; i < INPUTS; i++) z += (double)net->w[o * INPUTS + i] * (double)x[i];
        y[o] = fabs(z) > 1e30 ? (double)INFINITY : z; /* as if that were too large */
        top = fmax(top, z);
    }
#if defined MOCK_SOFTMAX
    for (int o = 0; o < OUTPUTS; o++) sum += y[o] = exp(y[o] - top);
    for (int o = 0; o < OUTPUTS; o++) y[o] /= sum;
#elif defined MOCK_SIGMOID
    for (int o = 0; o < OUTPUTS; o++) y[o] = 1 / (1 + exp(-y[o]));
#endif
    (void)sum;
}

/* Cross-entropy, binary cross-entropy or the squared error; its derivative by z is y - t in each case. */
static double loss_of(const double *y, const real *t) {
    double loss = 0;
    for (int o = 0; o < OUTPUTS; o++) {
#if defined MOCK_SOFTMAX
        if (t[o] > 0) loss -= (double)t[o] * log(y[o]);
#elif defined MOCK_SIGMOID
        loss -= (double)t[o] * log(y[o]) + (1 - (double)t[o]) * log(1 - y[o]);
#else
        loss += 0.5 * (y[o] - (double)t[o]) * (y[o] - (double)t[o]);
#endif
    }
    return loss;
}

static void drop(const Mock *net, const real *x, size_t sample, real dropped[INPUTS]) {
    double rate = number("MOCK_DROPOUT", 0);
    for (int i = 0; i < INPUTS; i++)
        dropped[i] = uniform(net->seed, net->step, sample * INPUTS + (size_t)i) < rate ? 0 : (real)((double)x[i] / (1 - rate));
}

static double add_gradient(const Mock *net, const real *x, const real *t, size_t n, double g[PARAMS]) {
    double sum = 0, y[OUTPUTS];
    for (size_t s = 0; s < n; s++) {
        real dropped[INPUTS];
        drop(net, x + s * INPUTS, s, dropped);
        forward(net, dropped, y);
        sum += loss_of(y, t + s * OUTPUTS);
        for (int o = 0; o < OUTPUTS; o++) {
            double error = (y[o] - (double)t[s * OUTPUTS + (size_t)o]) / (double)n;
            for (int i = 0; i < INPUTS; i++) g[o * INPUTS + i] += error * (double)dropped[i];
            g[INPUTS * OUTPUTS + o] += error;
        }
    }
    return sum / (double)n;
}

static double train_step(Mock *net, const real *x, const real *t, size_t n) {
    double g[PARAMS] = {0};
    net->step++;
    if ((double)net->step == number("MOCK_SIGNAL_AT", -1)) raise((int)number("MOCK_SIGNAL", SIGINT));
    double loss = add_gradient(net, x, t, n, g);
    for (int p = 0; p < PARAMS; p++) {
        net->velocity[p] = (real)(0.9 * (double)net->velocity[p] + g[p]);
        net->w[p] = (real)((double)net->w[p] - net->rate * (double)net->velocity[p]);
    }
    for (int i = 0; i < INPUTS; i++) net->mean[i] = (real)(0.9 * (double)net->mean[i] + 0.1 * (double)x[i]);
    return loss;
}

/* ---- what the trainer calls */

static void mock_init(void *at, uint64_t seed) {
    Mock *net = at;
    memset(net, 0, sizeof *net);
    net->seed = seed;
    net->start = net->rate = number("MOCK_RATE", 0.1);
    for (int p = 0; p < INPUTS * OUTPUTS; p++) net->w[p] = (real)(uniform(seed, 1000000, (uint64_t)p) - 0.5);
}

static void mock_predict(void *at, const real *x, real *y) {
    double precise[OUTPUTS];
    forward(at, x, precise);
    for (int o = 0; o < OUTPUTS; o++) y[o] = (real)precise[o];
}

static real mock_train_batches(void *at, const real *x, const real *t, size_t n) {
    size_t batch = (size_t)number("MOCK_BATCH", 8);
    double sum = 0;
    for (size_t k = 0; k < n; k += batch) {
        size_t count = n - k < batch ? n - k : batch;
        sum += train_step(at, x + k * INPUTS, t + k * OUTPUTS, count) * (double)count;
    }
    return (real)(sum / (double)n);
}

static real mock_loss(void *at, const real *x, const real *t, size_t n) {
    double sum = 0, y[OUTPUTS];
    for (size_t s = 0; s < n; s++) {
        forward(at, x + s * INPUTS, y);
        sum += loss_of(y, t + s * OUTPUTS);
    }
    return (real)(sum / (double)n);
}

static void mock_get_params(const void *at, real *p) {
    memcpy(p, ((const Mock *)at)->w, PARAMS * sizeof *p);
}
static void mock_set_params(void *at, const real *p) {
    memcpy(((Mock *)at)->w, p, PARAMS * sizeof *p);
}
static void mock_get_state(const void *at, real *s) {
    memcpy(s, ((const Mock *)at)->mean, INPUTS * sizeof *s);
}
static void mock_set_state(void *at, const real *s) {
    memcpy(((Mock *)at)->mean, s, INPUTS * sizeof *s);
}

static void mock_get_optimizer(const void *at, real *s) {
    const Mock *net = at;
    memcpy(s, net->velocity, PARAMS * sizeof *s);
    s[PARAMS] = (real)net->rate;
}

static void mock_set_optimizer(void *at, const real *s) {
    Mock *net = at;
    memcpy(net->velocity, s, PARAMS * sizeof *s);
    net->rate = (double)s[PARAMS];
}

static void mock_epoch(void *at, int epoch, int epochs, real validation_loss) {
    Mock *net = at;
    (void)epochs, (void)validation_loss;
    net->epoch = epoch;
    net->rate = (double)(real)(net->start * pow(number("MOCK_DECAY", 0.99), epoch));
}

static void mock_set_rate(void *at, double rate) {
    ((Mock *)at)->start = ((Mock *)at)->rate = rate;
}
static uint64_t mock_get_step(const void *at) {
    return ((const Mock *)at)->step;
}
static void mock_set_step(void *at, uint64_t step) {
    ((Mock *)at)->step = step;
}
static void mock_set_seed(void *at, uint64_t seed) {
    ((Mock *)at)->seed = seed;
}

static const char *mock_find_nonfinite(void *at, const real *x) {
    double y[OUTPUTS];
    forward(at, x, y);
    for (int o = 0; o < OUTPUTS; o++)
        if (!isfinite(y[o])) return SHAPE_NAME;
    return NULL;
}

/* ---- what the trainer reads */

enum { MOST = 16 };

/* "a,b,0..2" as columns, or as names. */
static int list_columns(const char *variable, ColumnName columns[MOST]) {
    static char texts[4][256];
    static int used;
    const char *text = getenv(variable);
    int n = 0;
    if (!text) return 0;
    char *copy = strncpy(texts[used++], text, 255);
    for (char *word = strtok(copy, ","); word && n < MOST; word = strtok(NULL, ",")) {
        char *end;
        long column = strtol(word, &end, 10);
        columns[n].name = *end ? word : NULL;
        columns[n++].number = (int)column;
    }
    return n;
}

static void fill_data(DataSettings *data) {
    static ColumnName inputs[MOST], targets[MOST], classes[MOST];
    static const char *names[MOST], *numbers[] = {"0", "1", "2", "3"};
    data->present = 1;
    data->file = getenv("MOCK_FILE");
    data->labels = getenv("MOCK_LABELS");
    data->test_file = getenv("MOCK_TEST_FILE");
    data->inputs = inputs;
    data->targets = targets;
    data->ninputs = list_columns("MOCK_INPUTS", inputs);
    data->ntargets = list_columns("MOCK_TARGETS", targets);
    data->target_is_inputs = (int)number("MOCK_AUTOENCODER", 0);
    data->header = (int)number("MOCK_HEADER", HEADER_GUESS);
    data->nclasses = list_columns("MOCK_CLASSES", classes);
    for (int c = 0; c < data->nclasses; c++) names[c] = classes[c].name ? classes[c].name : numbers[classes[c].number & 3];
    data->classes = names;
    data->scaling = (int)number("MOCK_SCALING", SCALING_NONE);
    data->factor = number("MOCK_FACTOR", 1);
    data->split = number("MOCK_SPLIT", 0);
    data->splitting = data->split > 0 ? (int)number("MOCK_SPLITTING", SPLITTING_RANDOM) : SPLITTING_NONE;
}

static void fill_samples(DataSettings *data) {
    static const real x[4 * INPUTS] = {0, 0, [INPUTS + 1] = 1, [2 * INPUTS] = 1, [3 * INPUTS] = 1, [3 * INPUTS + 1] = 1};
    static const real t[4 * OUTPUTS] = {[OUTPUTS] = 1, [2 * OUTPUTS] = 1, [3 * OUTPUTS] = 1};
    data->sample_x = x;
    data->sample_t = t;
    data->nsamples = (int)number("MOCK_SAMPLES", 0);
}

static void fill_train(TrainSettings *train) {
    static const char *metrics[1];
    train->present = (int)number("MOCK_TRAIN", 1);
    train->batch = (int)number("MOCK_BATCH", 8);
    train->epochs = (int)number("MOCK_EPOCHS", 20);
    train->shuffle = (int)number("MOCK_SHUFFLE", 1);
    train->seed = (uint64_t)number("MOCK_SEED", 1);
    train->stopping = (int)number("MOCK_STOPPING", STOPPING_NONE);
    train->stop_at = number("MOCK_STOP_AT", 0);
    train->watches = (int)number("MOCK_WATCHES", 0);
    train->params = getenv("MOCK_PARAMS");
    train->loss = "mock_loss";
    train->optimizer = getenv("MOCK_OPTIMIZER") ? getenv("MOCK_OPTIMIZER") : "sgd(rate = 0.1, momentum = 0.9)";
    train->rate = number("MOCK_RATE", 0.1);
    metrics[0] = getenv("MOCK_METRIC");
    train->metrics = metrics;
    train->nmetrics = metrics[0] != NULL;
}

static void fill_functions(Network *network) {
    network->init = mock_init;
    network->predict = mock_predict;
    network->train_batches = mock_train_batches;
    network->loss = mock_loss;
    network->get_params = mock_get_params;
    network->set_params = mock_set_params;
    network->get_state = mock_get_state;
    network->set_state = mock_set_state;
    network->get_optimizer = mock_get_optimizer;
    network->set_optimizer = mock_set_optimizer;
    network->epoch = mock_epoch;
    network->set_rate = mock_set_rate;
    network->get_step = mock_get_step;
    network->set_step = mock_set_step;
    network->set_seed = mock_set_seed;
    network->find_nonfinite = mock_find_nonfinite;
}

static const Network *mock_network(void) {
    static const TensorInfo tensors[] = {{SHAPE_NAME ".weight", 2, {OUTPUTS, INPUTS}, 0},
                                         {SHAPE_NAME ".bias", 1, {OUTPUTS}, INPUTS * OUTPUTS},
                                         {NULL, 0, {0}, 0}};
    static const TensorInfo states[] = {{"mean", 1, {INPUTS}, 0}, {NULL, 0, {0}, 0}};
    static const TensorInfo optimizer[] = {{SHAPE_NAME ".weight.velocity", 2, {OUTPUTS, INPUTS}, 0},
                                           {SHAPE_NAME ".bias.velocity", 1, {OUTPUTS}, INPUTS * OUTPUTS},
                                           {"rate", 0, {0}, PARAMS},
                                           {NULL, 0, {0}, 0}};
    static InputInfo inputs[] = {{"x", 1, {INPUTS}, 0, 0}, {NULL, 0, {0}, 0, 0}};
    static const LayerRow layers[] = {{SHAPE_NAME, "dense", "[" SHAPE_NAME "]", PARAMS}, {NULL, NULL, NULL, 0}};
    static Network network = {.name = "mock",
                              .source = "mock.nn",
                              .compiler = "hand 1.0",
                              .size = sizeof(Mock),
                              .inputs = INPUTS,
                              .outputs = OUTPUTS,
                              .params = PARAMS,
                              .states = INPUTS,
                              .optimizer = PARAMS + 1,
                              .input_table = inputs,
                              .tensors = tensors,
                              .state_tensors = states,
                              .optimizer_tensors = optimizer,
                              .output_name = SHAPE_NAME,
                              .output_rank = 1,
                              .output_dims = {OUTPUTS},
                              .layers = layers};
#if defined MOCK_SOFTMAX
    network.class_output = 1;
#elif defined MOCK_SIGMOID
    network.binary_output = 1;
#endif
    inputs[0].values_below = (int)number("MOCK_INDEX", 0);
    network.program = (uint64_t)number("MOCK_PROGRAM", 1);
    fill_data(&network.data);
    fill_samples(&network.data);
    fill_train(&network.train);
    fill_functions(&network);
    return &network;
}

#ifndef MOCK_LIBRARY
int main(int argc, char **argv) {
    return trainer_main(mock_network(), argc, argv);
}
#endif
