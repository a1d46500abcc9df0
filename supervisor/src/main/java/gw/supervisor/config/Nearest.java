package gw.supervisor.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. Pure. */
final class Nearest {
    private static final int LONGEST_WORD = 64;

    private Nearest() {}

    /**
     * The known word nearest to what was written; empty when none is near. Case, dashes and
     * underscores don't count.
     */
    static Optional<String> to(String written, Collection<String> known) {
        if (written.length() > LONGEST_WORD) {
            return Optional.empty();
        }
        String plain = plain(written);
        String best = null;
        int bestEdits = Math.max(2, plain.length() / 3) + 1;
        for (String word : known) {
            int edits = edits(plain, plain(word));
            if (edits < bestEdits) {
                best = word;
                bestEdits = edits;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String plain(String word) {
        return word.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
