/** Two generations of shards side by side: what both see is told from what only one has. */
@NullMarked
package gw.supervisor.reshard;

import org.jspecify.annotations.NullMarked;
