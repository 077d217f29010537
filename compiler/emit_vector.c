/* emit_vector: functions on vectors, spliced into the file for each number of lanes that needs them. */
#include "emit_vector.h"
#include <string.h>

typedef struct Vector {
    const char *name, *needs, *real, *wide; /* wide: for double, where that differs */
} Vector;

static const Vector rows[] = {
#define C_VECTOR(name, needs, real, wide) {name, needs, real, wide},
#include "c_vector.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

/* What an operation is in vectors: a function, or an operator (""). */
static const char *const function_of[OP_COUNT] = {
    [OP_NUM] = "",
    [OP_READ] = "",
    [OP_VAL] = "",
    [OP_ADD] = "",
    [OP_SUB] = "",
    [OP_MUL] = "",
    [OP_DIV] = "",
    [OP_NEG] = "",
    [OP_LT] = "",
    [OP_LE] = "",
    [OP_EQ] = "",
    [OP_AND] = "",
    [OP_OR] = "",
    [OP_NOT] = "",
    [OP_SELECT] = "pick",
    [OP_STOP] = "",
    [OP_MIN] = "min",
    [OP_MAX] = "max",
    [OP_ABS] = "abs",
    [OP_SIGN] = "sign",
    [OP_SQRT] = "sqrt",
    [OP_EXP] = "exp",
    [OP_EXPM1] = "expm1",
    [OP_TANH] = "tanh",
    [OP_SIGMOID] = "sigmoid",
    [OP_LOG] = "log",
    [OP_LOG1P] = "log1p",
    [OP_SOFTPLUS] = "softplus",
    [OP_ERF] = "erf",
};

bool vector_has_op(Op op) {
    return function_of[op] != NULL;
}

const char *vector_function(Op op) {
    return function_of[op] && *function_of[op] ? function_of[op] : NULL;
}

static int row_of(const char *name, size_t n) {
    for (int k = 0; k < ROWS; k++)
        if (strlen(rows[k].name) == n && !strncmp(rows[k].name, name, n)) return k;
    bug("there is no vector function %.*s", (int)n, name);
}

static int width_of(int lanes) {
    int w = 0;
    while (1 << w < lanes) w++;
    return w;
}

static void need(UnitSet *units, int k, int width) {
    units->vectors[width] |= 1U << k;
    for (const char *c = rows[k].needs; *c; c += strspn(c, " ")) {
        const size_t n = strcspn(c, " ");
        need(units, row_of(c, n), width);
        c += n;
    }
}

const char *vector_call(UnitSet *units, const char *name, int lanes) {
    need(units, row_of(name, strlen(name)), width_of(lanes));
    return name;
}

static void put_lanes(Writer *w, int lanes) {
    for (int k = 0; k < lanes; k++) insert(w, k ? ", x" : "x");
}

static void put_text(Writer *w, const char *text, int lanes) {
    const bool f64 = w->plan->options.f64;
    while (*text) {
        const size_t n = strcspn(text, "$");
        put(w, "%.*s", (int)n, text);
        text += n;
        if (!*text) break;
        switch (text[1]) {
        case 'L': put(w, "%d", lanes); break;
        case 'R': insert(w, f64 ? "double" : "float"); break;
        case 'F': insert(w, f64 ? "" : "f"); break;
        case 'I': insert(w, f64 ? "int64_t" : "int32_t"); break;
        case 'X': put_lanes(w, lanes); break;
        default: bug("a vector function's text has $%c", text[1]);
        }
        text += 2;
    }
}

static void put_width(Writer *w, unsigned needed, int lanes) {
    static const char types[] =
        "typedef $R v$L __attribute__((vector_size($L * sizeof($R))));\n"
        "typedef $R u$L __attribute__((vector_size($L * sizeof($R)), aligned(sizeof($R)), may_alias));\n"
        "typedef $I i$L __attribute__((vector_size($L * sizeof($R))));\n";
    insert(w, "\n");
    put_text(w, types, lanes);
    for (int k = 0; k < ROWS; k++) {
        if (!(needed >> k & 1)) continue;
        insert(w, "\n");
        put_text(w, w->plan->options.f64 && rows[k].wide ? rows[k].wide : rows[k].real, lanes);
    }
}

void vectors_put(Writer *w, const UnitSet *units) {
    for (int width = 0; width < VECTOR_WIDTHS; width++)
        if (units->vectors[width]) put_width(w, units->vectors[width], 1 << width);
}
