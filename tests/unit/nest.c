/* nest: what nest_verify refuses: a loop by hand with one thing wrong with it. */
#include "nest.h"
#include "read.h"
#include <sys/wait.h>
#include <unistd.h>

typedef struct Example { /* for i from 0 to 4 { where 0 <= i < 4 { y[i] = x[i] } } */
    Program *p;
    NestProgram nest;
    Node *loop, *test, *set;
    Sub *to, *from;
} Example;

static Node *add_node(Arena *arena, Nodes *to, NodeKind kind) {
    Node *n = arena_one(arena, Node);
    n->kind = kind;
    list_push(arena, to, n);
    return n;
}

static void add_bounds(Arena *arena, Node *loop, int lo, int hi) {
    list_push(arena, &loop->from, ((Bound){affine_const(lo), 1}));
    list_push(arena, &loop->to, ((Bound){affine_const(hi), 1}));
}

static Example *example_new(Arena *arena) {
    Example *e = arena_one(arena, Example);
    e->p = read_program(arena, "program p -> y\ninput x[4]\nvalue y[4]\ny[i] = x[i]\n");
    e->nest = (NestProgram){.arena = arena, .program = e->p};
    e->loop = add_node(arena, &e->nest.nodes, NODE_LOOP);
    e->loop->name = "i";
    e->loop->by = 1;
    e->loop->less = affine_const(0);
    add_bounds(arena, e->loop, 0, 4);
    e->test = add_node(arena, &e->loop->body, NODE_TEST);
    e->set = add_node(arena, &e->test->body, NODE_SET);
    e->to = arena_one(arena, Sub);
    e->from = arena_one(arena, Sub);
    e->to->a = e->from->a = affine_index(0);
    e->set->stmt = e->p->stmts.at[0];
    e->set->target = program_find_tensor(e->p, "y");
    e->set->at = e->to;
    return e;
}

static const Expr *read_x(const Example *e) {
    return expr_read(e->p, program_find_tensor(e->p, "x"), e->from);
}

static Affine shifted(int by) {
    return affine_add(affine_index(0), affine_const(by));
}

static void change_nothing(Example *e) {
    (void)e;
}

static void keep_shifted(Example *e) { /* for i < 4 where i < 3: y[i + 1] */
    list_push(e->p->arena, &e->test->guards, ((Guard){affine_index(0), 0, 3}));
    e->to->a = e->from->a = shifted(1);
}

static void keep_bounded(Example *e) {
    add_bounds(e->p->arena, e->loop, 1, 4);
    e->to->a = shifted(-1);
}

static void pad_outside(Example *e) {
    e->from->a = shifted(2);
    e->set->value = expr_read_padded(e->p, program_find_tensor(e->p, "x"), e->from, 0);
}

static void write_outside(Example *e) {
    e->to->a = shifted(1);
}

static void write_before(Example *e) {
    e->to->a = shifted(-1);
}

static void write_never_inside(Example *e) { /* whatever the test keeps */
    keep_shifted(e);
    e->to->a = shifted(4);
}

static void read_outside(Example *e) {
    e->from->a = shifted(1);
}

static void use_closed(Example *e) {
    e->from->a = affine_index(1);
}

static void write_closed(Example *e) {
    e->to->a = affine_index(1);
}

static void test_closed(Example *e) {
    list_push(e->p->arena, &e->test->guards, ((Guard){affine_index(1), 0, 3}));
}

static void bound_closed(Example *e) {
    list_push(e->p->arena, &e->loop->to, ((Bound){affine_index(1), 1}));
}

static void write_input(Example *e) {
    e->set->target = program_find_tensor(e->p, "x");
}

static void open_twice(Example *e) {
    Node *inner = add_node(e->p->arena, &e->loop->body, NODE_LOOP);
    inner->name = "j";
    add_bounds(e->p->arena, inner, 0, 2);
}

static void divide_by_nothing(Example *e) {
    list_push(e->p->arena, &e->loop->to, ((Bound){affine_const(4), 0}));
}

static void leave_open(Example *e) {
    e->loop->to = (Bounds){0};
}

static void step_whole(Example *e) { /* for i from 0 to 4 by 3, whole: of i = 0 alone */
    e->loop->by = 3;
    e->loop->whole = true;
    e->to->a = e->from->a = shifted(3);
}

static void step_over(Example *e) { /* for i from 0 to 4 by 2: of 0 and 2 */
    e->loop->by = 2;
    e->to->a = shifted(2);
}

static void step_on_the_spot(Example *e) {
    e->loop->by = 0;
}

static void lessen_by_closed(Example *e) {
    e->loop->less = affine_index(1);
}

typedef struct Row {
    const char *name;
    void (*change)(Example *e);
    const char *refused; /* with these words; NULL: it is right */
} Row;

static const Row rows[] = {
    {"a copy", change_nothing, NULL},
    {"shifted, and kept inside by a test", keep_shifted, NULL},
    {"shifted, and kept inside by a bound", keep_bounded, NULL},
    {"padded outside", pad_outside, NULL},
    {"written after the last element", write_outside, "written outside"},
    {"written before the first element", write_before, "written outside"},
    {"written where no test can keep it", write_never_inside, "written outside"},
    {"read after the last element", read_outside, "reads outside"},
    {"an index of no loop is read", use_closed, "outside of its loop"},
    {"an index of no loop is written", write_closed, "outside of its loop"},
    {"an index of no loop is tested", test_closed, "outside of its loop"},
    {"an index of no loop bounds another", bound_closed, "outside of its loop"},
    {"an input is written", write_input, "given is written"},
    {"an index of two loops", open_twice, "of two loops"},
    {"a bound divided by nothing", divide_by_nothing, "divided by less"},
    {"whole steps", step_whole, NULL},
    {"a step beyond the end", step_over, "written outside"},
    {"a loop on the spot", step_on_the_spot, "goes nowhere"},
    {"less samples by an index of no loop", lessen_by_closed, "outside of its loop"},
    {"a loop without an end", leave_open, "without a bound"},
};

/* In a process of its own, as a violation aborts; what it says. */
static const char *verify(Arena *arena, const Example *e) {
    int ends[2];
    char *said = arena_array(arena, 500, 1);
    fflush(NULL);
    if (pipe(ends)) exit(3);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        nest_verify(&e->nest, "a test");
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t n = 0, got; (got = read(ends[0], said + n, 499 - (size_t)n)) > 0;) n += got;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return said;
}

int main(void) {
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Arena *arena = arena_new();
        Example *e = example_new(arena);
        rows[k].change(e);
        if (!e->set->value) e->set->value = read_x(e);
        const char *said = verify(arena, e);
        ok(rows[k].refused ? strstr(said, rows[k].refused) != NULL : !*said, "%s is %s", rows[k].name,
           rows[k].refused ? "refused" : "taken");
        if (*said && !rows[k].refused) printf("# %s\n", said);
        arena_free(arena);
    }
    return unit_done();
}
