@NullMarked
package gw.supervisor.json;

import org.jspecify.annotations.NullMarked;
