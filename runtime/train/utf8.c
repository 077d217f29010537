/* utf8: the shortest form of every code point but surrogates, up to U+10FFFF; nothing else is UTF-8. */
#include "utf8.h"
#include <stdint.h>
#include <string.h>

/* What the second byte may be after a first one, as the table of RFC 3629 says; the others are 80 to BF. */
static const struct Utf8Row {
    unsigned char first, last, low, high;
    int length;
} utf8_rows[] = {{0x00, 0x7F, 0x00, 0xFF, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                 {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
                 {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};

int utf8_length(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    for (size_t k = 0; k < sizeof utf8_rows / sizeof *utf8_rows; k++) {
        if (*at < utf8_rows[k].first || *at > utf8_rows[k].last) continue;
        if (utf8_rows[k].length > 1 && (at[1] < utf8_rows[k].low || at[1] > utf8_rows[k].high)) return 0;
        for (int i = 2; i < utf8_rows[k].length; i++)
            if ((at[i] & 0xC0) != 0x80) return 0;
        return utf8_rows[k].length;
    }
    return 0;
}

/* Most texts are ASCII: eight bytes at once. */
size_t utf8_prefix(const char *text, size_t length) {
    size_t at = 0;
    while (at < length) {
        uint64_t eight;
        if (length - at >= sizeof eight) {
            memcpy(&eight, text + at, sizeof eight);
            if (!(eight & UINT64_C(0x8080808080808080))) {
                at += sizeof eight;
                continue;
            }
        }
        const size_t bytes = (size_t)utf8_length(text + at);
        if (!bytes || bytes > length - at) return at;
        at += bytes;
    }
    return length;
}
