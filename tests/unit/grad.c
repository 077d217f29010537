/* grad: the derivative of a loss against central differences, through the interpreter, for programs written in the printed
 * form. */
#include "read.h"

typedef struct Net {
    Arena *arena;
    Program *p;
    Memory memory;
    Tensors wanted;
    Tensor *loss;
    int n; /* samples */
} Net;

/* Reads the program; inputs and parameters get random numbers; the gradient of every parameter is wanted. */
static Net net_new(const char *text, uint64_t part) {
    Net net = {.arena = arena_new()};
    unit_begin(part);
    net.p = read_program(net.arena, text);
    net.memory.arena = net.arena;
    net.loss = program_find_tensor(net.p, "loss");
    net.n = net.p->batch;
    for (int k = 0; k < net.p->tensors.n; k++) {
        Tensor *t = net.p->tensors.at[k];
        if (!unit_is_given(t)) continue;
        unit_fill(&net.memory, t, 1);
        if (t->role == ROLE_PARAM) list_push(net.arena, &net.wanted, t);
    }
    if (!net.wanted.at) bug("a program without parameters");
    list_push(net.arena, &net.p->roots, net.loss);
    return net;
}

static void differentiate(Net *net) {
    program_verify(net->p, "read");
    if (!program_grad(net->p, net->loss, &net->wanted)) bug("no order");
    for (int k = 0; k < net->wanted.n; k++) list_push(net->arena, &net->p->roots, net->wanted.at[k]->adjoint);
    program_verify(net->p, "grad");
    if (!program_order(net->p)) bug("no order");
    program_verify(net->p, "order");
}

static double loss_of(Net *net) {
    program_interpret(net->p, &net->memory, net->n);
    return *memory_of(&net->memory, net->loss);
}

/* (f(x + h) - f(x - h)) / 2h */
static double central_difference(Net *net, double *x, double h) {
    const double x0 = *x;
    *x = x0 + h;
    const double above = loss_of(net);
    *x = x0 - h;
    const double below = loss_of(net);
    *x = x0;
    return (above - below) / (2 * h);
}

/* How far g is from the derivative. Where a kink lies within h, it no longer does within less. */
static double distance(Net *net, double *x, double g) {
    double least = INFINITY;
    for (double h = 1e-5; h > 5e-8 && !(least < 1e-9); h /= 10) least = fmin(least, fabs(central_difference(net, x, h) - g));
    return least;
}

/* The largest difference, relative to the largest derivative. */
static double largest_error(Net *net) {
    double error = 0, scale = 1e-3;
    for (int k = 0; k < net->wanted.n; k++) {
        Tensor *t = net->wanted.at[k];
        const long long size = t->per_sample ? tensor_size(t) / t->dim[0] * net->n : tensor_size(t);
        double *g = arena_many(net->arena, size, double);
        loss_of(net);
        memcpy(g, memory_of(&net->memory, t->adjoint), (size_t)size * sizeof *g);
        for (long long j = 0; j < size; j++) {
            const double d = distance(net, memory_of(&net->memory, t) + j, g[j]);
            if (!(d <= error)) error = d;
            if (fabs(g[j]) > scale) scale = fabs(g[j]);
        }
    }
    return error / scale;
}

static void check(const char *name, const char *text) {
    Net net = net_new(text, 17);
    differentiate(&net);
    double error = largest_error(&net);
    if (net.n > 1) { /* a smaller batch */
        net.n--;
        const double less = largest_error(&net);
        if (!(less <= error)) error = less;
    }
    ok(error < 1e-7, "%s: %.1e", name, error);
    if (!(error < 1e-7)) program_print(net.p, stdout);
    arena_free(net.arena);
}

static const char net_2_2_1[] =
    "program net\n"
    "input x[n <= 3, 2]\n target t[n <= 3]\n param w[2, 2]\n param v[2]\n param bias\n"
    "scalar n\n value s[n <= 3, 2]\n value h[n <= 3, 2]\n value y[n <= 3]\n value e[n <= 3]\n value loss\n"
    "value total\n"
    "s[b, j] = sum[i:2](w[j, i] * x[b, i])\n"
    "h[b, j] = sigmoid(s[b, j])\n"
    "y[b] = sum[j:2](v[j] * h[b, j])\n"
    "e[b] = (y[b] + bias - t[b])^2 / 2\n"
    "total = sum[b:n](e[b])\n"
    "loss = total / n\n";

static const char conv[] =
    "param x[2, 3, 7, 8]\n param w[4, 3, 3, 3]\n input t[2, 4, 3, 4]\n value z[2, 4, 3, 4]\n value loss\n"
    "z[b, f, py, px] = sum[c:3, ky:3, kx:3](w[f, c, ky, kx] * pad(x[b, c, 2*py+2*ky-1, 2*px+kx-1], 0))\n"
    "loss = sum[b:2, f:4, y:3, u:4](z[b, f, y, u] * z[b, f, y, u] * t[b, f, y, u])\n";

static const char transposed_conv[] = "param x[3, 4]\n param w[3, 2, 3]\n input t[2, 9]\n value z[2, 9]\n value loss\n"
                                      "z[f, i] = 0\n"
                                      "z[f, 2*i] += sum[c:3](w[c, f, 0] * x[c, i])   where i:4\n"
                                      "z[f, 2*i+1] += sum[c:3](w[c, f, 1] * x[c, i])   where i:4\n"
                                      "z[f, 2*i+2] += sum[c:3](w[c, f, 2] * x[c, i])   where i:4\n"
                                      "loss = sum[f:2, i:9](z[f, i]^2 * t[f, i])\n";

static const char max_pool[] = "param x[2, 7, 6]\n input t[2, 4, 3]\n value z[2, 4, 3]\n value loss\n"
                               "z[c, p, q] = max[ky:3, kx:3](pad(x[c, 2*p+ky-1, 2*q+kx-1], -inf))\n"
                               "loss = sum[c:2, p:4, q:3](z[c, p, q] * t[c, p, q])\n";

static const char min_pool[] = "param x[6]\n input t[5]\n value z[5]\n value loss\n"
                               "z[p] = min[k:2](x[p+k] * x[p+k])\n"
                               "loss = sum[p:5](z[p] * t[p])\n";

static const char simple_rnn[] =
    "input x[n <= 3, 6, 5]\n param wi[4, 5]\n param wh[4, 4]\n param bi[4]\n input t[n <= 3, 4]\n scalar n\n"
    "value s[n <= 3, 6, 4]\n value r[n <= 3, 6, 4]\n value h[n <= 3, 6, 4]\n value last[n <= 3, 4]\n"
    "value loss\n"
    "s[b, t2, j] = sum[i:5](wi[j, i] * x[b, t2, i])\n"
    "r[b, u, j] = sum[k:4](wh[j, k] * pad(h[b, u-1, k], 0))\n"
    "h[b, u, j] = tanh(s[b, u, j] + r[b, u, j] + bi[j])\n"
    "last[b, j] = h[b, 5, j]\n"
    "loss = sum[b:n, j:4](last[b, j]^2 * t[b, j])\n";

static const char lstm[] = "input x[4, 3]\n param w[12, 3]\n param u[12, 3]\n input t[4, 3]\n"
                           "value s[4, 12]\n value r[4, 12]\n value i[4, 3]\n value f[4, 3]\n value g[4, 3]\n value o[4, 3]\n "
                           "value c[4, 3]\n value y[4, 3]\n"
                           "value h[4, 3]\n value loss\n"
                           "s[p, q] = sum[k:3](w[q, k] * x[p, k])\n"
                           "r[p, q] = sum[k:3](u[q, k] * pad(h[p-1, k], 0))\n"
                           "i[p, j] = sigmoid(s[p, j] + r[p, j])\n f[p, j] = sigmoid(s[p, j+3] + r[p, j+3])\n"
                           "g[p, j] = tanh(s[p, j+6] + r[p, j+6])\n o[p, j] = sigmoid(s[p, j+9] + r[p, j+9])\n"
                           "c[p, j] = f[p, j] * pad(c[p-1, j], 0) + i[p, j] * g[p, j]\n"
                           "y[p, j] = tanh(c[p, j])\n h[p, j] = o[p, j] * y[p, j]\n"
                           "loss = sum[p:4, j:3](h[p, j] * t[p, j])\n";

static const char embedding[] =
    "input ids[n <= 3, 4]: index(5)\n param table[5, 3]\n input t[n <= 3, 4, 3]\n value y[n <= 3, 4, 3]\n"
    "value loss\n"
    "y[b, p, i] = table[ids[b, p], i]\n"
    "loss = sum[b:n, p:4, i:3](y[b, p, i]^2 * t[b, p, i])\n";

static const char softmax_loss[] =
    "param x[n <= 4, 5]\n"
    "input ids[n <= 4]: index(5)\n value top[n <= 4]\n value e[n <= 4, 5]\n value d[n <= 4]\n"
    "value y[n <= 4, 5]\n value l[n <= 4]\n value loss\n scalar n\n value total\n value m[n <= 4]\n"
    "top[b] = stop_gradient(m[b])\n"
    "m[b] = max[i:5](x[b, i])\n"
    "e[b, i] = exp(x[b, i] - top[b])\n"
    "d[b] = sum[j:5](e[b, j])\n"
    "y[b, i] = e[b, i] / d[b]\n"
    "l[b] = -log(y[b, ids[b]])\n"
    "total = sum[b:n](l[b])\n"
    "loss = total / n\n";

static const char layer_norm[] =
    "param x[3, 6]\n param g[6]\n param o[6]\n input t[3, 6]\n value m[3]\n value v[3]\n value r[3]\n"
    "value y[3, 6]\n value loss\n"
    "m[b] = sum[i:6](x[b, i] / 6)\n"
    "v[b] = sum[i:6]((x[b, i] - m[b])^2 / 6)\n"
    "r[b] = sqrt(v[b] + 1e-05)\n"
    "y[b, i] = g[i] * (x[b, i] - m[b]) / r[b] + o[i]\n"
    "loss = sum[b:3, i:6](y[b, i]^2 * t[b, i])\n";

static const char batch_norm[] =
    "param x[n <= 5, 2]\n input t[n <= 5, 2]\n scalar n\n value s[2]\n value m[2]\n value q[2]\n value r[2]\n"
    "value y[n <= 5, 2]\n value loss\n"
    "s[i] = sum[b:n](x[b, i])\n m[i] = s[i] / n\n"
    "q[i] = sum[b:n]((x[b, i] - m[i])^2)\n"
    "r[i] = sqrt(q[i] / n + 1e-05)\n"
    "y[b, i] = (x[b, i] - m[i]) / r[i]\n"
    "loss = sum[b:n, i:2](y[b, i]^3 * t[b, i])\n";

static const char diagonal[] = "param a[4, 4]\n input t[4]\n value y[4]\n value z[4]\n value loss\n"
                               "y[i] = a[i, i] * a[3-i, i]\n"
                               "z[i] = y[3-i] * a[0, i]\n"
                               "loss = sum[i:4](z[i] * t[i])\n";

static const char product[] = "param x[5]\n constant c = 1.5\n value p[5]\n value loss\n"
                              "p[k] = (if k < 1 then 1 else pad(p[k-1], 0)) * x[k]\n"
                              "loss = p[4] * c\n";

static const char tied[] = "input x[3, 4]\n param w[2, 4]\n value h[3, 2]\n value y[3, 4]\n value loss\n"
                           "h[b, o] = sum[i:4](w[o, i] * x[b, i])\n"
                           "y[b, i] = sum[o:2](w[o, i] * h[b, o])\n"
                           "loss = sum[b:3, i:4]((y[b, i] - x[b, i])^2)\n";

static const char concat[] = "param a[3]\n param b[2]\n input t[5]\n value y[5]\n value loss\n"
                             "y[k] = pad(a[k], 0) + pad(b[k-3], 0)\n"
                             "loss = sum[k:5](y[k]^2 * t[k])\n";

static const char flatten[] = "param x[2, 3, 4]\n input t[24]\n value y[24]\n value z[24]\n value loss\n"
                              "y[12*c+4*i+j] = x[c, i, j]   where c:2, i:3, j:4\n"
                              "z[k] = y[23-k] * y[k]\n"
                              "loss = sum[k:24](z[k] * t[k])\n";

static const char functions[] =
    "param a[3]\n param b[3]\n input t[3]\n value p[3]\n value y[3]\n value z[3]\n value loss\n"
    "p[i] = 2 + a[i]\n"
    "y[i] = p[i]^b[i] + p[i] / (3 + b[i]) + exp(b[i]) + log(p[i]) + sqrt(p[i]) + tanh(b[i]) + sigmoid(b[i]) + erf(b[i]) + "
    "sin(b[i])"
    " + cos(a[i])\n"
    "z[i] = log1p(p[i]) + expm1(b[i]) + softplus(a[i]) + abs(b[i]) + min(a[i], b[i]) + max(a[i], 2 * b[i]) + p[i] % (5 + b[i])"
    " + sign(b[i]) + floor(b[i] + 10) + b[i]^3 + (if a[i] < b[i] then a[i] * b[i] else -a[i])\n"
    "loss = sum[i:3]((y[i] + z[i]) * t[i])\n";

static const char written[] = "param x[4]\n input t[4]\n value y[4]\n value loss\n"
                              "y[i] = log(1 + exp(x[i]))   derivative sigmoid(x[i]) by x[i]\n"
                              "loss = sum[i:4](y[i] * t[i])\n";

static const char two_dimensions[] = "param x[3, 4]\n value h[3, 4]\n value loss\n"
                                     "h[i, j] = tanh(x[i, j] + pad(h[i-1, j], 0) + pad(h[i, j-1], 0))\n"
                                     "loss = h[2, 3]\n";

/* Values that central differences can't judge. */
static const double *adjoint_of(Net *net, const char *name) {
    return memory_of(&net->memory, program_find_tensor(net->p, name)->adjoint);
}

static void check_ties(void) {
    Net net = net_new("param x[3]\n value z[2]\n value r[3]\n value m[3]\n value loss\n value s\n"
                      "z[p] = max[k:2](x[p+k])\n"
                      "r[i] = max(x[i], 1) + max(0, x[i] - 1) + abs(x[i] - 1)\n"
                      "s = sum[p:2](z[p] * (1 + p))\n m[i] = min(x[i], 1)\n"
                      "loss = s + r[0] * 10 + m[1] * 100\n",
                      1);
    for (int k = 0; k < 3; k++) memory_of(&net.memory, net.wanted.at[0])[k] = 1;
    differentiate(&net);
    loss_of(&net);
    const double *g = adjoint_of(&net, "x");
    ok(g[0] == 11 && g[1] == 102 && g[2] == 0, "of equals the first takes all: %g %g %g", g[0], g[1], g[2]);
    arena_free(net.arena);
}

static void check_zero_in_product(void) {
    Net net = net_new(product, 1);
    double *x = memory_of(&net.memory, net.wanted.at[0]);
    for (int k = 0; k < 5; k++) x[k] = k - 2;
    differentiate(&net);
    ok(largest_error(&net) < 1e-7, "prod with a zero");
    arena_free(net.arena);
}

/* if c then a else b passes nothing through the branch not taken, even where its derivative is infinite */
static void check_branches(void) {
    Net net = net_new("param x[3]\n value y[3]\n value loss\n"
                      "y[i] = if 0 < x[i] then sqrt(x[i]) + x[i] * log(x[i]) else 0\n"
                      "loss = sum[i:3](y[i])\n",
                      1);
    double *x = memory_of(&net.memory, net.wanted.at[0]);
    x[0] = 0;
    x[1] = -1;
    x[2] = 4;
    differentiate(&net);
    loss_of(&net);
    const double *g = adjoint_of(&net, "x");
    ok(g[0] == 0 && g[1] == 0 && fabs(g[2] - (0.25 + log(4) + 1)) < 1e-15, "no derivative through a branch not taken");
    arena_free(net.arena);
}

static void check_independent(void) {
    Net net = net_new("param x[2]\n param y[2]\n value loss\n value s\n s = sum[i:2](y[i])\n loss = sum[i:2](x[i] * 2)\n", 1);
    memory_of(&net.memory, net.wanted.at[1])[0] = 5;
    differentiate(&net);
    loss_of(&net);
    ok(adjoint_of(&net, "y")[0] == 0 && adjoint_of(&net, "x")[1] == 2, "what the loss does not depend on has gradient 0");
    arena_free(net.arena);
}

/* What two statements read: the first one's contribution sets every element, so nothing is zeroed. */
static void check_first_sets(void) {
    Net net = net_new("param x[4]\n value y[4]\n value z[4]\n value loss\n y[i] = x[i] * x[i]\n z[i] = sin(x[i])\n"
                      "loss = sum[i:4](y[i] * z[i])\n",
                      1);
    differentiate(&net);
    int writers = 0;
    for (int k = 0; k < net.p->stmts.n; k++) writers += net.p->stmts.at[k]->to == net.wanted.at[0]->adjoint;
    ok(writers == 2, "the first contribution sets, the second is added");
    arena_free(net.arena);
}

/* The result is read, not computed again: no tanh in the gradient. */
typedef struct Count {
    Op op;
    int n;
} Count;

static void count_op(const Expr *e, void *context) {
    Count *c = context;
    c->n += e->op == c->op;
}

/* In the program with its gradient. */
static int count_of(const char *text, Op op) {
    Net net = net_new(text, 1);
    differentiate(&net);
    Count c = {op, 0};
    for (int k = 0; k < net.p->stmts.n; k++) expr_nodes(net.p->stmts.at[k]->e, count_op, &c);
    arena_free(net.arena);
    return c.n;
}

static void check_results_are_read(void) {
    ok(count_of(lstm, OP_TANH) == 2, "tanh is computed only in forward");
    ok(count_of("param x[3]\n input t[3]\n value y[3]\n value loss\n"
                "y[i] = 1 / x[i]\n loss = sum[i:3](t[i] * y[i])\n",
                OP_DIV) == 1,
       "1 / x is divided once: its derivative is -y y");
}

typedef struct Reads {
    const char *name;
    int n;
} Reads;

static void count_reads(const Expr *read, void *context) {
    Reads *r = context;
    r->n += !strcmp(read->read.tensor->name, r->name);
}

/* How often the gradient of loss = sum(h h) reads z, where h[b, i] = ...; -1 if it is wrong. */
static int reads_of_z(const char *h) {
    char text[400];
    snprintf(text, sizeof text,
             "program p -> loss\ninput x[2, 3]\nparam w[3]\nvalue z[2, 3]\nvalue h[2, 3]\nvalue loss\n"
             "z[b, i] = x[b, i] * w[i]\n%s\nloss = sum[b:2, i:3](h[b, i] * h[b, i])\n",
             h);
    Net net = net_new(text, 3);
    const int forward = net.p->stmts.n;
    differentiate(&net);
    Reads r = {"z", 0};
    for (int k = forward; k < net.p->stmts.n; k++) expr_reads(net.p->stmts.at[k]->e, count_reads, &r);
    if (largest_error(&net) > 1e-6) r.n = -1;
    arena_free(net.arena);
    return r.n;
}

/* Whether z is above 0 is asked of max(0, z), so that z need not be kept; but max(z, 0) is 0 for z < 0 and for z = 0. */
static void check_kept_maxima(void) {
    ok(reads_of_z("h[b, i] = max(0, z[b, i])") == 0, "max(0, z) tells whether 0 < z");
    ok(reads_of_z("h[b, i] = max(z[b, i], 0)") == 1, "max(z, 0) does not");
    ok(reads_of_z("h[b, i] = 2 * max(0, z[b, i])") == 1, "2 max(0, z) is not it");
    ok(reads_of_z("h[b, i] = x[b, i]\nh[b, i] += max(0, z[b, i])") == 1, "nor is a sum with it");
}

/* A wrong sign must show. */
static void test_of_the_test(void) {
    Net net = net_new(tied, 17);
    differentiate(&net);
    const double before = largest_error(&net);
    for (int k = 0; k < net.p->stmts.n; k++) {
        Stmt *s = net.p->stmts.at[k];
        if (s->to != net.wanted.at[0]->adjoint || !s->add) continue;
        s->e = expr_1(net.p, OP_NEG, s->e);
        break;
    }
    ok(before < 1e-7 && largest_error(&net) > 1e-3, "a flipped sign is noticed");
    arena_free(net.arena);
}

static void check_second_derivative(const char *name, const char *text) {
    Net net = net_new(text, 5);
    differentiate(&net);
    Program *p = net.p;
    p->order = (Items){0};
    Tensor *sum = tensor_new(net.arena, "length", NULL, ROLE_VALUE, 0, NULL, read_nowhere);
    program_add_tensor(p, sum);
    Tensor *g = net.wanted.at[0]->adjoint;
    Stmt *s = program_add_stmt(p, sum, NULL); /* the sum of the squares of the gradient */
    stmt_full_box(s);
    const Sub *at = subs_identity(net.arena, g->rank);
    for (int k = 0; k < g->rank; k++) s->ix[k] = (Index){NULL, 0, g->dim[k], g->per_sample && k == 0};
    s->nred = g->rank;
    s->reduce = g->rank ? REDUCE_SUM : REDUCE_NONE;
    s->e = expr_2(p, OP_MUL, expr_read(p, g, at), expr_read(p, g, at));
    net.loss = sum;
    differentiate(&net);
    const double error = largest_error(&net);
    ok(error < 1e-6, "second derivative of %s: %.1e", name, error);
    arena_free(net.arena);
}

int main(void) {
    check("2-2-1", net_2_2_1);
    check("strided, padded, dilated convolution", conv);
    check("transposed convolution", transposed_conv);
    check("max_pool with overlap and padding", max_pool);
    check("min", min_pool);
    check("simple_rnn", simple_rnn);
    check("lstm", lstm);
    check("embedding", embedding);
    check("softmax and cross_entropy", softmax_loss);
    check("layer_norm", layer_norm);
    check("batch_norm", batch_norm);
    check("diagonal and reversed reads", diagonal);
    check("prod", product);
    check("tied, transposed weights", tied);
    check("concat", concat);
    check("flatten", flatten);
    check("every function", functions);
    check("a derivative that is written", written);
    check("recurrence in two indices", two_dimensions);
    check_ties();
    check_zero_in_product();
    check_branches();
    check_independent();
    check_first_sets();
    check_results_are_read();
    check_kept_maxima();
    test_of_the_test();
    check_second_derivative("2-2-1", net_2_2_1);
    check_second_derivative("convolution", conv);
    check_second_derivative("simple_rnn", simple_rnn);
    check_second_derivative("layer_norm", layer_norm);
    check_second_derivative("embedding", embedding);
    return unit_done();
}
