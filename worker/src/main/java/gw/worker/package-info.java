/** One cluster's process: its entry point and its wiring. */
@NullMarked
package gw.worker;

import org.jspecify.annotations.NullMarked;
