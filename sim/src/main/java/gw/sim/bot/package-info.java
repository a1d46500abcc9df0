/** A bot that counts what it gets, and misbehaves on command. */
@NullMarked
package gw.sim.bot;

import org.jspecify.annotations.NullMarked;
