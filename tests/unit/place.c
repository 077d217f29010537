/* place: random affine maps against a scatter done point by point; in one of six a subscript is data. Checked on every map: the
 * sums agree, nothing divides, every left-hand side without data is injective (the last two by the verifier).
 *
 * Varied: boxes of one to four indices of 1 to 5 points, targets of one to three dimensions, subscripts with up to three
 * factors of -3 to 4, windows, guards. Not varied: larger extents, which the scatter could not go through. */
#include "unit.h"

enum { MAPS = 24000, LONGEST = 5 };

typedef struct Map { /* target[g(i)] += source[i] * padded[h(i)] */
    Arena *arena;
    Program *p;
    Tensor *target, *source, *other, *places;
    Stmt s;
    int n;
} Map;

static const Span nowhere;

static Affine random_affine(int n, int terms) {
    Affine a = affine_const(unit_int(-2, 3));
    for (int k = 0; k < terms; k++) a = affine_add(a, affine_scale(affine_index(unit_int(0, n - 1)), unit_int(-3, 4)));
    return a;
}

/* A window: stride * p + dilation * k - padding. */
static Affine random_window(int n) {
    const Affine p = affine_scale(affine_index(unit_int(0, n - 1)), unit_int(1, 4));
    const Affine k = affine_scale(affine_index(unit_int(0, n - 1)), unit_int(1, 3));
    return affine_sub(affine_add(p, k), affine_const(unit_int(0, 2)));
}

static Affine random_subscript(int n) {
    switch (unit_int(0, 4)) {
    case 0: return affine_index(unit_int(0, n - 1));
    case 1: return random_affine(n, 1);
    case 2: return random_window(n);
    case 3: return random_affine(n, 2);
    default: return random_affine(n, 3);
    }
}

static void random_box(Map *m) {
    m->n = unit_int(1, 4);
    m->s.nout = m->n;
    for (int k = 0; k < m->n; k++) {
        const int lo = unit_int(0, 3) ? 0 : unit_int(-2, 2);
        m->s.ix[k] = (Index){NULL, lo, lo + unit_int(1, LONGEST), false};
    }
}

/* places[k] for some index */
static Sub random_place(Map *m, int extent) {
    const int k = unit_int(0, m->n - 1);
    const Sub at = {.a = affine_sub(affine_index(k), affine_const(m->s.ix[k].lo))};
    m->places->values_below = extent;
    return (Sub){.gather = expr_read(m->p, m->places, &at)};
}

/* Half of the maps are in range by the size of the target, the others by guards, as a padded read's are. */
static void random_target(Map *m) {
    const int rank = unit_int(1, 3), inside = unit_int(0, 1);
    Sub sub[3];
    int dim[3];
    for (int d = 0; d < rank; d++) {
        sub[d] = (Sub){.a = random_subscript(m->n)};
        int min, max;
        affine_range(sub[d].a, m->s.ix, &min, &max);
        if (inside) sub[d].a = affine_sub(sub[d].a, affine_const(min));
        dim[d] = inside ? max - min + 1 + unit_int(0, 2) : unit_int(1, 6);
        if (!inside) stmt_add_guard(m->arena, &m->s, (Guard){sub[d].a, 0, dim[d]});
    }
    const int data = unit_int(0, 5) ? -1 : unit_int(0, rank - 1);
    if (data >= 0) sub[data] = random_place(m, dim[data]);
    m->target = tensor_new(m->arena, "target", NULL, ROLE_GRADIENT, rank, dim, nowhere);
    m->s.to = m->target;
    m->s.lhs = subs_copy(m->arena, sub, rank);
}

static void random_guards(Map *m) {
    for (int k = unit_int(0, 2) ? 0 : unit_int(1, 2); k > 0; k--) {
        const int lo = unit_int(-3, 3);
        stmt_add_guard(m->arena, &m->s, (Guard){random_affine(m->n, unit_int(1, 3)), lo, lo + unit_int(1, 7)});
    }
}

/* source[i] by position in the box, times pad(other[h(i)], 2), times an index as a number now and then. */
static void random_value(Map *m) {
    Sub sub[4];
    int dim[4];
    for (int k = 0; k < m->n; k++) {
        dim[k] = m->s.ix[k].hi - m->s.ix[k].lo;
        sub[k] = (Sub){.a = affine_sub(affine_index(k), affine_const(m->s.ix[k].lo))};
    }
    m->source = tensor_new(m->arena, "source", NULL, ROLE_INPUT, m->n, dim, nowhere);
    m->s.e = expr_read(m->p, m->source, sub);
    const int size = unit_int(1, 6);
    m->other = tensor_new(m->arena, "other", NULL, ROLE_INPUT, 1, &size, nowhere);
    const Sub h = {.a = random_subscript(m->n)};
    if (unit_int(0, 1)) m->s.e = expr_2(m->p, OP_MUL, m->s.e, expr_read_padded(m->p, m->other, &h, 2));
    if (unit_int(0, 3) == 0) m->s.e = expr_2(m->p, OP_ADD, m->s.e, expr_val(m->p, random_affine(m->n, 2)));
}

static Map random_map(void) {
    Map m = {.arena = arena_new()};
    const int longest = LONGEST;
    m.p = program_new(m.arena, PROGRAM_OTHER, "place", 1);
    m.places = tensor_new(m.arena, "places", NULL, ROLE_INPUT, 1, &longest, nowhere);
    m.places->integer = true;
    m.places->values_below = 1;
    program_add_tensor(m.p, m.places);
    random_box(&m);
    random_target(&m);
    random_guards(&m);
    random_value(&m);
    program_add_tensor(m.p, m.source);
    program_add_tensor(m.p, m.other);
    program_add_tensor(m.p, m.target);
    list_push(m.arena, &m.p->roots, m.target);
    return m;
}

static int subscript(const Map *m, Memory *memory, int d, const int *at) {
    const Sub *sub = &m->s.lhs[d];
    if (!sub->gather) return affine_value(sub->a, at);
    return (int)memory_of(memory, m->places)[affine_value(sub->gather->read.sub[0].a, at)];
}

/* The contribution as it stands, with the left-hand side evaluated at each point. */
static void scatter(const Map *m, Memory *memory, double *to) {
    Program *p = program_new(m->arena, PROGRAM_OTHER, "point", 1);
    Tensor *value = tensor_new(m->arena, "value", NULL, ROLE_VALUE, 0, NULL, nowhere);
    program_add_tensor(p, value);
    Stmt *s = program_add_stmt(p, value, NULL);
    list_push(m->arena, &p->order, ((Item){.stmt = s}));
    int at[INDEX_MAX], odometer = 0;
    for (int k = 0; k < m->n; k++) at[k] = m->s.ix[k].lo;
    while (odometer >= 0) {
        if (guards_hold(&m->s, at)) {
            Affine fixed[32];
            for (int k = 0; k < 32; k++) fixed[k] = affine_const(k < m->n ? at[k] : 0);
            s->e = expr_substitute(m->p, m->s.e, fixed);
            program_interpret(p, memory, 1);
            int number = 0;
            for (int d = 0; d < m->target->rank; d++) number = number * m->target->dim[d] + subscript(m, memory, d, at);
            to[number] += *memory_of(memory, value);
        }
        for (odometer = m->n - 1; odometer >= 0 && ++at[odometer] == m->s.ix[odometer].hi; odometer--)
            at[odometer] = m->s.ix[odometer].lo;
    }
}

static void zero_fill(const Map *m) {
    Stmt *s = program_add_stmt(m->p, m->target, subs_identity(m->arena, m->target->rank));
    stmt_full_box(s);
    s->e = expr_num(m->p, 0);
}

static bool agrees(Map *m, bool plant_a_bug) {
    Memory memory = {.arena = m->arena};
    double *source = memory_of(&memory, m->source), *other = memory_of(&memory, m->other);
    for (long long k = 0; k < tensor_size(m->source); k++) source[k] = unit_int(-9, 9);
    for (long long k = 0; k < tensor_size(m->other); k++) other[k] = unit_int(-3, 3);
    for (int k = 0; m->places && k < LONGEST; k++) memory_of(&memory, m->places)[k] = unit_int(0, m->places->values_below - 1);
    const long long size = tensor_size(m->target);
    double *expected = arena_many(m->arena, size, double);
    scatter(m, &memory, expected);
    zero_fill(m);
    if (plant_a_bug) m->s.ix[0].hi++;
    place(m->p, &m->s);
    if (plant_a_bug) m->s.ix[0].hi--;
    if (!plant_a_bug) program_verify(m->p, "place");
    if (!program_order(m->p)) return false;
    program_interpret(m->p, &memory, 1);
    return memcmp(expected, memory_of(&memory, m->target), (size_t)size * sizeof *expected) == 0;
}

static void fuzz(void) {
    int wrong = 0, statements = 0;
    for (int k = 0; k < MAPS; k++) {
        unit_begin((uint64_t)k);
        Map m = random_map();
        const bool good = agrees(&m, false);
        statements += m.p->stmts.n;
        if (!good && !wrong++) {
            printf("# map %d\n", k);
            stmt_print(&m.s, stdout);
            program_print(m.p, stdout);
        }
        arena_free(m.arena);
    }
    ok(wrong == 0, "%d random maps, %d statements: %d wrong", MAPS, statements, wrong);
}

/* A box one larger must show (where it doesn't leave the source, whose reads are checked). */
static void test_of_the_test(void) {
    Map m = {.arena = arena_new(), .n = 1};
    const int four = 4, two = 2;
    m.p = program_new(m.arena, PROGRAM_OTHER, "planted", 1);
    m.target = tensor_new(m.arena, "target", NULL, ROLE_GRADIENT, 1, &four, nowhere);
    m.source = tensor_new(m.arena, "source", NULL, ROLE_INPUT, 1, &four, nowhere);
    m.other = tensor_new(m.arena, "other", NULL, ROLE_INPUT, 1, &two, nowhere);
    m.s.to = m.target;
    m.s.lhs = subs_identity(m.arena, 1);
    m.s.nout = 1;
    m.s.ix[0] = (Index){NULL, 0, 3, false};
    m.s.e = expr_2(m.p, OP_ADD, expr_read(m.p, m.source, m.s.lhs), expr_num(m.p, 100));
    program_add_tensor(m.p, m.source);
    program_add_tensor(m.p, m.other);
    program_add_tensor(m.p, m.target);
    ok(!agrees(&m, true), "a box that is one too large is noticed");
    arena_free(m.arena);
}

/* ir.md's examples: the number of statements that a placement makes. */
static int count_placed(int stride, int padding, int kernel, int size) {
    Arena *arena = arena_new();
    Program *p = program_new(arena, PROGRAM_OTHER, "conv", 1);
    const int out = (size + 2 * padding - kernel) / stride + 1;
    Tensor *x = tensor_new(arena, "d_x", NULL, ROLE_GRADIENT, 1, &size, nowhere);
    Tensor *z = tensor_new(arena, "d_z", NULL, ROLE_INPUT, 1, &out, nowhere);
    program_add_tensor(p, x);
    program_add_tensor(p, z);
    const Affine at = affine_sub(affine_add(affine_scale(affine_index(0), stride), affine_index(1)), affine_const(padding));
    Stmt s = {.to = x, .lhs = &(Sub){.a = at}, .nout = 2, .ix = {{"p", 0, out, false}, {"k", 0, kernel, false}}};
    stmt_add_guard(arena, &s, (Guard){at, 0, size});
    s.e = expr_read(p, z, &(Sub){.a = affine_index(0)});
    place(p, &s);
    const int n = p->stmts.n;
    for (int k = 0; k < n; k++) {
        printf("# ");
        stmt_print(p->stmts.at[k], stdout);
    }
    arena_free(arena);
    return n;
}

int main(void) {
    ok(count_placed(1, 1, 3, 8) == 1, "stride 1: one statement");
    ok(count_placed(2, 1, 3, 7) == 2, "stride 2: two residues");
    ok(count_placed(2, 0, 2, 8) == 1, "windows that don't overlap stay");
    fuzz();
    test_of_the_test();
    return unit_done();
}
