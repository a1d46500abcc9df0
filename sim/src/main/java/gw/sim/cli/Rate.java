package gw.sim.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads events per second: a number that is not negative, or max. */
final class Rate implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
        if (text.equals("max")) {
            return Double.POSITIVE_INFINITY;
        }
        double rate;
        try {
            rate = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            rate = -1;
        }
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new TypeConversionException(
                    "'" + text + "' (expected: events per second, >= 0, or max)");
        }
        return rate;
    }

    static String words(double rate) {
        if (Double.isInfinite(rate)) {
            return "max";
        }
        return (rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate))
                + "/s";
    }
}
