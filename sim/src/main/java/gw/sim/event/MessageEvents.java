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

    /** A command, a component, an autocomplete or a modal, each as often as people do it. */
    JsonObject interaction() {
        int dice = things.random.nextInt(10);
        int type = dice < 5 ? 2 : dice < 8 ? 3 : dice < 9 ? 4 : 5;
        JsonObject event = interaction(type);
        return type == 3 ? event.object("message", created()) : event;
    }

    private JsonObject interaction(int type) {
        return things.object()
                .number("version", 1)
                .number("type", type)
                .json("token", newToken())
                .object("member", things.memberWithUser().text("permissions", "562949953421311"))
                .text("locale", "en-GB")
                .newId("id")
                .object("guild", things.object().text("locale", "en-US").text("id", things.id()))
                .text("guild_locale", "en-US")
                .list("entitlements", List.of())
                .object(
                        "data",
                        switch (type) {
                            case 3 -> component();
                            case 5 -> modal();
                            default -> command(type == 4);
                        })
                .text("channel_id", things.id())
                .object("channel", things.channel().text("guild_id", things.id()))
                .number("context", 0)
                .text("application_id", things.id())
                .text("app_permissions", "2248473465835073")
                .guild();
    }

    /** No two events have the same. */
    private String newToken() {
        return "\"aW50ZXJhY3Rpb246" + EventTemplate.NEW_ID + things.hex() + things.hex() + "\"";
    }

    private JsonObject component() {
        return things.object()
                .text("custom_id", things.words.misleading())
                .number("component_type", 2)
                .number("id", 1 + things.random.nextInt(40));
    }

    private JsonObject modal() {
        return things.object()
                .text("custom_id", things.hex())
                .list(
                        "components",
                        things.many(
                                2,
                                () ->
                                        things.object()
                                                .number("type", 18)
                                                .object(
                                                        "component",
                                                        things.object()
                                                                .number("type", 4)
                                                                .text(
                                                                        "value",
                                                                        things.words.content(400))
                                                                .text("custom_id", "text"))));
    }

    private JsonObject command(boolean typing) {
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
                                                .text("value", things.words.content(120))
                                                .flag("focused", typing)))
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
