/** How full the shards are, how fast they fill, and what is to be done about it. */
@NullMarked
package gw.supervisor.capacity;

import org.jspecify.annotations.NullMarked;
