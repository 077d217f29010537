/* check: everything that can be said about a file without knowing shapes. See check.h for the parts. */
#include "check.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values of settings */

static bool wrong_setting(const AstSetting *setting, const char *expected) {
    source_error(setting->value->span, "%s is %s", setting->name, expected);
    return false;
}

bool check_amount(const Checker *c, const AstExpr *e, const char *what, bool whole, double *value) {
    if (!is_truth(c->settings, e)) return check_number(c->settings, e, whole, value);
    source_error(e->span, "%s is a number, not yes or no", what);
    return false;
}

bool check_whole(const Checker *c, const AstSetting *setting, double least, double most, double *value) {
    if (!check_amount(c, setting->value, setting->name, false, value)) return false;
    if (*value == floor(*value) && *value >= least && *value <= most) return true;
    if (*value == floor(*value) && *value > most) return wrong_setting(setting, arena_printf(c->arena, "at most %.0f", most));
    return wrong_setting(setting, arena_printf(c->arena, "a whole number of at least %.0f, not %g", least, *value));
}

bool check_positive(const Checker *c, const AstSetting *setting, bool zero_allowed, double *value) {
    if (!check_amount(c, setting->value, setting->name, false, value)) return false;
    if (isfinite(*value) && (*value > 0 || (zero_allowed && *value == 0))) return true;
    return wrong_setting(setting,
                         arena_printf(c->arena, "a number %s 0, not %g", zero_allowed ? "of at least" : "above", *value));
}

bool check_yes_no(const Checker *c, const AstSetting *setting, bool *value) {
    double number = 0;
    if (setting->value->kind != AST_NAME && setting->value->kind != AST_NUMBER) return wrong_setting(setting, "yes or no");
    if (!check_number(c->settings, setting->value, false, &number)) return false;
    *value = number != 0;
    return number == 0 || number == 1 || wrong_setting(setting, "yes or no");
}

void check_setting_names(const Checker *c, const AstSettings *settings, const Words *words, const char *where) {
    for (int k = 0; k < settings->n; k++) {
        const AstSetting *setting = &settings->at[k];
        bool known = false, twice = false;
        for (int w = 0; w < words->n && !known; w++) known = !strcmp(words->at[w], setting->name);
        for (int before = 0; before < k && !twice; before++) twice = !strcmp(settings->at[before].name, setting->name);
        if (!known)
            source_error(setting->name_span, "%s has no setting '%s'%s", where, setting->name,
                         did_you_mean(c->arena, setting->name, words));
        else if (twice)
            source_error(setting->name_span, "'%s' is set twice", setting->name);
    }
}

/* ---- constants, in any order */

typedef struct Constants { /* being worked out */
    Checker *c;
    const Define *defines;
    int ndefines;
    Table names; /* of the file's, the first of each name */
    char *state; /* UNKNOWN, OPEN or KNOWN, by position in the file */
    int depth;
    bool too_deep; /* that was told */
} Constants;
enum { UNKNOWN, OPEN, KNOWN };

static const Define *find_define(const Constants *all, const char *name) {
    for (int k = all->ndefines; k-- > 0;)
        if (!strcmp(all->defines[k].name, name)) return &all->defines[k];
    return NULL;
}

static bool const_is_new(const Checker *c, const AstConst *constant) {
    if (is_word(constant->name, ast_constant_names) || !strcmp(constant->name, "above")) {
        source_error(constant->span, "'%s' is built in and can't be a constant", constant->name);
        return false;
    }
    const Const *first = find_const(c->settings, constant->name);
    if (!first) return true;
    source_error(constant->span, "the constant '%s' is defined twice", constant->name);
    source_note(first->span, "the first time is here");
    return false;
}

static void settle_const(Constants *all, int at);

/* Once a file: what is left of a chain is as deep again. */
static void too_deep(Constants *all, Span at) {
    if (!all->too_deep) source_error(at, "constants are nested too deeply: %d levels at most", NESTING_MAX);
    all->too_deep = true;
}

/* Works out the constants that an expression names before the expression is. */
static void settle_names(Constants *all, const AstExpr *e) {
    for (int k = 0; k < e->args.n; k++) settle_names(all, e->args.at[k].value);
    if (e->kind != AST_NAME) return;
    const int k = table_find(&all->names, 0, e->name);
    if (k < 0) return;
    if (all->state[k] == OPEN)
        source_error(e->span, "the constant '%s' is defined by itself", e->name);
    else if (all->state[k] == UNKNOWN && all->depth == NESTING_MAX)
        too_deep(all, e->span);
    else
        settle_const(all, k);
}

static void settle_const(Constants *all, int at) {
    const AstConst *constant = &all->c->file->consts.at[at];
    if (all->state[at] != UNKNOWN) return;
    Const *result = arena_one(all->c->arena, Const);
    *result = (Const){.name = constant->name, .span = constant->span, .value = 1};
    all->state[at] = OPEN;
    all->depth++;
    const int before = all->c->messages->errors;
    settle_names(all, constant->value);
    all->depth--;
    all->state[at] = KNOWN;
    if (all->c->messages->errors == before && !all->too_deep)
        check_number(all->c->settings, constant->value, false, &result->value);
    result->truth = is_truth(all->c->settings, constant->value);
    const Define *define = find_define(all, constant->name);
    if (define) result->value = define->value;
    if (!const_is_new(all->c, constant)) return;
    table_put(all->c->arena, &all->c->settings->const_names, 0, result->name, all->c->settings->consts.n);
    list_push(all->c->arena, &all->c->settings->consts, result);
}

static void check_constants(Checker *c, const Define *defines, int ndefines) {
    const AstConsts *consts = &c->file->consts;
    Constants all = {.c = c, .defines = defines, .ndefines = ndefines, .state = arena_many(c->arena, consts->n + 1, char)};
    for (int k = consts->n; k-- > 0;) table_put(c->arena, &all.names, 0, consts->at[k].name, k);
    for (int k = 0; k < consts->n && !messages_full(c->messages); k++) settle_const(&all, k);
}

static void check_defines(const Checker *c, const Define *defines, int ndefines) {
    for (int k = 0; k < ndefines; k++) {
        Words words = {0};
        bool known = false;
        for (int n = 0; n < c->file->consts.n; n++) {
            list_push(c->arena, &words, c->file->consts.at[n].name);
            known |= !strcmp(c->file->consts.at[n].name, defines[k].name);
        }
        if (!known)
            usage("-D %s: the file has no constant of that name%s", defines[k].name,
                  did_you_mean(c->arena, defines[k].name, &words));
    }
}

/* ---- definitions: functions, activations and layers share their names; each other kind has its own */

static int name_space(AstDefKind kind) {
    return kind == DEF_LAYER ? DEF_ACTIVATION : (int)kind;
}

typedef struct Place { /* a definition and its position in the file's list */
    const AstDef *def;
    int at;
} Place;

static int compare_names(const Place *a, const Place *b) {
    const int spaces = name_space(a->def->kind) - name_space(b->def->kind);
    return spaces ? spaces : strcmp(a->def->name, b->def->name);
}

static int compare_places(const void *a, const void *b) {
    const int names = compare_names(a, b);
    return names ? names : ((const Place *)a)->at - ((const Place *)b)->at;
}

static void check_duplicates(const Checker *c) {
    Place *sorted = arena_many(c->arena, c->file->defs.n + 1, Place);
    int n = 0;
    for (int k = 0; k < c->file->defs.n; k++)
        if (!c->file->defs.at[k]->prelude) sorted[n++] = (Place){c->file->defs.at[k], k};
    qsort(sorted, (size_t)n, sizeof *sorted, compare_places);
    for (int k = 1; k < n; k++) {
        if (compare_names(&sorted[k - 1], &sorted[k]) != 0) continue;
        source_error(sorted[k].def->name_span, "'%s' is defined twice", sorted[k].def->name);
        source_note(sorted[k - 1].def->name_span, "the first time is here");
    }
}

/* ---- the stage */

static void check_present(const Checker *c) {
    const AstFile *file = c->file;
    const Span start = {file->source, 0, 0};
    if (file->network.present) return;
    if (file->train.present || file->data.present)
        source_error(file->train.present ? file->train.span : file->data.span, "the file has no network");
    else if (!file->defs.n || file->defs.at[0]->prelude)
        source_error(start, "the file has no network");
}

Settings *check_file(Arena *arena, AstFile *file, const Define *defines, int ndefines, int real_override) {
    Checker c = {.arena = arena, .file = file, .messages = file->source->messages, .settings = arena_one(arena, Settings)};
    ast_index(arena, file);
    check_present(&c);
    check_defines(&c, defines, ndefines);
    check_constants(&c, defines, ndefines);
    check_duplicates(&c);
    name_layers(&c);
    for (int k = 0; k < file->defs.n && !messages_full(c.messages); k++) check_definition(&c, file->defs.at[k]);
    check_cycles(&c);
    check_network(&c);
    check_train(&c);
    check_data(&c);
    if (real_override) c.settings->f64 = real_override == 64;
    return c.settings;
}
