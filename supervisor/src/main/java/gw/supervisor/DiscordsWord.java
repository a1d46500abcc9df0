package gw.supervisor;

import gw.model.SessionStartLimit;
import gw.supervisor.exit.UserError;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.GatewayBotClient;
import gw.supervisor.plan.PlanCache;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What {@code /gateway/bot} says: asked anew when the session start limit matters, and kept for a
 * start that can't ask. Any thread.
 */
final class DiscordsWord {
    private final GatewayBotClient discord;
    private final GatewayBot bot;
    private final PlanCache cache;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** {@code bot}: of the count and the URL that the workers have. */
    DiscordsWord(GatewayBotClient discord, GatewayBot bot, PlanCache cache) {
        this.discord = discord;
        this.bot = bot;
        this.cache = cache;
    }

    /** Asks; the answer comes on another thread. */
    CompletableFuture<GatewayBot> fetch() {
        CompletableFuture<GatewayBot> answer = new CompletableFuture<>();
        Thread _ =
                Thread.ofVirtual()
                        .name("gw-gateway-bot")
                        .start(() -> {
                            try {
                                answer.complete(discord.fetch());
                            } catch (UserError e) {
                                answer.completeExceptionally(e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                answer.completeExceptionally(e);
                            }
                        });
        return answer;
    }

    /** Asks, unless that is under way; {@code limit} hears the answer on another thread. */
    void ask(Consumer<SessionStartLimit> limit) {
        if (asking.compareAndSet(false, true)) {
            Thread _ =
                    Thread.ofVirtual()
                            .name("gw-gateway-bot")
                            .start(() -> {
                                try {
                                    SessionStartLimit fresh = discord.fetch().limit();
                                    limit.accept(fresh);
                                    remember(bot.withLimit(fresh));
                                } catch (RejectedExecutionException e) {
                                    // The supervisor has ended meanwhile: nobody needs it.
                                } catch (UserError e) {
                                    System.err.println("gw: " + e.getMessage());
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                } finally {
                                    asking.set(false);
                                }
                            });
        }
    }

    /** Keeps what was said before the start. */
    void remember() {
        remember(bot);
    }

    private void remember(GatewayBot said) {
        try {
            cache.write(said);
        } catch (IOException e) {
            System.err.println(
                    "gw: what Discord said can't be kept ("
                            + e.getMessage()
                            + "): the next start has to ask it first");
        }
    }

    /** No session is left that would need the shard count. */
    void forget() {
        try {
            cache.forget();
        } catch (IOException e) {
            System.err.println(
                    "gw: what Discord said can't be forgotten ("
                            + e.getMessage()
                            + "): a start within the hour keeps the shard count");
        }
    }
}
