/* options: the command line. One row for each command and each option; a row's function takes the option's value. */
#include "options.h"
#include "c_words.h"
#include "words.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const help_text =
    "nnc, the network compiler: turns a .nn file into a program that trains, or into C.\n"
    "\n"
    "Usage: nnc COMMAND FILE.nn [OPTIONS]\n"
    "       nnc FILE.nn                     the same as nnc build FILE.nn\n"
    "\n"
    "Commands\n"
    "  build FILE.nn [-o NAME]             compile to a standalone trainer, named as the network\n"
    "  run FILE.nn [-- ARGS]               build it in a cache and run it with ARGS\n"
    "  emit FILE.nn [-o FOLDER]            write NAME.c and NAME.h: the network as self-contained C\n"
    "  emit FILE.nn --predict --params W   the same, only to predict, with the numbers of W inside\n"
    "  check FILE.nn                       report errors only\n"
    "  show FILE.nn                        the table of layers: shapes, parameters, cost, schedule\n"
    "  list KIND [--markdown]              what the prelude defines: layers, activations, losses, optimizers,\n"
    "                                      schedules or initializers, with options and formula\n"
    "\n"
    "Options\n"
    "  -o PATH            where to write; - is standard output\n"
    "  -D NAME=VALUE      give a constant of the file another value\n"
    "  --real f32|f64     numbers of 32 or 64 bits, whatever the file says\n"
    "  --target T         native, avx512, avx2, sse2, neon, or scalar: plain C99 (default:\n"
    "                     native for build, run and show, scalar for emit)\n"
    "  --unroll MODE      auto, full, none, or N: unroll networks of up to N multiply-adds (default auto)\n"
    "  --exact            the same bits on every machine: no fused operations, own elementary functions\n"
    "  --no-gradient      emit: leave NAME_gradient out, and the memory in the struct for what it computes\n"
    "  --raw              emit --predict: the network alone; its caller scales as the data block says\n"
    "  --prefix P         emit: begin the C names with P instead of the network's name\n"
    "  -d STAGE           print the program after a stage: parse, lower, grad, update, simplify, order, plan,\n"
    "                     nest, schedule, all\n"
    "  -v                 print how long each stage takes\n"
    "  -MD                write a make rule of what the output depends on, beside it\n"
    "  --color[=WHEN]     colour messages: always, never, auto (default auto)\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 done, 1 the input is wrong or missing, 2 the command line is wrong, 3 the system failed.\n";

/* ---- commands */

typedef struct CommandRow {
    const char *name;
    Command command;
} CommandRow;
static const CommandRow commands[] = {{"build", COMMAND_BUILD}, {"run", COMMAND_RUN},   {"emit", COMMAND_EMIT},
                                      {"check", COMMAND_CHECK}, {"show", COMMAND_SHOW}, {"list", COMMAND_LIST}};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const CommandRow *find_command(const char *name) {
    for (int k = 0; k < COMMANDS; k++)
        if (!strcmp(commands[k].name, name)) return &commands[k];
    return NULL;
}

/* ---- values */

typedef struct CommandLine { /* being read */
    Arena *arena;
    Options *options;
    int argc, at;
    char **argv;
    bool has_command;
    unsigned used; /* the options that were given, a bit each, to check against the command */
} CommandLine;

/* The position of `value` in `words` (ending with NULL), or a usage error. */
static int choose(const CommandLine *line, const char *option, const char *value, const char *const *words) {
    int n = 0;
    for (; words[n]; n++)
        if (!strcmp(words[n], value)) return n;
    usage("%s takes %s, not '%s'%s", option, alternatives(line->arena, words, n), value,
          suggestion(line->arena, value, words, n));
}

static void take_output(CommandLine *line, const char *value) {
    if (!*value) usage("-o needs a name");
    line->options->output = value;
}

static bool is_name(const char *text, size_t length) {
    static const char *const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return length && strspn(text, letters) >= length && !strchr("0123456789", *text);
}

static void take_define(CommandLine *line, const char *value) {
    const size_t length = strcspn(value, "=");
    const char *text = value[length] ? value + length + 1 : "";
    if (!is_name(value, length) || !value[length]) usage("-D takes NAME=VALUE, not '%s'", value);
    char *end = NULL;
    Define define = {.name = arena_text(line->arena, value, length), .value = strtod(text, &end)};
    if (!strcmp(text, "yes") || !strcmp(text, "no"))
        define.value = *text == 'y';
    else if (!*text || *end || strpbrk(text, "xXnN \t\n") || !isfinite(define.value))
        usage("-D %s: '%s' is not a number", define.name, text);
    list_push(line->arena, &line->options->defines, define);
}

static void take_real(CommandLine *line, const char *value) {
    static const char *const words[] = {"f32", "f64", NULL};
    line->options->real = choose(line, "--real", value, words) ? 64 : 32;
}

static void take_target(CommandLine *line, const char *value) {
    static const char *const words[] = {"native", "avx512", "avx2", "sse2", "neon", "scalar", NULL};
    line->options->target = words[choose(line, "--target", value, words)];
}

static void take_unroll_limit(CommandLine *line, const char *value) {
    char *end = NULL;
    errno = 0;
    line->options->unroll = UNROLL_LIMIT;
    line->options->unroll_limit = strtoll(value, &end, 10);
    if (*end || errno) usage("--unroll takes auto, full, none or a number, not '%s'", value);
}

static void take_unroll(CommandLine *line, const char *value) {
    static const char *const words[] = {"auto", "full", "none", "a number", NULL};
    static const UnrollKind kinds[] = {UNROLL_AUTO, UNROLL_FULL, UNROLL_NONE, UNROLL_LIMIT};
    if (*value >= '0' && *value <= '9') {
        take_unroll_limit(line, value);
        return;
    }
    line->options->unroll = kinds[choose(line, "--unroll", value, words)];
    if (line->options->unroll == UNROLL_LIMIT) usage("--unroll takes a number as it is: --unroll 1000");
}

static void take_dump(CommandLine *line, const char *value) {
    static const char *const words[] = {"parse", "lower", "grad",     "update", "simplify", "order",
                                        "plan",  "nest",  "schedule", "all",    NULL};
    list_push(line->arena, &line->options->dumps, words[choose(line, "-d", value, words)]);
}

static void take_params(CommandLine *line, const char *value) {
    line->options->params = value;
}

static void take_prefix(CommandLine *line, const char *value) {
    if (!is_name(value, strlen(value))) usage("--prefix takes a C name, not '%s'", value);
    if (c_word(value)) usage("--prefix takes a C name, and '%s' is %s", value, c_word(value));
    line->options->prefix = value;
}

static bool terminal_has_color(void) {
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(STDERR_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static void take_color(CommandLine *line, const char *value) {
    static const char *const words[] = {"always", "never", "auto", NULL};
    const int when = value ? choose(line, "--color", value, words) : 0;
    line->options->color = when == 2 ? terminal_has_color() : when == 0;
}

/* ---- what ends nnc */

static _Noreturn void finish_output(int status) {
    errno = 0;
    if (fflush(stdout) || ferror(stdout)) fatal("cannot write to standard output");
    exit(status);
}

static void take_help(CommandLine *line, const char *value) {
    (void)line, (void)value;
    fputs(help_text, stdout);
    finish_output(0);
}

static void take_version(CommandLine *line, const char *value) {
    (void)line, (void)value;
    puts("nnc " NNC_VERSION);
    finish_output(0);
}

/* ---- options */

typedef enum ValueKind { VALUE_NONE, VALUE_NEEDED, VALUE_OPTIONAL } ValueKind; /* optional: only as --color=WHEN */

enum {
    ANY = ~0,
    MAKES = 1 << COMMAND_BUILD | 1 << COMMAND_RUN | 1 << COMMAND_EMIT | 1 << COMMAND_SHOW | 1 << COMMAND_CHECK,
    WRITES = 1 << COMMAND_BUILD | 1 << COMMAND_EMIT
};

typedef struct OptionRow {
    const char *name;
    ValueKind value;
    unsigned commands;                                  /* bits: 1 << Command */
    void (*take)(CommandLine *line, const char *value); /* NULL: sets a flag */
    size_t flag;                                        /* its place in Options */
} OptionRow;
#define FLAG(name) NULL, offsetof(Options, name)
static const OptionRow options[] = {
    {"-o", VALUE_NEEDED, WRITES, take_output, 0},
    {"-D", VALUE_NEEDED, MAKES, take_define, 0},
    {"--real", VALUE_NEEDED, MAKES, take_real, 0},
    {"--target", VALUE_NEEDED, MAKES, take_target, 0},
    {"--unroll", VALUE_NEEDED, MAKES, take_unroll, 0},
    {"--exact", VALUE_NONE, MAKES, FLAG(exact)},
    {"--no-gradient", VALUE_NONE, 1 << COMMAND_EMIT | 1 << COMMAND_SHOW, FLAG(no_gradient)},
    {"-d", VALUE_NEEDED, MAKES, take_dump, 0},
    {"-v", VALUE_NONE, ANY, FLAG(verbose)},
    {"--predict", VALUE_NONE, 1 << COMMAND_EMIT, FLAG(predict)},
    {"--raw", VALUE_NONE, 1 << COMMAND_EMIT, FLAG(raw)},
    {"--params", VALUE_NEEDED, 1 << COMMAND_EMIT, take_params, 0},
    {"--prefix", VALUE_NEEDED, 1 << COMMAND_EMIT, take_prefix, 0},
    {"-MD", VALUE_NONE, 1 << COMMAND_BUILD | 1 << COMMAND_EMIT, FLAG(dependencies)},
    {"--markdown", VALUE_NONE, 1 << COMMAND_LIST, FLAG(markdown)},
    {"--color", VALUE_OPTIONAL, ANY, take_color, 0},
    {"--help", VALUE_NONE, ANY, take_help, 0},
    {"-h", VALUE_NONE, ANY, take_help, 0},
    {"--version", VALUE_NONE, ANY, take_version, 0},
};
enum { OPTIONS = sizeof options / sizeof *options };
_Static_assert(OPTIONS <= 32, "a bit for each");

static bool is_long(const OptionRow *row) {
    return row->name[1] == '-';
}

/* The row of an argument, and the value that is written in it: --real=f64, -Dn=3. */
static const OptionRow *find_option(const char *argument, const char **value) {
    for (int k = 0; k < OPTIONS; k++) {
        const OptionRow *row = &options[k];
        const size_t length = strlen(row->name);
        *value = NULL;
        if (!strcmp(argument, row->name)) return row;
        if (strncmp(argument, row->name, length) != 0 || row->value == VALUE_NONE) continue;
        *value = argument + length + is_long(row);
        if (!is_long(row) || argument[length] == '=') return row;
    }
    return NULL;
}

static _Noreturn void unknown_option(const CommandLine *line, const char *argument) {
    const char *names[OPTIONS];
    for (int k = 0; k < OPTIONS; k++) names[k] = options[k].name;
    const char *name = arena_text(line->arena, argument, strcspn(argument, "="));
    for (int k = 0; k < OPTIONS; k++)
        if (!strcmp(names[k], name)) usage("%s takes no value", name);
    usage("there is no option %s%s", name, strlen(name) > 3 ? suggestion(line->arena, name, names, OPTIONS) : "");
}

static void take_option(CommandLine *line, const char *argument) {
    const char *value = NULL;
    const OptionRow *row = find_option(argument, &value);
    if (!row) unknown_option(line, argument);
    if (row->value == VALUE_NEEDED && !value) {
        if (line->at == line->argc) usage("%s needs a value", row->name);
        value = line->argv[line->at++];
    }
    line->used |= 1U << (row - options);
    if (row->take)
        row->take(line, value);
    else
        *(bool *)((char *)line->options + row->flag) = true;
}

/* ---- the rest */

static _Noreturn void unknown_command(const CommandLine *line, const char *word) {
    const char *names[COMMANDS];
    for (int k = 0; k < COMMANDS; k++) names[k] = commands[k].name;
    usage("there is no command '%s'%s", word, suggestion(line->arena, word, names, COMMANDS));
}

static void take_command(CommandLine *line, const char *word) {
    const CommandRow *row = find_command(word);
    const size_t length = strlen(word);
    const bool file = strchr(word, '/') || !strcmp(word, "-") || (length > 3 && !strcmp(word + length - 3, ".nn"));
    line->has_command = true;
    if (row) {
        line->options->command = row->command;
        line->options->command_name = row->name;
    } else if (file || !access(word, F_OK)) {
        line->options->file = word;
    } else {
        unknown_command(line, word);
    }
}

static const char *const list_kinds[] = {"layers", "activations", "losses", "optimizers", "schedules", "initializers", NULL};
enum { LIST_KINDS = sizeof list_kinds / sizeof *list_kinds - 1 };

static void take_word(CommandLine *line, const char *word) {
    Options *o = line->options;
    if (!line->has_command)
        take_command(line, word);
    else if (o->command == COMMAND_LIST && !o->kind)
        o->kind = list_kinds[choose(line, "list", word, list_kinds)];
    else if (o->command != COMMAND_LIST && !o->file)
        o->file = word;
    else if (o->command == COMMAND_RUN)
        usage("one file is expected, and '%s' is another; arguments of the program come after --", word);
    else
        usage("one %s is expected, and '%s' is another", o->command == COMMAND_LIST ? "kind" : "file", word);
}

static void check_complete(const CommandLine *line) {
    const Options *o = line->options;
    if (!line->has_command) usage("a command and a file are expected: nnc build FILE.nn");
    if (o->command == COMMAND_LIST && !o->kind)
        usage("list takes a kind: %s", alternatives(line->arena, list_kinds, LIST_KINDS));
    if (o->command != COMMAND_LIST && !o->file) usage("%s needs a file: nnc %s FILE.nn", o->command_name, o->command_name);
    if (o->nargs && o->command != COMMAND_RUN) usage("arguments after -- belong to nnc run");
    for (int k = 0; k < OPTIONS; k++)
        if (line->used >> k & 1 && !(options[k].commands & 1U << o->command))
            usage("%s has no option %s", o->command_name, options[k].name);
    if (o->raw && !o->predict) usage("--raw goes with --predict");
    if (o->params && !o->predict) usage("--params goes with --predict");
    if (o->predict && !o->params) usage("--predict needs --params FILE: the numbers to freeze");
}

Options *options_parse(Arena *arena, int argc, char **argv) {
    CommandLine line = {.arena = arena, .options = arena_one(arena, Options), .argc = argc, .at = 1, .argv = argv};
    Options *o = line.options;
    o->command_name = "build";
    o->color = terminal_has_color();
    while (line.at < argc) {
        const char *argument = argv[line.at++];
        if (!strcmp(argument, "--")) {
            o->nargs = argc - line.at;
            o->args = argv + line.at;
            break;
        }
        if (*argument == '-' && argument[1])
            take_option(&line, argument);
        else
            take_word(&line, argument);
    }
    check_complete(&line);
    return o;
}
