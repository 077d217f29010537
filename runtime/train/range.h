/* range: what the numbers of a target can be, as nnc tells the trainer; both compare targets with it. */
#ifndef NNC_RANGE_H
#define NNC_RANGE_H

#include <stdbool.h>

typedef enum TargetKind {
    TARGET_ANY,
    TARGET_BETWEEN,     /* low .. high, both belong to it */
    TARGET_VALUES,      /* one of some */
    TARGET_DISTRIBUTION /* probabilities, which sum to 1 over the last dimension */
} TargetKind;

typedef struct TargetRange {
    TargetKind kind;
    double low, high;
    const double *values;
    int nvalues;
    const char *rule; /* what goes on the number that is no target: "is out of reach of the output 'y', which is ..." */
    const char *cure;
} TargetRange;

/* Up to rounding, so that what lies at an end is right. */
bool range_allows(const TargetRange *range, double value);
bool range_is_whole(double sum); /* of probabilities that may have been rounded */

#endif
