/* json: as much of RFC 8259 as the header of a parameter file needs. Reading never goes beyond `end`, and stops for good at the
 * first error. */
#include "train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void json_fail(Json *json, const char *error) {
    if (!json->error) json->error = error;
    json->at = json->end;
}

static void skip_space(Json *json) {
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\n' || *json->at == '\r' || *json->at == '\t'))
        json->at++;
}

bool json_sign(Json *json, char sign) {
    skip_space(json);
    if (json->at >= json->end || *json->at != sign) return false;
    json->at++;
    return true;
}

bool json_expect(Json *json, char sign) {
    if (json_sign(json, sign)) return true;
    json_fail(json, "malformed JSON");
    return false;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 32) >= 'a' && (c | 32) <= 'f') return (c | 32) - 'a' + 10;
    return -1;
}

/* Four hexadecimal digits, or -1. */
static long take_unit(Json *json) {
    long unit = 0;
    for (int i = 0; i < 4; i++, json->at++) {
        int digit = json->at < json->end ? hex_digit(*json->at) : -1;
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static char *put_utf8(char *to, unsigned long code) {
    if (code < 0x80)
        *to++ = (char)code;
    else if (code < 0x800)
        *to++ = (char)(0xC0 | code >> 6);
    else if (code < 0x10000)
        *to++ = (char)(0xE0 | code >> 12);
    else
        *to++ = (char)(0xF0 | code >> 18), *to++ = (char)(0x80 | (code >> 12 & 0x3F));
    if (code >= 0x800) *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    if (code >= 0x80) *to++ = (char)(0x80 | (code & 0x3F));
    return to;
}

/* After `\u`: one code point, perhaps from a pair of surrogates. A zero byte would end the text early: refused. */
static char *take_code(Json *json, char *to) {
    long high = take_unit(json), low;
    if (high >= 0xD800 && high < 0xDC00) {
        if (json->end - json->at < 2 || json->at[0] != '\\' || json->at[1] != 'u') return NULL;
        json->at += 2;
        low = take_unit(json);
        if (low < 0xDC00 || low > 0xDFFF) return NULL;
        high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    } else if (high >= 0xDC00 && high <= 0xDFFF) {
        return NULL;
    }
    return high > 0 ? put_utf8(to, (unsigned long)high) : NULL;
}

static char *take_escape(Json *json, char *to) {
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    if (json->at >= json->end) return NULL;
    char c = *json->at++;
    if (c == 'u') return take_code(json, to);
    const char *found = c ? strchr(from, c) : NULL;
    if (!found) return NULL;
    *to++ = into[found - from];
    return to;
}

char *json_string(Json *json, Memory *memory) {
    if (!json_expect(json, '"')) return NULL;
    const char *close = json->at;
    while (close < json->end && *close != '"') close += *close == '\\' ? 2 : 1;
    char *text = close < json->end ? memory_take(memory, (size_t)(close - json->at) + 1, 1) : NULL, *to = text;
    while (to && json->at < json->end && *json->at != '"') {
        if ((unsigned char)*json->at < 32)
            to = NULL;
        else if (*json->at == '\\')
            json->at++, to = take_escape(json, to);
        else
            *to++ = *json->at++;
    }
    if (!to || json->at >= json->end) return json_fail(json, "malformed text in JSON"), NULL;
    json->at++;
    *to = 0;
    if (utf8_prefix(text, (size_t)(to - text)) < (size_t)(to - text)) return json_fail(json, "text that is not UTF-8"), NULL;
    return text;
}

bool json_size(Json *json, uint64_t *value) {
    skip_space(json);
    const char *begin = json->at;
    for (*value = 0; json->at < json->end && *json->at >= '0' && *json->at <= '9'; json->at++) {
        uint64_t digit = (uint64_t)(*json->at - '0');
        if (*value > (UINT64_MAX - digit) / 10) return json_fail(json, "a number in the header is too large"), false;
        *value = *value * 10 + digit;
    }
    if (json->at == begin) return json_fail(json, "a whole number is missing in the header"), false;
    return true;
}

bool json_real(Json *json, double *value) {
    skip_space(json);
    const char *begin = json->at;
    while (json->at < json->end && *json->at && strchr("0123456789+-.eE", *json->at)) json->at++;
    if (number_parse(begin, (size_t)(json->at - begin), value) == NUMBER_NOT) return json_fail(json, "malformed number"), false;
    return true;
}

/* Names from data are UTF-8; a file's path may be anything: what is not UTF-8 becomes U+FFFD, so that JSON always is. */
void json_add_string(Text *text, const char *string) {
    text_put(text, "\"", 1);
    for (const char *at = string; *at;) {
        const unsigned char c = (unsigned char)*at;
        const int bytes = utf8_length(at);
        if (!bytes)
            text_put(text, "\xEF\xBF\xBD", 3);
        else if (c == '"' || c == '\\')
            text_add(text, "\\%c", c);
        else if (c < 32)
            text_add(text, "\\u%04x", c);
        else
            text_put(text, at, (size_t)bytes);
        at += bytes ? bytes : 1;
    }
    text_put(text, "\"", 1);
}

void json_add_number(Text *text, double value) {
    if (isfinite(value))
        text_add_number(text, value);
    else
        text_add(text, "null");
}
