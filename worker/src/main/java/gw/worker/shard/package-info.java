/** What a shard does: a pure state machine and its runner. */
@NullMarked
package gw.worker.shard;

import org.jspecify.annotations.NullMarked;
