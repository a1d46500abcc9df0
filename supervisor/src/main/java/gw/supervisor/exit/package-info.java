/** How the command ends: exit codes and errors for people. */
@NullMarked
package gw.supervisor.exit;

import org.jspecify.annotations.NullMarked;
