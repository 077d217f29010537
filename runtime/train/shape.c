/* shape: the shapes of arrays and of what the network takes. Two fit if they are equal but for dimensions of 1, or if one of
 * them is flat: then numbers stand in the same order. By the count of numbers alone nothing fits. */
#include "train.h"
#include <string.h>

Shape shape_of(const int *dims, int rank) {
    Shape shape = {rank, {0}};
    for (int d = 0; d < rank; d++) shape.dims[d] = (size_t)dims[d];
    return shape;
}

Shape shape_part(const Shape *shape, int from) {
    Shape part = {shape->rank - from, {0}};
    memcpy(part.dims, shape->dims + from, (size_t)part.rank * sizeof *part.dims);
    return part;
}

size_t shape_count(const Shape *shape) {
    size_t count = 1;
    for (int d = 0; d < shape->rank; d++)
        if (!size_multiply(count, shape->dims[d], &count)) return 0;
    return count;
}

static Shape without_ones(const Shape *shape) {
    Shape proper = {0, {0}};
    for (int d = 0; d < shape->rank; d++)
        if (shape->dims[d] != 1) proper.dims[proper.rank++] = shape->dims[d];
    return proper;
}

static bool same_dims(const Shape *a, const Shape *b) {
    return a->rank == b->rank && !memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims);
}

bool shape_fits(const Shape *a, const Shape *b) {
    const Shape one = without_ones(a), other = without_ones(b);
    if (shape_count(a) != shape_count(b)) return false;
    return one.rank <= 1 || other.rank <= 1 || same_dims(&one, &other);
}

/* A whole of `rows` rows: it is flat, or begins with them. */
bool shape_fits_rows(const Shape *whole, size_t rows, const Shape *row) {
    const Shape proper = without_ones(whole);
    if (rows == 1) return shape_fits(whole, row);
    if (proper.rank <= 1) return shape_count(whole) == rows * shape_count(row);
    const Shape rest = shape_part(&proper, 1);
    return proper.dims[0] == rows && shape_fits(&rest, row);
}

const char *shape_string(const Shape *shape, char text[SHAPE_TEXT]) {
    size_t used = (size_t)snprintf(text, SHAPE_TEXT, "[");
    for (int d = 0; d < shape->rank; d++)
        used += (size_t)snprintf(text + used, SHAPE_TEXT - used, "%s%zu", d ? ", " : "", shape->dims[d]);
    snprintf(text + used, SHAPE_TEXT - used, "]");
    return text;
}

/* ---- what to do where they don't fit */

/* from[k]: which dimension of `given` becomes dimension k of `wanted`, each taken once, from the left; false if none will do.
 */
static bool find_turn(const Shape *given, const Shape *wanted, int from[8]) {
    unsigned taken = 0;
    if (given->rank != wanted->rank) return false;
    for (int k = 0; k < wanted->rank; k++) {
        int d = 0;
        while (d < given->rank && (taken & 1U << d || given->dims[d] != wanted->dims[k])) d++;
        if (d == given->rank) return false;
        taken |= 1U << d;
        from[k] = d;
    }
    return true;
}

/* After the axis of the samples. */
static void hint_numpy(const char *file, const int *from, int rank) {
    char axes[64] = "0";
    for (int k = 0; k < rank; k++) snprintf(axes + strlen(axes), sizeof axes - strlen(axes), ", %d", from[k] + 1);
    hint("in Python: numpy.save(\"turned.npy\", numpy.load(\"%s\").transpose(%s))", file, axes);
}

/* turned[i, j, k] = x[j, k, i]: dimension k of the result is dimension from[k] of x. */
static void hint_equation(const char *name, const Shape *given, const int *from) {
    char left[32] = "", right[32] = "", text[SHAPE_TEXT];
    for (int k = 0; k < given->rank; k++) {
        left[3 * k] = "ijklmnop"[k];
        right[3 * from[k]] = "ijklmnop"[k];
        for (int blank = 1; blank < 3 && k < given->rank - 1; blank++)
            left[3 * k + blank] = right[3 * k + blank] = ", "[blank - 1];
    }
    hint("declare input %s%s and turn it in the network: turned[%s] = %s[%s]", name, shape_string(given, text), left, name,
         right);
}

void shape_explain(const Shape *given, const Shape *wanted, const char *file, bool numpy, const char *input) {
    int from[8];
    char text[SHAPE_TEXT];
    const bool turns = find_turn(given, wanted, from);
    if (turns && numpy)
        hint_numpy(file, from, given->rank);
    else if (turns && input)
        hint_equation(input, given, from);
    else if (input)
        hint("declare input %s%s as the file has it, or save the file in the other shape", input, shape_string(given, text));
    else
        hint("let the network's output have the shape %s, or save the file in the other shape", shape_string(given, text));
}
