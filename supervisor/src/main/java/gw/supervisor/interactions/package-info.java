/** Which interactions gw answers in the bot's place, when, and what came of it. */
@NullMarked
package gw.supervisor.interactions;

import org.jspecify.annotations.NullMarked;
