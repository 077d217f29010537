/* embedded: the prelude and the runtime's sources, made part of nnc by tools/embed.c. */
#ifndef NNC_EMBEDDED_H
#define NNC_EMBEDDED_H

#include <stddef.h>

typedef struct Embedded {
    const char *path; /* grammar/prelude.nn, runtime/model/..., runtime/train/... */
    const char *text; /* zero-terminated */
    size_t size;
} Embedded;

extern const Embedded embedded[]; /* ends with a null path */

/* The text of an embedded file; a bug if there is none. */
const Embedded *embedded_find(const char *path);

#endif
