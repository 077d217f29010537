/* dataset: samples as the network takes them. The readers put numbers and labels; when all are there, labels become classes,
 * the samples are split into those for training and those for validation, and what is not known yet is fitted on the former. */
#include "train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- putting */

static size_t row_inputs(const Dataset *data) {
    return (size_t)prepare_row_inputs(data->preparation, data->network);
}

static size_t row_outputs(const Dataset *data) {
    return (size_t)prepare_row_outputs(data->preparation, data->network);
}

static size_t row_labels(const Dataset *data) {
    return (size_t)prepare_row_labels(data->preparation);
}

/* The memory of `numbers` numbers for each of `capacity` rows. */
static void *resize_rows(Dataset *data, void *old, size_t capacity, size_t numbers, size_t size) {
    size_t count;
    if (size_multiply(capacity, numbers, &count)) return memory_resize(data->memory, old, count, size);
    fail(STATUS_SYSTEM, "%s: too many rows", data->file);
    return NULL;
}

static Status grow_dataset(Dataset *data) {
    const size_t capacity = data->capacity ? data->capacity * 2 : 64;
    if (data->preparation->scales)
        data->x = resize_rows(data, data->x, capacity, row_inputs(data), sizeof *data->x);
    else
        data->raw = resize_rows(data, data->raw, capacity, row_inputs(data), sizeof *data->raw);
    if (data->labelled)
        data->labels = resize_rows(data, data->labels, capacity, row_labels(data), sizeof *data->labels);
    else
        data->t = resize_rows(data, data->t, capacity, row_outputs(data), sizeof *data->t);
    data->lines = resize_rows(data, data->lines, capacity, 1, sizeof *data->lines);
    data->capacity = capacity;
    return (data->x || data->raw) && (data->t || data->labels) && data->lines ? STATUS_DONE : STATUS_SYSTEM;
}

/* Whoever adds a row puts all its numbers. */
Status dataset_add(Dataset *data) {
    Status status = data->rows == data->capacity ? grow_dataset(data) : STATUS_DONE;
    if (!status) data->lines[data->rows++] = 0;
    return status;
}

static const char *index_problem(const InputInfo *info, double value, char problem[200]) {
    if (!info || !info->name || !info->values_below || (value >= 0 && value < info->values_below && value == floor(value)))
        return NULL;
    snprintf(problem, 200, "%.10g is not a whole number from 0 to %d, as the input %s takes", value, info->values_below - 1,
             info->name);
    return problem;
}

/* A hash of what was put so far and of this: two datasets with one fingerprint are taken to be the same. */
static void fingerprint(Dataset *data, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    data->print = hash_pair(data->print, bits);
}

static const char *too_large(double value, char problem[200]) {
    snprintf(problem, 200, "%.10g is too large when it is scaled", value);
    return problem;
}

const char *dataset_put_input(Dataset *data, int input, double value, char problem[200]) {
    size_t at = (data->rows - 1) * row_inputs(data) + (size_t)input;
    fingerprint(data, value);
    if (data->raw) {
        data->raw[at] = value;
    } else {
        double scaled = prepare_scaled(&data->preparation->scales[input], value);
        if (!number_is_finite(scaled)) return too_large(value, problem);
        data->x[at] = (real)scaled;
    }
    return index_problem(prepare_input_info(data->network, input), value, problem);
}

/* ---- what a target can be */

/* A row of a series may be less than a distribution: then none is whole. */
static RangeCheck check_row(const Dataset *data) {
    const Network *network = data->network;
    const int classes = network->output_rank ? network->output_dims[network->output_rank - 1] : 1;
    return (RangeCheck){.range = &network->target, .classes = row_outputs(data) % (size_t)classes ? 0 : classes};
}

/* Targets that are the inputs are compared when these are scaled. */
static const char *target_problem(Dataset *data, int target, double value, char problem[200]) {
    if (target == 0) data->check = check_row(data);
    if (data->network->data.target_is_inputs || range_check(&data->check, value)) return NULL;
    data->rejected = true;
    return range_problem(&data->check, problem, 200);
}

bool dataset_see_target(Dataset *data, double target) {
    return range_see(&data->targets_seen, target) && data->network->binary_output;
}

void dataset_explain(const Dataset *data) {
    char text[200];
    const Network *network = data->network;
    if (data->rejected)
        hint("%s", range_cure(&network->target, &data->targets_seen, network->binary_output, text, sizeof text));
}

const char *dataset_put_target(Dataset *data, int target, double value, char problem[200]) {
    fingerprint(data, value);
    data->t[(data->rows - 1) * row_outputs(data) + (size_t)target] = (real)value;
    dataset_see_target(data, value);
    return target_problem(data, target, value, problem);
}

void dataset_put_class(Dataset *data, int position, int label) {
    fingerprint(data, label);
    data->labels[(data->rows - 1) * row_labels(data) + (size_t)position] = label;
}

/* A class that was not met before joins those found, unless that is one more than the network tells apart. */
static int find_label(Dataset *data, const char *text, size_t length) {
    for (int c = 0; c < data->nfound; c++)
        if (strlen(data->found[c]) == length && !memcmp(data->found[c], text, length)) return c;
    if (data->nfound == data->preparation->nclasses) return -1;
    if (!data->found) data->found = memory_take(data->memory, (size_t)data->preparation->nclasses, sizeof *data->found);
    if (!data->found || !(data->found[data->nfound] = memory_text(data->memory, text, length))) return -1;
    return data->nfound++;
}

static const char *unknown_class(const Dataset *data, const char *text, size_t length, char problem[200]) {
    const Preparation *preparation = data->preparation;
    char *const *names = preparation->classes ? preparation->classes : data->found;
    int count = preparation->classes ? preparation->nclasses : data->nfound;
    int used = snprintf(problem, 200,
                        preparation->classes ? "unknown class \"%.*s\"; known:" : "\"%.*s\" is one class too many; so far:",
                        length > 40 ? 40 : (int)length, text);
    for (int c = 0; c < count && c < 5 && used < 150; c++)
        used += snprintf(problem + used, 200 - (size_t)used, "%s %.30s", c ? "," : "", names[c]);
    if (count > 5) snprintf(problem + used, 200 - (size_t)used, ", ...");
    return problem;
}

const char *dataset_put_label(Dataset *data, int position, const char *text, size_t length, char problem[200]) {
    Memory scratch = {NULL};
    double value;
    NumberKind kind = number_parse(text, length, &value);
    if (!length) return snprintf(problem, 200, "a class is missing"), problem;
    if (kind == NUMBER_NOT_FINITE || (kind == NUMBER_FINE && value != floor(value)))
        return snprintf(problem, 200, "\"%.*s\" is no class: text or a whole number is expected",
                        length > 40 ? 40 : (int)length, text),
               problem;
    const char *name = prepare_class_name(&scratch, text, length);
    if (!name) return snprintf(problem, 200, "out of memory"), problem;
    int label =
        data->preparation->classes ? prepare_class_of(data->preparation, text, length) : find_label(data, name, strlen(name));
    for (const char *c = name; *c; c++) fingerprint(data, *c);
    fingerprint(data, position);
    memory_release(&scratch);
    data->labels[(data->rows - 1) * row_labels(data) + (size_t)position] = label;
    return label < 0 ? unknown_class(data, text, length, problem) : NULL;
}

/* ---- classes */

static Status too_few_classes(const Dataset *data) {
    Text names = {NULL, 0, 0, false};
    for (int c = 0; c < data->nfound; c++) text_add(&names, "%s%s", c ? ", " : "", data->found[c]);
    fail(STATUS_INPUT, "%s: the network tells %d classes apart, but the data hold only %d: %s", data->file,
         data->preparation->nclasses, data->nfound, names.failed ? "" : names.data);
    text_release(&names);
    hint("name all of them in data: classes = [...]");
    return STATUS_INPUT;
}

/* The classes found become those of the preparation, sorted; each label then means its sorted place. */
static Status sort_classes(Dataset *data) {
    size_t count = (size_t)data->nfound, labels = data->rows * row_labels(data);
    char **sorted = memory_take(data->memory, count, sizeof *sorted);
    int *place = memory_take(data->memory, count, sizeof *place);
    if (!sorted || !place) return STATUS_SYSTEM;
    memcpy(sorted, data->found, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, class_name_compare);
    for (size_t c = 0; c < count; c++)
        for (size_t s = 0; s < count; s++)
            if (sorted[s] == data->found[c]) place[c] = (int)s;
    for (size_t i = 0; i < labels; i++) data->labels[i] = place[data->labels[i]];
    data->preparation->classes = sorted;
    return STATUS_DONE;
}

/* Targets that are one-hot already: their columns name the classes, or else they are numbered. */
static Status name_number_classes(Dataset *data) {
    Preparation *preparation = data->preparation;
    int classes = preparation->nclasses;
    if (preparation->classes || !classes) return STATUS_DONE;
    if (!preparation->columns || preparation->ntargets != classes)
        return prepare_number_classes(preparation, classes, data->memory);
    preparation->classes = memory_take(data->memory, (size_t)classes, sizeof *preparation->classes);
    for (int c = 0; preparation->classes && c < classes; c++)
        preparation->classes[c] = preparation->columns[preparation->targets[c]];
    return preparation->classes ? STATUS_DONE : STATUS_SYSTEM;
}

static Status check_classes(const Dataset *data) {
    char problem[200];
    if (!data->labelled || !range_excludes_classes(&data->network->target, problem, sizeof problem)) return STATUS_DONE;
    fail(STATUS_INPUT, "%s: %s", data->file, problem);
    hint(RANGE_CLASSES_CURE);
    return STATUS_INPUT;
}

static Status settle_classes(Dataset *data) {
    Status status = check_classes(data);
    if (status) return status;
    if (data->found && data->nfound < data->preparation->nclasses) return too_few_classes(data);
    if (data->found) status = sort_classes(data);
    return status ? status : name_number_classes(data);
}

/* ---- loading */

/* In which lines the samples of the .nn stand is not known here. */
Spot dataset_place(const Dataset *data, size_t row) {
    if (data->numbered) return (Spot){.file = data->file, .line = data->lines[row]};
    const char *part = data->file == data->network->source ? "sample" : "row";
    return (Spot){.file = data->file, .part = part, .number = row + 1};
}

static Status wrong_row(const Dataset *data, size_t row, const char *problem) {
    const Spot spot = dataset_place(data, row);
    return fail_at(&spot, "%s", problem);
}

/* Samples written in the .nn: their targets are numbers already, one-hot for classes. */
static Status load_samples(Dataset *data) {
    const Network *network = data->network;
    const DataSettings *settings = &network->data;
    Status status = STATUS_DONE;
    char problem[200];
    const char *wrong = NULL;
    data->file = network->source;
    for (int n = 0; n < settings->nsamples && !status && !wrong; n++) {
        if ((status = dataset_add(data))) return status;
        const real *x = settings->sample_x + (size_t)n * (size_t)network->inputs;
        const real *t = settings->sample_t + (size_t)n * (size_t)network->outputs;
        for (int i = 0; i < network->inputs && !wrong; i++) wrong = dataset_put_input(data, i, (double)x[i], problem);
        for (int o = 0; o < network->outputs && !wrong; o++) wrong = dataset_put_target(data, o, (double)t[o], problem);
        if (wrong) status = wrong_row(data, (size_t)n, wrong);
    }
    return status;
}

static bool is_regular(int handle) {
    struct stat about;
    return !fstat(handle, &about) && S_ISREG(about.st_mode);
}

/* As many windows as there is room for, each a step of rows_out rows after the one before. */
static Status count_samples(Dataset *data) {
    const Preparation *preparation = data->preparation;
    const size_t rows = (size_t)preparation->rows_in + (size_t)preparation->ahead;
    if (!data->rows) return fail(STATUS_INPUT, "%s: there are no samples in it", data->file);
    if (data->rows < rows)
        return fail(STATUS_INPUT, "%s: a sample is %d row%s and the target %d ahead, but there %s only %zu row%s", data->file,
                    preparation->rows_in, plural((unsigned)preparation->rows_in), preparation->ahead,
                    data->rows == 1 ? "is" : "are", data->rows, plural(data->rows));
    data->count = data->training = (data->rows - rows) / (size_t)preparation->rows_out + 1;
    return STATUS_DONE;
}

/* The beginning of a file tells its format; only text in columns may come from a pipe. */
static Status load_file(Dataset *data, const char *file) {
    Rows rows;
    DataSource source = {file, NULL};
    Status status = rows_open(&rows, file);
    if (status) return status;
    const char *text = rows.buffer + rows.start;
    size_t length = rows.used - rows.start;
    bool binary = binary_recognise(text, length), fann = !binary && fann_recognise(text, length);
    data->file = rows.file;
    if ((binary || fann) && !is_regular(rows.handle))
        status = fail(STATUS_INPUT, "%s: this format can't be read from a pipe", file);
    else if (binary)
        status = read_binary(data, &source);
    else if (fann)
        status = read_fann(data, file);
    else
        status = read_csv(data, &rows);
    rows_close(&rows);
    return status;
}

/* A path of the .nn holds in the folder in which nnc was run. */
static void explain_missing(const Dataset *data, const DataSource *source) {
    if (source->file && source->file == data->network->data.file && access(source->file, F_OK))
        hint("this is the path from where %s was compiled: run there, or name the data with --data FILE",
             data->network->source);
}

Status dataset_load(Dataset *data, const DataSource *source) {
    data->file = source->file;
    Status status = !source->file              ? load_samples(data)
                    : data->network->data.text ? read_text(data, source->file)
                    : source->labels           ? read_binary(data, source)
                                               : load_file(data, source->file);
    if (status) explain_missing(data, source), dataset_explain(data);
    if (!status) status = count_samples(data);
    return status ? status : settle_classes(data);
}

/* ---- samples */

size_t dataset_first_row(const Dataset *data, size_t sample) {
    return (data->order ? data->order[sample] : sample) * (size_t)data->preparation->rows_out;
}

/* One-hot; of two classes told by one number, 0 or 1. */
static void spread_labels(const Dataset *data, size_t row, real *t) {
    const size_t positions = (size_t)data->preparation->positions, width = (size_t)data->network->outputs / positions;
    memset(t, 0, positions * width * sizeof *t);
    for (size_t p = 0; p < positions; p++) {
        const int label = data->labels[row * row_labels(data) + p];
        if (width == 1)
            t[p] = (real)label;
        else
            t[p * width + (size_t)label] = 1;
    }
}

/* The target's rows end `ahead` rows after those of the sample. An autoencoder's target is its scaled input. */
void dataset_target(const Dataset *data, size_t sample, real *t) {
    const Preparation *preparation = data->preparation;
    const size_t first = dataset_first_row(data, sample);
    const size_t row = first + (size_t)(preparation->rows_in + preparation->ahead - preparation->rows_out);
    if (data->network->data.target_is_inputs)
        memcpy(t, data->x + first * row_inputs(data), (size_t)data->network->inputs * sizeof *t);
    else if (data->labels)
        spread_labels(data, row, t);
    else
        memcpy(t, data->t + row * row_outputs(data), (size_t)data->network->outputs * sizeof *t);
}

void dataset_sample(const Dataset *data, size_t sample, real *x, real *t) {
    memcpy(x, data->x + dataset_first_row(data, sample) * row_inputs(data), (size_t)data->network->inputs * sizeof *x);
    dataset_target(data, sample, t);
}

/* ---- the split */

static int compare_indices(const void *a, const void *b) {
    const size_t *s = a, *t = b;
    return *s < *t ? -1 : *s > *t;
}

/* The share for training is drawn by the seed; in both parts the samples keep the file's order. */
Status dataset_split(Dataset *data, uint64_t seed) {
    const DataSettings *settings = &data->network->data;
    if (settings->splitting == SPLITTING_NONE) return STATUS_DONE;
    data->training = (size_t)floor((double)data->count * settings->split + 0.5);
    if (!data->training || data->training == data->count)
        return fail(STATUS_INPUT, "%s: split = %g of %zu sample%s leaves none for %s", data->file, settings->split, data->count,
                    plural(data->count), data->training ? "validation" : "training");
    if (settings->splitting == SPLITTING_ORDERED) return STATUS_DONE;
    size_t *order = memory_take(data->memory, data->count, sizeof *order);
    if (!order) return STATUS_SYSTEM;
    shuffle(order, data->count, seed, SHUFFLE_SPLIT, 0);
    qsort(order, data->training, sizeof *order, compare_indices);
    qsort(order + data->training, data->count - data->training, sizeof *order, compare_indices);
    data->order = order;
    return STATUS_DONE;
}

/* ---- scaling */

/* In place: a `real` is never longer than the double that it comes from. */
static Status scale_all(Dataset *data) {
    size_t inputs = row_inputs(data), count = data->rows * inputs;
    const Scale *scales = data->preparation->scales;
    char problem[200];
    for (size_t i = 0; i < count; i++) {
        double scaled = prepare_scaled(&scales[i % inputs], data->raw[i]);
        if (!number_is_finite(scaled)) return wrong_row(data, i / inputs, too_large(data->raw[i], problem));
        real narrow = (real)scaled;
        memcpy((char *)data->raw + i * sizeof narrow, &narrow, sizeof narrow);
    }
    data->x = memory_resize(data->memory, data->raw, count, sizeof *data->x);
    data->raw = NULL;
    return data->x ? STATUS_DONE : STATUS_SYSTEM;
}

/* On the rows that are inputs of samples for training. */
static Status fit_scales(Dataset *data) {
    bool *used = memory_take(data->memory, data->rows, sizeof *used);
    if (!used) return STATUS_SYSTEM;
    for (size_t i = 0; i < data->training; i++)
        memset(used + dataset_first_row(data, i), true, (size_t)data->preparation->rows_in * sizeof *used);
    return prepare_fit(data->preparation, data->network, data->memory, data->raw, used, data->rows);
}

/* ---- targets that are the scaled inputs */

static Status wrong_scaled(const Dataset *data, size_t sample, size_t k, double value) {
    char name[128];
    const Network *network = data->network;
    const Spot spot = dataset_place(data, dataset_first_row(data, sample) + k / row_inputs(data));
    fail_at(&spot, "%s, %.6g%s, %s", prepare_input_name(data->preparation, network, (int)(k % row_inputs(data)), name), value,
            network->data.scaling == SCALING_NONE ? "" : " when it is scaled", network->target.rule);
    if (network->data.scaling != SCALING_MINMAX && !range_excludes_classes(&network->target, NULL, 0))
        hint("scale = minmax in data brings the inputs to 0 ... 1");
    else
        hint("%s", network->target.cure);
    return STATUS_INPUT;
}

/* Those for training: of others the scale, which is fitted without them, may make a little more than what can be reached. */
static Status check_scaled_targets(const Dataset *data) {
    const Network *network = data->network;
    const size_t numbers = (size_t)network->inputs;
    if (!network->data.target_is_inputs || network->target.kind == TARGET_ANY) return STATUS_DONE;
    for (size_t i = 0; i < data->training; i++) {
        const real *x = data->x + dataset_first_row(data, i) * row_inputs(data);
        for (size_t k = 0; k < numbers; k++)
            if (!range_allows(&network->target, (double)x[k])) return wrong_scaled(data, i, k, (double)x[k]);
    }
    return STATUS_DONE;
}

Status dataset_finish(Dataset *data) {
    Status status = data->preparation->scales ? STATUS_DONE : fit_scales(data);
    if (!status && data->raw) status = scale_all(data);
    return status ? status : check_scaled_targets(data);
}
