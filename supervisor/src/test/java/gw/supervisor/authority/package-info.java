@NullMarked
package gw.supervisor.authority;

import org.jspecify.annotations.NullMarked;
