/* emit_data: what the data are to a frozen network: the scaling of its inputs and, of an autoencoder, of its output, in the
 * operations of the trainer (with --exact to the same bits: else a compiler may fuse a product and a sum); the names of
 * classes; what a user reads about both. */
#include "emit_library.h"
#include <math.h>
#include <string.h>

/* ---- the scales, each member of all of them a text of C */

typedef struct Scaling {
    const Plan *plan;
    const Prepared *data;
    const char *x, *y, *i, *scaled;
    const char *shift, *divisor, *factor; /* shift[i], 0.0625; NULL: it changes nothing */
} Scaling;

/* To the bit: -0 is no 0. */
static bool all_are(const double *values, int n, double value) {
    for (int k = 0; k < n; k++)
        if (values[k] != value || !signbit(values[k]) != !signbit(value)) return false;
    return true;
}

bool data_is_scaled(const Prepared *data) {
    const int n = data->inputs;
    return data->shift && !(all_are(data->shift, n, 0) && all_are(data->divisor, n, 1) && all_are(data->factor, n, 1));
}

static void put_doubles(Writer *w, const char *name, const double *values, int n) {
    enum { IN_A_LINE = 5 };
    line(w, "static const double %s[%d] = {", name, n);
    for (int k = 0; k < n; k += IN_A_LINE) {
        hold(w);
        for (int j = k; j < n && j < k + IN_A_LINE; j++)
            put(w, "%s%s", j > k ? ", " : "", real_literal(w->plan->arena, values[j], true));
        if (k + IN_A_LINE < n) put(w, ",");
        line(w, "%s", release(w, w->plan->arena));
    }
    line(w, "};");
}

/* The rows of a series are all scaled alike. */
static const char *put_member(Writer *w, const Scaling *s, const char *name, const double *values, double neutral) {
    const int n = s->data->inputs;
    Arena *arena = w->plan->arena;
    if (all_are(values, n, neutral)) return NULL;
    if (all_are(values, n, values[0])) return real_literal(arena, values[0], true);
    put_doubles(w, name, values, n);
    return w->plan->model->inputs == n ? arena_printf(arena, "%s[%s]", name, s->i)
                                       : arena_printf(arena, "%s[%s %% %d]", name, s->i, n);
}

/* An exact product is rounded before anything is added to it. */
static const char *product(const Scaling *s, const char *a, const char *b) {
    return arena_printf(s->plan->arena, s->plan->options.exact ? "ROUNDED(%s * %s)" : "%s * %s", a, b);
}

static const char *element(const Scaling *s, const char *array) {
    return arena_printf(s->plan->arena, s->plan->options.f64 ? "%s[%s]" : "(double)%s[%s]", array, s->i);
}

static const char *narrow(const Scaling *s, const char *value) {
    return s->plan->options.f64 ? value : arena_printf(s->plan->arena, "(float)(%s)", value);
}

/* (x - shift) / divisor * factor */
static const char *scaled_text(const Scaling *s) {
    Arena *arena = s->plan->arena;
    const char *value = element(s, s->x);
    if (s->shift) value = arena_printf(arena, s->divisor || s->factor ? "(%s - %s)" : "%s - %s", value, s->shift);
    if (s->divisor) value = arena_printf(arena, "%s / %s", value, s->divisor);
    if (s->factor) value = product(s, value, s->factor);
    return narrow(s, value);
}

/* y / factor * divisor + shift */
static const char *unscaled_text(const Scaling *s) {
    Arena *arena = s->plan->arena;
    const char *value = element(s, s->y);
    if (s->factor) value = arena_printf(arena, "%s / %s", value, s->factor);
    if (s->divisor) value = product(s, value, s->divisor);
    if (s->shift) value = arena_printf(arena, "%s + %s", value, s->shift);
    return narrow(s, value);
}

/* Names that hide none of the file. */
static Scaling scaling_new(Writer *w, const Prepared *data, const UnitSet *units, Names *names) {
    for (int k = 0; k < units->constants.n; k++) names_add(names, units->constants.at[k]->name);
    names->local = true;
    return (Scaling){.plan = w->plan,
                     .data = data,
                     .x = names_take(names, "x"),
                     .y = names_take(names, "y"),
                     .i = names_take(names, "i"),
                     .scaled = names_take(names, "scaled")};
}

static void put_loop(Writer *w, const Scaling *s, int n, const char *to, const char *value) {
    line(w, "for (int %s = 0; %s < %d; %s++) %s[%s] = %s;", s->i, s->i, n, s->i, to, s->i, value);
}

void put_scaled_predict(Writer *w, const Prepared *data, UnitSet *units) {
    const Model *m = w->plan->model;
    Names *names = names_new(w->plan);
    Scaling s = scaling_new(w, data, units, names);
    units->doubles = true;
    blank(w);
    line(w, "/* The numbers of the data, scaled as those of the training were%s. */", data->undone ? ", and back" : "");
    line(w, "void $N_predict(const $R %s[%d], $R %s[%d]) {", s.x, m->inputs, s.y, m->outputs);
    s.shift = put_member(w, &s, names_take(names, "shift"), data->shift, 0);
    s.divisor = put_member(w, &s, names_take(names, "divisor"), data->divisor, 1);
    s.factor = put_member(w, &s, names_take(names, "factor"), data->factor, 1);
    line(w, "$R %s[%d];", s.scaled, m->inputs);
    put_loop(w, &s, m->inputs, s.scaled, scaled_text(&s));
    line(w, "$N_network(%s, %s);", s.scaled, s.y);
    if (data->undone) put_loop(w, &s, m->outputs, s.y, unscaled_text(&s));
    line(w, "}");
}

/* ---- classes */

void put_classes(Writer *w, const Prepared *data) {
    if (!data->classes) return;
    blank(w);
    line(w, "const char *const $N_classes[$U_CLASSES] = {");
    for (int k = 0; k < data->nclasses; k++)
        line(w, "%s%s", string_literal(w->plan->arena, data->classes[k]), k + 1 < data->nclasses ? "," : "");
    line(w, "};");
}

void put_classes_prototype(Writer *w, const Prepared *data) {
    if (!data->classes) return;
    line(w, "/* The names of the classes. */");
    line(w, "#define $U_CLASSES %d", data->nclasses);
    line(w, "extern const char *const $N_classes[$U_CLASSES];");
    blank(w);
}

/* ---- what x and y are */

/* Names parted by commas, in lines that a comment has room for; of very many the first ones and the last. */
static void put_names(Writer *w, const char *what, const char *const *names, int n) {
    enum { MOST = 40, FIRST = 8, ROOM = 110 };
    size_t used = strlen(what);
    insert(w, what);
    for (int k = 0; k < n; k++) {
        if (n > MOST && k == FIRST) insert(w, ", ..."), k = n - 1;
        const size_t length = strlen(names[k]) + 2;
        if (k) insert(w, ",");
        insert(w, k && used + length > ROOM ? "\n" : " ");
        used = (k && used + length > ROOM ? 0 : used) + length;
        insert(w, names[k]);
    }
    insert(w, "\n");
}

static void put_input_line(Writer *w, const Prepared *data) {
    const int rows = w->plan->model->inputs / data->inputs;
    const char *what = rows > 1 ? arena_printf(w->plan->arena, "x: %d rows one after another, in each:", rows) : "x:";
    if (data->columns) put_names(w, what, data->columns, data->inputs);
}

static void put_output_line(Writer *w, const Prepared *data) {
    const int outputs = w->plan->model->outputs;
    if (data->classes && outputs == 1)
        put(w, "y: the probability of $N_classes[1]; that of $N_classes[0] is the rest to 1\n");
    else if (data->classes && outputs > data->nclasses)
        put(w, "y: %d times the probabilities of $N_classes, in their order\n", outputs / data->nclasses);
    else if (data->classes)
        put(w, "y: the probabilities of $N_classes, in their order\n");
    else if (data->targets)
        put_names(w, "y:", data->targets, outputs);
}

static void put_units_line(Writer *w, const Prepared *data, bool raw) {
    const char *which = data->undone ? "x and y are" : "x is";
    if (data->shift && !data_is_scaled(data)) return;
    if (raw)
        put(w,
            "%s scaled as in training: (number - shift) / divisor * factor, which the metadata of the parameters' file give\n",
            which);
    else
        put(w, "%s in the units of the data; the scaling of the training is done inside\n", which);
}

void put_data_comment(Writer *w, const Prepared *data, bool raw) {
    hold(w);
    insert(w, "The output y of one sample x, which lies apart from it.\n");
    put_input_line(w, data);
    put_output_line(w, data);
    put_units_line(w, data, raw);
    comment(w, release(w, w->plan->arena));
}
