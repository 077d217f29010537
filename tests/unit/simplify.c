/* simplify: every rule on a program where it applies, and the same numbers before and after on random inputs. */
#include "read.h"

typedef struct Run {
    Arena *arena;
    Program *p;
    Memory memory;
} Run;

static void fill_given(Run *r) {
    unit_begin(0);
    for (int k = 0; k < r->p->tensors.n; k++)
        if (unit_is_given(r->p->tensors.at[k])) unit_fill(&r->memory, r->p->tensors.at[k], 1);
}

static Run run_new(const char *text) {
    Run r = {.arena = arena_new()};
    r.p = read_program(r.arena, text);
    r.memory.arena = r.arena;
    for (int k = 0; k < r.p->stmts.n; k++) r.p->stmts.at[k]->prelude = true;
    fill_given(&r);
    program_verify(r.p, "read");
    return r;
}

static void execute(Run *r, Program *p) {
    if (!program_order(p)) bug("no order");
    program_verify(p, "order");
    program_interpret(p, &r->memory, p->batch);
}

static char *printed(Program *p) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    p->order = (Items){0};
    program_print(p, to);
    fclose(to);
    return text;
}

/* How far the roots of two programs are apart. */
static double difference(Run *r, const Program *a, const Program *b) {
    double most = 0;
    for (int k = 0; k < a->roots.n; k++) {
        const double *x = memory_of(&r->memory, a->roots.at[k]), *y = memory_of(&r->memory, b->roots.at[k]);
        for (long long j = 0; j < tensor_size(a->roots.at[k]); j++) {
            const double d = fabs(x[j] - y[j]) / fmax(1, fabs(x[j]));
            if (!(d <= most)) most = d;
        }
    }
    return most;
}

typedef struct Rule {
    const char *name, *text;
    bool final;                    /* no derivative is asked for any more */
    const char *wanted, *unwanted; /* must be in the simplified text, must not; or NULL */
} Rule;

/* Roots keep their values. */
static void check(const Rule *rule) {
    const char *wanted = rule->wanted, *unwanted = rule->unwanted;
    Run r = run_new(rule->text);
    r.p->final = rule->final;
    Program *simple = program_copy(r.p, "simple");
    program_simplify(simple);
    program_verify(simple, "simplify");
    execute(&r, r.p);
    fill_given(&r); /* where the program has replaced a value */
    execute(&r, simple);
    const double d = difference(&r, r.p, simple);
    char *now = printed(simple);
    const bool good = d < 1e-12 && (!wanted || strstr(now, wanted)) && (!unwanted || !strstr(now, unwanted));
    ok(good, "%s (%.0e)", rule->name, d);
    if (!good) printf("# wanted: %s\n# unwanted: %s\n%s\n", wanted ? wanted : "", unwanted ? unwanted : "", now);
    free(now);
    arena_free(r.arena);
}

static const Rule rules[] = {
    {"stop_gradient", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = stop_gradient(x[i]) * x[i]\n", true, "x[i] * x[i]",
     "stop"},
    {"stop_gradient stays while it may matter", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = stop_gradient(x[i])\n", false,
     "stop_gradient", NULL},
    {"x^2", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = x[i]^2\n", true, "x[i] * x[i]", "^"},
    {"x^3", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = x[i]^3\n", true, "x[i] * x[i] * x[i]", "^"},
    {"x^0.5", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = (x[i] + 2)^0.5\n", true, "sqrt(x[i] + 2)", "^"},
    {"x^-1", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = (x[i] + 2)^-1\n", true, "1 / (x[i] + 2)", "^"},
    {"numbers meet", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 2 * (x[i] * 3) * 4\n", false, "y[i] = 24 * x[i]", NULL},
    {"numbers meet in quotients", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 2 * x[i] / 2\n", false, "y[i] = x[i]", "2"},
    {"a quotient's number", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 6 * (x[i] / 4)\n", false, "1.5 * x[i]", NULL},
    {"c (d / x)", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 6 * (4 / (x[i] + 5))\n", false, "24 / (x[i] + 5)", NULL},
    {"a quotient of a quotient", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = x[i] / 2 / 4\n", false, "x[i] / 8", NULL},
    {"numbers that would overflow f32 stay apart", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 1e30 * (1e30 * x[i])\n",
     false, "1e+30 * ", "e+60"},
    {"numbers that would underflow f32 stay apart", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 1e-30 * (1e-30 * x[i])\n",
     false, "1e-30 * ", "e-60"},
    {"and those of quotients", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = x[i] / 1e-30 / 1e-30\n", false,
     "/ 1e-30 / 1e-30", NULL},
    {"and those of a product's quotient", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = 1e-30 * x[i] / 1e30\n", false,
     "/ 1e+30", NULL},
    {"x + x", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = x[i] + x[i]\n", false, "2 * x[i]", NULL},
    {"a constant's element", "program p -> y\ninput x[3]\nconstant c[2] = 5 7\nvalue y[3]\ny[i] = x[i] * c[1]\n", false,
     "7 * x[i]", "constant"},
    {"a comparison that ranges decide", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = if i < 3 then x[i] else 1\n", false,
     "y[i] = x[i]", "if"},
    {"a comparison that they don't", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = if i < 2 then x[i] else 1\n", false,
     "if i < 2", NULL},
};

static const Rule programs[] = {
    {"a copy is read at its source",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = x[2-i]\ny[i] = a[i] * a[2-i]\n", false, "y[i] = x[2-i] * x[i]",
     "a["},
    {"a padded read of a whole copy",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = x[i]\ny[i] = pad(a[i-1], 5)\n", false, "pad(x[i-1], 5)", "a["},
    {"a padded read of a part stays",
     "program p -> y\ninput x[5]\nvalue a[3]\nvalue y[3]\na[i] = x[i+1]\ny[i] = pad(a[i-1], 5)\n", false, "pad(a[i-1], 5)",
     NULL},
    {"a copy through a gather",
     "program p -> y\ninput x[3, 2]\ninput ids[4]: index(3)\nvalue a[2, 3]\nvalue y[4, 2]\na[j, i] = x[i, j]\ny[k, j] = "
     "a[j, ids[k]]\n",
     false, "x[ids[k], j]", "a["},
    {"a number is put in", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = 0\ny[i] = a[i] + x[i]\n", false,
     "y[i] = x[i]", "a["},
    {"an index is put in", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = 2*i+1\ny[i] = a[2-i] * x[i]\n", false,
     "(5-2*i) * x[i]", "a["},
    {"what no root needs goes", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = exp(x[i])\ny[i] = 2 * x[i]\n",
     false, NULL, "a["},
    {"a root stays, though a copy", "program p -> a, y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = x[i]\ny[i] = 2 * a[i]\n",
     false, "a[i] = x[i]", "2 * a"},
    {"equal statements are one",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue b[3]\nvalue y[3]\na[i] = exp(x[i])\nb[j] = exp(x[j])\ny[i] = a[i] * "
     "b[2-i]\n",
     false, "a[i] * a[2-i]", "b["},
    {"draws of one site are one, of two are two",
     "program p -> y\nvalue a[3]\nvalue b[3]\nvalue y[3]\na[i] = random(1)\nb[j] = random(2)\ny[i] = a[i] * b[i]\n", false,
     "a[i] * b[i]", NULL},
    {"a zero fill that is overwritten",
     "program p -> y\ninput x[4]\nvalue y[4]\ny[i] = 0\ny[2*i] += x[i]   where i:2\ny[2*i+1] += x[i]   where i:2\n", false,
     "y[2*i] = x[i]", "= 0"},
    {"a first sum that writes all", "program p -> y\ninput x[4]\nvalue y[4]\ny[i] = 0\ny[i] += x[i]\ny[i] += x[3-i]\n", false,
     "y[i] = x[i]", "= 0"},
    {"a zero fill that is needed", "program p -> y\ninput x[4]\nvalue y[4]\ny[i] = 0\ny[i] += x[i]   where i:3\n", false,
     "y[i] = 0", NULL},
    {"a sum of nothing", "program p -> y\ninput x[4]\nvalue z\nvalue y[4]\nz = sum[i:4](0)\ny[i] = x[i] + z\n", false,
     "y[i] = x[i]", "z"},
    {"a value that is replaced is not read at its source",
     "program p -> w_next, v_next\nparam w[2]\nparam v[2]\nvalue old[2]\nnext w_next[2] of w\nnext v_next[2] of v\n"
     "old[i] = w[i]\nw_next[i] = w[i] + 1\nv_next[i] = v[i] + w_next[i] - old[i]\n",
     true, "- old[i]", NULL},
    {"a written derivative is no copy",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = x[i]   derivative 3 by x[i]\ny[i] = a[i] * 2\n", false,
     "2 * a[i]", NULL},
    {"log(exp u)", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = exp(x[i])\ny[i] = log(a[i])\n", false,
     "y[i] = x[i]", "log"},
    {"log(sigmoid u)", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = sigmoid(x[i])\ny[i] = log(a[i])\n", false,
     "-softplus(-x[i])", "log"},
    {"log(1 - sigmoid u)", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = sigmoid(x[i])\ny[i] = log(1 - a[i])\n",
     false, "-softplus(x[i])", "log"},
    {"log1p(-sigmoid u)", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = sigmoid(x[i])\ny[i] = log1p(-a[i])\n",
     false, "-softplus(x[i])", "log"},
    {"the bound of such a log",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue l[3]\nvalue y[3]\na[i] = sigmoid(x[i])\nl[i] = log(a[i])\ny[i] = "
     "max(-100, l[i])\n",
     false, "-softplus(-x[i])", "max"},
    {"the bound of another value stays", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = max(-100, -softplus(x[i]))\n", false,
     "max(-100", NULL},
    {"1 / (1 + exp(-u))", "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = exp(-x[i])\ny[i] = 1 / (1 + a[i])\n",
     false, "y[i] = sigmoid(x[i])", "exp"},
    {"log(1 - 1 / (exp(u) + 1))",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = exp(x[i])\ny[i] = log(1 - 1 / (a[i] + 1))\n", false,
     "y[i] = -softplus(-x[i])", "log"},
    {"log of values copied elsewhere",
     "program p -> y\ninput x[2, 3]\nvalue a[2, 3]\nvalue f[6]\nvalue y[6]\na[i, j] = sigmoid(x[i, j])\n"
     "f[3*i+j] = a[i, j]   where i:2, j:3\ny[i] = max(-100, log(1 - f[i])) + log(f[i])\n",
     false, "-softplus(x[i, j])", "max"},
    {"of sums of them it stays",
     "program p -> y\ninput x[2, 3]\nvalue a[2, 3]\nvalue f[6]\nvalue y[6]\na[i, j] = sigmoid(x[i, j])\nf[i] = 1\n"
     "f[3*i+j] += a[i, j]   where i:2, j:3\ny[i] = log(f[i])\n",
     false, "log(f[i])", "softplus"},
    {"log(a / b) of what may be negative stays",
     "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = log((x[i] - 2) / (exp(x[i]) - 9))\n", false, "log(", "log_"},
    {"also where a is an exponential", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = log(exp(x[i] - 9) / (x[i] + 2))\n",
     false, "log(exp(", "log_"},
    {"log(a / b) of positive ones", "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = log(sigmoid(x[i]) * 2 / exp(x[i]))\n",
     false, "- x[i]", "exp"},
    {"nor by a sum that a guard may leave empty",
     "program p -> y\ninput x[3]\nvalue d[3]\nvalue y[3]\nd[i] = sum[j:3](exp(x[j]))   where 0 <= i-j < 3\n"
     "y[i] = log(exp(x[i]) / d[i])\n",
     false, "log(exp(", "log_"},
    {"another bound stays, around the joint form",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue l[3]\nvalue y[3]\na[i] = sigmoid(900 * x[i])\nl[i] = log(a[i])\ny[i] = "
     "max(-90, l[i])\n",
     false, "max(-90", "log("},
    {"a closer bound stays",
     "program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = sigmoid(x[i])\ny[i] = max(-20, log(a[i]))\n", false, "max(-20",
     NULL},
};

static void check_users_bound(void) {
    Run r = run_new("program p -> y\ninput x[3]\nvalue a[3]\nvalue y[3]\na[i] = sigmoid(x[i])\ny[i] = max(-100, log(a[i]))\n");
    for (int k = 0; k < r.p->stmts.n; k++) r.p->stmts.at[k]->prelude = false;
    program_simplify(r.p);
    char *now = printed(r.p);
    ok(strstr(now, "max(-100, -softplus(-x[i]))") != NULL, "a user's bound stays, around the joint form");
    free(now);
    arena_free(r.arena);
}

/* What an expression is as soon as it is made: identities that hold for every number, and no others. */
static void check_identity(const char *e, const char *same) {
    char text[160], wanted[64];
    snprintf(text, sizeof text, "program p -> y\ninput x[3]\ninput z[3]\nvalue y[3]\ny[i] = %s\n", e);
    snprintf(wanted, sizeof wanted, "y[i] = %s\n", same);
    Run r = run_new(text);
    char *now = printed(r.p);
    ok(strstr(now, wanted) != NULL, "%s is %s", e, same);
    free(now);
    arena_free(r.arena);
}

static const char *const identities[][2] = {
    {"x[i] + 0", "x[i]"},
    {"0 + x[i]", "x[i]"},
    {"x[i] + -z[i]", "x[i] - z[i]"},
    {"x[i] - 0", "x[i]"},
    {"0 - x[i]", "-x[i]"},
    {"x[i] - -z[i]", "x[i] + z[i]"},
    {"x[i] * 1", "x[i]"},
    {"1 * x[i]", "x[i]"},
    {"x[i] * 0", "x[i] * 0"},
    {"0 * x[i]", "0 * x[i]"},
    {"x[i] * -1", "-x[i]"},
    {"-1 * x[i]", "-x[i]"},
    {"-x[i] * -z[i]", "x[i] * z[i]"},
    {"x[i] / 1", "x[i]"},
    {"x[i] / -1", "-x[i]"},
    {"0 / x[i]", "0 / x[i]"},
    {"-x[i] / -z[i]", "x[i] / z[i]"},
    {"x[i] ^ 1", "x[i]"},
    {"x[i] ^ 0", "1"},
    {"1 ^ x[i]", "1"},
    {"0 ^ x[i]", "0 ^ x[i]"},
    {"-(-x[i])", "x[i]"},
    {"-(x[i] - z[i])", "z[i] - x[i]"},
    {"-(2 * x[i])", "-2 * x[i]"},
    {"x[i] < x[i]", "0"},
    {"min(x[i], x[i])", "x[i]"},
    {"max(x[i], x[i])", "x[i]"},
    {"max(x[i], z[i])", "max(x[i], z[i])"},
    {"(x[i] < z[i]) and 0", "0"},
    {"(x[i] < z[i]) and 2", "x[i] < z[i]"},
    {"x[i] and 2", "x[i] and 2"},
    {"(x[i] < z[i]) or 0", "x[i] < z[i]"},
    {"x[i] or 0", "x[i] or 0"},
    {"x[i] or 2", "1"},
    {"not not (x[i] < z[i])", "x[i] < z[i]"},
    {"if 2 then x[i] else z[i]", "x[i]"},
    {"if 0 then x[i] else z[i]", "z[i]"},
    {"if x[i] then z[i] else z[i]", "z[i]"},
    {"if not x[i] then 1 else z[i]", "if x[i] then z[i] else 1"},
    {"stop_gradient(stop_gradient(x[i]))", "stop_gradient(x[i])"},
    {"stop_gradient(2*i+1)", "2*i+1"},
};

/* A comparison of a number with an index goes just where it comes out the same for all of its values. */
static void check_comparison(const char *op, int number, bool index_first) {
    char text[128], left[16] = "i", right[16] = "i", name[64];
    snprintf(index_first ? right : left, sizeof left, "%d", number);
    snprintf(text, sizeof text, "program p -> y\ninput x[3]\nvalue y[3]\ny[i] = if %s %s %s then x[i] else 1\n", left, op,
             right);
    snprintf(name, sizeof name, "%s %s %s where i:3", left, op, right);
    int holds = 0;
    for (int i = 0; i < 3; i++) {
        const int a = index_first ? i : number, b = index_first ? number : i;
        holds += !strcmp(op, "<") ? a < b : !strcmp(op, "<=") ? a <= b : a == b;
    }
    const bool decided = holds == 0 || holds == 3;
    check(&(Rule){name, text, false, decided ? NULL : "if ", decided ? "if " : NULL});
}

static void check_comparisons(void) {
    static const char *const ops[] = {"<", "<=", "=="};
    for (int k = 0; k < 3; k++)
        for (int number = -1; number <= 3; number++) {
            check_comparison(ops[k], number, true);
            check_comparison(ops[k], number, false);
        }
}

/* ---- what a value is */

typedef struct NatureRow {
    const char *name, *text;
    Nature nature;
} NatureRow;

static void check_nature(const NatureRow *row) {
    Run r = run_new(row->text);
    const Nature nature = program_nature(r.p, r.p->roots.at[0]);
    ok(nature == row->nature, "%s", row->name);
    if (nature != row->nature) printf("# %d instead of %d\n", nature, row->nature);
    arena_free(r.arena);
}

static const NatureRow natures[] = {
    {"softmax",
     "program p -> y\ninput x[4, 3]\nvalue m[4]\nvalue e[4, 3]\nvalue d[4]\nvalue y[4, 3]\n"
     "m[b] = max[i:3](x[b, i])\ne[b, i] = exp(x[b, i] - m[b])\nd[b] = sum[j:3](e[b, j])\ny[b, i] = e[b, i] / d[b]\n",
     NATURE_SOFTMAX},
    {"softmax with the exponential twice, the last row of it",
     "program p -> y\ninput x[4, 3]\nvalue d[4]\nvalue z[4, 3]\nvalue y[3]\n"
     "d[b] = sum[j:3](exp(2 * x[b, j]))\nz[b, i] = exp(2 * x[b, i]) / d[b]\ny[i] = z[3, i]\n",
     NATURE_SOFTMAX},
    {"a sum over the other dimension is none",
     "program p -> y\ninput x[3, 3]\nvalue e[3, 3]\nvalue d[3]\nvalue y[3, 3]\n"
     "e[b, i] = exp(x[b, i])\nd[i] = sum[b:3](e[b, i])\ny[b, i] = e[b, i] / d[i]\n",
     NATURE_OTHER},
    {"nor is a sum over a part",
     "program p -> y\ninput x[3]\nvalue e[3]\nvalue d\nvalue y[3]\n"
     "e[i] = exp(x[i])\nd = sum[j:2](e[j])\ny[i] = e[i] / d\n",
     NATURE_OTHER},
    {"nor one of other exponentials",
     "program p -> y\ninput x[3]\nvalue e[3]\nvalue d\nvalue y[3]\n"
     "e[i] = exp(x[i])\nd = sum[j:3](exp(2 * x[j]))\ny[i] = e[i] / d\n",
     NATURE_OTHER},
    {"nor is it one of what isn't exponential",
     "program p -> y\ninput x[3]\nvalue d\nvalue y[3]\nd = sum[j:3](x[j])\ny[i] = x[i] / d\n", NATURE_OTHER},
    {"sigmoid", "program p -> y\ninput x\nvalue y\ny = sigmoid(x)\n", NATURE_SIGMOID},
    {"sigmoid by hand, with its derivative",
     "program p -> y\ninput x[1]\nvalue y[1]\ny[i] = 1 / (exp(-x[i]) + 1)   derivative y[i] * (1 - y[i]) by x[i]\n",
     NATURE_SIGMOID},
    {"tanh", "program p -> y\ninput x[1]\nvalue y[1]\ny[i] = tanh(x[i])\n", NATURE_OTHER},
};

/* ---- joint losses far from 0 */

static const char softmax_loss[] =
    "program p -> loss\n"
    "param x[4, 3]\n input t[4, 3]\n value m[4]\n value top[4]\n value e[4, 3]\n value d[4]\n value y[4, 3]\n"
    "value l[4, 3]\n value loss\n"
    "m[b] = max[i:3](x[b, i])\n top[b] = stop_gradient(m[b])\n"
    "e[b, i] = exp(x[b, i] - top[b])\n d[b] = sum[i:3](e[b, i])\n y[b, i] = e[b, i] / d[b]\n"
    "l[b, i] = log(y[b, i])\n loss = -sum[b:4, i:3](t[b, i] * l[b, i])\n";

static const char gathered_loss[] =
    "program p -> loss\n"
    "param x[4, 3]\n input t[4]: index(3)\n value m[4]\n value top[4]\n value e[4, 3]\n value d[4]\n"
    "value y[4, 3]\n value loss\n value s\n"
    "m[b] = max[i:3](x[b, i])\n top[b] = stop_gradient(m[b])\n"
    "e[b, i] = exp(x[b, i] - top[b])\n d[b] = sum[i:3](e[b, i])\n y[b, i] = e[b, i] / d[b]\n"
    "s = sum[b:4](log(y[b, t[b]]))\n loss = -s\n";

static const char sigmoid_loss[] = "program p -> loss\n"
                                   "param x[4]\n input t[4]\n value y[4]\n value l[4]\n value k[4]\n value e[4]\n value loss\n"
                                   "y[b] = sigmoid(x[b])\n l[b] = log(y[b])\n k[b] = log(1 - y[b])\n"
                                   "e[b] = -(t[b] * max(-100, l[b]) + (1 - t[b]) * max(-100, k[b]))\n"
                                   "loss = sum[b:4](e[b])\n";

static Run joint(const char *text) {
    static char fixed[2048]; /* "loss = -sum(..)" is two statements */
    snprintf(fixed, sizeof fixed, "%s", text);
    char *minus = strstr(fixed, "= -sum");
    if (minus) memmove(minus + 2, minus + 3, strlen(minus + 3) + 1);
    Run r = run_new(fixed);
    Tensors wanted = {0};
    Tensor *x = program_find_tensor(r.p, "x");
    list_push(r.arena, &wanted, x);
    program_simplify(r.p);
    program_verify(r.p, "simplify");
    if (!program_grad(r.p, program_find_tensor(r.p, "loss"), &wanted)) bug("no order");
    list_push(r.arena, &r.p->roots, x->adjoint);
    program_verify(r.p, "grad");
    program_simplify(r.p);
    program_verify(r.p, "simplify again");
    return r;
}

static void set(Run *r, const char *name, int n, const double *v) {
    memcpy(memory_of(&r->memory, program_find_tensor(r->p, name)), v, (size_t)n * sizeof *v);
}

static bool near(const double *v, const double *expected, int n) {
    for (int k = 0; k < n; k++)
        if (!(fabs(v[k] - expected[k]) <= 1e-15 * fmax(1, fabs(expected[k])))) return false;
    return true;
}

static const double logits[12] = {500, -500, 0, -500, 500, 0, 0, 0, 0, 500, 500, -500};

static void check_softmax_loss(void) {
    const double t[12] = {0, 1, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.5, 0};
    const double y[12] = {1, 0, 0, 0, 1, 0, 1. / 3, 1. / 3, 1. / 3, 0.5, 0.5, 0};
    double g[12];
    for (int k = 0; k < 12; k++) g[k] = -(y[k] - t[k]); /* the text without the minus */
    const double loss = -(1000 + 0 + log(3) + log(2));
    Run r = joint(softmax_loss);
    set(&r, "x", 12, logits);
    set(&r, "t", 12, t);
    execute(&r, r.p);
    const double *d = memory_of(&r.memory, r.p->roots.at[1]);
    ok(near(memory_of(&r.memory, r.p->roots.at[0]), &loss, 1) && near(d, g, 12), "softmax and cross_entropy at logits of 500");
    arena_free(r.arena);
}

static void check_gathered_loss(void) {
    const double t[4] = {1, 1, 2, 0}, loss = 1000 + 0 + log(3) + log(2);
    const double g[12] = {1, -1, 0, 0, 0, 0, 1. / 3, 1. / 3, -2. / 3, -0.5, 0.5, 0};
    Run r = joint(gathered_loss);
    set(&r, "x", 12, logits);
    set(&r, "t", 4, t);
    execute(&r, r.p);
    const double *d = memory_of(&r.memory, r.p->roots.at[1]);
    ok(near(memory_of(&r.memory, r.p->roots.at[0]), &loss, 1) && near(d, g, 12), "the same with class numbers");
    arena_free(r.arena);
}

static void check_sigmoid_loss(void) {
    const double x[4] = {500, -500, 0, 500}, t[4] = {0, 1, 0.25, 1}, g[4] = {1, -1, 0.25, 0};
    const double loss = 500 + 500 + log(2);
    Run r = joint(sigmoid_loss);
    set(&r, "x", 4, x);
    set(&r, "t", 4, t);
    execute(&r, r.p);
    const double *d = memory_of(&r.memory, r.p->roots.at[1]);
    ok(near(memory_of(&r.memory, r.p->roots.at[0]), &loss, 1) && near(d, g, 4),
       "sigmoid and binary_cross_entropy at 500, and at 0");
    arena_free(r.arena);
}

/* A rule that changed a value must show. */
static void test_of_the_test(void) {
    Run r = run_new("program p -> y\ninput x[3]\nvalue y[3]\ny[i] = x[i]^2\n");
    Program *wrong = program_copy(r.p, "wrong");
    wrong->stmts.at[0]->e = expr_2(wrong, OP_MUL, wrong->stmts.at[0]->e, expr_num(wrong, 1 + 1e-9));
    execute(&r, r.p);
    execute(&r, wrong);
    ok(difference(&r, r.p, wrong) > 1e-12, "a value that changes is noticed");
    arena_free(r.arena);
}

int main(void) {
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) check(&rules[k]);
    for (size_t k = 0; k < sizeof programs / sizeof *programs; k++) check(&programs[k]);
    for (size_t k = 0; k < sizeof identities / sizeof *identities; k++) check_identity(identities[k][0], identities[k][1]);
    check_comparisons();
    check_users_bound();
    for (size_t k = 0; k < sizeof natures / sizeof *natures; k++) check_nature(&natures[k]);
    check_softmax_loss();
    check_gathered_loss();
    check_sigmoid_loss();
    test_of_the_test();
    return unit_done();
}
