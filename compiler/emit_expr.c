/* emit_expr: expressions as C, at a cursor: each index is a known number (unrolled code) or a loop's variable, and everything
 * that is known is worked out. */
#include "emit_vector.h"
#include <math.h>
#include <string.h>

#define C_INFIX(id, sign, precedence) [OP_##id] = {sign, precedence},
const CInfix c_infix[OP_COUNT] = {
#include "c_ops.def"
};

/* ---- kinds of values */

typedef enum Kind { KIND_REAL, KIND_INT, KIND_TRUTH } Kind;

static Kind kind_of(const Emit *e, const Expr *x) {
    const Home *h;
    switch (x->op) {
    case OP_VAL: return KIND_INT;
    case OP_READ:
        h = plan_home(e->p, x->read.tensor);
        return h->tensor->integer && (h->kind != HOME_INPUT || h->loaded) ? KIND_INT : KIND_REAL;
    default: return op_info[x->op].kind == TRUTH ? KIND_TRUTH : KIND_REAL;
    }
}

static bool is_whole(double v) {
    return fabs(v) < 1 << 24 && v == floor(v);
}

static bool may_be_int(const Emit *e, const Expr *x) {
    return x->op == OP_NUM ? is_whole(x->num) : kind_of(e, x) == KIND_INT;
}

/* A value that is known here without rounding: whole numbers, and what they compare to. */
bool known_value(const Cursor *c, const Expr *x, double *value) {
    int v;
    double a[3] = {0, 0, 0};
    if (x->op == OP_NUM) return *value = x->num, is_whole(x->num);
    if (x->op == OP_VAL) return affine_known(c, &x->affine, &v) && (*value = v, true);
    if (x->op == OP_READ || x->op == OP_RANDOM || op_info[x->op].nargs == 0) return false;
    if (x->op == OP_SELECT) return known_value(c, x->arg[0], a) && known_value(c, x->arg[a[0] != 0 ? 1 : 2], value);
    for (int k = 0; k < x->nargs; k++)
        if (!known_value(c, x->arg[k], &a[k])) return false;
    if (op_info[x->op].kind == COSTLY) return false;
    *value = op_info[x->op].value(a[0], a[1], a[2]);
    return is_whole(*value);
}

const char *number_text(Emit *e, double v) {
    return real_literal(e->arena, v, e->plan->options.f64);
}

static void put_number(Emit *e, double v, int precedence) {
    const bool paren = (v < 0 || (v == 0 && signbit(v))) && precedence > PREC_UNARY;
    put(e->w, paren ? "(%s)" : "%s", number_text(e, v));
}

const char *sum_start(const Emit *e) {
    return number_text((Emit *)e, e->plan->options.exact ? -0.0 : 0.0);
}

/* ---- reads */

static void put_scalar(Emit *e, const Tensor *t, int precedence) {
    const char *real = real_type(e->plan);
    const bool paren = precedence > PREC_UNARY;
    if (paren) put(e->w, "(");
    if (strcmp(t->name, "n") == 0 && e->p->program->batch == 1) {
        put(e->w, "%s", number_text(e, 1));
    } else if (strcmp(t->name, "n") == 0) {
        e->uses.count = true;
        put(e->w, "(%s)%s", real, e->count);
    } else if (strcmp(t->name, "step") == 0) {
        e->uses.step = e->uses.net = true;
        put(e->w, e->form == FORM_GRADIENT ? "(%s)(%s->step + 1)" : "(%s)%s->step", real, e->net);
    } else if (strcmp(t->name, "validation_loss") == 0) {
        put(e->w, "%s", local_name(e->plan, t->name));
    } else {
        put(e->w, "(%s)%s", real, local_name(e->plan, t->name));
    }
    if (paren) put(e->w, ")");
}

/* The index values of an inlined statement, given the subscripts with which its value is read. */
Cursor cursor_inside(const Cursor *c, const PlanStmt *by, const Sub *sub) {
    Cursor inner = {.s = by, .ix = by->s->ix, .to = by->s->to, .at = by->s->lhs};
    for (int d = 0; d < by->s->to->rank; d++) {
        int k;
        if (!affine_is_index(by->s->lhs[d].a, &k)) bug("%s cannot be printed in place", by->s->to->name);
        inner.known[k] = affine_known(c, &sub[d].a, &inner.value[k]);
        if (!inner.known[k]) inner.name[k] = c->name[sub[d].a.t[0].index];
        if (c->lanes && affine_coef(sub[d].a, c->lane)) inner.lane = k, inner.lanes = c->lanes;
    }
    if (by->lanes && by->lane >= by->s->nout) inner.lane = by->lane, inner.lanes = by->lanes;
    return inner;
}

static double constant_element(const Cursor *c, const Home *h, const Sub *sub) {
    return h->tensor->values[element_number(c, h, sub)];
}

static bool subs_known(const Cursor *c, const Tensor *t, const Sub *sub) {
    int v;
    for (int d = 0; d < t->rank; d++)
        if (sub[d].gather || !affine_known(c, &sub[d].a, &v)) return false;
    return true;
}

static bool is_literal(const Cursor *c, const Home *h, const Sub *sub) {
    for (int d = 0; c->lanes && d < h->tensor->rank; d++)
        if (sub_indices(&sub[d]) >> c->lane & 1) return false;
    return h->kind == HOME_NUMBERS && subs_known(c, h->tensor, sub);
}

typedef enum Place { OUTSIDE, UNKNOWN, INSIDE } Place;

/* Of the element that is read, as far as its subscripts tell; those that are read themselves are inside. */
static Place place_of(const Cursor *c, const Expr *x) {
    Place place = INSIDE;
    for (int d = 0; d < x->read.tensor->rank; d++) {
        const int extent = x->read.tensor->dim[d];
        int min, max;
        if (x->read.sub[d].gather) continue;
        affine_bounds(c, x->read.sub[d].a, &min, &max);
        if (max < 0 || min >= extent) return OUTSIDE;
        if (min < 0 || max >= extent) place = UNKNOWN;
    }
    return place;
}

bool read_is_inside(const Cursor *c, const Expr *x) {
    return !x->padded || place_of(c, x) == INSIDE;
}

static void put_plain_read(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const Home *h = plan_home(e->p, x->read.tensor);
    if (h->kind == HOME_SCALAR) {
        put_scalar(e, h->tensor, precedence);
    } else if (h->kind == HOME_INLINE) {
        const Cursor inner = cursor_inside(c, h->by, x->read.sub);
        put_stmt_value(e, &inner, precedence);
    } else if (is_literal(c, h, x->read.sub)) {
        put_number(e, constant_element(c, h, x->read.sub), precedence);
    } else {
        if (e->counting && h->reads) h->reads[element_number(c, h, x->read.sub)]++;
        put_memory(e, c, h, x->read.sub);
    }
}

static void put_read(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const Place place = x->padded ? place_of(c, x) : INSIDE;
    if (place == INSIDE) {
        put_plain_read(e, c, x, precedence);
        return;
    }
    if (place == OUTSIDE) {
        put_number(e, x->pad, precedence);
        return;
    }
    int tests = 0;
    if (precedence > PREC_COND) put(e->w, "(");
    for (int d = 0; d < x->read.tensor->rank; d++)
        if (!x->read.sub[d].gather) tests += put_range_test(e, c, x->read.sub[d].a, 0, x->read.tensor->dim[d], tests == 0);
    put(e->w, " ? ");
    choice_open(e, true);
    put_plain_read(e, c, x, PREC_COND + 1);
    choice_close(e, true);
    put(e->w, " : %s", number_text(e, x->pad));
    if (precedence > PREC_COND) put(e->w, ")");
}

void put_int(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    if (x->op == OP_NUM)
        put(e->w, "%d", (int)x->num);
    else if (x->op == OP_VAL)
        put_affine(e, c, x->affine, precedence);
    else
        put_read(e, c, x, precedence);
}

/* ---- conditions */

static void put_operand(Emit *e, const Cursor *c, const Expr *x, bool whole, int precedence) {
    if (whole)
        put_int(e, c, x, precedence);
    else
        put_real(e, c, x, precedence);
}

/* a < b; with a number on the left it reads better as b > a. */
static void put_comparison(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const bool flipped = x->arg[0]->op == OP_NUM && x->op != OP_EQ;
    const Expr *a = x->arg[flipped], *b = x->arg[!flipped];
    const char *sign = !flipped ? c_infix[x->op].sign : x->op == OP_LT ? ">" : ">=";
    const int own = c_infix[x->op].precedence;
    const bool whole = may_be_int(e, a) && may_be_int(e, b), paren = precedence > own;
    if (paren) put(e->w, "(");
    put_operand(e, c, a, whole, own + 1);
    put(e->w, " %s ", sign);
    put_operand(e, c, b, whole, own + 1);
    if (paren) put(e->w, ")");
}

void put_truth(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    double known;
    if (known_value(c, x, &known)) {
        put(e->w, "%d", known != 0);
    } else if (x->op == OP_LT || x->op == OP_LE || x->op == OP_EQ) {
        put_comparison(e, c, x, precedence);
    } else if (x->op == OP_AND || x->op == OP_OR) {
        const bool paren = precedence > PREC_OR;
        if (paren) put(e->w, "(");
        put_truth(e, c, x->arg[0], PREC_EQ);
        put(e->w, " %s ", c_infix[x->op].sign);
        choice_open(e, false);
        put_truth(e, c, x->arg[1], PREC_EQ);
        choice_close(e, false);
        if (paren) put(e->w, ")");
    } else if (x->op == OP_NOT) {
        put(e->w, "!");
        put_truth(e, c, x->arg[0], PREC_TOP);
    } else {
        const bool paren = precedence > PREC_EQ;
        put(e->w, paren ? "(" : "");
        put_real(e, c, x, PREC_EQ + 1);
        put(e->w, " != %s%s", number_text(e, 0), paren ? ")" : "");
    }
}

/* ---- operations */

static void put_select(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    double known;
    if (known_value(c, x->arg[0], &known)) {
        put_real(e, c, x->arg[known != 0 ? 1 : 2], precedence);
        return;
    }
    const bool paren = precedence > PREC_COND;
    if (paren) put(e->w, "(");
    put_truth(e, c, x->arg[0], PREC_COND + 1);
    choice_open(e, false);
    put(e->w, " ? ");
    put_real(e, c, x->arg[1], PREC_COND + 1);
    put(e->w, " : ");
    put_real(e, c, x->arg[2], PREC_COND);
    choice_close(e, false);
    if (paren) put(e->w, ")");
}

/* Would the text begin with a minus sign that can be joined with a plus before it? Then *positive is the rest. */
static bool is_negative(Emit *e, const Cursor *c, const Expr *x) {
    if (x->op == OP_NUM) return x->num < 0;
    if (x->op == OP_NEG) return true;
    if (x->op == OP_MUL) return is_negative(e, c, x->arg[0]);
    if (x->op != OP_READ || x->padded) return false;
    const Home *h = plan_home(e->p, x->read.tensor);
    return is_literal(c, h, x->read.sub) && constant_element(c, h, x->read.sub) < 0;
}

/* -x, for an x that is negative: exact. */
static void put_negated(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    if (x->op == OP_NEG) {
        put_real(e, c, x->arg[0], precedence);
    } else if (x->op == OP_MUL) {
        const bool rounded = e->plan->options.exact && !e->in_product, paren = precedence > PREC_MUL && !rounded;
        put(e->w, rounded ? "ROUNDED(" : paren ? "(" : "");
        e->in_product = e->in_product || rounded;
        put_negated(e, c, x->arg[0], PREC_MUL);
        put(e->w, " * ");
        put_real(e, c, x->arg[1], PREC_MUL + 1);
        if (rounded) e->in_product = false;
        put(e->w, rounded || paren ? ")" : "");
    } else if (x->op == OP_NUM) {
        put_number(e, -x->num, precedence);
    } else {
        put_number(e, -constant_element(c, plan_home(e->p, x->read.tensor), x->read.sub), precedence);
    }
}

bool put_signed(Emit *e, const Cursor *c, const Expr *x) {
    const bool minus = is_negative(e, c, x);
    if (minus)
        put_negated(e, c, x, PREC_ADD + 1);
    else
        put_real(e, c, x, 0);
    return minus;
}

/* ... + x or ... - x */
void put_added(Emit *e, const Cursor *c, const Expr *x) {
    const bool minus = is_negative(e, c, x);
    put(e->w, minus ? " - " : " + ");
    if (minus)
        put_negated(e, c, x, PREC_ADD + 1);
    else
        put_real(e, c, x, PREC_ADD + 1);
}

static void put_infix(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    if (put_in_turn(e, c, x, precedence)) return;
    const int own = c_infix[x->op].precedence;
    const bool was = e->in_product, rounded = x->op == OP_MUL && e->plan->options.exact && !was;
    const bool paren = own < precedence && !rounded;
    put(e->w, rounded ? "ROUNDED(" : paren ? "(" : "");
    e->in_product = x->op == OP_MUL && e->plan->options.exact;
    put_real(e, c, x->arg[0], own);
    if (x->op == OP_ADD) {
        put_added(e, c, x->arg[1]);
    } else {
        put(e->w, " %s ", c_infix[x->op].sign);
        put_real(e, c, x->arg[1], own + 1);
    }
    e->in_product = was;
    put(e->w, rounded || paren ? ")" : "");
}

/* Of what was worked out -1 * x with --exact: flags that pragmas take back from operations stay on clang's minus (exact.c). */
static void put_negation(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const bool times = e->plan->options.exact && x->arg[0]->op != OP_READ, paren = precedence > (times ? PREC_MUL : PREC_UNARY);
    put(e->w, paren ? "(%s" : "%s", times ? "-1 * " : "-");
    put_real(e, c, x->arg[0], times ? PREC_MUL + 1 : PREC_TOP);
    if (paren) put(e->w, ")");
}

static void put_call(Emit *e, const Cursor *c, const Expr *x) {
    const bool was = e->in_product;
    e->in_product = false;
    const char *one = calls_vectors(e) ? vector_one(e->units, e->plan, x->op) : NULL;
    put(e->w, "%s(", one ? one : op_call(e->units, e->plan, x->op));
    for (int k = 0; k < x->nargs; k++) {
        if (k) put(e->w, ", ");
        put_real(e, c, x->arg[k], 0);
    }
    put(e->w, ")");
    e->in_product = was;
}

/* Printing it twice costs nothing and reads well. */
static bool is_atom(Emit *e, const Expr *x) {
    if (x->op == OP_NUM) return true;
    return x->op == OP_READ && !x->padded && plan_home(e->p, x->read.tensor)->kind != HOME_INLINE;
}

/* max(number, x) = x <= number ? number : x, and max(x, number) = x < number ? number : x: a nan comes through. */
static bool put_extreme(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    const int number = x->arg[0]->op == OP_NUM ? 0 : 1;
    const Expr *limit = x->arg[number], *other = x->arg[1 - number];
    if (limit->op != OP_NUM || !is_atom(e, other)) return false;
    const bool paren = precedence > PREC_COND;
    const char *sign = x->op == OP_MAX ? "<" : ">";
    put(e->w, paren ? "(" : "");
    put_real(e, c, other, PREC_LT + 1);
    put(e->w, " %s%s ", sign, number == 0 ? "=" : "");
    put_real(e, c, limit, PREC_LT + 1);
    put(e->w, " ? %s : ", number_text(e, limit->num));
    put_real(e, c, other, PREC_COND);
    put(e->w, paren ? ")" : "");
    return true;
}

/* The element's row-major number, the sample first. */
static void put_random(Emit *e, const Cursor *c, const Expr *x) {
    const Tensor *to = c->to;
    const char *unit = e->plan->options.f64 ? "random_double" : "random_float";
    const int batch = to->per_sample;
    const long long size = tensor_size(to) / (batch ? to->dim[0] : 1);
    unit_need(e->units, e->plan, unit);
    put(e->w, "%s(%s, ", unit, need_key(e, (int)x->num));
    put_sample_number(e, batch, size);
    put(e->w, "(uint64_t)");
    if (e->p->tiled)
        put_affine(e, c, subs_number(c->at, to->dim, to->rank), PREC_TOP);
    else
        put_affine(e, c, subs_number(c->at + batch, to->dim + batch, to->rank - batch), PREC_TOP);
    put(e->w, ")");
}

/* ---- real numbers */

static void put_real_kind(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    switch (x->op) {
    case OP_NUM: put_number(e, x->num, precedence); return;
    case OP_READ: put_read(e, c, x, precedence); return;
    case OP_RANDOM: put_random(e, c, x); return;
    case OP_SELECT: put_select(e, c, x, precedence); return;
    case OP_NEG: put_negation(e, c, x, precedence); return;
    case OP_STOP: put_real(e, c, x->arg[0], precedence); return;
    case OP_MIN:
    case OP_MAX:
        if (!put_extreme(e, c, x, precedence)) put_call(e, c, x);
        return;
    default: break;
    }
    if (op_is_function(x->op))
        put_call(e, c, x);
    else
        put_infix(e, c, x, precedence);
}

void put_real(Emit *e, const Cursor *c, const Expr *x, int precedence) {
    double known;
    if (put_in_lanes(e, c, x)) return;
    const Kind kind = kind_of(e, x);
    const bool paren = precedence > PREC_UNARY;
    if (x->op != OP_NUM && known_value(c, x, &known)) {
        put_number(e, known, precedence);
    } else if (kind == KIND_INT) {
        put(e->w, "%s(%s)", paren ? "(" : "", real_type(e->plan));
        put_int(e, c, x, PREC_TOP);
        put(e->w, paren ? ")" : "");
    } else if (kind == KIND_TRUTH) {
        put(e->w, precedence > PREC_COND ? "(" : "");
        put_truth(e, c, x, PREC_COND + 1);
        put(e->w, " ? %s : %s%s", number_text(e, 1), number_text(e, 0), precedence > PREC_COND ? ")" : "");
    } else {
        put_real_kind(e, c, x, precedence);
    }
}
