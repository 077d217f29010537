/* unit: what unit tests share: TAP lines, a small generator of random numbers, numbers for what programs are given. */
#ifndef UNIT_H
#define UNIT_H

#include "ir.h"
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int unit_tests, unit_failures; /* of this test program */

__attribute__((format(printf, 2, 3), unused)) static void ok(bool good, const char *format, ...) {
    va_list args;
    va_start(args, format);
    printf("%s %d - ", good ? "ok" : "not ok", ++unit_tests);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    fflush(stdout);
    if (!good) unit_failures++;
}

static int unit_done(void) {
    printf("1..%d\n", unit_tests);
    return unit_failures != 0;
}

static uint64_t unit_state = 1;

__attribute__((unused)) static uint64_t unit_bits(void) { /* SplitMix64 */
    uint64_t z = unit_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* SEED of the environment, 0 without: a number that what is drawn begins with. */
static uint64_t unit_seed(void) {
    const char *given = getenv("SEED");
    return given ? strtoull(given, NULL, 10) : 0;
}

/* From here on what is drawn depends on SEED and on this number alone, so that a part of a test draws the same without the
 * rest. */
__attribute__((unused)) static void unit_begin(uint64_t part) {
    unit_state = unit_seed();
    unit_state = unit_bits() + part;
}

/* lo .. hi, both ends in */
__attribute__((unused)) static int unit_int(int lo, int hi) {
    return lo + (int)(unit_bits() % (uint64_t)(hi - lo + 1));
}

__attribute__((unused)) static double unit_real(double lo, double hi) {
    return lo + (hi - lo) * (double)(unit_bits() >> 11) * 0x1p-53;
}

/* Does a program that is run have to be given its numbers? */
__attribute__((unused)) static bool unit_is_given(const Tensor *t) {
    return !tensor_is_computed(t) && t->role != ROLE_CONSTANT;
}

/* Numbers for it: from -most to most, or indices that there are. */
__attribute__((unused)) static void unit_fill(Memory *memory, const Tensor *t, double most) {
    double *v = memory_of(memory, t);
    for (long long k = 0; k < tensor_size(t); k++)
        v[k] = t->integer ? unit_int(0, t->values_below - 1) : unit_real(-most, most);
}

#endif
