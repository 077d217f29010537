/* rows: rows of fields from a text file or a stream (RFC 4180, with ',', tab or ';'), and where they stand. Lines end in LF,
 * CRLF or CR; empty lines are passed over; spaces round an unquoted field don't belong to it. */
#include "train.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BUFFER = 1 << 16, LONGEST_ROW = 1 << 28, MOST_FIELDS = 1 << 24 };

/* ---- what is wrong */

static Status wrong_at(const Rows *rows, const Spot *spot, const char *message) {
    return rows->quiet ? STATUS_INPUT : fail_at(spot, "%s", message);
}

static Status too_much(const Rows *rows, const char *what) {
    return rows->quiet ? STATUS_SYSTEM : fail(STATUS_SYSTEM, "%s: %s", rows->file, what);
}

static Status unreadable(const Rows *rows, int error) {
    if (rows->quiet) return STATUS_INPUT;
    if (error != EISDIR) return fail_read(rows->file, error);
    return fail(STATUS_INPUT, "cannot read %s: it is a directory, a file is expected", rows->file);
}

/* ---- the buffer */

static Status grow_buffer(Rows *rows) {
    size_t capacity = rows->capacity ? rows->capacity * 2 : FIRST_BUFFER;
    const Spot spot = rows_spot(rows, -1);
    if (capacity > LONGEST_ROW) return wrong_at(rows, &spot, "this row is too long (a quote that is never closed?)");
    char *buffer = realloc(rows->buffer, capacity);
    if (!buffer) return too_much(rows, "out of memory while reading it");
    rows->buffer = buffer;
    rows->capacity = capacity;
    return STATUS_DONE;
}

/* Reads more behind what is there. A zero byte follows what was read. */
static Status read_more(Rows *rows) {
    Status status = STATUS_DONE;
    if (rows->start) {
        memmove(rows->buffer, rows->buffer + rows->start, rows->used - rows->start);
        rows->used -= rows->start;
        rows->start = 0;
    }
    if (rows->used + 1 >= rows->capacity) status = grow_buffer(rows);
    if (status) return status;
    if (rows->flush_before_waiting) fflush(rows->flush_before_waiting);
    ssize_t got;
    do got = read(rows->handle, rows->buffer + rows->used, rows->capacity - 1 - rows->used);
    while (got < 0 && errno == EINTR);
    if (got < 0) return unreadable(rows, errno);
    rows->ended = got == 0;
    rows->used += (size_t)got;
    rows->buffer[rows->used] = 0;
    return STATUS_DONE;
}

/* ---- opening: what kind of text it is */

static Status first_line(Rows *rows) {
    Status status = STATUS_DONE;
    while (!status && !rows->ended && !(rows->used && strpbrk(rows->buffer, "\r\n")) &&
           !(rows->used && memchr(rows->buffer, 0, rows->used)))
        status = read_more(rows);
    return status;
}

/* Tab, else comma, else semicolon: the first that the first line has outside quotes. */
static char find_separator(const char *text) {
    int commas = 0, tabs = 0, semicolons = 0;
    bool quoted = false;
    for (text += strspn(text, "\r\n"); *text && (quoted || !strchr("\r\n", *text)); text++) {
        quoted ^= *text == '"';
        commas += !quoted && *text == ',';
        tabs += !quoted && *text == '\t';
        semicolons += !quoted && *text == ';';
    }
    return tabs && !commas ? '\t' : semicolons && !commas ? ';' : ',';
}

static Status check_beginning(Rows *rows) {
    const char *at = rows->buffer;
    if (rows->used >= 2 && (!memcmp(at, "\xFF\xFE", 2) || !memcmp(at, "\xFE\xFF", 2)))
        return fail(STATUS_INPUT, "%s is text in UTF-16; save it as UTF-8", rows->file);
    if (rows->used >= 2 && !memcmp(at, "\x1F\x8B", 2))
        return fail(STATUS_INPUT, "%s is compressed; run gunzip on it first", rows->file);
    if (rows->used >= 4 && !memcmp(at, "PK\3\4", 4))
        return fail(STATUS_INPUT, "%s is a ZIP archive or a spreadsheet; unpack it, or export it as CSV", rows->file);
    if (rows->used >= 3 && !memcmp(at, "\xEF\xBB\xBF", 3)) rows->start = 3;
    return STATUS_DONE;
}

Status rows_open(Rows *rows, const char *path) {
    memset(rows, 0, sizeof *rows);
    rows->file = path;
    rows->handle = STDIN_FILENO;
    if (strcmp(path, "-") != 0)
        rows->handle = open(path, O_RDONLY);
    else
        rows->file = "standard input";
    if (rows->handle < 0) return fail_read(path, errno);
    rows->lines = 1;
    Status status = grow_buffer(rows);
    if (!status) rows->buffer[0] = 0, status = first_line(rows);
    if (!status) status = check_beginning(rows);
    if (status) return rows_close(rows), status;
    rows->separator = find_separator(rows->buffer + rows->start);
    return STATUS_DONE;
}

void rows_close(Rows *rows) {
    if (rows->handle > STDIN_FILENO) close(rows->handle);
    free(rows->buffer);
    free(rows->fields);
    memset(rows, 0, sizeof *rows);
    rows->handle = -1;
}

/* ---- splitting */

/* How a row's splitting ended: at its end, before all of it was in the buffer, or at an error (said). */
typedef enum Split { SPLIT_ROW, SPLIT_SHORT, SPLIT_WRONG } Split;

static Spot spot_at(const Rows *rows, const char *at) {
    Spot spot = {.file = rows->file, .line = rows->line, .text = rows->row, .underlined = 1};
    for (const char *c = rows->row; c < at; c++)
        if (*c == '\n' || (*c == '\r' && c[1] != '\n')) spot.line++, spot.text = c + 1;
    spot.column = (size_t)(at - spot.text) + 1;
    spot.length = strcspn(spot.text, "\r\n");
    return spot;
}

static Split split_wrong(const Rows *rows, const char *at, const char *message) {
    const Spot spot = spot_at(rows, at);
    wrong_at(rows, &spot, message);
    return SPLIT_WRONG;
}

static Split add_field(Rows *rows, char *text, size_t length, const char *origin, bool escaped) {
    if (rows->nfields == rows->room) {
        int room = rows->room ? rows->room * 2 : 64;
        Field *fields = room <= MOST_FIELDS ? realloc(rows->fields, (size_t)room * sizeof *fields) : NULL;
        if (!fields) return too_much(rows, "too many columns"), SPLIT_WRONG;
        rows->fields = fields;
        rows->room = room;
    }
    Field *field = &rows->fields[rows->nfields++];
    field->text = text;
    field->length = length;
    field->origin = origin;
    field->escaped = escaped;
    return SPLIT_ROW;
}

static bool ends_field(const Rows *rows, char c) {
    return c == rows->separator || c == '\n' || c == '\r' || c == 0;
}

static bool is_blank(const Rows *rows, char c) {
    return c == ' ' || (c == '\t' && rows->separator != '\t');
}

/* From the opening quote to the closing one; `at` moves behind it. */
static Split split_quoted(Rows *rows, char **at, const char *end) {
    char *open = *at, *c = open + 1;
    bool escaped = false;
    for (; c < end && (*c != '"' || c[1] == '"'); c++)
        if (*c == '"')
            escaped = true, c++;
        else if (!*c)
            return split_wrong(rows, c, "a zero byte: this is not a text file");
    if (c >= end) return rows->ended ? split_wrong(rows, open, "this quote is never closed") : SPLIT_SHORT;
    *at = c + 1;
    while (is_blank(rows, **at)) ++*at;
    if (*at < end && !ends_field(rows, **at))
        return split_wrong(rows, *at, "text after a closing quote; write a quote inside as \"\"");
    return add_field(rows, open + 1, (size_t)(c - open) - 1, open, escaped);
}

static Split split_plain(Rows *rows, char **at, const char *end) {
    char *begin = *at, *c = begin;
    while (!ends_field(rows, *c)) c++;
    *at = c;
    if (!*c && c < end) return split_wrong(rows, c, "a zero byte: this is not a text file");
    while (c > begin && is_blank(rows, c[-1])) c--;
    return add_field(rows, begin, (size_t)(c - begin), begin, false);
}

static char *behind_line_end(char *at) {
    return at + (at[0] == '\r' && at[1] == '\n' ? 2 : *at != 0);
}

/* One row from the buffer. A CR at the end of the buffer may be half of a CRLF. */
static Split split_row(Rows *rows) {
    char *at = rows->buffer + rows->start;
    const char *end = rows->buffer + rows->used;
    rows->row = at;
    rows->nfields = 0;
    for (;; at++) {
        while (is_blank(rows, *at)) at++;
        Split split = *at == '"' ? split_quoted(rows, &at, end) : split_plain(rows, &at, end);
        if (split != SPLIT_ROW) return split;
        if (at >= end && !rows->ended) return SPLIT_SHORT;
        if (*at != rows->separator) break;
    }
    if (*at == '\r' && at + 1 == end && !rows->ended) return SPLIT_SHORT;
    rows->row_length = (size_t)(at - rows->row);
    rows->start = (size_t)(behind_line_end(at) - rows->buffer);
    return SPLIT_ROW;
}

/* Names of columns and classes go on into parameter files and JSON. */
static Status check_utf8(const Rows *rows) {
    const size_t valid = utf8_prefix(rows->row, rows->row_length);
    if (valid == rows->row_length) return STATUS_DONE;
    if (rows->quiet) return STATUS_INPUT;
    const Spot spot = spot_at(rows, rows->row + valid);
    fail_at(&spot, "this is not UTF-8");
    hint("if it is Latin-1: iconv -f latin1 -t utf8 %s > utf8.csv", rows->handle == STDIN_FILENO ? "FILE" : rows->file);
    return STATUS_INPUT;
}

static size_t count_lines(const char *from, const char *to) {
    size_t lines = 0;
    for (const char *c = from; c < to; c++) lines += *c == '\n' || (*c == '\r' && c[1] != '\n');
    return lines;
}

/* "a ""b""" is a "b". */
static void resolve_quotes(Field *field) {
    char *to = field->text;
    for (const char *from = field->text, *end = from + field->length; from < end; from++) {
        from += *from == '"';
        *to++ = *from;
    }
    field->length = (size_t)(to - field->text);
    field->escaped = false;
}

static bool is_empty_row(const Rows *rows) {
    return rows->nfields == 1 && !rows->fields[0].length && *rows->fields[0].origin != '"';
}

/* Lines are counted before the quotes are resolved, since that moves the text about. */
Status rows_next(Rows *rows, bool *got) {
    *got = false;
    while (rows->start < rows->used || !rows->ended) {
        rows->line = rows->lines;
        Split split = rows->start < rows->used ? split_row(rows) : SPLIT_SHORT;
        if (split == SPLIT_WRONG) return STATUS_INPUT;
        if (split == SPLIT_SHORT) {
            Status status = read_more(rows);
            if (status) return status;
            continue;
        }
        rows->lines += count_lines(rows->row, rows->buffer + rows->start);
        if (is_empty_row(rows)) continue;
        Status status = check_utf8(rows);
        if (status) return status;
        for (int i = 0; i < rows->nfields; i++)
            if (rows->fields[i].escaped) resolve_quotes(&rows->fields[i]);
        return *got = true, STATUS_DONE;
    }
    return STATUS_DONE;
}

Spot rows_spot(const Rows *rows, int field) {
    if (field < 0 || field >= rows->nfields) return (Spot){.file = rows->file, .line = rows->line};
    Spot spot = spot_at(rows, rows->fields[field].origin);
    spot.underlined = rows->fields[field].length;
    return spot;
}
