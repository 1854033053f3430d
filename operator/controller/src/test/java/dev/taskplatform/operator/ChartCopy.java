// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A copy of the chart, to be changed as another version of the operator would have it. */
final class ChartCopy {

    private static final Path CHART = Path.of("../../helm/taskplatform");

    private ChartCopy() {}

    /** @return the copy's directory in another one */
    static Path in(Path directory) throws IOException {
        Path target = directory.resolve("taskplatform");
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(CHART.relativize(file).toString()));
            }
        }
        return target;
    }
}
