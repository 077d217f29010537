/* bounds: what networks end in has the bounds that its formula has, no wider; and whatever a program computes lies within what
 * program_bounds says, on random inputs and for random expressions. */
#include "read.h"

static const double inf = INFINITY;

/* One number in six is 0. */
static void fill_with_zeros(Program *p, Memory *memory, double scale) {
    for (int k = 0; k < p->tensors.n; k++) {
        const Tensor *t = p->tensors.at[k];
        if (!unit_is_given(t)) continue;
        unit_fill(memory, t, scale);
        for (long long j = 0; j < tensor_size(t); j++)
            if (!unit_int(0, 5)) memory_of(memory, t)[j] = 0;
    }
}

/* Do all elements of the root lie within? What is not finite has no value, or overflowed. Rounding may pass an end. */
static bool holds(Program *p, Interval bounds, int times) {
    static const double scales[] = {1, 30, 0.01, 1000};
    const Tensor *y = p->roots.at[0];
    bool good = true;
    for (int n = 0; n < times && good; n++) {
        Memory memory = {.arena = arena_new(), .seed = unit_bits(), .step = 1};
        fill_with_zeros(p, &memory, scales[n % 4]);
        program_interpret(p, &memory, p->batch);
        const double *v = memory_of(&memory, y);
        for (long long j = 0; j < tensor_size(y); j++) {
            const double slack = 1e-9 * (1 + fabs(v[j]));
            good = good && (!isfinite(v[j]) || (v[j] >= bounds.lo - slack && v[j] <= bounds.hi + slack));
        }
        arena_free(memory.arena);
    }
    return good;
}

/* ---- what networks end in */

typedef struct Row {
    const char *name, *text; /* equations of y[4], from x[4] and others */
    double lo, hi;
} Row;

static const Row rows[] = {
    {"a copy", "y[i] = x[i]\n", -inf, inf},
    {"sigmoid", "y[i] = sigmoid(x[i])\n", 0, 1},
    {"a written sigmoid", "y[i] = 1 / (1 + exp(-x[i]))\n", 0, 1},
    {"tanh", "y[i] = tanh(x[i])\n", -1, 1},
    {"erf", "y[i] = erf(x[i])\n", -1, 1},
    {"sin", "y[i] = sin(x[i])\n", -1, 1},
    {"relu", "y[i] = max(0, x[i])\n", 0, inf},
    {"relu6", "y[i] = min(6, max(0, x[i]))\n", 0, 6},
    {"hard tanh", "y[i] = min(2, max(-3, x[i]))\n", -3, 2},
    {"hard sigmoid", "y[i] = min(1, max(0, (x[i] + 3) / 6))\n", 0, 1},
    {"exp", "y[i] = exp(x[i])\n", 0, inf},
    {"softplus", "y[i] = softplus(x[i])\n", 0, inf},
    {"gaussian", "y[i] = exp(-x[i]^2)\n", 0, 1},
    {"a square", "y[i] = x[i] * x[i]\n", 0, inf},
    {"an even power", "y[i] = x[i]^4\n", 0, inf},
    {"an odd power", "y[i] = x[i]^3\n", -inf, inf},
    {"one over a square", "y[i] = 1 / (1 + x[i]^2)\n", 0, 1},
    {"abs", "y[i] = abs(x[i]) + 1\n", 1, inf},
    {"elu", "y[i] = if 0 < x[i] then x[i] else expm1(x[i])\n", -1, inf},
    {"elu on a line of its own", "e[i] = expm1(x[i])\ny[i] = if 0 < x[i] then x[i] else e[i]\n", -1, inf},
    {"selu", "y[i] = 1.05 * (if 0 < x[i] then x[i] else 2 * expm1(x[i]))\n", -2.1, inf},
    {"leaky relu", "y[i] = if 0 < x[i] then x[i] else 0.1 * x[i]\n", -inf, inf},
    {"a clip written with if", "y[i] = if x[i] < 0 then 0 else if x[i] <= 1 then x[i] else 1\n", 0, 1},
    {"a clip by two conditions", "y[i] = if not (x[i] < -2) and x[i] < 3 then x[i] else 0\n", -2, 3},
    {"neither of two", "y[i] = if x[i] < 0 or 5 < x[i] then 1 else x[i]\n", 0, 5},
    {"softsign", "y[i] = x[i] / (1 + abs(x[i]))\n", -1, 1},
    {"a part of two", "e[i] = exp(x[i])\ny[i] = e[i] / (e[i] + 3)\n", 0, 1},
    {"softmax", "e[i] = exp(x[i])\ns = sum[j:4](e[j])\ny[i] = e[i] / s\n", 0, 1},
    {"softmax without names", "s = sum[j:4](exp(x[j]))\ny[i] = exp(x[i]) / s\n", 0, 1},
    {"a share of relus", "e[i] = max(0, x[i])\ns = sum[j:4](e[j])\ny[i] = e[i] / (s + 0.001)\n", 0, 1},
    {"a share of half of it", "e[i] = exp(x[i])\ns = sum[j:2](e[j])\ny[i] = e[i] / s\n", 0, inf},
    {"a share that may be negative", "s = sum[j:4](x[j])\ny[i] = x[i] / s\n", -inf, inf},
    {"a norm", "s = sum[j:4](x[j] * x[j])\ny[i] = sqrt(s)\n", 0, inf},
    {"the mean of sigmoids", "s = sum[j:4](sigmoid(x[j]))\ny[i] = s / 4\n", 0, 1},
    {"their sum", "s = sum[j:4](sigmoid(x[j]))\ny[i] = s\n", 0, 4},
    {"their largest", "s = max[j:4](sigmoid(x[j]))\ny[i] = s\n", 0, 1},
    {"a product of bounded ones", "y[i] = sigmoid(x[i]) * tanh(w[i])\n", -1, 1},
    {"a difference", "y[i] = sigmoid(x[i]) - sigmoid(w[i])\n", -1, 1},
    {"scaled", "y[i] = 5 * tanh(x[i]) - 2\n", -7, 3},
    {"the other sign", "y[i] = -exp(x[i])\n", -inf, 0},
    {"a comparison", "y[i] = x[i] < w[i]\n", 0, 1},
    {"a number", "y[i] = 3\n", 3, 3},
    {"an index", "y[i] = 2 * i + 1\n", 1, 7},
    {"side by side", "a[i] = sigmoid(x[i])\nb[i] = tanh(x[i])\ny[i] = pad(a[i], 0) + pad(b[i-2], 0)\n", -1, 1},
    {"one on another", "a[i] = sigmoid(x[i])\nb[i] = tanh(x[i])\ny[i] = pad(a[i], 0) + pad(b[i-1], 0)\n", -1, 2},
    {"padded with another number", "a[i] = sigmoid(x[i])\ny[i] = pad(a[i], -4)\n", -4, 1},
    {"a recurrence", "y[i] = tanh(x[i] + pad(y[i-1], 0))\n", -1, 1},
    {"a recurrence without bounds", "y[i] = x[i] + pad(y[i-1], 0)\n", -inf, inf},
    {"the place of the largest", "s = argmax[j:4](x[j])\ny[i] = s\n", 0, 3},
    {"its square root", "y[i] = sqrt(x[i])\n", 0, inf},
    {"the logarithm of a probability", "y[i] = log(sigmoid(x[i]))\n", -inf, 0},
    {"0 where a guard fails", "y[i] = 3 + sigmoid(x[i]) where 0 <= i < 2\n", 0, 4},
    {"a remainder", "y[i] = x[i] % 3\n", 0, 3},
    {"a power of two", "y[i] = 2 ^ x[i]\n", 0, inf},
};

static void check_row(const Row *row) {
    static const char given[] =
        "program p -> y\ninput x[4]\nparam w[4]\nvalue a[2]\nvalue b[2]\nvalue e[4]\nvalue s\nvalue y[4]\n";
    Arena *arena = arena_new();
    Program *p = read_program(arena, arena_printf(arena, "%s%s", given, row->text));
    p->roots.at[0] = program_find_tensor(p, "y");
    if (!program_order(p)) bug("no order");
    const Interval found = program_bounds(p, p->roots.at[0]);
    const double slack = 1e-12;
    const bool exact =
        (found.lo == row->lo || fabs(found.lo - row->lo) < slack) && (found.hi == row->hi || fabs(found.hi - row->hi) < slack);
    ok(exact, "%s: %g to %g", row->name, row->lo, row->hi);
    if (!exact) printf("# found: %.17g to %.17g\n", found.lo, found.hi);
    ok(holds(p, found, 40), "%s: every value lies within", row->name);
    arena_free(arena);
}

/* ---- random expressions */

static const Expr *random_expr(Program *p, int depth) {
    static const Op unary[] = {OP_NEG,      OP_EXP, OP_EXPM1, OP_LOG, OP_LOG1P, OP_SQRT,  OP_TANH, OP_SIGMOID,
                               OP_SOFTPLUS, OP_ERF, OP_SIN,   OP_COS, OP_ABS,   OP_FLOOR, OP_STOP};
    static const Op binary[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW, OP_MIN, OP_MAX, OP_LT, OP_LE};
    enum { UNARY = sizeof unary / sizeof *unary, BINARY = sizeof binary / sizeof *binary };
    const int kind = depth ? unit_int(0, 9) : unit_int(0, 2);
    if (kind == 0) return expr_num(p, unit_int(-3, 3));
    if (kind <= 2) return expr_read(p, program_find_tensor(p, kind == 1 ? "x" : "w"), subs_identity(p->arena, 1));
    if (kind <= 5) return expr_1(p, unary[unit_int(0, UNARY - 1)], random_expr(p, depth - 1));
    const Expr *a = random_expr(p, kind == 6 ? 0 : depth - 1), *b = random_expr(p, kind == 6 ? 0 : depth - 1);
    if (kind == 6) /* of what is always a number: with others a condition says nothing */
        return expr_3(p, OP_SELECT, expr_2(p, unit_int(0, 1) ? OP_LT : OP_LE, a, b),
                      expr_2(p, OP_MUL, unit_int(0, 1) ? a : b, random_expr(p, depth - 1)),
                      unit_int(0, 1) ? b : random_expr(p, depth - 1));
    const Op op = binary[unit_int(0, BINARY - 1)];
    if (op == OP_POW) b = expr_num(p, unit_int(0, 3)); /* and never by 0, which has no value and may pass for one */
    if (op == OP_DIV) b = expr_2(p, OP_ADD, expr_1(p, OP_ABS, b), expr_num(p, 0.5));
    return expr_2(p, op, a, op == OP_POW || op == OP_DIV || unit_int(0, 3) ? b : a);
}

static void check_random(int count) {
    int wrong = 0, bounded = 0;
    for (int n = 0; n < count; n++) {
        Arena *arena = arena_new();
        unit_begin((uint64_t)n + 1);
        Program *p = read_program(arena, "program p -> y\ninput x[4]\nparam w[4]\nvalue y[4]\ny[i] = x[i] + w[i]\n");
        p->stmts.at[0]->e = random_expr(p, 4);
        if (!program_order(p)) bug("no order");
        const Interval found = program_bounds(p, p->roots.at[0]);
        bounded += isfinite(found.lo) || isfinite(found.hi);
        if (!holds(p, found, 8) && !wrong++) {
            printf("# expression %d: %.17g to %.17g\n", n, found.lo, found.hi);
            program_print(p, stdout);
        }
        arena_free(arena);
    }
    ok(!wrong, "%d random expressions lie within their bounds", count);
    ok(bounded > count / 4, "and many of them have some: %d", bounded);
}

int main(void) {
    unit_begin(0);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) check_row(&rows[k]);
    check_random(4000);
    return unit_done();
}
