/* metrics: how good predictions are: accuracy, confusion matrix and F1 for classes; RMSE, MAE and R2 for numbers, in the units
 * of the data. */
#include "train.h"
#include <math.h>
#include <string.h>

/* How many samples are measured at once: it depends on the network alone, so that sums do not depend on who asks. */
static size_t part_size(const Network *network) {
    enum { NUMBERS = 1 << 20, MOST = 1024 };
    const size_t part = NUMBERS / ((size_t)network->inputs + (size_t)network->outputs);
    return part < 1 ? 1 : part > MOST ? MOST : part;
}

Status metrics_prepare(Metrics *metrics, const Dataset *data, Memory *memory) {
    size_t outputs = (size_t)data->network->outputs, classes = (size_t)data->preparation->nclasses, cells;
    memset(metrics, 0, sizeof *metrics);
    if (!size_multiply(classes, classes, &cells)) return fail(STATUS_SYSTEM, "too many classes");
    metrics->part = part_size(data->network);
    metrics->x = memory_take(memory, metrics->part * (size_t)data->network->inputs, sizeof *metrics->x);
    metrics->t = memory_take(memory, metrics->part * outputs, sizeof *metrics->t);
    metrics->y = memory_take(memory, outputs, sizeof *metrics->y);
    metrics->mean = memory_take(memory, outputs, sizeof *metrics->mean);
    metrics->residual = memory_take(memory, outputs, sizeof *metrics->residual);
    metrics->total = memory_take(memory, outputs, sizeof *metrics->total);
    if (classes) metrics->confusion = memory_take(memory, cells, sizeof *metrics->confusion);
    bool all = metrics->x && metrics->t && metrics->y && metrics->mean && metrics->residual && metrics->total &&
               (metrics->confusion || !classes);
    return all ? STATUS_DONE : STATUS_SYSTEM;
}

/* The most probable class; of two classes told by one number, the second from 0.5 on. */
int metrics_class_at(const Preparation *preparation, const Network *network, const real *y, int position) {
    int best = 0;
    if (prepare_binary(preparation, network)) return y[position] >= (real)0.5;
    y += position * preparation->nclasses;
    for (int c = 1; c < preparation->nclasses; c++)
        if (y[c] > y[best]) best = c;
    return best;
}

static double mean_loss(Metrics *metrics, const Dataset *data, void *net, size_t from, size_t to) {
    const Network *network = data->network;
    const size_t inputs = (size_t)network->inputs, outputs = (size_t)network->outputs, part = metrics->part;
    double sum = 0, mean = NAN;
    if (!network->loss || from == to) return NAN;
    for (size_t at = from; at < to; at += part) {
        const size_t count = to - at < part ? to - at : part;
        for (size_t i = 0; i < count; i++) dataset_sample(data, at + i, metrics->x + i * inputs, metrics->t + i * outputs);
        mean = (double)network->loss(net, metrics->x, metrics->t, count);
        sum += mean * (double)count;
    }
    return to - from <= part ? mean : sum / (double)(to - from);
}

static void count_classes(Metrics *metrics, const Dataset *data, const real *t) {
    const Preparation *preparation = data->preparation;
    for (int p = 0; p < preparation->positions; p++) {
        int actual = metrics_class_at(preparation, data->network, t, p);
        int predicted = metrics_class_at(preparation, data->network, metrics->y, p);
        metrics->confusion[actual * preparation->nclasses + predicted]++;
        metrics->right += actual == predicted;
        metrics->counted++;
    }
}

/* In the units of the data, as everything below. */
static double shown(const Dataset *data, size_t output, real number) {
    return prepare_output(data->preparation, data->network, (int)output, number);
}

static void add_errors(Metrics *metrics, const Dataset *data, const real *t) {
    for (size_t k = 0; k < (size_t)data->network->outputs; k++) {
        double target = shown(data, k, t[k]), error = shown(data, k, metrics->y[k]) - target,
               spread = target - metrics->mean[k];
        metrics->mae += fabs(error);
        metrics->residual[k] += error * error;
        metrics->total[k] += spread * spread;
    }
}

static void find_means(Metrics *metrics, const Dataset *data, size_t from, size_t to) {
    size_t outputs = (size_t)data->network->outputs;
    memset(metrics->mean, 0, outputs * sizeof *metrics->mean);
    memset(metrics->residual, 0, outputs * sizeof *metrics->residual);
    memset(metrics->total, 0, outputs * sizeof *metrics->total);
    for (size_t n = from; n < to; n++) {
        dataset_target(data, n, metrics->t);
        for (size_t k = 0; k < outputs; k++) metrics->mean[k] += shown(data, k, metrics->t[k]);
    }
    for (size_t k = 0; k < outputs; k++) metrics->mean[k] /= (double)(to - from);
}

/* R2 = 1 - residual / total, the mean over the outputs whose targets differ at all; undefined if there are none. */
static void finish_errors(Metrics *metrics, size_t outputs, size_t count) {
    double squares = 0, r2 = 0, varied = 0;
    for (size_t k = 0; k < outputs; k++) {
        squares += metrics->residual[k];
        if (!(metrics->total[k] > 0)) continue;
        r2 += 1 - metrics->residual[k] / metrics->total[k];
        varied++;
    }
    metrics->mae /= (double)count * (double)outputs;
    metrics->rmse = sqrt(squares / ((double)count * (double)outputs));
    metrics->r2 = r2 / varied;
}

void metrics_measure(Metrics *metrics, const Dataset *data, void *net, size_t from, size_t to) {
    const Network *network = data->network;
    size_t outputs = (size_t)network->outputs, classes = (size_t)data->preparation->nclasses;
    metrics->samples = to - from;
    metrics->right = metrics->counted = 0;
    metrics->mae = 0;
    metrics->loss = mean_loss(metrics, data, net, from, to);
    if (metrics->confusion)
        memset(metrics->confusion, 0, classes * classes * sizeof *metrics->confusion);
    else
        find_means(metrics, data, from, to);
    for (size_t n = from; n < to; n++) {
        dataset_sample(data, n, metrics->x, metrics->t);
        network->predict(net, metrics->x, metrics->y);
        if (metrics->confusion)
            count_classes(metrics, data, metrics->t);
        else
            add_errors(metrics, data, metrics->t);
    }
    if (!metrics->confusion) finish_errors(metrics, outputs, to - from);
}

/* ---- values by name */

typedef struct Score { /* of one class; not a number where it is undefined */
    double precision, recall, f1;
    uint64_t actual;
} Score;

static Score class_score(const Metrics *metrics, const Preparation *preparation, int c) {
    size_t n = (size_t)preparation->nclasses, at = (size_t)c;
    uint64_t right = metrics->confusion[at * n + at], actual = 0, predicted = 0;
    for (size_t k = 0; k < n; k++) actual += metrics->confusion[at * n + k], predicted += metrics->confusion[k * n + at];
    double hits = (double)right;
    return (Score){predicted ? hits / (double)predicted : NAN, actual ? hits / (double)actual : NAN,
                   actual + predicted ? 2 * hits / (double)(actual + predicted) : NAN, actual};
}

/* The plain mean over the classes, those that occur nowhere left out. */
static double mean_f1(const Metrics *metrics, const Preparation *preparation) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c < preparation->nclasses; c++) {
        Score score = class_score(metrics, preparation, c);
        if (!isnan(score.f1)) sum += score.f1, count++;
    }
    return count ? sum / count : NAN;
}

static double accuracy_of(const Metrics *metrics) {
    return metrics->counted ? (double)metrics->right / (double)metrics->counted : NAN;
}

double metrics_value(const Metrics *metrics, const Preparation *preparation, const char *name) {
    if (metrics->confusion) {
        if (!strcmp(name, "accuracy")) return accuracy_of(metrics);
        return !strcmp(name, "f1") ? mean_f1(metrics, preparation) : NAN;
    }
    if (!strcmp(name, "rmse")) return metrics->rmse;
    if (!strcmp(name, "mae")) return metrics->mae;
    return !strcmp(name, "r2") ? metrics->r2 : NAN;
}

/* The first that the .nn names, else accuracy or RMSE. */
Status metrics_choose(const Network *network, const Preparation *preparation, const char **name) {
    static const char *const known[] = {"accuracy", "f1", "rmse", "mae", "r2"};
    bool classes = preparation->nclasses > 0;
    *name = network->train.nmetrics ? network->train.metrics[0] : classes ? "accuracy" : "rmse";
    for (int k = 0; k < 5; k++)
        if (!strcmp(*name, known[k]) && classes == (k < 2)) return STATUS_DONE;
    return fail(STATUS_INPUT, "%s: metric = %s can't be measured here; there %s", network->source, *name,
                classes ? "are accuracy and f1 for classes" : "are rmse, mae and r2 for numbers");
}

/* ---- printing */

enum { WIDEST_NAME = 14, WIDEST_MATRIX = 16 };

static int text_width(const char *text) {
    int width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

/* At most WIDEST_NAME characters, padded to `width`, which may be less: then as it is. */
static void print_name(const char *name, int width, bool right) {
    int shown = text_width(name) > WIDEST_NAME ? WIDEST_NAME : text_width(name), bytes = 0, characters = 0;
    while (name[bytes] && (characters < shown || ((unsigned char)name[bytes] & 0xC0) == 0x80))
        characters += ((unsigned char)name[bytes++] & 0xC0) != 0x80;
    if (right) printf("%*s", width > shown ? width - shown : 0, "");
    printf("%.*s", bytes, name);
    if (!right) printf("%*s", width > shown ? width - shown : 0, "");
}

static int name_width(const Preparation *preparation) {
    int width = 6;
    for (int c = 0; c < preparation->nclasses; c++)
        if (text_width(preparation->classes[c]) > width) width = text_width(preparation->classes[c]);
    return width > WIDEST_NAME ? WIDEST_NAME : width;
}

static void print_score(double score) {
    if (isnan(score))
        printf("%11s", "-");
    else
        printf("%11.4f", score);
}

/* Of a column of the matrix, with what parts it from the one before. */
static int column_width(const char *name) {
    int width = text_width(name);
    return (width > WIDEST_NAME ? WIDEST_NAME : width < 4 ? 4 : width) + 2;
}

static void print_class_row(const Metrics *metrics, const Preparation *preparation, int c, int width, bool matrix) {
    Score score = class_score(metrics, preparation, c);
    size_t n = (size_t)preparation->nclasses;
    fputs("  ", stdout);
    print_name(preparation->classes[c], width, false);
    for (size_t k = 0; k < n && matrix; k++) {
        printf("%*llu", column_width(preparation->classes[k]), (unsigned long long)metrics->confusion[(size_t)c * n + k]);
    }
    print_score(score.precision);
    print_score(score.recall);
    print_score(score.f1);
    printf("%9llu\n", (unsigned long long)score.actual);
}

/* A row for each actual class: how often each class was predicted, then its scores. */
static void print_classes(const Metrics *metrics, const Preparation *preparation) {
    int width = name_width(preparation);
    bool matrix = preparation->nclasses <= WIDEST_MATRIX;
    printf("\n  %s\n  %-*s",
           matrix ? "confusion matrix: a row for each actual class, a column for each predicted one" : "scores by class", width,
           "");
    for (int c = 0; c < preparation->nclasses && matrix; c++)
        print_name(preparation->classes[c], column_width(preparation->classes[c]), true);
    printf("%11s%11s%11s%9s\n", "precision", "recall", "F1", "samples");
    for (int c = 0; c < preparation->nclasses; c++) print_class_row(metrics, preparation, c, width, matrix);
}

static void print_metric(const char *name, double value) {
    char number[32];
    if (isnan(value))
        snprintf(number, sizeof number, "undefined");
    else
        snprintf(number, sizeof number, "%.6g", value);
    printf("  %-9s %s\n", name, number);
}

void metrics_print(const Metrics *metrics, const Network *network, const Preparation *preparation, bool table) {
    if (network->loss) print_metric("loss", metrics->loss);
    if (!metrics->confusion) {
        print_metric("RMSE", metrics->rmse);
        print_metric("MAE", metrics->mae);
        print_metric("R2", metrics->r2);
        return;
    }
    printf("  %-9s %.2f %% (%llu of %llu)\n", "accuracy", 100 * accuracy_of(metrics), (unsigned long long)metrics->right,
           (unsigned long long)metrics->counted);
    if (table) print_classes(metrics, preparation);
}

/* ---- as JSON: "key": value pairs after others */

static void add_metric(Text *text, const char *key, double value) {
    text_add(text, ", \"%s\": ", key);
    char number[32];
    text_add(text, "%s", isfinite(value) ? number_print_double(number, value) : "null");
}

static void add_confusion(const Metrics *metrics, int classes, Text *text) {
    text_add(text, ", \"confusion\": [");
    for (int a = 0; a < classes; a++)
        for (int p = 0; p < classes; p++)
            text_add(text, "%s%llu%s",
                     p   ? ", "
                     : a ? ", ["
                         : "[",
                     (unsigned long long)metrics->confusion[a * classes + p], p == classes - 1 ? "]" : "");
    text_add(text, "]");
}

static void add_class_list(const Metrics *metrics, const Preparation *preparation, Text *text, bool names) {
    char number[32];
    text_add(text, ", \"%s\": [", names ? "classes" : "f1");
    for (int c = 0; c < preparation->nclasses; c++) {
        double f1 = class_score(metrics, preparation, c).f1;
        text_add(text, "%s", c ? ", " : "");
        if (names)
            json_add_string(text, preparation->classes[c]);
        else
            text_add(text, "%s", isnan(f1) ? "null" : number_print_double(number, f1));
    }
    text_add(text, "]");
}

void metrics_add_json(const Metrics *metrics, const Preparation *preparation, Text *text) {
    text_add(text, "\"samples\": %zu, \"loss\": ", metrics->samples);
    json_add_number(text, metrics->loss);
    if (!metrics->confusion) {
        add_metric(text, "rmse", metrics->rmse);
        add_metric(text, "mae", metrics->mae);
        add_metric(text, "r2", metrics->r2);
        return;
    }
    add_metric(text, "accuracy", accuracy_of(metrics));
    add_confusion(metrics, preparation->nclasses, text);
    add_class_list(metrics, preparation, text, true);
    add_class_list(metrics, preparation, text, false);
}
