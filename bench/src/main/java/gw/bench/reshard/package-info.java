/** What a reshard under load costs a bot, and whether it loses anything by it. */
@NullMarked
package gw.bench.reshard;

import org.jspecify.annotations.NullMarked;
