// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.taskplatform.operator.api.DeletionPolicy;
import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Marks objects as the operator's, and recognises them. */
final class Stamp {

    /** Annotation with the digest of the object as it was applied last. */
    static final String APPLIED = "taskplatform.dev/applied";

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Stamp() {}

    /** Adds label, owner and digest. What holds data has no owner under {@code Retain}, so that it outlives the resource. */
    static GenericKubernetesResource put(GenericKubernetesResource object, TaskPlatform owner) {
        var metadata = object.getMetadata();
        metadata.setLabels(with(metadata.getLabels(), Labels.MANAGED_BY, Labels.MANAGER));
        boolean retained = Kinds.holdsData(object) && owner.getSpec().deletionPolicy() != DeletionPolicy.Delete;
        metadata.setOwnerReferences(retained ? List.of() : List.of(reference(owner)));
        metadata.setAnnotations(with(metadata.getAnnotations(), APPLIED, digest(object)));
        return object;
    }

    /** @return whether {@code actual} was applied last from the same desired state */
    static boolean isSame(GenericKubernetesResource actual, GenericKubernetesResource desired) {
        return annotation(actual).equals(annotation(desired));
    }

    /**
     * An object is the resource's when the resource, or a predecessor of its name, owns it; one without an owner is when it has the
     * operator's label (data that was retained, or handed over by hand).
     */
    static boolean isOn(HasMetadata object, TaskPlatform owner) {
        Optional<OwnerReference> controller = Optional.ofNullable(
                        object.getMetadata().getOwnerReferences())
                .stream()
                .flatMap(List::stream)
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst();
        String name = owner.getMetadata().getName();
        return controller
                .map(reference -> reference.getKind().equals(owner.getKind())
                        && reference.getApiVersion().startsWith(owner.getGroup() + "/")
                        && reference.getName().equals(name))
                .orElseGet(() -> Labels.of(object, Labels.MANAGED_BY).equals(Optional.of(Labels.MANAGER))
                        && Labels.of(object, Labels.INSTANCE).equals(Optional.of(name)));
    }

    private static OwnerReference reference(TaskPlatform owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }

    private static Optional<String> annotation(GenericKubernetesResource object) {
        return Optional.ofNullable(object.getMetadata().getAnnotations()).map(annotations -> annotations.get(APPLIED));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> copy = new LinkedHashMap<>(Objects.requireNonNullElse(map, Map.of()));
        copy.put(key, value);
        return copy;
    }

    private static String digest(GenericKubernetesResource object) {
        Map<String, Object> fields = Fields.of(object);
        if (object.getKind().equals(Kinds.SECRET.getKind())) {
            fields.remove("data"); // nothing that is computed from a secret gets into an annotation
        }
        try {
            byte[] json = CANONICAL.writeValueAsString(fields).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json), 0, 16);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
