package gw.sim.bot;

import java.util.List;
import java.util.Map;

/**
 * What a bot has received: a snapshot.
 *
 * @param events in order of arrival, redeliveries among them
 * @param gaps in order of arrival
 * @param notices of gw itself, in order of arrival
 * @param faults of the sender, by kind; kinds that never happened are left out
 * @param full whether something was not kept for want of room
 */
public record Received(
        List<ReceivedEvent> events,
        List<ReceivedGap> gaps,
        List<ReceivedNotice> notices,
        Map<SenderFault, Long> faults,
        boolean full) {
    /** Copies. */
    public Received {
        events = List.copyOf(events);
        gaps = List.copyOf(gaps);
        notices = List.copyOf(notices);
        faults = Map.copyOf(faults);
    }
}
