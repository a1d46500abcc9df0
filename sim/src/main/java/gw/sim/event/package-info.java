/** Realistic dispatches, deterministic by seed. */
@NullMarked
package gw.sim.event;

import org.jspecify.annotations.NullMarked;
