/** How full the shards are, counted in and out, over restarts and in virtual time. */
@NullMarked
package gw.supervisor.capacity;

import org.jspecify.annotations.NullMarked;
