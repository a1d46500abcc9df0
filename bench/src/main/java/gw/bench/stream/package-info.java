/** The stream of events that the whole-system benchmark sends. */
@NullMarked
package gw.bench.stream;

import org.jspecify.annotations.NullMarked;
