package gw.sim.cli;

import gw.sim.fault.FaultSchedule;
import gw.sim.gateway.SimSettings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a run of the command does.
 *
 * @param rate events per second, infinity: as many as are taken
 * @param faults that come once
 * @param schedule faults that come for ever
 * @param botPort of the counting bot, 0: any free one; empty: no bot
 * @param secret what deliveries to the bot must carry; empty: anything goes
 * @param duration after which it ends by itself
 */
record SimPlan(
        SimSettings settings,
        double rate,
        List<FaultAt> faults,
        Optional<FaultSchedule> schedule,
        OptionalInt botPort,
        Optional<String> secret,
        Optional<Duration> duration) {
    /** The same for a parent process: with a bot, a token and a secret of its own. */
    SimPlan embedded(String token, String newSecret) {
        return new SimPlan(
                settings.at(settings.port(), token),
                rate,
                faults,
                schedule,
                OptionalInt.of(botPort.orElse(0)),
                Optional.of(newSecret),
                duration);
    }
}
