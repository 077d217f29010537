/* emit_units: the functions that generated code calls: <math.h>, helpers of a few lines, and the units of runtime/model, which
 * are spliced in with what they need. */
#include "embedded.h"
#include "emit_vector.h"
#include <string.h>

typedef struct CFunction {
    const char *math, *helper, *exact;
} CFunction;

static const CFunction c_function[OP_COUNT] = {
#define C_FUNCTION(id, math, helper, exact) [OP_##id] = {math, helper, exact},
#include "c_ops.def"
};

static const struct {
    const char *name, *text;
} helpers[] = {
#define C_HELPER(name, text) {name, text},
#include "c_ops.def"
};
enum { HELPERS = sizeof helpers / sizeof *helpers };

static const char *const suffix_f[] = {"f", ""};

const char *helper_call(UnitSet *units, const char *name) {
    for (int k = 0; k < HELPERS; k++) {
        if (strcmp(helpers[k].name, name) != 0) continue;
        units->helpers |= 1U << k;
        return name;
    }
    bug("there is no helper %s", name);
}

const char *embedded_text(const Plan *plan, const char *name) {
    return embedded_find(arena_printf(plan->arena, "runtime/model/%s.c", name))->text;
}

bool unit_is_needed(const UnitSet *units, const char *name) {
    for (int k = 0; k < units->names.n; k++)
        if (strcmp(units->names.at[k], name) == 0) return true;
    return false;
}

/* Adds a unit after those that its first line names. */
void unit_need(UnitSet *units, const Plan *plan, const char *name) {
    static const char mark[] = "/* needs:";
    if (unit_is_needed(units, name)) return;
    const char *text = embedded_text(plan, name);
    if (strncmp(text, mark, strlen(mark)) == 0) {
        for (const char *c = text + strlen(mark); *c != '*';) {
            while (*c == ' ' || *c == ',') c++;
            const size_t n = strcspn(c, " ,*");
            if (n) unit_need(units, plan, arena_text(plan->arena, c, n));
            c += n;
        }
    }
    list_push(plan->arena, &units->names, name);
}

bool op_is_function(Op op) {
    return c_function[op].exact != NULL;
}

const char *op_call(UnitSet *units, const Plan *plan, Op op) {
    if (op == OP_COUNT) bug("a helper calls an operation that there is not");
    const CFunction *f = &c_function[op];
    const char *suffix = suffix_f[plan->options.f64];
    if (plan->options.exact && *f->exact) {
        const char *unit = arena_printf(plan->arena, "%s%s", f->exact, suffix);
        unit_need(units, plan, unit);
        return unit;
    }
    if (*f->helper) return helper_call(units, f->helper);
    return arena_printf(plan->arena, "%s%s", f->math, suffix);
}

/* @exp( becomes the function for exp, fmod$F( the library's fmod or fmodf. */
static char *helper_text(UnitSet *units, const Plan *plan, const char *text) {
    char *done = "";
    for (const char *c = text; *c;) {
        const size_t n = strcspn(c, "@$");
        done = arena_printf(plan->arena, "%s%.*s", done, (int)n, c);
        c += n;
        if (*c == '@') {
            const size_t length = strcspn(++c, "(");
            done = arena_printf(plan->arena, "%s%s", done, op_call(units, plan, op_named(arena_text(plan->arena, c, length))));
            c += length;
        } else if (*c == '$') {
            done = arena_printf(plan->arena, "%s%s", done, c[1] == 'R' ? real_type(plan) : plan->options.f64 ? "" : "f");
            c += 2;
        }
    }
    return done;
}

/* The unit's text without its first line, if that only names what it needs. */
static void put_unit(Writer *w, const char *name) {
    const char *text = embedded_text(w->plan, name);
    if (strncmp(text, "/* needs:", 9) == 0) text += strcspn(text, "\n") + 1;
    put(w, "\n%s", "");
    insert(w, text);
}

/* Helpers first ask for the units that they call, then everything is put out, units first. */
void units_put(Writer *w, UnitSet *units) {
    const char *text[HELPERS] = {NULL};
    for (int k = 0; k < HELPERS; k++)
        if (units->helpers >> k & 1) text[k] = helper_text(units, w->plan, helpers[k].text);
    for (int k = 0; k < units->names.n; k++)
        if (strcmp(units->names.at[k], "exact") != 0) put_unit(w, units->names.at[k]);
    for (int k = 0; k < HELPERS; k++) {
        if (!text[k]) continue;
        insert(w, "\n");
        insert(w, text[k]);
    }
    vectors_put(w, units);
}

/* exp, expf */
static bool is_op_function(const char *name) {
    for (int op = 0; op < OP_COUNT; op++) {
        const char *math = c_function[op].math;
        const size_t n = math ? strlen(math) : 0;
        if (n && !strncmp(name, math, n) && (!name[n] || !strcmp(name + n, "f"))) return true;
    }
    return false;
}

bool name_is_runtime(const char *name) {
    static const char *const starts[] = {"exact_", "random_", "orthogonal_"};
    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++)
        if (strncmp(name, starts[k], strlen(starts[k])) == 0) return true;
    return false;
}

bool name_is_called(const char *name) {
    for (int k = 0; k < HELPERS; k++)
        if (strcmp(helpers[k].name, name) == 0) return true;
    return name_is_runtime(name) || is_op_function(name);
}
