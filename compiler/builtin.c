/* builtin: initializers that are no formula of one element, a row each. The prelude's definition says what every element is
 * drawn from; the unit then works on the whole tensor, as a matrix of dim[0] rows. To add one: a definition in the prelude, a
 * row and an #include here, two units in runtime/model, NAME_float.c and NAME_double.c. */
#include "ir.h"
#include <math.h>
#include <string.h>

/* The very text that generated models contain; exact_sqrt rounds as libm's sqrt does. */
#define exact_sqrt sqrt
#include "../runtime/model/orthogonal_double.c" /* NOLINT(bugprone-suspicious-include) */
#undef exact_sqrt

static const Builtin builtins[] = {
    {"orthogonal", "gain", 2, orthogonal_double},
};

const Builtin *builtin_named(const char *name) {
    for (size_t k = 0; k < sizeof builtins / sizeof *builtins; k++)
        if (!strcmp(builtins[k].name, name)) return &builtins[k];
    return NULL;
}
