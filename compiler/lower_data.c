/* lower_data: does the data block fit the network's shapes? */
#include "../runtime/train/shape.h"
#include "lower_internal.h"

/* ---- places and shapes */

/* The place of a setting of the data block. */
static Span setting_span(const Lower *l, const char *name) {
    return ast_setting_span(&l->file->data, name);
}

static bool wrong_setting(const Lower *l, const char *setting, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool wrong_setting(const Lower *l, const char *setting, const char *format, ...) {
    va_list args;
    va_start(args, format);
    lower_error(l, setting_span(l, setting), "%s", arena_vprintf(l->arena, format, args));
    va_end(args);
    return false;
}

static const char *shape_text(const Lower *l, const Tensor *t) {
    return dims_text(l->arena, t->dim + t->per_sample, value_rank(t));
}

/* Its first `rank` dimensions. */
static Shape value_shape(const Tensor *t, int rank) {
    return shape_of(t->dim + t->per_sample, rank);
}

/* ---- classes: one output for each */

int lower_class_count(const Model *m) {
    if (m->outputs == 1) return 2;
    return m->class_output ? value_dim(m->output, value_rank(m->output) - 1) : 0;
}

/* A layer with parameters that changed nothing but the last dimension of a value of several: something that makes a row of it
 * was likely meant to stand before it. */
static const LayerInfo *unflattened(const Lower *l) {
    for (int k = 1; k < l->model->layers.n; k++) {
        const LayerInfo *at = &l->model->layers.at[k], *before = at - 1;
        const int rank = value_rank(at->output);
        bool same = at->params && rank > 1 && rank == value_rank(before->output);
        for (int d = 0; d < rank - 1 && same; d++) same = value_dim(before->output, d) == value_dim(at->output, d);
        if (same) return at;
    }
    return NULL;
}

bool lower_check_class_axis(Lower *l, Span at) {
    const Tensor *y = l->model->output;
    const int rank = value_rank(y);
    if (rank <= 1 || value_dim(y, rank - 1) == l->model->outputs) return true;
    const LayerInfo *layer = unflattened(l);
    const char *shape = shape_text(l, y);
    if (layer)
        lower_error(l, layer->span,
                    "'%s' works on the last dimension only, so the network's output has the shape %s instead of one "
                    "number for each class; put 'flatten'%s before it",
                    layer->kind, shape, rank == 2 ? " or 'last'" : "");
    else
        lower_error(l, at, "the network's output has the shape %s, but the target is one %s", shape,
                    l->model->class_output ? "class; put 'flatten' before the layer that tells classes apart" : "column");
    return false;
}

/* ---- series: a window of rows is the one input */

/* A text's window is as long as the network's input, unless the user says so himself. */
int lower_window(const Model *model, const Data *data) {
    return data->text && !data->window ? model->inputs : data->window;
}

static int window_rows(const Lower *l) {
    return lower_window(l->model, &l->settings->data);
}

static bool check_window(Lower *l, const char *setting) {
    const Model *m = l->model;
    const Tensor *x = m->input_list.n == 1 ? m->input_list.at[0] : NULL;
    if (!x) return wrong_setting(l, setting, "a series goes into one input, and the network has %d", m->input_list.n);
    const int rows = value_rank(x) ? value_dim(x, 0) : 1;
    return window_rows(l) == rows ||
           wrong_setting(l, setting,
                         "the window is %d rows, but the input '%s' has the shape %s: its first size is that of the window",
                         window_rows(l), x->label, shape_text(l, x));
}

/* Bytes in, and the probabilities of the next byte after each of them, or after the last. */
static bool check_text(Lower *l) {
    const Model *m = l->model;
    const Tensor *x = m->input_list.at[0], *y = m->output;
    if (value_rank(x) != 1 || !x->integer)
        return wrong_setting(l, "text", "a text goes into an input of whole numbers: input %s[%d]: index(256)", x->label,
                             window_rows(l));
    if (m->class_output && (value_rank(y) == 1 || (value_rank(y) == 2 && value_dim(y, 0) == window_rows(l)))) return true;
    return wrong_setting(l, "text",
                         "the network's output for a text is a softmax over the bytes, [256] or [%d, 256], and this one's "
                         "shape is %s",
                         window_rows(l), shape_text(l, y));
}

/* The rows of the target: the one ahead, all up to it, or as many as the window's; in numbers or in classes. */
static bool check_series_target(Lower *l) {
    const Data *d = &l->settings->data;
    const Tensor *y = l->model->output;
    const int columns = d->has_target ? d->target.n : 1, rows[3] = {1, d->ahead, window_rows(l)};
    const Shape row = shape_of(&columns, 1), numbers = value_shape(y, value_rank(y));
    const Shape classes = value_shape(y, value_rank(y) - l->model->class_output);
    for (int k = 0; k < 3; k++)
        if (shape_fits_rows(&numbers, (size_t)rows[k], &row) || shape_fits_rows(&classes, (size_t)rows[k], &row)) return true;
    return wrong_setting(l, d->has_target ? "target" : "window",
                         "the target is %s of 1 row, or of %d or %d, but the network has %s, of the shape %s",
                         counted(l->arena, columns, "column"), d->ahead, window_rows(l),
                         counted(l->arena, l->model->outputs, "output"), shape_text(l, y));
}

static const char *named(const Lower *l, int n) {
    return n == 1 ? "1 column is named here" : arena_printf(l->arena, "%d columns are named here", n);
}

static bool check_series(Lower *l) {
    const Data *d = &l->settings->data;
    if (!check_window(l, d->text ? "text" : "window")) return false;
    if (d->text) return check_text(l);
    const int inputs = l->model->inputs / window_rows(l);
    if (d->has_inputs && d->inputs.n != inputs)
        return wrong_setting(l, "inputs", "%s, but a row of the network's input has %d", named(l, d->inputs.n), inputs);
    return d->target_is_inputs || d->files.n == 2 || check_series_target(l); /* a file of targets tells its columns */
}

/* ---- columns */

static bool check_inputs(Lower *l) {
    const Data *d = &l->settings->data;
    return !d->has_inputs || d->inputs.n == l->model->inputs ||
           wrong_setting(l, "inputs", "%s, but the network has %s", named(l, d->inputs.n),
                         counted(l->arena, l->model->inputs, "input"));
}

/* target = inputs */
static bool check_autoencoder(Lower *l) {
    const Model *m = l->model;
    const Tensor *x = m->input_list.at[0];
    const Shape goes_in = value_shape(x, value_rank(x)), comes_out = value_shape(m->output, value_rank(m->output));
    if (m->inputs != m->outputs)
        return wrong_setting(l, "target", "the target is the inputs, %s, but the network has %s",
                             counted(l->arena, m->inputs, "number"), counted(l->arena, m->outputs, "output"));
    if (m->input_list.n == 1 && !shape_fits(&goes_in, &comes_out))
        return wrong_setting(l, "target",
                             "the target is the input '%s' of the shape %s, but the network's output has the shape %s",
                             x->label, shape_text(l, x), shape_text(l, m->output));
    for (int k = 0; k < m->input_list.n && m->class_output; k++)
        if (m->input_list.at[k]->integer)
            return wrong_setting(l, "target",
                                 "the target is the inputs, but '%s' holds whole numbers and a softmax gives probabilities",
                                 m->input_list.at[k]->label);
    return true;
}

/* A column for each number of the output, or for each class that it tells. */
static bool check_target(Lower *l) {
    const Data *d = &l->settings->data;
    const Model *m = l->model;
    const int told = m->class_output ? m->outputs / lower_class_count(m) : m->outputs;
    if (d->target.n > 1 && d->target.n != m->outputs && d->target.n != told)
        return wrong_setting(l, "target", "%s, but the network has %s", named(l, d->target.n),
                             counted(l->arena, m->outputs, "output"));
    if (d->files.n != 1 || d->target.n > 1 || m->outputs == 1) return true;
    if (!lower_check_class_axis(l, setting_span(l, "target"))) return false;
    return m->class_output || !d->has_target ||
           wrong_setting(l, "target",
                         "1 column is named here, but the network has %d outputs; if it holds classes, end with 'softmax'",
                         m->outputs);
}

static bool check_classes(Lower *l) {
    const Model *m = l->model;
    const int named_here = l->settings->data.classes.n, wanted = lower_class_count(m);
    if (!named_here || named_here == wanted) return true;
    if (!wanted)
        return wrong_setting(l, "classes", "classes are named here, but the network's %d outputs do not end in a softmax",
                             m->outputs);
    const char *here =
        named_here == 1 ? "1 class is named here" : arena_printf(l->arena, "%d classes are named here", named_here);
    if (m->outputs == 1 || wanted == m->outputs)
        return wrong_setting(l, "classes", "%s, but the network has %s", here, counted(l->arena, m->outputs, "output"));
    return wrong_setting(l, "classes", "%s, but the network tells %d apart", here, wanted);
}

static bool check_columns(Lower *l) {
    const Data *d = &l->settings->data;
    if (!check_classes(l) || (d->target_is_inputs && !check_autoencoder(l))) return false;
    if (d->window || d->text) return check_series(l);
    const bool inputs = check_inputs(l);
    return (d->target_is_inputs || check_target(l)) && inputs;
}

/* The samples are looked at even so: all that is wrong is said at once. */
bool lower_check_data(Lower *l) {
    const Data *d = &l->settings->data;
    if (!d->present) return true;
    const bool columns = check_columns(l);
    for (int k = 0; k < d->classes.n && columns; k++) list_push(l->arena, &l->model->classes, d->classes.at[k]);
    return lower_data_samples(l) && columns;
}
