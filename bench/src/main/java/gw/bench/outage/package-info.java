/** How gw stands a bot that is away for long. */
@NullMarked
package gw.bench.outage;

import org.jspecify.annotations.NullMarked;
