/* check_data: the data block. One row for each setting; a row's function checks the value and puts it into Data. */
#include "check.h"
#include <math.h>
#include <string.h>

enum { COLUMN_MAX = 1 << 20, SERIES_MAX = 1 << 24 };

typedef void Take(Checker *c, Data *data, const AstSetting *setting);

/* ---- texts */

/* Iris-setosa, iris.csv, data/iris.csv: names joined by signs, which should have been a string. */
static bool looks_like_text(const AstExpr *e) {
    if (e->kind == AST_NAME || e->kind == AST_NUMBER) return true;
    const bool joined = e->kind == AST_BINARY && (e->op == AST_SUB || e->op == AST_DIV);
    return joined && looks_like_text(e->args.at[0].value) && looks_like_text(e->args.at[1].value);
}

static void take_file_name(Checker *c, const AstExpr *e, Words *files) {
    if (e->kind == AST_STRING && *e->name)
        list_push(c->arena, files, e->name);
    else if (e->kind == AST_STRING)
        source_error(e->span, "the file's name is empty");
    else if (looks_like_text(e))
        source_error(e->span, "a file's name stands in quotes: \"%s\"", span_text(c->arena, e->span));
    else
        source_error(e->span, "expected a file's name in quotes");
}

/* One file, or two: IDX images and labels. */
static void take_files(Checker *c, const AstSetting *setting, Words *files) {
    const AstExpr *e = setting->value;
    if (e->kind != AST_LIST) {
        take_file_name(c, e, files);
        return;
    }
    if (e->args.n < 1 || e->args.n > 2)
        source_error(e->span, "%s is one file, or two: [\"images\", \"labels\"]", setting->name);
    for (int k = 0; k < e->args.n && k < 2; k++) take_file_name(c, e->args.at[k].value, files);
}

static void take_file(Checker *c, Data *data, const AstSetting *setting) {
    Words files = {0};
    take_files(c, setting, &files);
    for (int k = 0; k < files.n; k++) list_push(c->arena, &data->files, files.at[k]);
}

static void take_test_file(Checker *c, Data *data, const AstSetting *setting) {
    Words files = {0};
    take_files(c, setting, &files);
    for (int k = 0; k < files.n; k++) list_push(c->arena, &data->test_files, files.at[k]);
}

static void take_text(Checker *c, Data *data, const AstSetting *setting) {
    Words files = {0};
    take_file_name(c, setting->value, &files);
    if (files.n) data->text = files.at[0];
}

/* ---- columns: names, numbers from 0, ranges */

static bool column_number(Checker *c, const AstExpr *e, int *number) {
    double value = 0;
    if (!check_number(c->settings, e, true, &value)) return false;
    *number = (int)(value >= 0 && value < COLUMN_MAX ? value : 0);
    if (value == *number) return true;
    source_error(e->span, "a column's number is a whole number from 0, and this is %g", value);
    return false;
}

static void add_range(Checker *c, const AstExpr *e, Columns *columns) {
    int first = 0, last = 0;
    if (!column_number(c, e->args.at[0].value, &first) || !column_number(c, e->args.at[1].value, &last)) return;
    if (last < first) source_error(e->span, "the range is empty: %d comes after %d", first, last);
    for (int k = first; k <= last; k++) list_push(c->arena, columns, ((Column){COLUMN_NUMBER, NULL, k}));
}

static void add_column(Checker *c, const AstExpr *e, Columns *columns) {
    int number = 0;
    if (e->kind == AST_NAME || e->kind == AST_STRING)
        list_push(c->arena, columns, ((Column){COLUMN_NAME, e->name, 0}));
    else if (e->kind == AST_RANGE)
        add_range(c, e, columns);
    else if (e->kind != AST_NUMBER && looks_like_text(e))
        source_error(e->span, "a column's name with signs in it stands in quotes: \"%s\"", span_text(c->arena, e->span));
    else if (e->kind == AST_LIST)
        source_error(e->span, "a list of columns holds names, numbers and ranges");
    else if (column_number(c, e, &number))
        list_push(c->arena, columns, ((Column){COLUMN_NUMBER, NULL, number}));
}

static void take_columns(Checker *c, const AstSetting *setting, Columns *columns) {
    const AstExpr *e = setting->value;
    if (e->kind != AST_LIST)
        add_column(c, e, columns);
    else if (!e->args.n)
        source_error(e->span, "the list of columns is empty");
    for (int k = 0; e->kind == AST_LIST && k < e->args.n; k++) {
        if (e->args.at[k].name)
            source_error(e->args.at[k].name_span, "a list of columns holds names, numbers and ranges");
        else
            add_column(c, e->args.at[k].value, columns);
    }
}

static void take_inputs(Checker *c, Data *data, const AstSetting *setting) {
    data->has_inputs = true;
    take_columns(c, setting, &data->inputs);
}

static void take_target(Checker *c, Data *data, const AstSetting *setting) {
    data->has_target = true;
    data->target_is_inputs = setting->value->kind == AST_NAME && !strcmp(setting->value->name, "inputs");
    if (!data->target_is_inputs) take_columns(c, setting, &data->target);
}

/* ---- classes */

static const char *class_name(Checker *c, const AstExpr *e) {
    if (e->kind == AST_NAME || e->kind == AST_STRING) return e->name;
    if (e->kind == AST_NUMBER) return span_text(c->arena, e->span);
    if (e->kind == AST_UNARY && e->op == AST_NEG && e->args.at[0].value->kind == AST_NUMBER)
        return arena_printf(c->arena, "-%s", span_text(c->arena, e->args.at[0].value->span));
    if (looks_like_text(e))
        source_error(e->span, "a class with signs in its name stands in quotes: \"%s\"", span_text(c->arena, e->span));
    else
        source_error(e->span, "a class is a name, a string or a number");
    return NULL;
}

static bool has_class(const Data *data, const char *name) {
    for (int k = 0; k < data->classes.n; k++)
        if (!strcmp(data->classes.at[k], name)) return true;
    return false;
}

static void take_classes(Checker *c, Data *data, const AstSetting *setting) {
    const AstExpr *e = setting->value;
    if (e->kind != AST_LIST || !e->args.n) {
        source_error(e->span, "classes is a list of names: [setosa, versicolor]");
        return;
    }
    for (int k = 0; k < e->args.n; k++) {
        const char *name = class_name(c, e->args.at[k].value);
        if (name && has_class(data, name))
            source_error(e->args.at[k].value->span, "the class '%s' is listed twice", name);
        else if (name)
            list_push(c->arena, &data->classes, name);
    }
}

/* ---- header, scale, split, window, ahead */

static void take_header(Checker *c, Data *data, const AstSetting *setting) {
    bool yes = false;
    if (check_yes_no(c, setting, &yes)) data->header = yes ? HEADER_YES : HEADER_NO;
}

static void take_scale(Checker *c, Data *data, const AstSetting *setting) {
    static const char *const names[] = {"none", "standard", "minmax"};
    static const ScaleKind kinds[] = {SCALE_NONE, SCALE_STANDARD, SCALE_MINMAX};
    const AstExpr *e = setting->value;
    for (int k = 0; k < 3; k++)
        if (e->kind == AST_NAME && !strcmp(e->name, names[k])) {
            data->scale = kinds[k];
            return;
        }
    bool constant = e->kind != AST_NAME && e->kind != AST_STRING && e->kind != AST_LIST;
    Words words = {0};
    for (int k = 0; k < 3; k++) list_push(c->arena, &words, names[k]);
    if (e->kind == AST_NAME) constant = find_const(c->settings, e->name) != NULL;
    if (!constant)
        source_error(e->span, "scale is standard, minmax, none or a number to multiply by%s",
                     e->kind == AST_NAME ? did_you_mean(c->arena, e->name, &words) : "");
    else if (check_number(c->settings, e, false, &data->factor)) {
        data->scale = SCALE_FACTOR;
        if (!isfinite(data->factor) || data->factor == 0) source_error(e->span, "scale multiplies by a number other than 0");
    }
}

static void take_split(Checker *c, Data *data, const AstSetting *setting) {
    const AstExpr *e = setting->value;
    const bool ordered =
        e->kind == AST_CALL && !strcmp(e->name, "ordered") && e->args.n == 1 && !e->dims.n && !e->args.at[0].name;
    if (e->kind == AST_CALL && !strcmp(e->name, "ordered") && !ordered)
        source_error(e->span, "ordered takes one number: ordered(0.8)");
    else if (check_number(c->settings, ordered ? e->args.at[0].value : e, false, &data->split_at)) {
        data->split = ordered ? SPLIT_ORDERED : SPLIT_RANDOM;
        if (!(data->split_at > 0 && data->split_at < 1))
            source_error(e->span, "split is the share for training: a number between 0 and 1");
    }
}

static void take_window(Checker *c, Data *data, const AstSetting *setting) {
    double value = 0;
    if (check_whole(c, setting, 1, SERIES_MAX, &value)) data->window = (int)value;
}

static void take_ahead(Checker *c, Data *data, const AstSetting *setting) {
    double value = 0;
    if (check_whole(c, setting, 1, SERIES_MAX, &value)) data->ahead = (int)value;
}

/* ---- samples */

typedef struct Numbers { /* and where they stand */
    LIST(double) list;
    LIST(Span) at;
} Numbers;

static bool add_numbers(Checker *c, const AstExpr *e, Numbers *numbers) {
    double value = 0;
    if (e->kind == AST_LIST) {
        for (int k = 0; k < e->args.n; k++) {
            if (e->args.at[k].name) return source_error(e->args.at[k].name_span, "a sample holds numbers"), false;
            if (!add_numbers(c, e->args.at[k].value, numbers)) return false;
        }
        return true;
    }
    if (!check_number(c->settings, e, false, &value)) return false;
    if (!isfinite(value)) return source_error(e->span, "a sample holds finite numbers"), false;
    list_push(c->arena, &numbers->list, value);
    list_push(c->arena, &numbers->at, e->span);
    return true;
}

static bool is_class(const Checker *c, const AstExpr *e) {
    if (e->kind == AST_NAME && find_const(c->settings, e->name)) return false;
    return e->kind == AST_NAME || e->kind == AST_STRING ||
           (e->kind == AST_BINARY && looks_like_text(e) && e->args.at[0].value->kind == AST_NAME);
}

static bool take_class(Checker *c, const Data *data, const AstExpr *e, Sample *sample) {
    sample->class_name = class_name(c, e);
    if (!sample->class_name || !data->classes.n || has_class(data, sample->class_name)) return sample->class_name;
    Words words = {0};
    for (int k = 0; k < data->classes.n; k++) list_push(c->arena, &words, data->classes.at[k]);
    source_error(e->span, "'%s' is not one of the classes%s", sample->class_name,
                 did_you_mean(c->arena, sample->class_name, &words));
    return false;
}

/* All samples have the shape of the first. */
static void compare_samples(const Sample *first, const Sample *sample) {
    if (sample->inputs != first->inputs)
        source_error(sample->span, "this sample has %d number%s before '->', the first has %d", sample->inputs,
                     plural((unsigned)sample->inputs), first->inputs);
    else if (!sample->class_name != !first->class_name)
        source_error(sample->span, "this sample's target is %s, the first one's is not",
                     sample->class_name ? "a class" : "numbers");
    else if (sample->targets != first->targets)
        source_error(sample->span, "this sample has %d number%s after '->', the first has %d", sample->targets,
                     plural((unsigned)sample->targets), first->targets);
}

static void take_sample(Checker *c, Data *data, const AstSample *given) {
    Numbers x = {0}, t = {0};
    Sample sample = {.span = given->span};
    for (int k = 0; k < given->inputs.n; k++)
        if (!add_numbers(c, given->inputs.at[k].value, &x)) return;
    if (is_class(c, given->target)) {
        if (!take_class(c, data, given->target, &sample)) return;
    } else if (!add_numbers(c, given->target, &t)) {
        return;
    }
    sample.inputs = x.list.n;
    sample.targets = t.list.n;
    sample.x = x.list.at;
    sample.t = t.list.at;
    sample.t_at = t.at.at;
    if (data->samples.n) compare_samples(&data->samples.at[0], &sample);
    list_push(c->arena, &data->samples, sample);
}

/* ---- the block */

static const struct Row {
    const char *name;
    Take *take;
} rows[] = {{"file", take_file},       {"test_file", take_test_file}, {"inputs", take_inputs}, {"target", take_target},
            {"classes", take_classes}, {"header", take_header},       {"scale", take_scale},   {"split", take_split},
            {"window", take_window},   {"ahead", take_ahead},         {"text", take_text}};
enum { ROWS = sizeof rows / sizeof *rows };

/* A text has no columns: its bytes are the inputs, the next one is the target. */
static void check_text(const AstBlock *block) {
    static const char *const columns[] = {"inputs", "target", "classes", "header", "scale", NULL};
    for (int k = 0; k < block->settings.n; k++)
        if (is_word(block->settings.at[k].name, columns))
            source_error(block->settings.at[k].name_span, "'%s' is about columns, and a text has none",
                         block->settings.at[k].name);
}

static void check_together(const Data *data, const AstBlock *block) {
    const int origins = (data->files.n > 0) + (data->text != NULL) + (block->samples.n > 0);
    if (!origins)
        source_error(block->span, "data needs a file, a text or samples: file = \"iris.csv\"");
    else if (origins > 1)
        source_error(block->span, "data comes from a file, a text or samples: only one of them");
    else if (data->ahead && !data->window && !data->text)
        source_error(block->span, "'ahead' belongs to a series: window = 24 is missing");
    else if (data->window && block->samples.n)
        source_error(block->span, "'window' goes over the rows of a file; a sample written here is one already");
    else if (data->text)
        check_text(block);
    else if (data->target_is_inputs && block->samples.n)
        source_error(ast_setting_span(block, "target"),
                     "'target = inputs' is about a file; a sample written here says its target after '->'");
    else if (data->target_is_inputs && data->files.n > 1)
        source_error(ast_setting_span(block, "file"),
                     "with 'target = inputs' there is no file of targets: name the inputs alone");
    else if (data->test_files.n && !data->files.n)
        source_error(block->span, "'test_file' goes with 'file'");
}

void check_data(Checker *c) {
    const AstBlock *block = &c->file->data;
    Data *data = &c->settings->data;
    *data = (Data){.present = block->present, .span = block->span, .factor = 1};
    if (!block->present) return;
    const int before = c->messages->errors;
    Words words = {0};
    for (int k = 0; k < ROWS; k++) list_push(c->arena, &words, rows[k].name);
    check_setting_names(c, &block->settings, &words, "data");
    for (int r = 0; r < ROWS; r++)
        for (int k = 0; k < block->settings.n; k++)
            if (!strcmp(rows[r].name, block->settings.at[k].name)) rows[r].take(c, data, &block->settings.at[k]);
    for (int k = 0; k < block->samples.n; k++) take_sample(c, data, &block->samples.at[k]);
    if (c->messages->errors == before) check_together(data, block);
    if ((data->window || data->text) && !data->ahead) data->ahead = 1;
}
