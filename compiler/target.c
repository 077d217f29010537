/* target: one row for each kind of vector registers, and which of them this machine has. */
#include "target.h"
#include <stddef.h>
#include <string.h>

static const Target rows[] = {
    {"avx512", 64, 32, true, "__AVX512F__", {"-mavx512f", "-mfma", NULL}},
    {"avx2", 32, 16, true, "__AVX2__", {"-mavx2", "-mfma", NULL}},
    {"sse2", 16, 16, true, "__SSE2__", {"-msse2", NULL, NULL}},
    {"neon", 16, 32, false, "__ARM_NEON", {NULL, NULL, NULL}},
    {"scalar", 0, 0, false, NULL, {NULL, NULL, NULL}},
};

static const char *native_name(void) {
#if defined __x86_64__ && defined __GNUC__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma")) return "avx512";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "avx2";
    return "sse2";
#elif defined __aarch64__
    return "neon";
#else
    return "scalar";
#endif
}

const Target *target_find(const char *name) {
    if (!strcmp(name, "native")) name = native_name();
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (!strcmp(rows[k].name, name)) return &rows[k];
    return NULL;
}
