/* read_binary: samples from arrays: IDX (as MNIST uses) and .npy. Either a file of inputs and one of targets or labels, or one
 * matrix whose columns are chosen by number. */
#include "train.h"
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Kind { /* of the numbers: how IDX and .npy call it */
    unsigned char idx;
    const char *npy;
    int width;
    char family; /* u: whole, s: whole with sign, f: real */
} Kind;

static const Kind kinds[] = {{0x08, "u1", 1, 'u'}, {0x09, "i1", 1, 's'}, {0x0B, "i2", 2, 's'}, {0x0C, "i4", 4, 's'},
                             {0x0D, "f4", 4, 'f'}, {0x0E, "f8", 8, 'f'}, {0, "i8", 8, 's'},    {0, "b1", 1, 'u'},
                             {0, "u2", 2, 'u'},    {0, "u4", 4, 'u'}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

typedef struct Array {
    const char *file;
    const Kind *kind;
    bool big;     /* the highest byte first */
    bool numpy;   /* else IDX */
    bool columns; /* the first index runs fastest, as in Fortran: numpy keeps a transposed array so */
    const char *bytes;
    Shape shape;
    Shape row;          /* without the first dimension */
    size_t rows, width; /* the first dimension, the product of the others */
} Array;

/* Where number `column` of a row stands: row-major, or with the last dimension slowest. */
static size_t array_place(const Array *array, size_t row, size_t column) {
    size_t at = row, step = array->rows, place[8];
    if (!array->columns) return row * array->width + column;
    for (int d = array->row.rank; d-- > 0; column /= array->row.dims[d]) place[d] = column % array->row.dims[d];
    for (int d = 0; d < array->row.rank; step *= array->row.dims[d++]) at += place[d] * step;
    return at;
}

static double array_number(const Array *array, size_t row, size_t column) {
    const Kind *kind = array->kind;
    const unsigned char *from = (const unsigned char *)array->bytes + array_place(array, row, column) * (size_t)kind->width;
    uint64_t bits = 0;
    for (int i = 0; i < kind->width; i++) bits = bits << 8 | from[array->big ? i : kind->width - 1 - i];
    if (kind->family == 'f' && kind->width == 4) {
        uint32_t narrow = (uint32_t)bits;
        float value;
        memcpy(&value, &narrow, sizeof value);
        return (double)value;
    }
    if (kind->family == 'f') {
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    uint64_t sign = kind->family == 's' ? UINT64_C(1) << (8 * kind->width - 1) : 0;
    return bits & sign ? -(double)((~bits & (sign - 1)) + 1) : (double)bits;
}

static Status malformed_array(const Array *array, const char *what) {
    fail(STATUS_INPUT, "%s: %s", array->file, what);
    return STATUS_INPUT;
}

/* The numbers begin at `at`; there are as many as the shape says. */
static Status check_extent(Array *array, const char *bytes, size_t size, size_t at) {
    size_t count;
    array->rows = array->shape.rank ? array->shape.dims[0] : 1;
    array->row = shape_part(&array->shape, array->shape.rank ? 1 : 0);
    array->width = 1;
    for (int d = 0; d < array->row.rank; d++)
        if (!size_multiply(array->width, array->row.dims[d], &array->width))
            return malformed_array(array, "its shape is too large");
    bool sound = size_multiply(array->rows, array->width, &count) && size_multiply(count, (size_t)array->kind->width, &count);
    array->bytes = bytes + at;
    if (!sound || count > size - at)
        return malformed_array(array, "it is cut off: its shape tells of more numbers than there are");
    return count < size - at ? malformed_array(array, "it is longer than its shape tells") : STATUS_DONE;
}

/* Two zero bytes, the kind, the rank, then each dimension in 4 bytes. */
static Status open_idx(Array *array, const char *bytes, size_t size) {
    for (const Kind *kind = kinds; kind < kinds + KINDS; kind++)
        if (kind->idx && kind->idx == (unsigned char)bytes[2]) array->kind = kind;
    array->big = true;
    const int rank = (unsigned char)bytes[3];
    if (!array->kind || !rank || rank > 8) return malformed_array(array, "it is not an IDX file of numbers");
    if (size < 4 + 4 * (size_t)rank) return malformed_array(array, "it is cut off in its header");
    array->shape.rank = rank;
    for (int d = 0; d < rank; d++)
        for (int i = 0; i < 4; i++) array->shape.dims[d] = array->shape.dims[d] << 8 | (unsigned char)bytes[4 + 4 * d + i];
    return check_extent(array, bytes, size, 4 + 4 * (size_t)rank);
}

/* What follows 'key': in a dictionary as Python writes it. */
static const char *npy_value(const char *header, const char *key) {
    const char *at = strstr(header, key);
    if (!at) return NULL;
    at += strlen(key);
    return at + strspn(at, " :");
}

static Status npy_shape(Array *array, const char *at) {
    if (!at || *at++ != '(') return malformed_array(array, "its header tells no shape");
    for (at += strspn(at, " "); *at >= '0' && *at <= '9'; at += strspn(at, ", ")) {
        size_t extent = 0;
        for (; *at >= '0' && *at <= '9'; at++) {
            if (extent > SIZE_MAX / 16) return malformed_array(array, "its shape is too large");
            extent = extent * 10 + (size_t)(*at - '0');
        }
        if (array->shape.rank == 8) return malformed_array(array, "it has more than 8 dimensions");
        array->shape.dims[array->shape.rank++] = extent;
    }
    return *at == ')' ? STATUS_DONE : malformed_array(array, "the shape in its header is malformed");
}

static Status npy_kind(Array *array, const char *at) {
    if (!at || *at != '\'' || !strchr("<>|=", at[1])) return malformed_array(array, "its header tells no type of numbers");
    for (const Kind *kind = kinds; kind < kinds + KINDS; kind++)
        if (!strncmp(at + 2, kind->npy, 2) && at[4] == '\'') array->kind = kind;
    array->big = at[1] == '>';
    return array->kind ? STATUS_DONE : malformed_array(array, "its type is none of f4 f8 i1 i2 i4 i8 u1 u2 u4 b1");
}

/* "\x93NUMPY", two bytes version, the length of the header in 2 (version 1) or 4 bytes, the header, the numbers. */
static Status open_npy(Array *array, const char *bytes, size_t size, Memory *memory) {
    size_t wide = size > 6 && bytes[6] == 1 ? 2 : 4, length = 0, begin = 8 + wide;
    if (size < begin) return malformed_array(array, "it is cut off in its header");
    for (size_t i = wide; i-- > 0;) length = length << 8 | (unsigned char)bytes[8 + i];
    if (length > size - begin) return malformed_array(array, "it is cut off in its header");
    const char *header = memory_text(memory, bytes + begin, length);
    if (!header) return STATUS_SYSTEM;
    const char *order = npy_value(header, "'fortran_order'");
    if (!order) return malformed_array(array, "its header tells no order of numbers");
    array->numpy = true;
    array->columns = !strncmp(order, "True", 4);
    Status status = npy_kind(array, npy_value(header, "'descr'"));
    if (!status) status = npy_shape(array, npy_value(header, "'shape'"));
    return status ? status : check_extent(array, bytes, size, begin + length);
}

bool binary_recognise(const char *bytes, size_t length) {
    return (length >= 6 && !memcmp(bytes, "\x93NUMPY", 6)) || (length >= 4 && !bytes[0] && !bytes[1] && bytes[2] && bytes[3]);
}

static Status open_array(Array *array, const char *file, Memory *memory) {
    char *bytes;
    size_t size;
    memset(array, 0, sizeof *array);
    array->file = file;
    Status status = file_read(file, memory, &bytes, &size);
    if (status) return status;
    if (!binary_recognise(bytes, size)) {
        bool compressed = size > 2 && !memcmp(bytes, "\x1F\x8B", 2);
        return malformed_array(array, compressed ? "it is compressed; run gunzip on it first" : "neither IDX nor .npy");
    }
    return bytes[0] ? open_npy(array, bytes, size, memory) : open_idx(array, bytes, size);
}

static Status wrong_element(const Array *array, size_t row, size_t column, const char *problem) {
    const Spot spot = {.file = array->file, .part = "row", .number = row + 1};
    if (array->width == 1) return fail_at(&spot, "%s", problem);
    return fail_at(&spot, "column %zu (counted from 0): %s", column, problem);
}

static Status put_element_input(Dataset *data, const Array *array, size_t row, size_t column, int input) {
    char problem[200];
    double value = array_number(array, row, column);
    if (!number_is_finite(value)) return wrong_element(array, row, column, "it is not finite");
    const char *wrong = dataset_put_input(data, input, value, problem);
    return wrong ? wrong_element(array, row, column, wrong) : STATUS_DONE;
}

/* Classes that have names which are no numbers are counted from 0 in such files. */
static const char *put_class(Dataset *data, int position, double value, char problem[200]) {
    const Preparation *preparation = data->preparation;
    char text[32];
    double number;
    bool named =
        preparation->classes && number_parse(preparation->classes[0], strlen(preparation->classes[0]), &number) == NUMBER_NOT;
    if (named && value >= 0 && value < preparation->nclasses && value == floor(value)) {
        const char *name = preparation->classes[(int)value];
        return dataset_put_label(data, position, name, strlen(name), problem);
    }
    number_print_double(text, value);
    return dataset_put_label(data, position, text, strlen(text), problem);
}

/* After a number that is no target the others may tell that they are classes. */
static void see_other_rows(Dataset *data, const Array *array, size_t row, size_t column) {
    bool more = true;
    while (more && ++row < array->rows) more = dataset_see_target(data, array_number(array, row, column));
}

static Status put_element_target(Dataset *data, const Array *array, size_t row, size_t column, int target) {
    char problem[200];
    double value = array_number(array, row, column);
    if (!number_is_finite(value)) return wrong_element(array, row, column, "it is not finite");
    const char *wrong =
        data->labelled ? put_class(data, target, value, problem) : dataset_put_target(data, target, value, problem);
    if (!wrong) return STATUS_DONE;
    if (data->rejected) see_other_rows(data, array, row, column);
    return wrong_element(array, row, column, wrong);
}

/* ---- shapes */

static Status wrong_shape(const Array *array, const Shape *wanted, const char *what, const char *input) {
    char given[SHAPE_TEXT], right[SHAPE_TEXT];
    fail(STATUS_INPUT, "%s: a sample has the shape %s, and %s has %s", array->file, shape_string(&array->row, given), what,
         shape_string(wanted, right));
    shape_explain(&array->row, wanted, array->file, array->numpy, input);
    return STATUS_INPUT;
}

/* A row of a series lacks the input's first dimension, the window. Several inputs stand in a row one after another. */
static Status check_input_shape(const Dataset *data, const Array *array) {
    char what[128];
    const Network *network = data->network;
    const InputInfo *info = network->input_table;
    const int taken = prepare_row_inputs(data->preparation, network), rank = array->row.rank;
    const bool several = info[1].name != NULL;
    const Shape input = shape_of(info->dims, info->rank), flat = shape_of(&taken, 1);
    const Shape wanted = several ? flat : network->data.window ? shape_part(&input, 1) : input;
    if (array->width != (size_t)taken && rank <= 1)
        return fail(STATUS_INPUT, "%s: a row has %zu number%s, the network %s takes %d", array->file, array->width,
                    plural(array->width), network->name, taken);
    if (several && rank > 1)
        return fail(STATUS_INPUT,
                    "%s: the network %s has several inputs, so a sample is a row of %d numbers, one after another", array->file,
                    network->name, taken);
    snprintf(what, sizeof what, "the input %.100s", info->name);
    return shape_fits(&array->row, &wanted) ? STATUS_DONE : wrong_shape(array, &wanted, what, info->name);
}

static Status check_target_shape(const Dataset *data, const Array *array) {
    char what[128];
    const Network *network = data->network;
    const Spot spot = {.file = array->file};
    const Shape output = shape_of(network->output_dims, network->output_rank);
    if (prepare_fit_targets(data->preparation, network, &array->row)) return STATUS_DONE;
    if (network->data.window || array->width != (size_t)network->outputs)
        return prepare_wrong_targets(data->preparation, network, &spot, &array->row);
    snprintf(what, sizeof what, "the output %.100s", network->output_name);
    return wrong_shape(array, &output, what, NULL);
}

/* ---- reading */

/* One matrix: inputs and targets are columns of it. Inputs that are their own targets may have any shape. */
static Status read_matrix(Dataset *data, const Array *array) {
    const Network *network = data->network;
    Preparation *preparation = data->preparation;
    Status status = STATUS_DONE;
    if (array->shape.rank != 2 && !network->data.target_is_inputs)
        return malformed_array(array,
                               "a matrix is expected; name the file of the targets too: file = [\"inputs\", \"targets\"]");
    if (array->row.rank > 1) status = check_input_shape(data, array);
    if (!status)
        status = columns_choose_numbered(preparation, network, data->memory, array->file,
                                         array->width > INT_MAX ? INT_MAX : (int)array->width);
    data->labelled = !network->data.target_is_inputs && prepare_is_labelled(preparation, network, preparation->ntargets);
    for (size_t n = 0; n < array->rows && !status; n++) {
        status = dataset_add(data);
        for (int i = 0; i < preparation->ninputs && !status; i++)
            status = put_element_input(data, array, n, (size_t)preparation->inputs[i], i);
        for (int k = 0; k < preparation->ntargets && !status; k++)
            status = put_element_target(data, array, n, (size_t)preparation->targets[k], k);
    }
    return status;
}

static Status check_pair(const Dataset *data, const Array *inputs, const Array *targets) {
    if (inputs->rows != targets->rows)
        return fail(STATUS_INPUT, "%s has %zu sample%s, %s has %zu", inputs->file, inputs->rows, plural(inputs->rows),
                    targets->file, targets->rows);
    Status status = check_input_shape(data, inputs);
    return status ? status : check_target_shape(data, targets);
}

static Status read_pair(Dataset *data, const Array *inputs, const Array *targets) {
    const Network *network = data->network;
    Status status = check_pair(data, inputs, targets);
    if (!status) data->labelled = prepare_is_labelled(data->preparation, network, (int)targets->width);
    for (size_t n = 0; n < inputs->rows && !status; n++) {
        status = dataset_add(data);
        for (size_t i = 0; i < inputs->width && !status; i++) status = put_element_input(data, inputs, n, i, (int)i);
        for (size_t k = 0; k < targets->width && !status; k++) status = put_element_target(data, targets, n, k, (int)k);
    }
    return status;
}

Status read_binary(Dataset *data, const DataSource *source) {
    Memory memory = {NULL};
    Array inputs, targets;
    Status status = open_array(&inputs, source->file, &memory);
    if (!status && source->labels) status = open_array(&targets, source->labels, &memory);
    if (!status && source->labels && data->network->data.target_is_inputs)
        status =
            fail(STATUS_INPUT, "%s: with target = inputs there is no file of targets: name the inputs alone", source->labels);
    if (!status) status = source->labels ? read_pair(data, &inputs, &targets) : read_matrix(data, &inputs);
    memory_release(&memory);
    return status;
}
