package gw.supervisor.config;

import java.util.function.Function;

/** Makes a value of what was written. Pure, unless it says that it reads a file. */
@FunctionalInterface
interface Reader<T> {
    T read(Given given) throws BadValueException;

    default <U> Reader<U> as(Function<? super T, ? extends U> change) {
        return given -> change.apply(read(given));
    }
}
