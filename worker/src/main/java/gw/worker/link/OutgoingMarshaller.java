package gw.worker.link;

import gw.proto.v1.ToSupervisor;

import io.grpc.MethodDescriptor.Marshaller;

import java.io.InputStream;

/**
 * Writes {@code gw.v1.ToSupervisor}. Records are not built into a message first, for each would be
 * copied twice on the way: their bytes go from where they were encoded into gRPC's buffer.
 */
final class OutgoingMarshaller implements Marshaller<Outgoing> {
    private final Marshaller<ToSupervisor> messages;

    /** {@code messages} is the generated one. */
    OutgoingMarshaller(Marshaller<ToSupervisor> messages) {
        this.messages = messages;
    }

    @Override
    public InputStream stream(Outgoing value) {
        return switch (value) {
            case Outgoing.Message one -> messages.stream(one.message());
            case Batch batch -> batch.bytes();
        };
    }

    @Override
    public Outgoing parse(InputStream stream) {
        throw new UnsupportedOperationException("a worker receives none");
    }
}
