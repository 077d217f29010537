/* emit_library: NAME.c: the functions of the C interface around the programs' bodies. */
#include "emit_library.h"
#include <string.h>

/* ---- the workspace */

bool is_work(const Home *h) {
    return h->kind == HOME_WORK && h->used && !h->same_as;
}

bool has_work(const ProgramPlan *p) {
    for (int k = 0; p && k < p->homes.n; k++)
        if (is_work(p->homes.at[k])) return true;
    return false;
}

/* ---- copying numbers out of the struct and into it */

static void put_transfer(Writer *w, const Tensor *t, bool out) {
    const Home *h = home_find(&w->plan->fields, t);
    const char *letter[RANK_MAX];
    for (int d = 0; d < t->rank; d++) letter[d] = t->dim[d] == 1 ? "0" : local_name(w->plan, index_letters[d]);
    hold(w);
    put_subs(w, h, letter);
    const char *subs = release(w, w->plan->arena),
               *element = arena_printf(w->plan->arena, "%s->%s%s", local_name(w->plan, "net"), h->name, subs);
    int loops = 0, done = 0;
    for (int d = 0; d < t->rank; d++) loops += t->dim[d] > 1;
    if (!loops) line(w, out ? "*$to++ = %s;" : "%s = *$from++;", element);
    for (int d = 0; d < t->rank; d++) {
        if (t->dim[d] == 1) continue;
        const char *i = local_name(w->plan, index_letters[d]);
        const char *head = arena_printf(w->plan->arena, "for (int %s = 0; %s < %d; %s++)", i, i, t->dim[d], i);
        if (++done < loops)
            line(w, "%s", head);
        else
            line(w, out ? "%s *$to++ = %s;" : "%s %s = *$from++;", head, element);
        w->indent++;
    }
    w->indent -= loops;
}

static void put_transfers(Writer *w, const Tensors *a, const Tensors *b, bool out) {
    const Tensors *const lists[] = {a, b};
    int n = 0;
    for (int l = 0; l < 2; l++)
        for (int k = 0; lists[l] && k < lists[l]->n; k++, n++) put_transfer(w, lists[l]->at[k], out);
    if (!n) line(w, "(void)$net;");
    if (!n) line(w, out ? "(void)$to;" : "(void)$from;");
}

static void put_get_set(Writer *w, const char *what, const Tensors *a, const Tensors *b) {
    blank(w);
    line(w, "void $N_get_%s(const $T *$net, $R *$to) {", what);
    put_transfers(w, a, b, true);
    line(w, "}");
    blank(w);
    line(w, "void $N_set_%s($T *$net, const $R *$from) {", what);
    put_transfers(w, a, b, false);
    line(w, "}");
}

static void put_row(Writer *w, const Tensor *t, long long *offset) {
    hold(w);
    for (int d = 0; d < t->rank; d++) put(w, d ? ", %d" : "%d", t->dim[d]);
    const char *dims = release(w, w->plan->arena);
    line(w, "{\"%s\", %d, {%s}, %lld},", t->label, t->rank, t->rank ? dims : "0", *offset);
    *offset += tensor_size(t);
}

static void put_table(Writer *w, const char *name, const Tensors *a, const Tensors *b) {
    long long offset = 0;
    blank(w);
    line(w, "const struct $N_tensor $N_%s[] = {", name);
    for (int k = 0; k < a->n; k++) put_row(w, a->at[k], &offset);
    for (int k = 0; b && k < b->n; k++) put_row(w, b->at[k], &offset);
    line(w, "{NULL, 0, {0}, 0}");
    line(w, "};");
}

/* ---- functions */

static void put_parts(Writer *w, const Body *body) {
    insert(w, "\n");
    insert(w, body->functions);
}

/* A parameter that the interface has and the code does not need. */
static void put_unused(Writer *w, bool used, const char *name) {
    if (!used) line(w, "(void)%s;", name);
}

static void put_body(Writer *w, const Body *body) {
    insert(w, body->head);
    insert(w, body->given);
    insert(w, body->loads);
    if (*body->head || *body->given || *body->loads) insert(w, "\n");
    insert(w, body->text);
    if (*body->stores) insert(w, "\n");
    insert(w, body->stores);
}

typedef struct Library {
    const Plan *plan;
    Writer *w;
    UnitSet *units;
} Library;

static Emit *begin(const Library *l, ProgramPlan *p, Form form) {
    return emit_new(l->plan, p, form, l->units, l->w, false);
}

static Body body_at(Emit *e, int indent) {
    e->w->indent = indent;
    const Body body = emit_body(e);
    e->w->indent = 0;
    return body;
}

static void put_init(const Library *l) {
    Writer *w = l->w;
    Emit *e = begin(l, l->plan->init, FORM_INIT);
    const Body body = body_at(e, 1);
    put_parts(w, &body);
    line(w, "void $N_init($T *%s, uint64_t $seed) {", e->net);
    line(w, "%s->seed = $seed;", e->net);
    line(w, "%s->step = 0;", e->net);
    put_body(w, &body);
    line(w, "}");
}

static void put_predict(const Library *l) {
    Writer *w = l->w;
    Emit *e = begin(l, l->plan->predict, FORM_PREDICT);
    const Body body = body_at(e, 1);
    put_parts(w, &body);
    line(w, "void $N_predict($T *%s, const $R *%s, $R *%s) {", e->net, e->xs, e->ys);
    put_unused(w, needs_net(&body.uses), e->net);
    put_unused(w, body.uses.xs, e->xs);
    put_body(w, &body);
    line(w, "}");
}

/* What a static function for one batch is given, and how it is called from the function around it. */
static void add_given(const Plan *plan, const char **declared, const char **passed, bool used, const char *type,
                      const char *name, const char *value) {
    if (!used) return;
    const char *between = **passed ? ", " : "";
    *declared = arena_printf(plan->arena, "%s%s%s%s", *declared, between, type, name);
    *passed = arena_printf(plan->arena, "%s%s%s", *passed, between, value);
}

typedef struct BatchFunction {
    const char *call; /* NAME_train_batch(net, x, t, ...) */
    Uses uses;
} BatchFunction;

/* static float NAME_train_batch(...), which returns the loss. */
static BatchFunction put_batch_function(const Library *l, Emit *e, const char *name) {
    Writer *w = l->w;
    const Body body = body_at(e, 1);
    const Uses *u = &body.uses;
    const char *real = real_type(l->plan), *declared = "", *passed = "";
    const char *in = arena_printf(l->plan->arena, "const %s *", real), *out = arena_printf(l->plan->arena, "%s *", real);
    const char *number = arena_printf(l->plan->arena, "%s ", real), *net = arena_printf(l->plan->arena, "%s *", l->plan->type);
    add_given(l->plan, &declared, &passed, needs_net(u), net, e->net, local_name(l->plan, "net"));
    add_given(l->plan, &declared, &passed, u->xs, in, e->xs, local_name(l->plan, "x"));
    add_given(l->plan, &declared, &passed, u->ts, in, e->ts, local_name(l->plan, "t"));
    add_given(l->plan, &declared, &passed, u->count, "size_t ", e->count, local_name(l->plan, "count"));
    add_given(l->plan, &declared, &passed, u->start, "size_t ", e->start, local_name(l->plan, "from"));
    add_given(l->plan, &declared, &passed, u->share, number, e->share, local_name(l->plan, "share"));
    add_given(l->plan, &declared, &passed, u->gradient, out, e->gradient, local_name(l->plan, "g"));
    add_given(l->plan, &declared, &passed, e->at != NULL, "int ", e->at, local_name(l->plan, AHEAD_AT));
    add_given(l->plan, &declared, &passed, e->next != NULL, in, e->next, local_name(l->plan, AHEAD_NEXT));
    put_parts(w, &body);
    line(w, "static $R $N_%s(%s) {", name, *declared ? declared : "void");
    put_body(w, &body);
    blank(w);
    line(w, "return %s;", body.loss);
    line(w, "}");
    return (BatchFunction){arena_printf(l->plan->arena, "%s_%s(%s)", l->plan->name, name, passed), body.uses};
}

/* Goes through n samples, `batch` at a time, so that x and t stand at the next `count` of them, the first of which has number
 * `from`. */
static void open_batches(const Library *l, int batch) {
    Writer *w = l->w;
    line(w, "double $total = 0;");
    if (batch == 1) {
        line(w, "for (size_t $from = 0; $from < $n; $from++, $x += $U_INPUTS, $t += $U_OUTPUTS) {");
        return;
    }
    line(w, "for (size_t $from = 0; $from < $n; $from += $U_BATCH, $x += $U_BATCH * $U_INPUTS, $t += $U_BATCH * $U_OUTPUTS) {");
    line(w, "const size_t $count = $n - $from < $U_BATCH ? $n - $from : $U_BATCH;");
}

static void close_batches(const Library *l) {
    line(l->w, "}");
    line(l->w, "return $n ? ($R)($total / (double)$n) : 0;");
    line(l->w, "}");
}

static void put_loss_total(const Library *l, int batch, const char *call) {
    line(l->w, batch == 1 ? "$total += (double)%s;" : "$total += (double)%s * (double)$count;", call);
}

/* Straight-line code with the parameters in local variables while it goes from sample to sample. */
static void put_train_in_locals(const Library *l, Emit *e) {
    Writer *w = l->w;
    e->outer_levels = 1;
    const Body body = body_at(e, 2);
    blank(w);
    line(w, "$R $N_train($T *%s, const $R *%s, const $R *%s, size_t $n) {", e->net, e->xs, e->ts);
    w->indent = 1;
    insert(w, body.loads);
    blank(w);
    line(w, "double $total = 0;");
    line(w, "for (size_t $from = 0; $from < $n; $from++, %s += $U_INPUTS, %s += $U_OUTPUTS) {", e->xs, e->ts);
    line(w, "%s->step++;", e->net);
    insert(w, body.head);
    insert(w, body.given);
    insert(w, "\n");
    insert(w, body.text);
    blank(w);
    line(w, "$total += (double)%s;", body.loss);
    line(w, "}");
    blank(w);
    insert(w, body.stores);
    line(w, "return $n ? ($R)($total / (double)$n) : 0;");
    line(w, "}");
}

static bool in_locals(const Plan *plan) { /* once the train program is prepared */
    return plan->train->unrolled && !plan->train->cut && plan->train->program->batch == 1;
}

/* A function of the whole block: void NAME_train_ahead(net, x). */
static void put_block_function(const Library *l, ProgramPlan *p) {
    Emit *e = begin(l, p, FORM_INIT);
    const Body body = body_at(e, 1);
    put_parts(l->w, &body);
    line(l->w, "static void $N_%s($T *%s, const $R *%s) {", p->program->name, e->net, e->xs);
    put_body(l->w, &body);
    line(l->w, "}");
}

/* Blocks of samples, as many as there are whole ones: what one begins with is worked out ahead, and while a sample's step is
 * worked out one of the next block is fetched. */
static void put_blocks(const Library *l, const BatchFunction *each) {
    Writer *w = l->w;
    const int size = w->plan->block->size;
    const bool next = !l->plan->each->cut;
    line(w, "for (; $n - $from >= %d; $from += %d) {", size, size);
    line(w, "const $R *const $block = $x;");
    if (next) line(w, "const $R *$next = $n - $from < %d ? $x : $x + %d * $U_INPUTS;", 2 * size, size);
    line(w, "$N_train_ahead($net, $block);");
    line(w, "for (int $at = 0; $at < %d; $at++, $x += $U_INPUTS, $t += $U_OUTPUTS) {", size);
    line(w, "$net->step++;");
    line(w, "$total += (double)%s;", each->call);
    if (next) line(w, "$next += $U_INPUTS;");
    line(w, "}");
    line(w, "$N_train_settle($net, $block);");
    line(w, "}");
}

static void put_train_in_blocks(const Library *l, const BatchFunction *one) {
    Writer *w = l->w;
    put_block_function(l, l->plan->ahead);
    const BatchFunction each = put_batch_function(l, begin(l, l->plan->each, FORM_TRAIN), "train_each");
    put_block_function(l, l->plan->settle);
    blank(w);
    line(w, "$R $N_train($T *$net, const $R *$x, const $R *$t, size_t $n) {");
    line(w, "double $total = 0;");
    line(w, "size_t $from = 0;");
    put_blocks(l, &each);
    line(w, "for (; $from < $n; $from++, $x += $U_INPUTS, $t += $U_OUTPUTS) {");
    line(w, "$net->step++;");
    line(w, "$total += (double)%s;", one->call);
    close_batches(l);
}

static void put_train(const Library *l) {
    Writer *w = l->w;
    const int batch = l->plan->train->program->batch;
    Emit *e = begin(l, l->plan->train, FORM_TRAIN);
    if (in_locals(l->plan)) {
        put_train_in_locals(l, e);
        return;
    }
    const BatchFunction f = put_batch_function(l, e, batch == 1 ? "train_one" : "train_batch");
    if (l->plan->block) {
        put_train_in_blocks(l, &f);
        return;
    }
    blank(w);
    line(w, "$R $N_train($T *$net, const $R *$x, const $R *$t, size_t $n) {");
    open_batches(l, batch);
    line(w, "$net->step++;");
    put_loss_total(l, batch, f.call);
    close_batches(l);
}

static void put_loss(const Library *l) {
    Writer *w = l->w;
    const BatchFunction f = put_batch_function(l, begin(l, l->plan->loss, FORM_LOSS), "loss_one");
    blank(w);
    line(w, "$R $N_loss($T *$net, const $R *$x, const $R *$t, size_t $n) {");
    put_unused(w, needs_net(&f.uses), local_name(l->plan, "net"));
    open_batches(l, 1);
    put_loss_total(l, 1, f.call);
    close_batches(l);
}

static void put_gradient(const Library *l) {
    Writer *w = l->w;
    const int batch = l->plan->gradient->program->batch;
    Emit *e = begin(l, l->plan->gradient, FORM_GRADIENT);
    const BatchFunction f = put_batch_function(l, e, batch == 1 ? "gradient_one" : "gradient_batch");
    blank(w);
    line(w, "$R $N_gradient($T *$net, const $R *$x, const $R *$t, size_t $n, $R *$g) {");
    put_unused(w, needs_net(&f.uses), local_name(l->plan, "net"));
    line(w, l->plan->model->params.n ? "for (size_t $k = 0; $k < $U_PARAMS; $k++) $g[$k] = 0;" : "(void)$g;");
    open_batches(l, batch);
    if (f.uses.share) line(w, batch == 1 ? "const $R $share = 1 / ($R)$n;" : "const $R $share = ($R)$count / ($R)$n;");
    put_loss_total(l, batch, f.call);
    close_batches(l);
}

static bool mentions(const ProgramPlan *p, const char *scalar) {
    for (int k = 0; k < p->homes.n; k++)
        if (p->homes.at[k]->kind == HOME_SCALAR && strcmp(p->homes.at[k]->tensor->name, scalar) == 0) return true;
    return false;
}

static void put_epoch(const Library *l) {
    Writer *w = l->w;
    static const char *const scalars[] = {"epoch", "epochs", "validation_loss"};
    Emit *e = begin(l, l->plan->epoch, FORM_EPOCH);
    const Body body = body_at(e, 1);
    put_parts(w, &body);
    line(w, "void $N_epoch($T *%s, int $epoch, int $epochs, $R $validation_loss) {", e->net);
    put_unused(w, needs_net(&body.uses), e->net);
    for (int k = 0; k < 3; k++) put_unused(w, mentions(l->plan->epoch, scalars[k]), local_name(l->plan, scalars[k]));
    put_body(w, &body);
    line(w, "}");
}

static void put_no_epoch(const Library *l) {
    blank(l->w);
    line(l->w, "void $N_epoch($T *$net, int $epoch, int $epochs, $R $validation_loss) {");
    line(l->w, "(void)$net, (void)$epoch, (void)$epochs, (void)$validation_loss;");
    line(l->w, "}");
}

static void put_set_rate(const Library *l) {
    if (!l->plan->model->start_rate) return;
    blank(l->w);
    line(l->w, "void $N_set_rate($T *$net, double $rate) {");
    line(l->w, "$net->%s = ($R)$rate;", field_name(l->plan, l->plan->model->start_rate));
    line(l->w, "}");
}

static void put_training(const Library *l) {
    put_train(l);
    if (l->plan->gradient) put_gradient(l);
    put_loss(l);
    if (l->plan->epoch)
        put_epoch(l);
    else
        put_no_epoch(l);
    put_set_rate(l);
}

static void put_tables(const Library *l) {
    const Model *m = l->plan->model;
    put_get_set(l->w, "params", &m->params, NULL);
    put_table(l->w, "tensors", &m->params, NULL);
    put_get_set(l->w, "state", &m->states, NULL);
    put_table(l->w, "states", &m->states, NULL);
    if (!m->trains) return;
    put_get_set(l->w, "optimizer", &m->optimizer, &m->rates);
    put_table(l->w, "optimizer_tensors", &m->optimizer, &m->rates);
}

/* The functions are written first: they show which units, constants and workspace there are. */
int emit_library(const Plan *plan, const char *header, FILE *c, FILE *h) {
    UnitSet units = {0};
    Writer code = {.plan = plan}, head = {.plan = plan};
    const Library l = {plan, &code, &units};
    hold(&code);
    put_init(&l);
    put_predict(&l);
    const int kernels = units.kernels.n;
    if (plan->model->trains) put_training(&l);
    if (plan->probe) put_probe(&code, &units);
    put_tables(&l);
    const char *functions = release(&code, plan->arena);
    put_prologue(&code, &units, header);
    insert(&code, functions);
    put_epilogue(&code);
    emit_header(&head);
    write_pair(&code, &head, header, c, h);
    return kernels;
}
