/* parse_file: a whole program: the user's file, what it imports, the prelude.
 *
 * An imported file is read once, whoever imports it, and holds definitions only; files that import each other are an error. */
#include "embedded.h"
#include "nn.tab.h"
#include "parse.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* ---- one source */

static int sequence_length(const unsigned char *s) {
    const int length = *s < 0x80                 ? 1
                       : *s >= 0xC2 && *s < 0xE0 ? 2
                       : *s >= 0xE0 && *s < 0xF0 ? 3
                       : *s >= 0xF0 && *s < 0xF5 ? 4
                                                 : 0;
    for (int k = 1; k < length; k++)
        if ((s[k] & 0xC0) != 0x80) return 0;
    return length;
}

static void check_utf8(Parser *p) {
    for (int at = 0; at < p->source->length;) {
        const int length = sequence_length((const unsigned char *)p->source->text + at);
        if (!length) {
            parser_error(p, (Span){p->source, at, at + 1}, "this is not UTF-8: save the file in that encoding");
            return;
        }
        at += length;
    }
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

typedef struct Program { /* what is being put together */
    Arena *arena;
    Messages *messages;
    AstFile *file;
    LIST(FileId) read;
} Program;

static FileId *find_file(Program *program, const struct stat *status) {
    for (int k = 0; k < program->read.n; k++)
        if (program->read.at[k].device == status->st_dev && program->read.at[k].node == status->st_ino)
            return &program->read.at[k];
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

static void read_imports(Program *program, const AstFile *file);

static void import_file(Program *program, const char *path, Span span) {
    Source *source = source_read(program->messages, path);
    if (!source) {
        source_error(span, errno ? "can't read %s: %s" : "can't import %s%s", path, errno ? strerror(errno) : "");
        return;
    }
    AstFile *imported = arena_one(program->arena, AstFile);
    list_push(program->arena, &program->file->read, path);
    imported->source = source;
    parse_source(program->arena, source, imported);
    refuse_block(&imported->network, "network");
    refuse_block(&imported->train, "train block");
    refuse_block(&imported->data, "data block");
    for (int k = 0; k < imported->consts.n; k++)
        source_error(imported->consts.at[k].span, "an imported file holds definitions only, no constants");
    for (int k = 0; k < imported->defs.n; k++) {
        AstDef *def = imported->defs.at[k];
        list_push(program->arena, &program->file->defs, def);
    }
    read_imports(program, imported);
}

static void read_import(Program *program, const AstImport *import) {
    const char *path = import_path(program->arena, import->span.source, import->path);
    struct stat status;
    if (stat(path, &status)) {
        source_error(import->span, "can't read %s: %s", path, strerror(errno));
        return;
    }
    const FileId *known = find_file(program, &status);
    if (known && known->open) source_error(import->span, "%s imports itself, directly or through others", path);
    if (known) return;
    const int place = program->read.n;
    list_push(program->arena, &program->read, ((FileId){status.st_dev, status.st_ino, true}));
    import_file(program, path, import->span);
    program->read.at[place].open = false;
}

static void read_imports(Program *program, const AstFile *file) {
    for (int k = 0; k < file->imports.n; k++) read_import(program, &file->imports.at[k]);
}

/* ---- the program */

static void read_prelude(Program *program) {
    Source *prelude = source_from_text(program->messages, "<prelude>", embedded_find("grammar/prelude.nn")->text, true);
    parse_source(program->arena, prelude, program->file);
}

AstFile *parse_prelude(Arena *arena, Messages *messages) {
    AstFile *file = arena_one(arena, AstFile);
    read_prelude(&(Program){.arena = arena, .messages = messages, .file = file});
    return file;
}

AstFile *parse_file(Arena *arena, Messages *messages, const char *path) {
    Source *source = source_read(messages, path);
    if (!source) {
        if (errno) fprintf(messages->to, "%s: error: can't read the file: %s\n", path, strerror(errno));
        messages->errors += errno != 0;
        return NULL;
    }
    AstFile *file = arena_one(arena, AstFile);
    Program program = {.arena = arena, .messages = messages, .file = file};
    file->source = source;
    list_push(arena, &file->read, path);
    parse_source(arena, source, file);
    struct stat status;
    if (!stat(path, &status)) list_push(arena, &program.read, ((FileId){status.st_dev, status.st_ino, true}));
    const AstFile own = *file; /* imports are appended to the same lists */
    read_imports(&program, &own);
    read_prelude(&program);
    return file;
}
