/* check_expr: names, functions, subscripts and reductions in expressions and equations.
 *
 * Shapes and the ranges of subscripts are left to lower; here every name must be known and every construct in its place. */
#include "check.h"
#include <string.h>

static const struct SpecialWord {
    const char *name;
    unsigned word;
    const char *where;
} special_words[] = {{"training", WORD_TRAINING, "layers"},
                     {"step", WORD_STEP, "optimizers"},
                     {"epoch", WORD_EPOCH, "optimizers and schedules"},
                     {"epochs", WORD_EPOCH, "optimizers and schedules"},
                     {"validation_loss", WORD_VALIDATION, "schedules"},
                     {"fan_in", WORD_FAN, "initializers"},
                     {"fan_out", WORD_FAN, "initializers"}};
enum { SPECIAL_WORDS = sizeof special_words / sizeof *special_words };

/* ---- names */

static Words known_words(const Scope *s) {
    Words words = {0};
    for (int k = 0; k < s->names.n; k++)
        if (*s->names.at[k].name != '*') list_push(s->c->arena, &words, s->names.at[k].name);
    for (int k = 0; k < s->c->settings->consts.n && !(s->def && s->def->prelude); k++)
        list_push(s->c->arena, &words, s->c->settings->consts.at[k]->name);
    for (int k = 0; k < SPECIAL_WORDS; k++)
        if (s->words & special_words[k].word) list_push(s->c->arena, &words, special_words[k].name);
    if (s->initializers) add_definitions(s->c, DEF_INITIALIZER, &words);
    return words;
}

static bool is_reduction(const char *name) {
    return ast_reduction(name) != AST_REDUCTIONS;
}

static bool is_function(const Scope *s, const char *name) {
    return function_arguments(name) || ast_find_from(s->c->file, s->def, DEF_ACTIVATION, name);
}

static void unknown_name(const Scope *s, const AstExpr *e) {
    const Words words = known_words(s);
    const char *likely = did_you_mean(s->c->arena, e->name, &words);
    if (!strcmp(e->name, "batch"))
        source_error(e->span, "'batch' is an index: write size(batch) for the number of samples");
    else if (!check_other_word(e, is_function(s, e->name)))
        source_error(e->span, "there is no '%s' here%s", e->name, likely);
}

/* A tensor named without subscripts. */
static void check_whole_value(const Scope *s, const AstExpr *e, const Name *name) {
    if (!s->reads)
        source_error(e->span, "'%s' is a tensor: a number is needed here that is known when the file is compiled", e->name);
    else if (!s->whole && name->rank != 0 && name->rank != RANK_UNKNOWN)
        source_error(e->span, "'%s' needs its subscripts here: %s[…]", e->name, e->name);
}

bool check_above(const Scope *s, const char *name, Span span) {
    if (strcmp(name, "above") != 0 || (s->def && s->def->kind != DEF_LAYER)) return false;
    if (s->nothing_above) source_error(span, "there is nothing above: a network begins with its input");
    return true;
}

static void check_name(Scope *s, const AstExpr *e) {
    Name *name = scope_find(s, e->name);
    if (name) {
        name->used = true;
        if (name->kind == NAME_VALUE) check_whole_value(s, e, name);
        return;
    }
    if (is_word(e->name, ast_constant_names) || scope_has_const(s, e->name)) return;
    if (s->whole && check_above(s, e->name, e->span)) return;
    const AstDef *initializer = s->initializers ? ast_find_from(s->c->file, s->def, DEF_INITIALIZER, e->name) : NULL;
    if (initializer) {
        check_arguments(s->c, e, initializer, false, NULL, NULL);
        return;
    }
    for (int k = 0; k < SPECIAL_WORDS; k++) {
        if (strcmp(special_words[k].name, e->name) != 0) continue;
        if (!(s->words & special_words[k].word))
            source_error(e->span, "'%s' is known in %s only", e->name, special_words[k].where);
        return;
    }
    unknown_name(s, e);
}

/* ---- subscripts */

static void check_star(const Scope *s, const char *name, Span span, bool bound) {
    const Name *star = scope_find(s, star_name(s->c->arena, name));
    if (star) ((Name *)star)->used = true;
    if (!star)
        source_error(span, "there are no indices '*%s' here", name);
    else if (bound && star->kind != NAME_INDEX)
        source_error(span, "the indices *%s are bound neither on the left side nor by a reduction", name);
}

static void check_subscripts(Scope *s, const AstExpr *e, const Name *name) {
    for (int k = 0; k < e->dims.n; k++) {
        const AstDim *dim = &e->dims.at[k];
        if (dim->star)
            check_star(s, dim->name, dim->span, true);
        else if (dim->range)
            source_error(dim->span, "a range is given where an index is bound: on the left side or in sum[%s: …]", dim->name);
        else
            check_expr(s, dim->value);
    }
    check_rank(name, e->span, dims_rank(&e->dims));
}

static void check_read(Scope *s, const AstExpr *e) {
    Name above = {.name = "above", .kind = NAME_VALUE, .rank = RANK_UNKNOWN}; /* only lowering knows its shape */
    Name *name = check_above(s, e->name, e->name_span) ? &above : scope_find(s, e->name);
    if (name) name->used = true;
    if (!s->reads)
        source_error(e->span, "no tensor can be read here");
    else if (!name && is_reduction(e->name))
        source_error(e->span, "what %s runs over is missing: %s[…](…)", e->name, e->name);
    else if (!name)
        unknown_name(s, e);
    else if (name->kind != NAME_VALUE)
        source_error(e->name_span, "'%s' is a number and has no subscripts", e->name);
    else
        check_subscripts(s, e, name);
}

/* ---- binding indices */

/* A size's name may be an index of that size. */
static void bind_index(Scope *s, const char *name, Span span) {
    Name *old = scope_find(s, name);
    if (old) old->used = true;
    if (old && old->kind == NAME_INDEX)
        source_error(span, "the index '%s' is bound already; take another name", name);
    else if (old && old->kind == NAME_VALUE)
        source_error(span, "'%s' is a value and can't be an index", name);
    else
        scope_add(s, (Name){.name = name, .kind = NAME_INDEX, .span = span});
}

static void bind_star(Scope *s, const AstDim *dim) {
    const char *name = star_name(s->c->arena, dim->name);
    if (!scope_find(s, name))
        source_error(dim->span, "there are no indices '%s' here", name);
    else
        bind_index(s, name, dim->span);
}

static void check_range(Scope *s, const AstExpr *range) {
    const bool reads = s->reads;
    s->reads = false;
    check_expr(s, range);
    s->reads = reads;
}

/* One entry of a reduction's brackets. */
static void bind_reduced(Scope *s, const AstDim *dim) {
    if (dim->range) check_range(s, dim->range);
    if (dim->star)
        bind_star(s, dim);
    else if (dim->name)
        bind_index(s, dim->name, dim->span);
    else if (dim->value->kind != AST_NAME)
        source_error(dim->span, "a reduction runs over indices: a name is expected");
    else if (strcmp(dim->value->name, "batch") != 0)
        bind_index(s, dim->value->name, dim->span);
    else if (!(s->words & WORD_TRAINING))
        source_error(dim->span, "'batch' is known in layers only");
}

/* Names in the left side's affine subscripts are indices, unless they are numbers: options, sizes by `where`, constants. */
static void bind_left_names(Scope *s, const AstExpr *e, bool alone) {
    if (e->kind == AST_NAME) {
        const Name *old = scope_find(s, e->name);
        if (old && old->kind == NAME_INDEX && !alone) return;
        if (!alone && ((old && old->kind == NAME_NUMBER) || (!old && scope_has_const(s, e->name)))) return;
        bind_index(s, e->name, e->span);
        return;
    }
    if (e->kind == AST_BINARY || e->kind == AST_UNARY)
        for (int k = 0; k < e->args.n; k++) bind_left_names(s, e->args.at[k].value, false);
    for (int k = 0; e->kind == AST_READ && k < e->dims.n; k++)
        if (e->dims.at[k].value) bind_left_names(s, e->dims.at[k].value, false);
}

static void bind_left(Scope *s, const AstDims *dims) {
    for (int k = 0; k < dims->n; k++) {
        const AstDim *dim = &dims->at[k];
        if (dim->range) check_range(s, dim->range);
        if (dim->star)
            bind_star(s, dim);
        else if (dim->name)
            bind_index(s, dim->name, dim->span);
        else
            bind_left_names(s, dim->value, true);
    }
    for (int k = 0; k < dims->n; k++)
        if (dims->at[k].value) check_expr(s, dims->at[k].value);
}

/* ---- calls */

static void check_each(Scope *s, const AstArgs *args) {
    for (int k = 0; k < args->n; k++) check_expr(s, args->at[k].value);
}

static void check_reduction(Scope *s, const AstExpr *e) {
    if (!s->reads) source_error(e->span, "nothing can be reduced here");
    if (!s->reads || !check_count(e, 1)) return;
    const int names = s->names.n;
    const bool whole = s->whole;
    for (int k = 0; k < e->dims.n; k++) bind_reduced(s, &e->dims.at[k]);
    s->whole = false;
    check_expr(s, e->args.at[0].value);
    s->whole = whole;
    scope_cut(s, names);
}

static void call_size(Scope *s, const AstExpr *e) {
    if (!check_count(e, 1)) return;
    const AstExpr *of = e->args.at[0].value;
    Name *name = of->kind == AST_NAME ? scope_find(s, of->name) : NULL;
    if (name) name->used = true;
    if (of->kind == AST_STAR)
        check_star(s, of->name, of->span, false);
    else if (of->kind != AST_NAME)
        source_error(of->span, "size takes an index, a size or *s");
    else if (name && name->kind == NAME_VALUE)
        source_error(of->span, "'%s' is a value: size takes an index", of->name);
    else if (!name && strcmp(of->name, "batch") != 0)
        unknown_name(s, of);
    else if (!name && !(s->words & WORD_TRAINING))
        source_error(of->span, "'batch' is known in layers only");
}

static void call_pad(Scope *s, const AstExpr *e) {
    if (!check_count(e, 2)) return;
    const AstExpr *read = e->args.at[0].value;
    if (read->kind != AST_READ)
        source_error(read->span, "pad takes a tensor with its subscripts: pad(x[…], value)");
    else
        check_expr(s, read);
    check_range(s, e->args.at[1].value);
}

static void call_random(Scope *s, const AstExpr *e) {
    (void)s;
    check_count(e, 0);
}

static void call_reshape(Scope *s, const AstExpr *e) {
    if (!check_count(e, 1)) return;
    if (!s->whole)
        source_error(e->span, "reshape works on a whole value: y = reshape(x)");
    else
        check_expr(s, e->args.at[0].value);
}

static const struct Form { /* functions that are not computed element by element */
    const char *name;
    void (*check)(Scope *s, const AstExpr *e);
} forms[] = {{"size", call_size}, {"pad", call_pad}, {"random", call_random}, {"reshape", call_reshape}};
enum { FORMS = sizeof forms / sizeof *forms };

static void argument_in_scope(void *context, const char *option, const AstExpr *value) {
    (void)option;
    check_expr(context, value);
}

static void unknown_function(const Scope *s, const AstExpr *e) {
    Words words = {0};
    add_functions(&words, s->c->arena);
    add_definitions(s->c, s->initializers ? DEF_INITIALIZER : DEF_ACTIVATION, &words);
    for (int k = 0; k < FORMS; k++) list_push(s->c->arena, &words, forms[k].name);
    if (is_reduction(e->name))
        source_error(e->name_span, "what %s runs over is missing: %s[i](…)", e->name, e->name);
    else if (ast_find_from(s->c->file, s->def, DEF_LAYER, e->name))
        source_error(e->name_span, "'%s' is a layer: it is written as a statement of its own", e->name);
    else
        source_error(e->name_span, "there is no function '%s'%s", e->name, did_you_mean(s->c->arena, e->name, &words));
}

static void check_function(Scope *s, const AstExpr *e) {
    const AstDef *def = ast_find_from(s->c->file, s->def, DEF_ACTIVATION, e->name);
    if (!def && s->initializers) def = ast_find_from(s->c->file, s->def, DEF_INITIALIZER, e->name);
    if (def) {
        check_arguments(s->c, e, def, false, argument_in_scope, s);
        return;
    }
    for (int k = 0; k < FORMS; k++)
        if (!strcmp(forms[k].name, e->name)) {
            forms[k].check(s, e);
            return;
        }
    if (!function_arguments(e->name))
        unknown_function(s, e);
    else if (check_count(e, function_arguments(e->name)))
        check_each(s, &e->args);
}

static void check_call(Scope *s, const AstExpr *e) {
    if (!e->dims.n)
        check_function(s, e);
    else if (is_reduction(e->name))
        check_reduction(s, e);
    else
        source_error(e->name_span, "'%s' is no reduction; there are sum, max, min, mean and prod", e->name);
}

/* ---- expressions */

void check_expr(Scope *s, const AstExpr *e) {
    switch (e->kind) {
    case AST_NUMBER: break;
    case AST_NAME: check_name(s, e); break;
    case AST_READ: check_read(s, e); break;
    case AST_CALL: check_call(s, e); break;
    case AST_UNARY:
    case AST_BINARY:
    case AST_IF: check_each(s, &e->args); break;
    case AST_STRING: source_error(e->span, "a string has no place in a formula"); break;
    case AST_LIST: source_error(e->span, "a list has no place in a formula"); break;
    case AST_RANGE: source_error(e->span, "a range has no place in a formula"); break;
    case AST_STAR: source_error(e->span, "*%s stands in brackets or in size(*%s) only", e->name, e->name); break;
    }
}

void check_size(Scope *s, const AstExpr *e) {
    const bool reads = s->reads, whole = s->whole;
    s->reads = s->whole = false;
    check_expr(s, e);
    s->reads = reads;
    s->whole = whole;
}

/* The brackets of a parameter: every name in them is known, unless a range is given with it. */
void check_extents(Scope *s, const AstDims *dims) {
    for (int k = 0; k < dims->n; k++) {
        const AstDim *dim = &dims->at[k];
        if (dim->star)
            check_star(s, dim->name, dim->span, false);
        else
            check_size(s, dim->range ? dim->range : dim->value);
        if (dim->range && !dim->star) scope_extent(s, dim->name, NAME_EXTENT, dim->span);
    }
}

void check_first_value(Scope *s, const AstExpr *e) {
    const unsigned words = s->words;
    if (is_truth(s->c->settings, e)) {
        source_error(e->span, "it begins with a number or an initializer, not with yes or no");
        return;
    }
    s->words = WORD_FAN;
    s->initializers = true;
    check_size(s, e);
    s->initializers = false;
    s->words = words;
}

void check_equation(Scope *s, const AstStmt *equation) {
    const int names = s->names.n;
    s->reads = true;
    bind_left(s, &equation->dims);
    s->whole = !equation->dims.n;
    check_expr(s, equation->value);
    s->reads = s->whole = false;
    scope_cut(s, names);
}
