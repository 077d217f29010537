/* lower_data_samples: the samples that stand in the data block become rows of numbers: does each fit the network's shapes, and
 * which of the outputs is its class? The targets and the names of the classes end up in the model. */
#include "../runtime/train/class_name.h"
#include "lower_internal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- inputs */

/* The numbers of one `index(k)` input are whole, 0 .. k-1. */
static bool check_indices(Lower *l, const Sample *s, const Tensor *input) {
    int size = 1;
    for (int k = 0; k < value_rank(input); k++) size *= value_dim(input, k);
    for (int k = 0; k < size; k++) {
        const double v = s->x[input->offset + k];
        if (v >= 0 && v < input->values_below && v == floor(v)) continue;
        lower_error(l, s->span, "%.10g is not a whole number from 0 to %d, as the input '%s' takes", v, input->values_below - 1,
                    input->label);
        return false;
    }
    return true;
}

static bool check_inputs(Lower *l, const Sample *s) {
    const Model *m = l->model;
    bool ok = true;
    if (s->inputs != m->inputs) {
        lower_error(l, s->span, "this sample has %s, the network has %d", counted(l->arena, s->inputs, "input"), m->inputs);
        return false;
    }
    for (int k = 0; k < m->input_list.n; k++)
        if (m->input_list.at[k]->integer) ok = check_indices(l, s, m->input_list.at[k]) && ok;
    return ok;
}

/* ---- classes: a name, or a whole number, which is a name too */

static bool is_class(const Model *m, const Data *d, const Sample *s) {
    if (s->class_name) return true;
    return s->targets == 1 && (m->outputs > 1 ? m->class_output : d->classes.n == 2);
}

static const char *class_text(Lower *l, const Sample *s) {
    return s->class_name ? s->class_name : arena_printf(l->arena, "%.0f", s->t[0]);
}

static int class_place(const Model *m, const Sample *s) {
    for (int k = 0; k < m->classes.n; k++) {
        const char *name = m->classes.at[k];
        double number = 0;
        if (s->class_name ? !strcmp(name, s->class_name) : class_name_is_number(name, &number) && number == s->t[0]) return k;
    }
    return -1;
}

/* Has the network's output a place for the class of a sample? Said of the first one: all are written alike. */
static bool check_class_output(Lower *l, const Sample *s) {
    const Model *m = l->model;
    if (m->outputs > 1 && !m->class_output) {
        lower_error(l, s->span, "'%s' is a class, but the network does not end in a softmax: give %d numbers", s->class_name,
                    m->outputs);
        return false;
    }
    if (!lower_check_class_axis(l, s->span)) return false;
    if (m->outputs > 1 || m->binary_output || l->settings->data.classes.n == 2) return true;
    lower_error(l, s->span, "'%s' is a class, but the network has one output: give a number, or two 'classes'", s->class_name);
    return false;
}

/* Classes that have no names are those found, in the trainer's order; fewer whole numbers than there are outputs count these.
 */
static bool name_classes(Lower *l, const Data *d) {
    Model *m = l->model;
    const int wanted = lower_class_count(m);
    bool counted_from_0 = true;
    for (int k = 0; k < d->samples.n; k++) {
        const Sample *s = &d->samples.at[k];
        if (class_place(m, s) >= 0) continue;
        counted_from_0 = counted_from_0 && !s->class_name && s->t[0] >= 0 && s->t[0] < wanted;
        if (m->classes.n == wanted) {
            lower_error(l, s->span, "'%s' is one class too many: the network tells %d apart", class_text(l, s), wanted);
            return false;
        }
        list_push(l->arena, &m->classes, class_text(l, s));
    }
    if (m->classes.n < wanted && counted_from_0) {
        m->classes.n = 0;
        for (int k = 0; k < wanted; k++) list_push(l->arena, &m->classes, arena_printf(l->arena, "%d", k));
    }
    if (m->classes.n == wanted) return qsort(m->classes.at, (size_t)wanted, sizeof *m->classes.at, class_name_compare), true;
    lower_error(l, d->span, "the network tells %d classes apart, and the samples are of %d only; name all: classes = […]",
                wanted, m->classes.n);
    return false;
}

/* ---- targets */

/* A class is a one in its place; with a single output it is its number. */
static bool class_target(Lower *l, const Sample *s, double *t) {
    const int place = class_place(l->model, s);
    if (place < 0) return lower_error(l, s->span, "'%s' is not one of the classes", class_text(l, s)), false;
    if (l->model->outputs == 1)
        t[0] = place;
    else
        t[place] = 1;
    return true;
}

static bool check_target_count(Lower *l, const Sample *s) {
    const Model *m = l->model;
    if (is_class(m, &l->settings->data, s)) {
        if (s->class_name || s->t[0] == floor(s->t[0])) return true;
        return lower_error(l, s->span, "%.10g is no class: a name or a whole number is expected", s->t[0]), false;
    }
    if (s->targets == m->outputs) return true;
    lower_error(l, s->span, "this sample has %s, the network has %s", counted(l->arena, s->targets, "target"),
                counted(l->arena, m->outputs, "output"));
    return false;
}

bool lower_data_samples(Lower *l) {
    const Data *d = &l->settings->data;
    Model *m = l->model;
    bool ok = true;
    for (int k = 0; k < d->samples.n; k++) {
        ok = check_inputs(l, &d->samples.at[k]) && ok;
        ok = check_target_count(l, &d->samples.at[k]) && ok;
    }
    if (!ok || !d->samples.n) return ok;
    const bool classes = is_class(m, d, &d->samples.at[0]);
    if (classes && !check_class_output(l, &d->samples.at[0])) return false;
    if (classes && !m->classes.n && !name_classes(l, d)) return false;
    double *targets = arena_many(l->arena, (size_t)d->samples.n * (size_t)m->outputs, double);
    for (int k = 0; k < d->samples.n; k++) {
        double *t = targets + (size_t)k * (size_t)m->outputs;
        if (classes)
            ok = class_target(l, &d->samples.at[k], t) && ok;
        else
            memcpy(t, d->samples.at[k].t, (size_t)m->outputs * sizeof *t);
    }
    m->sample_targets = targets;
    return ok;
}
