/* threads: what one step of training takes, shared.
 *
 * One thread trains. The loops that it shares are cut into pieces, a bit each in one word; who clears a bit does that piece.
 * The thread that trains does pieces as well and in the end waits only for those that others have begun, so a helper that is
 * asleep, or has no processor, costs nothing but its help. The pieces are whole steps of the loop, and no number depends on who
 * works it out, nor when: the same bits for any number of threads.
 *
 * A helper without work looks for some for a while, then sleeps. How many take part is what was asked for; else, when the first
 * chunks of training have been timed with one, with half, and with all that the machine has, what was fastest. */
#include "train.h"
#ifdef __GNUC__
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { MOST_THREADS = 64, MOST_PIECES = 32, PIECES_EACH = 4, CHOICES = 3, TRIALS = 5 };
#define PATIENCE 50e-6 /* seconds without work until a helper sleeps: waking it takes about as long */
#define GAIN 0.9       /* of one thread's time: several must take less to be worth their power */

typedef struct Call { /* of trainer_share() */
    SharePart *part;
    const void *given;
    int count, step, pieces;
} Call;

static struct {
    pthread_t thread[MOST_THREADS]; /* from 1 on */
    int started, used;              /* threads, the first one included: that there are, that take part */
    Call call;
    uint64_t open; /* the number of the call, 32 bits; a bit for each piece that nobody has begun */
    int finished;  /* pieces */
    int asleep;    /* of those that take part */
    bool ending;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    /* the choice of how many take part */
    int choice[CHOICES], choices, trial;
    double least[CHOICES]; /* seconds for one sample */
} pool = {.started = 1, .used = 1, .mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

/* ---- pieces */

/* Read while the next call may be written; then the piece is not had. */
static Call call_now(void) {
    return (Call){__atomic_load_n(&pool.call.part, __ATOMIC_RELAXED), __atomic_load_n(&pool.call.given, __ATOMIC_RELAXED),
                  __atomic_load_n(&pool.call.count, __ATOMIC_RELAXED), __atomic_load_n(&pool.call.step, __ATOMIC_RELAXED),
                  __atomic_load_n(&pool.call.pieces, __ATOMIC_RELAXED)};
}

/* Everyone begins at a place of his own, so that step after step he has the same numbers in his cache. */
static int next_piece(int who, int used, int pieces, uint32_t open) {
    int k = pieces ? (int)((long long)who * pieces / used) % pieces : 0;
    for (int n = 0; n < pieces && !(open >> k & 1); n++) k = k + 1 < pieces ? k + 1 : 0;
    return k;
}

static void do_piece(const Call *call, int k) {
    const long long units = (call->count - 1) / call->step + 1;
    const long long from = units * k / call->pieces * call->step, to = units * (k + 1) / call->pieces * call->step;
    call->part(call->given, (int)from, to < call->count ? (int)to : call->count);
    __atomic_add_fetch(&pool.finished, 1, __ATOMIC_RELEASE);
}

/* Does a piece, if there is one. */
static bool help(int who) {
    uint64_t open = __atomic_load_n(&pool.open, __ATOMIC_ACQUIRE);
    while ((uint32_t)open) {
        const Call call = call_now();
        const int k = next_piece(who, __atomic_load_n(&pool.used, __ATOMIC_RELAXED), call.pieces, (uint32_t)open);
        const uint64_t rest = open & ~(UINT64_C(1) << k);
        if (rest == open || !__atomic_compare_exchange_n(&pool.open, &open, rest, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
            open = __atomic_load_n(&pool.open, __ATOMIC_ACQUIRE);
            continue;
        }
        do_piece(&call, k);
        return true;
    }
    return false;
}

/* ---- waiting */

static void pause_briefly(void) {
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("yield");
#endif
}

/* Until there is work for this one. Whoever shares looks at `asleep` after `open` was written, this one the other way round. */
static void sleep_until_work(int who) {
    pthread_mutex_lock(&pool.mutex);
    while (!pool.ending) {
        const bool takes_part = who < __atomic_load_n(&pool.used, __ATOMIC_RELAXED);
        __atomic_add_fetch(&pool.asleep, takes_part, __ATOMIC_SEQ_CST);
        const bool work = takes_part && (uint32_t)__atomic_load_n(&pool.open, __ATOMIC_SEQ_CST);
        if (!work) pthread_cond_wait(&pool.wake, &pool.mutex);
        __atomic_sub_fetch(&pool.asleep, takes_part, __ATOMIC_SEQ_CST);
        if (work) break;
    }
    pthread_mutex_unlock(&pool.mutex);
}

static void wake_all(void) {
    pthread_mutex_lock(&pool.mutex);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.mutex);
}

static bool is_ending(void) {
    return __atomic_load_n(&pool.ending, __ATOMIC_RELAXED);
}

static void *help_on(void *number) {
    const int who = (int)(intptr_t)number;
    while (!is_ending()) {
        const double since = clock_seconds();
        bool work = false;
        while (!work && !is_ending() && clock_seconds() - since < PATIENCE)
            for (int k = 0; k < 32 && !work; k++) {
                work = who < __atomic_load_n(&pool.used, __ATOMIC_RELAXED) && help(who);
                pause_briefly();
            }
        if (!work) sleep_until_work(who);
    }
    return NULL;
}

/* ---- what is shared */

static void publish(const Call *call) {
    const uint64_t number = (__atomic_load_n(&pool.open, __ATOMIC_RELAXED) >> 32) + 1;
    __atomic_store_n(&pool.call.part, call->part, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.call.given, call->given, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.call.count, call->count, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.call.step, call->step, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.call.pieces, call->pieces, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.finished, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&pool.open, number << 32 | ((UINT64_C(1) << call->pieces) - 1), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&pool.asleep, __ATOMIC_SEQ_CST)) wake_all();
}

void trainer_share(SharePart *part, const void *given, int count, int step) {
    enum { SPINS = 4096 }; /* then the processor may be needed by those that are waited for */
    if (pool.used < 2 || count <= step) {
        part(given, 0, count);
        return;
    }
    Call call = {part, given, count, step, (count - 1) / step + 1};
    if (call.pieces > PIECES_EACH * pool.used) call.pieces = PIECES_EACH * pool.used;
    if (call.pieces > MOST_PIECES) call.pieces = MOST_PIECES;
    publish(&call);
    while (help(0)) {}
    for (int k = 0; __atomic_load_n(&pool.finished, __ATOMIC_ACQUIRE) < call.pieces; k++) {
        pause_briefly();
        if (k > SPINS) sched_yield();
    }
}

/* ---- how many */

static void use(int threads) {
    __atomic_store_n(&pool.used, threads, __ATOMIC_RELAXED);
    wake_all();
}

/* Signals are for the first one. */
static void start(int threads) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.started < threads && !pthread_create(&pool.thread[pool.started], NULL, help_on,
                                                     (void *)(intptr_t)pool.started)) // NOLINT(performance-no-int-to-ptr)
        pool.started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void threads_start(long asked, bool shares) {
    const bool chosen = asked > 0;
    const long there = chosen ? asked : sysconf(_SC_NPROCESSORS_ONLN);
    pool.choices = 0;
    if (!shares || there < 2) return;
    start(there > MOST_THREADS ? MOST_THREADS : (int)there);
    for (int threads = pool.started; threads > 1 && pool.choices + 1 < CHOICES; threads /= 2)
        pool.choice[pool.choices++] = threads;
    pool.choice[pool.choices++] = 1;
    if (chosen) pool.choices = 0;
    pool.trial = 0;
    for (int k = 0; k < CHOICES; k++) pool.least[k] = INFINITY;
    use(pool.started);
}

static int fastest(void) {
    int best = pool.choices - 1;
    const double most = GAIN * pool.least[best];
    for (int k = 0; k + 1 < pool.choices; k++)
        if (pool.least[k] < most && pool.least[k] < pool.least[best]) best = k;
    return pool.choice[best];
}

void threads_timed(double seconds, size_t samples) {
    if (!pool.choices || !samples) return;
    double *least = &pool.least[pool.trial % pool.choices];
    if (seconds / (double)samples < *least) *least = seconds / (double)samples;
    pool.trial++;
    if (pool.trial < TRIALS * pool.choices) {
        use(pool.choice[pool.trial % pool.choices]);
        return;
    }
    use(fastest());
    pool.choices = 0;
}

void threads_end(void) {
    pthread_mutex_lock(&pool.mutex);
    __atomic_store_n(&pool.ending, true, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.mutex);
    while (pool.started > 1) pthread_join(pool.thread[--pool.started], NULL);
    pool.used = 1;
    pool.ending = false;
}

#else /* without what gcc and clang know of memory that threads share, there is one */

void trainer_share(SharePart *part, const void *given, int count, int step) {
    (void)step;
    part(given, 0, count);
}

void threads_start(long asked, bool shares) {
    (void)asked;
    (void)shares;
}

void threads_timed(double seconds, size_t samples) {
    (void)seconds;
    (void)samples;
}

void threads_end(void) {}
#endif
