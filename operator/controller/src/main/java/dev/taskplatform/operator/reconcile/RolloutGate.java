// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Gate;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.status.Rollout;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The order of a rollout: a change of the task service waits until the user service is available in its own new revision, so that
 * what the one asks of the other is there, and a bad change stops at the first service. The first install starts both at once: the
 * task service bears a user service that isn't there yet. While the Secret with the database connection is missing, no Deployment
 * is made or changed.
 *
 * <p>What was applied last is not kept anywhere else than in the cluster, so damage to a Deployment whose change waits is repaired
 * when its turn comes. One gate serves one reconciliation.
 */
final class RolloutGate implements Gate {

    private final Children children;
    private final boolean databaseKnown;
    private boolean firstChanges;

    RolloutGate(Children children, boolean databaseKnown) {
        this.children = children;
        this.databaseKnown = databaseKnown;
    }

    /** @return the objects with the Deployments at the end, after everything their pods need, and in the order of the rollout */
    static List<GenericKubernetesResource> inOrder(List<GenericKubernetesResource> rendered) {
        return rendered.stream()
                .sorted(Comparator.comparing(RolloutGate::isDeployment)
                        .thenComparing(object -> isDeployment(object) && isOf(Services.TASK, object)))
                .toList();
    }

    @Override
    public boolean holds(GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual) {
        if (!isDeployment(desired)) {
            return false;
        }
        if (!databaseKnown) {
            return true;
        }
        if (actual.isEmpty() || !isOf(Services.TASK, desired)) {
            firstChanges |= isOf(Services.USER, desired);
            return false;
        }
        return firstChanges || !isFirstComplete(desired);
    }

    private boolean isFirstComplete(GenericKubernetesResource desired) {
        String name = desired.getMetadata().getName();
        String first = name.substring(0, name.length() - Services.TASK.length()) + Services.USER;
        return children.find(Kinds.DEPLOYMENT, desired.getMetadata().getNamespace(), first)
                .filter(deployment -> Rollout.of(typed(deployment)).complete())
                .isPresent();
    }

    private static boolean isDeployment(GenericKubernetesResource object) {
        return Kinds.of(object).equals(Kinds.DEPLOYMENT);
    }

    private static boolean isOf(String service, GenericKubernetesResource object) {
        return object.getMetadata().getName().endsWith("-" + service);
    }

    static Deployment typed(GenericKubernetesResource deployment) {
        return Serialization.unmarshal(Serialization.asJson(deployment), Deployment.class);
    }
}
