/* prepare: what turns a row of a file into numbers for the network: which columns, how inputs are scaled, what the classes are
 * called. It is fitted on the training part alone, saved with the parameters, and used again by test and predict. */
#include "train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A whole number written with a fraction of zeros loses it: 1.0 is the class 1. */
static size_t class_length(const char *text, size_t length) {
    double value;
    const char *dot = memchr(text, '.', length);
    if (!dot || dot == text || number_parse(text, length, &value) == NUMBER_NOT) return length;
    for (const char *c = dot + 1; c < text + length; c++)
        if (*c != '0') return length;
    return (size_t)(dot - text);
}

char *prepare_class_name(Memory *memory, const char *text, size_t length) {
    return memory_text(memory, text, class_length(text, length));
}

int prepare_class_of(const Preparation *preparation, const char *text, size_t length) {
    length = class_length(text, length);
    for (int c = 0; preparation->classes && c < preparation->nclasses; c++)
        if (strlen(preparation->classes[c]) == length && !memcmp(preparation->classes[c], text, length)) return c;
    return -1;
}

bool prepare_binary(const Preparation *preparation, const Network *network) {
    return network->outputs == 1 && preparation->nclasses == 2;
}

const InputInfo *prepare_input_info(const Network *network, int input) {
    const InputInfo *found = network->input_table;
    for (const InputInfo *info = found; info && info->name; info++)
        if (info->offset <= input) found = info;
    return found;
}

const char *prepare_input_name(const Preparation *preparation, const Network *network, int input, char buffer[128]) {
    if (preparation->columns && preparation->ninputs) return preparation->columns[preparation->inputs[input]];
    const InputInfo *info = prepare_input_info(network, input);
    snprintf(buffer, 128, "%s[%d]", info && info->name ? info->name : "input", input - (info && info->name ? info->offset : 0));
    return buffer;
}

const char *prepare_target_name(const Preparation *preparation, const Network *network, int target, char buffer[128]) {
    if (preparation->columns && preparation->ntargets == network->outputs)
        return preparation->columns[preparation->targets[target]];
    if (network->outputs == 1) return network->output_name;
    snprintf(buffer, 128, "%s_%d", network->output_name, target);
    return buffer;
}

Status prepare_number_classes(Preparation *preparation, int count, Memory *memory) {
    preparation->nclasses = count;
    preparation->classes = memory_take(memory, (size_t)count, sizeof *preparation->classes);
    for (int c = 0; preparation->classes && c < count; c++) {
        char name[32];
        int length = snprintf(name, sizeof name, "%d", c);
        if (!(preparation->classes[c] = memory_text(memory, name, (size_t)length))) return STATUS_SYSTEM;
    }
    return preparation->classes ? STATUS_DONE : STATUS_SYSTEM;
}

/* ---- series */

int prepare_row_inputs(const Preparation *preparation, const Network *network) {
    return network->inputs / preparation->rows_in;
}

int prepare_row_outputs(const Preparation *preparation, const Network *network) {
    return network->outputs / preparation->rows_out;
}

int prepare_row_labels(const Preparation *preparation) {
    return preparation->positions / preparation->rows_out;
}

/* What the targets are to fill: the positions at which classes are told, or all numbers of the output. */
static Shape whole_target(const Network *network, bool classes) {
    Shape whole = shape_of(network->output_dims, network->output_rank);
    if (classes && network->class_output) whole.rank--;
    return whole;
}

/* The target of a series is one row, all rows after the window up to the one ahead, or as many rows as the window has. */
bool prepare_fit_targets(Preparation *preparation, const Network *network, const Shape *row) {
    const int rows[3] = {1, preparation->rows_in, preparation->ahead};
    for (int classes = network->class_output ? 1 : 0; classes >= 0; classes--) {
        const Shape whole = whole_target(network, classes);
        for (int k = 0; k < 3; k++) {
            if (rows[k] < 1 || !shape_fits_rows(&whole, (size_t)rows[k], row)) continue;
            preparation->rows_out = rows[k];
            return true;
        }
    }
    return false;
}

static Status wrong_series(const Preparation *preparation, const Network *network, const Spot *spot, const Shape *row) {
    char shape[SHAPE_TEXT];
    const Shape output = whole_target(network, false);
    const size_t columns = shape_count(row);
    return fail_at(spot, "the target is %zu column%s of 1 row, or of %d or %d, but the output %s has the shape %s", columns,
                   plural(columns), preparation->ahead, preparation->rows_in, network->output_name,
                   shape_string(&output, shape));
}

/* One class for an output that tells several. */
static Status wrong_class(const Preparation *preparation, const Network *network, const Spot *spot) {
    char shape[SHAPE_TEXT];
    const Shape output = whole_target(network, false);
    fail_at(spot, "the target is one class, but the output %s of the network has the shape %s: a class at each of %d positions",
            network->output_name, shape_string(&output, shape), preparation->positions);
    hint("put 'flatten' before the layer that tells classes apart, so that there is one number for each class");
    return STATUS_INPUT;
}

Status prepare_wrong_targets(const Preparation *preparation, const Network *network, const Spot *spot, const Shape *row) {
    const size_t numbers = shape_count(row);
    if (network->data.window) return wrong_series(preparation, network, spot, row);
    if (numbers == 1 && preparation->positions > 1) return wrong_class(preparation, network, spot);
    fail_at(spot, "the target has %zu column%s, but the network %s has %d output%s", numbers, plural(numbers), network->name,
            network->outputs, plural((unsigned)network->outputs));
    if (numbers == 1)
        hint("a class needs an output that ends in 'softmax', several numbers need as many columns: target = [...]");
    else
        hint("choose the columns with target = [...]");
    return STATUS_INPUT;
}

bool prepare_is_labelled(const Preparation *preparation, const Network *network, int columns) {
    if (network->outputs == 1) return preparation->nclasses > 0;
    return network->class_output && columns * preparation->rows_out != network->outputs;
}

/* ---- what the .nn says */

static Status take_classes(Preparation *preparation, const Network *network, Memory *memory) {
    const DataSettings *data = &network->data;
    preparation->positions = 1;
    if (network->class_output && network->outputs > 1) {
        preparation->nclasses = network->output_rank ? network->output_dims[network->output_rank - 1] : network->outputs;
        preparation->positions = network->outputs / preparation->nclasses;
    }
    if (!data->nclasses) return STATUS_DONE;
    if (network->outputs == 1) preparation->nclasses = 2;
    if (data->nclasses != preparation->nclasses)
        return fail(STATUS_INPUT, "%s: classes names %d, but the network tells %d apart", network->source, data->nclasses,
                    preparation->nclasses);
    preparation->classes = memory_take(memory, (size_t)data->nclasses, sizeof *preparation->classes);
    for (int c = 0; preparation->classes && c < data->nclasses; c++) {
        preparation->classes[c] = prepare_class_name(memory, data->classes[c], strlen(data->classes[c]));
        if (!preparation->classes[c]) return STATUS_SYSTEM;
    }
    return preparation->classes ? STATUS_DONE : STATUS_SYSTEM;
}

static bool is_index(const Network *network, int input) {
    const InputInfo *info = prepare_input_info(network, input);
    return info && info->name && info->values_below > 0;
}

static Status take_scales(Preparation *preparation, const Network *network, Memory *memory) {
    const int inputs = prepare_row_inputs(preparation, network);
    const size_t count = (size_t)inputs;
    if (!preparation->scales) preparation->scales = memory_take(memory, count, sizeof *preparation->scales);
    if (!preparation->scales) return STATUS_SYSTEM;
    for (int i = 0; i < inputs; i++) {
        double factor = network->data.scaling == SCALING_FACTOR && !is_index(network, i) ? network->data.factor : 1;
        preparation->scales[i] = (Scale){0, 1, factor};
    }
    return STATUS_DONE;
}

Status prepare_begin(Preparation *preparation, const Network *network, Memory *memory) {
    memset(preparation, 0, sizeof *preparation);
    preparation->rows_in = network->data.window ? network->data.window : 1;
    preparation->rows_out = 1;
    preparation->ahead = network->data.target_is_inputs ? 0 : network->data.ahead;
    Status status = take_classes(preparation, network, memory);
    bool known = network->data.scaling == SCALING_NONE || network->data.scaling == SCALING_FACTOR;
    return status || !known ? status : take_scales(preparation, network, memory);
}

/* ---- scaling */

double prepare_scaled(const Scale *scale, double number) {
    return (number - scale->shift) / scale->divisor * scale->factor;
}

/* Rounded before it is added to, as in exact C: whatever the flags, no compiler makes one operation of both. */
static double unscaled(const Scale *scale, double number) {
    const volatile double spread = number / scale->factor * scale->divisor;
    return spread + scale->shift;
}

bool prepare_undoes(const Preparation *preparation, const Network *network) {
    return network->data.target_is_inputs && !preparation->nclasses;
}

double prepare_output(const Preparation *preparation, const Network *network, int output, real number) {
    if (!prepare_undoes(preparation, network)) return (double)number;
    return unscaled(&preparation->scales[output % prepare_row_inputs(preparation, network)], (double)number);
}

/* ---- fitting */

/* mean and standard deviation (of the population) of one column, or its least and greatest value. A column that is the same
 * everywhere becomes 0. */
static Scale fit_column(const double *column, size_t stride, const bool *used, size_t rows, int scaling) {
    double sum = 0, squares = 0, least = INFINITY, greatest = -INFINITY, count = 0;
    for (size_t i = 0; i < rows; i++) {
        if (!used[i]) continue;
        count++;
        sum += column[i * stride];
        least = fmin(least, column[i * stride]);
        greatest = fmax(greatest, column[i * stride]);
    }
    double mean = sum / count;
    for (size_t i = 0; i < rows; i++)
        if (used[i]) squares += (column[i * stride] - mean) * (column[i * stride] - mean);
    if (least == greatest) return (Scale){least, 1, 1};
    if (scaling == SCALING_MINMAX) return (Scale){least, greatest - least, 1};
    return (Scale){mean, sqrt(squares / count), 1};
}

Status prepare_fit(Preparation *preparation, const Network *network, Memory *memory, const double *raw, const bool *used,
                   size_t rows) {
    const int inputs = prepare_row_inputs(preparation, network);
    Status status = take_scales(preparation, network, memory);
    for (int i = 0; i < inputs && !status; i++) {
        char name[128];
        if (is_index(network, i)) continue;
        Scale scale = fit_column(raw + i, (size_t)inputs, used, rows, network->data.scaling);
        preparation->scales[i] = scale;
        if (!isfinite(scale.shift) || !isfinite(scale.divisor) || scale.divisor <= 0)
            status = fail(STATUS_INPUT, "the numbers of %s can't be scaled: their spread is too large or too small",
                          prepare_input_name(preparation, network, i, name));
    }
    return status;
}

/* ---- as texts in a parameter file: each a JSON list */

static void add_key(Text *texts, const char *key) {
    text_add(texts, "%s\"%s\":", texts->length ? "," : "", key);
}

/* A list as a text within JSON. */
static void save_list(Text *texts, const char *key, Text *list) {
    text_put(list, "]", 1);
    add_key(texts, key);
    if (!list->failed) json_add_string(texts, list->data);
    texts->failed |= list->failed;
    text_release(list);
}

static void save_names(Text *texts, const char *key, char *const *names, int count) {
    Text list = {NULL, 0, 0, false};
    if (!names) return;
    for (int i = 0; i < count; i++) {
        text_put(&list, i ? "," : "[", 1);
        json_add_string(&list, names[i]);
    }
    save_list(texts, key, &list);
}

static void save_columns(Text *texts, const char *key, const int *columns, int count) {
    Text list = {NULL, 0, 0, false};
    if (!count) return;
    for (int i = 0; i < count; i++) text_add(&list, "%c%d", i ? ',' : '[', columns[i]);
    save_list(texts, key, &list);
}

/* One member of every scale, starting `offset` bytes into it. A list of equal numbers is written as one. */
static void save_scales(Text *texts, const char *key, const Scale *scales, int count, size_t offset) {
    Text list = {NULL, 0, 0, false};
    double first = 0, value = 0;
    bool same = true;
    for (int i = 0; i < count; i++) {
        memcpy(&value, (const char *)&scales[i] + offset, sizeof value);
        same &= value == (i ? first : (first = value));
    }
    for (int i = 0; i < (same ? 1 : count); i++) {
        char number[32];
        memcpy(&value, (const char *)&scales[i] + offset, sizeof value);
        text_add(&list, "%c%s", i ? ',' : '[', number_print_double(number, value));
    }
    save_list(texts, key, &list);
}

void prepare_save(const Preparation *preparation, const Network *network, Text *texts) {
    save_names(texts, "columns", preparation->columns, preparation->width);
    save_columns(texts, "width", &preparation->width, preparation->width ? 1 : 0);
    save_columns(texts, "inputs", preparation->inputs, preparation->ninputs);
    save_columns(texts, "targets", preparation->targets, preparation->ntargets);
    save_names(texts, "classes", preparation->classes, preparation->nclasses);
    if (!preparation->scales) return;
    const int inputs = prepare_row_inputs(preparation, network);
    save_scales(texts, "shift", preparation->scales, inputs, offsetof(Scale, shift));
    save_scales(texts, "divisor", preparation->scales, inputs, offsetof(Scale, divisor));
    save_scales(texts, "factor", preparation->scales, inputs, offsetof(Scale, factor));
}

typedef struct List { /* one that is being read */
    Json json;
    int count;
} List;

static bool list_begin(List *list, const Store *store, const char *key) {
    const char *text = store_text(store, key);
    *list = (List){{text, text ? text + strlen(text) : NULL, NULL}, 0};
    return text && json_expect(&list->json, '[');
}

static bool list_next(List *list) {
    if (list->json.error || json_sign(&list->json, ']')) return false;
    if (list->count++ && !json_expect(&list->json, ',')) return false;
    return list->count < 1 << 28;
}

static Status list_wrong(const Store *store, const char *key) {
    return fail(STATUS_INPUT, "%s: its metadata \"%s\" is malformed or doesn't fit the network", store->path, key);
}

/* A list of names; its count is *count or, where that is 0, becomes it. */
static Status restore_names(const Store *store, const char *key, char ***names, int *count, Memory *memory) {
    List list;
    char **read = NULL;
    int n = 0;
    if (!store_text(store, key)) return STATUS_DONE;
    for (bool more = list_begin(&list, store, key) && list_next(&list); more; more = list_next(&list)) {
        if (!(n & (n + 1)) && !(read = memory_resize(memory, read, (size_t)n * 2 + 2, sizeof *read))) return STATUS_SYSTEM;
        if (!(read[n++] = json_string(&list.json, memory))) break;
    }
    if (list.json.error || !n || (*count && n != *count)) return list_wrong(store, key);
    *names = read;
    *count = n;
    return STATUS_DONE;
}

static Status restore_columns(const Store *store, const char *key, int **columns, int *count, int limit, Memory *memory) {
    List list;
    int n = 0;
    int *read = NULL;
    if (!store_text(store, key)) return STATUS_DONE;
    for (bool more = list_begin(&list, store, key) && list_next(&list); more; more = list_next(&list)) {
        uint64_t value;
        if (!(n & (n + 1)) && !(read = memory_resize(memory, read, (size_t)n * 2 + 2, sizeof *read))) return STATUS_SYSTEM;
        if (!json_size(&list.json, &value) || value >= (uint64_t)limit) return list_wrong(store, key);
        read[n++] = (int)value;
    }
    if (list.json.error || !n || (*count && n != *count)) return list_wrong(store, key);
    *columns = read;
    *count = n;
    return STATUS_DONE;
}

static Status restore_scales(const Store *store, const char *key, Scale *scales, int count, size_t offset) {
    List list;
    int n = 0;
    double value = 0;
    bool more = list_begin(&list, store, key) && list_next(&list);
    for (; more && n < count && json_real(&list.json, &value) && isfinite(value); more = list_next(&list))
        memcpy((char *)&scales[n++] + offset, &value, sizeof value);
    for (int i = 1; n == 1 && i < count; i++) memcpy((char *)&scales[i] + offset, &value, sizeof value);
    return more || list.json.error || !n || (n != 1 && n != count) ? list_wrong(store, key) : STATUS_DONE;
}

static Status restore_all_scales(Preparation *preparation, const Network *network, const Store *store, Memory *memory) {
    Status status = STATUS_DONE;
    if (!store_text(store, "shift")) return STATUS_DONE;
    int count = prepare_row_inputs(preparation, network);
    preparation->scales = memory_take(memory, (size_t)count, sizeof *preparation->scales);
    if (!preparation->scales) return STATUS_SYSTEM;
    status = restore_scales(store, "shift", preparation->scales, count, offsetof(Scale, shift));
    if (!status) status = restore_scales(store, "divisor", preparation->scales, count, offsetof(Scale, divisor));
    if (!status) status = restore_scales(store, "factor", preparation->scales, count, offsetof(Scale, factor));
    for (int i = 0; i < count && !status; i++) {
        if (preparation->scales[i].divisor == 0) status = list_wrong(store, "divisor");
        if (preparation->scales[i].factor == 0) status = list_wrong(store, "factor");
    }
    return status;
}

/* What the parameters were trained with goes before what the .nn says now; what the file does not tell stays. */
Status prepare_restore(Preparation *preparation, const Network *network, const Store *store, Memory *memory) {
    int one = 1, *width = NULL, limit = 1 << 28;
    Status status = restore_columns(store, "width", &width, &one, limit, memory);
    if (!status && width) preparation->width = limit = *width;
    if (!status && width && !*width) status = list_wrong(store, "width");
    if (!status && width) status = restore_names(store, "columns", &preparation->columns, &preparation->width, memory);
    preparation->ninputs = prepare_row_inputs(preparation, network);
    if (!status) status = restore_columns(store, "inputs", &preparation->inputs, &preparation->ninputs, limit, memory);
    if (!preparation->inputs) preparation->ninputs = 0;
    if (!status) status = restore_columns(store, "targets", &preparation->targets, &preparation->ntargets, limit, memory);
    if (!status && network->outputs == 1 && store_text(store, "classes")) preparation->nclasses = 2;
    if (!status && preparation->nclasses)
        status = restore_names(store, "classes", &preparation->classes, &preparation->nclasses, memory);
    const Shape row = shape_of(&preparation->ntargets, 1);
    if (!status && preparation->ntargets) prepare_fit_targets(preparation, network, &row);
    return status ? status : restore_all_scales(preparation, network, store, memory);
}
