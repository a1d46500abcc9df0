/** The gw sim command. */
@NullMarked
package gw.sim.cli;

import org.jspecify.annotations.NullMarked;
