/* progress: how training goes, on the screen: on a terminal one line that is drawn again and again, else a line now and then.
 */
#include "train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PLAIN_LINES = 25, SECONDS_BETWEEN_LINES = 30 };

double clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_start(Progress *progress, bool quiet, long epochs, const char *metric) {
    const char *terminal = getenv("TERM");
    memset(progress, 0, sizeof *progress);
    progress->quiet = quiet;
    progress->terminal = isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
    progress->every = epochs > PLAIN_LINES ? (epochs + PLAIN_LINES - 1) / PLAIN_LINES : 1;
    progress->metric = metric;
    progress->started = progress->drawn = clock_seconds();
}

/* 90 s, 12 min, 3.5 h */
static void print_time(double seconds) {
    if (seconds < 100)
        printf("%.0f s", seconds);
    else if (seconds < 6000)
        printf("%.0f min", seconds / 60);
    else
        printf("%.1f h", seconds / 3600);
}

static void print_speed(const Progress *progress, double now, double samples_left) {
    double elapsed = now - progress->started, speed = elapsed > 0 ? (double)progress->samples / elapsed : 0;
    if (speed <= 0) return;
    printf("  %.3g samples/s  ", speed);
    print_time(samples_left / speed);
    fputs(" left", stdout);
}

static void print_row(const Progress *progress, const EpochRow *row) {
    char last[16];
    printf("epoch %*ld/%ld  loss %-11.6g", snprintf(last, sizeof last, "%ld", row->epochs), row->epoch, row->epochs, row->loss);
    if (!isnan(row->validation_loss)) printf("  validation %-11.6g", row->validation_loss);
    if (!isnan(row->test_loss)) printf("  test %-11.6g", row->test_loss);
    if (!isnan(row->metric)) printf("  %s %.4g", progress->metric, row->metric);
}

static bool is_due(const Progress *progress, const EpochRow *row, double now, bool epoch_done) {
    if (progress->terminal) return now - progress->drawn >= 0.1 || row->epoch == row->epochs;
    if (epoch_done && (row->epoch == 1 || row->epoch == row->epochs || row->epoch % progress->every == 0)) return true;
    return now - progress->drawn >= SECONDS_BETWEEN_LINES;
}

/* row->epoch counts from 1; samples_left is of the whole training. */
void progress_show(Progress *progress, const EpochRow *row, double samples_left, bool epoch_done) {
    if (progress->quiet) return;
    double now = clock_seconds();
    if (!is_due(progress, row, now, epoch_done)) return;
    progress->drawn = now;
    if (progress->terminal) fputs("\r\033[K", stdout);
    print_row(progress, row);
    if (progress->terminal || now - progress->started > 10) print_speed(progress, now, samples_left);
    if (!progress->terminal) fputc('\n', stdout);
    progress->open = progress->terminal;
    fflush(stdout);
}

void progress_end(Progress *progress) {
    if (progress->open) fputc('\n', stdout);
    progress->open = false;
    fflush(stdout);
}
