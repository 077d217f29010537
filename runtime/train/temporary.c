/* temporary: files that are written beside the one whose place they take. Each has a name of its own, NAME.nnc-tmp-XXXXXX, and
 * is locked as long as its process holds it open. So what a killed process left is told from what another one is writing, and
 * the next that writes into the folder removes it. Whoever removes a file has it locked until it is gone, and whoever finds his
 * new one locked so takes another. Where the file system has no locks, or other machines do not see them, what is left stays,
 * or a file that is being written may go: then it is written again. */
#include "train.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK ".nnc-tmp-"
#define RANDOM "XXXXXX"

static bool lock(int handle, short kind) {
    struct flock whole = {.l_type = kind, .l_whence = SEEK_SET};
    return !fcntl(handle, F_SETLK, &whole);
}

/* A new file, unless another process has locked it to remove it. Without locks it is, too. */
static bool is_ours(int handle) {
    return lock(handle, F_WRLCK) || (errno != EAGAIN && errno != EACCES);
}

int temporary_open(const char *path, char name[PATH_MAX]) {
    enum { ATTEMPTS = 100 };
    for (int k = 0; k < ATTEMPTS; k++) {
        if (snprintf(name, PATH_MAX, "%s" MARK RANDOM, path) >= PATH_MAX) return errno = ENAMETOOLONG, -1;
        int handle = mkstemp(name);
        if (handle < 0) return -1;
        (void)fcntl(handle, F_SETFD, FD_CLOEXEC);
        if (is_ours(handle) && !access(name, F_OK)) return handle;
        close(handle); /* before it was locked it was taken for one that was left */
        unlink(name);
    }
    return errno = EAGAIN, -1;
}

bool temporary_is_gone(int error) {
    return error == ENOENT || error == ESTALE;
}

/* ---- what is left */

static bool is_temporary(const char *name) {
    size_t length = strlen(name), end = sizeof MARK RANDOM - 1;
    return length > end && !strncmp(name + length - end, MARK, sizeof MARK - 1);
}

/* A file of ours that no living process has locked, locked; or -1. */
static int take_left(int folder, const char *name) {
    struct stat about;
    int handle = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (handle < 0) return -1;
    bool ours = !fstat(handle, &about) && S_ISREG(about.st_mode) && about.st_uid == geteuid();
    if (ours && lock(handle, F_RDLCK)) return handle;
    close(handle);
    return -1;
}

static void empty_folder(DIR *folder) {
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) unlinkat(dirfd(folder), entry->d_name, 0);
}

static void remove_folder(int above, const char *name) {
    struct stat about;
    int handle = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (handle < 0) return;
    bool ours = !fstat(handle, &about) && about.st_uid == geteuid();
    DIR *folder = ours ? fdopendir(handle) : NULL;
    if (folder)
        empty_folder(folder), closedir(folder);
    else
        close(handle);
    if (ours) unlinkat(above, name, AT_REMOVEDIR);
}

/* The file goes last: as long as its folder is there, both are found. */
static void remove_left(int folder, const char *name) {
    char below[NAME_MAX + sizeof TEMPORARY_FOLDER];
    snprintf(below, sizeof below, "%s" TEMPORARY_FOLDER, name);
    remove_folder(folder, below);
    if (faccessat(folder, below, F_OK, 0)) unlinkat(folder, name, 0);
}

void temporary_sweep(const char *path) {
    char above[PATH_MAX];
    DIR *folder = file_folder(path, above) ? opendir(above) : NULL;
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        int handle = is_temporary(entry->d_name) ? take_left(dirfd(folder), entry->d_name) : -1;
        if (handle < 0) continue;
        remove_left(dirfd(folder), entry->d_name);
        close(handle);
    }
    closedir(folder);
}
