package gw.chaos;

import java.util.ArrayList;
import java.util.List;

/** What went wrong while it went on, rather than in the balance. Any thread. */
final class Incidents {
    private static final int MOST = 100;

    private final Journal journal;
    private final List<String> broken = new ArrayList<>();
    private final List<String> unable = new ArrayList<>();

    Incidents(Journal journal) {
        this.journal = journal;
    }

    /** gw did what it must not do. */
    synchronized void broken(String words) {
        journal.say("BROKEN: " + words);
        if (broken.size() < MOST) {
            broken.add(words);
        }
    }

    /** The run itself failed: it proves nothing. */
    synchronized void unable(String words) {
        journal.say("the run failed: " + words);
        if (unable.size() < MOST) {
            unable.add(words);
        }
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized List<String> unable() {
        return List.copyOf(unable);
    }
}
