/* shape: shapes of arrays, and whether they fit; the compiler compares the same way what the data block says. */
#ifndef NNC_SHAPE_H
#define NNC_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Shape {
    int rank;
    size_t dims[8];
} Shape;
enum { SHAPE_TEXT = 200 };

Shape shape_of(const int *dims, int rank);
Shape shape_part(const Shape *shape, int from); /* its dimensions from there on */
size_t shape_count(const Shape *shape);         /* of numbers; 0: none, or too many */
bool shape_fits(const Shape *a, const Shape *b);
bool shape_fits_rows(const Shape *whole, size_t rows, const Shape *row); /* is the whole so many rows? */
const char *shape_string(const Shape *shape, char text[SHAPE_TEXT]);
/* A hint for what a file (of numpy's?) holds in another shape than an input of the network has, or than its output: NULL. */
void shape_explain(const Shape *given, const Shape *wanted, const char *file, bool numpy, const char *input);

#endif
