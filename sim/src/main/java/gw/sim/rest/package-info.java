/** The REST routes. */
@NullMarked
package gw.sim.rest;

import org.jspecify.annotations.NullMarked;
