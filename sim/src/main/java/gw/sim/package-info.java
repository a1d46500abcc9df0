@NullMarked
package gw.sim;

import org.jspecify.annotations.NullMarked;
