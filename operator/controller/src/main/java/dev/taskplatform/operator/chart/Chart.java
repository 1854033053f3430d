// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.taskplatform.operator.apply.Digest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The chart in a directory whose files don't change while it is used. Renders of the same values are remembered, good and failed
 * ones, so that the engine runs once for each change of a resource and not for each reconciliation.
 */
public final class Chart {

    private static final int REMEMBERED = 2_000;

    private final Path directory;
    private final String kubeVersion;
    private final HelmEngine engine = new HelmEngine();
    // YAML 1.1 like Helm: 0440 is an octal number.
    private final ObjectMapper yaml = new YAMLMapper();
    private final Map<String, Result> results = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Result> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Chart(Path directory, String kubeVersion) {
        this.directory = directory;
        this.kubeVersion = kubeVersion;
    }

    /**
     * Renders the chart once, to find out now rather than later whether it and the engine work.
     *
     * @param directory the chart's directory, the one that holds Chart.yaml
     * @param kubeVersion version of the cluster, such as v1.34.1
     * @param values values that the chart takes
     * @return the chart
     * @throws IllegalArgumentException when it can't be rendered with these values
     */
    public static Chart load(Path directory, String kubeVersion, Map<String, Object> values) {
        if (!Files.isRegularFile(directory.resolve("Chart.yaml"))) {
            throw new IllegalArgumentException("there is no chart in " + directory.toAbsolutePath()
                    + ": set CHART_DIR to the directory that holds Chart.yaml");
        }
        var chart = new Chart(directory, kubeVersion);
        try {
            chart.render("probe", "default", values);
        } catch (RenderException e) {
            throw new IllegalArgumentException(
                    "the chart in %s can't be rendered: %s".formatted(directory.toAbsolutePath(), e.getMessage()), e);
        }
        return chart;
    }

    /**
     * @param name release name
     * @param namespace release namespace
     * @param values values over the chart's defaults
     * @return the objects of the release in the order of the chart, without its hooks; new ones at each call
     * @throws RenderException when the chart or its schema refuses the values
     */
    public List<GenericKubernetesResource> render(String name, String namespace, Map<String, Object> values)
            throws RenderException {
        return result(name, namespace, values).objects();
    }

    private Result result(String name, String namespace, Map<String, Object> values) {
        String input = Digest.of(List.of(name, namespace, values));
        synchronized (results) {
            return results.computeIfAbsent(input, key -> run(name, namespace, values));
        }
    }

    private Result run(String name, String namespace, Map<String, Object> values) {
        try {
            return Result.of(parse(engine.template(directory, kubeVersion, name, namespace, values)));
        } catch (RenderException e) {
            return Result.failed(e.getMessage());
        }
    }

    private List<JsonNode> parse(String text) throws RenderException {
        try (MappingIterator<JsonNode> documents =
                yaml.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll().stream()
                    .filter(JsonNode::isObject) // a template that renders nothing leaves an empty document
                    .filter(document ->
                            !document.path("metadata").path("annotations").has("helm.sh/hook"))
                    .toList();
        } catch (IOException e) {
            throw new RenderException("the chart has rendered what is no YAML: " + e.getMessage());
        }
    }

    /**
     * @return digest of the chart's files: another one when another version of the operator brings another chart
     * @throws UncheckedIOException when they can't be read
     */
    public String digest() {
        try (Stream<Path> files = Files.walk(directory)) {
            Map<String, String> contents = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(file).toString(), Files.readString(file));
            }
            return Digest.of(contents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What came of a render: the objects, or why there are none. There are as many of these as resources, so the objects are
     * compressed, to about a tenth.
     */
    private record Result(byte[] compressed, String failure) {

        private static final ObjectMapper JSON = new ObjectMapper();
        private static final TypeReference<List<GenericKubernetesResource>> OBJECTS = new TypeReference<>() {};

        static Result failed(String failure) {
            return new Result(null, failure);
        }

        static Result of(List<JsonNode> documents) {
            var bytes = new ByteArrayOutputStream();
            try (var deflater = new DeflaterOutputStream(bytes)) {
                JSON.writeValue(deflater, documents);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Result(bytes.toByteArray(), null);
        }

        List<GenericKubernetesResource> objects() throws RenderException {
            if (failure != null) {
                throw new RenderException(failure);
            }
            try (var inflater = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
                return JSON.readValue(inflater, OBJECTS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
