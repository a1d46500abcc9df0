/** The state directory: who owns it and where things lie in it. */
@NullMarked
package gw.supervisor.state;

import org.jspecify.annotations.NullMarked;
