/* temporary: what a process has open stays whatever others sweep meanwhile, and what nobody has open goes. Locking and removing
 * take their time here, so that any of it comes between what another process does. */
#define _DEFAULT_SOURCE
#include "../../runtime/train/temporary.h"
#include "unit.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WRITERS = 2, SWEEPERS = 2, SECONDS = 2 };

static char folder[] = "/tmp/nnc-temporary-XXXXXX";

static const char *path_in(const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

static void wait_a_little(void) {
    nanosleep(&(struct timespec){.tv_nsec = unit_int(0, 200) * 1000}, NULL);
}

/* In the places of the C library's. */
int fcntl(int handle, int command, ...) {
    va_list rest;
    va_start(rest, command);
    const uintptr_t given = va_arg(rest, uintptr_t);
    va_end(rest);
    if (command == F_SETLK) wait_a_little();
    return (int)syscall(SYS_fcntl, handle, command, given);
}

int unlinkat(int above, const char *name, int flags) {
    wait_a_little();
    return (int)syscall(SYS_unlinkat, above, name, flags);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* As a writer does: the name is free for others once it is renamed. Every other one stands for a folder. */
static bool write_one(const char *path, bool with_folder) {
    char name[PATH_MAX], below[PATH_MAX + sizeof TEMPORARY_FOLDER];
    const int handle = temporary_open(path, name);
    if (handle < 0) return false;
    snprintf(below, sizeof below, "%s" TEMPORARY_FOLDER, name);
    bool there = !with_folder || !mkdir(below, 0700);
    wait_a_little();
    there &= !access(name, F_OK) && (!with_folder || !rmdir(below));
    if (rename(name, path)) there = false;
    close(handle);
    return there;
}

/* How many were gone before they took their place, up to 100. */
static int write_many(const char *path) {
    int lost = 0;
    const double end = now() + SECONDS;
    for (int k = 0; now() < end && lost < 100; k++) lost += !write_one(path, k % 2);
    return lost;
}

static pid_t start(const char *name, bool writes) {
    char path[PATH_MAX];
    const pid_t child = fork();
    if (child) return child;
    path_in(name, path);
    unit_state = (uint64_t)getpid();
    if (writes) _exit(write_many(path));
    for (;;) temporary_sweep(path);
}

static int count_files(void) {
    int files = 0;
    DIR *all = opendir(folder);
    for (struct dirent *entry; all && (entry = readdir(all));) files += entry->d_name[0] != '.';
    if (all) closedir(all);
    return files;
}

static void check_many(void) {
    static const char *const names[WRITERS] = {"a", "b"};
    pid_t writers[WRITERS], sweepers[SWEEPERS];
    int lost = 0;
    for (int k = 0; k < SWEEPERS; k++) sweepers[k] = start("a", false);
    for (int k = 0; k < WRITERS; k++) writers[k] = start(names[k], true);
    for (int k = 0; k < WRITERS; k++) {
        int status = -1;
        waitpid(writers[k], &status, 0);
        lost += WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    for (int k = 0; k < SWEEPERS; k++) kill(sweepers[k], SIGKILL), waitpid(sweepers[k], NULL, 0);
    ok(lost == 0, "two write while two sweep: none of their files is lost (%d)", lost);
    ok(count_files() == WRITERS, "and nothing is left of them");
}

/* Killed in between: the file and its folder, with a file in it. */
static void check_left(void) {
    char path[PATH_MAX], name[PATH_MAX], below[PATH_MAX + 32], source[PATH_MAX + 64];
    const int others = count_files();
    path_in("a", path);
    const pid_t child = fork();
    if (!child) {
        if (temporary_open(path, name) < 0) _exit(1);
        snprintf(below, sizeof below, "%s" TEMPORARY_FOLDER, name);
        if (mkdir(below, 0700)) _exit(1);
        snprintf(source, sizeof source, "%s/x.c", below);
        close(open(source, O_WRONLY | O_CREAT, 0600));
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    ok(count_files() == others + 2, "a killed process leaves a file and its folder");
    temporary_sweep(path);
    ok(count_files() == others, "which are swept");
}

int main(void) {
    char path[PATH_MAX];
    if (!mkdtemp(folder)) return 2;
    check_many();
    check_left();
    unlink(path_in("a", path));
    unlink(path_in("b", path));
    rmdir(folder);
    return unit_done();
}
