// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program run to its end, as a person would run it; both of its outputs are kept together. */
public record Command(List<String> words, int exitCode, String output) {

    private static final long TIMEOUT_MINUTES = 5;

    public static Command run(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("`" + String.join(" ", words) + "` did not end in time: " + output);
            }
            return new Command(List.of(words), process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The output, once it is sure that the program succeeded. */
    public String succeeded() {
        if (exitCode != 0) {
            throw new AssertionError("`" + String.join(" ", words) + "` ended with " + exitCode + ":\n" + output);
        }
        return output;
    }
}
