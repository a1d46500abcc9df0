package gw.supervisor.log;

import java.io.IOException;

/** The disk is full. It may have room again later. */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    NoRoomException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
