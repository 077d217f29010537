/* fuzz: random programs. Simplified, they compute the same; differentiated, before and after simplifying, their gradients agree
 * with central differences.
 *
 * Varied: 3 to 10 groups of statements on vectors of 2 to 5 numbers and what comes of them, of one or two indices besides the
 * samples, with sums, maxima, padding, strides, joins, recurrences, gathers, scatters, sums over the batch; 2 or 3 samples. Not
 * varied: extents beyond some tens, three indices, states, random numbers, updates. */
#include "read.h"

enum { PROGRAMS = 1500, STEPS = 10, TENSORS = 40, TEXT = 1 << 14 };

typedef struct Shape { /* of a tensor that exists: v3[n <= 3, 4, 2] */
    char name[12];
    bool batch;
    int rank, dim[2]; /* besides the batch */
} Shape;

typedef struct Writer {
    char declarations[TEXT], statements[TEXT];
    Shape made[TENSORS];
    int n, params;
} Writer;

__attribute__((format(printf, 2, 3))) static void add(char *text, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const size_t at = strlen(text);
    vsnprintf(text + at, TEXT - at, format, args); /* NOLINT(clang-analyzer-valist.Uninitialized) */
    va_end(args);
}

static Shape *declare(Writer *w, const char *role, const char *letter, bool batch, int rank, int d0, int d1) {
    Shape *s = &w->made[w->n];
    *s = (Shape){.batch = batch, .rank = rank, .dim = {d0, d1}};
    snprintf(s->name, sizeof s->name, "%s%d", letter, w->n++);
    add(w->declarations, "%s %s", role, s->name);
    const char *before = "[";
    if (batch) {
        add(w->declarations, "[n <= 3");
        before = ", ";
    }
    for (int k = 0; k < rank; k++) {
        add(w->declarations, "%s%d", before, s->dim[k]);
        before = ", ";
    }
    add(w->declarations, "%s\n", batch || rank ? "]" : "");
    return s;
}

static Shape *new_value(Writer *w, bool batch, int rank, int d0, int d1) {
    return declare(w, "value", "v", batch, rank, d0, d1);
}

static Shape *new_param(Writer *w, int rank, int d0, int d1) {
    w->params++;
    return declare(w, "param", "w", false, rank, d0, d1);
}

/* v3[b, i, j] with these subscripts */
static const char *element(char *to, const Shape *s, const char *i, const char *j) {
    if (s->rank == 0) snprintf(to, 80, s->batch ? "%s[b]" : "%s", s->name);
    if (s->rank == 1) snprintf(to, 80, "%s[%s%s]", s->name, s->batch ? "b, " : "", i);
    if (s->rank == 2) snprintf(to, 80, "%s[%s%s, %s]", s->name, s->batch ? "b, " : "", i, j);
    return to;
}

static const Shape *any(const Writer *w, int rank) {
    for (int tries = 0; tries < 100; tries++) {
        const Shape *s = &w->made[unit_int(0, w->n - 1)];
        if (s->rank == rank) return s;
    }
    return NULL;
}

/* Later values are likelier to be used. */
static const Shape *any_vector(const Writer *w) {
    for (int tries = 0; tries < 100; tries++) {
        const Shape *s = &w->made[w->n - 1 - unit_int(0, w->n > 6 ? 5 : w->n - 1)];
        if (s->rank == 1) return s;
    }
    return any(w, 1);
}

static void write_elementwise(Writer *w) {
    static const char *const forms[] = {
        "tanh(%s)",
        "sin(%s) * 2",
        "sigmoid(%s)",
        "%s * %s",
        "%s / (2 + %s * %s)",
        "exp(-%s * %s)",
        "%s^2",
        "%s - 0.5",
        "if %s < 0.1 then %s else 0.3 * %s",
        "max(0.05, %s)",
        "abs(%s + 0.01)",
        "log(1.5 + %s * %s)",
        "softplus(%s)",
        "sqrt(1 + %s^2)",
        "min(%s, 2 * %s)",
        "2 * (%s / 3)",
        "%s",
        "erf(%s)",
        "0.7",
        "log(sigmoid(%s))",
        "(%s * 2 + i) / 4",
        "stop_gradient(0.3) * %s",
    };
    const Shape a = *any_vector(w);
    char x[80], y[80];
    const Shape *v = new_value(w, a.batch, 1, a.dim[0], 0);
    element(x, &a, "i", "");
    add(w->statements, "%s = ", element(y, v, "i", ""));
    const char *form = forms[unit_int(0, (int)(sizeof forms / sizeof *forms) - 1)];
    for (const char *f = form; *f; f++) {
        if (strncmp(f, "%s", 2) == 0) {
            add(w->statements, "%s", x);
            f++;
        } else {
            add(w->statements, "%c", *f);
        }
    }
    add(w->statements, "\n");
}

static void write_product(Writer *w) {
    const Shape a = *any_vector(w);
    const int out = unit_int(1, 4);
    const Shape p = *new_param(w, 2, out, a.dim[0]);
    char x[80], y[80];
    const Shape *v = new_value(w, a.batch, 1, out, 0);
    add(w->statements, "%s = sum[k:%d](%s[o, k] * %s)\n", element(y, v, "o", ""), a.dim[0], p.name, element(x, &a, "k", ""));
}

static void write_window(Writer *w) {
    const Shape a = *any_vector(w);
    const int kernel = unit_int(1, 3), stride = unit_int(1, 3), dilation = unit_int(1, 2), padding = unit_int(0, 2);
    const int out = floor_div(a.dim[0] + 2 * padding - dilation * (kernel - 1) - 1, stride) + 1;
    if (out < 1) return;
    const Shape p = *new_param(w, 1, kernel, 0);
    char at[40], x[80], y[80];
    snprintf(at, sizeof at, "%d*p+%d*k-%d", stride, dilation, padding);
    const Shape *v = new_value(w, a.batch, 1, out, 0);
    const bool max = unit_int(0, 2) == 0;
    add(w->statements, "%s = %s[k:%d](%s[k] * pad(%s, %s))\n", element(y, v, "p", ""), max ? "max" : "sum", kernel, p.name,
        element(x, &a, at, ""), unit_int(0, 1) ? "0" : "0.3");
}

static void write_pair(Writer *w) { /* an outer product, then read transposed, reversed, on the diagonal */
    const Shape a = *any_vector(w), c = *any_vector(w);
    const bool batch = a.batch || c.batch;
    char x[80], y[80], z[80];
    const Shape m = *new_value(w, batch, 2, a.dim[0], c.dim[0]);
    add(w->statements, "%s = %s * %s\n", element(z, &m, "i", "j"), element(x, &a, "i", ""), element(y, &c, "j", ""));
    const int least = a.dim[0] < c.dim[0] ? a.dim[0] : c.dim[0];
    char back[20];
    snprintf(back, sizeof back, "%d-i", a.dim[0] - 1);
    const Shape *v = new_value(w, batch, 1, least, 0);
    add(w->statements, "%s = ", element(z, v, "i", ""));
    add(w->statements, "%s + ", element(x, &m, "i", "i"));
    add(w->statements, "2 * %s\n", element(x, &m, back, "i"));
}

static void write_flat(Writer *w) {
    const Shape *m = any(w, 2);
    if (!m) return;
    const Shape a = *m;
    char at[40], x[80], y[80];
    const Shape *v = new_value(w, a.batch, 1, a.dim[0] * a.dim[1], 0);
    snprintf(at, sizeof at, "%d*i+j", a.dim[1]);
    element(y, v, at, "");
    add(w->statements, "%s = %s   where i:%d, j:%d\n", y, element(x, &a, "i", "j"), a.dim[0], a.dim[1]);
}

static void write_join(Writer *w) {
    const Shape a = *any_vector(w), c = *any_vector(w);
    char at[20], x[80], y[80], z[80];
    snprintf(at, sizeof at, "i-%d", a.dim[0]);
    const Shape *v = new_value(w, a.batch || c.batch, 1, a.dim[0] + c.dim[0], 0);
    add(w->statements, "%s = pad(%s, 0) + ", element(z, v, "i", ""), element(x, &a, "i", ""));
    add(w->statements, "pad(%s, 0)\n", element(y, &c, at, ""));
}

static void write_recurrence(Writer *w) {
    const Shape a = *any_vector(w);
    const Shape p = *new_param(w, 0, 0, 0);
    char x[80], y[80], z[80];
    const bool down = unit_int(0, 1);
    const Shape *v = new_value(w, a.batch, 1, a.dim[0], 0);
    add(w->statements, "%s = tanh(%s", element(z, v, "i", ""), element(x, &a, "i", ""));
    add(w->statements, " + %s * pad(%s, 0.2))\n", p.name, element(y, v, down ? "i+1" : "i-1", ""));
}

static void write_gather(Writer *w) {
    const Shape a = *any_vector(w);
    const int n = unit_int(1, 4);
    char x[80], z[80], ids[40], at[48];
    snprintf(ids, sizeof ids, "ids%d", w->n);
    add(w->declarations, "input %s[%d]: index(%d)\n", ids, n, a.dim[0]);
    snprintf(at, sizeof at, "%s[i]", ids);
    const Shape *v = new_value(w, a.batch, 1, n, 0);
    add(w->statements, "%s = %s\n", element(z, v, "i", ""), element(x, &a, at, ""));
}

static void write_scatter(Writer *w) { /* as lower writes z[2*i + k] += ...: a fill and sums without overlap */
    const Shape a = *any_vector(w);
    char x[80], z[80];
    const Shape *v = new_value(w, a.batch, 1, 2 * a.dim[0] + 1, 0);
    add(w->statements, "%s = 0\n", element(z, v, "i", ""));
    for (int k = 0; k < 3; k++) {
        char at[20];
        snprintf(at, sizeof at, "2*i+%d", k);
        add(w->statements, "%s += %d * %s   where i:%d\n", element(z, v, at, ""), k + 1, element(x, &a, "i", ""), a.dim[0]);
    }
}

static void write_norm(Writer *w) {
    const Shape a = *any_vector(w);
    char x[80], y[80], z[80];
    const Shape s = *new_value(w, a.batch, 0, 0, 0);
    add(w->statements, "%s = sum[k:%d](%s^2)\n", element(z, &s, "", ""), a.dim[0], element(x, &a, "k", ""));
    const Shape *v = new_value(w, a.batch, 1, a.dim[0], 0);
    add(w->statements, "%s = %s / sqrt(%s + 0.5)\n", element(z, v, "i", ""), element(x, &a, "i", ""), element(y, &s, "", ""));
}

static void write_statistic(Writer *w) { /* over the batch */
    const Shape a = *any_vector(w);
    if (!a.batch) return;
    char x[80], y[80], z[80];
    const Shape m = *new_value(w, false, 1, a.dim[0], 0);
    add(w->statements, "%s = sum[b:n](%s)\n", element(z, &m, "i", ""), element(x, &a, "i", ""));
    const Shape *v = new_value(w, true, 1, a.dim[0], 0);
    add(w->statements, "%s = %s - %s / n\n", element(z, v, "i", ""), element(x, &a, "i", ""), element(y, &m, "i", ""));
}

static void write_loss(Writer *w) {
    add(w->declarations, "value loss\nvalue total\n");
    const Shape *last = any_vector(w);
    char x[80];
    element(x, last, "k", "");
    add(w->statements, "total = sum[%sk:%d](%s * %s)\nloss = total / n\n", last->batch ? "b:n, " : "", last->dim[0], x, x);
}

static void (*const writers[])(Writer *) = {write_elementwise, write_elementwise, write_elementwise, write_product,
                                            write_product,     write_window,      write_window,      write_pair,
                                            write_flat,        write_join,        write_recurrence,  write_gather,
                                            write_scatter,     write_norm,        write_statistic};

static void write_program(Writer *w) {
    add(w->declarations, "program fuzz -> loss\nscalar n\n");
    new_param(w, 1, unit_int(2, 5), 0);
    declare(w, "input", "x", true, 1, unit_int(2, 5), 0);
    for (int k = unit_int(3, STEPS); k > 0 && w->n < TENSORS - 4; k--)
        writers[unit_int(0, (int)(sizeof writers / sizeof *writers) - 1)](w);
    write_loss(w);
}

/* ---- running */

typedef struct Run {
    Program *p;
    Memory memory;
    Tensors wanted;
    Tensor *loss;
} Run;

static Run run_new(Arena *arena, const char *text) {
    Run r = {.p = read_program(arena, text), .memory = {.arena = arena}};
    for (int k = 0; k < r.p->tensors.n; k++) {
        Tensor *t = r.p->tensors.at[k];
        if (!unit_is_given(t)) continue;
        unit_fill(&r.memory, t, 1);
        if (t->role == ROLE_PARAM) list_push(arena, &r.wanted, t);
    }
    return r;
}

static void order(Program *p, const char *stage) {
    program_verify(p, stage);
    if (!program_order(p)) bug("no order");
}

static double loss_of(Run *r, const Program *p, int n) {
    program_interpret(p, &r->memory, n);
    return *memory_of(&r->memory, p->roots.at[0]);
}

static Program *differentiated(Run *r, const Program *forward, const char *name) {
    Program *p = program_copy(forward, name);
    if (!program_grad(p, p->roots.at[0], &r->wanted)) bug("no order");
    for (int k = 0; k < r->wanted.n; k++) list_push(p->arena, &p->roots, r->wanted.at[k]->adjoint);
    order(p, "grad");
    return p;
}

/* Simplified before, after, before and after: all give the gradient of the program as it stands. */
static double compare(Run *r, int n) {
    order(r->p, "read");
    Program *simple = program_copy(r->p, "simple");
    program_simplify(simple);
    order(simple, "simplify");
    Program *raw = differentiated(r, r->p, "raw"), *cooked = differentiated(r, simple, "cooked");
    program_simplify(cooked);
    order(cooked, "simplify again");
    double error = fabs(loss_of(r, r->p, n) - loss_of(r, simple, n)), scale = 1;
    loss_of(r, raw, n);
    loss_of(r, cooked, n);
    for (int k = 0; k < r->wanted.n; k++) {
        double *x = memory_of(&r->memory, r->wanted.at[k]);
        for (long long j = 0; j < tensor_size(r->wanted.at[k]); j++) {
            const double h = 1e-6, x0 = x[j], a = memory_of(&r->memory, raw->roots.at[k + 1])[j];
            const double b = memory_of(&r->memory, cooked->roots.at[k + 1])[j];
            x[j] = x0 + h;
            const double above = loss_of(r, r->p, n);
            x[j] = x0 - h;
            const double below = loss_of(r, r->p, n);
            x[j] = x0;
            scale = fmax(scale, fabs(a));
            error = fmax(error, fabs((above - below) / (2 * h) - a));
            error = fmax(error, 1e6 * fabs(a - b)); /* these two agree to rounding */
        }
    }
    return error / scale;
}

int main(void) {
    int wrong = 0, statements = 0;
    double most = 0;
    for (int k = 0; k < PROGRAMS; k++) {
        Arena *arena = arena_new();
        Writer *w = arena_one(arena, Writer);
        unit_begin((uint64_t)k);
        write_program(w);
        const char *text = arena_printf(arena, "%s%s", w->declarations, w->statements);
        Run r = run_new(arena, text);
        const double error = compare(&r, k % 3 == 0 ? 2 : 3);
        statements += r.p->stmts.n;
        if (error > most) most = error;
        if (!(error < 1e-5) && !wrong++) printf("# program %d: %g\n%s", k, error, text);
        arena_free(arena);
    }
    ok(wrong == 0, "%d random programs, %d statements: %d wrong, largest error %.1e", PROGRAMS, statements, wrong, most);
    return unit_done();
}
