/* range: what the numbers of a target can be. */
#include "range.h"
#include <math.h>

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
bool range_is_whole(double sum) {
    return fabs(sum - 1) <= 0.05;
}
