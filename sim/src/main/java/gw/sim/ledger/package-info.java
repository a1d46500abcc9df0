/** What was sent, and which rules were broken. */
@NullMarked
package gw.sim.ledger;

import org.jspecify.annotations.NullMarked;
