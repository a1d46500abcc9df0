package gw.supervisor.shards;

/**
 * The bot as READY names it.
 *
 * @param id its user id
 * @param name for people
 */
public record BotUser(long id, String name) {}
