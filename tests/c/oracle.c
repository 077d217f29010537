/* oracle: the sequence on the interpreter, in f64; built against libnnc.a.
 *
 * usage: oracle FILE.nn BELOW
 *        oracle FILE.nn NUMBERS SAMPLES CALL...      as ../sizes/calls.h says */
#include "lower.h"
#include "sequence.h"
#include <string.h>

static void *room(size_t bytes) {
    void *at = malloc(bytes + 1);
    if (!at) exit(3);
    memset(at, 0xff, bytes); /* no number */
    return at;
}

static void leave(void *at) {
    free(at);
}

static void keep(const void *at) {
    (void)at;
}

static void intact(const char *call) {
    (void)call;
}

#include "../sizes/calls.h"

static Arena *arena;
static Model *model;
static Memory memory;

Sizes sizes(void) {
    const Tensors *const lists[] = {&model->params, &model->states, &model->optimizer, &model->rates};
    int n[4] = {0, 0, 0, 0};
    for (int l = 0; l < 4; l++)
        for (int k = 0; k < lists[l]->n; k++) n[l] += (int)tensor_size(lists[l]->at[k]);
    return (Sizes){model->inputs, model->outputs, n[0], n[1], n[2] + n[3], model->batch};
}

static void copy_in(const Tensors *list, const double *from) {
    for (int k = 0; k < list->n; k++) {
        const size_t n = (size_t)tensor_size(list->at[k]);
        memcpy(memory_of(&memory, list->at[k]), from, n * sizeof *from);
        from += n;
    }
}

static void copy_out(const Tensors *list, double **to) {
    for (int k = 0; k < list->n; k++) {
        const size_t n = (size_t)tensor_size(list->at[k]);
        memcpy(*to, memory_of(&memory, list->at[k]), n * sizeof **to);
        *to += n;
    }
}

void init(uint64_t seed) {
    memory.seed = seed;
    memory.step = 0;
    program_interpret(model->init, &memory, 1);
}

/* The tensors of a role in a program, filled from the caller's rows. */
static void fill(const Program *p, Role role, const double *rows, int width, size_t n) {
    for (int k = 0; k < p->tensors.n; k++) {
        const Tensor *t = p->tensors.at[k];
        if (t->role != role) continue;
        const size_t size = (size_t)tensor_size(t) / (t->per_sample ? (size_t)t->dim[0] : 1);
        for (size_t s = 0; s < n; s++)
            memcpy(memory_of(&memory, t) + s * size, rows + s * (size_t)width + t->offset, size * sizeof *rows);
    }
}

static void set_scalar(const Program *p, const char *name, double v) {
    Tensor *t = program_find_tensor(p, name);
    if (t && t->role == ROLE_SCALAR) *memory_of(&memory, t) = v;
}

static void run(const Program *p, const double *x, const double *t, size_t n) {
    fill(p, ROLE_INPUT, x, model->inputs, n);
    if (t) fill(p, ROLE_TARGET, t, model->outputs, n);
    set_scalar(p, "step", (double)memory.step);
    program_interpret(p, &memory, (int)n);
}

void predict(const double *x, double *y) {
    run(model->predict, x, NULL, 1);
    memcpy(y, memory_of(&memory, model->predict->roots.at[0]), (size_t)model->outputs * sizeof *y);
}

double train(const double *x, const double *t, size_t n) {
    const size_t batch = (size_t)model->batch;
    double total = 0;
    for (size_t from = 0; from < n; from += batch) {
        const size_t count = n - from < batch ? n - from : batch;
        memory.step++;
        run(model->train, x + from * (size_t)model->inputs, t + from * (size_t)model->outputs, count);
        total += *memory_of(&memory, model->train->roots.at[0]) * (double)count;
    }
    return total / (double)n;
}

double gradient(const double *x, const double *t, size_t n, double *g) {
    memory.step++;
    run(model->gradient, x, t, n);
    memory.step--;
    for (int k = 1; k < model->gradient->roots.n; k++) {
        const Tensor *d = model->gradient->roots.at[k];
        memcpy(g, memory_of(&memory, d), (size_t)tensor_size(d) * sizeof *g);
        g += tensor_size(d);
    }
    return *memory_of(&memory, model->gradient->roots.at[0]);
}

double loss(const double *x, const double *t, size_t n) {
    double total = 0;
    for (size_t k = 0; k < n; k++) {
        run(model->loss, x + k * (size_t)model->inputs, t + k * (size_t)model->outputs, 1);
        total += *memory_of(&memory, model->loss->roots.at[0]);
    }
    return total / (double)n;
}

void epoch(int number, int epochs, double validation_loss) {
    if (!model->epoch) return;
    set_scalar(model->epoch, "epoch", number);
    set_scalar(model->epoch, "epochs", epochs);
    set_scalar(model->epoch, "validation_loss", validation_loss);
    program_interpret(model->epoch, &memory, 1);
}

void get_params(double *p) {
    copy_out(&model->params, &p);
}

void set_params(const double *p) {
    copy_in(&model->params, p);
}

void set_state(const double *s) {
    copy_in(&model->states, s);
}

void get_state(double *s) {
    copy_out(&model->states, &s);
}

void get_optimizer(double *s) {
    copy_out(&model->optimizer, &s);
    copy_out(&model->rates, &s);
}

void move(void) {}

static void after(const Program *p, const char *stage, void *context) {
    (void)context;
    program_verify(p, stage);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    arena = arena_new();
    Messages messages = {.arena = arena, .to = stderr};
    AstFile *file = parse_file(arena, &messages, argv[1]);
    Settings *settings = file ? check_file(arena, file, NULL, 0, 64) : NULL;
    const LowerOptions options = {.nn_folder = ""};
    model = settings && !messages.errors ? model_lower(arena, file, settings, &options, after, NULL) : NULL;
    if (!model || messages.errors) return 1;
    memory.arena = arena;
    if (argc == 3)
        sequence(atoi(argv[2]));
    else
        given(argc - 2, argv + 2);
    arena_free(arena);
    return 0;
}
