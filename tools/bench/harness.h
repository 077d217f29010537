/* harness: repetitions between bursts. Samples a second of whatever works on samples in memory, next to the machine's peak.
 *
 * A repetition is a few milliseconds of work between two bursts of a fixed loop of multiply-adds. Where a burst takes much
 * longer than the fastest one, something else ran: the repetition does not count. The result is the median of those that do, or
 * of the five that were disturbed least.
 *
 * Include it in one C file, after its #define _POSIX_C_SOURCE 200809L. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLES = 4096, REPETITIONS = 1000, SUMS = 24, ROUNDS = 20000 };
static const double slower = 1.15, window = 0.004;

#if defined __AVX512F__
enum { LANES = 16 };
#elif defined __AVX__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
typedef float vector __attribute__((vector_size(4 * LANES)));

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds for ROUNDS * SUMS vector multiply-adds that do not wait for each other. */
static double burst(void) {
    vector a[SUMS], x, y;
    for (int k = 0; k < LANES; k++) x[k] = 1e-9F * (float)k, y[k] = 0.5F;
#pragma GCC unroll 24
    for (int k = 0; k < SUMS; k++) a[k] = x * (float)(k + 1); /* unrolled as below: else they live in memory */
    const double start = now();
    for (int r = 0; r < ROUNDS; r++) {
#pragma GCC unroll 24
        for (int k = 0; k < SUMS; k++) a[k] = a[k] * y + x; /* different sums, so that none can be left out */
    }
    const double end = now();
#pragma GCC unroll 24
    for (int k = 1; k < SUMS; k++) a[0] += a[k];
    volatile float sink = a[0][0];
    (void)sink;
    return end - start;
}

static float *numbers(size_t n) {
    static uint64_t state = 1;
    float *x = (float *)malloc(n * sizeof *x);
    if (!x) exit(1);
    for (size_t k = 0; k < n; k++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        x[k] = (float)(state >> 40) * 0x1p-24F - 0.5F;
    }
    return x;
}

/* A class for each sample. */
static float *targets(const float *x, size_t inputs, size_t outputs) {
    float *t = (float *)calloc(SAMPLES * outputs, sizeof *t);
    if (!t) exit(1);
    for (size_t s = 0; s < SAMPLES; s++) t[s * outputs + (size_t)(fabsf(x[s * inputs]) * 1e4F) % outputs] = 1;
    return t;
}

/* Works on n samples from number `at` on. */
typedef void Work(size_t at, size_t n);

/* For a while, in pieces of whole batches; samples a second. */
static double measure(Work *work, size_t batch) {
    static size_t at = 0;
    const double start = now();
    double end;
    size_t done = 0;
    do {
        const size_t n = batch * (1 + 64 / batch);
        if (at + n > SAMPLES) at = 0;
        work(at, n);
        done += n;
        at += n;
        end = now();
    } while (end - start < window);
    return (double)done / (end - start);
}

typedef struct Repetition {
    double speed, slowest; /* of the bursts around it, in seconds */
} Repetition;

static int by_speed(const void *a, const void *b) {
    const double x = ((const Repetition *)a)->speed, y = ((const Repetition *)b)->speed;
    return (x > y) - (x < y);
}

static int by_burst(const void *a, const void *b) {
    const double x = ((const Repetition *)a)->slowest, y = ((const Repetition *)b)->slowest;
    return (x > y) - (x < y);
}

/* Of those that nothing disturbed, or of the few that were disturbed least. */
static double median(Repetition *found, int n, double fastest, double *left_out) {
    enum { FEWEST = 5 };
    int good = 0;
    qsort(found, (size_t)n, sizeof *found, by_burst);
    while (good < n && found[good].slowest < slower * fastest) good++;
    *left_out = 1 - (double)good / n;
    if (good < FEWEST) good = n < FEWEST ? n : FEWEST;
    qsort(found, (size_t)good, sizeof *found, by_speed);
    return found[good / 2].speed;
}

/* Prints: samples/s, peak GFLOP/s, share of repetitions that were left out. */
static void bench(Work *work, size_t batch, double seconds) {
    static Repetition found[REPETITIONS];
    const double until = now() + seconds;
    int n = 0;
    double fastest = 1e9, left_out;
    measure(work, batch);
    for (; n < REPETITIONS && (n < 5 || now() < until); n++) {
        const double before = burst();
        found[n].speed = measure(work, batch);
        const double after = burst();
        found[n].slowest = fmax(before, after);
        fastest = fmin(fastest, fmin(before, after));
    }
    const double speed = median(found, n, fastest, &left_out);
    printf("%.6g %.4g %.2f\n", speed, 2e-9 * LANES * SUMS * ROUNDS / fastest, left_out);
}
