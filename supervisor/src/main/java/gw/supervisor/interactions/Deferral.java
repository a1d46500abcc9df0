package gw.supervisor.interactions;

import java.util.Optional;

/** How an interaction is put off, by its type. Pure. */
public enum Deferral {
    /** A command gets a message that says that the bot is thinking. */
    MESSAGE(5),
    /** A component's message stays as it is; the user sees nothing. */
    UPDATE(6),
    /** Somebody who types gets no suggestions. */
    CHOICES(8);

    private static final int EPHEMERAL = 64;

    private final int callbackType;

    Deferral(int callbackType) {
        this.callbackType = callbackType;
    }

    /** Discord's number for this callback. */
    public int callbackType() {
        return callbackType;
    }

    /**
     * How this type of interaction is put off. Nothing for a ping, for a modal, whose text would
     * seem to be taken, and for what is not known yet.
     */
    static Optional<Deferral> of(int interactionType) {
        return switch (interactionType) {
            case 2 -> Optional.of(MESSAGE);
            case 3 -> Optional.of(UPDATE);
            case 4 -> Optional.of(CHOICES);
            default -> Optional.empty();
        };
    }

    /**
     * The callback's body.
     *
     * @param ephemeral whether the message is for the user's eyes alone
     */
    String json(boolean ephemeral) {
        return switch (this) {
            case MESSAGE ->
                    ephemeral
                            ? "{\"type\":5,\"data\":{\"flags\":" + EPHEMERAL + "}}"
                            : "{\"type\":5}";
            case UPDATE -> "{\"type\":6}";
            case CHOICES -> "{\"type\":8,\"data\":{\"choices\":[]}}";
        };
    }
}
