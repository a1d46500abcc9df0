package gw.supervisor.authority;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.Secret;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.identify.IdentifyKey;
import gw.supervisor.identify.IdentifyTimer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** Supervisors of one bot, over real sockets, keep Discord's rules together (P5). */
@Timeout(60)
class AuthorityTest {
    private static final Secret TOKEN = Secret.of("MTIz.the-bots-token");
    private static final int BUCKETS = 3;

    @TempDir private Path dir;
    private final OneDiscord discord = new OneDiscord(BUCKETS, Authority.WINDOW);
    private final List<Site> sites = new ArrayList<>();
    private ControlAddress address = new ControlAddress.Tcp("127.0.0.1", 0);
    private Authority authority;

    @BeforeEach
    void start() throws Exception {
        address = new ControlAddress.Unix(dir.resolve("control.sock"));
        authority = new Authority(discord, BUCKETS, dir.resolve("budget.json"), TOKEN, address);
    }

    @AfterEach
    void stop() {
        sites.forEach(Site::close);
        authority.close();
    }

    /**
     * P5: one per bucket and window, whoever asks, with streams that break and clients that die.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void allSupervisorsShareBucketsAndWindows(long seed) throws Exception {
        Random random = new Random(seed);
        ControlAddress where = address;
        if (seed % 2 == 0) {
            authority.goAway();
            authority.comeBack(new ControlAddress.Tcp("127.0.0.1", 0));
            where = authority.tcp();
        }
        Site second = joined("second", where);
        Site third = joined("third", where);
        int shards = 8 + random.nextInt(8);
        second.tell(all -> all.background(1, true));
        for (int shard = 0; shard < shards; shard++) {
            authority.site.want(shard);
            second.want(IdentifyKey.of(1, 100 + shard));
            third.want(200 + shard, IdentifyKey.of(15, 200 + shard));
            if (random.nextInt(4) == 0) {
                int lost = 200 + random.nextInt(shard + 1);
                third.tell(all -> all.workerLost(key -> key == lost));
                third.want(lost);
            }
        }
        int before = discord.identified().size();
        Site dying = joined("dying", where);
        dying.want(301, 302);
        dying.close();
        if (seed % 2 == 1) {
            authority.goAway();
            authority.comeBack(where);
        }
        while (!discord.identified().containsAll(expected(shards))) {
            before = discord.awaitIdentified(before + 1).size();
        }
        assertThat(discord.violations()).as("seed %d", seed).isEmpty();
        assertThat(second.await(all -> all.queued() == 0).problem()).isEmpty();
        assertThat(authority.site.await(all -> all.queued() == 0).spent())
                .isGreaterThanOrEqualTo(4L * shards);
    }

    private static List<String> expected(int shards) {
        List<String> all = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            all.add("first0/" + shard);
            all.add("second1/" + (100 + shard));
            all.add("third0/" + (200 + shard));
            all.add("third15/" + (200 + shard));
        }
        return all;
    }

    @Test
    void tellsHowTheAuthorityStands() throws Exception {
        Site second = joined("second", address);
        second.muteOn(0);
        second.want(0, 3, 6);
        var _ = second.awaitToken(1);
        var stands = second.await(all -> all.remaining() == 999);
        assertThat(stands.total()).isEqualTo(1000);
        assertThat(stands.maxConcurrency()).isEqualTo(BUCKETS);
        assertThat(stands.interval()).isEqualTo(Authority.WINDOW);
        assertThat(stands.queued()).isEqualTo(2);
        assertThat(stands.problem()).isEmpty();
        assertThat(second.await(all -> all.doneAt().isPresent()).resetsAt()).isPresent();
        assertThat(authority.site.snapshot().queued()).isEqualTo(2);
    }

    /** P5: grants come from the authority alone. */
    @Test
    void whileTheAuthorityIsAwayNobodyIdentifies() throws Exception {
        Site second = joined("second", address);
        second.want(0);
        assertThat(discord.awaitIdentified(1)).containsExactly("second0/0");
        authority.goAway();
        var away = second.await(all -> all.problem().isPresent());
        assertThat(away.problem().orElseThrow())
                .contains("no shard can identify since 20", address.toString(), "can't be reached");
        second.want(1, 2);
        second.tell(all -> all.ready(2));
        second.await(all -> all.problem().orElseThrow().contains("No such file"));
        assertThat(discord.identified()).hasSize(1);
        assertThat(second.snapshot().queued()).isEqualTo(2);

        authority.comeBack(address);
        assertThat(discord.awaitIdentified(3))
                .containsExactlyInAnyOrder("second0/0", "second0/1", "second0/2");
        assertThat(second.await(all -> all.queued() == 0).problem()).isEmpty();
        assertThat(discord.violations()).isEmpty();
    }

    /** P5: its token may have been used, or be used for as long as it is valid. */
    @Test
    void whoDiesGivesItsPlacesBackAndItsTokensAreTakenForUsed() throws Exception {
        Site second = joined("second", address);
        second.muteOn(0);
        second.want(0, 3, 6);
        var _ = second.awaitToken(1);
        long granted = System.nanoTime();
        authority.site.want(9);
        second.close();
        authority.site.await(all -> all.queued() == 1);
        assertThat(discord.awaitIdentified(1)).containsExactly("first0/9");
        assertThat(System.nanoTime() - granted)
                .isGreaterThan(Authority.VALID.plus(Authority.WINDOW).toNanos() * 9 / 10);
        assertThat(authority.site.snapshot().remaining()).isEqualTo(998);
        assertThat(authority.site.snapshot().spent()).isEqualTo(2);
    }

    /** P5: a token came, the stream broke, the IDENTIFY was written. */
    @Test
    void whatCouldNotBeReportedIsReportedLater() throws Exception {
        Site second = joined("second", address);
        second.muteOn(0);
        second.want(0);
        Site.Token token = second.awaitToken(1);
        assertThat(token.validFor()).isLessThanOrEqualTo(Authority.VALID);
        authority.site.want(3);
        authority.goAway();
        second.await(all -> all.problem().isPresent());
        discord.identify("second", 0);
        second.tell(all -> all.sent(0, token.id()));
        authority.comeBack(address);
        second.await(all -> all.problem().isEmpty());
        assertThat(discord.awaitIdentified(2)).containsExactly("second0/0", "first0/3");
        assertThat(discord.violations()).isEmpty();
        authority.site.await(all -> all.spent() == 2);
    }

    /**
     * P4: what was not used while the authority was away, or is wanted again, is asked for anew.
     */
    @Test
    void aTokenThatCameToNothingWhileAwayIsNoEnd() throws Exception {
        Site second = joined("second", address);
        second.muteOn(0);
        second.want(0);
        Site.Token token = second.awaitToken(1);
        authority.goAway();
        second.await(all -> all.problem().isPresent());
        second.tell(all -> all.released(0, token.id()));
        second.want(0);
        authority.comeBack(address);
        assertThat(discord.awaitIdentified(1)).containsExactly("second0/0");
        second.await(all -> all.queued() == 0);
    }

    @Test
    void forgetsAndPutsBehindWhatTheOtherSupervisorSays() throws Exception {
        Site second = joined("second", address);
        authority.site.muteOn(0);
        authority.site.want(0);
        int behind = IdentifyKey.of(1, 0);
        second.tell(all -> all.background(1, true));
        second.want(behind, 3);
        second.await(all -> all.queued() == 2);
        while (second.on(() -> second.position(behind)) != 2) {
            second.await(all -> true);
        }
        second.tell(all -> all.forget(key -> key == 3));
        authority.site.await(all -> all.queued() == 1);
        assertThat(second.snapshot().queued()).isEqualTo(1);
    }

    /** P8: whoever doesn't know the token gets nothing, and is told what to check. */
    @Test
    void anotherBotsTokenIsRefusedAndTriedAgainSlowly() throws Exception {
        List<Duration> waits = new CopyOnWriteArrayList<>();
        Site second = new Site("second", discord);
        sites.add(second);
        second.takes(site ->
                new RemoteIdentifies(
                        address,
                        Secret.of("another-token"),
                        site,
                        site.control,
                        recording(waits, IdentifyTimer.on(site.control)),
                        InstantSource.system(),
                        System::nanoTime,
                        new SplittableRandom(1)));
        second.want(0);
        var refused =
                second.await(
                        all -> all.problem().orElseThrow().contains("refuses this supervisor"));
        assertThat(refused.problem().orElseThrow())
                .contains("has another bot's token: start both supervisors with the same one")
                .doesNotContain("another-token", TOKEN.reveal());
        assertThat(waits).anyMatch(wait -> wait.toSeconds() >= 20 && wait.toSeconds() <= 40);
        assertThat(authority.site.snapshot().queued()).isZero();
        assertThat(discord.identified()).isEmpty();
    }

    private static IdentifyTimer recording(List<Duration> waits, IdentifyTimer timer) {
        return (delay, task) -> {
            waits.add(delay);
            return timer.after(delay, task);
        };
    }

    private Site joined(String name, ControlAddress where) throws Exception {
        Site site = new Site(name, discord);
        sites.add(site);
        site.takes(it ->
                RemoteIdentifies.to(
                        where,
                        TOKEN,
                        it,
                        it.control,
                        InstantSource.system(),
                        System::nanoTime,
                        new SplittableRandom()));
        site.await(all -> all.problem().isEmpty());
        return site;
    }
}
