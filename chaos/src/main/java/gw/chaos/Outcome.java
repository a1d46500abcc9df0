package gw.chaos;

import java.time.Duration;
import java.util.List;

/**
 * How a run ended.
 *
 * @param unable what kept the run from being one; when there is something, the verdict says nothing
 * @param drain from the end of the trouble until all had come, or until there was no more hope
 */
record Outcome(
        Settings settings,
        Evidence evidence,
        Verdict verdict,
        List<String> unable,
        Duration drain) {
    Outcome {
        unable = List.copyOf(unable);
    }
}
