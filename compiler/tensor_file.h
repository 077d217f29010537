/* tensor_file: tensors of safetensors files, read when compiling. */
#ifndef NNC_TENSOR_FILE_H
#define NNC_TENSOR_FILE_H

#include "arena.h"
#include <stdbool.h>

typedef struct TensorFile { /* each is read once, and kept until tensor_files_release */
    const char *path;
    struct Store *store; /* NULL: it can't be used, which has been said */
    struct Memory *memory;
    LIST(const char *) read; /* names of tensors */
} TensorFile;
typedef LIST(TensorFile) TensorFiles;

/* The numbers, row-major, of the tensor `name`, whose shape must be dim[0..rank-1], all of them finite, as f32 unless f64. NULL
 * with a message for the user in *why, or with none if the message of an earlier call says it all. */
double *tensor_file_read(Arena *arena, TensorFiles *files, const char *path, const char *name, int rank, const int *dim,
                         bool f64, const char **why);
/* Reads the file; false, after saying so, if it can't be used. */
bool tensor_file_open(Arena *arena, TensorFiles *files, const char *path);
/* Names and shapes of the first tensors that were never read, as a text; NULL if all were. */
const char *tensor_file_unread(Arena *arena, const TensorFiles *files, const char *path);
void tensor_files_release(const TensorFiles *files);

#endif
