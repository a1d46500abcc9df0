/** The supervisor's end of the links to its workers. */
@NullMarked
package gw.supervisor.link;

import org.jspecify.annotations.NullMarked;
