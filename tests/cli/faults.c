/* faults: a library to preload. Of the calls that change files the one with the number FAULT_AT (from 1) fails, or the process
 * is killed or stopped right before it, as FAULT_HOW says: `fail`, `kill`, `stop`. FAULT_CALL: only calls of this name count.
 * Where there are fewer, nothing happens. `slow`: before every call, and before locks are set, the process waits up to FAULT_AT
 * microseconds. Programs that this one starts are left alone. */
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
#include <time.h>
#include <unistd.h>

static struct {
    char call[32]; /* "": any */
    long at;
    int signal;    /* 0: it fails */
    unsigned slow; /* 0: not at all; the state of random numbers */
} wanted;

__attribute__((constructor)) static void begin(void) {
    static const char *const names[] = {"FAULT_CALL", "FAULT_AT", "FAULT_HOW", "LD_PRELOAD"};
    const char *call = getenv(names[0]), *at = getenv(names[1]), *how = getenv(names[2]);
    snprintf(wanted.call, sizeof wanted.call, "%s", call ? call : "");
    wanted.at = at ? strtol(at, NULL, 10) : 0;
    wanted.slow = how && !strcmp(how, "slow") ? (unsigned)getpid() : 0;
    wanted.signal = !how ? 0 : !strcmp(how, "kill") ? SIGKILL : !strcmp(how, "stop") ? SIGSTOP : 0;
    for (int k = 0; k < 4; k++) unsetenv(names[k]);
}

static void wait_a_little(void) {
    if (!wanted.slow) return;
    wanted.slow = wanted.slow * 1664525 + 1013904223;
    nanosleep(&(struct timespec){.tv_nsec = (long)(wanted.slow >> 8) % wanted.at * 1000}, NULL);
}

/* True if this call is to fail. */
static bool fault(const char *name) {
    static long calls;
    if (wanted.slow) return wait_a_little(), false;
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

int fcntl(int handle, int command, ...) {
    NEXT(fcntl);
    va_list rest;
    va_start(rest, command);
    void *given = va_arg(rest, void *);
    va_end(rest);
    if (command == F_SETLK) wait_a_little();
    return next(handle, command, given);
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
