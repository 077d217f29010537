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

/* What a file holds may be part of a message: what a terminal might take as a command is shown as '?'. */
static void put_visible(unsigned char c) {
    fputc(c == '\t' ? ' ' : c < 32 || c == 127 ? '?' : c, stderr);
}

static void print_error(const char *format, va_list arguments) {
    char message[1024];
    vsnprintf(message, sizeof message, format, arguments);
    fputs(coloured() ? "\033[1;31merror:\033[0m " : "error: ", stderr);
    for (const char *c = message; *c; c++) put_visible((unsigned char)*c);
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
    va_list arguments;
    va_start(arguments, format);
    fputs("  hint: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

/* A long line is shown from a little before the place. */
static void show_line(const Spot *spot) {
    enum { WIDEST = 100, LEAD = 40 };
    size_t column = spot->column ? spot->column - 1 : 0, begin = 0;
    if (spot->length > WIDEST && column > LEAD) begin = column - LEAD;
    size_t end = spot->length - begin > WIDEST ? begin + WIDEST : spot->length;
    fputs("    ", stderr);
    for (size_t i = begin; i < end; i++) put_visible((unsigned char)spot->text[i]);
    fputs("\n    ", stderr);
    for (size_t i = begin; i < column && i < end; i++)
        if (((unsigned char)spot->text[i] & 0xC0) != 0x80) fputc(' ', stderr);
    fputc('^', stderr);
    for (size_t i = 1; i < spot->underlined && column + i < end; i++)
        if (((unsigned char)spot->text[column + i] & 0xC0) != 0x80) fputc('~', stderr);
    fputc('\n', stderr);
}

/* Columns count characters of UTF-8, as editors do. */
static size_t character_column(const Spot *spot) {
    size_t column = spot->column;
    for (size_t i = 0; spot->text && i + 1 < spot->column; i++) column -= ((unsigned char)spot->text[i] & 0xC0) == 0x80;
    return column;
}

Status fail_at(const Spot *spot, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs(spot->file, stderr);
    if (spot->line) fprintf(stderr, ":%zu", spot->line);
    if (spot->line && spot->column) fprintf(stderr, ":%zu", character_column(spot));
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
