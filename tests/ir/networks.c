/* networks: for networks made of every layer, activation, loss and optimizer of the prelude: each stage leaves the values that
 * the interpreter finds as the stage before, and the gradient program agrees with central differences of its own loss. */
#include "given.h"
#include "lower.h"

typedef struct Known { /* a value of the stage before */
    const char *program, *name;
    const double *at;
    long long size;
} Known;

typedef struct Bench {
    Arena *arena;
    Memory memory;
    LIST(Known) known;
    const char *program;
    double error; /* largest difference between stages */
    const char *where;
    int stages;
} Bench;

static bool is_root(const Program *p, const Tensor *t) {
    for (int k = 0; k < p->roots.n; k++)
        if (p->roots.at[k] == t) return true;
    return false;
}

/* Compares a root with the same tensor after earlier stages. */
static void compare(Bench *b, const Program *p, const Tensor *t, const double *now, const char *stage) {
    for (int k = b->known.n - 1; k >= 0; k--) {
        const Known *known = &b->known.at[k];
        if (strcmp(known->name, t->name) != 0 || known->size != tensor_size(t)) continue;
        double scale = 0;
        for (long long j = 0; j < known->size; j++) scale = fmax(scale, fabs(known->at[j]));
        for (long long j = 0; j < known->size; j++) {
            const double d = known->at[j] == now[j] ? 0 : fabs(known->at[j] - now[j]) / scale;
            if (d <= b->error) continue;
            b->error = isnan(d) ? INFINITY : d;
            b->where = arena_printf(b->arena, "%s of %s after %s", t->name, p->name, stage);
        }
        return;
    }
}

static void after_stage(const Program *p, const char *stage, void *context) {
    Bench *b = context;
    program_verify(p, stage);
    if (!b->program || strcmp(b->program, p->name) != 0) b->known.n = 0;
    b->program = p->name;
    Program *copy = program_copy(p, p->name);
    if (!program_order(copy)) return;
    fill_given(&b->memory, copy);
    program_interpret(copy, &b->memory, p->batch);
    b->stages++;
    const int before = b->known.n;
    for (int k = 0; k < p->tensors.n; k++) {
        const Tensor *t = copy->tensors.at[k];
        if (!tensor_is_computed(t)) continue;
        const double *now = memory_of(&b->memory, t);
        if (before && is_root(copy, t)) compare(b, p, t, now, stage);
        list_push(b->arena, &b->known, ((Known){p->name, t->name, now, tensor_size(t)}));
    }
}

static double loss_of(Memory *memory, const Program *p, int n) {
    program_interpret(p, memory, n);
    return *memory_of(memory, p->roots.at[0]);
}

/* The gradient program against central differences, at up to 12 elements of each parameter. */
static double gradient_error(Bench *b, const Model *m, int n) {
    const Program *p = m->gradient;
    double error = 0, scale = 1e-2;
    fill_given(&b->memory, p);
    loss_of(&b->memory, p, n);
    const double **gradients = arena_many(b->arena, m->params.n, const double *);
    for (int k = 0; k < m->params.n; k++) {
        const Tensor *g = p->roots.at[k + 1];
        gradients[k] =
            arena_grow(b->arena, memory_of(&b->memory, g), (size_t)tensor_size(g), (size_t)tensor_size(g), sizeof(double));
    }
    for (int k = 0; k < m->params.n; k++) {
        const Tensor *w = m->params.at[k];
        double *x = memory_of(&b->memory, w);
        const long long size = tensor_size(w), step = size > 12 ? size / 12 : 1;
        for (long long j = 0; j < size; j += step) {
            const double h = 1e-5, x0 = x[j], g = gradients[k][j];
            x[j] = x0 + h;
            const double above = loss_of(&b->memory, p, n);
            x[j] = x0 - h;
            const double below = loss_of(&b->memory, p, n);
            x[j] = x0;
            scale = fmax(scale, fabs(g));
            const double d = fabs((above - below) / (2 * h) - g);
            if (!(d <= error)) error = d;
        }
    }
    return error / scale;
}

static Model *lower_text(Bench *b, Messages *messages, const char *text) {
    const char *build = getenv("BUILD");
    const char *path = arena_printf(b->arena, "%s/unit/network.nn", build ? build : "build");
    FILE *file = fopen(path, "w");
    if (!file) fatal("%s", path);
    fputs(text, file);
    fclose(file);
    AstFile *tree = parse_file(b->arena, messages, path);
    Settings *settings = tree && !messages->errors ? check_file(b->arena, tree, NULL, 0, 64) : NULL;
    const LowerOptions options = {.nn_folder = ""};
    return settings && !messages->errors ? model_lower(b->arena, tree, settings, &options, after_stage, b) : NULL;
}

static void check(const char *name, const char *text) {
    Bench b = {.arena = arena_new(), .where = ""};
    b.memory.arena = b.arena;
    Messages messages = {.arena = b.arena, .to = stdout};
    const Model *m = lower_text(&b, &messages, text);
    if (!m) {
        ok(false, "%s does not compile", name);
        arena_free(b.arena);
        return;
    }
    ok(b.error < 1e-11, "%s: %d stages agree (%.0e %s)", name, b.stages, b.error, b.where);
    if (m->gradient) {
        const double full = gradient_error(&b, m, m->batch), less = m->batch > 1 ? gradient_error(&b, m, m->batch - 1) : 0;
        ok(fmax(full, less) < 2e-7, "%s: gradient (%.0e, %.0e)", name, full, less);
        if (!(fmax(full, less) < 2e-7)) program_print(m->gradient, stdout);
    }
    arena_free(b.arena);
}

static void check_layer(const char *input, const char *layer) {
    char text[1024], name[200];
    snprintf(name, sizeof name, "%s", layer);
    for (char *c = name; *c; c++)
        if (*c == '\n') *c = ';';
    snprintf(
        text, sizeof text,
        "network net {\n input %s\n dense first[%c]\n %s\n}\ntrain { loss = mse; optimizer = sgd; batch = 3; l2 = 0.01 }\n",
        input, input[strlen(input) - 2], layer);
    check(name, text);
}

/* The last layer of a network whose input is a vector, a series, an image. */
static const char *const of_vector[] = {"dense y[3]",
                                        "batch_norm",
                                        "layer_norm",
                                        "rms_norm",
                                        "softmax",
                                        "log_softmax",
                                        "dropout(0.3)",
                                        "group_norm(groups = 2)",
                                        "prelu",
                                        "add from first, x",
                                        "multiply from first, x",
                                        "concat from first, x",
                                        "reshape y[2, 2]"};
static const char *const of_series[] = {"simple_rnn h[3]",
                                        "gru h[3]",
                                        "lstm h[2]",
                                        "simple_rnn h[3]\n last",
                                        "lstm h[2]\n reverse\n last",
                                        "attention(heads = 2)",
                                        "attention(heads = 2, causal = yes)",
                                        "positional",
                                        "learned_positional",
                                        "conv1d c[2]",
                                        "conv1d(kernel = 2, stride = 2, padding = 1) c[2]",
                                        "max_pool1d",
                                        "avg_pool1d(padding = 1)",
                                        "reverse",
                                        "global_max_pool",
                                        "global_avg_pool",
                                        "concat(axis = 1) from first, x"};
static const char *const of_image[] = {"conv2d c[2]",
                                       "conv2d(kernel = 2, stride = 2, padding = 1) c[2]",
                                       "conv2d(dilation = 2, padding = 1) c[1]",
                                       "depthwise_conv2d(multiplier = 2, stride = 2, padding = 1)",
                                       "transposed_conv2d(stride = 2, padding = 1) c[2]",
                                       "transposed_conv2d(stride = 3, kernel = 2) c[1]",
                                       "max_pool2d",
                                       "max_pool2d(window = 3, stride = 2, padding = 1)",
                                       "avg_pool2d(window = 3, stride = 1)",
                                       "global_avg_pool",
                                       "global_max_pool",
                                       "upsample2d",
                                       "flatten\n dense y[2]",
                                       "batch_norm",
                                       "conv2d c[2] relu\n max_pool2d\n flatten\n dense y[2] tanh"};

static void check_layers(void) {
    for (size_t k = 0; k < sizeof of_vector / sizeof *of_vector; k++) check_layer("x[4]", of_vector[k]);
    for (size_t k = 0; k < sizeof of_series / sizeof *of_series; k++) check_layer("x[5, 4]", of_series[k]);
    for (size_t k = 0; k < sizeof of_image / sizeof *of_image; k++) check_layer("x[2, 5, 6]", of_image[k]);
}

static void check_activations(void) {
    static const char *const names[] = {
        "linear",   "sigmoid",           "tanh",         "relu",      "relu6",      "leaky_relu",      "elu",
        "selu",     "celu(alpha = 0.7)", "gelu",         "gelu_tanh", "silu",       "swish(beta = 2)", "mish",
        "softplus", "softsign",          "hard_sigmoid", "hard_tanh", "hard_swish", "exponential",     "gaussian",
        "sine"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char layer[80];
        snprintf(layer, sizeof layer, "dense y[5] %s", names[k]);
        check_layer("x[4]", layer);
    }
}

static void check_losses(void) {
    static const char *const losses[][2] = {{"squared_error", ""},
                                            {"mse", ""},
                                            {"half_squared_error", ""},
                                            {"mae", ""},
                                            {"huber(delta = 0.3)", ""},
                                            {"log_cosh", ""},
                                            {"binary_cross_entropy", "sigmoid"},
                                            {"cross_entropy", "softmax"},
                                            {"cross_entropy(label_smoothing = 0.1)", "softmax"},
                                            {"kl_divergence", "softmax"},
                                            {"hinge", ""},
                                            {"poisson", "softplus"}};
    for (size_t k = 0; k < sizeof losses / sizeof *losses; k++) {
        char text[400];
        snprintf(text, sizeof text,
                 "network net {\n input x[4]\n dense y[3] %s\n}\ntrain { loss = %s; optimizer = sgd; batch = 4 }\n",
                 losses[k][1], losses[k][0]);
        check(losses[k][0], text);
    }
}

static void check_optimizers(void) {
    static const char *const names[] = {"sgd",
                                        "sgd(0.1, momentum = 0.9, nesterov = yes)",
                                        "adam",
                                        "adamw",
                                        "nadam",
                                        "radam",
                                        "adamax",
                                        "adagrad",
                                        "adadelta",
                                        "rmsprop(centered = yes, momentum = 0.5)",
                                        "rprop",
                                        "lion",
                                        "adam(rate = cosine(0.1, to = 0.01, warmup = 2))",
                                        "sgd(rate = plateau(0.1))",
                                        "sgd(rate = step(0.1))"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char text[400];
        snprintf(text, sizeof text,
                 "network net {\n input x[3]\n dense y[2]\n}\ntrain { loss = mse; optimizer = %s; batch = 2; clip = norm(1); "
                 "l1 = 0.1 }\n",
                 names[k]);
        check(names[k], text);
    }
}

static const char transformer[] =
    "network tiny {\n input ids[6] : index(11)\n embedding e[8]\n learned_positional\n repeat 2 {\n"
    " skip = above\n layer_norm\n attention(heads = 2, causal = yes) a\n mid = a + skip\n layer_norm\n"
    " dense u[16] gelu\n dense v[8]\n out = v + mid\n }\n layer_norm\n dense y[11] softmax\n}\n"
    "train { loss = cross_entropy; optimizer = adamw; batch = 2 }\n";

static const char residual[] =
    "layer block(x[c, h, w]; rate = 0.1) -> y[c, h, w] {\n conv2d(kernel = 3, padding = 1) a[c] from x\n batch_norm relu\n"
    " conv2d(padding = 1) b[c]\n batch_norm n\n dropout(rate = rate) d\n y = relu(d + x)\n}\n"
    "network resnet {\n input x[2, 5, 5]\n conv2d(padding = 1) stem[3] relu\n repeat 2 { block }\n"
    " global_avg_pool\n dense y[4] softmax\n}\ntrain { loss = cross_entropy; optimizer = adam; batch = 3 }\n";

static const char tied[] =
    "network auto {\n input x[6]\n dense code[3] tanh\n dense y[6] sigmoid { weight = tied(code.weight, transposed) }\n}\n"
    "train { loss = binary_cross_entropy; optimizer = adam; batch = 4 }\ndata { file = \"none.csv\"; target = inputs }\n";

static const char own[] = "layer product(x[i]) -> y { y = prod[i](x[i]) }\n"
                          "layer pairs(x[i]) -> y[i, j] { y[i, j] = x[i] * x[size(i) - 1 - j] + x[j] }\n"
                          "network net {\n input x[4]\n dense a[4] tanh\n pairs p[4, 4]\n flatten\n dense b[3]\n product\n}\n"
                          "train { loss = mse; optimizer = sgd; batch = 2 }\n";

/* A stage that changed a value must show. */
static void test_of_the_test(void) {
    Bench b = {.arena = arena_new(), .where = ""};
    b.memory.arena = b.arena;
    Program *p = program_new(b.arena, PROGRAM_OTHER, "planted", 1);
    Tensor *y = tensor_new(b.arena, "y", NULL, ROLE_VALUE, 0, NULL, (Span){0});
    program_add_tensor(p, y);
    Stmt *s = program_add_stmt(p, y, NULL);
    s->e = expr_num(p, 1);
    list_push(b.arena, &p->roots, y);
    after_stage(p, "lower", &b);
    s->e = expr_num(p, 1 + 1e-9);
    after_stage(p, "simplify", &b);
    ok(b.error > 1e-11, "a value that a stage changes is noticed");
    arena_free(b.arena);
}

int main(void) {
    test_of_the_test();
    check_layers();
    check_activations();
    check_losses();
    check_optimizers();
    check("a transformer", transformer);
    check("a residual network", residual);
    check("an autoencoder with tied weights", tied);
    check("layers of one's own", own);
    return unit_done();
}
