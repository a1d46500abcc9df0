/** Which shards there are and which worker holds which. */
@NullMarked
package gw.supervisor.plan;

import org.jspecify.annotations.NullMarked;
