// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/** Decides which changes have to wait. Damage to an object whose desired state is unchanged is repaired without asking it. */
@FunctionalInterface
public interface Gate {

    /**
     * @param desired an object that is new or has changed
     * @param actual the object in the cluster, if there is one
     * @return whether it must not be applied yet
     */
    boolean holds(GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual);
}
