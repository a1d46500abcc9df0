@NullMarked
package gw.worker;

import org.jspecify.annotations.NullMarked;
