package gw.bench.peer;

import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.events.GenericEvent;
import net.dv8tion.jda.api.events.RawGatewayEvent;
import net.dv8tion.jda.api.hooks.EventListener;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.sharding.DefaultShardManagerBuilder;
import net.dv8tion.jda.api.sharding.ShardManager;
import net.dv8tion.jda.api.utils.Compression;
import net.dv8tion.jda.api.utils.ConcurrentSessionController;
import net.dv8tion.jda.internal.JDAImpl;
import net.dv8tion.jda.internal.handle.SocketHandler;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * JDA with raw events and without caches: each event is POSTed as {@code {"shardId":N,"data":...}}.
 *
 * <p>From the environment: API (with the version, as {@code http://host:port/api/v10}), BOT (where
 * events go), SHARDS, COMPRESS ({@code zlib-stream} or {@code none}), TOKEN. Prints {@code ready}
 * once every shard got its READY; ends at SIGTERM, and says then how many POSTs failed.
 */
final class JdaPeer implements EventListener {
    private static final List<GatewayIntent> INTENTS =
            List.of(GatewayIntent.GUILD_MESSAGES, GatewayIntent.DIRECT_MESSAGES);

    private final Posts posts;
    private final CountDownLatch missing;

    private JdaPeer(Posts posts, int shards) {
        this.posts = posts;
        this.missing = new CountDownLatch(shards);
    }

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> settings = System.getenv();
        int shards = Integer.parseInt(settings.getOrDefault("SHARDS", "1"));
        Posts posts = new Posts(settings.getOrDefault("BOT", ""));
        JdaPeer peer = new JdaPeer(posts, shards);
        ShardManager manager =
                builder(settings).setShardsTotal(shards).addEventListeners(peer).build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(manager, posts)));
        peer.missing.await();
        System.out.println("ready");
    }

    private static DefaultShardManagerBuilder builder(Map<String, String> settings) {
        String api = settings.getOrDefault("API", "");
        Compression compression =
                switch (settings.getOrDefault("COMPRESS", "zlib-stream")) {
                    case "zlib-stream" -> Compression.ZLIB;
                    case "none" -> Compression.NONE;
                    case String other ->
                            throw new IllegalArgumentException(
                                    "COMPRESS=" + other + ": JDA can do zlib-stream and none");
                };
        return DefaultShardManagerBuilder.createLight(
                        settings.getOrDefault("TOKEN", "bench-token"), INTENTS)
                .setRawEventsEnabled(true)
                .setCompression(compression)
                .setSessionController(new ConcurrentSessionController())
                .setRestConfig(new RestConfig().setBaseUrl(api.endsWith("/") ? api : api + "/"))
                .setEnableShutdownHook(false);
    }

    @Override
    public void onEvent(GenericEvent event) {
        if (event instanceof RawGatewayEvent raw) {
            if (raw.getType().equals("READY")) {
                handleNothing(raw.getJDA());
                missing.countDown();
            }
            posts.post(body(raw));
        }
    }

    /**
     * Before JDA hands out a raw event it builds its own objects of it, which nobody asks for here,
     * and swallows those that it can't build any of. No setting turns that off; taking the handlers
     * away does, and costs JDA less.
     */
    private static void handleNothing(JDA jda) {
        JDAImpl internal = (JDAImpl) jda;
        SocketHandler nothing = new SocketHandler.NOPHandler(internal);
        internal.getClient()
                .getHandlers()
                .replaceAll((type, handler) -> type.equals("READY") ? handler : nothing);
    }

    private static byte[] body(RawGatewayEvent event) {
        byte[] head =
                ("{\"shardId\":" + event.getJDA().getShardInfo().getShardId() + ",\"data\":")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] payload = event.getPackage().toJson();
        byte[] body = new byte[head.length + payload.length + 1];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(payload, 0, body, head.length, payload.length);
        body[body.length - 1] = '}';
        return body;
    }

    private static void end(ShardManager manager, Posts posts) {
        manager.shutdown();
        if (posts.failures() > 0) {
            System.err.println("errors: " + posts.failures() + " POSTs failed");
        }
        Runtime.getRuntime().halt(0);
    }
}
