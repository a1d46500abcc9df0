package gw.sim.cli;

import gw.sim.fault.Fault;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * A fault to come, as {@code NAME@AFTER[:SHARD]}.
 *
 * @param after from the start of the sim
 * @param shardId empty: the seed chooses where a shard is needed
 */
record FaultAt(Fault fault, Duration after, OptionalInt shardId) {
    /** Reads it. */
    static final class Converter implements ITypeConverter<FaultAt> {
        @Override
        public FaultAt convert(String text) {
            int at = text.indexOf('@');
            if (at < 1) {
                throw new TypeConversionException(
                        "'"
                                + text
                                + "' (expected: NAME@AFTER or NAME@AFTER:SHARD, such as"
                                + " reconnect@10s:0)");
            }
            String rest = text.substring(at + 1);
            int colon = rest.indexOf(':');
            try {
                return new FaultAt(
                        Fault.named(text.substring(0, at)),
                        Durations.parse(colon < 0 ? rest : rest.substring(0, colon)),
                        colon < 0
                                ? OptionalInt.empty()
                                : OptionalInt.of(shard(rest.substring(colon + 1))));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        String.valueOf(e.getMessage()).replaceFirst("^fault: ", ""));
            }
        }

        private static int shard(String text) {
            if (!text.matches("[0-9]{1,6}")) {
                throw new IllegalArgumentException("'" + text + "' (expected: a shard id)");
            }
            return Integer.parseInt(text);
        }
    }
}
