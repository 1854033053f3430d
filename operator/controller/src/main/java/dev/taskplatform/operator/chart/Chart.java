// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * The chart, rendered by Helm's own engine in this process. Nothing is asked of a cluster, so `lookup` finds nothing.
 *
 * <p>The engine's native library is unpacked into {@code java.io.tmpdir} at the first use.
 */
public final class Chart {

    private static final Pattern FAILURE = Pattern.compile(".*?execution error at \\([^)]*\\): (.*)", Pattern.DOTALL);

    private static final String DEBUG_HINT = "Use --debug flag to render out invalid YAML";

    private final Path directory;
    private final String kubeVersion;
    private final ObjectMapper json = new ObjectMapper();
    // YAML 1.1 like Helm: 0440 is an octal number.
    private final ObjectMapper yaml = new YAMLMapper();
    // One render takes about a millisecond; the engine makes no promise for several at once.
    private final ReentrantLock engine = new ReentrantLock();

    /**
     * @param directory the chart's directory, the one that holds Chart.yaml
     * @param kubeVersion version of the cluster, such as v1.34.1
     */
    public Chart(Path directory, String kubeVersion) {
        if (!Files.isRegularFile(directory.resolve("Chart.yaml"))) {
            throw new IllegalArgumentException("there is no chart in " + directory.toAbsolutePath()
                    + ": set CHART_DIR to the directory that holds Chart.yaml");
        }
        this.directory = directory;
        this.kubeVersion = kubeVersion;
    }

    /**
     * @param name release name
     * @param namespace release namespace
     * @param values values over the chart's defaults
     * @return the objects of the release in the order of the chart, without its hooks
     * @throws RenderException when the chart or its schema refuses the values
     */
    public List<GenericKubernetesResource> render(String name, String namespace, Map<String, Object> values)
            throws RenderException {
        try (MappingIterator<JsonNode> documents =
                yaml.readerFor(JsonNode.class).readValues(template(name, namespace, values))) {
            return documents.readAll().stream()
                    .filter(JsonNode::isObject) // a template that renders nothing leaves an empty document
                    .map(document -> json.convertValue(document, GenericKubernetesResource.class))
                    .filter(object -> !isHook(object))
                    .toList();
        } catch (IOException e) {
            throw new RenderException("the chart has rendered what is no YAML: " + e.getMessage());
        }
    }

    private String template(String name, String namespace, Map<String, Object> values) throws RenderException {
        engine.lock();
        try {
            Path file = Files.createTempFile("values-", ".json");
            try {
                json.writeValue(file.toFile(), values);
                return new Helm(directory)
                        .template()
                        .withName(name)
                        .withNamespace(namespace)
                        .withKubeVersion(kubeVersion)
                        .withValuesFile(file)
                        .call();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            throw new RenderException(reason(e.getMessage()));
        } finally {
            engine.unlock();
        }
    }

    /** What a template's author wrote, without the engine's words around it. */
    private static String reason(String message) {
        return FAILURE.matcher(message)
                .replaceFirst("$1")
                .replace(DEBUG_HINT, "")
                .strip();
    }

    private static boolean isHook(GenericKubernetesResource object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey("helm.sh/hook");
    }
}
