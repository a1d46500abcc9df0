/** The worker's end of the link to its supervisor. */
@NullMarked
package gw.worker.link;

import org.jspecify.annotations.NullMarked;
