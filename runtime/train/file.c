/* file: whole files. A file is written under a temporary name in its own folder, synced and renamed, so that the old one stays
 * as it was until the new one is complete. What is not a regular file (a device, a pipe) is written in place. */
#include "train.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_STREAM = 1 << 30 }; /* of what is not a regular file: a device may never end */

static Status read_all(int handle, const char *path, Memory *memory, char **bytes, size_t *size) {
    struct stat about;
    size_t capacity = 1 << 16;
    if (fstat(handle, &about)) return fail_read(path, errno);
    if (S_ISDIR(about.st_mode)) return fail(STATUS_INPUT, "cannot read %s: it is a directory, a file is expected", path);
    if (S_ISREG(about.st_mode) && about.st_size > 0) capacity = (size_t)about.st_size + 2;
    *bytes = memory_resize(memory, NULL, capacity, 1);
    for (*size = 0; *bytes;) {
        ssize_t got = read(handle, *bytes + *size, capacity - 1 - *size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_read(path, errno);
        *size += (size_t)got;
        (*bytes)[*size] = 0;
        if (got == 0) return STATUS_DONE;
        if (!S_ISREG(about.st_mode) && *size >= LARGEST_STREAM)
            return fail(STATUS_INPUT, "cannot read %s: it is too long", path);
        if (*size + 1 == capacity) *bytes = memory_resize(memory, *bytes, capacity *= 2, 1);
    }
    return STATUS_SYSTEM;
}

Status file_read(const char *path, Memory *memory, char **bytes, size_t *size) {
    int handle = open(path, O_RDONLY);
    if (handle < 0) return fail_read(path, errno);
    Status status = read_all(handle, path, memory, bytes, size);
    close(handle);
    return status;
}

/* 0 or the error number. */
static int write_parts(int handle, const Text *parts, size_t count) {
    for (size_t k = 0; k < count; k++) {
        for (size_t done = 0; done < parts[k].length;) {
            ssize_t put = write(handle, parts[k].data + done, parts[k].length - done);
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return errno;
            done += (size_t)put;
        }
    }
    return 0;
}

/* A new file gets the permissions that any new file gets, a rewritten one keeps its own. */
static void set_mode(int handle, const struct stat *old) {
    mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(handle, old ? old->st_mode & 07777 : 0666 & ~mask);
}

bool file_folder(const char *path, char folder[PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length + 2 > PATH_MAX) return false;
    memcpy(folder, path, length);
    memcpy(folder + length, slash ? "/" : ".", 2);
    return true;
}

static int sync_folder(const char *path) {
    char folder[PATH_MAX];
    if (!file_folder(path, folder)) return ENAMETOOLONG;
    int handle = open(folder, O_RDONLY);
    if (handle < 0) return 0; /* a folder may be writable and not readable: then it cannot be synced */
    int error = fsync(handle) && errno != EINVAL ? errno : 0;
    close(handle);
    return error;
}

static int write_in_place(const char *path, const Text *parts, size_t count) {
    int handle = open(path, O_WRONLY);
    if (handle < 0) return errno;
    int error = write_parts(handle, parts, count);
    if (close(handle) && !error) error = errno;
    return error;
}

/* What is synced is written, so that closing has nothing to say any more. */
static int replace_once(const char *path, const struct stat *old, const Text *parts, size_t count) {
    char temporary[PATH_MAX];
    int handle = temporary_open(path, temporary);
    if (handle < 0) return errno;
    int error = write_parts(handle, parts, count);
    set_mode(handle, old);
    if (!error && fsync(handle)) error = errno;
    if (!error && rename(temporary, path)) error = errno;
    if (error) unlink(temporary);
    close(handle);
    return error ? error : sync_folder(path);
}

/* Again if another process has removed the temporary file (temporary.c). */
static int replace(const char *path, const struct stat *old, const Text *parts, size_t count) {
    int error = replace_once(path, old, parts, count);
    return temporary_is_gone(error) ? replace_once(path, old, parts, count) : error;
}

/* What a link says stands for the link's own name, or for the whole path if it begins with '/'. */
static bool follow_link(char path[PATH_MAX]) {
    char link[PATH_MAX];
    char *slash = strrchr(path, '/');
    ssize_t length = readlink(path, link, sizeof link - 1);
    size_t folder = length > 0 && link[0] != '/' && slash ? (size_t)(slash - path) + 1 : 0;
    if (length <= 0 || folder + (size_t)length >= PATH_MAX) return false;
    memcpy(path + folder, link, (size_t)length);
    path[folder + (size_t)length] = 0;
    return true;
}

/* A symbolic link stays one: what it points to is written. */
const char *file_target(const char *path, char resolved[PATH_MAX]) {
    enum { MOST_LINKS = 40 };
    int links = 0;
    if (strlen(path) >= PATH_MAX) return path;
    memcpy(resolved, path, strlen(path) + 1);
    while (links < MOST_LINKS && follow_link(resolved)) links++;
    return resolved;
}

Status file_write(const char *path, const Text *parts, size_t count) {
    char resolved[PATH_MAX];
    const char *target = file_target(path, resolved);
    struct stat about;
    for (size_t k = 0; k < count; k++)
        if (parts[k].failed) return fail(STATUS_SYSTEM, "out of memory while writing %s", path);
    bool there = !stat(target, &about), in_place = there && !S_ISREG(about.st_mode);
    int error = there && S_ISDIR(about.st_mode) ? EISDIR
                : in_place                      ? write_in_place(target, parts, count)
                                                : replace(target, there ? &about : NULL, parts, count);
    return error ? fail_write(path, error) : STATUS_DONE;
}

/* Two names of one regular file, or of one that is still to be. */
bool file_is_same(const char *a, const char *b) {
    struct stat one, other;
    if (stat(a, &one) || stat(b, &other)) return !strcmp(a, b);
    return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* Finds out before hours of training, not after them. */
Status file_check_writable(const char *path) {
    char resolved[PATH_MAX], temporary[PATH_MAX];
    const char *target = file_target(path, resolved);
    struct stat about;
    if (!stat(target, &about) && S_ISDIR(about.st_mode)) return fail_write(path, EISDIR);
    if (!stat(target, &about) && !S_ISREG(about.st_mode)) return STATUS_DONE;
    temporary_sweep(target);
    int handle = temporary_open(target, temporary);
    if (handle < 0) return fail_write(path, errno);
    unlink(temporary);
    close(handle);
    return STATUS_DONE;
}
