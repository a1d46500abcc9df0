/** From one generation of shards to the next: nothing lost, nothing doubled, in order. */
@NullMarked
package gw.supervisor.reshard;

import org.jspecify.annotations.NullMarked;
