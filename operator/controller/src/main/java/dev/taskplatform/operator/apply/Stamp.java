// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import dev.taskplatform.operator.api.DeletionPolicy;
import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Marks objects as the operator's, and recognises them. */
public final class Stamp {

    /** Annotation with the digest of the object as it was applied last. */
    static final String APPLIED = "taskplatform.dev/applied";

    /** Annotation of a Deployment with the digest of the pod template as it was applied last. */
    private static final String TEMPLATE = "taskplatform.dev/template";

    private Stamp() {}

    /** Adds label, owner and digest. What holds data has no owner under {@code Retain}, so that it outlives the resource. */
    public static GenericKubernetesResource put(GenericKubernetesResource object, TaskPlatform owner) {
        var metadata = object.getMetadata();
        metadata.setLabels(with(metadata.getLabels(), Labels.MANAGED_BY, Labels.MANAGER));
        boolean retained = Kinds.holdsData(object) && owner.getSpec().deletionPolicy() != DeletionPolicy.Delete;
        metadata.setOwnerReferences(retained ? List.of() : List.of(reference(owner)));
        if (Kinds.of(object).equals(Kinds.DEPLOYMENT)) {
            metadata.setAnnotations(with(metadata.getAnnotations(), TEMPLATE, Digest.of(template(object))));
        }
        metadata.setAnnotations(with(metadata.getAnnotations(), APPLIED, digest(object)));
        return object;
    }

    private static Map<String, Object> template(GenericKubernetesResource deployment) {
        return deployment.get("spec", "template");
    }

    /** @return whether {@code actual} was applied last from the same desired state */
    public static boolean isSame(GenericKubernetesResource actual, GenericKubernetesResource desired) {
        return annotation(actual, APPLIED).equals(annotation(desired, APPLIED));
    }

    /**
     * An object is the resource's when the resource, or a predecessor of its name, owns it; one without an owner is when it has the
     * operator's label (data that was retained, or handed over by hand).
     */
    public static boolean isOn(HasMetadata object, TaskPlatform owner) {
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

    /** @return the reference by which a resource owns an object, which goes with it */
    public static OwnerReference reference(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }

    /** @return digest of the pod template that a Deployment was applied with last */
    public static Optional<String> templateOf(HasMetadata deployment) {
        return annotation(deployment, TEMPLATE);
    }

    private static Optional<String> annotation(HasMetadata object, String name) {
        return Optional.ofNullable(object.getMetadata().getAnnotations()).map(annotations -> annotations.get(name));
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
        return Digest.of(fields);
    }
}
