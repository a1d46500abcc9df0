package gw.supervisor.plan;

import gw.model.Secret;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLException;

/**
 * Asks Discord's {@code /gateway/bot} for the gateway's URL, the recommended shards and the session
 * start limit. Holds nothing between two calls: no connection and no thread. {@link #fetch} blocks;
 * any thread, a virtual one by preference; interrupting it ends the call.
 */
public final class GatewayBotClient {
    /** Bound on a whole exchange. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int TRIES_WITHOUT_WAITING = 3;
    private static final Duration LONGEST_PAUSE_WITHOUT_WAITING = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
    private static final Duration SHORTEST_RETRY_AFTER = Duration.ofMillis(500);
    private static final long BACKOFF_BASE_MILLIS = 1_000;
    private static final long BACKOFF_CAP_MILLIS = 60_000;

    private final URI url;
    private final Secret token;
    private final String userAgent;
    private final boolean wait;
    private final Duration timeout;
    private final Consumer<String> progress;
    private final Pause pause;
    private final RandomGenerator random;
    private final ToldWait toldWait;
    private final GatewayBotAnswer answers = new GatewayBotAnswer();

    /**
     * A client; nothing is sent yet.
     *
     * @param apiUrl Discord's REST API without the version, for example {@code
     *     https://discord.com/api}
     * @param token the bot token, without "Bot "
     * @param userAgent Discord asks for {@code DiscordBot (url, version)}
     * @param wait whether to try for ever while Discord can't be reached
     * @param timeout bound on one exchange, from the connection to the end of the answer
     * @param progress told why and when it tries again, a line without a full stop
     * @param pause waits between tries
     * @param random for jitter
     * @param toldWait what Discord told this process, or one before it
     */
    public GatewayBotClient(
            URI apiUrl,
            Secret token,
            String userAgent,
            boolean wait,
            Duration timeout,
            Consumer<String> progress,
            Pause pause,
            RandomGenerator random,
            ToldWait toldWait) {
        String base = apiUrl.toString().replaceAll("/+$", "");
        this.url = URI.create(base + "/v10/gateway/bot");
        this.token = token;
        this.userAgent = userAgent;
        this.wait = wait;
        this.timeout = timeout;
        this.progress = progress;
        this.pause = pause;
        this.random = random;
        this.toldWait = toldWait;
    }

    /**
     * Asks until there is an answer that can be used.
     *
     * @throws UserError when Discord refuses, or can't be reached and waiting was not wanted
     */
    public GatewayBot fetch() throws UserError, InterruptedException {
        requireSendableToken();
        Duration told = toldWait.left();
        if (told.isPositive()) {
            pauseFor("Discord said to slow down (429)", told, 1);
        }
        for (int failures = 1; ; failures++) {
            switch (exchange()) {
                case Outcome.Answer answer -> {
                    return answer.bot();
                }
                case Outcome.Refused refused -> throw refused.error();
                case Outcome.Failed failed -> {
                    // Before anything else: this process may be killed at any time.
                    failed.retryAfter().ifPresent(toldWait::told);
                    pauseFor(
                            failed.reason(),
                            failed.retryAfter().orElse(backoff(failures)),
                            failures);
                }
            }
        }
    }

    private void pauseFor(String reason, Duration delay, int failures)
            throws UserError, InterruptedException {
        if (!wait
                && (failures >= TRIES_WITHOUT_WAITING
                        || delay.compareTo(LONGEST_PAUSE_WITHOUT_WAITING) > 0)) {
            throw new UserError(
                    ExitCode.UNREACHABLE,
                    reason,
                    "Asked " + shown() + ". Check the network and --api-url, or let gw wait.");
        }
        progress.accept(reason + ", trying again in " + words(delay));
        pause.sleep(delay);
    }

    /** What one try came to. */
    private sealed interface Outcome {
        record Answer(GatewayBot bot) implements Outcome {}

        record Refused(UserError error) implements Outcome {}

        record Failed(String reason, Optional<Duration> retryAfter) implements Outcome {}
    }

    private Outcome exchange() throws InterruptedException {
        Duration connecting = timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT;
        try {
            return judge(new ApiQuestion(url, token, userAgent, connecting, timeout).ask());
        } catch (TimeoutException e) {
            return unreachable("no whole answer within " + words(timeout));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return unreachable(reason(cause == null ? e : cause));
        }
    }

    private Outcome judge(ApiQuestion.Reply reply) {
        int status = reply.status();
        if (status == 200) {
            try {
                return new Outcome.Answer(answers.parse(reply.body()));
            } catch (GatewayBotAnswer.NotUnderstood e) {
                return new Outcome.Failed(
                        "Discord's answer was not understood (" + e.getMessage() + ")",
                        Optional.empty());
            }
        }
        if (status == 429) {
            return new Outcome.Failed("Discord says to slow down (429)", retryAfter(reply));
        }
        if (status >= 500 || status == 408 || status == 425 || status < 300) {
            return new Outcome.Failed("Discord answered " + status, Optional.empty());
        }
        return new Outcome.Refused(refusal(status));
    }

    private UserError refusal(int status) {
        String asked = shown() + " answered " + status;
        return switch (status) {
            case 401 ->
                    new UserError(
                            ExitCode.TOKEN_REFUSED,
                            "Discord refused the token (401)",
                            "Copy it anew from the developer portal (Bot, Reset Token) and set"
                                    + " DISCORD_TOKEN.");
            case 403 ->
                    new UserError(
                            ExitCode.DISCORD_REFUSED,
                            asked + " (forbidden)",
                            "Discord or something in between blocks this machine. Check --api-url,"
                                    + " a proxy, and whether the address is banned.");
            case 404 ->
                    new UserError(
                            ExitCode.CONFIG,
                            asked + " (not found)",
                            "Is --api-url right? It ends before the version, for example"
                                    + " https://discord.com/api.");
            default ->
                    status < 400
                            ? new UserError(
                                    ExitCode.CONFIG,
                                    asked + " (a redirect)",
                                    "Is --api-url right? gw follows no redirect, since it would"
                                            + " hand the token on.")
                            : new UserError(
                                    ExitCode.DISCORD_REFUSED,
                                    asked,
                                    "Is --api-url right? Discord understands this request.");
        };
    }

    private Optional<Duration> retryAfter(ApiQuestion.Reply reply) {
        Optional<Double> header = reply.retryAfter().flatMap(GatewayBotClient::seconds);
        return answers.retryAfterSeconds(reply.body())
                .or(() -> header)
                .filter(seconds -> seconds >= 0)
                .map(seconds -> Math.min(seconds, (double) LONGEST_RETRY_AFTER.toSeconds()))
                .map(seconds -> Duration.ofMillis((long) Math.ceil(seconds * 1_000)))
                .map(asked ->
                        asked.compareTo(SHORTEST_RETRY_AFTER) < 0 ? SHORTEST_RETRY_AFTER : asked);
    }

    private static Optional<Double> seconds(String text) {
        try {
            return Optional.of(Double.valueOf(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Duration backoff(int failures) {
        long ceiling = Math.min(BACKOFF_CAP_MILLIS, BACKOFF_BASE_MILLIS << Math.min(failures, 10));
        return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }

    /** The HTTP client's own complaint about a bad header would show the token (P8). */
    private void requireSendableToken() throws UserError {
        String value = token.reveal();
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                throw new UserError(
                        ExitCode.CONFIG,
                        "the token holds a character at position " + (i + 1) + " that no token has",
                        "Copy it anew from the developer portal.");
            }
        }
    }

    private static Outcome unreachable(String why) {
        return new Outcome.Failed("Discord can't be reached (" + why + ")", Optional.empty());
    }

    private static String reason(Throwable error) {
        return switch (error) {
            case UnknownHostException _ -> "its name is not known";
            case SocketTimeoutException _ -> "no connection in time";
            case ConnectException _ -> "connection refused";
            case SSLException _ -> "TLS failed: " + oneLine(error);
            case IOException _ -> oneLine(error);
            default -> error.getClass().getSimpleName();
        };
    }

    /** The client's own words, which may quote the other side's bytes. */
    private static String oneLine(Throwable error) {
        String message = error.getMessage();
        if (message == null) {
            return error.getClass().getSimpleName();
        }
        String plain = message.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > 120 ? plain.substring(0, 120) + "..." : plain;
    }

    private String shown() {
        String user = url.getRawUserInfo();
        return user == null ? url.toString() : url.toString().replace(user + "@", "");
    }

    private static String words(Duration duration) {
        long tenths = Math.ceilDiv(duration.toMillis(), 100);
        return tenths % 10 == 0
                ? tenths / 10 + " s"
                : String.format(Locale.ROOT, "%.1f s", tenths / 10.0);
    }
}
