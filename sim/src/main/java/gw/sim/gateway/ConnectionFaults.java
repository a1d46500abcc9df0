package gw.sim.gateway;

import gw.sim.fault.Fault;

import java.util.SplittableRandom;

/** Does to a connection what a fault says. Owned by the event loop. */
final class ConnectionFaults {
    private final Gateway gateway;
    private final HostileMessages hostile;

    ConnectionFaults(Gateway gateway, SplittableRandom random) {
        this.gateway = gateway;
        this.hostile = new HostileMessages(random);
    }

    void inject(Fault.OnConnection fault, SimConnection connection) {
        switch (fault) {
            case Fault.Reconnect _ -> connection.send(ServerPayloads.reconnect());
            case Fault.InvalidSession(boolean resumable) -> invalidate(connection, resumable);
            case Fault.CloseCode(int code) -> gateway.close(connection, code, "Injected.");
            case Fault.SilentZombie _ -> connection.mute();
            case Fault.HalfOpen _ -> connection.deafen();
            case Fault.Reset _ -> connection.reset();
            case Fault.SlowFrames(var duration) -> connection.out().slowFor(duration);
            case Fault.SplitFrames(var duration) -> connection.out().splitFor(duration);
            case Fault.HeartbeatRequest _ -> connection.send(ServerPayloads.heartbeatRequest());
            case Fault.GarbageFrame _ -> hostile.garbage(connection.out());
            case Fault.TruncatedMessage _ -> {
                hostile.truncated(connection.out());
                connection.hangUp();
            }
            case Fault.CompressionBomb _ -> hostile.bomb(connection.out());
            case Fault.HostileEnvelope _ -> hostile.envelope(connection.out());
        }
        connection.markDirty();
    }

    private void invalidate(SimConnection connection, boolean resumable) {
        SimSession session = connection.detach();
        if (session != null && !resumable) {
            gateway.end(session);
        }
        connection.send(ServerPayloads.invalidSession(resumable));
    }
}
