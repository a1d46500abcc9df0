package gw.supervisor;

import gw.supervisor.plan.GenerationSpec;

/**
 * A reshard that was decided.
 *
 * @param spec the generation that is to take over
 * @param ordered whether a person wanted it
 * @param now whether the session start limit's reserve may be used
 * @param reason in words
 */
record ReshardOrder(GenerationSpec spec, boolean ordered, boolean now, String reason) {}
