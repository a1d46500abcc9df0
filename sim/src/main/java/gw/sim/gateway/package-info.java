/** The gateway's WebSocket side: sessions, rules, replay. */
@NullMarked
package gw.sim.gateway;

import org.jspecify.annotations.NullMarked;
