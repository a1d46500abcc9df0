/** One WebSocket connection to Discord's gateway. */
@NullMarked
package gw.worker.socket;

import org.jspecify.annotations.NullMarked;
