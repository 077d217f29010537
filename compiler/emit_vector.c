/* emit_vector: functions on vectors, spliced into the file for each number of lanes that needs them. */
#include "emit_vector.h"
#include <string.h>

typedef struct Vector {
    const char *name, *real, *wide; /* wide: for double, where that differs */
} Vector;

static const Vector rows[] = {
#define C_VECTOR(name, real, wide) {name, real, wide},
#define C_VECTOR_512(name, real, wide)
#include "c_vector.def"
};
static const Vector rows_512[] = {
#define C_VECTOR(name, real, wide)
#define C_VECTOR_512(name, real, wide) {name, real, wide},
#include "c_vector.def"
};
enum { ROWS = sizeof rows / sizeof *rows, ROWS_512 = sizeof rows_512 / sizeof *rows_512 };

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

bool expr_is_position_test(const Expr *x) {
    const Expr *a = x->arg[0], *b = x->arg[1];
    return x->op == OP_EQ && a->op == OP_READ && tensor_is_position(a->read.tensor) && !a->padded && b->op == OP_VAL;
}

static int row_of(const char *name) {
    for (int k = 0; k < ROWS; k++)
        if (!strcmp(rows[k].name, name)) return k;
    bug("there is no vector function %s", name);
}

bool vector_is_called(const char *name) {
    const char *lanes = strrchr(name, '_');
    if (!lanes || strspn(lanes + 1, "0123456789") != strlen(lanes + 1)) return false;
    for (int k = 0; k < ROWS; k++)
        if (strlen(rows[k].name) == (size_t)(lanes - name) && !strncmp(rows[k].name, name, (size_t)(lanes - name))) return true;
    return false;
}

static int width_of(int lanes) {
    int w = 0;
    while (1 << w < lanes) w++;
    return w;
}

static const char *text_of(const Plan *plan, int k, int width) {
    const int bytes = plan_real_bytes(plan) << width;
    const Vector *row = &rows[k];
    for (int j = 0; j < ROWS_512 && bytes == 64; j++)
        if (!strcmp(rows_512[j].name, row->name)) row = &rows_512[j];
    return plan->options.f64 && row->wide ? row->wide : row->real;
}

/* Does the text call the function of this row? Transpositions and sums are written out by put_transposed, put_folded. */
static bool calls(const char *text, const char *name) {
    const size_t n = strlen(name);
    for (const char *c = strstr(text, "_$L("); c; c = strstr(c + 1, "_$L("))
        if ((size_t)(c - text) > n && !strncmp(c - n, name, n) && strchr(" -(", c[-1 - (int)n])) return true;
    if (!strcmp(name, "low") || !strcmp(name, "high")) return strstr(text, "$T") || strstr(text, "$Q");
    return strstr(text, "$T") && (!strcmp(name, "load") || !strcmp(name, "store"));
}

static void need(UnitSet *units, const Plan *plan, int k, int width) {
    units->vectors[width] |= UINT64_C(1) << k;
    for (int j = 0; j < k; j++)
        if (!(units->vectors[width] >> j & 1) && calls(text_of(plan, k, width), rows[j].name)) need(units, plan, j, width);
}

const char *vector_one(UnitSet *units, const Plan *plan, Op op) {
    enum { LANES = 4 };
    const char *name = arena_printf(plan->arena, "%s_one", function_of[op] ? function_of[op] : "");
    for (int k = 0; k < ROWS; k++)
        if (!strcmp(rows[k].name, name))
            return arena_printf(plan->arena, "%s_%d", vector_call(units, plan, rows[k].name, LANES), LANES);
    return NULL;
}

const char *vector_call(UnitSet *units, const Plan *plan, const char *name, int lanes) {
    need(units, plan, row_of(name), width_of(lanes));
    return name;
}

static void put_lanes(Writer *w, int lanes) {
    for (int k = 0; k < lanes; k++) insert(w, k ? ", x" : "x");
}

/* 0, 1, 2 ... or p[0 * apart], p[1 * apart] ... */
static void put_each(Writer *w, int lanes, const char *array) {
    for (int k = 0; k < lanes; k++) put(w, *array ? "%s%s[%d * apart]" : "%s%s%d", k ? ", " : "", array, k);
}

/* The numbers of the lanes that make a[from], b[from], a[from + 1], b[from + 1] ... */
static void put_interleaved(Writer *w, int from, int lanes) {
    for (int k = from; k < from + lanes / 2; k++) put(w, "%s%d, %d", k > from ? ", " : "", k, k + lanes);
}

/* log2(lanes) perfect shuffles of the rows: a0 and a4 of eight become b0 and b1. */
static void put_transposed(Writer *w, int lanes) {
    char now = 'a';
    for (int k = 0; k < lanes; k++) put(w, "    const v%d a%d = load_%d(from + %d * from_row);\n", lanes, k, lanes, k);
    for (int round = 1; round < lanes; round *= 2, now++)
        for (int k = 0; k < lanes; k++)
            put(w, "    const v%d %c%d = %s_%d(%c%d, %c%d);\n", lanes, now + 1, k, k % 2 ? "high" : "low", lanes, now, k / 2,
                now, k / 2 + lanes / 2);
    for (int k = 0; k < lanes; k++) put(w, "    store_%d(to + %d * to_row, %c%d);\n", lanes, k, now, k);
}

/* To the lanes of the first half those of the second are added, until the first lane has all; in gcc's words or in clang's. */
static void put_halves(Writer *w, int lanes, bool gcc) {
    for (int half = lanes / 2; half > 0; half /= 2) {
        if (gcc)
            put(w, "    const i%d by_%d = {", lanes, half);
        else
            put(w, "    x += __builtin_shufflevector(x, x, ");
        for (int k = 0; k < lanes; k++) put(w, "%s%d", k ? ", " : "", (k + half) % lanes);
        if (gcc)
            put(w, "};\n    x += __builtin_shuffle(x, by_%d);\n", half);
        else
            put(w, ");\n");
    }
}

static void put_vectors(Writer *w, int lanes) {
    for (int k = 0; k < lanes; k++) put(w, "%sv%d a%d", k ? ", " : "", lanes, k);
}

/* Halves of two are added up together, so that b0 holds half as many numbers of each of a0 and a4 of eight, in turn. */
static void put_folded(Writer *w, int lanes) {
    char now = 'a';
    for (int half = lanes / 2; half > 0; half /= 2, now++)
        for (int k = 0; k < half; k++)
            put(w, "    const v%d %c%d = low_%d(%c%d, %c%d) + high_%d(%c%d, %c%d);\n", lanes, now + 1, k, lanes, now, k, now,
                k + half, lanes, now, k, now, k + half);
    put(w, "    return %c0;\n", now);
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
        case 'A': put_interleaved(w, 0, lanes); break;
        case 'B': put_interleaved(w, lanes / 2, lanes); break;
        case 'T': put_transposed(w, lanes); break;
        case 'N': put_each(w, lanes, ""); break;
        case 'O': put_each(w, lanes, "p"); break;
        case 'C': put_halves(w, lanes, false); break;
        case 'S': put_halves(w, lanes, true); break;
        case 'P': put_vectors(w, lanes); break;
        case 'Q': put_folded(w, lanes); break;
        default: bug("a vector function's text has $%c", text[1]);
        }
        text += 2;
    }
}

static void put_width(Writer *w, uint64_t needed, int width) {
    static const char types[] =
        "typedef $R v$L __attribute__((vector_size($L * sizeof($R))));\n"
        "typedef $R u$L __attribute__((vector_size($L * sizeof($R)), aligned(sizeof($R)), may_alias));\n"
        "typedef $I i$L __attribute__((vector_size($L * sizeof($R))));\n";
    const int lanes = 1 << width;
    insert(w, "\n");
    put_text(w, types, lanes);
    for (int k = 0; k < ROWS; k++) {
        if (!(needed >> k & 1)) continue;
        insert(w, "\n");
        put_text(w, text_of(w->plan, k, width), lanes);
    }
}

void vectors_put(Writer *w, const UnitSet *units) {
    for (int width = 0; width < VECTOR_WIDTHS; width++)
        if (units->vectors[width]) put_width(w, units->vectors[width], width);
}
