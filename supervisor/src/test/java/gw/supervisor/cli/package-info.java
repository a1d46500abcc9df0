/** The gw command, seen from outside. */
@NullMarked
package gw.supervisor.cli;

import org.jspecify.annotations.NullMarked;
