package gw.bench.log;

/** Keeps nothing: what the measurement itself costs. */
final class NoStore extends BatchStore {
    @Override
    void put(Batch batch) {}

    @Override
    Batch load(long number) {
        throw new IllegalStateException("nothing is kept");
    }

    @Override
    void putSettled(byte[] window) {}

    @Override
    void removeBefore(long number) {}

    @Override
    public void tick() {}

    @Override
    public void close() {}
}
