/* output: texts in memory, files that appear together or not at all, temporary folders, and other programs run without a shell.
 */
#include "output.h"
#include "../runtime/train/train.h"
#include "source.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- paths */

const char *path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *path_folder(Arena *arena, const char *path) {
    return arena_text(arena, path, (size_t)(path_name(path) - path));
}

bool output_is_same_file(const char *a, const char *b) {
    struct stat one, other;
    return !stat(a, &one) && !stat(b, &other) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* ---- texts in memory */

void memory_file_open(MemoryFile *file) {
    file->to = open_memstream(&file->text, &file->size);
    if (!file->to) fatal("cannot go on");
}

void memory_file_close(MemoryFile *file, Arena *arena) {
    if (fclose(file->to)) fatal("cannot go on");
    char *written = file->text;
    file->text = arena_text(arena, written, file->size);
    free(written);
}

/* ---- what is removed when nnc ends, however it does */

typedef struct Temporary {
    const char *path;
    const char *until; /* it stays as long as this is there; NULL: nothing */
    struct Temporary *older;
} Temporary;
static _Atomic(Temporary *) newest; /* files, and folders before what is in them; a signal may come at any time */

void output_remove_temporaries(void) {
    for (const Temporary *t; (t = newest);) {
        newest = t->older;
        if (t->until && !access(t->until, F_OK)) continue;
        if (unlink(t->path)) rmdir(t->path);
    }
}

static void end_by_signal(int signal_number) {
    output_remove_temporaries();
    raise(signal_number); /* the handler is reset by now */
}

static void remove_when_ended(void) {
    static const int ends[] = {SIGHUP, SIGINT, SIGTERM};
    struct sigaction action = {.sa_handler = end_by_signal, .sa_flags = (int)SA_RESETHAND}, before;
    sigemptyset(&action.sa_mask);
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        if (!sigaction(ends[k], NULL, &before) && before.sa_handler == SIG_DFL) sigaction(ends[k], &action, NULL);
    atexit(output_remove_temporaries);
}

/* It stays as long as the file `until` is there (NULL: none). */
static void remove_at_end(Arena *arena, const char *path, const char *until) {
    static bool prepared;
    if (!prepared) remove_when_ended();
    prepared = true;
    Temporary *t = arena_one(arena, Temporary);
    t->path = path;
    t->until = until;
    t->older = newest;
    newest = t;
}

void output_temporary(Arena *arena, const char *path) {
    remove_at_end(arena, path, NULL);
}

/* ---- folders */

/* True if it is new; one that is there already is as good. */
static bool make_one_folder(const char *path) {
    struct stat about;
    if (!mkdir(path, 0777)) return true;
    if (errno != EEXIST || stat(path, &about)) fatal("cannot make the folder %s", path);
    errno = S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
    if (errno) fatal("cannot make the folder %s", path);
    return false;
}

/* With the folders above it; `temporary`: the new ones are. */
static void make_folder(Arena *arena, const char *path, bool temporary) {
    for (size_t n = strspn(path, "/"); path[n]; n += strspn(path + n, "/")) {
        n += strcspn(path + n, "/");
        const char *part = arena_text(arena, path, n);
        if (make_one_folder(part) && temporary) output_temporary(arena, part);
    }
}

void output_make_private_folder(Arena *arena, const char *path) {
    struct stat about;
    make_folder(arena, path_folder(arena, path), false);
    if (mkdir(path, 0700) && errno != EEXIST) fatal("cannot make the folder %s", path);
    if (lstat(path, &about)) fatal("cannot use the folder %s", path);
    errno = EPERM;
    if (about.st_uid != getuid() || (about.st_mode & S_IWOTH))
        fatal("cannot trust the folder %s, which others can write to", path);
    errno = 0;
}

/* Beside the file that stands for it. */
char *output_temporary_folder(Arena *arena) {
    const char *parent = getenv("TMPDIR");
    const char *base = arena_printf(arena, "%s/build", parent && *parent ? parent : "/tmp");
    char name[PATH_MAX];
    temporary_sweep(base);
    if (temporary_open(base, name) < 0) fatal("cannot make a temporary file %s", name);
    char *path = arena_printf(arena, "%s" TEMPORARY_FOLDER, name);
    remove_at_end(arena, arena_text(arena, name, strlen(name)), path);
    if (mkdir(path, 0700)) fatal("cannot make a temporary folder %s", path);
    output_temporary(arena, path);
    return path;
}

/* ---- writing */

static bool write_all(int to, const char *bytes, size_t size) {
    while (size) {
        const ssize_t n = write(to, bytes, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

void output_write_temporary(Arena *arena, const char *path, const void *bytes, size_t size) {
    output_temporary(arena, path);
    const int to = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (to < 0 || !write_all(to, bytes, size) || close(to)) fatal("cannot write %s", path);
}

/* What can't be renamed over: standard output, /dev/full, a pipe. */
static bool is_in_place(const char *path) {
    struct stat about;
    return !strcmp(path, "-") || (!stat(path, &about) && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode));
}

static void write_in_place(const OutputFile *f) {
    if (!strcmp(f->path, "-")) {
        if (fwrite(f->bytes, 1, f->size, stdout) != f->size || fflush(stdout)) fatal("cannot write to standard output");
        return;
    }
    const int to = open(f->path, O_WRONLY);
    if (to < 0 || !write_all(to, f->bytes, f->size) || close(to)) fatal("cannot write %s", f->path);
}

/* A file that is complete and waits to take its place. */
typedef struct Staged {
    const char *beside, *target;
    int handle;
} Staged;

static mode_t masked(unsigned mode) {
    const mode_t mask = umask(0);
    umask(mask);
    return (mode_t)mode & ~mask;
}

/* Its handle is -1, with errno set, if it can't be. */
static Staged try_stage(Arena *arena, const OutputFile *f) {
    char resolved[PATH_MAX], name[PATH_MAX];
    struct stat about;
    const char *target = file_target(f->path, resolved);
    errno = !stat(target, &about) && S_ISDIR(about.st_mode) ? EISDIR : 0;
    const int to = errno ? -1 : temporary_open(target, name);
    Staged s = {.handle = to};
    if (to < 0) return s;
    s.beside = arena_text(arena, name, strlen(name));
    s.target = arena_text(arena, target, strlen(target));
    output_temporary(arena, s.beside);
    if (!write_all(to, f->bytes, f->size) || fchmod(to, masked(f->mode)) || fsync(to)) s.handle = -1;
    return s;
}

/* Again if another process has removed it (runtime/train/temporary.c). */
static Staged stage(Arena *arena, const OutputFile *f) {
    Staged s = try_stage(arena, f);
    if (s.handle < 0 && temporary_is_gone(errno)) s = try_stage(arena, f);
    if (s.handle < 0) fatal("cannot write %s", f->path);
    return s;
}

static void sweep_beside(const OutputFile *f) {
    char resolved[PATH_MAX];
    temporary_sweep(file_target(f->path, resolved));
}

/* A new one goes again if another can't take its place. */
static void take_place(Arena *arena, const OutputFile *f, Staged s) {
    const bool fresh = access(s.target, F_OK) != 0;
    bool placed = !rename(s.beside, s.target);
    if (!placed && temporary_is_gone(errno)) {
        close(s.handle);
        s = stage(arena, f);
        placed = !rename(s.beside, s.target);
    }
    if (!placed) fatal("cannot write %s", f->path);
    close(s.handle);
    if (fresh) output_temporary(arena, s.target);
}

void output_write(Arena *arena, const char *folder, const OutputFiles *files) {
    Temporary *const before = newest;
    Staged *staged = arena_many(arena, files->n, Staged);
    make_folder(arena, folder, true);
    for (int k = 0; k < files->n; k++)
        if (!is_in_place(files->at[k].path)) sweep_beside(&files->at[k]);
    for (int k = 0; k < files->n; k++)
        if (!is_in_place(files->at[k].path)) staged[k] = stage(arena, &files->at[k]);
    for (int k = 0; k < files->n; k++)
        if (!staged[k].beside) write_in_place(&files->at[k]);
    for (int k = 0; k < files->n; k++)
        if (staged[k].beside) take_place(arena, &files->at[k], staged[k]);
    newest = before; /* all is there, and stays */
}

void *output_read(Arena *arena, const char *path, size_t *size) {
    struct stat about;
    const int in = open(path, O_RDONLY);
    if (in < 0 || fstat(in, &about)) fatal("cannot read %s", path);
    *size = (size_t)about.st_size;
    char *bytes = arena_array(arena, *size + 1, 1);
    for (size_t have = 0; have < *size;) {
        const ssize_t n = read(in, bytes + have, *size - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) fatal("cannot read %s", path);
        have += (size_t)n;
    }
    close(in);
    return bytes;
}

/* ---- other programs */

pid_t output_start(char *const *argv) {
    int pipe_ends[2];
    if (pipe(pipe_ends)) return -1;
    fcntl(pipe_ends[1], F_SETFD, FD_CLOEXEC); /* tells the parent why exec failed */
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        close(pipe_ends[0]);
        execvp(argv[0], argv);
        const int reason = errno;
        if (write(pipe_ends[1], &reason, sizeof reason) < 0) _exit(126);
        _exit(127);
    }
    close(pipe_ends[1]);
    int reason = 0;
    const ssize_t said = child > 0 ? read(pipe_ends[0], &reason, sizeof reason) : 0;
    close(pipe_ends[0]);
    if (said != (ssize_t)sizeof reason) return child;
    output_wait(child);
    errno = reason;
    return -1;
}

int output_wait(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
