/** Kills and hinders a running gw for a while, then holds it to its promises. */
@NullMarked
package gw.chaos;

import org.jspecify.annotations.NullMarked;
