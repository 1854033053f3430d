// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.revision;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;

/** The ControllerRevisions in the cluster, without their contents, from a cache that is a moment behind; what changes there is an event. */
public interface RevisionCache {

    /**
     * @param namespace namespace of a resource
     * @param instance name of the resource
     * @return its ControllerRevisions; they are shared and must not be changed
     */
    List<GenericKubernetesResource> revisions(String namespace, String instance);
}
