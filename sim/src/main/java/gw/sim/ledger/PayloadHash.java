package gw.sim.ledger;

/** A 64-bit FNV-1a hash of a payload's bytes: sender and receiver compute the same. */
public final class PayloadHash {
    private PayloadHash() {}

    /** The hash of a part of an array. */
    public static long of(byte[] bytes, int offset, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
