// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.revision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says in words why pods are restarted: what differs between two pod templates. */
public final class Differences {

    private static final Map<String, String> ANNOTATIONS = Map.of(
            "checksum/config", "settings that are read at the start",
            "taskplatform.dev/database-credentials", "the connection in the database's Secret",
            "taskplatform.dev/restarted-at", "a restart was asked for");

    private static final Map<String, String> FIELDS = Map.of(
            "env", "environment variables",
            "resources", "resources",
            "volumes", "volumes",
            "volumeMounts", "volumes",
            "nodeSelector", "placement",
            "tolerations", "placement",
            "affinity", "placement",
            "topologySpreadConstraints", "placement",
            "priorityClassName", "priority");

    private Differences() {}

    /**
     * @param before pod template that runs
     * @param after pod template that is to run
     * @return what differs, such as {@code image a:1 to a:2; resources}; empty when nothing does
     */
    public static String between(Map<String, Object> before, Map<String, Object> after) {
        Set<String> found = new TreeSet<>();
        annotations(before, after, found);
        differing(map(before, "metadata", "labels"), map(after, "metadata", "labels"))
                .forEach(label -> found.add(label.equals("app.kubernetes.io/version") ? "version" : "labels"));
        Map<String, Object> specBefore = map(before, "spec");
        Map<String, Object> specAfter = map(after, "spec");
        differing(specBefore, specAfter).forEach(field -> {
            if (field.equals("containers")) {
                containers(specBefore, specAfter, found);
            } else {
                found.add(FIELDS.getOrDefault(field, "the pod's " + field));
            }
        });
        if (found.size() > 1) {
            found.remove("version"); // the image says it
        }
        return String.join("; ", found);
    }

    private static void annotations(Map<String, Object> before, Map<String, Object> after, Set<String> found) {
        differing(map(before, "metadata", "annotations"), map(after, "metadata", "annotations"))
                .forEach(name -> found.add(ANNOTATIONS.getOrDefault(name, "annotations")));
    }

    private static void containers(Map<String, Object> before, Map<String, Object> after, Set<String> found) {
        Map<String, Object> old = first(before);
        Map<String, Object> now = first(after);
        differing(old, now).forEach(field -> {
            if (field.equals("image")) {
                found.add("image %s to %s".formatted(old.get("image"), now.get("image")));
            } else if (field.equals("env")) {
                found.add("environment variables "
                        + differing(byName(old), byName(now)).stream().collect(Collectors.joining(", ")));
            } else {
                found.add(FIELDS.getOrDefault(field, "the container's " + field));
            }
        });
    }

    private static Map<String, Object> byName(Map<String, Object> container) {
        Map<String, Object> names = new LinkedHashMap<>();
        items(container, "env").forEach(entry -> names.put(String.valueOf(entry.get("name")), entry));
        return names;
    }

    private static Map<String, Object> first(Map<String, Object> spec) {
        List<Map<String, Object>> containers = items(spec, "containers");
        return containers.isEmpty() ? Map.of() : containers.getFirst();
    }

    private static Set<String> differing(Map<String, Object> before, Map<String, Object> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return names;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> at, String... path) {
        Map<String, Object> found = at;
        for (String name : path) {
            found = found.get(name) instanceof Map<?, ?> below ? (Map<String, Object>) below : Map.of();
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> items(Map<String, Object> at, String name) {
        List<Map<String, Object>> items = new ArrayList<>();
        if (at.get(name) instanceof List<?> list) {
            list.forEach(item -> items.add((Map<String, Object>) item));
        }
        return items;
    }
}
