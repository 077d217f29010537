/* utf8: what is UTF-8 (RFC 3629) and what is not: of .nn files, tables, and all that goes into JSON. */
#ifndef NNC_UTF8_H
#define NNC_UTF8_H

#include <stddef.h>

/* Bytes of the code point that the text begins with, 0 if it begins with none. A zero byte follows the text at some point. */
int utf8_length(const char *text);
size_t utf8_prefix(const char *text, size_t length); /* so many bytes of it are UTF-8: `length` if all are */

#endif
