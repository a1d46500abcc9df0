package gw.supervisor.config;

/**
 * What the defaults depend on.
 *
 * @param cores as many workers run side by side
 */
public record Machine(int cores) {
    /** This one. */
    public static Machine here() {
        return new Machine(Runtime.getRuntime().availableProcessors());
    }
}
