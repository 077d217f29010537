/* columns: which columns of a file are the inputs and which the target: by name, by number, or by default (all but the last,
 * the last). What was chosen while training is in the Preparation already: then the same columns are looked for, by name where
 * the file has a header. */
#include "train.h"
#include <stdlib.h>
#include <string.h>

static bool names_columns(const ColumnName *columns, int count) {
    for (int i = 0; i < count; i++)
        if (columns[i].name) return true;
    return false;
}

static bool looks_like_a_number(const Field *field) {
    double value;
    return number_parse(field->text, field->length, &value) != NUMBER_NOT;
}

/* The row can only be a header if columns are named, or if no field but the target's could be data: none of them is a number.
 */
bool columns_guess_header(const Network *network, const Rows *rows) {
    const DataSettings *data = &network->data;
    if (data->header != HEADER_GUESS) return data->header == HEADER_PRESENT;
    if (names_columns(data->inputs, data->ninputs) || names_columns(data->targets, data->ntargets)) return true;
    for (int i = 0; i < rows->nfields; i++)
        if (!rows->fields[i].length || looks_like_a_number(&rows->fields[i])) return false;
    return true;
}

static Status keep_header(Preparation *preparation, Memory *memory, const Rows *rows) {
    preparation->columns = memory_take(memory, (size_t)rows->nfields, sizeof *preparation->columns);
    for (int i = 0; preparation->columns && i < rows->nfields; i++) {
        preparation->columns[i] = memory_text(memory, rows->fields[i].text, rows->fields[i].length);
        if (!preparation->columns[i]) return STATUS_SYSTEM;
    }
    return preparation->columns ? STATUS_DONE : STATUS_SYSTEM;
}

static Status unknown_name(const Preparation *preparation, const char *file, const char *name) {
    const char *const *names = (const char *const *)preparation->columns;
    const char *near = closest_name(name, names, (size_t)preparation->width);
    Spot spot = {.file = file, .line = 1};
    fail_at(&spot, near ? "no column is called \"%s\"; did you mean \"%s\"?" : "no column is called \"%s\"", name, near);
    fputs("  columns:", stderr);
    for (int i = 0; i < preparation->width && i < 20; i++) fprintf(stderr, "%s %s", i ? "," : "", names[i]);
    fputs(preparation->width > 20 ? ", ...\n" : "\n", stderr);
    return STATUS_INPUT;
}

static Status find_name(const Preparation *preparation, const char *file, const char *name, int *column) {
    int found = -1;
    if (!preparation->columns)
        return fail(STATUS_INPUT, "%s: the column \"%s\" is named, but the file has no header (header = no)", file, name);
    for (int i = 0; i < preparation->width; i++) {
        if (strcmp(preparation->columns[i], name) != 0) continue;
        if (found >= 0) return fail(STATUS_INPUT, "%s: two columns are called \"%s\"; choose by number", file, name);
        found = i;
    }
    *column = found;
    return found < 0 ? unknown_name(preparation, file, name) : STATUS_DONE;
}

static Status find_columns(const Preparation *preparation, const char *file, const ColumnName *wanted, int count,
                           int *columns) {
    Status status = STATUS_DONE;
    for (int i = 0; i < count && !status; i++) {
        if (wanted[i].name) {
            status = find_name(preparation, file, wanted[i].name, &columns[i]);
        } else {
            columns[i] = wanted[i].number;
            if (columns[i] < 0 || columns[i] >= preparation->width)
                status = fail(STATUS_INPUT, "%s: there is no column %d; it has %d, counted from 0", file, columns[i],
                              preparation->width);
        }
    }
    return status;
}

/* Which columns are left for the inputs when none are named: all but the targets. */
static void rest_of_columns(Preparation *preparation) {
    int n = 0;
    for (int c = 0; c < preparation->width; c++) {
        bool target = false;
        for (int k = 0; k < preparation->ntargets; k++) target |= preparation->targets[k] == c;
        if (!target && n < preparation->ninputs) preparation->inputs[n++] = c;
    }
}

/* Without rows the file has no lines. */
static Status check_counts(Preparation *preparation, const Network *network, const char *file, const Rows *rows) {
    const int inputs = prepare_row_inputs(preparation, network);
    const Shape targets = shape_of(&preparation->ntargets, 1);
    if (preparation->ninputs != inputs)
        return fail(STATUS_INPUT, "%s: %d of its %d columns %s, but the network %s takes %d; choose them with inputs = ", file,
                    preparation->ninputs, preparation->width, preparation->ninputs == 1 ? "is an input" : "are inputs",
                    network->name, inputs);
    if (prepare_fit_targets(preparation, network, &targets)) return STATUS_DONE;
    const Spot place = {.file = file}, spot = rows ? rows_spot(rows, preparation->targets[0]) : place;
    return prepare_wrong_targets(preparation, network, &spot, &targets);
}

/* The target's columns come first, since the inputs may be the rest. */
static Status choose_columns(Preparation *preparation, const Network *network, Memory *memory, const char *file,
                             const Rows *rows) {
    const DataSettings *data = &network->data;
    const ColumnName last = {NULL, preparation->width - 1};
    bool autoencoder = data->target_is_inputs, rest = !data->ninputs;
    preparation->ntargets = autoencoder ? 0 : data->ntargets ? data->ntargets : 1;
    preparation->ninputs = rest ? preparation->width - preparation->ntargets : data->ninputs;
    if (preparation->ninputs <= 0)
        return fail(STATUS_INPUT, "%s: a row has only %d column%s, too few for inputs and target", file, preparation->width,
                    plural((unsigned)preparation->width));
    preparation->inputs = memory_take(memory, (size_t)preparation->ninputs, sizeof *preparation->inputs);
    preparation->targets = memory_take(memory, (size_t)preparation->ntargets, sizeof *preparation->targets);
    if (!preparation->inputs || !preparation->targets) return STATUS_SYSTEM;
    const ColumnName *targets = data->ntargets ? data->targets : &last;
    Status status = find_columns(preparation, file, targets, preparation->ntargets, preparation->targets);
    if (!status && rest) rest_of_columns(preparation);
    if (!status && !rest) status = find_columns(preparation, file, data->inputs, data->ninputs, preparation->inputs);
    if (!status && autoencoder) preparation->targets = preparation->inputs, preparation->ntargets = preparation->ninputs;
    return status ? status : check_counts(preparation, network, file, rows);
}

/* The columns that the parameters were trained with, in another file. */
static Status find_columns_again(Preparation *preparation, Memory *memory, const char *file, char **columns, int width) {
    char **names = preparation->columns;
    int *lists[2] = {preparation->inputs, preparation->targets}, counts[2] = {preparation->ninputs, preparation->ntargets};
    Status status = STATUS_DONE;
    if (!columns && width != preparation->width)
        return fail(STATUS_INPUT, "%s: a row has %d column%s, the file of the training had %d", file, width,
                    plural((unsigned)width), preparation->width);
    if (!columns || !names) return STATUS_DONE;
    for (int k = 0; k < 2; k++) {
        int *found = memory_take(memory, (size_t)counts[k], sizeof *found);
        preparation->columns = columns;
        preparation->width = width;
        for (int i = 0; found && i < counts[k] && !status; i++)
            status = find_name(preparation, file, names[lists[k][i]], &found[i]);
        if (!found) return STATUS_SYSTEM;
        *(k ? &preparation->targets : &preparation->inputs) = found;
    }
    return status;
}

Status columns_choose(Preparation *preparation, const Network *network, Memory *memory, const Rows *rows, bool header) {
    Preparation seen = *preparation;
    bool again = preparation->ninputs && preparation->ntargets && preparation->width;
    Status status = STATUS_DONE;
    seen.columns = NULL;
    if (header) status = keep_header(&seen, memory, rows);
    if (status) return status;
    if (again) return find_columns_again(preparation, memory, rows->file, seen.columns, rows->nfields);
    preparation->columns = seen.columns;
    preparation->width = rows->nfields;
    return choose_columns(preparation, network, memory, rows->file, rows);
}

Status columns_choose_numbered(Preparation *preparation, const Network *network, Memory *memory, const char *file, int width) {
    bool again = preparation->ninputs && preparation->ntargets && preparation->width;
    if (again) return find_columns_again(preparation, memory, file, NULL, width);
    preparation->columns = NULL;
    preparation->width = width;
    return choose_columns(preparation, network, memory, file, NULL);
}
