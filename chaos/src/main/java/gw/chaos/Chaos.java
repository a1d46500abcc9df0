package gw.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;

/** Makes runs. */
final class Chaos {
    private Chaos() {}

    /**
     * One run, from an empty directory to the verdict. Whatever happens, Ctrl-C among it, no
     * process and no mount is left behind.
     *
     * @param out gets a line for each thing that matters
     * @param keep whether the directory of a good run stays; that of another stays always
     * @throws CannotRun when gw does not start; the directory stays
     */
    static Outcome run(Settings settings, PrintStream out, boolean keep)
            throws CannotRun, IOException, InterruptedException {
        Files.createDirectories(settings.directory());
        Outcome outcome;
        boolean good;
        try (Journal journal =
                        new Journal(
                                settings.directory().resolve("chaos.log"), out, System::nanoTime);
                Scene scene = Scene.open(settings, journal)) {
            Thread hook = Thread.ofPlatform().unstarted(scene::close);
            Runtime.getRuntime().addShutdownHook(hook);
            outcome = new Run(settings, scene, journal).go();
            good = outcome.verdict().kept() && outcome.unable().isEmpty();
            if (!good || keep) {
                Findings.keep(outcome);
            }
            var _ = Runtime.getRuntime().removeShutdownHook(hook);
        }
        if (good && !keep) {
            Findings.remove(settings.directory());
        }
        return outcome;
    }
}
