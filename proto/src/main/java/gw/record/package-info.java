/** The one format of an event on the link, in the log and in memory. */
@NullMarked
package gw.record;

import org.jspecify.annotations.NullMarked;
