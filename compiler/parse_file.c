/* parse_file: a whole program: the user's file, what it imports, the prelude.
 *
 * An imported file is read once, whoever imports it, and holds definitions only; files that import each other are an error. */
#include "../runtime/train/utf8.h"
#include "embedded.h"
#include "nn.tab.h"
#include "parse.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* ---- one source */

static void check_utf8(Parser *p) {
    const int at = (int)utf8_prefix(p->source->text, (size_t)p->source->length);
    if (at < p->source->length)
        parser_error(p, (Span){p->source, at, at + 1},
                     "this is not UTF-8: save the file in that encoding (iconv -f latin1 -t utf8)");
}

void parse_source(Arena *arena, Source *source, AstFile *file) {
    Parser *p = arena_one(arena, Parser);
    p->arena = arena;
    p->source = source;
    p->file = file;
    check_utf8(p);
    p->quiet_line = 0;
    p->scanner = scanner_open(p);
    p->ahead = scanner_next(p->scanner);
    nn_parse(p);
    scanner_close(p->scanner);
}

/* ---- imports */

typedef struct FileId { /* tells whether two paths mean one file */
    dev_t device;
    ino_t node;
    bool open; /* its imports are being read */
} FileId;

typedef struct Reading { /* of a file and what belongs to it */
    Arena *arena;
    Messages *messages;
    AstFile *file;
    LIST(FileId) read;
} Reading;

static FileId *find_file(Reading *r, const struct stat *status) {
    for (int k = 0; k < r->read.n; k++)
        if (r->read.at[k].device == status->st_dev && r->read.at[k].node == status->st_ino) return &r->read.at[k];
    return NULL;
}

/* Relative to the folder of the importing file. */
static const char *import_path(Arena *arena, const Source *from, const char *path) {
    const char *slash = strrchr(from->name, '/');
    if (*path == '/' || !slash) return path;
    return arena_printf(arena, "%.*s%s", (int)(slash + 1 - from->name), from->name, path);
}

static void refuse_block(const AstBlock *block, const char *what) {
    if (block->present) source_error(block->span, "an imported file holds definitions only, no %s", what);
}

static void read_imports(Reading *r, const AstFile *file);

static void import_file(Reading *r, const char *path, Span span) {
    const char *why;
    Source *source = source_read(r->messages, path, &why);
    if (!source) {
        source_error(span, "can't read %s: %s", path, why);
        return;
    }
    AstFile *imported = arena_one(r->arena, AstFile);
    list_push(r->arena, &r->file->read, path);
    imported->source = source;
    parse_source(r->arena, source, imported);
    refuse_block(&imported->network, "network");
    refuse_block(&imported->train, "train block");
    refuse_block(&imported->data, "data block");
    for (int k = 0; k < imported->consts.n; k++)
        source_error(imported->consts.at[k].span, "an imported file holds definitions only, no constants");
    for (int k = 0; k < imported->defs.n; k++) list_push(r->arena, &r->file->defs, imported->defs.at[k]);
    read_imports(r, imported);
}

static void read_import(Reading *r, const AstImport *import) {
    const char *path = import_path(r->arena, import->span.source, import->path);
    struct stat status;
    if (stat(path, &status)) {
        source_error(import->span, "can't read %s: %s", path, strerror(errno));
        return;
    }
    const FileId *known = find_file(r, &status);
    if (known && known->open) source_error(import->span, "%s imports itself, directly or through others", path);
    if (known) return;
    const int place = r->read.n;
    list_push(r->arena, &r->read, ((FileId){status.st_dev, status.st_ino, true}));
    import_file(r, path, import->span);
    r->read.at[place].open = false;
}

static void read_imports(Reading *r, const AstFile *file) {
    for (int k = 0; k < file->imports.n; k++) read_import(r, &file->imports.at[k]);
}

/* ---- the program */

static void read_prelude(Reading *r) {
    Source *prelude = source_from_text(r->messages, "<prelude>", embedded_find("grammar/prelude.nn")->text, true);
    parse_source(r->arena, prelude, r->file);
}

AstFile *parse_prelude(Arena *arena, Messages *messages) {
    AstFile *file = arena_one(arena, AstFile);
    read_prelude(&(Reading){.arena = arena, .messages = messages, .file = file});
    return file;
}

AstFile *parse_file(Arena *arena, Messages *messages, const char *path) {
    const char *why;
    Source *source = source_read(messages, path, &why);
    if (!source) {
        file_error(messages, path, "can't read the file: %s", why);
        return NULL;
    }
    AstFile *file = arena_one(arena, AstFile);
    Reading r = {.arena = arena, .messages = messages, .file = file};
    file->source = source;
    list_push(arena, &file->read, path);
    parse_source(arena, source, file);
    struct stat status;
    if (!stat(path, &status)) list_push(arena, &r.read, ((FileId){status.st_dev, status.st_ino, true}));
    const AstFile own = *file; /* imports are appended to the same lists */
    read_imports(&r, &own);
    read_prelude(&r);
    return file;
}
