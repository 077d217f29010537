/* harness: repetitions between bursts. Samples a second of whatever works on samples in memory, next to the machine's peak.
 *
 * A repetition is a few milliseconds of work between two bursts of a fixed loop of multiply-adds. Where a burst takes much
 * longer than the fastest one, something else ran: the repetition does not count. The result is the median of those that do, or
 * of the five that were disturbed least.
 *
 * Two peaks, as a processor may lower its clock for what it is given: of multiply-adds that load their operands from the first
 * cache, as a product of matrices must (the bursts), and of multiply-adds of registers alone, which nothing useful reaches.
 *
 * Include it in one C file, after its #define _POSIX_C_SOURCE 200809L. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined __AVX512F__
enum { LANES = 16, COLUMNS = 4 };
#elif defined __AVX__
enum { LANES = 8, COLUMNS = 2 };
#else
enum { LANES = 4, COLUMNS = 2 };
#endif
typedef float vector __attribute__((vector_size(4 * LANES)));

/* A tile of ROWS x COLUMNS sums fits into the registers; its operands, DEPTH steps of them, into the first cache. */
enum { ROWS = 6, SUMS = ROWS * COLUMNS, DEPTH = 96, ROUNDS = 200, WARM = 1000 };
enum { SAMPLES = 4096, REPETITIONS = 1000 };
static const double slower = 1.15, window = 0.004;
static const double burst_operations = 2.0 * LANES * SUMS * DEPTH * ROUNDS;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What is computed is used, so that it can't be left out. */
static void use(const vector *a) {
    vector sum = a[0];
#pragma GCC unroll 24
    for (int k = 1; k < SUMS; k++) sum += a[k];
    volatile float sink = sum[0];
    (void)sink;
}

/* A product of matrices, ROWS x DEPTH by DEPTH x COLUMNS vectors, `rounds` times. */
__attribute__((noinline)) static void multiply(int rounds) {
    static vector b[DEPTH][COLUMNS];
    static float x[DEPTH][ROWS];
    for (int k = 0; k < DEPTH; k++) {
        for (int r = 0; r < ROWS; r++) x[k][r] = (float)(k - 2 * r) * 0.01F;
        for (int l = 0; l < COLUMNS * LANES; l++) b[k][l / LANES][l % LANES] = (float)(l - k) * 0.01F;
    }
    vector a[SUMS] = {{0}};
    for (int round = 0; round < rounds; round++) {
        for (int k = 0; k < DEPTH; k++) {
#pragma GCC unroll 24
            for (int n = 0; n < SUMS; n++) a[n] += b[k][n % COLUMNS] * x[k][n / COLUMNS];
        }
        __asm__ volatile("" ::: "memory"); /* the operands are loaded again */
    }
    use(a);
}

/* Seconds for multiply-adds that load their operands. A processor that has just done something else takes a moment to find
 * the clock for them, which is not counted. */
static double burst(void) {
    multiply(WARM);
    const double start = now();
    multiply(ROUNDS);
    return now() - start;
}

/* Seconds for as many multiply-adds of what is in registers, after a burst. */
static double register_burst(void) {
    vector a[SUMS], x, y;
    for (int k = 0; k < LANES; k++) x[k] = 1e-9F * (float)k, y[k] = 0.5F;
#pragma GCC unroll 24
    for (int k = 0; k < SUMS; k++) a[k] = x * (float)(k + 1); /* unrolled as below: else they live in memory */
    const double start = now();
    for (int r = 0; r < DEPTH * ROUNDS; r++) {
#pragma GCC unroll 24
        for (int k = 0; k < SUMS; k++) a[k] = a[k] * y + x; /* different sums, so that none can be left out */
    }
    const double end = now();
    use(a);
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

/* Prints: samples/s, peak GFLOP/s of multiply-adds that load, of those in registers, share of repetitions that were left out.
 */
static void bench(Work *work, size_t batch, double seconds) {
    static Repetition found[REPETITIONS];
    const double until = now() + seconds;
    int n = 0;
    double fastest = 1e9, registers = 1e9, left_out;
    measure(work, batch);
    for (; n < REPETITIONS && (n < 5 || now() < until); n++) {
        const double before = burst();
        found[n].speed = measure(work, batch);
        const double after = burst();
        found[n].slowest = fmax(before, after);
        fastest = fmin(fastest, fmin(before, after));
        registers = fmin(registers, register_burst());
    }
    const double speed = median(found, n, fastest, &left_out);
    printf("%.6g %.4g %.4g %.2f\n", speed, 1e-9 * burst_operations / fastest, 1e-9 * burst_operations / registers, left_out);
}
