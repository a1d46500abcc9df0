/** A strict fake Discord for tests and trials. */
@NullMarked
package gw.sim;

import org.jspecify.annotations.NullMarked;
