// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an object that belong to a field manager by server-side apply ({@code metadata.managedFields}).
 *
 * <p>Whoever changes a field takes it over from its manager, so "every field that was applied still belongs to the operator" means
 * that nobody changed one of them. That needs no comparison of values, which the API server writes in its own way (quantities,
 * defaults).
 */
public final class ManagedFields {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> IDENTITY = Set.of("apiVersion", "kind");
    private static final Set<String> METADATA_IDENTITY = Set.of("name", "namespace");

    private final Map<String, Object> fields;

    private ManagedFields(Map<String, Object> fields) {
        this.fields = fields;
    }

    /**
     * @param object an object of the cluster
     * @param manager name of the field manager
     * @return what the manager has applied; nothing if it has not
     */
    public static ManagedFields appliedBy(String manager, HasMetadata object) {
        return new ManagedFields(entries(object).stream()
                .filter(entry -> manager.equals(entry.getManager()))
                .filter(entry -> "Apply".equals(entry.getOperation()))
                .filter(entry ->
                        entry.getSubresource() == null || entry.getSubresource().isEmpty())
                .filter(entry -> object.getApiVersion().equals(entry.getApiVersion()))
                .map(ManagedFieldsEntry::getFieldsV1)
                .filter(Objects::nonNull)
                .map(FieldsV1::getAdditionalProperties)
                .findFirst()
                .orElse(Map.of()));
    }

    private static List<ManagedFieldsEntry> entries(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getManagedFields(), List.of());
    }

    /**
     * @param path names of nested fields
     * @return whether the field belongs to the manager
     */
    boolean contains(String... path) {
        Object at = fields;
        for (String name : path) {
            at = at instanceof Map<?, ?> map ? map.get("f:" + name) : null;
        }
        return at != null;
    }

    /**
     * @param actual an object as plain maps and lists, with fields of all managers
     * @return the fields of it that the manager has applied
     */
    public Map<String, Object> of(Map<String, Object> actual) {
        return extract(fields, actual);
    }

    private static Map<String, Object> extract(Map<?, ?> owned, Map<?, ?> actual) {
        Map<String, Object> result = new LinkedHashMap<>();
        actual.forEach((name, value) -> {
            if (value != null && owned.get("f:" + name) instanceof Map<?, ?> below) {
                result.put(String.valueOf(name), extract(below, value));
            }
        });
        return result;
    }

    private static Object extract(Map<?, ?> owned, Object actual) {
        if (owned.isEmpty()) {
            return actual; // a scalar, or a map or list that has one owner as a whole
        }
        return switch (actual) {
            case Map<?, ?> map -> extract(owned, map);
            case List<?> items ->
                items.stream()
                        .flatMap(item -> extractItem(owned, item).stream())
                        .toList();
            default -> actual;
        };
    }

    private static Optional<Object> extractItem(Map<?, ?> owned, Object item) {
        return owned.entrySet().stream()
                .filter(entry -> isOf(String.valueOf(entry.getKey()), item))
                .findFirst()
                .map(entry -> entry.getValue() instanceof Map<?, ?> below ? extract(below, item) : item);
    }

    /**
     * @param applied an object as it was applied, as plain maps and lists
     * @return whether every field of it belongs to the manager
     */
    boolean cover(Map<String, Object> applied) {
        for (Map.Entry<String, Object> field : applied.entrySet()) {
            if (IDENTITY.contains(field.getKey()) || field.getValue() == null) {
                continue;
            }
            Object owned = fields.get("f:" + field.getKey());
            boolean covered = field.getKey().equals("metadata") && field.getValue() instanceof Map<?, ?> metadata
                    ? owned instanceof Map<?, ?> map && covers(map, metadata, METADATA_IDENTITY)
                    : covers(owned, field.getValue());
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    private static boolean covers(Object owned, Object applied) {
        return switch (owned) {
            case Map<?, ?> map when map.isEmpty() -> true; // a scalar, or a map or list that has one owner as a whole
            case Map<?, ?> map when applied instanceof Map<?, ?> fields -> covers(map, fields, Set.of());
            case Map<?, ?> map
            when applied instanceof List<?> items -> items.stream().allMatch(item -> coversItem(map, item));
            case null, default -> false;
        };
    }

    private static boolean covers(Map<?, ?> owned, Map<?, ?> applied, Set<String> ignored) {
        return applied.entrySet().stream()
                .filter(field -> field.getValue() != null && !ignored.contains(String.valueOf(field.getKey())))
                .allMatch(field -> covers(owned.get("f:" + field.getKey()), field.getValue()));
    }

    /** An item of a list that is keyed ({@code k:{"name":"x"}}) or a set ({@code v:"x"}). */
    private static boolean coversItem(Map<?, ?> owned, Object item) {
        return owned.entrySet().stream().anyMatch(entry -> {
            String key = String.valueOf(entry.getKey());
            return isOf(key, item) && (key.startsWith("v:") || covers(entry.getValue(), item));
        });
    }

    private static boolean isOf(String key, Object item) {
        if (key.startsWith("v:")) {
            return Objects.equals(parse(key.substring(2)), item);
        }
        return key.startsWith("k:")
                && item instanceof Map<?, ?> fields
                && parse(key.substring(2)) instanceof Map<?, ?> keys
                && matches(keys, fields);
    }

    /** A key that was not applied is the API server's default. */
    private static boolean matches(Map<?, ?> keys, Map<?, ?> fields) {
        return keys.entrySet().stream()
                .allMatch(key ->
                        !fields.containsKey(key.getKey()) || key.getValue().equals(fields.get(key.getKey())));
    }

    private static Object parse(String json) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("managedFields of the API server are no JSON", e);
        }
    }
}
