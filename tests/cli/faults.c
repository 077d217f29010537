/* faults: a library to preload. Of the calls that change files the one with the number FAULT_AT (from 1) fails, or the process
 * is killed or stopped right before it, as FAULT_HOW says: `fail`, `kill`, `stop`. FAULT_CALL: only calls of this name count.
 * Where there are fewer, nothing happens. Programs that this one starts are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    char call[32]; /* "": any */
    long at;
    int signal; /* 0: it fails */
} wanted;

__attribute__((constructor)) static void begin(void) {
    static const char *const names[] = {"FAULT_CALL", "FAULT_AT", "FAULT_HOW", "LD_PRELOAD"};
    const char *call = getenv(names[0]), *at = getenv(names[1]), *how = getenv(names[2]);
    snprintf(wanted.call, sizeof wanted.call, "%s", call ? call : "");
    wanted.at = at ? strtol(at, NULL, 10) : 0;
    wanted.signal = !how ? 0 : !strcmp(how, "kill") ? SIGKILL : !strcmp(how, "stop") ? SIGSTOP : 0;
    for (int k = 0; k < 4; k++) unsetenv(names[k]);
}

/* True if this call is to fail. */
static bool fault(const char *name) {
    static long calls;
    if ((*wanted.call && strcmp(wanted.call, name) != 0) || ++calls != wanted.at) return false;
    if (wanted.signal) return raise(wanted.signal), false;
    errno = EIO;
    return true;
}

/* The function of that name in the next library. */
#define NEXT(name)                                                                                                             \
    __typeof__(&(name)) next;                                                                                                  \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

static int mode_of(int flags, va_list rest) {
    return flags & O_CREAT ? va_arg(rest, int) : 0;
}

int open(const char *path, int flags, ...) {
    NEXT(open);
    va_list rest;
    va_start(rest, flags);
    const int mode = mode_of(flags, rest);
    va_end(rest);
    return (flags & O_ACCMODE) != O_RDONLY && fault("open") ? -1 : next(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    NEXT(openat);
    va_list rest;
    va_start(rest, flags);
    const int mode = mode_of(flags, rest);
    va_end(rest);
    return (flags & O_ACCMODE) != O_RDONLY && fault("openat") ? -1 : next(folder, path, flags, mode);
}

int mkstemp(char *path) {
    NEXT(mkstemp);
    return fault("mkstemp") ? -1 : next(path);
}

char *mkdtemp(char *path) {
    NEXT(mkdtemp);
    return fault("mkdtemp") ? NULL : next(path);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir);
    return fault("mkdir") ? -1 : next(path, mode);
}

ssize_t write(int handle, const void *bytes, size_t size) {
    NEXT(write);
    return fault("write") ? -1 : next(handle, bytes, size);
}

int fchmod(int handle, mode_t mode) {
    NEXT(fchmod);
    return fault("fchmod") ? -1 : next(handle, mode);
}

int fsync(int handle) {
    NEXT(fsync);
    return fault("fsync") ? -1 : next(handle);
}

int close(int handle) {
    NEXT(close);
    return fault("close") ? -1 : next(handle);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    return fault("rename") ? -1 : next(from, to);
}

int unlink(const char *path) {
    NEXT(unlink);
    return fault("unlink") ? -1 : next(path);
}

int unlinkat(int folder, const char *path, int flags) {
    NEXT(unlinkat);
    return fault("unlinkat") ? -1 : next(folder, path, flags);
}

int rmdir(const char *path) {
    NEXT(rmdir);
    return fault("rmdir") ? -1 : next(path);
}
