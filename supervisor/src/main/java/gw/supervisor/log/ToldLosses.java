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

    private final Map<Key, List<Loss>> told = new HashMap<>();
    private final Set<Key> unsure = new HashSet<>();

    private record Key(int shardId, String sessionId) {
        static Key of(Loss loss) {
            return new Key(loss.shardId(), loss.sessionId());
        }
    }

    /** What of it was not said yet; it counts as said from now on. */
    List<Loss> news(List<Loss> losses) {
        Map<Key, List<Loss>> fresh = new LinkedHashMap<>();
        List<Loss> news = new ArrayList<>();
        for (Loss loss : losses) {
            Key key = Key.of(loss);
            if (loss.events() > 0) {
                fresh.computeIfAbsent(key, _ -> new ArrayList<>())
                        .addAll(without(loss, told.getOrDefault(key, List.of())));
            } else if (unsure.add(key)) {
                news.add(loss);
            }
        }
        fresh.forEach((key, all) -> {
            List<Loss> few = all.size() > MOST_OF_A_SESSION ? List.of(together(all)) : all;
            told.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(few);
            news.addAll(few);
        });
        return news;
    }

    private static List<Loss> without(Loss loss, List<Loss> said) {
        List<Loss> left = List.of(loss);
        for (Loss one : said) {
            List<Loss> next = new ArrayList<>();
            for (Loss part : left) {
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

    private static void cut(Loss of, long first, long last, List<Loss> into) {
        if (first <= last) {
            into.add(of.part(first, last));
        }
    }

    private static Loss together(List<Loss> all) {
        return all.getFirst().upTo(all.getLast(), all.stream().mapToLong(Loss::events).sum());
    }
}
