package gw.supervisor.cli;

import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.Status;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** What a stop will do, said before it is done. */
final class StopWords {
    private StopWords() {}

    /** One sentence a line. */
    static List<String> before(Status status, boolean keepSessions, ZoneId zone) {
        long sessions = status.getShardsList().stream().filter(shard -> shard.hasSession()).count();
        List<String> lines = new ArrayList<>();
        if (keepSessions) {
            lines.add(
                    sessions == 0
                            ? "there is no session to keep"
                            : Words.count(sessions, "session stays", "sessions stay")
                                    + " resumable: a start within the next few minutes resumes "
                                    + (sessions == 1 ? "it" : "them all")
                                    + " and spends no identify");
        } else if (sessions > 0) {
            lines.add(
                    Words.count(sessions, "session ends", "sessions end")
                            + ": the bot goes offline, and the next start identifies "
                            + times(status.getShardsCount())
                            + ", "
                            + left(status, zone));
            lines.add("gw stop --keep-sessions would leave them resumable");
        }
        long queued = status.getDelivery().getQueuedEvents();
        if (queued > 0) {
            lines.add(
                    Words.count(queued, "event waits", "events wait")
                            + " for the bot: what can't be delivered at once stays on disk and goes"
                            + " out at the next start");
        }
        return lines;
    }

    private static String times(int identifies) {
        return identifies == 1 ? "once" : Words.count(identifies) + " times";
    }

    private static String left(Status status, ZoneId zone) {
        IdentifyStatus identify = status.getIdentify();
        return Words.count(identify.getRemaining())
                + " of "
                + Words.count(identify.getTotal())
                + " are left"
                + (identify.getResetsAtMs() == 0
                        ? ""
                        : " until "
                                + Words.time(
                                        identify.getResetsAtMs(),
                                        status.getSupervisor().getNowMs(),
                                        zone));
    }
}
