/* generate: the command `generate`: a network that was trained on a text goes on with a beginning, byte by byte. Each is drawn
 * from the probabilities that the network gives after the last window of bytes, and is out as soon as it is drawn. */
#include "train.h"
#include <math.h>
#include <string.h>

typedef struct Generator {
    const Network *network;
    const Preparation *preparation;
    void *net;
    real *x, *y;
    unsigned char *window; /* the last bytes, rows_in at most */
    size_t known;          /* of them */
    double temperature;
    uint64_t seed;
} Generator;

static void append(Generator *g, unsigned char byte) {
    const size_t room = (size_t)g->preparation->rows_in;
    if (g->known == room) memmove(g->window, g->window + 1, --g->known);
    g->window[g->known++] = byte;
}

/* The probabilities of the byte after those known; the rest of the window is filled with something. */
static const real *predict_next(Generator *g, int filling) {
    const size_t room = (size_t)g->preparation->rows_in;
    const size_t position = g->preparation->positions == 1 ? 0 : g->known - 1;
    for (size_t i = 0; i < room; i++) g->x[i] = (real)(i < g->known ? g->window[i] : filling);
    g->network->predict(g->net, g->x, g->y);
    return g->y + position * (size_t)g->preparation->nclasses;
}

/* A beginning shorter than the window is enough if what stands after it makes no difference. */
static Status check_enough(Generator *g) {
    const int room = g->preparation->rows_in;
    bool same = g->preparation->positions > 1;
    if (g->known == (size_t)room) return STATUS_DONE;
    const double first = same ? (double)predict_next(g, 0)[0] : 0;
    for (int filling = 1; filling < 4 && same; filling++) same = (double)predict_next(g, filling)[0] == first;
    if (same) return STATUS_DONE;
    fail(STATUS_INPUT, "the network %s looks at %d byte%s at once, and the text to go on with has only %zu", g->network->name,
         room, plural((unsigned)room), g->known);
    return STATUS_INPUT;
}

/* p^(1/T), in proportion to that of the most probable byte: however cold, not all of them vanish. */
static double weight_of(const Generator *g, real p, real most) {
    return g->temperature == 1 ? (double)p : pow((double)p / (double)most, 1 / g->temperature);
}

static unsigned char draw_byte(Generator *g, uint64_t at) {
    const real *p = predict_next(g, 0);
    const int classes = g->preparation->nclasses;
    real most = 0;
    double sum = 0;
    for (int c = 0; c < classes; c++) most = p[c] > most ? p[c] : most;
    for (int c = 0; c < classes; c++) sum += weight_of(g, p[c], most);
    double left = draw_uniform(g->seed, DRAW_BYTE, at) * sum;
    int drawn = 0;
    for (int c = 0; c < classes && left >= 0; c++) {
        const double weight = weight_of(g, p[c], most);
        if (weight > 0) drawn = c;
        left -= weight;
    }
    return (unsigned char)drawn;
}

/* The text itself, or standard input without the line end that closes it. */
static Status read_beginning(const Options *options, Memory *memory, const char **text, size_t *size) {
    *text = options->input ? options->input : "\n";
    *size = strlen(*text);
    if (strcmp(*text, "-") != 0) return STATUS_DONE;
    Text input = {NULL, 0, 0, false};
    char part[4096];
    for (size_t got; (got = fread(part, 1, sizeof part, stdin)) > 0;) text_put(&input, part, got);
    if (input.length && input.data[input.length - 1] == '\n') input.length--;
    const char *copy = input.failed ? NULL : memory_text(memory, input.data ? input.data : "", input.length);
    *text = copy;
    *size = input.length;
    text_release(&input);
    if (!copy) return STATUS_SYSTEM;
    return ferror(stdin) ? fail(STATUS_SYSTEM, "cannot read standard input") : STATUS_DONE;
}

static Status take_beginning(Generator *g, const Options *options, Memory *memory) {
    const char *text;
    size_t size;
    Status status = read_beginning(options, memory, &text, &size);
    if (status) return status;
    if (!size) return fail(STATUS_INPUT, "there is no text to go on with");
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if (byte >= g->preparation->nclasses)
            return fail(STATUS_INPUT, "byte %zu of the text is %d, and the network %s knows bytes below %d", i + 1, byte,
                        g->network->name, g->preparation->nclasses);
        append(g, byte);
    }
    Status enough = check_enough(g);
    if (!enough && options->input) fwrite(text, 1, size, stdout);
    return enough;
}

static Status prepare_generator(Generator *g, Memory *memory) {
    g->x = memory_take(memory, (size_t)g->network->inputs, sizeof *g->x);
    g->y = memory_take(memory, (size_t)g->network->outputs, sizeof *g->y);
    g->window = memory_take(memory, (size_t)g->preparation->rows_in, 1);
    return g->x && g->y && g->window ? STATUS_DONE : STATUS_SYSTEM;
}

static void generate_bytes(Generator *g, long length) {
    for (long k = 0; k < length && !ferror(stdout); k++) {
        const unsigned char byte = draw_byte(g, (uint64_t)k);
        putchar(byte);
        fflush(stdout);
        append(g, byte);
    }
    putchar('\n');
}

Status command_generate(const Network *network, const Options *options) {
    Model model;
    if (!network->data.text)
        return fail(STATUS_USAGE, "the network %s was not made for text (text = \"...\" in data)", network->name);
    Status status = model_open(&model, network, options->params);
    Generator g = {.network = network, .preparation = &model.preparation, .net = model.net};
    g.temperature = options->temperature > 0 ? options->temperature : 1;
    g.seed = options->seeded ? options->seed : network->train.seed;
    if (!status) status = prepare_generator(&g, &model.memory);
    if (!status) status = take_beginning(&g, options, &model.memory);
    if (!status) generate_bytes(&g, options->length < 0 ? 500 : options->length);
    memory_release(&model.memory);
    return status;
}
