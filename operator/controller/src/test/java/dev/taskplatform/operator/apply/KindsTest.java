// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KindsTest {

    private static final Path TEMPLATES = Path.of("../../helm/taskplatform/templates");
    private static final Pattern OBJECT = Pattern.compile("(?m)^apiVersion: (\\S+)\\nkind: (\\S+)$");

    /** Made and looked at while there is something to do with all data, and never kept. */
    private static final GroupVersionKind JOB = new GroupVersionKind("batch/v1", "Job");

    @Test
    void everyKindThatTheChartCanRenderIsWatchedAndNoOther() throws IOException {
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            Stream<GroupVersionKind> rendered = files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(TEMPLATES.resolve("tests"))) // hooks are Helm's
                    .flatMap(file -> OBJECT.matcher(read(file)).results())
                    .map(KindsTest::kind)
                    .filter(kind -> !kind.equals(JOB));

            assertThat(rendered.distinct())
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Kinds.BUILT_IN.stream(), Kinds.OPTIONAL.stream())
                            .toList());
        }
    }

    private static GroupVersionKind kind(MatchResult object) {
        return new GroupVersionKind(object.group(1), object.group(2));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
