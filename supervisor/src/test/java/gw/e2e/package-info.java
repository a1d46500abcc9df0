/**
 * The real {@code bin/gw} with real worker JVMs against the sim: every event sent against every
 * event received.
 */
@NullMarked
package gw.e2e;

import org.jspecify.annotations.NullMarked;
