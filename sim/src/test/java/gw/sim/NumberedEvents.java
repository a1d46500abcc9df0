package gw.sim;

import gw.sim.gateway.EventSource;
import gw.sim.gateway.SimEvent;

import java.nio.charset.StandardCharsets;

/** Messages with a number, in text that is more than ASCII. */
final class NumberedEvents implements EventSource {
    private final int padding;
    private long number;

    NumberedEvents(int padding) {
        this.padding = padding;
    }

    @Override
    public SimEvent next(long guildId) {
        number++;
        String guild = guildId == 0 ? "" : "\"guild_id\":\"" + guildId + "\",";
        String data = "{" + guild + "\"content\":\"é \\\"op\\\":7 #" + number + pad() + "\"}";
        return new SimEvent("MESSAGE_CREATE", guildId, data.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] guildCreate(long guildId) {
        String data = "{\"id\":\"" + guildId + "\",\"name\":\"guild " + pad() + "\"}";
        return data.getBytes(StandardCharsets.UTF_8);
    }

    private String pad() {
        return "x".repeat(padding);
    }
}
