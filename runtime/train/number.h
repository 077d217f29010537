/* number: numbers as text, which reads back as the same number. nnc prints numbers this way as well. */
#ifndef NNC_NUMBER_H
#define NNC_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum NumberKind { NUMBER_FINE, NUMBER_NOT, NUMBER_NOT_FINITE, NUMBER_TOO_LARGE } NumberKind;

NumberKind number_parse(const char *text, size_t length, double *value); /* text goes on to a zero byte at some point */
bool number_is_finite(double value);                                     /* also as a `real` */

/* As few digits as it takes, in `out`, which they return; inf, -inf and nan as these words. */
char *number_print_double(char out[32], double value);
char *number_print_float(char out[32], double value);
char *number_print(char out[32], double value); /* a `real` */

/* How a word ends of which there are so many: 1 sample, 2 samples. */
const char *plural(unsigned long long count);

#endif
