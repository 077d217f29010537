/* guard: memory whose bounds are watched. It holds what is no number, ends where the next page cannot be touched, and what lies
 * before it is looked at after every call. */
#ifndef GUARD_H
#define GUARD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROOMS = 64, BEFORE = 0x5a };

typedef struct Room {
    unsigned char *begin, *at;
    size_t bytes; /* from begin on, all pages but the one behind */
} Room;

static Room rooms[ROOMS];

static size_t page(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

static Room *room_of(const void *at) {
    int k = 0;
    while (k < ROOMS && rooms[k].at != at) k++;
    if (k == ROOMS) abort();
    return &rooms[k];
}

static void *room(size_t bytes) {
    Room *r = room_of(NULL);
    r->bytes = (bytes / page() + 2) * page();
    r->begin = (unsigned char *)mmap(NULL, r->bytes + page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (r->begin == MAP_FAILED || mprotect(r->begin + r->bytes, page(), PROT_NONE)) exit(3);
    r->at = r->begin + r->bytes - bytes;
    memset(r->begin, BEFORE, r->bytes - bytes);
    memset(r->at, 0xff, bytes);
    return r->at;
}

static void leave(void *at) {
    Room *r = room_of(at);
    munmap(r->begin, r->bytes + page());
    r->at = NULL;
}

/* From now on nobody may write there. */
static void keep(void *at) {
    const Room *r = room_of(at);
    if (mprotect(r->begin, r->bytes, PROT_READ)) exit(3);
}

/* Nothing has written before what it was given. */
static void intact(const char *call) {
    for (const Room *r = rooms; r < rooms + ROOMS; r++)
        for (const unsigned char *p = r->begin; r->at && p < r->at; p++)
            if (*p != BEFORE) {
                fprintf(stderr, "%s wrote %td bytes before an array\n", call, r->at - p);
                exit(4);
            }
}

#endif
