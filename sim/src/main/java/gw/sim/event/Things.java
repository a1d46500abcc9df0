package gw.sim.event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The objects that events are made of: users, members, channels and so on. Owned by one thread. */
final class Things {
    private static final long FIRST_ID = 100_000_000_000_000_000L;

    final RandomGenerator random;
    final JsonSpelling spelling;
    final UserText words;

    Things(RandomGenerator random) {
        this.random = random;
        this.spelling = new JsonSpelling(random);
        this.words = new UserText(random);
    }

    JsonObject object() {
        return spelling.object();
    }

    String id() {
        return Long.toString(FIRST_ID + random.nextLong(1_200_000_000_000_000_000L));
    }

    String time() {
        return "2026-"
                + two(1 + random.nextInt(12))
                + "-"
                + two(1 + random.nextInt(28))
                + "T"
                + two(random.nextInt(24))
                + ":"
                + two(random.nextInt(60))
                + ":"
                + two(random.nextInt(60))
                + ".482000+00:00";
    }

    private static String two(int value) {
        return value < 10 ? "0" + value : Integer.toString(value);
    }

    String hex() {
        return Long.toHexString(random.nextLong() | Long.MIN_VALUE)
                + Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    }

    List<String> some(int atMost, Supplier<JsonObject> thing) {
        return many(random.nextInt(atMost + 1), thing);
    }

    List<String> many(int count, Supplier<JsonObject> thing) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(thing.get().toJson());
        }
        return all;
    }

    List<String> ids(int atMost) {
        List<String> all = new ArrayList<>();
        for (int i = random.nextInt(atMost + 1); i > 0; i--) {
            all.add("\"" + id() + "\"");
        }
        return all;
    }

    JsonObject user() {
        return object().text("username", words.name())
                .number("public_flags", random.nextInt(1 << 20))
                .text("id", id())
                .text("global_name", words.name())
                .text("discriminator", "0")
                .nothing("avatar_decoration_data")
                .text("avatar", hex());
    }

    JsonObject member() {
        return object().list("roles", ids(6))
                .nothing("premium_since")
                .flag("pending", false)
                .text("nick", words.name())
                .flag("mute", false)
                .text("joined_at", time())
                .number("flags", 0)
                .flag("deaf", false)
                .nothing("communication_disabled_until")
                .nothing("banner")
                .nothing("avatar");
    }

    JsonObject memberWithUser() {
        return member().object("user", user());
    }

    JsonObject emoji() {
        return object().text("name", words.name()).text("id", id()).flag("animated", false);
    }

    JsonObject role() {
        return object().number("version", random.nextLong(1L << 40))
                .nothing("unicode_emoji")
                .json("tags", "{}")
                .number("position", random.nextInt(50))
                .text("permissions", Long.toString(random.nextLong(1L << 50)))
                .text("name", words.name())
                .flag("mentionable", random.nextBoolean())
                .flag("managed", false)
                .text("id", id())
                .nothing("icon")
                .flag("hoist", random.nextBoolean())
                .number("flags", 0)
                .number("color", random.nextInt(1 << 24));
    }

    JsonObject overwrite() {
        return object().number("type", random.nextInt(2))
                .text("id", id())
                .text("deny", Long.toString(random.nextLong(1L << 40)))
                .text("allow", "0");
    }

    JsonObject channel() {
        return object().number("version", random.nextLong(1L << 40))
                .number("type", random.nextInt(6))
                .text("topic", words.content(80))
                .number("rate_limit_per_user", 0)
                .number("position", random.nextInt(100))
                .list("permission_overwrites", some(5, this::overwrite))
                .text("parent_id", id())
                .text("name", words.name())
                .text("last_message_id", id())
                .text("id", id())
                .number("flags", 0);
    }

    JsonObject thread() {
        return channel()
                .text("owner_id", id())
                .number("message_count", random.nextInt(50))
                .number("member_count", random.nextInt(50))
                .object(
                        "thread_metadata",
                        object().flag("archived", false)
                                .text("archive_timestamp", time())
                                .number("auto_archive_duration", 1440)
                                .flag("locked", false));
    }

    JsonObject activity() {
        return object().number("type", random.nextInt(5))
                .object("timestamps", object().number("start", 1_790_000_000_000L))
                .text("state", words.content(30))
                .text("name", words.name())
                .text("id", hex().substring(0, 16))
                .text("details", words.content(40))
                .number("created_at", 1_790_000_000_000L + random.nextInt())
                .object(
                        "assets",
                        object().text("large_text", words.name())
                                .text("large_image", "mp:external/" + hex()));
    }

    JsonObject embed() {
        return object().text("type", "rich")
                .text("title", words.content(40))
                .text("url", "https://example.com/" + hex())
                .text("description", words.content(60 + random.nextInt(500)))
                .number("color", random.nextInt(1 << 24))
                .list(
                        "fields",
                        some(
                                5,
                                () ->
                                        object().text("name", words.name())
                                                .text("value", words.content(60))
                                                .flag("inline", random.nextBoolean())));
    }

    JsonObject attachment() {
        return object().number("width", 1920)
                .text("url", "https://cdn.example.com/attachments/" + id() + "/" + hex())
                .number("size", random.nextInt(1 << 23))
                .text("filename", words.name() + ".png")
                .text("id", id())
                .number("height", 1080)
                .text("content_type", "image/png");
    }

    /** Keys that look like the routing key, and another guild's id where it does not count. */
    JsonObject misleading() {
        return object().text("guild_id", "1")
                .text("\"guild_id\":\"2\"", "\"guild_id\"")
                .text("op", "7")
                .text("t", "READY")
                .text(words.misleading(), words.misleading())
                .object("d", object().text("guild_id", "3").text("id", "4"));
    }
}
