/** Delivery by HTTP POST. */
@NullMarked
package gw.supervisor.delivery.http;

import org.jspecify.annotations.NullMarked;
