/** What every shard is doing, and the sessions that outlive its worker. */
@NullMarked
package gw.supervisor.shards;

import org.jspecify.annotations.NullMarked;
