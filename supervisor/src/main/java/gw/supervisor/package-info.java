/** The process that owns all durable state: its wiring. */
@NullMarked
package gw.supervisor;

import org.jspecify.annotations.NullMarked;
