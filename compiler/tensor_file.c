/* tensor_file: reads one tensor of a safetensors file at compile time. */
#include "tensor_file.h"

double *tensor_file_read(Arena *arena, const char *path, const char *name, int rank, const int *dim, const char **why) {
    (void)rank, (void)dim;
    *why = arena_printf(arena, "cannot read %s of %s", name, path);
    return NULL;
}
