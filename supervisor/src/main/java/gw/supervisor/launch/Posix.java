package gw.supervisor.launch;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;

/** What gw needs of Linux and the JDK doesn't offer, by the foreign function API. Any thread. */
@SuppressWarnings("restricted") // the JVM is started with --enable-native-access
final class Posix {
    static final int STILL_RUNS = -1;
    static final int NO_CHILD = -2;

    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int SIG_SETMASK = 2;
    private static final int WNOHANG = 1;
    private static final int SIGSET_BYTES = 128;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle EXECV =
            function(
                    "execv",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                    Linker.Option.captureCallState("errno"));
    private static final MethodHandle STRERROR =
            function("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle FCNTL =
            function(
                    "fcntl",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SIGMASK =
            function(
                    "pthread_sigmask",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS));
    private static final MethodHandle WAITPID =
            function(
                    "waitpid",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT));

    /** Of glibc 2.34 and Linux 5.11. */
    private static final Optional<MethodHandle> CLOSE_RANGE =
            LIBC.find("close_range")
                    .map(at ->
                            LINKER.downcallHandle(
                                    at,
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_INT)));

    private Posix() {}

    private static MethodHandle function(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LIBC.findOrThrow(name), descriptor, options);
    }

    /**
     * Replaces this process's program; the environment stays. Returns only if that fails.
     *
     * @param arguments without the zero bytes at their ends; the first is the program's name
     * @return why it failed, in the system's words
     */
    static String execv(byte[] path, List<byte[]> arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = string(arena, path);
            // The last pointer stays null.
            MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
            for (int i = 0; i < arguments.size(); i++) {
                pointers.setAtIndex(ValueLayout.ADDRESS, i, string(arena, arguments.get(i)));
            }
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            var _ = (int) EXECV.invokeExact(state, program, pointers);
            return words((int) ERRNO.get(state, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemorySegment string(Arena arena, byte[] bytes) {
        MemorySegment at = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, at, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return at;
    }

    private static String words(int errno) {
        try {
            MemorySegment at = (MemorySegment) STRERROR.invokeExact(errno);
            return at.reinterpret(1_024).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Files and sockets from this number on will not be the next program's. */
    static void closeOnExec(int first) {
        try {
            if (CLOSE_RANGE.isEmpty()
                    || (int) CLOSE_RANGE.get().invokeExact(first, -1, CLOSE_RANGE_CLOEXEC) != 0) {
                closeOnExecOneByOne(first);
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** On older systems, and where a filter of system calls doesn't know the new one. */
    static void closeOnExecOneByOne(int first) {
        String[] open = new File("/proc/self/fd").list();
        if (open == null) {
            return;
        }
        for (String name : open) {
            int number = Integer.parseInt(name);
            if (number >= first) {
                try {
                    var _ = (int) FCNTL.invokeExact(number, F_SETFD, FD_CLOEXEC);
                } catch (Throwable e) {
                    throw unexpected(e);
                }
            }
        }
    }

    /** A Java thread has SIGQUIT blocked, and the next program would inherit that. */
    static void unblockSignals() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment none = arena.allocate(SIGSET_BYTES);
            var _ = (int) SIGMASK.invokeExact(SIG_SETMASK, none, MemorySegment.NULL);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * The raw wait status of a child that has ended, which is then forgotten by the system; {@link
     * #STILL_RUNS}, or {@link #NO_CHILD} of this process.
     */
    static int waitNoHang(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            int ended = (int) WAITPID.invokeExact(pid, status, WNOHANG);
            if (ended == 0) {
                return STILL_RUNS;
            }
            return ended == pid ? status.get(ValueLayout.JAVA_INT, 0) : NO_CHILD;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("a call of the C library failed: " + e, e);
    }
}
