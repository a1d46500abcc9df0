/** From WebSocket messages to payloads: transport and payload decompression. */
@NullMarked
package gw.worker.codec;

import org.jspecify.annotations.NullMarked;
