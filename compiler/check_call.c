/* check_call: arguments against the definition that is called. Inputs first, then options in declared order, then by name. */
#include "check.h"
#include "words.h"
#include <string.h>

/* ---- words */

const char *did_you_mean(Arena *arena, const char *name, const Words *words) {
    return suggestion(arena, name, words->at, words->n);
}

bool is_word(const char *name, const char *const *words) {
    for (; *words; words++)
        if (!strcmp(*words, name)) return true;
    return false;
}

void add_definitions(const Checker *c, AstDefKind kind, Words *words) {
    for (int k = 0; k < c->file->defs.n; k++)
        if (c->file->defs.at[k]->kind == kind) list_push(c->arena, words, c->file->defs.at[k]->name);
}

const char *with_article(Arena *arena, AstDefKind kind) {
    const char *name = ast_def_kind_name(kind);
    return arena_printf(arena, "%s %s", strchr("aio", *name) ? "an" : "a", name);
}

bool check_other_word(const AstExpr *e, bool function) {
    static const char *const words[] = {"true", "false", "True", "False", NULL};
    const bool other = is_word(e->name, words);
    if (other)
        source_error(e->span, "'%s' is written '%s'", e->name, (*e->name | 32) == 't' ? "yes" : "no");
    else if (function)
        source_error(e->span, "'%s' is a function: %s(…)", e->name, e->name);
    return other || function;
}

/* ---- arguments */

bool check_count(const AstExpr *e, int expected) {
    for (int k = 0; k < e->args.n; k++)
        if (e->args.at[k].name) {
            source_error(e->args.at[k].name_span, "%s has no options", e->name);
            return false;
        }
    if (e->args.n == expected) return true;
    source_error(e->span, "%s takes %d argument%s, not %d", e->name, expected, plural((unsigned)expected), e->args.n);
    return false;
}

typedef struct Slots { /* what can be given: inputs (required), then options */
    const AstDef *def;
    int inputs, n;
    const AstExpr **given;
} Slots;

static const char *slot_name(const Slots *slots, int k) {
    return k < slots->inputs ? slots->def->inputs.at[k].name : slots->def->options.at[k - slots->inputs].name;
}

static bool slot_is_required(const Slots *slots, int k) {
    return k < slots->inputs || !slots->def->options.at[k - slots->inputs].value;
}

static int find_slot(const Slots *slots, const char *name) {
    for (int k = 0; k < slots->n; k++)
        if (!strcmp(slot_name(slots, k), name)) return k;
    return -1;
}

static void too_many(const Slots *slots, const AstArg *arg) {
    const char *name = slots->def->name, *kind = ast_def_kind_name(slots->def->kind);
    if (!slots->n && slots->def->kind == DEF_LAYER)
        source_error(arg->value->span, "%s has no options; sizes stand in brackets after a layer's name: %s h[…]", name, name);
    else if (!slots->n)
        source_error(arg->value->span, "the %s %s has no options", kind, name);
    else
        source_error(arg->value->span, "too many arguments: the %s %s takes %d at most", kind, name, slots->n);
}

static bool is_parameter(const AstDef *def, const char *name) {
    for (int k = 0; k < def->body.n; k++)
        if (def->body.at[k]->kind == AST_PARAM && !strcmp(def->body.at[k]->name, name)) return true;
    return false;
}

static void unknown_option(const Checker *c, const Slots *slots, const AstArg *arg) {
    Words words = {0};
    if (slots->def->kind == DEF_LAYER && is_parameter(slots->def, arg->name)) {
        source_error(arg->name_span, "'%s' is a parameter and stands in braces after the layer: %s … { %s = … }", arg->name,
                     slots->def->name, arg->name);
        return;
    }
    for (int k = 0; k < slots->n; k++) list_push(c->arena, &words, slot_name(slots, k));
    source_error(arg->name_span, "%s has no option '%s'%s", slots->def->name, arg->name,
                 did_you_mean(c->arena, arg->name, &words));
}

/* The slot that argument k is for, or -1 after an error. */
static int place_argument(const Checker *c, const Slots *slots, const AstExpr *call, int k) {
    const AstArg *arg = &call->args.at[k];
    const int slot = arg->name ? find_slot(slots, arg->name) : k;
    if (!arg->name && k > 0 && call->args.at[k - 1].name) {
        source_error(arg->value->span, "arguments without a name come before those with one");
        return -1;
    }
    if (slot >= slots->n) return too_many(slots, arg), -1;
    if (slot < 0) return unknown_option(c, slots, arg), -1;
    if (slots->given[slot]) {
        source_error(arg->name ? arg->name_span : arg->value->span, "'%s' is given twice", slot_name(slots, slot));
        return -1;
    }
    return slot;
}

static void check_missing(const Slots *slots, const AstExpr *call) {
    for (int k = 0; k < slots->n; k++)
        if (slot_is_required(slots, k) && !slots->given[k]) {
            source_error(call->span, "%s needs '%s': %s(%s%s…)", slots->def->name, slot_name(slots, k), slots->def->name,
                         k < slots->inputs ? "" : slot_name(slots, k), k < slots->inputs ? "" : " = ");
            return;
        }
}

/* An option takes what its default is: yes or no (which are 1 and 0), or a number. */
static bool check_option_kind(const Checker *c, const Slots *slots, int slot, const AstExpr *value) {
    const AstExpr *usual = slot < slots->inputs ? NULL : slots->def->options.at[slot - slots->inputs].value;
    if (!usual) return true;
    const bool truth = is_truth(c->settings, usual), given = is_truth(c->settings, value);
    if (given && !truth)
        source_error(value->span, "'%s' is a number, not yes or no", slot_name(slots, slot));
    else if (truth && value->kind == AST_NUMBER && value->number != 0 && value->number != 1)
        source_error(value->span, "'%s' is yes or no", slot_name(slots, slot));
    else
        return true;
    return false;
}

void check_arguments(const Checker *c, const AstExpr *call, const AstDef *def, bool options_only, ArgumentValue *value,
                     void *context) {
    Slots slots = {.def = def, .inputs = options_only ? 0 : def->inputs.n};
    slots.n = slots.inputs + def->options.n;
    slots.given = arena_many(c->arena, slots.n, const AstExpr *);
    const int before = c->messages->errors;
    for (int k = 0; k < call->args.n; k++) {
        const int slot = place_argument(c, &slots, call, k);
        if (slot < 0) continue;
        slots.given[slot] = call->args.at[k].value;
        if (check_option_kind(c, &slots, slot, call->args.at[k].value) && value)
            value(context, slot_name(&slots, slot), call->args.at[k].value);
    }
    if (c->messages->errors == before) check_missing(&slots, call);
}

bool check_parentheses(const AstExpr *call) {
    if (!ast_empty_parentheses(call)) return true;
    source_error(call->span, "empty parentheses: write %s", call->name);
    return false;
}

/* ---- references in settings: loss = mse, optimizer = adam(0.01), rate = cosine(0.1) */

const AstDef *check_reference(const Checker *c, const AstExpr *e, AstDefKind kind) {
    const char *what = ast_def_kind_name(kind);
    if (e->kind == AST_STRING && ast_find(c->file, kind, e->name)) {
        source_error(e->span, "%s is named without quotes: %s", what, e->name);
        return NULL;
    }
    if (e->kind != AST_NAME && e->kind != AST_CALL) {
        source_error(e->span, "expected %s", with_article(c->arena, kind));
        return NULL;
    }
    const AstDef *def = ast_find(c->file, kind, e->name);
    if (!def) {
        Words words = {0};
        add_definitions(c, kind, &words);
        source_error(e->name_span, "there is no %s '%s'%s", what, e->name, did_you_mean(c->arena, e->name, &words));
        return NULL;
    }
    return check_parentheses(e) ? def : NULL;
}
