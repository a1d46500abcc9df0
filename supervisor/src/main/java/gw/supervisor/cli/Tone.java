package gw.supervisor.cli;

/** What a piece of text means; a terminal shows it by a colour. */
enum Tone {
    PLAIN(""),
    HEAD("1"),
    FAINT("2"),
    GOOD("32"),
    WAITING("33"),
    BAD("1;31");

    private final String code;

    Tone(String code) {
        this.code = code;
    }

    /** Parameters of the terminal's SGR sequence; empty: none is needed. */
    String code() {
        return code;
    }
}
