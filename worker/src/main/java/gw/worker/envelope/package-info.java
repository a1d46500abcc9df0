/** Finds the few fields of a payload that routing needs, without parsing it. */
@NullMarked
package gw.worker.envelope;

import org.jspecify.annotations.NullMarked;
