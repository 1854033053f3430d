// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Helm's own template engine in this process. It asks the cluster nothing, unless a template says `lookup`: the values have to be such
 * that none does.
 *
 * <p>The first call unpacks the native library into {@code java.io.tmpdir}, which takes about half a second; later ones take a
 * millisecond. The library makes no promise for several calls at once, and each leaves a goroutine behind that waits for a signal,
 * so calls have to be few and in turn.
 */
final class HelmEngine {

    private static final Pattern FAILURE = Pattern.compile(".*?execution error at \\([^)]*\\): (.*)", Pattern.DOTALL);
    private static final String DEBUG_HINT = "Use --debug flag to render out invalid YAML";

    private final ObjectMapper json = new ObjectMapper();
    private final SignalHandlers handlers = SignalHandlers.current();

    /**
     * @param chart the chart's directory
     * @param kubeVersion version of the cluster
     * @param release name of the release
     * @param namespace namespace of the release
     * @param values values over the chart's defaults
     * @return what `helm template` prints
     * @throws RenderException when the chart or its schema refuses the values
     */
    String template(Path chart, String kubeVersion, String release, String namespace, Map<String, Object> values)
            throws RenderException {
        try {
            Path file = Files.createTempFile("values-", ".json");
            try {
                json.writeValue(file.toFile(), values);
                return new Helm(chart)
                        .template()
                        .withName(release)
                        .withNamespace(namespace)
                        .withKubeVersion(kubeVersion)
                        .withValuesFile(file)
                        .call();
            } finally {
                handlers.restore();
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            throw new RenderException(reason(e.getMessage()));
        }
    }

    /** What a template's author wrote, without the engine's words around it. */
    private static String reason(String message) {
        return FAILURE.matcher(message)
                .replaceFirst("$1")
                .replace(DEBUG_HINT, "")
                .strip();
    }
}
