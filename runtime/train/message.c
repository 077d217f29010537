/* message: what goes wrong, said on stderr: the place, what is wrong there, the line with the place underlined. */
#include "train.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Colour only where a person looks and has not declined it. */
static bool coloured(void) {
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && !(none && *none) && terminal && strcmp(terminal, "dumb") != 0;
}

/* What a file holds may be part of a message: what a terminal might take as a command, and what is not UTF-8, is shown as '?'.
 * Prints one character and gives its bytes. */
static size_t put_visible(const char *at) {
    const unsigned char *c = (const unsigned char *)at;
    const size_t bytes = (size_t)utf8_length(at);
    const bool control = *c < 32 || *c == 127 || (*c == 0xC2 && c[1] < 0xA0);
    if (*c == '\t')
        fputc(' ', stderr);
    else if (!bytes || control)
        fputc('?', stderr);
    else
        fwrite(at, 1, bytes, stderr);
    return bytes ? bytes : 1;
}

static void put_all_visible(const char *text) {
    while (*text) text += put_visible(text);
}

static void print_error(const char *format, va_list arguments) {
    char message[1024];
    vsnprintf(message, sizeof message, format, arguments);
    fputs(coloured() ? "\033[1;31merror:\033[0m " : "error: ", stderr);
    put_all_visible(message);
    fputc('\n', stderr);
}

Status fail(Status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_error(format, arguments);
    va_end(arguments);
    return status;
}

void hint(const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fputs("  hint: ", stderr);
    put_all_visible(message);
    fputc('\n', stderr);
}

/* How many characters `bytes` bytes are. */
static size_t count_characters(const char *text, size_t bytes) {
    size_t count = 0;
    for (size_t at = 0; at < bytes; count++) {
        const int length = utf8_length(text + at);
        at += length ? (size_t)length : 1;
    }
    return count;
}

/* A long line is shown from a little before the place. */
static void show_line(const Spot *spot) {
    enum { WIDEST = 100, LEAD = 40 };
    const size_t column = spot->column ? spot->column - 1 : 0;
    size_t begin = spot->length > WIDEST && column > LEAD ? column - LEAD : 0;
    while (begin && begin < column && (spot->text[begin] & 0xC0) == 0x80) begin++;
    const size_t end = spot->length - begin > WIDEST ? begin + WIDEST : spot->length;
    const size_t last = column + spot->underlined < end ? column + spot->underlined : end;
    fputs("    ", stderr);
    for (size_t i = begin; i < end;) i += put_visible(spot->text + i);
    fprintf(stderr, "\n    %*s^", (int)count_characters(spot->text + begin, column - begin), "");
    const size_t underlined = last > column ? count_characters(spot->text + column, last - column) : 0;
    for (size_t i = 1; i < underlined; i++) fputc('~', stderr);
    fputc('\n', stderr);
}

/* Columns count characters, as editors do. */
static size_t character_column(const Spot *spot) {
    return spot->text ? count_characters(spot->text, spot->column - 1) + 1 : spot->column;
}

void print_spot(const Spot *spot) {
    put_all_visible(spot->file);
    if (spot->line) fprintf(stderr, ":%zu", spot->line);
    if (spot->line && spot->column) fprintf(stderr, ":%zu", character_column(spot));
    if (spot->part) fprintf(stderr, ", %s %zu", spot->part, spot->number);
}

Status fail_at(const Spot *spot, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_spot(spot);
    fputs(": ", stderr);
    print_error(format, arguments);
    va_end(arguments);
    if (spot->text && spot->column <= spot->length + 1) show_line(spot);
    return STATUS_INPUT;
}

/* A file that isn't there or may not be read is wrong input; a disk that fails is not. */
Status fail_read(const char *path, int error) {
    bool system = error == EIO || error == ENOMEM || error == EMFILE || error == ENFILE;
    return fail(system ? STATUS_SYSTEM : STATUS_INPUT, "cannot read %s: %s", path, strerror(error));
}

Status fail_write(const char *path, int error) {
    return fail(STATUS_SYSTEM, "cannot write %s: %s", path, strerror(error));
}

/* Levenshtein's distance of two short words; `limit` + 1 stands for anything beyond it. */
static size_t word_distance(const char *a, const char *b, size_t limit) {
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1], la = strlen(a), lb = strlen(b);
    if (la > LONGEST || lb > LONGEST) return limit + 1;
    for (size_t j = 0; j <= lb; j++) row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            if (row[j] + 1 < change) change = row[j] + 1;
            row[j] = row[j - 1] + 1 < change ? row[j - 1] + 1 : change;
        }
    }
    return row[lb] <= limit ? row[lb] : limit + 1;
}

const char *closest_name(const char *wrong, const char *const *names, size_t count) {
    size_t limit = strlen(wrong) / 3 + 1, best = limit + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t distance = names[i] ? word_distance(wrong, names[i], limit) : limit + 1;
        if (distance < best) best = distance, nearest = names[i];
    }
    return nearest;
}
