/* Ends the program with a message when going on makes no sense. */
#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

/* Exit code 1; a message of errno is added when it is not 0. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Exit code 2: the command line was not understood. */
_Noreturn void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory, or the end of the program. */
void *must_alloc(size_t bytes);
void *must_alloc_zeroed(size_t count, size_t size);
void *must_realloc(void *old, size_t bytes);

#endif
