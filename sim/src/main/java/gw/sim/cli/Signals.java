package gw.sim.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Takes over signals. The JDK's class for it is not part of its API, and the compiler says so;
 * hence by reflection.
 */
final class Signals {
    private Signals() {}

    /** Runs this instead of ending the process; where it can't, the signal ends it as always. */
    static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls =
                    (proxy, method, arguments) ->
                            switch (method.getName()) {
                                case "handle" -> {
                                    action.run();
                                    yield null;
                                }
                                case "toString" -> name;
                                default ->
                                        throw new UnsupportedOperationException(method.getName());
                            };
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
            var _ =
                    signal.getMethod("handle", signal, handler)
                            .invoke(
                                    null,
                                    signal.getConstructor(String.class).newInstance(name),
                                    proxy);
        } catch (ReflectiveOperationException e) {
            System.err.println("gw sim: SIG" + name + " can't be handled: " + e);
        }
    }

    /** It does nothing any more. */
    static void ignore(String name) {
        handle(name, () -> {});
    }
}
