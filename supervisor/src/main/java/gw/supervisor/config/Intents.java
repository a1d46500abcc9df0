package gw.supervisor.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Discord's gateway intents: names to bits and back. Pure; any thread. */
public final class Intents {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}|0[xX][0-9a-fA-F]{1,15}");

    private Intents() {}

    /**
     * The bit set for IDENTIFY.
     *
     * @param words names, as {@code GUILD_MESSAGES} or {@code GuildMessages} in any case, and
     *     numbers, decimal or with {@code 0x}
     * @throws IllegalArgumentException when a name or a bit is none that Discord documents; the
     *     message names it and the nearest one
     */
    public static long parse(List<String> words) {
        long bits = 0;
        for (String word : words) {
            bits |= parse(word.strip());
        }
        return bits;
    }

    /** The names of these bits, by bit; what Discord doesn't document is left out. */
    public static List<String> names(long bits) {
        return named(bits, _ -> true);
    }

    /** Those of these bits that must be switched on in Discord's developer portal. */
    public static List<String> privileged(long bits) {
        return named(bits, Intent::privileged);
    }

    /** Every documented bit. */
    public static long all() {
        return Arrays.stream(Intent.values())
                .mapToLong(Intent::bit)
                .reduce(0, (one, other) -> one | other);
    }

    private static long parse(String word) {
        if (NUMBER.matcher(word).matches()) {
            return known(Long.decode(word.replaceFirst("^0+(?=[0-9])", "")));
        }
        String plain = plain(word);
        return Arrays.stream(Intent.values())
                .filter(intent -> intent.allNames().anyMatch(name -> plain(name).equals(plain)))
                .mapToLong(Intent::bit)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                Shown.of(word)
                                        + " is no intent"
                                        + Nearest.to(word, Intent.names())
                                                .map(near -> "; did you mean " + near + "?")
                                                .orElse("")));
    }

    private static long known(long bits) {
        long unknown = bits & ~all();
        if (unknown == 0) {
            return bits;
        }
        List<String> positions =
                LongStream.range(0, Long.SIZE)
                        .filter(position -> (unknown >>> position & 1) == 1)
                        .mapToObj(Long::toString)
                        .toList();
        throw new IllegalArgumentException(
                bits
                        + " has "
                        + (positions.size() == 1 ? "bit " : "bits ")
                        + String.join(", ", positions)
                        + ", which Discord doesn't document");
    }

    private static List<String> named(long bits, Predicate<Intent> wanted) {
        return Arrays.stream(Intent.values())
                .filter(intent -> (bits & intent.bit()) != 0)
                .filter(wanted)
                .map(Intent::name)
                .toList();
    }

    private static String plain(String name) {
        return name.replace("_", "").toUpperCase(Locale.ROOT);
    }
}
