// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.util.List;
import java.util.Optional;

/** The objects in the cluster that carry the operator's label, from a cache that is a moment behind. */
public interface Children {

    /**
     * @param kind kind of the object
     * @return whether the cluster has objects of this kind, and they are watched
     */
    boolean watches(GroupVersionKind kind);

    /**
     * @param kind kind of the object
     * @param namespace its namespace
     * @param name its name
     * @return the object; it is shared and must not be changed
     */
    Optional<GenericKubernetesResource> find(GroupVersionKind kind, String namespace, String name);

    /**
     * @param namespace namespace of a resource
     * @param instance name of the resource
     * @return every object with the resource's label; they are shared and must not be changed
     */
    List<GenericKubernetesResource> of(String namespace, String instance);

    /**
     * Lets the next {@link #find} see a write that the watch has not brought yet.
     *
     * @param written the object as the API server returned it
     * @param before the object before the write, if there was one
     */
    void written(GenericKubernetesResource written, Optional<GenericKubernetesResource> before);
}
