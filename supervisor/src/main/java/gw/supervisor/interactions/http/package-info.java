/** Discord's callback route over HTTP. */
@NullMarked
package gw.supervisor.interactions.http;

import org.jspecify.annotations.NullMarked;
