/* lower_data: does the data block fit the network's shapes? */
#include "lower_internal.h"
#include <math.h>
#include <string.h>

/* The place of a setting of the data block, for messages. */
static Span setting_span(const Lower *l, const char *name) {
    return ast_setting_span(&l->file->data, name);
}

/* A layer with parameters that changed nothing but the last dimension of a [channels, height, width] value: `flatten` was
 * likely meant. */
static const LayerInfo *unflattened(const Lower *l) {
    for (int k = 1; k < l->model->layers.n; k++) {
        const LayerInfo *at = &l->model->layers.at[k], *before = at - 1;
        if (value_rank(before->output) == 3 && value_rank(at->output) == 3 && at->params &&
            value_dim(before->output, 0) == value_dim(at->output, 0) &&
            value_dim(before->output, 1) == value_dim(at->output, 1))
            return at;
    }
    return NULL;
}

static bool check_one_class(Lower *l) {
    const Tensor *y = l->model->output;
    if (value_rank(y) <= 1) return true;
    const LayerInfo *layer = unflattened(l);
    const char *shape = dims_text(l->arena, y->dim + y->per_sample, value_rank(y));
    if (layer)
        lower_error(l, layer->span,
                    "'%s' works on the last dimension only, so the network's output has the shape %s instead of one "
                    "number for each class; put 'flatten' before it",
                    layer->kind, shape);
    else
        lower_error(l, setting_span(l, "target"), "the network's output has the shape %s, but the target is one column", shape);
    return false;
}

/* ---- series: a window of rows is the one input */

static bool wrong_series(Lower *l, const char *setting, const char *message) {
    lower_error(l, setting_span(l, setting), "%s", message);
    return false;
}

/* A text's window is as long as the network's input, unless the user says so himself. */
static int window_rows(const Lower *l) {
    const Data *d = &l->settings->data;
    return d->text && !d->window ? l->model->inputs : d->window;
}

static bool check_window(Lower *l, const char *setting) {
    const Model *m = l->model;
    const Tensor *x = m->input_list.n == 1 ? m->input_list.at[0] : NULL;
    if (!x)
        return wrong_series(l, setting,
                            arena_printf(l->arena, "a series goes into one input, and the network has %d", m->input_list.n));
    const int rows = value_rank(x) ? value_dim(x, 0) : 1;
    if (window_rows(l) == rows) return true;
    return wrong_series(l, setting,
                        arena_printf(l->arena,
                                     "the window is %d rows, but the input '%s' has the shape %s: its first size is "
                                     "that of the window",
                                     window_rows(l), x->label, dims_text(l->arena, x->dim + x->per_sample, value_rank(x))));
}

/* Bytes in, and the probabilities of the next byte after each of them, or after the last. */
static bool check_text(Lower *l) {
    const Model *m = l->model;
    const Tensor *x = m->input_list.at[0], *y = m->output;
    if (value_rank(x) != 1 || !x->integer)
        return wrong_series(l, "text",
                            arena_printf(l->arena, "a text goes into an input of whole numbers: input %s[%d]: index(256)",
                                         x->label, window_rows(l)));
    if (m->class_output && (value_rank(y) == 1 || (value_rank(y) == 2 && value_dim(y, 0) == window_rows(l)))) return true;
    return wrong_series(l, "text",
                        arena_printf(l->arena,
                                     "the network's output for a text is a softmax over the bytes, [256] or [%d, 256], "
                                     "and this one's shape is %s",
                                     window_rows(l), dims_text(l->arena, y->dim + y->per_sample, value_rank(y))));
}

/* The rows of the target: the one ahead, all up to it, or as many as the window's. */
static bool check_series_target(Lower *l) {
    const Data *d = &l->settings->data;
    const Model *m = l->model;
    const int columns = d->has_target ? d->target.n : 1;
    const int classes = m->class_output ? value_dim(m->output, value_rank(m->output) - 1) : 1;
    const int rows[3] = {1, d->ahead, window_rows(l)};
    for (int k = 0; k < 3; k++)
        if (m->outputs == rows[k] * columns || m->outputs == rows[k] * columns * classes) return true;
    return wrong_series(l, d->has_target ? "target" : "window",
                        arena_printf(l->arena,
                                     "the target is %d column%s of 1 row, or of %d or %d, but the network has %d outputs",
                                     columns, columns == 1 ? "" : "s", d->ahead, window_rows(l), m->outputs));
}

static bool check_series(Lower *l) {
    const Data *d = &l->settings->data;
    if (!check_window(l, d->text ? "text" : "window")) return false;
    if (d->text) return check_text(l);
    const int inputs = l->model->inputs / window_rows(l);
    if (d->has_inputs && d->inputs.n != inputs)
        return wrong_series(l, "inputs",
                            arena_printf(l->arena, "%d column%s named here, but a row of the network's input has %d",
                                         d->inputs.n, d->inputs.n == 1 ? " is" : "s are", inputs));
    return d->target_is_inputs || check_series_target(l);
}

/* ---- columns */

static bool check_autoencoder(Lower *l) {
    const Model *m = l->model;
    if (!l->settings->data.target_is_inputs || m->inputs == m->outputs) return true;
    lower_error(l, setting_span(l, "target"), "the target is the inputs, %d number%s, but the network has %d output%s",
                m->inputs, m->inputs == 1 ? "" : "s", m->outputs, m->outputs == 1 ? "" : "s");
    return false;
}

static bool check_columns(Lower *l) {
    const Data *d = &l->settings->data;
    const Model *m = l->model;
    bool ok = check_autoencoder(l);
    if (d->window || d->text) return check_series(l) && ok;
    if (d->has_inputs && d->inputs.n != m->inputs) {
        lower_error(l, setting_span(l, "inputs"), "%d column%s named here, but the network has %d input%s", d->inputs.n,
                    d->inputs.n == 1 ? " is" : "s are", m->inputs, m->inputs == 1 ? "" : "s");
        ok = false;
    }
    if (d->has_target && !d->target_is_inputs && d->target.n > 1 && d->target.n != m->outputs) {
        lower_error(l, setting_span(l, "target"), "%d columns are named here, but the network has %d outputs", d->target.n,
                    m->outputs);
        ok = false;
    }
    if (d->files.n == 1 && !d->target_is_inputs && d->target.n <= 1 && m->outputs > 1) ok = check_one_class(l) && ok;
    if (d->classes.n && d->classes.n != m->outputs && !(d->classes.n == 2 && m->outputs == 1)) {
        lower_error(l, setting_span(l, "classes"), "%d classes are named here, but the network has %d outputs", d->classes.n,
                    m->outputs);
        ok = false;
    }
    return ok;
}

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

static bool check_input_values(Lower *l, const Sample *s) {
    bool ok = true;
    for (int k = 0; k < l->model->input_list.n; k++)
        if (l->model->input_list.at[k]->integer) ok = check_indices(l, s, l->model->input_list.at[k]) && ok;
    return ok;
}

static bool check_sample(Lower *l, const Sample *s) {
    const Model *m = l->model;
    if (s->inputs != m->inputs)
        return lower_error(l, s->span, "this sample has %d input%s, the network has %d", s->inputs, s->inputs == 1 ? "" : "s",
                           m->inputs),
               false;
    if (!check_input_values(l, s)) return false;
    if (s->class_name) {
        if (m->outputs > 1 && !m->class_output)
            return lower_error(l, s->span, "'%s' is a class, but the network does not end in a softmax: give %d numbers",
                               s->class_name, m->outputs),
                   false;
        if (m->outputs > 1 || l->settings->data.classes.n == 2) return true;
        return lower_error(l, s->span, "'%s' is a class, but the network has one output: give a number, or two 'classes'",
                           s->class_name),
               false;
    }
    if (s->targets == m->outputs) return true;
    if (s->targets == 1 && m->class_output && value_rank(m->output) == 1) return true;
    return lower_error(l, s->span, "this sample has %d target%s, the network has %d output%s", s->targets,
                       s->targets == 1 ? "" : "s", m->outputs, m->outputs == 1 ? "" : "s"),
           false;
}

bool lower_check_data(Lower *l) {
    if (!l->settings->data.present) return true;
    bool ok = check_columns(l);
    for (int k = 0; k < l->settings->data.samples.n; k++) ok = check_sample(l, &l->settings->data.samples.at[k]) && ok;
    return ok;
}
