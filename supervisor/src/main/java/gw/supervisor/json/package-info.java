/** Small JSON documents as trees, without Jackson's databinding. */
@NullMarked
package gw.supervisor.json;

import org.jspecify.annotations.NullMarked;
