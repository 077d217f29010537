/* read_fann: the text format of FANN: the numbers of samples, inputs and outputs, then for each sample its inputs and its
 * outputs, all parted by blanks and line ends. */
#include "train.h"
#include <limits.h>
#include <string.h>

typedef struct Words {
    const char *file, *at, *word;
    size_t length, line;
    const char *line_start;
} Words;

static bool next_word(Words *words) {
    for (; *words->at && strchr(" \t\r\n", *words->at); words->at++)
        if (*words->at == '\n') words->line++, words->line_start = words->at + 1;
    words->word = words->at;
    words->at += strcspn(words->at, " \t\r\n");
    words->length = (size_t)(words->at - words->word);
    return words->length > 0;
}

static Status wrong_word(const Words *words, const char *problem) {
    const Spot spot = {.file = words->file,
                       .line = words->line,
                       .column = (size_t)(words->word - words->line_start) + 1,
                       .text = words->line_start,
                       .length = strcspn(words->line_start, "\r\n"),
                       .underlined = words->length};
    return fail_at(&spot, "%s", problem);
}

static Status next_number(Words *words, double *value) {
    if (!next_word(words)) return wrong_word(words, "the file ends before the last number that its first line announces");
    NumberKind kind = number_parse(words->word, words->length, value);
    return kind == NUMBER_FINE         ? STATUS_DONE
           : kind == NUMBER_NOT        ? wrong_word(words, "a number is expected")
           : kind == NUMBER_NOT_FINITE ? wrong_word(words, "this is not a finite number")
                                       : wrong_word(words, "this number is too large");
}

/* Three whole numbers, parted by blanks, are the first line. */
bool fann_recognise(const char *text, size_t length) {
    size_t i = 0;
    int numbers = 0;
    while (i < length && text[i] != '\r' && text[i] != '\n') {
        if (text[i] >= '0' && text[i] <= '9') {
            numbers++;
            while (i < length && text[i] >= '0' && text[i] <= '9') i++;
        } else if (text[i] == ' ') {
            i++;
        } else {
            return false;
        }
    }
    return numbers == 3;
}

static Status read_head(Dataset *data, Words *words, double head[3]) {
    Status status = STATUS_DONE;
    const Network *network = data->network;
    const Spot spot = {.file = data->file, .line = 1};
    for (int k = 0; k < 3 && !status; k++) status = next_number(words, &head[k]);
    if (status) return status;
    if (network->data.window)
        return fail(STATUS_INPUT, "%s: this format holds samples, and window = %d needs a series: columns of text, or .npy",
                    data->file, network->data.window);
    if (head[1] != network->inputs)
        return fail_at(&spot, "its samples have %.0f input%s, the network %s takes %d", head[1], head[1] == 1 ? "" : "s",
                       network->name, network->inputs);
    const int targets = head[2] <= network->outputs ? (int)head[2] : 0;
    const Shape row = shape_of(&targets, 1);
    data->labelled = prepare_is_labelled(data->preparation, network, targets);
    if (targets && prepare_fit_targets(data->preparation, network, &row)) return STATUS_DONE;
    if (targets == 1) return prepare_wrong_targets(data->preparation, network, &spot, &row);
    return fail_at(&spot, "its samples have %.0f output%s, the network %s has %d", head[2], head[2] == 1 ? "" : "s",
                   network->name, network->outputs);
}

static Status read_fann_sample(Dataset *data, Words *words, int targets) {
    char problem[200];
    double value = 0;
    Status status = dataset_add(data);
    for (int i = 0; i < data->network->inputs && !status; i++) {
        status = next_number(words, &value);
        const char *wrong = status ? NULL : dataset_put_input(data, i, value, problem);
        if (i == 0) data->lines[data->rows - 1] = words->line;
        if (wrong) return wrong_word(words, wrong);
    }
    for (int k = 0; k < targets && !status; k++) {
        if ((status = next_number(words, &value))) return status;
        const char *wrong = data->labelled ? dataset_put_label(data, k, words->word, words->length, problem)
                                           : dataset_put_target(data, k, value, problem);
        if (wrong) return wrong_word(words, wrong);
    }
    return status;
}

Status read_fann(Dataset *data, const char *file) {
    char *text;
    size_t size;
    double head[3] = {0, 0, 0};
    Status status = file_read(file, data->memory, &text, &size);
    if (status) return status;
    Words words = {file, text, text, 0, 1, text};
    data->numbered = true;
    status = read_head(data, &words, head);
    for (double n = 0; n < head[0] && !status; n++) status = read_fann_sample(data, &words, (int)head[2]);
    if (!status && next_word(&words))
        status = wrong_word(&words, "the file goes on after the last sample that its first line announces");
    return status;
}
