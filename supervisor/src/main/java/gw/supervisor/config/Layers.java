package gw.supervisor.config;

import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What was given, by where it came from, the strongest first. Immutable. */
record Layers(List<Layer> strongestFirst) {
    /** What one place gave. */
    record Layer(Map<Setting<?>, Given> values) {
        Layer {
            values = Map.copyOf(values);
        }
    }

    Layers {
        strongestFirst = List.copyOf(strongestFirst);
    }

    /** The strongest; null when it was given nowhere. */
    @Nullable Given find(Setting<?> setting) {
        for (Layer layer : strongestFirst) {
            Given given = layer.values().get(setting);
            if (given != null) {
                return given;
            }
        }
        return null;
    }

    boolean has(Setting<?> setting) {
        return find(setting) != null;
    }

    /** The strongest one's value, or the setting's fallback. */
    <T> T get(Setting<T> setting) throws UserError {
        Given given = find(setting);
        return given == null ? setting.fallback() : given.as(setting.reader());
    }

    OptionalInt getInt(Setting<Optional<Integer>> setting) throws UserError {
        return get(setting).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
