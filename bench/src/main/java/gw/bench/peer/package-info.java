/** A library that a user would pick instead of gw, set up to do gw's work. */
@NullMarked
package gw.bench.peer;

import org.jspecify.annotations.NullMarked;
