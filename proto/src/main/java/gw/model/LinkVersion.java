package gw.model;

/** The version of the contract between a worker and its supervisor. */
public final class LinkVersion {
    /** Rises when either side would misread the other. */
    public static final int CURRENT = 2;

    /** The oldest that a supervisor takes a worker of: across one release. */
    public static final int OLDEST = CURRENT - 1;

    private LinkVersion() {}
}
