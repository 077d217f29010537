/* share: calls of trainer_share() of many sizes, one after another: every point is seen to once, in ranges that begin at whole
 * steps, and its result is there when the call is over; while threads come, go and fall asleep. */
#include "train.h"
#include <stdlib.h>
#include <string.h>

enum { POINTS = 1000 };

typedef struct Work {
    int *times, *sum; /* of each point */
    int step, add;
} Work;

static void part(const void *given, int from, int to) {
    const Work *work = given;
    if (from % work->step) abort();
    for (int i = from; i < to; i++) {
        work->times[i]++;
        work->sum[i] += work->add;
    }
}

static int try_call(unsigned number) {
    static int times[POINTS + 1], sum[POINTS + 1];
    const int count = (int)(number * 7919U % POINTS) + 1, step = (int)(number * 104729U % 37U) + 1;
    const Work work = {times, sum, step, (int)number};
    memset(times, 0, sizeof times);
    memset(sum, 0, sizeof sum);
    trainer_share(part, &work, count, step);
    for (int i = 0; i <= POINTS; i++)
        if (times[i] != (i < count) || sum[i] != (i < count ? (int)number : 0)) return 1;
    return 0;
}

static void rest(double seconds) {
    const double until = clock_seconds() + seconds;
    while (clock_seconds() < until) {}
}

int main(int argc, char **argv) {
    const long threads = argc > 1 ? atol(argv[1]) : 2, calls = argc > 2 ? atol(argv[2]) : 1000;
    int wrong = 0;
    for (int run = 0; run < 3; run++) {
        threads_start(threads, true);
        for (unsigned k = 0; k < (unsigned)calls; k++) {
            wrong += try_call(k);
            if (k % 97 == 0) rest(0.0002); /* they fall asleep */
            threads_timed(k % 3 ? 1e-3 : 2e-3, 10);
        }
        threads_end();
    }
    printf("%d wrong\n", wrong);
    return wrong > 0;
}
