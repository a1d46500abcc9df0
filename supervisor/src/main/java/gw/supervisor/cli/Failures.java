package gw.supervisor.cli;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.List;

/** Says what went wrong and gives the exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        ExitCode code;
        boolean verbose = isVerbose(parsed);
        if (e instanceof UserError error) {
            code = error.exitCode();
            err.println("gw: " + Printable.line(String.valueOf(error.getMessage())));
            error.advice().lines().forEach(line -> err.println("  " + Printable.line(line)));
        } else {
            code = ExitCode.INTERNAL;
            err.println(
                    "gw: unexpected: "
                            + e.getClass().getName()
                            + ": "
                            + Printable.line(String.valueOf(e.getMessage()))
                            + (verbose ? "" : " (run with -v for the stack trace)"));
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        return code.number();
    }

    @Override
    public int handleParseException(ParameterException e, String[] words) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String message =
                e instanceof UnmatchedArgumentException stray
                        ? stray(stray.getUnmatched())
                        : String.valueOf(e.getMessage());
        err.println("gw: " + Printable.line(message.replaceFirst("^Error: ", "")));
        if (e instanceof UnmatchedArgumentException unmatched) {
            for (String suggestion : unmatched.getSuggestions()) {
                err.println("  Did you mean " + Printable.line(suggestion) + "?");
            }
        }
        err.println(
                "  " + command.getCommandSpec().qualifiedName() + " --help says what there is.");
        err.flush();
        return ExitCode.USAGE.number();
    }

    /** Names what is no option, but shows no value: it may be a token (P8). */
    private static String stray(List<String> words) {
        return words.stream()
                .filter(word -> word.startsWith("-"))
                .findFirst()
                .map(word -> "unknown option " + word.split("=", 2)[0])
                .orElse("there is a word too many that is neither an option nor an option's value");
    }

    /** Whether -v was there, before the command or after it. */
    private static boolean isVerbose(ParseResult parsed) {
        for (ParseResult at = parsed; at != null; at = at.subcommand()) {
            if (at.hasMatchedOption("-v")) {
                return true;
            }
        }
        return false;
    }
}
