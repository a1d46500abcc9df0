package gw.supervisor.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was said of one segment's losses: of those that are found later only what is new is said,
 * and of many as one. Owned by one thread.
 */
final class ToldLosses {
    /** More than so many of one session are told as one. */
    private static final int MOST_OF_A_SESSION = 8;

    private final Map<Key, List<DamageSurvey.Loss>> told = new HashMap<>();
    private final Set<Key> unsure = new HashSet<>();

    private record Key(int shardId, String sessionId) {
        static Key of(DamageSurvey.Loss loss) {
            return new Key(loss.shardId(), loss.sessionId());
        }
    }

    /** What of it was not said yet; it counts as said from now on. */
    List<DamageSurvey.Loss> news(List<DamageSurvey.Loss> losses) {
        Map<Key, List<DamageSurvey.Loss>> fresh = new LinkedHashMap<>();
        List<DamageSurvey.Loss> news = new ArrayList<>();
        for (DamageSurvey.Loss loss : losses) {
            Key key = Key.of(loss);
            if (loss.events() > 0) {
                fresh.computeIfAbsent(key, _ -> new ArrayList<>())
                        .addAll(without(loss, told.getOrDefault(key, List.of())));
            } else if (unsure.add(key)) {
                news.add(loss);
            }
        }
        fresh.forEach((key, all) -> {
            List<DamageSurvey.Loss> few =
                    all.size() > MOST_OF_A_SESSION ? List.of(together(all)) : all;
            told.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(few);
            news.addAll(few);
        });
        return news;
    }

    private static List<DamageSurvey.Loss> without(
            DamageSurvey.Loss loss, List<DamageSurvey.Loss> said) {
        List<DamageSurvey.Loss> left = List.of(loss);
        for (DamageSurvey.Loss one : said) {
            List<DamageSurvey.Loss> next = new ArrayList<>();
            for (DamageSurvey.Loss part : left) {
                if (one.last() < part.first() || one.first() > part.last()) {
                    next.add(part);
                } else {
                    cut(part, part.first(), one.first() - 1, next);
                    cut(part, one.last() + 1, part.last(), next);
                }
            }
            left = next;
        }
        return left;
    }

    private static void cut(
            DamageSurvey.Loss of, long first, long last, List<DamageSurvey.Loss> into) {
        if (first <= last) {
            into.add(
                    new DamageSurvey.Loss(
                            of.place(),
                            of.shardId(),
                            of.shardCount(),
                            of.sessionId(),
                            last - first + 1,
                            first,
                            last,
                            of.fromMicros(),
                            of.toMicros()));
        }
    }

    private static DamageSurvey.Loss together(List<DamageSurvey.Loss> all) {
        DamageSurvey.Loss one = all.getFirst();
        DamageSurvey.Loss last = all.getLast();
        return new DamageSurvey.Loss(
                one.place(),
                one.shardId(),
                one.shardCount(),
                one.sessionId(),
                all.stream().mapToLong(DamageSurvey.Loss::events).sum(),
                one.first(),
                last.last(),
                one.fromMicros(),
                last.toMicros());
    }
}
