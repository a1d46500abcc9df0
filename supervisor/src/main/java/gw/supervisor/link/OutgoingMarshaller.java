package gw.supervisor.link;

import gw.proto.v1.ToWorker;

import io.grpc.MethodDescriptor.Marshaller;

import java.io.InputStream;

/** Writes {@code gw.v1.ToWorker}. */
final class OutgoingMarshaller implements Marshaller<Outgoing> {
    private final Marshaller<ToWorker> messages;

    /** {@code messages} is the generated one. */
    OutgoingMarshaller(Marshaller<ToWorker> messages) {
        this.messages = messages;
    }

    @Override
    public InputStream stream(Outgoing value) {
        return switch (value) {
            case Outgoing.Message one -> messages.stream(one.message());
            case AckStream ack -> ack;
        };
    }

    @Override
    public Outgoing parse(InputStream stream) {
        throw new UnsupportedOperationException("a supervisor receives none");
    }
}
