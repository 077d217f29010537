/* options: the command line. What each option is called, takes and belongs to is a row of one table. */
#include "train.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef enum Takes { TAKES_NOTHING, TAKES_TEXT, TAKES_TWO_TEXTS, TAKES_COUNT, TAKES_SEED, TAKES_NUMBER } Takes;

enum {
    TRAIN = 1 << COMMAND_TRAIN,
    TEST = 1 << COMMAND_TEST,
    PREDICT = 1 << COMMAND_PREDICT,
    GENERATE = 1 << COMMAND_GENERATE,
    INFO = 1 << COMMAND_INFO
};

typedef struct Option {
    const char *name, *value; /* value: what it is called in the help */
    Takes takes;
    size_t place; /* in Options */
    int commands;
    const char *help;
} Option;

static const Option option_rows[] = {
    {"--data", "FILE", TAKES_TWO_TEXTS, offsetof(Options, data), TRAIN | TEST,
     "other data than the .nn names (twice for IDX: images, labels)"},
    {"--test-data", "FILE", TAKES_TWO_TEXTS, offsetof(Options, test_data), TRAIN, "data to test with at the end"},
    {"--epochs", "N", TAKES_COUNT, offsetof(Options, epochs), TRAIN, "how often to go through the data, in all"},
    {"--rate", "R", TAKES_NUMBER, offsetof(Options, rate), TRAIN, "the learning rate to start with"},
    {"--seed", "S", TAKES_SEED, offsetof(Options, seed), TRAIN | GENERATE, "where all randomness comes from"},
    {"--params", "FILE", TAKES_TEXT, offsetof(Options, params), TRAIN | TEST | PREDICT | GENERATE | INFO,
     "parameters to begin with or to use"},
    {"--save", "FILE", TAKES_TEXT, offsetof(Options, save), TRAIN, "where to save the parameters"},
    {"--resume", NULL, TAKES_NOTHING, offsetof(Options, resume), TRAIN, "go on where the last training was left"},
    {"--threads", "N", TAKES_COUNT, offsetof(Options, threads), TRAIN, "share a step among N threads; the result is the same"},
    {"--log", "FILE", TAKES_TEXT, offsetof(Options, log), TRAIN, "a line for each epoch, as .csv or .jsonl"},
    {"--plot", "FILE", TAKES_TEXT, offsetof(Options, plot), TRAIN, "the curves of the loss, as .svg"},
    {"--time-limit", "SECONDS", TAKES_NUMBER, offsetof(Options, time_limit), TRAIN, "stop and save after this time"},
    {"--quiet", NULL, TAKES_NOTHING, offsetof(Options, quiet), TRAIN, "say nothing but errors"},
    {"--length", "N", TAKES_COUNT, offsetof(Options, length), GENERATE, "how many bytes to generate; 500 unless given"},
    {"--temperature", "T", TAKES_NUMBER, offsetof(Options, temperature), GENERATE,
     "below 1 more cautious, above 1 bolder; 1 unless given"},
    {"--json", NULL, TAKES_NOTHING, offsetof(Options, json), TEST | PREDICT | INFO, "for machines"},
};
enum { OPTION_ROWS = sizeof option_rows / sizeof option_rows[0] };

static const char *const commands[] = {"train", "test", "predict", "generate", "info"};
enum { COMMANDS = sizeof commands / sizeof *commands };

void options_help(const Network *network, const char *program) {
    printf("usage: %s [train] [OPTIONS]            train as %s says, report, save %s.safetensors\n"
           "       %s test [OPTIONS]               measure the saved parameters\n"
           "       %s predict [OPTIONS] [FILE|-]   rows in, rows out\n"
           "       %s generate [OPTIONS] [TEXT|-]  go on with a text, if it was trained on one\n"
           "       %s info [OPTIONS]               what this program was made from\n\noptions:\n",
           program, network->source, network->name, program, program, program, program);
    for (const Option *option = option_rows; option < option_rows + OPTION_ROWS; option++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");
        printf("  %-22s %s\n", left, option->help);
    }
    printf("  %-22s %s\n  %-22s %s\n", "--help", "this text", "--version", "which compiler made this program");
}

static Status wrong_value(const char *option, const char *value, const char *expected) {
    return fail(STATUS_USAGE, "%s takes %s, not \"%s\"", option, expected, value);
}

static Status take_count(const Option *option, const char *value, long *count) {
    char *end;
    errno = 0;
    *count = strtol(value, &end, 10);
    bool positive = !strcmp(option->name, "--threads");
    if (*value < '0' || *value > '9' || *end || errno || *count > INT_MAX || (positive && *count == 0))
        return wrong_value(option->name, value, positive ? "a whole number from 1" : "a whole number");
    return STATUS_DONE;
}

static Status take_seed(const Option *option, const char *value, Options *options) {
    char *end;
    errno = 0;
    options->seed = strtoull(value, &end, 10);
    options->seeded = true;
    return *value < '0' || *value > '9' || *end || errno ? wrong_value(option->name, value, "a whole number") : STATUS_DONE;
}

static Status take_number(const Option *option, const char *value, double *number) {
    if (number_parse(value, strlen(value), number) != NUMBER_FINE || *number <= 0)
        return wrong_value(option->name, value, "a number above 0");
    return STATUS_DONE;
}

static Status take_text(const Option *option, const char *value, const char **texts) {
    if (!*value) return wrong_value(option->name, value, "the name of a file");
    if (!texts[0] || option->takes == TAKES_TEXT)
        texts[0] = value;
    else if (!texts[1])
        texts[1] = value;
    else
        return fail(STATUS_USAGE, "%s is given more than twice", option->name);
    return STATUS_DONE;
}

static Status take_value(const Option *option, const char *value, Options *options) {
    void *place = (char *)options + option->place;
    switch (option->takes) {
    case TAKES_NOTHING: return *(bool *)place = true, STATUS_DONE;
    case TAKES_COUNT: return take_count(option, value, place);
    case TAKES_SEED: return take_seed(option, value, options);
    case TAKES_NUMBER: return take_number(option, value, place);
    case TAKES_TEXT:
    case TAKES_TWO_TEXTS: return take_text(option, value, place);
    }
    return STATUS_DONE;
}

static Status unknown_option(const char *name) {
    const char *names[OPTION_ROWS + 2] = {"--help", "--version"};
    for (int k = 0; k < OPTION_ROWS; k++) names[k + 2] = option_rows[k].name;
    const char *near = closest_name(name, names, OPTION_ROWS + 2);
    fail(STATUS_USAGE, near ? "unknown option %s; did you mean %s?" : "unknown option %s; --help lists them", name, near);
    return STATUS_USAGE;
}

/* --name value, --name=value, or --name. */
static Status take_option(Options *options, int *at) {
    const char *argument = options->argv[*at], *equal = strchr(argument, '=');
    size_t length = equal ? (size_t)(equal - argument) : strlen(argument);
    const Option *option = option_rows;
    while (option < option_rows + OPTION_ROWS &&
           (strlen(option->name) != length || memcmp(option->name, argument, length) != 0))
        option++;
    if (option == option_rows + OPTION_ROWS) return unknown_option(argument);
    if (!(option->commands & 1 << options->command))
        return fail(STATUS_USAGE, "%s is no option of %s", option->name, commands[options->command]);
    if (option->takes == TAKES_NOTHING && equal) return fail(STATUS_USAGE, "%s takes no value", option->name);
    if (option->takes == TAKES_NOTHING) return take_value(option, "", options);
    if (!equal && *at + 1 == options->argc)
        return fail(STATUS_USAGE, "%s needs a value: %s %s", option->name, option->name, option->value);
    return take_value(option, equal ? equal + 1 : options->argv[++*at], options);
}

static Status take_word(Options *options, const char *word, bool first) {
    bool takes_input = options->command == COMMAND_PREDICT || options->command == COMMAND_GENERATE;
    if (!first && takes_input && !options->input) return options->input = word, STATUS_DONE;
    for (int c = 0; c < COMMANDS && first; c++)
        if (!strcmp(word, commands[c])) return options->command = (Command)c, STATUS_DONE;
    const char *near = first ? closest_name(word, commands, COMMANDS) : NULL;
    if (near) return fail(STATUS_USAGE, "unknown command %s; did you mean %s?", word, near);
    return fail(STATUS_USAGE,
                first ? "unknown command %s; there are train, test, predict, generate and info" : "unexpected argument %s",
                word);
}

/* --help and --version go before everything else, wherever they stand. */
static bool asks_for(int argc, char **argv, const char *what, const char *letter) {
    for (int k = 1; k < argc; k++)
        if (!strcmp(argv[k], what) || !strcmp(argv[k], letter)) return true;
    return false;
}

static Status check_together(const Options *options) {
    if (options->resume && options->params) {
        fail(STATUS_USAGE, "--resume takes its parameters from the checkpoint; leave out --params or --resume");
        return STATUS_USAGE;
    }
    return STATUS_DONE;
}

Status options_parse(Options *options, const Network *network, int argc, char **argv) {
    Status status = STATUS_DONE;
    bool literal = false;
    memset(options, 0, sizeof *options);
    options->program = argc ? argv[0] : network->name;
    options->argc = argc;
    options->argv = argv;
    options->epochs = options->threads = options->length = -1;
    if (asks_for(argc, argv, "--help", "-h")) return options->command = COMMAND_HELP, STATUS_DONE;
    if (asks_for(argc, argv, "--version", "--version")) return options->command = COMMAND_VERSION, STATUS_DONE;
    for (int at = 1; at < argc && !status; at++) {
        const char *argument = argv[at];
        if (!literal && !strcmp(argument, "--"))
            literal = true;
        else if (!literal && argument[0] == '-' && argument[1])
            status = take_option(options, &at);
        else
            status = take_word(options, argument, at == 1 && !literal);
    }
    return status ? status : check_together(options);
}

/* ---- the command that resumes */

/* In single quotes where a shell would see more than a word. */
static void print_quoted(const char *text, FILE *to) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=,:@%";
    if (*text && text[strspn(text, plain)] == 0) {
        fputs(text, to);
        return;
    }
    fputc('\'', to);
    for (; *text; text++) *text == '\'' ? fputs("'\\''", to) : fputc(*text, to);
    fputc('\'', to);
}

/* As it was called, but with --resume in place of --params FILE and --time-limit SECONDS. */
void options_print_resume(const Options *options, FILE *to) {
    print_quoted(options->program, to);
    fputs(" train --resume", to);
    for (int k = 1; k < options->argc; k++) {
        const char *argument = options->argv[k];
        bool dropped = !strncmp(argument, "--params", 8) || !strncmp(argument, "--time-limit", 12);
        if (dropped) k += !strchr(argument, '=');
        if (dropped || !strcmp(argument, "--resume") || (k == 1 && !strcmp(argument, "train"))) continue;
        fputc(' ', to);
        print_quoted(argument, to);
    }
    fputc('\n', to);
}
