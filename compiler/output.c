/* output: files that appear whole or not at all, temporary folders, and other programs run without a shell. */
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

/* ---- what is removed when nnc ends, however it does */

enum { TEMPORARIES = 128 };
static const char *temporary[TEMPORARIES]; /* files, and folders before what is in them */
static volatile sig_atomic_t temporaries;

void output_remove_temporaries(void) {
    while (temporaries > 0) {
        const char *path = temporary[--temporaries];
        if (unlink(path)) rmdir(path);
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

void output_temporary(const char *path) {
    static bool prepared;
    if (!prepared) remove_when_ended();
    prepared = true;
    if (temporaries == TEMPORARIES) bug("too many temporary files");
    temporary[temporaries] = path;
    temporaries++;
}

static bool is_in_temporary_folder(const char *path) {
    const size_t n = temporaries > 0 ? strlen(temporary[0]) : 0;
    return n && !strncmp(path, temporary[0], n) && path[n] == '/';
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

/* Something that can't be renamed over, /dev/full or a pipe, is written as it is. */
static bool is_special(const char *path) {
    struct stat about;
    return !stat(path, &about) && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

static void write_direct(const char *path, const char *bytes, size_t size) {
    const int to = open(path, O_WRONLY);
    if (to < 0 || !write_all(to, bytes, size) || close(to)) fatal("cannot write %s", path);
}

static void write_beside(Arena *arena, const char *path, const char *bytes, size_t size, unsigned mode) {
    const bool passing = is_in_temporary_folder(path);
    char *beside = arena_printf(arena, "%s%s.XXXXXX", path_folder(arena, path), path_name(path));
    const int to = mkstemp(beside);
    if (to < 0) fatal("cannot write %s", path);
    output_temporary(beside);
    const mode_t mask = umask(0);
    umask(mask);
    const bool written = write_all(to, bytes, size) && !fchmod(to, (mode_t)mode & ~mask) && !fsync(to);
    const int reason = errno;
    if (close(to) || !written || rename(beside, path)) {
        if (!written) errno = reason;
        fatal("cannot write %s", path);
    }
    temporaries--;
    if (passing) output_temporary(arena_text(arena, path, strlen(path)));
}

void output_write(Arena *arena, const char *path, const void *bytes, size_t size, unsigned mode) {
    if (!strcmp(path, "-")) {
        if (fwrite(bytes, 1, size, stdout) != size || fflush(stdout)) fatal("cannot write to standard output");
    } else if (is_special(path)) {
        write_direct(path, bytes, size);
    } else {
        char target[PATH_MAX];
        write_beside(arena, file_target(path, target), bytes, size, mode);
    }
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

/* ---- folders */

void output_make_folder(Arena *arena, const char *path) {
    char *copy = arena_text(arena, path, strlen(path));
    for (char *at = copy + 1; *copy && *at; at++) {
        if (*at != '/') continue;
        *at = 0;
        if (mkdir(copy, 0777) && errno != EEXIST) fatal("cannot make the folder %s", copy);
        *at = '/';
    }
    struct stat about;
    if (mkdir(copy, 0777) && errno != EEXIST) fatal("cannot make the folder %s", copy);
    if (stat(copy, &about)) fatal("cannot make the folder %s", copy);
    errno = ENOTDIR;
    if (!S_ISDIR(about.st_mode)) fatal("cannot make the folder %s", copy);
    errno = 0;
}

void output_make_private_folder(Arena *arena, const char *path) {
    struct stat about;
    const char *parent = path_folder(arena, path);
    if (*parent) output_make_folder(arena, arena_text(arena, parent, strlen(parent) - 1));
    if (mkdir(path, 0700) && errno != EEXIST) fatal("cannot make the folder %s", path);
    if (lstat(path, &about)) fatal("cannot use the folder %s", path);
    errno = EPERM;
    if (about.st_uid != getuid() || (about.st_mode & S_IWOTH))
        fatal("cannot trust the folder %s, which others can write to", path);
    errno = 0;
}

char *output_temporary_folder(Arena *arena) {
    const char *parent = getenv("TMPDIR");
    char *path = arena_printf(arena, "%s/nnc.XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(path)) fatal("cannot make a temporary folder %s", path);
    output_temporary(path);
    return path;
}

/* ---- other programs */

int output_run(char *const *argv) {
    int status, pipe_ends[2];
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
    if (child < 0) return -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    if (said == (ssize_t)sizeof reason) {
        errno = reason;
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
