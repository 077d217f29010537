/* docs: the programs in docs/ir.md are what this compiler prints. A block ```program is read, ordered and printed: the same
 * text must come out. A block ```gradient is what simplify, grad for every param, simplify and order make of the one before. */
#include "read.h"

static char *file_text(Arena *arena, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) bug("can't read %s", path);
    char *text = arena_many(arena, 1 << 17, char);
    const size_t n = fread(text, 1, (1 << 17) - 1, file);
    fclose(file);
    text[n] = 0;
    return text;
}

static char *printed(const Program *p) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    program_print(p, to);
    fclose(to);
    return text;
}

static void order(Program *p) {
    program_verify(p, "docs");
    if (!program_order(p)) bug("no order");
}

static void differentiate(Program *p) {
    Tensors wanted = {0};
    for (int k = 0; k < p->tensors.n; k++)
        if (p->tensors.at[k]->role == ROLE_PARAM) list_push(p->arena, &wanted, p->tensors.at[k]);
    program_simplify(p);
    if (!program_grad(p, p->roots.at[0], &wanted)) bug("no order");
    for (int k = 0; k < wanted.n; k++) list_push(p->arena, &p->roots, wanted.at[k]->adjoint);
    program_simplify(p);
}

static void compare(const char *name, int number, Program *p, const char *block) {
    order(p);
    char *text = printed(p);
    const bool same = strcmp(text, block) == 0;
    ok(same, "docs/ir.md, %s %d", name, number);
    if (!same) printf("%s\n", text);
    free(text);
}

int main(void) {
    Arena *arena = arena_new();
    char *text = file_text(arena, "docs/ir.md");
    const char *forward = "";
    int number = 0;
    for (char *at = text; (at = strstr(at, "\n```")) != NULL;) {
        const bool program = strncmp(at, "\n```program\n", 12) == 0, gradient = strncmp(at, "\n```gradient\n", 13) == 0;
        const char *block = strchr(at + 1, '\n') + 1;
        char *end = strstr(block - 1, "\n```"); /* the block may be empty */
        if (!end) break;
        const char *body = arena_text(arena, block, (size_t)(end + 1 - block));
        if (program) {
            forward = body;
            compare("program", ++number, read_program(arena, body), body);
        } else if (gradient) {
            Program *p = read_program(arena, forward);
            differentiate(p);
            compare("gradient of program", number, p, body);
        }
        at = end + 4;
    }
    ok(number >= 3, "%d programs", number);
    arena_free(arena);
    return unit_done();
}
