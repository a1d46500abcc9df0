/** The control API's server. */
@NullMarked
package gw.supervisor.control;

import org.jspecify.annotations.NullMarked;
