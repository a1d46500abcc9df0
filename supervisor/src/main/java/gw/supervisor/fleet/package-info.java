/** Worker processes: launched, watched, replaced. */
@NullMarked
package gw.supervisor.fleet;

import org.jspecify.annotations.NullMarked;
