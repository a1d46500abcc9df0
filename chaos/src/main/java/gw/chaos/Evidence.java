package gw.chaos;

import gw.sim.check.Balance;
import gw.sim.gateway.AbandonedSession;
import gw.sim.gateway.SimStats;

import java.util.List;
import java.util.Map;

/**
 * What a run left behind, to be judged.
 *
 * @param shards of the bot
 * @param rate events a second
 * @param underWay most events on their way to the bot at once
 * @param limited whether gw was given limits that may make it drop events
 * @param pauses whether gw stops reading at a limit, rather than drop anything
 * @param balance what became of all that was sent
 * @param sim the sim's figures, before gw was stopped
 * @param abandoned sessions that were left for new ones
 * @param excused those of them whose READY was lost on its way, see {@link Judge#excused}
 * @param gaps announcements of lost events by reason
 * @param deeds what was done
 * @param missedHeartbeats of the sim's violations of that kind, those that happened while we had
 *     stopped a worker
 * @param drained whether gw was ready and its queue empty in time
 * @param incidents what gw did in between that it must not do
 */
record Evidence(
        int shards,
        int rate,
        int underWay,
        boolean limited,
        boolean pauses,
        Balance balance,
        SimStats sim,
        List<AbandonedSession> abandoned,
        List<AbandonedSession> excused,
        Map<String, Long> gaps,
        List<Deed> deeds,
        long missedHeartbeats,
        boolean drained,
        List<String> incidents) {
    Evidence {
        abandoned = List.copyOf(abandoned);
        excused = List.copyOf(excused);
        gaps = Map.copyOf(gaps);
        deeds = List.copyOf(deeds);
        incidents = List.copyOf(incidents);
    }
}
