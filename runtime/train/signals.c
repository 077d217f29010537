/* signals: SIGINT and SIGTERM. The first one is noted, so that training can finish the batch and save; a second one ends the
 * program at once. What a handler may touch must be global: this is the trainer's only variable of that kind. */
#include "train.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void note_signal(int number) {
    if (caught) _exit(128 + number);
    caught = number;
}

void signals_watch(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    sigemptyset(&action.sa_mask);
    caught = 0;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int signals_caught(void) {
    return (int)caught;
}
