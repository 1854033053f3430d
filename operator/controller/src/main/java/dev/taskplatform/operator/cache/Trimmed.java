// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.cache;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformBackup;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads objects without what the operator never looks at, so that a cache of a thousand resources stays small: specs that are the
 * operator's own, fields of other managers, labels and annotations of others. A client with this serialization is for watching only;
 * what it has read must not be written.
 */
public final class Trimmed {

    private static final String OWN_ANNOTATIONS = "taskplatform.dev/";
    private static final Set<String> LABELS = Set.of(Labels.MANAGED_BY, Labels.INSTANCE, Labels.NAME);

    private static final Set<Class<?>> LISTS = Set.of(SecretList.class, GenericKubernetesResourceList.class);

    private static final Set<GroupVersionKind> CHILDREN = Stream.of(
                    Kinds.BUILT_IN, Kinds.OPTIONAL, List.of(Kinds.REVISION))
            .flatMap(List::stream)
            .collect(Collectors.toSet());

    private final Shared shared = new Shared();

    private Trimmed() {}

    /** @return a serialization that leaves out what is not needed */
    public static KubernetesSerialization serialization() {
        var trimmed = new Trimmed();
        ObjectMapper mapper = new ObjectMapper();
        mapper.registerModule(new SimpleModule("trimmed").setDeserializerModifier(new BeanDeserializerModifier() {
            @Override
            public JsonDeserializer<?> modifyDeserializer(
                    DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
                Class<?> read = bean.getBeanClass();
                return HasMetadata.class.isAssignableFrom(read) || LISTS.contains(read)
                        ? new Trimming(deserializer, trimmed)
                        : deserializer;
            }
        }));
        return new KubernetesSerialization(mapper, true);
    }

    private static final class Trimming extends DelegatingDeserializer {
        private static final long serialVersionUID = 1;

        private final transient Trimmed trimmed;

        private Trimming(JsonDeserializer<?> deserializer, Trimmed trimmed) {
            super(deserializer);
            this.trimmed = trimmed;
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> deserializer) {
            return new Trimming(deserializer, trimmed);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            Object object = super.deserialize(parser, context);
            switch (object) {
                case HasMetadata found when found.getMetadata() != null -> trimmed.trim(found);
                case GenericKubernetesResourceList list -> list.getItems().forEach(item -> trimmed.trim(item, list));
                case SecretList list when list.getItems() == null -> list.setItems(List.of()); // of metadata, and empty
                default -> {
                    // whole as it is
                }
            }
            return object;
        }
    }

    /** What is in a list doesn't say its kind; the list does. */
    private void trim(GenericKubernetesResource item, GenericKubernetesResourceList list) {
        if (item.getKind() == null) {
            item.setApiVersion(list.getApiVersion());
            item.setKind(list.getKind().replaceFirst("List$", ""));
            trim(item);
        }
    }

    private void trim(HasMetadata object) {
        switch (object) {
            case TaskPlatform resource -> resource.getMetadata().setManagedFields(List.of());
            case TaskPlatformBackup backup -> backup.getMetadata().setManagedFields(List.of());
            case Pod pod -> {
                pod.setSpec(null);
                trim(pod.getMetadata(), Set.of());
            }
            case Secret secret
            when !isOurs(secret) -> {
                secret.setData(null);
                trim(secret.getMetadata(), Set.of());
            }
            case GenericKubernetesResource generic
            when generic.getKind() != null && CHILDREN.contains(Kinds.of(generic)) -> {
                trim(generic.getMetadata(), Set.of(Labels.MANAGER));
                generic.setAdditionalProperties(needed(generic));
            }
            default -> {
                // on its way to one of the classes above, or not cached at all
            }
        }
    }

    private static boolean isOurs(HasMetadata object) {
        return Labels.of(object, Labels.MANAGED_BY).equals(Optional.of(Labels.MANAGER));
    }

    private void trim(ObjectMeta metadata, Set<String> managers) {
        Map<String, String> labels = new LinkedHashMap<>(Objects.requireNonNullElse(metadata.getLabels(), Map.of()));
        labels.keySet().retainAll(LABELS);
        metadata.setLabels(shared.ofMap(labels));
        Map<String, String> annotations =
                new LinkedHashMap<>(Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
        annotations.keySet().removeIf(name -> !name.startsWith(OWN_ANNOTATIONS));
        metadata.setAnnotations(shared.ofMap(annotations));
        metadata.setManagedFields(
                Objects.requireNonNullElse(metadata.getManagedFields(), List.<ManagedFieldsEntry>of()).stream()
                        .filter(entry -> managers.contains(entry.getManager()))
                        .map(this::shared)
                        .toList());
    }

    private ManagedFieldsEntry shared(ManagedFieldsEntry entry) {
        if (entry.getFieldsV1() != null) {
            entry.getFieldsV1()
                    .setAdditionalProperties(shared.ofMap(entry.getFieldsV1().getAdditionalProperties()));
        }
        return entry;
    }

    private Map<String, Object> needed(GenericKubernetesResource object) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (Kinds.of(object).equals(Kinds.DEPLOYMENT)) {
            fields.put("spec", workload(object));
            fields.put("status", object.get("status"));
        } else if (Kinds.of(object).equals(Kinds.VOLUME_CLAIM)) {
            fields.put("status", object.get("status"));
        } else if (Kinds.of(object).equals(Kinds.SECRET)) {
            fields.put("data", object.get("data")); // of NAME-keys alone: others are not watched this way
        } else if (Kinds.of(object).equals(Kinds.REVISION)) {
            fields.put("revision", object.get("revision"));
        }
        return shared.ofMap(fields);
    }

    private static Map<String, Object> workload(GenericKubernetesResource deployment) {
        List<Map<String, Object>> containers =
                Objects.requireNonNullElse(deployment.get("spec", "template", "spec", "containers"), List.of());
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("replicas", deployment.get("spec", "replicas"));
        spec.put(
                "template",
                Map.of(
                        "metadata",
                        Map.of(
                                "labels",
                                Objects.requireNonNullElse(
                                        deployment.get("spec", "template", "metadata", "labels"), Map.of())),
                        "spec",
                        Map.of(
                                "containers",
                                containers.stream().map(Trimmed::container).toList())));
        return spec;
    }

    private static Map<String, Object> container(Map<String, Object> container) {
        return Map.of("name", container.get("name"), "image", container.get("image"));
    }
}
