// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/** Names of the services; an object of a service is named RESOURCE-SERVICE. */
public final class Services {

    /** The service that knows users. */
    public static final String USER = "user-service";

    /** The service that keeps tasks. */
    public static final String TASK = "task-service";

    /** Both, in the order in which a change reaches them. */
    public static final List<String> ALL = List.of(USER, TASK);

    private Services() {}

    /**
     * @param object an object of a resource
     * @return the service whose own object it is: the Deployment or ConfigMap of its name, for example
     */
    public static Optional<String> of(HasMetadata object) {
        String name = object.getMetadata().getName();
        return Labels.of(object, Labels.INSTANCE)
                .flatMap(instance -> ALL.stream()
                        .filter(service -> name.equals(instance + "-" + service))
                        .findFirst());
    }
}
