/** The only issuer of identify tokens. */
@NullMarked
package gw.supervisor.identify;

import org.jspecify.annotations.NullMarked;
