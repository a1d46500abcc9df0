/** From cursor to consumer, with order and retries. */
@NullMarked
package gw.supervisor.delivery;

import org.jspecify.annotations.NullMarked;
