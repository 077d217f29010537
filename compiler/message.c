/* message: what is wrong, with the place underlined.
 *
 * Columns count code points; in the printed line tabs become spaces, control characters and broken UTF-8 a question mark, and
 * of a very long line only a window round the place is shown. */
#include "../runtime/train/utf8.h"
#include "source.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TAB_WIDTH = 4, WINDOW = 112, WINDOW_BEFORE = 48, UNPRINTABLE = -1 };

/* ---- the line of a place */

static const char *line_start(Span span) {
    return span.source->text + span.source->lines[span_line(span) - 1];
}

static int line_length(Span span) {
    const char *start = line_start(span);
    int length = (int)strcspn(start, "\n");
    if (length && start[length - 1] == '\r') length--;
    return length;
}

/* From 1; columns count code points. */
static int span_column(Span span) {
    int column = 1;
    for (const char *p = line_start(span); p < span.source->text + span.from; p++) column += ((unsigned char)*p & 0xC0) != 0x80;
    return column - (((unsigned char)span.source->text[span.from] & 0xC0) == 0x80); /* inside a code point */
}

/* ---- the printed line */

/* What is printed for one code point: `bytes` of the source become `text`, which takes `width` columns. */
typedef struct Cell {
    int bytes, width;
    char text[8];
} Cell;

static int code_width(unsigned code) {
    static const struct {
        unsigned from, to;
        int width;
    } ranges[] = {{0, 8, UNPRINTABLE},  {10, 0x1F, UNPRINTABLE}, {0x7F, 0x9F, UNPRINTABLE},     {0x300, 0x36F, 0},
                  {0x1100, 0x115F, 2},  {0x200B, 0x200F, 0},     {0x202A, 0x202E, UNPRINTABLE}, {0x2066, 0x2069, UNPRINTABLE},
                  {0x2E80, 0xA4CF, 2},  {0xAC00, 0xD7A3, 2},     {0xF900, 0xFAFF, 2},           {0xFE30, 0xFE6F, 2},
                  {0xFF00, 0xFF60, 2},  {0xFFE0, 0xFFE6, 2},     {0x1F300, 0x1F64F, 2},         {0x1F900, 0x1F9FF, 2},
                  {0x20000, 0x3FFFD, 2}};
    for (size_t k = 0; k < sizeof ranges / sizeof *ranges; k++)
        if (code >= ranges[k].from && code <= ranges[k].to) return ranges[k].width;
    return 1;
}

static unsigned code_of(const char *p, int length) {
    unsigned code = (unsigned char)*p & (length == 1 ? 0x7F : 0xFF >> (length + 1));
    for (int k = 1; k < length; k++) code = code << 6 | ((unsigned char)p[k] & 0x3F);
    return code;
}

/* The cell at p, before which `column` columns of the line are printed. */
static Cell cell_at(const char *p, int column) {
    const int length = utf8_length(p), width = length ? code_width(code_of(p, length)) : UNPRINTABLE;
    if (width == UNPRINTABLE) return (Cell){length ? length : 1, 1, "?"};
    Cell cell = {.bytes = length, .width = *p == '\t' ? TAB_WIDTH - column % TAB_WIDTH : width};
    if (*p == '\t')
        memset(cell.text, ' ', (size_t)cell.width);
    else
        memcpy(cell.text, p, (size_t)length);
    return cell;
}

/* The column (from 0) at which byte `at` of the line is printed. */
static int printed_column(const char *line, int length, int at) {
    int column = 0;
    for (int k = 0; k < length && k < at;) {
        const Cell cell = cell_at(line + k, column);
        column += cell.width;
        k += cell.bytes;
    }
    return column;
}

typedef struct Window { /* columns from 0, `to` is one past the last */
    int from, to;
} Window;

/* All of a line of `width` columns, or of a very long one a part with `column` in it. */
static Window window_round(int column, int width) {
    if (width <= WINDOW) return (Window){0, width};
    const int from = column > WINDOW_BEFORE ? column - WINDOW_BEFORE : 0;
    return (Window){from, from + WINDOW < width ? from + WINDOW : width};
}

static void print_window(FILE *to, const char *line, int length, Window window) {
    for (int k = 0, column = 0; k < length && column < window.to;) {
        const Cell cell = cell_at(line + k, column);
        if (column >= window.from) fputs(cell.text, to);
        column += cell.width;
        k += cell.bytes;
    }
}

typedef struct Colors {
    const char *bold, *kind, *mark, *off;
} Colors;

/* "  12 |     dense h[16] tahn" and below it the underline. */
static void print_place(FILE *to, Span span, Colors color) {
    const char *line = line_start(span);
    const int length = line_length(span), start = span.from - (int)(line - span.source->text);
    const int end = start + (span.to - span.from), width = printed_column(line, length, length);
    const int from = printed_column(line, length, start);
    const Window window = window_round(from, width);
    int stop = printed_column(line, length, end < length ? end : length);
    if (stop > window.to) stop = window.to;
    fprintf(to, "%5d | %s", span_line(span), window.from ? "..." : "");
    print_window(to, line, length, window);
    fprintf(to, "%s\n      | ", window.to < width ? "..." : "");
    fprintf(to, "%*s%s^", from - window.from + (window.from ? 3 : 0), "", color.mark);
    for (int k = from + 1; k < stop; k++) fputc('~', to);
    fprintf(to, "%s\n", color.off);
}

/* ---- messages */

typedef struct Severity {
    const char *name, *color;
} Severity;
static const Severity severity_error = {"error", "\033[1;31m"};
static const Severity severity_note = {"note", "\033[1;36m"};
static const Severity severity_warning = {"warning", "\033[1;35m"};

static Colors colors_of(const Messages *m, Severity severity) {
    return m->color ? (Colors){"\033[1m", severity.color, "\033[1;32m", "\033[0m"} : (Colors){"", "", "", ""};
}

static void print_message(Span span, Severity severity, const char *format, va_list args) {
    Messages *m = span.source->messages;
    const Colors color = colors_of(m, severity);
    char *text = arena_vprintf(m->arena, format, args);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) *p = '?';
    fprintf(m->to, "%s%s:%d:%d:%s %s%s:%s %s\n", color.bold, span.source->name, span_line(span), span_column(span), color.off,
            color.kind, severity.name, color.off, text);
    print_place(m->to, span, color);
}

/* One place costs one message, and the file as a whole ERROR_LIMIT of them. */
static bool is_silent(Messages *m, Span span) {
    for (int k = 0; k < m->nplaces; k++)
        if (m->places[k].in == span.source && m->places[k].at == span.from) return true;
    if (m->nplaces < ERROR_LIMIT) {
        m->places[m->nplaces].in = span.source;
        m->places[m->nplaces++].at = span.from;
    }
    if (++m->errors == ERROR_LIMIT + 1) fprintf(m->to, "too many errors: only the first %d are shown\n", ERROR_LIMIT);
    return m->errors > ERROR_LIMIT;
}

bool messages_full(const Messages *messages) {
    return messages->errors > ERROR_LIMIT;
}

void source_error(Span span, const char *format, ...) {
    if (!span.source) bug("an error without a place: %s", format);
    Messages *m = span.source->messages;
    m->silent = is_silent(m, span);
    if (m->silent) return;
    va_list args;
    va_start(args, format);
    print_message(span, severity_error, format, args);
    va_end(args);
}

void source_note(Span span, const char *format, ...) {
    if (!span.source || span.source->messages->silent) return;
    va_list args;
    va_start(args, format);
    print_message(span, severity_note, format, args);
    va_end(args);
}

void source_warning(Span span, const char *format, ...) {
    if (!span.source) bug("a warning without a place: %s", format);
    span.source->messages->silent = false;
    va_list args;
    va_start(args, format);
    print_message(span, severity_warning, format, args);
    va_end(args);
}

void file_error(Messages *m, const char *path, const char *format, ...) {
    const Colors color = colors_of(m, severity_error);
    m->errors++;
    va_list args;
    va_start(args, format);
    fprintf(m->to, "%s%s:%s %serror:%s %s\n", color.bold, path, color.off, color.kind, color.off,
            arena_vprintf(m->arena, format, args));
    va_end(args);
}

/* ---- the end */

static void print_failure(const char *what, const char *format, va_list args) {
    fflush(stdout);
    fprintf(stderr, "nnc: %s", what);
    vfprintf(stderr, format, args);
}

void usage(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_failure("", format, args);
    va_end(args);
    fputs("\nTry 'nnc --help'.\n", stderr);
    exit(2);
}

void fatal(const char *format, ...) {
    const int failure = errno;
    va_list args;
    va_start(args, format);
    print_failure("", format, args);
    va_end(args);
    fprintf(stderr, failure ? ": %s\n" : "\n", strerror(failure));
    exit(3);
}

void bug(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_failure("bug: ", format, args);
    va_end(args);
    fputs("\nPlease report this with the .nn file.\n", stderr);
    abort();
}
