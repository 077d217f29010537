/* class_name: the order of classes that have no order of their own; the compiler sorts those of samples in the .nn by it too.
 */
#ifndef NNC_CLASS_NAME_H
#define NNC_CLASS_NAME_H

#include <stdbool.h>

bool class_name_is_number(const char *name, double *value);
int class_name_compare(const void *a, const void *b); /* of two `const char *`, as qsort wants it */

#endif
