/* emit_show: `nnc show`: the layers and what becomes of them. */
#include "emit_library.h"
#include <string.h>

typedef struct Row {
    const char *cell[6];
} Row;
enum { COLUMNS = 6 };

typedef LIST(Row) Rows;

static const char *shape_text(Arena *arena, const Tensor *t) {
    const char *text = "[";
    for (int d = t->per_sample; d < t->rank; d++)
        text = arena_printf(arena, "%s%s%d", text, d > t->per_sample ? ", " : "", t->dim[d]);
    return arena_printf(arena, "%s]", text);
}

static int line_of(Span span) {
    return span.source ? span_line(span) : 0;
}

/* Multiply-adds of the forward statements that come from the layer's line. */
static long long layer_multiply_adds(const Plan *plan, const LayerInfo *layer) {
    const Program *p = plan->model->predict;
    long long n = 0;
    for (int k = 0; k < p->stmts.n; k++) {
        const Stmt *s = p->stmts.at[k];
        if (s->origin.source != layer->span.source || line_of(s->origin) != line_of(layer->span)) continue;
        if (s->reduce == REDUCE_SUM && s->e->op == OP_MUL) n += plan_stmt_points(s, false);
    }
    return n;
}

/* The nest of the layer's line that has the most to do. */
static void find_nest(const Steps *steps, const LayerInfo *layer, const Nest **found, long long *points) {
    for (int k = 0; k < steps->n; k++) {
        const Step *step = steps->at[k];
        find_nest(&step->steps, layer, found, points);
        for (int j = 0; j < step->nest.stmts.n; j++) {
            const Stmt *s = step->nest.stmts.at[j]->s;
            if (line_of(s->origin) != line_of(layer->span) || plan_stmt_points(s, false) <= *points) continue;
            *points = plan_stmt_points(s, false);
            *found = &step->nest;
        }
    }
}

static const char *loop_name(const Nest *nest, int loop) {
    const PlanStmt *s = nest->stmts.at[0];
    return loop == nest->batch ? "samples" : s->s->ix[plan_loop_index(s, loop)].name;
}

/* "4 x 16 o, 6 samples" */
static const char *tile_text(Arena *arena, const Nest *nest) {
    const Tile *t = &nest->tile;
    const char *text = arena_printf(arena, t->loop < 0 ? "vectors: sums in %d lanes" : "vectors: ", t->lanes);
    if (t->loop >= 0 && t->vectors > 1) text = arena_printf(arena, "%s%d x ", text, t->vectors);
    if (t->loop >= 0) text = arena_printf(arena, "%s%d %s", text, t->lanes, loop_name(nest, t->loop));
    for (int k = 0; k < TILE_ROWS; k++)
        if (t->rows[k].loop >= 0) text = arena_printf(arena, "%s, %d %s", text, t->rows[k].n, loop_name(nest, t->rows[k].loop));
    return text;
}

/* How a layer is computed: in the training step if there is one. */
static const char *schedule_text(const Plan *plan, const LayerInfo *layer) {
    const Nest *nest = NULL;
    long long points = -1;
    if (plan->unrolled) return "unrolled";
    find_nest(plan->train ? &plan->train->steps : &plan->predict->steps, layer, &nest, &points);
    if (nest && nest->tile.on) return tile_text(plan->arena, nest);
    return nest && nest->row ? "loops, rows of outputs" : "loops";
}

static Row layer_row(const Plan *plan, const LayerInfo *l) {
    const Model *m = plan->model;
    Arena *arena = plan->arena;
    long long params = 0;
    const long long adds = layer_multiply_adds(plan, l);
    for (int k = l->first_param; k < l->first_param + l->params; k++) params += tensor_size(m->params.at[k]);
    return (Row){{l->name, l->activation ? arena_printf(arena, "%s %s", l->kind, l->activation) : l->kind,
                  shape_text(arena, l->output), arena_printf(arena, "%lld", params), arena_printf(arena, "%lld", adds),
                  schedule_text(plan, l)}};
}

static void put_rows(const Rows *rows, FILE *to) {
    int width[COLUMNS] = {0};
    for (int r = 0; r < rows->n; r++)
        for (int c = 0; c < COLUMNS; c++) {
            const int n = (int)strlen(rows->at[r].cell[c]);
            if (n > width[c]) width[c] = n;
        }
    for (int r = 0; r < rows->n; r++) {
        const char *const *cell = rows->at[r].cell;
        fprintf(to, "%-*s  %-*s  %-*s  %*s  %*s  %s\n", width[0], cell[0], width[1], cell[1], width[2], cell[2], width[3],
                cell[3], width[4], cell[4], cell[5]);
    }
}

/* ---- sizes */

static long long numbers_of(const Tensors *t) {
    long long n = 0;
    for (int k = 0; k < t->n; k++) n += tensor_size(t->at[k]);
    return n;
}

/* Measured with gcc 12 -O2 on 140 networks in all forms: 1.2 to 3 bytes, 60 to 150 microseconds a token, by machine and form.
 */
static const double token_bytes = 2.1, token_seconds = 80e-6, start_seconds = 0.05;

static long long code_bytes(long long tokens) {
    return (long long)(token_bytes * (double)tokens);
}

static void put_sizes(const Plan *plan, FILE *to) {
    const Model *m = plan->model;
    const long long real = plan_real_bytes(plan);
    const Sizes s = emit_sizes(plan);
    const long long code = code_bytes(s.predict_tokens);
    const char *range = plan->unrolled ? "half to 4 times so many" : "half to 1.5 times so many";
    fprintf(to, "RAM, training       %lld bytes, the size of the struct (parameters %lld, optimizer %lld, workspace %lld)\n",
            s.whole, s.kept, s.optimizer, s.work);
    if (s.lean < s.whole)
        fprintf(to, "                    %lld bytes without %s_gradient (emit --no-gradient)\n", s.lean, plan->name);
    fprintf(to, "RAM, prediction     %lld bytes with parameters in flash (workspace %lld, input and output %lld)\n",
            s.predict_work + real * (m->inputs + m->outputs), s.predict_work, real * (m->inputs + m->outputs));
    fprintf(to, "flash, training     about %lld bytes of code, %s\n", code_bytes(s.tokens), range);
    fprintf(to, "flash, prediction   about %lld bytes (numbers %lld, code %lld, %s)\n", s.kept + code, s.kept, code, range);
    fprintf(to, "compile time        about %.1f s (cc -O2), half to twice as long by machine\n",
            start_seconds + token_seconds * (double)s.tokens);
}

void show_model(const Plan *plan, FILE *to) {
    const Model *m = plan->model;
    Rows rows = {0};
    list_push(plan->arena, &rows, ((Row){{"layer", "kind", "output", "parameters", "multiply-adds", "schedule"}}));
    for (int k = 0; k < m->layers.n; k++) list_push(plan->arena, &rows, layer_row(plan, &m->layers.at[k]));
    put_rows(&rows, to);
    fprintf(to, "\nparameters          %lld\nmultiply-adds       %lld for each sample forward\n", numbers_of(&m->params),
            plan->multiply_adds);
    fprintf(to, "form                %s, %s%s\n", plan->unrolled ? "straight-line code" : "loops", real_type(plan),
            plan->options.exact ? ", exact" : "");
    put_sizes(plan, to);
}
