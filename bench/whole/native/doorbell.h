/* Runs a piece of work on another thread, the owner of some state, and waits for it. One caller at a time. */
#ifndef DOORBELL_H
#define DOORBELL_H

#include <pthread.h>
#include <stdbool.h>

struct doorbell {
    int fd; /* readable when work waits: the owner watches it */
    pthread_mutex_t mutex;
    pthread_cond_t done;
    void (*work)(void *argument);
    void *argument;
};

void doorbell_init(struct doorbell *bell);

/* From the other thread; returns when the work is done. */
void doorbell_ring(struct doorbell *bell, void (*work)(void *argument), void *argument);

/* On the owner's thread, when `fd` is readable. */
void doorbell_answer(struct doorbell *bell);

#endif
