package gw.supervisor.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
final class Version implements IVersionProvider {
    /** As the jar says; "development" when gw doesn't run from a jar. */
    static String name() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"gw " + name() + " (Java " + System.getProperty("java.version") + ")"};
    }
}
