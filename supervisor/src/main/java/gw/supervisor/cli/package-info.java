/** The gw command. */
@NullMarked
package gw.supervisor.cli;

import org.jspecify.annotations.NullMarked;
