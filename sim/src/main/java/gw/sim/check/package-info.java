/** Holds the ledger of what was sent against what a bot received. */
@NullMarked
package gw.sim.check;

import org.jspecify.annotations.NullMarked;
