/* range: what the numbers of a target can be. */
#include "range.h"
#include <math.h>
#include <stdio.h>

static bool is_near(double value, double wanted) {
    return isfinite(wanted) && fabs(value - wanted) <= 1e-6 * (1 + fabs(wanted));
}

static bool is_between(double value, double low, double high) {
    return (value >= low && value <= high) || is_near(value, low) || is_near(value, high);
}

bool range_allows(const TargetRange *range, double value) {
    if (range->kind == TARGET_BETWEEN) return is_between(value, range->low, range->high);
    if (range->kind == TARGET_DISTRIBUTION) return is_between(value, 0, 1);
    for (int k = 0; k < range->nvalues; k++)
        if (is_near(value, range->values[k])) return true;
    return range->kind == TARGET_ANY;
}

/* Twelve classes of 0.08 each, as someone rounded them, sum to 0.96. */
static bool is_whole(double sum) {
    return fabs(sum - 1) <= 0.05;
}

bool range_check(RangeCheck *check, double number) {
    check->value = number;
    check->summed = false;
    if (!range_allows(check->range, number)) return false;
    if (check->range->kind != TARGET_DISTRIBUTION) return true;
    check->sum += number;
    if (++check->n != check->classes) return true;
    check->value = check->sum;
    check->summed = true;
    check->n = 0;
    check->sum = 0;
    return is_whole(check->value);
}

const char *range_problem(const RangeCheck *check, char *text, size_t size) {
    snprintf(text, size, "%s%.10g %s", check->summed ? "what sums to " : "", check->value, check->range->rule);
    return text;
}

/* ---- what to do */

bool range_see(RangeNumbers *numbers, double number) {
    enum { MOST = sizeof numbers->at / sizeof *numbers->at };
    for (int k = 0; k < numbers->n; k++)
        if (numbers->at[k] == number) return numbers->n < MOST;
    if (numbers->n < MOST) numbers->at[numbers->n++] = number;
    return numbers->n < MOST;
}

const char *range_cure(const TargetRange *range, const RangeNumbers *numbers, bool binary, char *text, size_t size) {
    const double a = fmin(numbers->at[0], numbers->at[1]), b = fmax(numbers->at[0], numbers->at[1]);
    if (!binary || numbers->n != 2 || a != floor(a) || b != floor(b)) return range->cure;
    snprintf(text, size, "if %.10g and %.10g are two classes, name them in data: classes = [%.10g, %.10g]", a, b, a, b);
    return text;
}

bool range_excludes_classes(const TargetRange *range, char *text, size_t size) {
    const bool zero = range_allows(range, 0);
    if (zero && range_allows(range, 1)) return false;
    snprintf(text, size, "classes are told by 0 and 1, and %d %s", zero ? 1 : 0, range->rule);
    return true;
}
