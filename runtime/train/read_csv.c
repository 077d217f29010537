/* read_csv: samples from text in columns. A row has as many fields as the first one; what is not used is not looked at. */
#include "train.h"
#include <string.h>

static Status wrong_field(const Rows *rows, int field, const char *problem) {
    Spot spot = rows_spot(rows, field);
    return fail_at(&spot, "%s", problem);
}

static Status wrong_number(const Rows *rows, int field, NumberKind kind, const char *column) {
    const Field *at = &rows->fields[field];
    Spot spot = rows_spot(rows, field);
    int shown = at->length > 40 ? 40 : (int)at->length;
    if (!at->length)
        fail_at(&spot, "a number is missing in %s", column);
    else if (kind == NUMBER_NOT_FINITE)
        fail_at(&spot, "%.*s is not a finite number, in %s", shown, at->text, column);
    else if (kind == NUMBER_TOO_LARGE)
        fail_at(&spot, "%.*s is too large, in %s", shown, at->text, column);
    else
        fail_at(&spot, "a number is expected in %s, not \"%.*s\"", column, shown, at->text);
    return STATUS_INPUT;
}

static void describe_column(const Preparation *preparation, const Rows *rows, int field, char text[160]) {
    if (preparation->columns && field < rows->nfields)
        snprintf(text, 160, "the column %.100s", preparation->columns[field]);
    else
        snprintf(text, 160, "column %d (counted from 0)", field);
}

static Status read_number(const Rows *rows, const Preparation *preparation, int field, double *value) {
    const Field *at = &rows->fields[field];
    char column[160];
    NumberKind kind = number_parse(at->text, at->length, value);
    if (kind == NUMBER_FINE) return STATUS_DONE;
    describe_column(preparation, rows, field, column);
    return wrong_number(rows, field, kind, column);
}

static Status read_inputs(Dataset *data, const Rows *rows) {
    const Preparation *preparation = data->preparation;
    char problem[200];
    for (int i = 0; i < preparation->ninputs; i++) {
        double value;
        Status status = read_number(rows, preparation, preparation->inputs[i], &value);
        if (status) return status;
        const char *wrong = dataset_put_input(data, i, value, problem);
        if (wrong) return wrong_field(rows, preparation->inputs[i], wrong);
    }
    return STATUS_DONE;
}

static Status read_targets(Dataset *data, const Rows *rows) {
    const Preparation *preparation = data->preparation;
    char problem[200];
    for (int k = 0; k < preparation->ntargets; k++) {
        int field = preparation->targets[k];
        const Field *at = &rows->fields[field];
        double value = 0;
        Status status = data->labelled ? STATUS_DONE : read_number(rows, preparation, field, &value);
        if (status) return status;
        const char *wrong = data->labelled ? dataset_put_label(data, k, at->text, at->length, problem)
                                           : dataset_put_target(data, k, value, problem);
        if (wrong) return wrong_field(rows, field, wrong);
    }
    return STATUS_DONE;
}

/* Classes are labels unless there is a number for each output. A single output is told a class if that is a text, or if the
 * classes have names. */
static bool target_is_labels(Preparation *preparation, const Network *network, const Rows *rows) {
    double value;
    if (network->data.target_is_inputs) return false;
    if (prepare_is_labelled(preparation, network, preparation->ntargets)) return true;
    if (network->outputs > 1) return false;
    const Field *at = &rows->fields[preparation->targets[0]];
    bool text = at->length && number_parse(at->text, at->length, &value) == NUMBER_NOT;
    if (!network->binary_output || !text) return false;
    preparation->nclasses = 2;
    return true;
}

static Status wrong_width(const Rows *rows, int width, size_t first) {
    Spot spot = rows_spot(rows, rows->nfields > width ? width : rows->nfields - 1);
    fail_at(&spot, "this row has %d column%s, line %zu has %d", rows->nfields, plural((unsigned)rows->nfields), first, width);
    if (rows->nfields == 1)
        hint("columns are parted by %s, as in the first line", rows->separator == '\t'  ? "tabs"
                                                               : rows->separator == ';' ? ";"
                                                                                        : ",");
    return STATUS_INPUT;
}

static Status read_csv_row(Dataset *data, const Rows *rows) {
    Status status = dataset_add(data);
    if (status) return status;
    data->lines[data->rows - 1] = rows->line;
    status = read_inputs(data, rows);
    return status ? status : read_targets(data, rows);
}

/* With a header the first row of numbers is the next one. */
static Status read_heading(Dataset *data, Rows *rows, bool *got, size_t *first) {
    Status status = rows_next(rows, got);
    if (status) return status;
    if (!*got) return fail(STATUS_INPUT, "%s is empty: rows of numbers are expected", data->file);
    bool header = columns_guess_header(data->network, rows);
    *first = rows->line;
    status = columns_choose(data->preparation, data->network, data->memory, rows, header);
    if (!status && header) status = rows_next(rows, got);
    if (!status && !*got) return fail(STATUS_INPUT, "%s has a header but no rows", data->file);
    return status;
}

/* After a number that is no target the others may tell that they are classes. What else is wrong further down is not said: it
 * is another matter, and the hint belongs to the number. */
static void see_targets_below(Dataset *data, Rows *rows) {
    bool more = data->rejected, got = false;
    rows->quiet = true;
    while (more && !rows_next(rows, &got) && got) {
        double value;
        const int field = data->preparation->targets[0];
        more = field < rows->nfields &&
               number_parse(rows->fields[field].text, rows->fields[field].length, &value) == NUMBER_FINE &&
               dataset_see_target(data, value);
    }
}

Status read_csv(Dataset *data, Rows *rows) {
    bool got;
    size_t first = 0;
    int width;
    data->numbered = true;
    Status status = read_heading(data, rows, &got, &first);
    for (width = data->preparation->width; got && !status;) {
        if (rows->nfields != width) return wrong_width(rows, width, first);
        if (!data->rows) data->labelled = target_is_labels(data->preparation, data->network, rows);
        status = read_csv_row(data, rows);
        if (status) see_targets_below(data, rows);
        if (!status) status = rows_next(rows, &got);
    }
    return status;
}
