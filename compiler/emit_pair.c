/* emit_pair: NAME.c and NAME.h of one run belong together, and those of two runs do not, though they may compile: the header
 * defines a name made of the hash of both texts, and the C file looks for it. */
#include "../runtime/train/hash.h"
#include "emit_library.h"
#include "source.h"
#include <string.h>

/* A name that only these two texts have. */
static const char *fingerprint(const Writer *code, const Writer *head) {
    const uint64_t print = hash_xxh64(code->text, code->n) + hash_xxh64(head->text, head->n);
    return arena_printf(code->plan->arena, "%s_%016llX", code->plan->upper, (unsigned long long)print);
}

static void write_around_mark(Writer *w, const char *text, FILE *to) {
    const size_t rest = w->n - w->mark;
    if (fwrite(w->text, w->mark, 1, to) != 1 || fputs(text, to) < 0 || fwrite(w->text + w->mark, rest, 1, to) != 1)
        fatal("cannot go on");
    w->n = 0;
}

void write_pair(Writer *code, Writer *head, const char *header, FILE *c, FILE *h) {
    static const char define[] = "#define %s /* %.*s.c looks for this name */\n\n";
    static const char check[] = "#ifndef %s\n#error \"%s and %.*s.c are of two runs of nnc: take both from one run\"\n#endif\n";
    Arena *arena = code->plan->arena;
    const char *name = fingerprint(code, head);
    const int base = (int)strcspn(header, ".");
    write_around_mark(head, arena_printf(arena, define, name, base, header), h);
    write_around_mark(code, arena_printf(arena, check, name, header, base, header), c);
}
