/** Holds the structure of the code against the arrows in docs/architecture.md. */
@NullMarked
package gw.architecture;

import org.jspecify.annotations.NullMarked;
