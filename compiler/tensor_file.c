/* tensor_file: tensors of safetensors files, read when compiling, with the trainer's own reader. */
#include "tensor_file.h"
#include "../runtime/train/train.h"
#include <math.h>
#include <string.h>

static const char *shape_text(Arena *arena, const StoredTensor *t) {
    const char *text = "[";
    for (int k = 0; k < t->rank; k++)
        text = arena_printf(arena, "%s%s%llu", text, k ? ", " : "", (unsigned long long)t->dims[k]);
    return arena_printf(arena, "%s]", text);
}

static const char *names_of(Arena *arena, const Store *store) {
    const char *text = "";
    for (size_t k = 0; k < store->ntensors && k < 8; k++)
        text = arena_printf(arena, "%s%s%s", text, k ? ", " : "", store->tensors[k].name);
    return store->ntensors > 8 ? arena_printf(arena, "%s, ...", text) : text;
}

static bool is_finite(double value, bool f64) {
    return isfinite(f64 ? value : (double)(float)value);
}

static double *read_numbers(Arena *arena, const Store *store, const StoredTensor *t, size_t size, bool f64, const char **why) {
    double *values = arena_many(arena, size ? size : 1, double);
    for (size_t k = 0; k < size; k++) {
        values[k] = store_number(store, t, k);
        if (is_finite(values[k], f64)) continue;
        *why = arena_printf(arena, "number %zu of `%s` in %s is not finite%s", k, t->name, store->path, f64 ? "" : " as f32");
        return NULL;
    }
    return values;
}

static double *read_tensor(Arena *arena, const Store *store, const char *name, int rank, const int *dim, bool f64,
                           const char **why) {
    const StoredTensor *t = store_find(store, name);
    if (!t) {
        *why = arena_printf(arena, "%s has no tensor `%s`; it has %s", store->path, name, names_of(arena, store));
        return NULL;
    }
    if (!t->width) {
        *why = arena_printf(arena, "`%s` in %s is of type %s; F32 or F64 is needed", name, store->path, t->type);
        return NULL;
    }
    bool same = t->rank == rank;
    size_t size = 1;
    for (int k = 0; k < rank && same; k++) {
        same = t->dims[k] == (uint64_t)dim[k];
        size *= (size_t)dim[k];
    }
    if (!same) {
        *why = arena_printf(arena, "`%s` in %s has the shape %s, which does not fit here", name, store->path,
                            shape_text(arena, t));
        return NULL;
    }
    return read_numbers(arena, store, t, size, f64, why);
}

static TensorFile *find_file(const TensorFiles *files, const char *path) {
    for (int k = 0; k < files->n; k++)
        if (!strcmp(files->at[k].path, path)) return &files->at[k];
    return NULL;
}

bool tensor_file_open(Arena *arena, TensorFiles *files, const char *path) {
    const TensorFile *known = find_file(files, path);
    if (known) return known->store != NULL;
    TensorFile file = {.path = path, .store = arena_one(arena, Store), .memory = arena_one(arena, Memory)};
    if (store_read(file.store, file.memory, path) != STATUS_DONE) file.store = NULL;
    list_push(arena, files, file);
    return file.store != NULL;
}

double *tensor_file_read(Arena *arena, TensorFiles *files, const char *path, const char *name, int rank, const int *dim,
                         bool f64, const char **why) {
    const bool known = find_file(files, path) != NULL;
    if (!tensor_file_open(arena, files, path)) {
        if (!known) *why = arena_printf(arena, "%s cannot be used here", path);
        return NULL;
    }
    TensorFile *file = find_file(files, path);
    list_push(arena, &file->read, name);
    return read_tensor(arena, file->store, name, rank, dim, f64, why);
}

static bool was_read(const TensorFile *file, const char *name) {
    for (int k = 0; k < file->read.n; k++)
        if (!strcmp(file->read.at[k], name)) return true;
    return false;
}

const char *tensor_file_unread(Arena *arena, const TensorFiles *files, const char *path) {
    enum { SHOWN = 3 };
    const TensorFile *file = find_file(files, path);
    const char *text = NULL;
    int unread = 0;
    for (size_t k = 0; file && file->store && k < file->store->ntensors; k++) {
        const StoredTensor *t = &file->store->tensors[k];
        if (was_read(file, t->name) || ++unread > SHOWN) continue;
        text = arena_printf(arena, "%s%s`%s` %s", text ? text : "", text ? ", " : "", t->name, shape_text(arena, t));
    }
    return unread > SHOWN ? arena_printf(arena, "%s and %d more", text, unread - SHOWN) : text;
}

void tensor_files_release(const TensorFiles *files) {
    for (int k = 0; k < files->n; k++) memory_release(files->at[k].memory);
}
