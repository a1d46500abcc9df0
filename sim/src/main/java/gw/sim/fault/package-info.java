/** What goes wrong, on command or by a seeded schedule. */
@NullMarked
package gw.sim.fault;

import org.jspecify.annotations.NullMarked;
