/* target: the machines that code is made for: width and number of vector registers. */
#ifndef NNC_TARGET_H
#define NNC_TARGET_H

#include <stdbool.h>

typedef struct Target {
    const char *name;
    int vector_bytes, registers; /* 0: plain C99 */
    bool memory_operands;        /* an operation may take a vector from memory */
    const char *macro;           /* what the C compiler defines where it may use them, or NULL */
    const char *flags[3];        /* what makes it do so; NULL after the last */
} Target;

/* The row called `name`; "native" is the best that this machine has. NULL: there is none such. */
const Target *target_find(const char *name);

#endif
