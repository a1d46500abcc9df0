/** One issuer of identify tokens for several supervisors of one bot. */
@NullMarked
package gw.supervisor.authority;

import org.jspecify.annotations.NullMarked;
