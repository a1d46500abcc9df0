/** Tests of what stands between the packages. */
@NullMarked
package gw.supervisor;

import org.jspecify.annotations.NullMarked;
