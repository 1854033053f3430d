// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Labels that tell what belongs to whom. */
public final class Labels {

    /** Field manager of everything the operator applies, and value of the label {@link #MANAGED_BY}. */
    public static final String MANAGER = "taskplatform-operator";

    /** Name of the label that says who keeps an object as it is. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** Name of the label with the name of the resource that an object belongs to. */
    public static final String INSTANCE = "app.kubernetes.io/instance";

    /** Name of the label with the name of the service that a pod belongs to. */
    public static final String NAME = "app.kubernetes.io/name";

    /** Name of the label with the part that an object has in what it belongs to. */
    public static final String COMPONENT = "app.kubernetes.io/component";

    /** Name of the label with the version of what an object belongs to. */
    public static final String VERSION = "app.kubernetes.io/version";

    private Labels() {}

    /**
     * @param resource name of a resource
     * @return labels of an object that belongs to both of its services
     */
    public static Map<String, String> ofBoth(String resource) {
        return Map.of(
                MANAGED_BY,
                MANAGER,
                INSTANCE,
                resource,
                NAME,
                "taskplatform",
                "app.kubernetes.io/part-of",
                "taskplatform");
    }

    /**
     * @param object any object
     * @param label name of a label
     * @return the label's value
     */
    public static Optional<String> of(HasMetadata object, String label) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return Optional.ofNullable(
                Objects.requireNonNullElse(labels, Map.<String, String>of()).get(label));
    }
}
