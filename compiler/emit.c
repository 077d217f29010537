/* emit: the writer, numbers as C literals, and names that clash with nothing. */
#include "../runtime/train/number.h"
#include "c_words.h"
#include "emit_vector.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 124 };

/* ---- the writer */

static void reserve(Writer *w, size_t n) {
    if (w->room - w->n > n) return;
    const size_t room = 2 * w->room + n + 1024;
    w->text = arena_grow(w->plan->arena, w->text, w->n, room, 1);
    w->room = room;
}

static void put_bytes(Writer *w, const char *text, size_t n) {
    reserve(w, n);
    memcpy(w->text + w->n, text, n);
    w->n += n;
}

static void put_spaces(Writer *w, int n) {
    reserve(w, (size_t)n);
    memset(w->text + w->n, ' ', (size_t)n);
    w->n += (size_t)n;
}

void insert(Writer *w, const char *text) {
    put_bytes(w, text, strlen(text));
}

void blank(Writer *w) {
    insert(w, "\n");
}

static void put_formatted(Writer *w, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    format_check(format, args);
    reserve(w, 80);
    const int n = vsnprintf(w->text + w->n, w->room - w->n, format, args);
    if (n < 0) bug("cannot format %s", format);
    if ((size_t)n >= w->room - w->n) {
        reserve(w, (size_t)n);
        vsnprintf(w->text + w->n, w->room - w->n, format, again);
    }
    va_end(again);
    w->n += (size_t)n;
}

const char *real_type(const Plan *plan) {
    return plan->options.f64 ? "double" : "float";
}

static const char *stands_for(const Plan *plan, char letter) {
    switch (letter) {
    case 'N': return plan->name;
    case 'U': return plan->upper;
    case 'T': return plan->type;
    case 'R': return real_type(plan);
    default: bug("$%c stands for nothing", letter);
    }
}

const char *local_name(const Plan *plan, const char *name) {
    if (strcmp(name, plan->name) != 0 && strcmp(name, plan->type) != 0) return name;
    return arena_printf(plan->arena, "%s_", name);
}

/* What a '$' at c stands for; moves c behind it. */
static const char *replaced(const Plan *plan, const char **c) {
    const size_t n = strspn(*c + 1, "abcdefghijklmnopqrstuvwxyz_");
    if (n == 0) {
        *c += 2;
        return stands_for(plan, (*c)[-1]);
    }
    const char *name = arena_text(plan->arena, *c + 1, n);
    *c += n + 1;
    return local_name(plan, name);
}

/* The format with $N ... replaced. */
static char *expand(const Plan *plan, const char *format) {
    size_t size = 1;
    for (const char *c = format; *c;) size += *c == '$' ? strlen(replaced(plan, &c)) : (c++, 1);
    char *text = arena_array(plan->arena, size, 1), *to = text;
    for (const char *c = format; *c;) {
        if (*c != '$') {
            *to++ = *c++;
            continue;
        }
        for (const char *name = replaced(plan, &c); *name; name++) *to++ = *name;
    }
    return text;
}

void put(Writer *w, const char *format, ...) {
    const char *text = strchr(format, '$') ? expand(w->plan, format) : format;
    va_list args;
    va_start(args, format);
    if (!strchr(text, '%'))
        insert(w, text);
    else if (!strcmp(text, "%s"))
        insert(w, va_arg(args, const char *));
    else
        put_formatted(w, text, args);
    va_end(args);
}

static void put_indented(Writer *w, const char *text) {
    const size_t n = strlen(text);
    if (*text == '}' && w->indent) w->indent--;
    if (n) put_spaces(w, 4 * w->indent);
    put_bytes(w, text, n);
    blank(w);
    if (n && text[n - 1] == '{') w->indent++;
}

void line(Writer *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    put_indented(w, arena_vprintf(w->plan->arena, strchr(format, '$') ? expand(w->plan, format) : format, args));
    va_end(args);
}

/* How much an operator holds together what stands around it; -1: no operator. */
static int binding_of(const char *text, size_t k) {
    static const struct {
        const char *signs;
        int binding;
    } levels[] = {{"?:", 0}, {"|&", 1}, {"+-", 2}, {"*/", 3}};
    if (text[k - 1] == ',') return 0;
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++)
        if (text[k + 1] && strchr(levels[l].signs, text[k + 1])) return levels[l].binding;
    return -1;
}

/* Where a line that has `room` columns is best broken: at the operator outside of most parentheses that binds least, the last
 * of equals. */
static size_t break_at(const char *text, size_t room) {
    int depth = 0, best_rank = 1 << 20;
    size_t best = 0;
    for (size_t k = 0; k < room && text[k]; k++) {
        if (strchr("([{", text[k])) depth++;
        if (strchr(")]}", text[k])) depth--;
        if (text[k] != ' ' || k <= room / 3 || binding_of(text, k) < 0) continue;
        const int rank = 4 * depth + binding_of(text, k);
        if (rank <= best_rank) best = k, best_rank = rank;
    }
    return best;
}

void line_wrapped(Writer *w, const char *text) {
    int more = 0;
    while (true) {
        const size_t room = WIDTH - 4 * (size_t)(w->indent + more);
        const size_t cut = strlen(text) > room ? break_at(text, room) : 0;
        put_spaces(w, 4 * (w->indent + more));
        put_bytes(w, text, cut ? cut : strlen(text));
        blank(w);
        if (!cut) return;
        text += cut + 1;
        more = 1;
    }
}

/* Nothing that ends or opens a comment, no trigraph, no control character. */
static void put_comment_text(Writer *w, const char *text, size_t n) {
    for (size_t k = 0; k < n; k++) {
        const char c = (unsigned char)text[k] < ' ' ? ' ' : text[k];
        put_bytes(w, &c, 1);
        const char next = k + 1 < n ? text[k + 1] : '\0';
        if ((c == '*' && next == '/') || (c == '/' && next == '*') || (c == '?' && next == '?')) put_spaces(w, 1);
    }
}

void comment(Writer *w, const char *text) {
    const char *start = "/* ";
    while (true) {
        const size_t n = strcspn(text, "\n");
        put_spaces(w, 4 * w->indent);
        insert(w, start);
        put_comment_text(w, text, n);
        if (!text[n] || !text[n + 1]) break;
        blank(w);
        text += n + 1;
        start = " * ";
    }
    insert(w, " */\n");
}

/* ---- text held back */

void hold(Writer *w) {
    list_push(w->plan->arena, &w->held, w->n);
}

char *release(Writer *w, Arena *arena) {
    const size_t from = w->held.at[--w->held.n];
    char *text = arena_text(arena, w->text + from, w->n - from);
    w->n = from;
    return text;
}

void write_out(Writer *w, FILE *to) {
    if (w->n && fwrite(w->text, w->n, 1, to) != 1) fatal("cannot go on");
    w->n = 0;
}

/* ---- texts and numbers */

/* Octal escapes end after three digits, so nothing that follows can join them. */
const char *string_literal(Arena *arena, const char *text) {
    char *copy = arena_array(arena, 4 * strlen(text) + 3, 1), *to = copy;
    *to++ = '"';
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c < ' ' || *c >= 127 || *c == '"' || *c == '\\' || *c == '?')
            to += sprintf(to, "\\%03o", *c);
        else
            *to++ = (char)*c;
    }
    *to = '"';
    return copy;
}

const char *real_literal(Arena *arena, double v, bool f64) {
    char text[32];
    if (!f64) v = (double)(float)v;
    if (isnan(v)) return "NAN";
    if (isinf(v)) return v < 0 ? "-INFINITY" : "INFINITY";
    (f64 ? number_print_double : number_print_float)(text, v);
    const bool real = strpbrk(text, ".e") != NULL;
    return arena_printf(arena, "%s%s%s", text, real ? "" : ".0", f64 ? "" : "f");
}

/* ---- names */

/* base3, in which base may be anything. */
static bool is_numbered(const char *name, const char *base) {
    const size_t n = strlen(base);
    return !strncmp(name, base, n) && name[n] && !name[n + strspn(name + n, "0123456789")];
}

/* NAME_train_part3, NAME_tile1: functions that were cut off. */
static bool is_part(const Plan *plan, const char *name) {
    const size_t n = strlen(plan->name);
    const char *part = strrchr(name, '_');
    return !strncmp(name, plan->name, n) && name[n] == '_' && (is_numbered(part, "_part") || is_numbered(part, "_tile"));
}

/* Types and functions of vectors, v8 and exp_8, and what functions on them call their parameters and variables. */
bool name_is_vector(const Plan *plan, const char *name) {
    static const char *const bases[] = {"v", "u", "i", "p_", "v_"};
    bool is = false;
    for (size_t k = 0; k < sizeof bases / sizeof *bases; k++) is = is || is_numbered(name, bases[k]);
    return plan->options.vector_bytes && (is || vector_is_called(name));
}

bool names_have(const Names *names, const char *name) {
    const Plan *plan = names->plan;
    return table_find(&names->table, 0, name) >= 0 || is_part(plan, name) || (names->local && name_is_called(name)) ||
           name_is_vector(plan, name);
}

void names_add(Names *names, const char *name) {
    table_put(names->arena, &names->table, 0, name, 0);
}

/* Names with '_' in front are C's; those like M_PI and SIZE_MAX may be; the runtime's begin with exact_. */
const char *names_base(Arena *arena, const char *base) {
    if (*base == '_') return arena_printf(arena, "v%s", base);
    return c_macro_pattern(base) || name_is_runtime(base) ? arena_printf(arena, "v%s_v", base) : base;
}

/* A number alone may make a name of a kind that is taken whatever the number; _v2 makes none. */
const char *names_numbered(Arena *arena, const char *base, int k) {
    const size_t n = strlen(base);
    if (k > 9) return arena_printf(arena, "%s_v%d", base, k);
    const bool digit = n && base[n - 1] >= '0' && base[n - 1] <= '9';
    return arena_printf(arena, "%s%s%d", base, digit ? "_" : "", k);
}

const char *names_take(Names *names, const char *base) {
    base = names_base(names->arena, base);
    const char *name = base;
    for (int k = 2; names_have(names, name); k++) name = names_numbered(names->arena, base, k);
    names_add(names, name);
    return name;
}

static void names_add_list(Names *names, const char *const *list) {
    for (; *list; list++) names_add(names, *list);
}

/* What the file of the network itself declares. */
static void names_add_symbols(Names *names, const Plan *plan) {
    static const char *const macros[] = {"INPUTS", "OUTPUTS", "PARAMS", "STATE", "BATCH", "OPTIMIZER", "APART", "CLASSES", "H"};
    static const char *const symbols[] = {
        "init",       "predict",           "train",        "gradient",       "loss",          "epoch",         "set_rate",
        "get_params", "set_params",        "get_state",    "set_state",      "get_optimizer", "set_optimizer", "find_nonfinite",
        "train_one",  "train_batch",       "gradient_one", "gradient_batch", "loss_one",      "tensor",        "tensors",
        "states",     "optimizer_tensors", "work",         "network",        "classes"};
    for (size_t k = 0; k < sizeof macros / sizeof *macros; k++)
        names_add(names, arena_printf(plan->arena, "%s_%s", plan->upper, macros[k]));
    for (size_t k = 0; k < sizeof symbols / sizeof *symbols; k++)
        names_add(names, arena_printf(plan->arena, "%s_%s", plan->name, symbols[k]));
}

Names *names_new(const Plan *plan) {
    static const char *const *const lists[] = {c_keywords, c_types, c_operators, c_macros};
    Names *names = arena_one(plan->arena, Names);
    names->arena = plan->arena;
    names->plan = plan;
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) names_add_list(names, lists[k]);
    names_add(names, plan->name);
    names_add(names, plan->type);
    names_add_symbols(names, plan);
    if (plan->options.trainer) names_add(names, "trainer_share");
    return names;
}
