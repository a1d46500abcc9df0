/** The queue of events, behind cursors. */
@NullMarked
package gw.supervisor.log;

import org.jspecify.annotations.NullMarked;
