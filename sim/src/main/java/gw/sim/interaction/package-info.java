/** Interactions and what Discord lets a bot do with each: its 3 s, its 15 min, its limits. */
@NullMarked
package gw.sim.interaction;

import org.jspecify.annotations.NullMarked;
