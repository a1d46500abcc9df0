package gw.supervisor.config;

import gw.model.Secret;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the token and the secret. No error, warning or list shows one of them (P8). */
final class Credentials {
    private static final int MOST_FILE_BYTES = 4096;
    private static final Pattern BOT = Pattern.compile("(?i)bot(\\s+|$)");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");

    private Credentials() {}

    /** Reads it as it is; what is wrong with it is said without it. */
    static Reader<String> text() {
        return given -> {
            if (!given.node().isValueNode()) {
                throw new BadValueException("not shown (expected: one text)", "");
            }
            return given.node().asString();
        };
    }

    /** The bot token without "Bot "; empty when none was given. */
    static Optional<Secret> token(Layers layers, List<String> warnings) throws UserError {
        return find(layers, BotSettings.TOKEN, BotSettings.TOKEN_FILE, warnings, true);
    }

    /** What the bot sees in the Authorization header; empty when none was given. */
    static Optional<Secret> secret(Layers layers, List<String> warnings) throws UserError {
        return find(layers, BotSettings.SECRET, BotSettings.SECRET_FILE, warnings, false);
    }

    private static Optional<Secret> find(
            Layers layers,
            Setting<Optional<String>> direct,
            Setting<Optional<Path>> file,
            List<String> warnings,
            boolean token)
            throws UserError {
        for (Layers.Layer layer : layers.strongestFirst()) {
            Given value = layer.values().get(direct);
            Given inFile = layer.values().get(file);
            if (value != null && inFile != null) {
                throw new UserError(
                        ExitCode.CONFIG,
                        value.where() + " and " + inFile.where() + " are both given",
                        "Take one of them away.");
            }
            if (value != null) {
                String text = value.as(direct.reader()).orElse("");
                return Optional.of(secret(value.where(), text, token));
            }
            if (inFile != null) {
                Path path = inFile.as(Given::path);
                String text =
                        BoundedFile.read(inFile.where() + ": the file", path, MOST_FILE_BYTES);
                if (BoundedFile.isReadableByOthers(path)) {
                    warnings.add(
                            Shown.of(path.toString())
                                    + " can be read by other users of this machine: chmod 600 it");
                }
                return Optional.of(secret(inFile.where(), text, token));
            }
        }
        return Optional.empty();
    }

    private static Secret secret(String where, String text, boolean token) throws UserError {
        String value = text.strip();
        if (token) {
            value = BOT.matcher(value).lookingAt() ? BOT.matcher(value).replaceFirst("") : value;
        }
        String what = token ? "a bot token" : "a secret";
        if (value.isEmpty()) {
            throw wrong(where, "it is empty", what);
        }
        if (!PRINTABLE.matcher(value).matches()) {
            throw wrong(where, "it has a line break or a character outside of ASCII", what);
        }
        if (token && value.indexOf(' ') >= 0) {
            throw wrong(where, "it has a blank in it", what);
        }
        return Secret.of(value);
    }

    private static UserError wrong(String where, String why, String what) {
        return new UserError(
                ExitCode.CONFIG,
                where + ": the value isn't " + what + ": " + why,
                "The value itself is not shown.");
    }
}
