/* emit_program: one program as a function's body: names for everything, the steps, and what the function's head must declare
 * for them. */
#include "c_nest.h"
#include "c_words.h"
#include <string.h>

const char *type_name(const Plan *plan, const Tensor *t) {
    return t->integer && t->role != ROLE_PARAM ? "int" : real_type(plan);
}

const char *field_name(const Plan *plan, const Tensor *t) {
    const Home *h = home_find(&plan->fields, t);
    if (!h) bug("%s is not kept in the network's struct", t->name);
    return h->name;
}

/* ---- names: of what functions are given, of fields, of local variables */

static bool is_index_name(const Emit *e, const char *name) {
    for (int k = 0; k < e->p->stmts.n; k++) {
        const Stmt *s = e->p->stmts.at[k]->s;
        for (int i = 0; i < s->nout + s->nred; i++)
            if (s->ix[i].name && strcmp(s->ix[i].name, name) == 0) return true;
    }
    return false;
}

/* The short name, unless something of the user's is called so. */
static const char *pick(Emit *e, const char *name, const char *longer) {
    if (!names_have(e->names, name) && !is_index_name(e, name)) return names_take(e->names, name);
    return names_take(e->names, longer);
}

static void name_given(Emit *e) {
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (h->kind == HOME_INPUT) h->name = names_take(e->names, h->tensor->name);
    }
    for (int k = 0; k < e->p->homes.n; k++) {
        Home *h = e->p->homes.at[k];
        if (h->kind == HOME_TARGET) h->name = pick(e, h->tensor->name, "target");
    }
}

static bool same_constant(const Home *a, const Home *b) {
    const Tensor *x = a->tensor, *y = b->tensor;
    if (x->rank != y->rank || strcmp(x->name, y->name) != 0) return false;
    for (int d = 0; d < x->rank; d++)
        if (x->dim[d] != y->dim[d] || a->order[d] != b->order[d] || a->panel != b->panel) return false;
    return memcmp(x->values, y->values, (size_t)tensor_size(x) * sizeof *x->values) == 0;
}

static bool constant_is_called(const UnitSet *units, const char *name) {
    for (int k = 0; k < units->constants.n; k++)
        if (strcmp(units->constants.at[k]->name, name) == 0) return true;
    return false;
}

/* What it is called unless that is taken: file scope is shared with what the headers declare. */
static const char *constant_base(const Emit *e, const Home *h) {
    const char *own =
        e->frozen ? names_base(e->arena, h->tensor->name) : arena_printf(e->arena, "%s_%s", e->plan->name, h->tensor->name);
    return c_word_kind(own) == C_FREE ? own : arena_printf(e->arena, "v%s_v", own);
}

/* The file's constant array with these numbers; programs share it. */
static Constant *constant_of(Emit *e, const Home *h) {
    LIST(Constant *) *list = (void *)&e->units->constants;
    for (int k = 0; k < list->n; k++)
        if (same_constant(list->at[k]->home, h)) return list->at[k];
    const char *base = constant_base(e, h), *name = base;
    for (int k = 2; names_have(e->names, name) || constant_is_called(e->units, name); k++)
        name = arena_printf(e->arena, "%s_v%d", base, k);
    Constant *c = arena_one(e->arena, Constant);
    *c = (Constant){h, name, false};
    list_push(e->arena, list, c);
    return c;
}

void name_home(Emit *e, Home *h) {
    if (h->same_as) return;
    if (h->kind == HOME_NET)
        h->name = field_name(e->plan, h->tensor);
    else if (h->kind == HOME_WORK && !e->frozen)
        h->name = names_take(e->fields, h->tensor->name);
    else if (h->kind == HOME_OUTPUT)
        h->name = e->ys;
    else if (h->kind == HOME_WORK || (h->kind == HOME_LOCAL && !e->p->unrolled))
        h->name = names_take(e->names, h->tensor->name);
    else if (h->kind == HOME_NUMBERS)
        h->constant_array = constant_of(e, h);
    if (h->constant_array) names_add(e->names, h->name = h->constant_array->name);
}

/* Names that stand for something else in the text. */
static void reserve_names(Emit *e) {
    static const char *const taken[] = {"epoch", "epochs", "validation_loss", "seed", "total"};
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++) names_add(e->names, taken[k]);
}

/* With one sample at a time and one input, the function's argument is named like the input. */
static const char *given_name(Emit *e, HomeKind kind, const char *name, const char *longer) {
    const Home *only = NULL;
    int n = 0;
    for (int k = 0; k < e->p->homes.n; k++)
        if (e->p->homes.at[k]->kind == kind) only = e->p->homes.at[k], n++;
    if (n == 1 && e->p->program->batch == 1 && only->tensor->offset == 0) return only->name;
    return pick(e, name, longer);
}

static void name_keys(Emit *e) {
    for (int k = 0; k < e->p->stmts.n; k++) {
        const Expr *draw = e->p->stmts.at[k]->s->e;
        if (draw->op != OP_RANDOM) continue;
        Key *key = arena_one(e->arena, Key);
        *key = (Key){(int)draw->num, names_take(e->names, arena_printf(e->arena, "key%d", e->keys.n))};
        list_push(e->arena, &e->keys, key);
    }
}

Emit *emit_new(const Plan *plan, ProgramPlan *p, Form form, UnitSet *units, Writer *w, bool frozen) {
    Emit *e = arena_one(plan->arena, Emit);
    *e = (Emit){.arena = plan->arena, .plan = plan, .p = p, .form = form, .frozen = frozen, .w = w, .units = units};
    e->names = names_new(plan);
    e->names->local = true;
    reserve_names(e);
    if (p->program->role == PROGRAM_EACH) names_add(e->names, e->at = local_name(plan, AHEAD_AT));
    if (p->program->role == PROGRAM_EACH && !p->cut) names_add(e->names, e->next = local_name(plan, AHEAD_NEXT));
    e->net = pick(e, "net", "network");
    name_given(e);
    e->ys = pick(e, "y", "outputs");
    e->count = pick(e, "n", "count");
    e->sample = pick(e, "s", "sample");
    e->start = pick(e, "start", "start_at");
    e->xs = given_name(e, HOME_INPUT, "xs", "inputs");
    e->ts = given_name(e, HOME_TARGET, "ts", "targets");
    e->share = pick(e, "share", "share_of_n");
    e->gradient = pick(e, "g", "gradient");
    e->value = pick(e, "v", "value");
    e->here = p->sample_lanes ? pick(e, "here", "here_too") : NULL;
    e->space = frozen ? pick(e, "work", "workspace") : NULL;
    if (frozen) names_add(e->names, arena_printf(e->arena, "%s_itself", e->space));
    e->work = frozen && !p->cut ? "" : arena_printf(e->arena, "%s->", frozen ? e->space : pick(e, "work", "workspace"));
    e->fields = names_new(plan);
    name_keys(e);
    for (int k = 0; k < p->homes.n; k++) /* constants stand in the file, so they come first */
        if (p->homes.at[k]->kind == HOME_NUMBERS) name_home(e, p->homes.at[k]);
    for (int k = 0; k < p->homes.n; k++)
        if (p->homes.at[k]->kind != HOME_NUMBERS) name_home(e, p->homes.at[k]);
    e->nests = nest_lower(p);
    nest_schedule(e->nests);
    if (p->unrolled) unrolled_prepare(e);
    return e;
}

/* ---- what the text turns out to need */

void home_used(Emit *e, Home *h) {
    h->used = true;
    if (h->constant_array && !e->counting) h->constant_array->used = true;
    const int function = e->in_function ? e->function : 0;
    if (e->counting) h->function = h->function == LOOP_NONE || h->function == function ? function : LOOP_SEVERAL;
    if ((h->kind == HOME_INPUT || h->kind == HOME_TARGET) && !h->loaded) need_given(e, h);
}

void need_given(Emit *e, Home *h) {
    if (h->tensor->per_sample && !h->sliced) {
        *(h->kind == HOME_INPUT ? &e->uses.xs : &e->uses.ts) = true;
        return;
    }
    for (int k = 0; k < e->uses.given.n; k++)
        if (e->uses.given.at[k] == h) return;
    list_push(e->arena, &e->uses.given, h);
    if (h->kind == HOME_INPUT)
        e->uses.xs = true;
    else
        e->uses.ts = true;
}

bool needs_net(const Uses *uses) {
    return uses->net || uses->step || uses->keys.n || uses->work;
}

const char *need_key(Emit *e, int site) {
    const Key *key = NULL;
    e->uses.net = true;
    for (int k = 0; k < e->keys.n; k++)
        if (e->keys.at[k]->site == site) key = e->keys.at[k];
    if (!key) bug("random(%d) has no key", site);
    for (int k = 0; k < e->uses.keys.n; k++)
        if (e->uses.keys.at[k] == key) return key->name;
    list_push(e->arena, &e->uses.keys, key);
    unit_need(e->units, e->plan, "random");
    return key->name;
}

/* The sample's part of an element's number in random(): its place in the batch, or among the samples of a gradient. */
void put_sample_number(Emit *e, bool per_sample, long long size) {
    const bool gradient = e->form == FORM_GRADIENT, batch = e->p->program->batch > 1;
    if (e->p->tiled && batch) {
        e->uses.start = e->uses.start || (gradient && per_sample);
        if (gradient && per_sample) put(e->w, "(uint64_t)%s * %lld + ", e->start, size);
    } else if (batch && per_sample) {
        e->uses.sample = true;
        e->uses.start = e->uses.start || gradient;
        if (gradient)
            put(e->w, "(uint64_t)(%s + %s) * %lld + ", e->start, e->sample, size);
        else
            put(e->w, "(uint64_t)%s * %lld + ", e->sample, size);
    } else if (!batch && gradient) {
        e->uses.start = true;
        put(e->w, "(uint64_t)%s * %lld + ", e->start, size);
    }
}

/* const float *const x = xs + 4 * s; */
void put_aliases(Emit *e, const Uses *uses) {
    const Model *m = e->plan->model;
    const bool batch = e->p->program->batch > 1;
    for (int k = 0; k < uses->given.n; k++) {
        const Home *h = uses->given.at[k];
        const bool input = h->kind == HOME_INPUT;
        const char *base = input ? e->xs : e->ts;
        if (!batch && !h->tensor->offset && strcmp(base, h->name) == 0) continue;
        if (input)
            e->uses.xs = true;
        else
            e->uses.ts = true;
        if (e->p->sample_lanes) {
            put_sample_rows(e, h->name, base, input ? m->inputs : m->outputs, h->tensor->offset);
            continue;
        }
        hold(e->w);
        if (batch) put(e->w, " + %d * %s", input ? m->inputs : m->outputs, e->sample);
        if (h->tensor->offset) put(e->w, " + %d", h->tensor->offset);
        const char *offset = release(e->w, e->arena);
        line(e->w, "const $R *const %s = %s%s;", h->name, base, offset);
    }
}

void put_function_head(Emit *e, const Uses *uses) {
    const char *program = e->p->program->name;
    if (uses->work && !e->frozen)
        line(e->w, "struct $N_%s_work *const %.*s = &%s->work.%s;", program, (int)strlen(e->work) - 2, e->work, e->net,
             program);
    for (int k = 0; k < uses->keys.n; k++)
        line(e->w, "const uint64_t %s = random_key(%s->seed, %d, %s->step%s);", uses->keys.at[k]->name, e->net,
             uses->keys.at[k]->site, e->net, e->form == FORM_GRADIENT ? " + 1" : "");
}

/* ---- results: the gradient is added to the caller's numbers */

static void add_elements(Emit *e, Home *h, size_t offset) {
    const int n = (int)home_size(h);
    for (int k = 0; k < n; k++) {
        Sub sub[RANK_MAX] = {0};
        Cursor c = {0};
        for (int d = h->tensor->rank - 1, rest = k; d >= 0; rest /= h->tensor->dim[d--])
            sub[d].a = affine_const(rest % h->tensor->dim[d]);
        if (e->counting && h->reads) h->reads[element_number(&c, h, sub)]++;
        hold(e->w);
        put_element(e, &c, h, sub);
        const char *element = release(e->w, e->arena);
        line(e->w, "%s[%zu] += %s * %s;", e->gradient, offset + (size_t)k, e->share, element);
    }
}

/* Names for loops over all of an array. */
const char **loop_letters(const Emit *e, int rank) {
    const char **name = arena_many(e->arena, RANK_MAX, const char *);
    for (int k = 0; k < rank; k++) {
        name[k] = index_letters[k];
        while (names_have(e->names, name[k])) name[k] = arena_printf(e->arena, "%s_at", name[k]);
    }
    return name;
}

/* Loops over the declared dimensions; the array may be stored in another order. */
static void add_array(Emit *e, Home *h, size_t offset) {
    const int rank = h->tensor->rank;
    const char *number = "", **name = loop_letters(e, rank);
    home_used(e, h);
    e->uses.work = true;
    for (long long k = 0; e->counting && h->reads && k < home_size(h); k++) h->reads[k]++;
    for (int d = 0; d < rank; d++) {
        line(e->w, "for (int %s = 0; %s < %d; %s++)", name[d], name[d], h->tensor->dim[d], name[d]);
        e->w->indent++;
        number = d ? arena_printf(e->arena, "%s%s%s * %d + %s", d > 1 ? "(" : "", number, d > 1 ? ")" : "", h->tensor->dim[d],
                                  name[d])
                   : name[0];
    }
    hold(e->w);
    put_subs(e->w, h, name);
    const char *subs = release(e->w, e->arena);
    line(e->w, "%s[%zu%s%s] += %s * %s%s%s;", e->gradient, offset, rank ? " + (size_t)" : "",
         rank ? arena_printf(e->arena, "(%s)", number) : "", e->share, e->work, h->name, subs);
    e->w->indent -= rank;
}

void put_results(Emit *e) {
    const Tensors *roots = &e->p->program->roots;
    size_t offset = 0;
    const bool loss = e->form == FORM_LOSS || e->form == FORM_TRAIN || e->form == FORM_GRADIENT;
    if (loss) {
        Home *h = plan_home(e->p, roots->at[0]);
        home_used(e, h);
        if (e->counting && h->reads) h->reads[0]++;
    }
    if (e->form != FORM_GRADIENT || roots->n == 1) return;
    e->uses.share = e->uses.gradient = true;
    blank(e->w);
    comment(e->w, "the gradient, in the order of the table of tensors");
    for (int k = 1; k < roots->n; k++) {
        Home *h = plan_home(e->p, roots->at[k]);
        if (h->kind == HOME_WORK)
            add_array(e, h, offset);
        else if (e->p->unrolled)
            add_elements(e, h, offset);
        else
            line(e->w, "%s[%zu] += %s * %s;", e->gradient, offset, e->share, h->name);
        offset += (size_t)tensor_size(roots->at[k]);
    }
}

/* ---- next values that could not be written over the old ones */

static void put_copy(Emit *e, const CopyBack *copy) {
    Home *from = copy->from;
    const int rank = from->tensor->rank;
    const char **name = loop_letters(e, rank);
    if (e->p->unrolled && unrolled_copy(e, copy)) return;
    e->uses.net = e->uses.work = true;
    home_used(e, from);
    home_used(e, copy->to);
    if (from->kind == HOME_LOCAL) {
        line(e->w, "%s->%s = %s;", e->net, copy->to->name, from->name);
        return;
    }
    hold(e->w);
    put_subs(e->w, from, name);
    const char *there = release(e->w, e->arena);
    hold(e->w);
    put_subs(e->w, copy->to, name);
    const char *here = release(e->w, e->arena);
    for (int k = 0; k < rank; k++) {
        const int d = from->order[k];
        line(e->w, "for (int %s = 0; %s < %d; %s++)", name[d], name[d], from->tensor->dim[d], name[d]);
        e->w->indent++;
    }
    line(e->w, "%s->%s%s = %s%s%s;", e->net, copy->to->name, here, e->work, from->name, there);
    e->w->indent -= rank;
}

/* ---- the body */

static const char *loss_text(Emit *e) {
    Home *h = plan_home(e->p, e->p->program->roots.at[0]);
    if (h->kind == HOME_WORK) {
        e->uses.work = true;
        return arena_printf(e->arena, "%s%s", e->work, h->name);
    }
    return e->p->unrolled ? h->base : h->name;
}

Body emit_body(Emit *e) {
    Body body = {.functions = "", .loads = "", .stores = ""};
    const bool loss = e->form == FORM_LOSS || e->form == FORM_TRAIN || e->form == FORM_GRADIENT;
    const int indent = e->w->indent;
    hold(e->w);
    e->w->indent = indent;
    if (e->p->unrolled)
        unrolled_steps(e, &e->p->steps);
    else
        c_nests(e);
    cut_end(e);
    if (e->reads.n) bug("%s is read before no line", e->reads.at[0].text);
    for (int k = 0; k < e->p->copies.n && e->p->unrolled; k++) put_copy(e, &e->p->copies.at[k]);
    put_results(e);
    body.text = release(e->w, e->arena);
    if (loss) body.loss = loss_text(e);
    e->w->indent -= e->outer_levels;
    hold(e->w);
    if (e->p->unrolled) unrolled_stores(e);
    body.stores = release(e->w, e->arena);
    hold(e->w);
    if (e->p->unrolled) unrolled_loads(e, true);
    body.loads = release(e->w, e->arena);
    e->w->indent += e->outer_levels;
    hold(e->w);
    if (e->p->unrolled && e->p->program->batch == 1) unrolled_loads(e, false);
    const char *given = release(e->w, e->arena);
    hold(e->w);
    put_function_head(e, &e->uses);
    put_declared_first(e);
    body.head = release(e->w, e->arena);
    hold(e->w);
    if (e->p->program->batch == 1) put_aliases(e, &e->uses);
    insert(e->w, given);
    body.given = release(e->w, e->arena);
    hold(e->w);
    for (int k = 0; k < e->cut.n; k++) insert(e->w, e->cut.at[k]);
    body.functions = release(e->w, e->arena);
    body.uses = e->uses;
    return body;
}
