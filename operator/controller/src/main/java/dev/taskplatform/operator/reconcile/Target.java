// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.revision.Revision;
import dev.taskplatform.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Optional;

/**
 * What is to be in the cluster for a resource.
 *
 * @param objects what is to be applied now
 * @param revision what the pods would do if nothing had failed
 * @param operator digest of what the operator that made the revision brought along
 * @param last what ran healthily last
 * @param failure why the revision was taken back to the last one, if it was
 * @param upgrade what a new version of the operator would make of it, while that waits for approval
 */
record Target(
        List<GenericKubernetesResource> objects,
        Revision revision,
        String operator,
        Optional<Revision> last,
        Optional<Revisions.Failure> failure,
        Optional<Upgrade> upgrade) {

    /** @return what the pods are to do now */
    Revision effective() {
        return failure.isPresent() ? last.orElse(revision) : revision;
    }

    /**
     * A change that only another version of the operator asks for.
     *
     * @param revision what the pods would do
     * @param approval value of the annotation that approves it
     */
    record Upgrade(Revision revision, String approval) {}
}
