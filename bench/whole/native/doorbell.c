#include "doorbell.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fail.h"

void doorbell_init(struct doorbell *bell) {
    bell->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell->fd < 0) die("eventfd");
    pthread_mutex_init(&bell->mutex, NULL);
    pthread_cond_init(&bell->done, NULL);
    bell->work = NULL;
}

void doorbell_ring(struct doorbell *bell, void (*work)(void *argument), void *argument) {
    pthread_mutex_lock(&bell->mutex);
    bell->work = work;
    bell->argument = argument;
    uint64_t one = 1;
    if (write(bell->fd, &one, sizeof one) != sizeof one) die("eventfd");
    while (bell->work != NULL) pthread_cond_wait(&bell->done, &bell->mutex);
    pthread_mutex_unlock(&bell->mutex);
}

void doorbell_answer(struct doorbell *bell) {
    uint64_t rings;
    if (read(bell->fd, &rings, sizeof rings) != sizeof rings) return;
    pthread_mutex_lock(&bell->mutex);
    if (bell->work != NULL) {
        bell->work(bell->argument);
        bell->work = NULL;
        pthread_cond_signal(&bell->done);
    }
    pthread_mutex_unlock(&bell->mutex);
}
