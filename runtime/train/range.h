/* range: what the numbers of a target can be, as nnc tells the trainer; both compare targets with it, and say in the same words
 * what is wrong with one and what to do. */
#ifndef NNC_RANGE_H
#define NNC_RANGE_H

#include <stdbool.h>
#include <stddef.h>

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

typedef struct RangeCheck { /* the numbers of a target, one after another; starts with the first two members */
    const TargetRange *range;
    int classes; /* numbers of a distribution, and what it has of them so far */
    int n;
    double sum;
    double value; /* what was looked at last: a number, or what a distribution sums to */
    bool summed;
} RangeCheck;

/* Is the next number a target, and does it make a distribution whole? */
bool range_check(RangeCheck *check, double number);
/* If not: what is wrong. */
const char *range_problem(const RangeCheck *check, char *text, size_t size);

typedef struct RangeNumbers { /* the first different numbers of targets: if there are just two, they may be classes */
    double at[3];
    int n;
} RangeNumbers;

bool range_see(RangeNumbers *numbers, double number); /* false: there are more than two */
/* What to do about a number that is no target. `binary`: the output could tell two classes apart. */
const char *range_cure(const TargetRange *range, const RangeNumbers *numbers, bool binary, char *text, size_t size);

/* A class is told by ones and zeros: is one of them no target? Says which. */
bool range_excludes_classes(const TargetRange *range, char *text, size_t size);
#define RANGE_CLASSES_CURE "give numbers, or take another loss"

#endif
