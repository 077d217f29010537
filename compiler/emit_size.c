/* emit_size: how large what is emitted is. The library is written into memory and measured: what it keeps is counted as a C
 * compiler lays it out; code and compile time are estimated from the number of words and operators in the functions' text. */
#include "emit_library.h"
#include "output.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static long long put_tensors(Layout *l, const Tensors *tensors) {
    const long long before = l->size;
    for (int k = 0; k < tensors->n; k++) layout_put_home(l, home_find(&l->plan->fields, tensors->at[k]));
    return l->size - before;
}

/* sizeof the struct, after what is kept: the workspace is that of the program that needs most. */
static long long with_workspace(const Plan *plan, Layout l, const ProgramPlan *without, long long *most) {
    const ProgramPlans programs = plan_programs(plan);
    long long align = 1;
    *most = 0;
    for (int k = 0; k < programs.n; k++) {
        if (programs.at[k] == without) continue;
        const Layout work = layout_work(plan, programs.at[k]);
        if (layout_size(&work) > *most) *most = layout_size(&work);
        if (work.align > align) align = work.align;
    }
    layout_gap(&l, *most);
    layout_put(&l, *most, align);
    return layout_size(&l);
}

static void measure_struct(const Plan *plan, Sizes *sizes) {
    const Model *m = plan->model;
    Layout l = layout_new(plan);
    long long lean_work;
    sizes->kept = put_tensors(&l, &m->params) + put_tensors(&l, &m->states);
    sizes->optimizer = put_tensors(&l, &m->optimizer) + put_tensors(&l, &m->rates);
    layout_put(&l, 16, 8); /* seed and step */
    if (plan->block) put_tensors(&l, &plan->block->passed);
    sizes->whole = with_workspace(plan, l, NULL, &sizes->work);
    sizes->lean = with_workspace(plan, l, plan->gradient, &lean_work);
    const Layout predict = layout_work(plan, plan->predict);
    sizes->predict_work = layout_size(&predict);
}

/* ---- text: words, numbers and operators, without comments */

static const char *past_comment(const char *c) {
    const char *end = strstr(c, "*/");
    return end ? end + 2 : c + strlen(c);
}

static long long count_tokens(const char *c, const char *end) {
    long long n = 0;
    while (c < end) {
        if (c[0] == '/' && c[1] == '*') {
            c = past_comment(c);
        } else if (isalnum((unsigned char)*c) || *c == '_') {
            while (isalnum((unsigned char)*c) || *c == '_') c++;
            n++;
        } else if (strchr("-+*/<>=?&|", *c)) {
            while (*c && strchr("-+*/<>=?&|", *c)) c++;
            n++;
        } else {
            c++;
        }
    }
    return n;
}

/* Is the function whose head begins here NAME_predict or a part of it, a helper, or one of the first `kernels` nests in
 * vectors? */
static bool is_for_prediction(const Plan *plan, const char *head, size_t n, int kernels) {
    const char *name = arena_text(plan->arena, head, n), *own = arena_printf(plan->arena, "%s_", plan->name);
    const char *tile_name = arena_printf(plan->arena, "%stile", own), *tile = strstr(name, tile_name);
    if (tile) return atoi(tile + strlen(tile_name)) <= kernels;
    return !strstr(name, own) || strstr(name, arena_printf(plan->arena, "%spredict", own));
}

/* A function's head stands at the line's beginning and ends with ") {", its end is a line "}". */
static void measure_text(const Plan *plan, const char *text, int kernels, Sizes *sizes) {
    for (const char *line = text; *line;) {
        const size_t n = strcspn(line, "\n");
        const char *body = line + n;
        if (isalpha((unsigned char)*line) && n > 3 && !strncmp(body - 3, ") {", 3)) {
            const char *end = strstr(body, "\n}");
            const long long tokens = count_tokens(body, end ? end : body + strlen(body));
            sizes->tokens += tokens;
            if (is_for_prediction(plan, line, n, kernels)) sizes->predict_tokens += tokens;
        }
        line = *body ? body + 1 : body;
    }
}

Sizes emit_sizes(const Plan *plan) {
    Sizes sizes = {0};
    MemoryFile c, h;
    memory_file_open(&c);
    memory_file_open(&h);
    const int kernels = emit_library(plan, "", c.to, h.to); /* which also finds out what is used */
    memory_file_close(&c, plan->arena);
    memory_file_close(&h, plan->arena);
    measure_struct(plan, &sizes);
    measure_text(plan, c.text, kernels, &sizes);
    return sizes;
}
