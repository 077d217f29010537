/* predict: the command `predict`: rows in, rows out, each as soon as it is there. Of a series there is an output for each row
 * that ends a window. */
#include "train.h"
#include <string.h>

typedef struct Predictor {
    const Network *network;
    Model *model;
    Rows rows;
    Dataset sample; /* of one: its last row */
    real *x, *y;
    int *columns; /* of the inputs in the rows */
    int width;    /* of the rows */
    size_t first; /* line of the first row */
    size_t rows_read;
    bool json;
} Predictor;

/* ---- finding the columns */

static bool same_text(const Field *field, const char *text) {
    return strlen(text) == field->length && !memcmp(text, field->text, field->length);
}

/* A row is a header if it names a column of the training, or if nothing in it is a number. */
static bool is_header(const Predictor *predictor) {
    const Preparation *preparation = &predictor->model->preparation;
    const Rows *rows = &predictor->rows;
    bool numbers = false;
    for (int i = 0; i < rows->nfields; i++) {
        double value;
        const Field *field = &rows->fields[i];
        numbers |= !field->length || number_parse(field->text, field->length, &value) != NUMBER_NOT;
        for (int c = 0; preparation->columns && preparation->ninputs && c < preparation->ninputs; c++)
            if (same_text(field, preparation->columns[preparation->inputs[c]])) return true;
    }
    return !numbers;
}

static Status missing_column(const Predictor *predictor, const char *name) {
    Spot spot = {.file = predictor->rows.file, .line = predictor->rows.line};
    return fail_at(&spot, "no column is called \"%s\", as the input is", name);
}

static Status columns_by_name(Predictor *predictor) {
    const Preparation *preparation = &predictor->model->preparation;
    const Rows *rows = &predictor->rows;
    for (int c = 0; c < preparation->ninputs; c++) {
        const char *name = preparation->columns[preparation->inputs[c]];
        int found = -1;
        for (int i = 0; i < rows->nfields; i++) {
            if (!same_text(&rows->fields[i], name)) continue;
            if (found >= 0) return fail(STATUS_INPUT, "%s: two columns are called \"%s\"", rows->file, name);
            found = i;
        }
        if (found < 0) return missing_column(predictor, name);
        predictor->columns[c] = found;
    }
    return STATUS_DONE;
}

/* Without names: the inputs alone, in their order, or rows as those of the training. */
static Status columns_by_place(Predictor *predictor) {
    const Preparation *preparation = &predictor->model->preparation;
    int inputs = prepare_row_inputs(preparation, predictor->network), fields = predictor->rows.nfields;
    bool whole = fields != inputs && preparation->ninputs && fields == preparation->width;
    for (int i = 0; i < inputs; i++) predictor->columns[i] = whole ? preparation->inputs[i] : i;
    if (whole || fields == inputs) return STATUS_DONE;
    Spot spot = rows_spot(&predictor->rows, 0);
    spot.column = 0, spot.text = NULL;
    fail_at(&spot, "this row has %d column%s, the network %s takes %d number%s", fields, plural((unsigned)fields),
            predictor->network->name, inputs, plural((unsigned)inputs));
    if (preparation->columns) hint("more columns are allowed under a header that names them");
    return STATUS_INPUT;
}

static Status match_columns(Predictor *predictor, bool *got) {
    const Preparation *preparation = &predictor->model->preparation;
    Status status = rows_next(&predictor->rows, got);
    if (status) return status;
    if (!*got) return fail(STATUS_INPUT, "%s is empty: rows of numbers are expected", predictor->rows.file);
    bool header = is_header(predictor), named = header && preparation->columns && preparation->ninputs;
    predictor->width = predictor->rows.nfields;
    predictor->first = predictor->rows.line;
    status = named ? columns_by_name(predictor) : columns_by_place(predictor);
    return status || !header ? status : rows_next(&predictor->rows, got);
}

/* ---- rows in */

static Status wrong_input(const Predictor *predictor, int input, NumberKind kind) {
    char name[128];
    const Rows *rows = &predictor->rows;
    const Field *field = &rows->fields[predictor->columns[input]];
    Spot spot = rows_spot(rows, predictor->columns[input]);
    const char *column = prepare_input_name(&predictor->model->preparation, predictor->network, input, name);
    if (!field->length) return fail_at(&spot, "a number is missing for %s", column);
    return fail_at(&spot, "\"%.*s\" is %s, for %s", field->length > 40 ? 40 : (int)field->length, field->text,
                   kind == NUMBER_NOT          ? "not a number"
                   : kind == NUMBER_NOT_FINITE ? "not finite"
                                               : "too large",
                   column);
}

static Status read_input_row(Predictor *predictor) {
    const Rows *rows = &predictor->rows;
    char problem[200];
    if (rows->nfields != predictor->width) {
        Spot spot = rows_spot(rows, rows->nfields > predictor->width ? predictor->width : rows->nfields - 1);
        return fail_at(&spot, "this row has %d column%s, line %zu has %d", rows->nfields, plural((unsigned)rows->nfields),
                       predictor->first, predictor->width);
    }
    const int inputs = prepare_row_inputs(&predictor->model->preparation, predictor->network);
    memmove(predictor->x, predictor->x + inputs, (size_t)(predictor->network->inputs - inputs) * sizeof *predictor->x);
    for (int i = 0; i < inputs; i++) {
        const Field *field = &rows->fields[predictor->columns[i]];
        double value;
        NumberKind kind = number_parse(field->text, field->length, &value);
        if (kind != NUMBER_FINE) return wrong_input(predictor, i, kind);
        const char *wrong = dataset_put_input(&predictor->sample, i, value, problem);
        Spot spot = rows_spot(rows, wrong ? predictor->columns[i] : -1);
        if (wrong) return fail_at(&spot, "%s", wrong);
    }
    return STATUS_DONE;
}

/* ---- rows out */

/* A text as a field of CSV: in quotes where it must be. */
static void print_field(const char *prefix, const char *text) {
    bool quoted = text[strcspn(text, ",\"\r\n")] != 0;
    if (!quoted) {
        printf("%s%s", prefix, text);
        return;
    }
    printf("\"%s", prefix);
    for (; *text; text++) {
        if (*text == '"') putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_output_header(const Predictor *predictor) {
    const Preparation *preparation = &predictor->model->preparation;
    char name[128], prefix[32] = "p_";
    for (int p = 0; preparation->nclasses && p < preparation->positions; p++) {
        if (preparation->positions == 1)
            fputs("class", stdout);
        else
            printf("%sclass_%d", p ? "," : "", p);
        if (preparation->positions > 1) snprintf(prefix, sizeof prefix, "p_%d_", p);
        for (int c = 0; c < preparation->nclasses; c++) {
            putchar(',');
            print_field(prefix, preparation->classes[c]);
        }
    }
    for (int k = 0; !preparation->nclasses && k < predictor->network->outputs; k++) {
        if (k) putchar(',');
        print_field("", prepare_target_name(preparation, predictor->network, k, name));
    }
    putchar('\n');
}

static double output_number(const Predictor *predictor, int k) {
    return prepare_output(&predictor->model->preparation, predictor->network, k, predictor->y[k]);
}

/* Of two classes told by one number, that is the second one's. */
static double probability(const Predictor *predictor, int position, int c) {
    const Preparation *preparation = &predictor->model->preparation;
    if (!prepare_binary(preparation, predictor->network)) return (double)predictor->y[position * preparation->nclasses + c];
    real second = predictor->y[position];
    return c ? (double)second : (double)(1 - second);
}

static void print_output_row(const Predictor *predictor) {
    const Preparation *preparation = &predictor->model->preparation;
    char number[32];
    for (int p = 0; preparation->nclasses && p < preparation->positions; p++) {
        if (p) putchar(',');
        print_field("", preparation->classes[metrics_class_at(preparation, predictor->network, predictor->y, p)]);
        for (int c = 0; c < preparation->nclasses; c++) printf(",%s", number_print(number, probability(predictor, p, c)));
    }
    for (int k = 0; !preparation->nclasses && k < predictor->network->outputs; k++)
        printf("%s%s", k ? "," : "", number_print(number, output_number(predictor, k)));
    putchar('\n');
}

static void add_json_classes(const Predictor *predictor, int position, Text *text) {
    const Preparation *preparation = &predictor->model->preparation;
    text_add(text, "{\"class\": ");
    json_add_string(text, preparation->classes[metrics_class_at(preparation, predictor->network, predictor->y, position)]);
    text_add(text, ", \"p\": {");
    for (int c = 0; c < preparation->nclasses; c++) {
        if (c) text_add(text, ", ");
        json_add_string(text, preparation->classes[c]);
        text_add(text, ": ");
        json_add_number(text, probability(predictor, position, c));
    }
    text_add(text, "}}");
}

static void add_json_numbers(const Predictor *predictor, Text *text) {
    char name[128];
    for (int k = 0; k < predictor->network->outputs; k++) {
        text_add(text, k ? ", " : "{");
        json_add_string(text, prepare_target_name(&predictor->model->preparation, predictor->network, k, name));
        text_add(text, ": ");
        json_add_number(text, output_number(predictor, k));
    }
    text_add(text, "}");
}

/* An object a line; where the output has several positions, a list of them. */
static Status print_json_row(const Predictor *predictor) {
    const Preparation *preparation = &predictor->model->preparation;
    Text text = {NULL, 0, 0, false};
    bool list = preparation->nclasses && preparation->positions > 1;
    if (list) text_add(&text, "[");
    for (int p = 0; preparation->nclasses && p < preparation->positions; p++) {
        if (p) text_add(&text, ", ");
        add_json_classes(predictor, p, &text);
    }
    if (!preparation->nclasses) add_json_numbers(predictor, &text);
    text_add(&text, list ? "]\n" : "\n");
    return text_print(&text);
}

/* ---- the command */

static Status prepare_predictor(Predictor *predictor, Memory *memory) {
    const Network *network = predictor->network;
    Preparation *preparation = &predictor->model->preparation;
    predictor->sample.network = network;
    predictor->sample.preparation = preparation;
    predictor->sample.rows = 1;
    predictor->x = memory_take(memory, (size_t)network->inputs, sizeof(real));
    predictor->y = memory_take(memory, (size_t)network->outputs, sizeof(real));
    predictor->columns = memory_take(memory, (size_t)network->inputs, sizeof(int));
    if (!predictor->x || !predictor->y || !predictor->columns) return STATUS_SYSTEM;
    predictor->sample.x = predictor->x + network->inputs - prepare_row_inputs(preparation, network);
    return preparation->nclasses && !preparation->classes ? prepare_number_classes(preparation, preparation->nclasses, memory)
                                                          : STATUS_DONE;
}

static Status print_prediction(Predictor *predictor) {
    if (predictor->rows_read < (size_t)predictor->model->preparation.rows_in) return STATUS_DONE;
    predictor->network->predict(predictor->model->net, predictor->x, predictor->y);
    if (predictor->json) return print_json_row(predictor);
    print_output_row(predictor);
    return STATUS_DONE;
}

static Status too_few_rows(const Predictor *predictor) {
    if (predictor->model->preparation.rows_in == 1)
        return fail(STATUS_INPUT, "%s has a header but no rows", predictor->rows.file);
    return fail(STATUS_INPUT, "%s: a prediction needs %d rows of the series, and there %s only %zu", predictor->rows.file,
                predictor->model->preparation.rows_in, predictor->rows_read == 1 ? "is" : "are", predictor->rows_read);
}

static Status predict_all(Predictor *predictor) {
    bool got = false;
    Status status = match_columns(predictor, &got);
    if (!status && !predictor->json) print_output_header(predictor);
    while (got && !status && !ferror(stdout)) {
        status = read_input_row(predictor);
        if (!status) predictor->rows_read++;
        if (!status) status = print_prediction(predictor);
        if (!status) status = rows_next(&predictor->rows, &got);
    }
    if (!status && predictor->rows_read < (size_t)predictor->model->preparation.rows_in) status = too_few_rows(predictor);
    return status;
}

static Status no_rows(const Network *network, const Options *options) {
    fail(STATUS_USAGE, "the network %s reads text, not rows", network->name);
    hint("to let it go on with a text: %s generate \"Once upon a time\"", options->program);
    return STATUS_USAGE;
}

Status command_predict(const Network *network, const Options *options) {
    Model model;
    Predictor predictor = {.network = network, .model = &model, .json = options->json};
    Status status = network->data.text ? no_rows(network, options) : STATUS_DONE;
    if (status) return status;
    status = model_open(&model, network, options->params);
    if (!status) status = prepare_predictor(&predictor, &model.memory);
    if (!status) status = rows_open(&predictor.rows, options->input ? options->input : "-");
    if (!status) {
        predictor.rows.flush_before_waiting = stdout;
        status = predict_all(&predictor);
        fflush(stdout);
        rows_close(&predictor.rows);
    }
    memory_release(&model.memory);
    return status;
}
