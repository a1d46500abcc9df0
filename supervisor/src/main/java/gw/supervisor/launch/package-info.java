/** How JVMs of gw's own are started. */
@NullMarked
package gw.supervisor.launch;

import org.jspecify.annotations.NullMarked;
