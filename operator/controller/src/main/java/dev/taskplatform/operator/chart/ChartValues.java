// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.operator.api.ImageSpec;
import dev.taskplatform.operator.api.TaskPlatformSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The chart's values for a resource: what the spec says, over the operator's images and key Secret, over the chart's own defaults.
 *
 * <p>The spec's names are the chart's, so its values are taken as they are; a field that the chart doesn't know makes the render
 * fail on the chart's strict schema rather than have no effect.
 */
public final class ChartValues {

    private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

    /** What only the operator has to do with. */
    private static final List<String> OPERATORS_OWN = List.of("paused", "upgradePolicy");

    /** What the operator makes backups by. */
    private static final List<String> SCHEDULE = List.of("schedule", "timeZone", "keep");

    private final ObjectMapper mapper = new ObjectMapper();

    /**
     * @param spec what the user wants
     * @param images images of a resource that names no registry and no tag
     * @param keySecret name of the Secret with the encryption key
     * @param podAnnotations annotations of the pods; a change of them restarts the pods
     * @return values to give to the chart
     */
    public Map<String, Object> of(
            TaskPlatformSpec spec, OperandImages images, String keySecret, Map<String, String> podAnnotations) {
        Map<String, Object> values = mapper.convertValue(spec, MAP);
        values.keySet().removeAll(OPERATORS_OWN);
        values.putAll(withKeySecret(keySecret));
        if (spec.backup() != null) {
            child(values, "backup").keySet().removeAll(SCHEDULE);
        }
        if (spec.database().embedded() != null) {
            child(child(values, "database"), "embedded").remove("restore");
        }
        if (spec.rollout() != null) {
            child(values, "rollout").remove("automaticRollback");
        }
        child(values, "userService").put("image", image(images.userService(), spec.image()));
        child(values, "taskService").put("image", image(images.taskService(), spec.image()));
        if (!podAnnotations.isEmpty()) {
            for (String service : List.of("userService", "taskService")) {
                child(child(child(values, service), "podTemplate"), "annotations")
                        .putAll(podAnnotations);
            }
        }
        // A service's own tag wins over the common one in the chart, so the spec's tag has become each service's above.
        child(values, "image").remove("tag");
        return values;
    }

    /**
     * @param keySecret name of the Secret with the encryption key
     * @return the least values with which the chart asks the cluster for nothing
     */
    public static Map<String, Object> withKeySecret(String keySecret) {
        return Map.of("keys", Map.of("secretName", keySecret));
    }

    private static Map<String, Object> image(ImageReference operand, ImageSpec spec) {
        boolean registry = spec != null && spec.registry() != null;
        boolean tag = spec != null && spec.tag() != null;
        return Map.of(
                "repository", registry ? operand.name() : operand.repository(),
                "tag", tag ? spec.tag() : operand.tag());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> values, String name) {
        return (Map<String, Object>) values.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
    }
}
