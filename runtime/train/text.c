/* text: text under construction, in memory, until it is whole and can be written at once. */
#include "train.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and the zero byte after them. */
static bool text_reserve(Text *text, size_t more) {
    if (text->failed || more > SIZE_MAX / 4 - text->length) return text->failed = true, false;
    if (text->length + more < text->capacity) return true;
    size_t capacity = (text->length + more + 64) * 3 / 2;
    char *data = realloc(text->data, capacity);
    if (!data) return text->failed = true, false;
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_put(Text *text, const void *bytes, size_t count) {
    if (!text_reserve(text, count)) return;
    if (count) memcpy(text->data + text->length, bytes, count);
    text->length += count;
    text->data[text->length] = 0;
}

void text_add(Text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && text_reserve(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void text_add_number(Text *text, double value) {
    char number[32];
    text_add(text, "%s", number_print(number, value));
}

Status text_print(Text *text) {
    Status status = text->failed ? fail(STATUS_SYSTEM, "out of memory") : STATUS_DONE;
    if (!status) fwrite(text->data, 1, text->length, stdout);
    text_release(text);
    return status;
}

void text_release(Text *text) {
    free(text->data);
    memset(text, 0, sizeof *text);
}
