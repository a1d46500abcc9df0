/** What the user chose: command line, environment and file, parsed once. */
@NullMarked
package gw.supervisor.config;

import org.jspecify.annotations.NullMarked;
