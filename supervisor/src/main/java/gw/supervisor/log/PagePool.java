package gw.supervisor.log;

import java.util.ArrayDeque;

/**
 * Pages of one size that are used again and again, so that what passes through memory leaves no
 * garbage behind, and the heap needs no room for it. Owned by one thread.
 */
final class PagePool {
    /** Holds any batch of a worker that is not one giant event. */
    static final int PAGE_BYTES = 256 * 1024;

    private final int mostIdle;
    private final ArrayDeque<Page> idle = new ArrayDeque<>();

    /** Keeps at most so many pages that nobody uses. */
    PagePool(int mostIdle) {
        this.mostIdle = mostIdle;
    }

    /** A page that the caller is the first to use, with room for at least so many bytes. */
    Page take(int bytes) {
        if (bytes > PAGE_BYTES) {
            return new Page(new byte[bytes], this);
        }
        Page page = idle.pollLast();
        if (page == null) {
            return new Page(new byte[PAGE_BYTES], this);
        }
        page.reuse();
        return page;
    }

    /** Nobody uses it any more. */
    void takeBack(Page page) {
        if (page.bytes().length == PAGE_BYTES && idle.size() < mostIdle) {
            idle.addLast(page);
        }
    }
}
