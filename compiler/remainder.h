/* remainder: a % b as the language means it, with the sign of b and smaller than it: exact for any quotient, which a - b
 * floor(a / b) is not. The same in generated code: mod_of of c_ops.def. */
#ifndef NNC_REMAINDER_H
#define NNC_REMAINDER_H

#include <math.h>

static inline double floored_remainder(double a, double b) {
    const double r = fmod(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

#endif
