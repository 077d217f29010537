/* fuzz: garbles .nn files and takes them through parse, check and lower, which must neither crash nor hang.
 *
 *   fuzz FIRST COUNT FILE...      mutations FIRST .. FIRST + COUNT - 1; the same number is the same mutation
 *   fuzz --show NUMBER FILE...    prints one
 *   FILE may be FILE+FILE: both, one behind the other
 *   fuzz --check FILE             the file as it is: prints its errors, and whether its tree, printed, parses to itself */
#include "embedded.h"
#include "lower.h"
#include "settings.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1 << 16 };

typedef struct Text {
    char at[TEXT_MAX];
    int n;
} Text;

static const char *const pieces[] = {"(",
                                     ")",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     ",",
                                     ";",
                                     ":",
                                     "=",
                                     "->",
                                     "<-",
                                     "+=",
                                     "..",
                                     "+",
                                     "-",
                                     "*",
                                     "/",
                                     "%",
                                     "^",
                                     "<",
                                     "<=",
                                     "==",
                                     "!=",
                                     "\n",
                                     "if ",
                                     " then ",
                                     " else ",
                                     " and ",
                                     "not ",
                                     " from ",
                                     " derivative ",
                                     "network ",
                                     "train ",
                                     "data ",
                                     "layer ",
                                     "activation ",
                                     "loss ",
                                     "optimizer ",
                                     "schedule ",
                                     "initializer ",
                                     "const ",
                                     "import ",
                                     "input ",
                                     "output ",
                                     "repeat ",
                                     "param ",
                                     "state ",
                                     "where ",
                                     "require ",
                                     "above",
                                     "x",
                                     "y",
                                     "h",
                                     "i",
                                     "*s",
                                     "size(",
                                     "sum[",
                                     "pad(",
                                     "random()",
                                     "reshape(",
                                     "dense ",
                                     "softmax",
                                     "relu",
                                     "adam",
                                     "mse",
                                     "0",
                                     "1",
                                     "1e9",
                                     "1e308",
                                     "-1",
                                     "0.5",
                                     ".",
                                     "\"",
                                     "\"a\"",
                                     "#",
                                     "//",
                                     "/*",
                                     "'",
                                     "\\",
                                     "\t",
                                     "\xff",
                                     "é",
                                     "2147483648",
                                     "frozen(",
                                     "tied(",
                                     "none",
                                     "y <- ",
                                     "[[1, 2], [3]]",
                                     "1..3",
                                     "()",
                                     "fan_in",
                                     "epoch",
                                     "step",
                                     "training",
                                     "batch",
                                     "inf",
                                     "yes"};
enum { PIECES = sizeof pieces / sizeof *pieces };

/* ---- random numbers: SplitMix64 */

static uint64_t draw(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static int below(uint64_t *state, int n) {
    return n > 0 ? (int)(draw(state) % (uint64_t)n) : 0;
}

/* ---- mutations */

static void splice(Text *text, int at, int removed, const char *added, int n) {
    if (at + removed > text->n || text->n - removed + n >= TEXT_MAX) return;
    memmove(text->at + at + n, text->at + at + removed, (size_t)(text->n - at - removed));
    memcpy(text->at + at, added, (size_t)n);
    text->n += n - removed;
}

static void insert_piece(Text *text, uint64_t *state) {
    const char *piece = pieces[below(state, PIECES)];
    splice(text, below(state, text->n + 1), 0, piece, (int)strlen(piece));
}

static void replace_piece(Text *text, uint64_t *state) {
    const char *piece = pieces[below(state, PIECES)];
    splice(text, below(state, text->n), 1 + below(state, 6), piece, (int)strlen(piece));
}

static void remove_part(Text *text, uint64_t *state) {
    splice(text, below(state, text->n), 1 + below(state, 20), "", 0);
}

static void truncate_text(Text *text, uint64_t *state) {
    text->n = below(state, text->n + 1);
}

static void copy_part(Text *text, uint64_t *state) {
    char part[64];
    const int from = below(state, text->n), n = 1 + below(state, (int)sizeof part - 1);
    if (from + n > text->n) return;
    memcpy(part, text->at + from, (size_t)n);
    splice(text, below(state, text->n), 0, part, n);
}

static void flip_byte(Text *text, uint64_t *state) {
    const int at = below(state, text->n);
    if (text->n) text->at[at] = (char)(1 + below(state, 255));
}

static void repeat_piece(Text *text, uint64_t *state) {
    const char *piece = pieces[below(state, PIECES)];
    const int at = below(state, text->n + 1), times = below(state, 400);
    for (int k = 0; k < times; k++) splice(text, at, 0, piece, (int)strlen(piece));
}

static bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The word or number at or after a random place: its start, its length in *n. */
static int pick_word(const Text *text, uint64_t *state, int *n) {
    int at = below(state, text->n), end;
    while (at > 0 && in_word(text->at[at]) && in_word(text->at[at - 1])) at--;
    while (at < text->n && !in_word(text->at[at])) at++;
    for (end = at; end < text->n && in_word(text->at[end]);) end++;
    *n = end - at;
    return at;
}

/* A name by a name or a number by a number: what comes out often parses, and sometimes means something. */
static void swap_word(Text *text, uint64_t *state) {
    static const char *const numbers[] = {"0", "1", "2", "3", "5", "100000", "-1", "0.5", "1e30"};
    char word[64];
    int n, m;
    const int at = pick_word(text, state, &n), from = pick_word(text, state, &m);
    const bool digits = n && text->at[at] >= '0' && text->at[at] <= '9',
               as_well = m && text->at[from] >= '0' && text->at[from] <= '9';
    if (!n || !m || m >= (int)sizeof word) return;
    memcpy(word, text->at + from, (size_t)m);
    if (digits == as_well)
        splice(text, at, n, word, m);
    else if (digits)
        splice(text, at, n, numbers[n % 9], (int)strlen(numbers[n % 9]));
}

/* Where the item of a list that begins at `at` ends: before a comma of its own, the closing bracket, or the end of the line. */
static int item_end(const Text *text, int at) {
    for (int depth = 0; at < text->n; at++) {
        const char c = text->at[at];
        if (strchr("([{", c)) depth++;
        if (strchr(")]}", c) && depth-- == 0) break;
        if (strchr(",;\n", c) && depth == 0) break;
    }
    return at;
}

static const char *const items[] = {"none",
                                    "normal",
                                    "uniform(1)",
                                    "he_uniform()",
                                    "frozen(tied(h.weight))",
                                    "shared(normal)",
                                    "file(1)",
                                    "x",
                                    "tied(h.w)",
                                    "[1, 2]",
                                    "[]",
                                    "\"s\"",
                                    "*s",
                                    "i: 3",
                                    "2*i",
                                    "0/0",
                                    "exp(1, 2)",
                                    "relu(x = 1)",
                                    "pad(x, 1)",
                                    "size()",
                                    "random(1)",
                                    "reshape(x)",
                                    "above",
                                    "max(1)",
                                    "sum[2](1)",
                                    "sum(x)",
                                    "prod[batch](1)",
                                    "cosine",
                                    "cosine()",
                                    "adam(rate = x)",
                                    "mse(1)",
                                    "orthogonal"};

/* An item of a list in brackets, or what stands after '=', goes, gets a name, or becomes another: what comes out parses. */
static void change_item(Text *text, uint64_t *state) {
    int at = below(state, text->n);
    while (at < text->n && !strchr("([,=", text->at[at])) at++;
    if (at == text->n) return;
    const int end = item_end(text, at + 1), way = below(state, 4);
    const char *item = items[below(state, (int)(sizeof items / sizeof *items))];
    if (way == 0 && text->at[at] == ',')
        splice(text, at, end - at, "", 0);
    else if (way == 0)
        splice(text, at + 1, end - at - 1 + (end < text->n && text->at[end] == ','), "", 0);
    else if (way == 1)
        splice(text, at + 1, 0, " x = ", 5);
    else
        splice(text, at + 1, end - at - 1, item, (int)strlen(item));
}

static void mutate(Text *text, uint64_t *state) {
    static void (*const ways[])(Text *, uint64_t *) = {insert_piece, insert_piece, replace_piece, replace_piece, remove_part,
                                                       remove_part,  copy_part,    flip_byte,     truncate_text, repeat_piece};
    const int times = 1 + below(state, 4);
    const bool gentle = below(state, 2);
    for (int k = 0; k < times; k++) {
        if (gentle && below(state, 2))
            swap_word(text, state);
        else if (gentle)
            change_item(text, state);
        else
            ways[below(state, k ? 10 : 8)](text, state);
    }
}

/* ---- trying one */

static void append(Text *text, const char *path, int length) {
    char name[512];
    snprintf(name, sizeof name, "%.*s", length, path);
    FILE *file = fopen(name, "rb");
    if (!file) fatal("can't read %s", name);
    text->n += (int)fread(text->at + text->n, 1, (size_t)(TEXT_MAX - 1 - text->n), file);
    fclose(file);
}

static void load(Text *text, const char *paths) {
    text->n = 0;
    for (const char *path = paths; *path; path += *path == '+') {
        const int length = (int)strcspn(path, "+");
        append(text, path, length);
        path += length;
    }
}

static void make_mutation(Text *text, uint64_t number, char **files, int nfiles) {
    uint64_t state = number * 2654435761U + 1;
    load(text, files[below(&state, nfiles)]);
    mutate(text, &state);
    text->at[text->n] = 0;
}

static AstFile *parse_text(Messages *messages, const char *text) {
    AstFile *file = arena_one(messages->arena, AstFile);
    file->source = source_from_text(messages, "fuzz.nn", text, false);
    parse_source(messages->arena, file->source, file);
    return file;
}

static void add_prelude(Messages *messages, AstFile *file) {
    parse_source(messages->arena, source_from_text(messages, "<prelude>", embedded_find("grammar/prelude.nn")->text, true),
                 file);
}

static void verify(const Program *p, const char *stage, void *context) {
    (void)context;
    program_verify(p, stage);
}

static void try_text(const Text *text, FILE *nowhere) {
    Arena *arena = arena_new();
    Messages messages = {.arena = arena, .to = nowhere};
    AstFile *file = parse_text(&messages, text->at);
    if (!messages.errors) ast_print(file, nowhere);
    add_prelude(&messages, file);
    Settings *settings = check_file(arena, file, NULL, 0, 0); /* also what was parsed of a wrong file */
    const LowerOptions options = {.nn_folder = ""};
    if (!messages.errors && file->network.present) model_lower(arena, file, settings, &options, verify, NULL);
    arena_free(arena);
}

/* ---- right files */

static char *printed(const AstFile *file) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) fatal("can't print the tree");
    ast_print(file, to);
    fclose(to);
    return text;
}

static int check_right(const char *path, Text *text) {
    load(text, path);
    text->at[text->n] = 0;
    Arena *arena = arena_new();
    Messages messages = {.arena = arena, .to = stderr};
    AstFile *file = parse_text(&messages, text->at);
    char *once = printed(file), *twice = printed(parse_text(&messages, once));
    const bool same = !strcmp(once, twice);
    if (!same) fprintf(stderr, "printed:\n%s\nand again:\n%s\n", once, twice);
    add_prelude(&messages, file);
    if (file->network.present) check_file(arena, file, NULL, 0, 0);
    const int status = messages.errors || !same;
    free(once);
    free(twice);
    arena_free(arena);
    return status;
}

int main(int argc, char **argv) {
    static Text text;
    if (argc == 3 && !strcmp(argv[1], "--check")) return check_right(argv[2], &text);
    if (argc < 4) return 2;
    if (!strcmp(argv[1], "--show")) {
        make_mutation(&text, strtoull(argv[2], NULL, 10), argv + 3, argc - 3);
        return fwrite(text.at, 1, (size_t)text.n, stdout) != (size_t)text.n;
    }
    const uint64_t first = strtoull(argv[1], NULL, 10), count = strtoull(argv[2], NULL, 10);
    FILE *nowhere = fopen("/dev/null", "w");
    if (!nowhere) fatal("can't open /dev/null");
    for (uint64_t k = first; k < first + count; k++) {
        make_mutation(&text, k, argv + 3, argc - 3);
        try_text(&text, nowhere);
    }
    fclose(nowhere);
    return 0;
}
