/* nest_tile: nest in, nest out. What tiles mean is shown by tests/ir/nests.c, for what plans choose. */
#include "nest.h"
#include "output.h"
#include "read.h"

typedef struct Row {
    const char *name;
    int i, j;     /* extents of the loops */
    bool samples; /* i is the batch */
    Tile tile;
    const char *tiled; /* as text */
} Row;

static const Row rows[] = {
    {"rows, vectors and lanes",
     8,
     64,
     false,
     {.on = true, .lanes = 16, .loop = 1, .vectors = 2, .rows = {{0, 4}, {-1, 1}}},
     "for i from 0 to 8 by 4\n"
     "    for j from 0 to 64 by 32\n"
     "        tile\n"
     "            for unrolled r from 0 to 4\n"
     "                for unrolled v from 0 to 2\n"
     "                    for lanes lane from 0 to 16\n"
     "                        y[i+r, j+16*v+lane] = x[i+r, j+16*v+lane]\n"},
    {"a last vector of fewer lanes",
     8,
     100,
     false,
     {.on = true, .lanes = 16, .loop = 1, .vectors = 1, .rows = {{-1, 1}, {-1, 1}}},
     "for i from 0 to 8\n"
     "    for j from 0 to 100 by 16\n"
     "        tile\n"
     "            for lanes lane from 0 to min(16, 100-j)\n"
     "                y[i, j+lane] = x[i, j+lane]\n"},
    {"loops of one tile vanish",
     4,
     32,
     false,
     {.on = true, .lanes = 16, .loop = 1, .vectors = 2, .rows = {{0, 4}, {-1, 1}}},
     "tile\n"
     "    for unrolled r from 0 to 4\n"
     "        for unrolled v from 0 to 2\n"
     "            for lanes lane from 0 to 16\n"
     "                y[r, 16*v+lane] = x[r, 16*v+lane]\n"},
    {"samples are rows",
     8,
     16,
     true,
     {.on = true, .lanes = 16, .loop = 1, .vectors = 1, .rows = {{0, 3}, {-1, 1}}},
     "for i from 0 to n by 3 whole\n"
     "    tile\n"
     "        for unrolled r from 0 to 3\n"
     "            for lanes lane from 0 to 16\n"
     "                y[i+r, lane] = x[i+r, lane]\n"
     "for i from the rest of 3 to n\n"
     "    tile\n"
     "        for lanes lane from 0 to 16\n"
     "            y[i, lane] = x[i, lane]\n"},
    {"samples are lanes",
     40,
     3,
     true,
     {.on = true, .lanes = 16, .loop = 0, .vectors = 2, .rows = {{1, 3}, {-1, 1}}},
     "for i from 0 to n by 32\n"
     "    tile\n"
     "        for unrolled r from 0 to 3\n"
     "            for unrolled v from 0 to 2\n"
     "                for lanes lane from 0 to min(n - (i+16*v), 16)\n"
     "                    y[i+16*v+lane, r] = x[i+16*v+lane, r]\n"},
    {"blocks that are transposed",
     40,
     64,
     false,
     {.on = true, .turn = true, .lanes = 16, .loop = 1, .vectors = 1, .rows = {{0, 1}, {-1, 1}}},
     "tile\n"
     "    for i from 0 to 40\n"
     "        for j from 0 to 64\n"
     "            y[i, j] = x[i, j]\n"},
};

static Node *add_node(Arena *arena, Nodes *to, NodeKind kind) {
    Node *n = arena_one(arena, Node);
    n->kind = kind;
    list_push(arena, to, n);
    return n;
}

static Node *add_loop(Arena *arena, Nodes *to, int index, const char *name, int hi) {
    Node *n = add_node(arena, to, NODE_LOOP);
    n->index = index;
    n->of = index + 1;
    n->name = name;
    n->by = 1;
    n->less = affine_const(0);
    list_push(arena, &n->from, ((Bound){affine_const(0), 1}));
    list_push(arena, &n->to, ((Bound){affine_const(hi), 1}));
    return n;
}

/* for i { for j { y[i, j] = x[i, j] } }, in the tiles of a row */
static const char *tiled(Arena *arena, const Row *row) {
    Program *p =
        read_program(arena, arena_printf(arena, "program p -> y\ninput x[%d, %d]\nvalue y[%d, %d]\ny[i, j] = x[i, j]\n", row->i,
                                         row->j, row->i, row->j));
    NestProgram nest = {.arena = arena, .program = p};
    Step *step = arena_one(arena, Step);
    step->nest = (Nest){.loops = 2, .hi = {row->i, row->j}, .order = {0, 1}, .batch = row->samples ? 0 : -1, .tile = row->tile};
    Node *n = add_node(arena, &nest.nodes, NODE_NEST);
    n->step = step;
    n->stmt = p->stmts.at[0];
    Node *i = add_loop(arena, &n->body, 0, "i", row->i), *set = NULL;
    i->samples = row->samples;
    set = add_node(arena, &add_loop(arena, &i->body, 1, "j", row->j)->body, NODE_SET);
    set->stmt = p->stmts.at[0];
    set->target = program_find_tensor(p, "y");
    set->at = set->stmt->lhs;
    set->value = set->stmt->e;
    nest_tile(&nest, n, 0);
    nest_verify(&nest, "nest_tile");
    MemoryFile text;
    memory_file_open(&text);
    nest_print(&nest, text.to);
    memory_file_close(&text, arena);
    return text.text;
}

/* Each line four blanks further in, as it stands in the nest. */
static const char *further_in(Arena *arena, const char *lines) {
    const char *text = "nests of p\n\nnest of y\n";
    while (*lines) {
        const size_t n = strcspn(lines, "\n") + 1;
        text = arena_printf(arena, "%s    %.*s", text, (int)n, lines);
        lines += n;
    }
    return text;
}

int main(void) {
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Arena *arena = arena_new();
        const char *got = tiled(arena, &rows[k]), *want = further_in(arena, rows[k].tiled);
        ok(!strcmp(got, want), "%s", rows[k].name);
        if (strcmp(got, want) != 0) printf("# %s\n# instead of\n# %s\n", got, want);
        arena_free(arena);
    }
    return unit_done();
}
