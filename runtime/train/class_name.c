/* class_name: the order of classes: numbers by value and before all text, text by its bytes. */
#include "train.h"
#include <string.h>

/* One that is too large for a `real` is one as well: the order is the same whatever that is. */
bool class_name_is_number(const char *name, double *value) {
    const NumberKind kind = number_parse(name, strlen(name), value);
    return kind == NUMBER_FINE || kind == NUMBER_TOO_LARGE;
}

int class_name_compare(const void *a, const void *b) {
    const char *const *s = a, *const *t = b;
    double u = 0, v = 0;
    const bool first = class_name_is_number(*s, &u), second = class_name_is_number(*t, &v);
    if (first != second) return first ? -1 : 1;
    if (first && u != v) return u < v ? -1 : 1;
    return strcmp(*s, *t);
}
