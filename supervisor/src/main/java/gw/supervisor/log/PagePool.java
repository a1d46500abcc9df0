package gw.supervisor.log;

import java.util.ArrayDeque;

/**
 * Pages of one size that are used again and again, so that what passes through memory leaves no
 * garbage behind, and the heap needs no room for it. Owned by one thread.
 */
final class PagePool {
    /** Holds any batch of a worker that is not one giant event. */
    static final int PAGE_BYTES = 256 * 1024;

    /** 64 MiB: one straggler holds up a page, whatever else stood on it. */
    private static final int SCARCE = 256;

    private final int mostIdle;
    private final ArrayDeque<Page> idle = new ArrayDeque<>();
    private int inUse;

    /** Keeps at most so many pages that nobody uses. */
    PagePool(int mostIdle) {
        this.mostIdle = mostIdle;
    }

    /** A page that the caller is the first to use, with room for at least so many bytes. */
    Page take(int bytes) {
        if (bytes > PAGE_BYTES) {
            return of(new byte[bytes]);
        }
        Page page = idle.pollLast();
        if (page == null) {
            return of(new byte[PAGE_BYTES]);
        }
        inUse++;
        page.reuse();
        return page;
    }

    /** Whether so many are in use that whoever waits for long should leave. */
    boolean isScarce() {
        return inUse > SCARCE;
    }

    /** A page of the caller's own memory, the caller being its first user. */
    Page of(byte[] bytes) {
        inUse++;
        return new Page(bytes, this);
    }

    /** Nobody uses it any more. */
    void takeBack(Page page) {
        inUse--;
        if (page.bytes().length == PAGE_BYTES && idle.size() < mostIdle) {
            idle.addLast(page);
        }
    }
}
