/* embedded_find: looks up a file that is inside nnc. */
#include "embedded.h"
#include "source.h"
#include <string.h>

const Embedded *embedded_find(const char *path) {
    for (const Embedded *e = embedded; e->path; e++)
        if (!strcmp(e->path, path)) return e;
    bug("no embedded file %s", path);
}
