/** The only issuer of identify tokens, in virtual time. */
@NullMarked
package gw.supervisor.identify;

import org.jspecify.annotations.NullMarked;
