package gw.supervisor;

import gw.supervisor.link.WorkerLink;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.BatchLog;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Batches on their way into the log. What it has no room for waits here, unacked, and the workers
 * are told to read no more until it has; they tell the system's buffers, and those tell Discord.
 * Owned by the data event loop.
 */
final class Inflow {
    private final BatchLog log;
    private final BiConsumer<WorkerLink, AppendResult> appended;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Set<WorkerLink> links = new HashSet<>();

    /** The workers were told to read no more. */
    private boolean told;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Waiting(WorkerLink link, long number, byte[] records) {}

    /** {@code appended} hears of each batch that was taken, in whole or in part. */
    Inflow(BatchLog log, BiConsumer<WorkerLink, AppendResult> appended) {
        this.log = log;
        this.appended = appended;
    }

    void attached(WorkerLink link) {
        links.add(link);
        if (told) {
            link.hold(true);
        }
    }

    /** {@code again}: its worker sends what waits again over the next one. */
    void closed(WorkerLink link, boolean again) {
        links.remove(link);
        if (again) {
            waiting.removeIf(one -> one.link().equals(link));
        }
        goOn();
    }

    /** Takes a batch, now or when there is room; the array is the caller's again afterwards. */
    void take(WorkerLink link, long number, byte[] array, int from, int to) {
        if (waiting.isEmpty() && !append(link, number, array, from, to).full()) {
            return;
        }
        waiting.addLast(new Waiting(link, number, Arrays.copyOfRange(array, from, to)));
        if (!told) {
            told = true;
            tell();
        }
        log.whenRoom(this::goOn);
    }

    /** To a copy: a link that breaks on the way leaves the set. */
    private void tell() {
        boolean hold = told;
        List.copyOf(links).forEach(link -> link.hold(hold));
    }

    /** What it holds back is the other's from now on, and so are its links. */
    void handTo(Inflow other) {
        List<Waiting> left = List.copyOf(waiting);
        waiting.clear();
        links.forEach(other::attached);
        left.forEach(one ->
                other.take(one.link(), one.number(), one.records(), 0, one.records().length));
        if (told && !other.told) {
            told = false;
            tell();
        }
        links.clear();
    }

    /** Whether it holds something back for which there was no room. */
    boolean isFull() {
        return told;
    }

    /** There may be room now. */
    void goOn() {
        while (!waiting.isEmpty()) {
            Waiting first = waiting.getFirst();
            AppendResult result =
                    append(
                            first.link(),
                            first.number(),
                            first.records(),
                            0,
                            first.records().length);
            if (result.full()) {
                log.whenRoom(this::goOn);
                return;
            }
            // A reset of its link may have emptied the queue meanwhile.
            var _ = waiting.remove(first);
        }
        if (told) {
            told = false;
            tell();
        }
    }

    private AppendResult append(WorkerLink link, long number, byte[] array, int from, int to) {
        AppendResult result = log.append(array, from, to);
        if (!result.full()) {
            if (result.problem().isPresent()) {
                link.reset(result.problem().get());
            } else {
                log.whenSafe(link.acks(), number);
            }
            appended.accept(link, result);
        }
        return result;
    }
}
