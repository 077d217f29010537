/* tensor_file: reads one tensor of a safetensors file at compile time. */
#ifndef NNC_TENSOR_FILE_H
#define NNC_TENSOR_FILE_H

#include "arena.h"

/* The numbers, row-major, of the tensor `name`, whose shape must be dim[0..rank-1]. NULL with a message for the user in *why.
 */
double *tensor_file_read(Arena *arena, const char *path, const char *name, int rank, const int *dim, const char **why);

#endif
