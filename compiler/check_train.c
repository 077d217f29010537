/* check_train: the train block. One row for each setting; a row's function checks the value and puts it into Train. */
#include "check.h"
#include <math.h>
#include <string.h>

enum { EPOCHS_DEFAULT = 100, COUNT_MAX = 2000000000 };

typedef void Take(Checker *c, Train *train, const AstSetting *setting);

/* ---- loss and optimizer */

static void constant_option(void *context, const char *option, const AstExpr *value) {
    const Checker *c = context;
    double number = 0;
    (void)option;
    check_number(c->settings, value, false, &number);
}

/* A `rate` is a number or a schedule. */
static void optimizer_option(void *context, const char *option, const AstExpr *value) {
    Checker *c = context;
    const bool call = value->kind == AST_CALL && !value->dims.n && !function_arguments(value->name);
    const bool named = value->kind == AST_NAME && ast_find(c->file, DEF_SCHEDULE, value->name);
    if (strcmp(option, "rate") != 0 || (!call && !named)) {
        constant_option(context, option, value);
        return;
    }
    const AstDef *schedule = check_reference(c, value, DEF_SCHEDULE);
    if (schedule) check_arguments(c, value, schedule, false, constant_option, c);
}

static void take_loss(Checker *c, Train *train, const AstSetting *setting) {
    const AstDef *loss = check_reference(c, setting->value, DEF_LOSS);
    if (loss) check_arguments(c, setting->value, loss, true, constant_option, c);
    train->loss = setting->value;
    train->loss_span = setting->value->span;
}

static void take_optimizer(Checker *c, Train *train, const AstSetting *setting) {
    const AstDef *optimizer = check_reference(c, setting->value, DEF_OPTIMIZER);
    if (optimizer) check_arguments(c, setting->value, optimizer, true, optimizer_option, c);
    train->optimizer = setting->value;
    train->optimizer_span = setting->value->span;
}

/* ---- numbers */

static void take_batch(Checker *c, Train *train, const AstSetting *setting) {
    double value = 0;
    if (check_whole(c, setting, 1, 1 << 24, &value)) train->batch = (int)value;
}

static void take_epochs(Checker *c, Train *train, const AstSetting *setting) {
    double value = 0;
    if (check_whole(c, setting, 0, COUNT_MAX, &value)) train->epochs = (int)value;
}

static void take_seed(Checker *c, Train *train, const AstSetting *setting) {
    double value = 0;
    if (check_whole(c, setting, 0, 9007199254740991.0, &value)) train->seed = (uint64_t)value;
}

static void take_shuffle(Checker *c, Train *train, const AstSetting *setting) {
    check_yes_no(c, setting, &train->shuffle);
}

static void take_l1(Checker *c, Train *train, const AstSetting *setting) {
    check_positive(c, setting, true, &train->l1);
}

static void take_l2(Checker *c, Train *train, const AstSetting *setting) {
    check_positive(c, setting, true, &train->l2);
}

/* ---- forms: norm(1.0), below(0.001) */

/* The number in NAME(number), whichever of two names it is; 0 after an error. */
static int take_form(Checker *c, const AstSetting *setting, const char *const *names, double *value) {
    const AstExpr *e = setting->value;
    const int form = e->kind != AST_CALL || e->dims.n ? 0 : !strcmp(e->name, names[0]) ? 1 : !strcmp(e->name, names[1]) ? 2 : 0;
    if (!form || e->args.n != 1 || e->args.at[0].name) {
        source_error(e->span, "%s is %s(…) or %s(…), with one number", setting->name, names[0], names[1]);
        return 0;
    }
    const AstSetting inner = {setting->name, setting->name_span, e->args.at[0].value};
    if (form == 2 && !strcmp(names[1], "stalls")) return check_whole(c, &inner, 1, COUNT_MAX, value) ? form : 0;
    return check_positive(c, &inner, false, value) ? form : 0;
}

static void take_clip(Checker *c, Train *train, const AstSetting *setting) {
    static const char *const names[] = {"norm", "value"};
    static const ClipKind kinds[] = {CLIP_NONE, CLIP_NORM, CLIP_VALUE};
    train->clip = kinds[take_form(c, setting, names, &train->clip_at)];
    train->clip_span = setting->value->span;
}

static void take_stop(Checker *c, Train *train, const AstSetting *setting) {
    static const char *const names[] = {"below", "stalls"};
    static const StopKind kinds[] = {STOP_NONE, STOP_BELOW, STOP_STALLS};
    train->stop = kinds[take_form(c, setting, names, &train->stop_at)];
}

/* ---- metric, params */

static void add_metric(Checker *c, Train *train, const AstExpr *e) {
    static const char *const known[] = {"accuracy", "f1", "rmse", "mae", "r2", NULL};
    Words words = {0};
    for (int k = 0; known[k]; k++) list_push(c->arena, &words, known[k]);
    if (e->kind == AST_NAME && is_word(e->name, known))
        list_push(c->arena, &train->metrics, e->name);
    else if (e->kind == AST_NAME)
        source_error(e->span, "there is no metric '%s'%s; there are accuracy, f1, rmse, mae and r2", e->name,
                     did_you_mean(c->arena, e->name, &words));
    else
        source_error(e->span, "a metric is a name: accuracy, f1, rmse, mae or r2");
}

static void take_metric(Checker *c, Train *train, const AstSetting *setting) {
    const AstExpr *e = setting->value;
    const bool one = e->kind == AST_LIST && e->args.n == 1;
    if (e->kind == AST_LIST && !one)
        source_error(e->span, "metric takes one name: metric = accuracy");
    else
        add_metric(c, train, one ? e->args.at[0].value : e);
}

static void take_params(Checker *c, Train *train, const AstSetting *setting) {
    (void)c;
    if (setting->value->kind == AST_STRING)
        train->params = setting->value->name;
    else
        source_error(setting->value->span, "params is a file's name in quotes: \"start.safetensors\"");
}

/* ---- the block */

static const struct Row {
    const char *name;
    Take *take;
} rows[] = {{"loss", take_loss}, {"optimizer", take_optimizer}, {"batch", take_batch},   {"epochs", take_epochs},
            {"seed", take_seed}, {"shuffle", take_shuffle},     {"clip", take_clip},     {"l1", take_l1},
            {"l2", take_l2},     {"stop", take_stop},           {"metric", take_metric}, {"params", take_params}};
enum { ROWS = sizeof rows / sizeof *rows };

/* `rate = 0.1` in the block is the optimizer's. */
static bool is_optimizer_option(const Checker *c, const AstSetting *setting) {
    static const char *const options[] = {"rate", "momentum", "weight_decay", "lr", "learning_rate", NULL};
    if (!is_word(setting->name, options)) return false;
    const char *own = setting->name[0] == 'l' ? "rate" : setting->name;
    source_error(setting->name_span, "%s is an option of the optimizer: optimizer = sgd(%s = %s)",
                 !strcmp(own, setting->name) ? own : arena_printf(c->arena, "'%s' is called 'rate' here and", setting->name),
                 own, span_text(c->arena, setting->value->span));
    return true;
}

static void check_names(const Checker *c, const AstSettings *settings) {
    Words words = {0};
    AstSettings others = {0};
    for (int k = 0; k < ROWS; k++) list_push(c->arena, &words, rows[k].name);
    for (int k = 0; k < settings->n; k++)
        if (!is_optimizer_option(c, &settings->at[k])) list_push(c->arena, &others, settings->at[k]);
    check_setting_names(c, &others, &words, "train");
}

void check_train(Checker *c) {
    const AstBlock *block = &c->file->train;
    Train *train = &c->settings->train;
    *train = (Train){
        .present = block->present, .span = block->span, .batch = 1, .epochs = EPOCHS_DEFAULT, .seed = 1, .shuffle = true};
    if (!block->present) return;
    check_names(c, &block->settings);
    for (int k = 0; k < block->settings.n; k++)
        for (int r = 0; r < ROWS; r++)
            if (!strcmp(rows[r].name, block->settings.at[k].name)) rows[r].take(c, train, &block->settings.at[k]);
    if (!train->loss)
        source_error(block->span, "train needs a loss: loss = mse");
    else if (!train->optimizer)
        source_error(block->span, "train needs an optimizer: optimizer = adam");
}
