@NullMarked
package gw.supervisor;

import org.jspecify.annotations.NullMarked;
