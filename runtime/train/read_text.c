/* read_text: text as a series: each byte is a row, which is its input and its class. */
#include "train.h"
#include <string.h>

typedef struct Place { /* of a byte */
    const char *line_start;
    size_t line;
} Place;

static Status wrong_byte(const Dataset *data, const Place *place, const char *at, const char *problem) {
    const Spot spot = {.file = data->file,
                       .line = place->line,
                       .column = (size_t)(at - place->line_start) + 1,
                       .text = place->line_start,
                       .length = strcspn(place->line_start, "\r\n"),
                       .underlined = 1};
    return fail_at(&spot, "%s", problem);
}

static Status add_byte(Dataset *data, const Place *place, const char *at) {
    char problem[200];
    const int byte = (unsigned char)*at, classes = data->preparation->nclasses;
    Status status = dataset_add(data);
    if (status) return status;
    data->lines[data->rows - 1] = place->line;
    const char *wrong = dataset_put_input(data, 0, byte, problem);
    if (wrong) return wrong_byte(data, place, at, wrong);
    snprintf(problem, sizeof problem, "the network tells %d bytes apart, from 0 on, and this one is %d", classes, byte);
    if (byte >= classes) return wrong_byte(data, place, at, problem);
    dataset_put_class(data, 0, byte);
    return STATUS_DONE;
}

Status read_text(Dataset *data, const char *file) {
    Preparation *preparation = data->preparation;
    char *text;
    size_t size;
    Status status = file_read(file, data->memory, &text, &size);
    if (!status && !preparation->classes) status = prepare_number_classes(preparation, preparation->nclasses, data->memory);
    if (status) return status;
    preparation->rows_out = preparation->positions;
    data->labelled = data->numbered = true;
    Place place = {text, 1};
    for (const char *at = text; at < text + size && !status; at++) {
        status = add_byte(data, &place, at);
        if (*at == '\n') place = (Place){at + 1, place.line + 1};
    }
    return status;
}
