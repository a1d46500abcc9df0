package gw.supervisor.interactions;

import gw.model.Secret;

/**
 * What of an interaction is needed to answer it. Immutable; both texts fit into a URL's path as
 * they are.
 *
 * @param id its snowflake, digits alone
 * @param type 1 PING, 2 APPLICATION_COMMAND, 3 MESSAGE_COMPONENT, 4 AUTOCOMPLETE, 5 MODAL_SUBMIT,
 *     or one that is not known yet
 * @param token whoever has it may answer, so it is never shown (P8)
 */
public record InteractionFacts(String id, int type, Secret token) {}
