/** Our log on disk against stores that could take its place. */
@NullMarked
package gw.bench.log;

import org.jspecify.annotations.NullMarked;
