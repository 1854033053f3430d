// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One of the repository's charts, rendered by Helm's engine.
 *
 * @param release name of the release it is rendered for
 * @param namespace namespace of that release
 */
record Chart(String name, String release, String namespace) {

    static final Chart TASKPLATFORM = new Chart("taskplatform", "team", "blue");
    static final Chart OPERATOR = new Chart("taskplatform-operator", "taskplatform-operator", "taskplatform-system");

    /** The oldest version of Kubernetes that the charts admit. */
    private static final String KUBERNETES = "1.29.0";

    private Path directory() {
        return Path.of("..", name);
    }

    /**
     * A copy of the chart whose hooks are no hooks: Helm's engine in the JVM leaves those out of what it renders, and they are
     * to be tested like all other objects.
     */
    private Path withoutHooks() throws IOException {
        Path copy = Path.of("target", "charts", name);
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(directory().relativize(file));
                Files.createDirectories(target.getParent());
                Files.writeString(target, Files.readString(file).replace("helm.sh/hook:", Rendering.HOOK + ":"));
            }
        }
        return copy;
    }

    Chart as(String release) {
        return new Chart(name, release, namespace);
    }

    /**
     * Renders the chart with values, given as YAML.
     *
     * @throws IllegalStateException when the chart refuses them, with Helm's message
     */
    Rendering render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return Rendering.parse(new Helm(withoutHooks())
                        .template()
                        .withName(release)
                        .withNamespace(namespace)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Helm's message when the chart refuses these values, else nothing. */
    Optional<String> refusal(String values) {
        try {
            render(values);
            return Optional.empty();
        } catch (IllegalStateException refused) {
            return Optional.of(refused.getMessage());
        }
    }

    LintResult lint() {
        return new Helm(directory()).lint().strict().call();
    }

    /** A file of the chart's directory. */
    String file(String path) {
        try {
            return Files.readString(directory().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
