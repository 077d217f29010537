/* source: reading files, finding lines, printing messages with the place underlined.
 *
 * Columns count code points; in the printed line tabs become spaces, control characters and broken UTF-8 a question mark, and
 * of a very long line only a window round the place is shown. */
#include "source.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TAB_WIDTH = 4, WINDOW = 112, WINDOW_BEFORE = 48 };

/* ---- reading */

static void index_lines(Source *source) {
    int count = 1;
    for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(source->text + source->length - p))); p++) count++;
    int *lines = arena_many(source->messages->arena, count, int);
    int n = 1;
    for (int k = 0; k < source->length; k++)
        if (source->text[k] == '\n') lines[n++] = k + 1;
    source->lines = lines;
    source->nlines = count;
}

Source *source_from_text(Messages *messages, const char *name, const char *text, bool prelude) {
    Source *source = arena_one(messages->arena, Source);
    *source = (Source){.name = name, .text = text, .length = (int)strlen(text), .prelude = prelude, .messages = messages};
    index_lines(source);
    return source;
}

/* An error about a file as a whole. */
static void file_error(Messages *messages, const char *name, const char *text) {
    messages->errors++;
    fprintf(messages->to, "%s: error: %s\n", name, text);
}

/* The bytes of an open file, at most SOURCE_MAX + 1 of them, or NULL with errno set. */
static char *read_all(Arena *arena, FILE *file, size_t *length) {
    size_t room = 1 << 14;
    char *text = arena_array(arena, room, 1);
    *length = 0;
    for (;;) {
        errno = 0;
        *length += fread(text + *length, 1, room - 1 - *length, file);
        if (ferror(file)) return NULL;
        if (*length < room - 1 || *length > SOURCE_MAX) break;
        text = arena_grow(arena, text, *length, 4 * room, 1);
        room *= 4;
    }
    text[*length] = 0;
    return text;
}

Source *source_read(Messages *messages, const char *path) {
    const bool standard = !strcmp(path, "-");
    const char *name = standard ? "<stdin>" : path;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file) return NULL;
    size_t length = 0;
    const char *text = read_all(messages->arena, file, &length);
    const int failure = errno;
    if (!standard) fclose(file);
    errno = text ? 0 : failure;
    if (!text) return NULL;
    if (length > SOURCE_MAX) {
        file_error(messages, name, "the file is too large (16 MiB at most)");
        return NULL;
    }
    if (memchr(text, 0, length)) {
        file_error(messages, name, "the file holds zero bytes: this is no text");
        return NULL;
    }
    return source_from_text(messages, arena_text(messages->arena, name, strlen(name)), text, false);
}

/* ---- places */

Span span_join(Span a, Span b) {
    if (!a.source) return b;
    return (Span){a.source, a.from, b.source == a.source && b.to > a.to ? b.to : a.to};
}

int span_line(Span span) {
    if (!span.source) return 0;
    int low = 0, high = span.source->nlines;
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        if (span.source->lines[middle] <= span.from)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

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

char *span_text(Arena *arena, Span span) {
    if (!span.source) return arena_text(arena, "", 0);
    return arena_text(arena, span.source->text + span.from, (size_t)(span.to - span.from));
}

/* ---- the printed line */

/* What is printed for one code point: `bytes` of the source become `text`, which takes `width` columns. */
typedef struct Cell {
    int bytes, width;
    char text[8];
} Cell;

static int sequence_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

static int code_width(unsigned code) {
    static const struct {
        unsigned from, to;
        int width;
    } ranges[] = {{0x80, 0x9F, -1},      {0x300, 0x36F, 0},     {0x1100, 0x115F, 2},  {0x200B, 0x200F, 0},
                  {0x202A, 0x202E, -1},  {0x2066, 0x2069, -1},  {0x2E80, 0xA4CF, 2},  {0xAC00, 0xD7A3, 2},
                  {0xF900, 0xFAFF, 2},   {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2},  {0xFFE0, 0xFFE6, 2},
                  {0x1F300, 0x1F64F, 2}, {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2}};
    for (size_t k = 0; k < sizeof ranges / sizeof *ranges; k++)
        if (code >= ranges[k].from && code <= ranges[k].to) return ranges[k].width;
    return 1;
}

static const Cell unprintable = {1, 1, "?"};

static Cell decode_sequence(const char *p, int left) {
    const int length = sequence_length((unsigned char)*p);
    if (!length || length > left) return unprintable;
    unsigned code = (unsigned char)*p & (length == 1 ? 0x7F : 0xFF >> (length + 1));
    for (int k = 1; k < length; k++) {
        if (((unsigned char)p[k] & 0xC0) != 0x80) return unprintable;
        code = code << 6 | ((unsigned char)p[k] & 0x3F);
    }
    Cell cell = {.bytes = length, .width = code_width(code)};
    if (cell.width < 0) return (Cell){length, 1, "?"};
    memcpy(cell.text, p, (size_t)length);
    return cell;
}

/* The cell at p, where `column` columns of the line are printed before it and `left` bytes remain. */
static Cell cell_at(const char *p, int left, int column) {
    if (*p == '\t') {
        Cell cell = {.bytes = 1, .width = TAB_WIDTH - column % TAB_WIDTH};
        memset(cell.text, ' ', (size_t)cell.width);
        return cell;
    }
    if ((unsigned char)*p < 0x20 || *p == 0x7F) return unprintable;
    return decode_sequence(p, left);
}

/* The column (from 0) at which byte `at` of the line is printed. */
static int printed_column(const char *line, int length, int at) {
    int column = 0;
    for (int k = 0; k < length && k < at;) {
        const Cell cell = cell_at(line + k, length - k, column);
        column += cell.width;
        k += cell.bytes;
    }
    return column;
}

/* Prints the columns [from, to) of a line. */
static void print_window(FILE *to_file, const char *line, int length, int from, int to) {
    for (int k = 0, column = 0; k < length && column < to;) {
        const Cell cell = cell_at(line + k, length - k, column);
        if (column >= from) fputs(cell.text, to_file);
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
    const int end = start + (span.to - span.from);
    const int width = printed_column(line, length, length), from = printed_column(line, length, start);
    int stop = printed_column(line, length, end < length ? end : length);
    if (stop <= from) stop = from + 1;
    int left = 0, right = width;
    if (width > WINDOW) {
        left = from > WINDOW_BEFORE ? from - WINDOW_BEFORE : 0;
        right = left + WINDOW < width ? left + WINDOW : width;
        if (stop > right) stop = right > from ? right : from + 1;
    }
    fprintf(to, "%5d | %s", span_line(span), left ? "..." : "");
    print_window(to, line, length, left, right);
    fprintf(to, "%s\n      | %*s%s^", right < width ? "..." : "", from - left + (left ? 3 : 0), "", color.mark);
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

static void print_message(Span span, Severity severity, const char *format, va_list args) {
    Messages *m = span.source->messages;
    const Colors color = m->color ? (Colors){"\033[1m", severity.color, "\033[1;32m", "\033[0m"} : (Colors){"", "", "", ""};
    char *text = arena_vprintf(m->arena, format, args);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) *p = '?';
    fprintf(m->to, "%s%s:%d:%d:%s %s%s:%s %s\n", color.bold, span.source->name, span_line(span), span_column(span), color.off,
            color.kind, severity.name, color.off, text);
    print_place(m->to, span, color);
}

/* One place costs one message, and the file as a whole ERROR_LIMIT of them. */
static bool is_silent(Messages *m, Span span) {
    if (m->in == span.source && m->at == span.from) return true;
    m->in = span.source;
    m->at = span.from;
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

/* ---- likely names */

enum { NAME_MAX_COMPARED = 40 };

static int lower_case(int c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int min3(int a, int b, int c) {
    return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

/* Edit distance: insert, delete, replace, or swap two neighbours, each costing 1; the case of letters is free. */
static int edit_distance(const char *a, int na, const char *b, int nb) {
    int rows[3][NAME_MAX_COMPARED + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (int j = 0; j <= nb; j++) before[j] = last[j] = j;
    for (int i = 1; i <= na; i++) {
        now[0] = i;
        for (int j = 1; j <= nb; j++) {
            const bool same = lower_case(a[i - 1]) == lower_case(b[j - 1]);
            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + !same);
            const bool swapped =
                i > 1 && j > 1 && lower_case(a[i - 1]) == lower_case(b[j - 2]) && lower_case(a[i - 2]) == lower_case(b[j - 1]);
            if (swapped && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
        }
        int *spare = before;
        before = last, last = now, now = spare;
    }
    return last[nb];
}

const char *nearest_name(const char *name, const char *const *names, int n) {
    const int length = (int)strlen(name);
    if (length > NAME_MAX_COMPARED) return NULL;
    int best = length <= 2 ? 1 : length <= 5 ? 2 : length <= 9 ? 3 : 4; /* must stay below */
    const char *nearest = NULL;
    for (int k = 0; k < n; k++) {
        const int other = (int)strlen(names[k]);
        if (other > NAME_MAX_COMPARED) continue;
        const int distance = edit_distance(name, length, names[k], other);
        if (distance < best && distance < length) {
            best = distance;
            nearest = names[k];
        }
    }
    return nearest;
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
