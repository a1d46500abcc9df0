#include "histogram.h"

#include <math.h>

int64_t histogram_quantile(const struct histogram *histogram, double share) {
    if (histogram->total == 0) return 0;
    uint64_t wanted = (uint64_t)ceil(share * (double)histogram->total);
    if (wanted == 0) wanted = 1;
    uint64_t seen = 0;
    for (uint64_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen < wanted) continue;
        uint64_t shift = bucket >> HISTOGRAM_BITS;
        if (shift > 0) shift--;
        uint64_t low = (bucket - (shift << HISTOGRAM_BITS)) << shift;
        int64_t middle = (int64_t)(low + ((1ULL << shift) >> 1));
        return middle < histogram->max ? middle : histogram->max;
    }
    return histogram->max;
}
