/** The words that gw's processes share. No dependencies. */
@NullMarked
package gw.model;

import org.jspecify.annotations.NullMarked;
