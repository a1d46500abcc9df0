/**
 * What each part of an event's way costs by itself: nanoseconds and bytes of garbage, by JMH.
 * {@code bench/parts} runs them.
 *
 * <p>Two classes of this module stand in packages of gw, for what they need is package-private
 * there and is to stay so: {@link gw.supervisor.delivery.http.RequestEncode} and {@link
 * gw.sim.gateway.CompressedStream}. That works because gw has no module descriptors and no sealed
 * jars: on one class path, a package of two places is one package.
 */
@NullMarked
package gw.bench.parts;

import org.jspecify.annotations.NullMarked;
