package gw.sim.event;

import java.util.List;

/** What comes of people writing: messages, reactions, typing, threads, interactions. */
final class MessageEvents {
    private final Things things;

    MessageEvents(Things things) {
        this.things = things;
    }

    JsonObject typing() {
        JsonObject event =
                things.object()
                        .text("user_id", things.id())
                        .number("timestamp", 1_790_000_000L + things.random.nextInt(1 << 20))
                        .text("channel_id", things.id())
                        .guild();
        return things.random.nextInt(4) == 0
                ? event
                : event.object(
                        "member",
                        things.object()
                                .list("roles", things.ids(2))
                                .object("user", things.object().text("id", things.id())));
    }

    JsonObject created() {
        return body(things.random.nextInt(40) == 0 ? 2_000 : 20 + things.random.nextInt(220))
                .object("member", things.member())
                .guild();
    }

    JsonObject direct() {
        return body(20 + things.random.nextInt(300));
    }

    JsonObject updated() {
        return created().text("edited_timestamp", things.time());
    }

    JsonObject deleted() {
        return things.object().newId("id").text("channel_id", things.id()).guild();
    }

    private JsonObject body(int chars) {
        JsonObject message =
                things.object()
                        .number("type", 0)
                        .flag("tts", false)
                        .text("timestamp", things.time())
                        .flag("pinned", false)
                        .text("nonce", things.id())
                        .list("mentions", things.some(1, things::user))
                        .list("mention_roles", things.ids(2))
                        .flag("mention_everyone", false)
                        .newId("id")
                        .number("flags", 0)
                        .list("embeds", embeds())
                        .text("content", things.words.content(chars))
                        .list("components", List.of())
                        .number("channel_type", 0)
                        .text("channel_id", things.id())
                        .object("author", things.user())
                        .list(
                                "attachments",
                                things.random.nextInt(8) == 0
                                        ? things.some(3, things::attachment)
                                        : List.of());
        return switch (things.random.nextInt(8)) {
            case 0 -> message.object("message_reference", reference());
            case 1 -> message.object("referenced_message", things.misleading());
            default -> message;
        };
    }

    private List<String> embeds() {
        return things.random.nextInt(10) == 0 ? things.some(2, things::embed) : List.of();
    }

    /** A crosspost names another guild than its own. */
    private JsonObject reference() {
        return things.object()
                .number("type", 0)
                .text("message_id", things.id())
                .text("guild_id", things.id())
                .text("channel_id", things.id());
    }

    JsonObject reaction() {
        return things.object()
                .text("user_id", things.id())
                .number("type", 0)
                .text("message_id", things.id())
                .text("message_author_id", things.id())
                .object("emoji", things.emoji())
                .text("channel_id", things.id())
                .flag("burst", false)
                .guild();
    }

    JsonObject reactionAdded() {
        return reaction().object("member", things.memberWithUser());
    }

    JsonObject threadCreated() {
        return things.thread().flag("newly_created", true).guild();
    }

    JsonObject interaction() {
        return things.object()
                .number("version", 1)
                .number("type", 2)
                .text("token", things.hex() + things.hex() + things.hex())
                .object("member", things.memberWithUser().text("permissions", "562949953421311"))
                .text("locale", "en-GB")
                .newId("id")
                .object("guild", things.object().text("locale", "en-US").text("id", things.id()))
                .text("guild_locale", "en-US")
                .list("entitlements", List.of())
                .object("data", command())
                .text("channel_id", things.id())
                .object("channel", things.channel().text("guild_id", things.id()))
                .number("context", 0)
                .text("application_id", things.id())
                .text("app_permissions", "2248473465835073")
                .guild();
    }

    private JsonObject command() {
        return things.object()
                .number("type", 3)
                .object(
                        "resolved",
                        things.object()
                                .object("messages", things.object().object(things.id(), created())))
                .list(
                        "options",
                        things.some(
                                4,
                                () ->
                                        things.object()
                                                .text("name", things.words.name())
                                                .number("type", 3)
                                                .text("value", things.words.content(120))))
                .text("name", "search")
                .text("id", things.id());
    }

    JsonObject entitlement() {
        return things.object()
                .text("user_id", things.id())
                .number("type", 8)
                .nothing("starts_at")
                .text("sku_id", things.id())
                .newId("id")
                .nothing("guild_id")
                .nothing("ends_at")
                .flag("deleted", false)
                .flag("consumed", false)
                .text("application_id", things.id());
    }

    JsonObject self() {
        return things.user()
                .flag("verified", true)
                .flag("mfa_enabled", true)
                .nothing("email")
                .flag("bot", true);
    }
}
