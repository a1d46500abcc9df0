/* Times in nanoseconds, with an error of 1 % at most. Owned by one thread. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BITS 6
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS) << HISTOGRAM_BITS)

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
    int64_t max;
};

/* The first 2^BITS values have a bucket each; above that each power of two has 2^BITS of them. */
static inline void histogram_add(struct histogram *histogram, int64_t value) {
    uint64_t v = value < 0 ? 0 : (uint64_t)value;
    int shift = v >> HISTOGRAM_BITS == 0 ? 0 : 63 - __builtin_clzll(v) - HISTOGRAM_BITS;
    histogram->counts[((uint64_t)shift << HISTOGRAM_BITS) + (v >> shift)]++;
    histogram->total++;
    if (value > histogram->max) histogram->max = value;
}

/* What so large a share (0 to 1) of the values does not exceed; 0 when there are none. */
int64_t histogram_quantile(const struct histogram *histogram, double share);

#endif
