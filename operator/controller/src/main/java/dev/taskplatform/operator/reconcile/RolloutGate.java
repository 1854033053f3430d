// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Gate;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.status.Rollout;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;

/**
 * The order of a rollout: a change of the task service waits until the user service is available in its own new revision, so that
 * what the one asks of the other is there, and a bad change stops at the first service. The first install starts both at once: the
 * task service bears a user service that isn't there yet. While the Secret with the database connection is missing, no Deployment
 * is made or changed.
 */
final class RolloutGate implements Gate {

    private final Children children;
    private final boolean databaseKnown;

    RolloutGate(Children children, boolean databaseKnown) {
        this.children = children;
        this.databaseKnown = databaseKnown;
    }

    @Override
    public boolean holds(GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual) {
        if (!Kinds.of(desired).equals(Kinds.DEPLOYMENT)) {
            return false;
        }
        if (!databaseKnown) {
            return true;
        }
        String name = desired.getMetadata().getName();
        if (actual.isEmpty() || !name.endsWith("-" + Services.TASK)) {
            return false;
        }
        String first = name.substring(0, name.length() - Services.TASK.length()) + Services.USER;
        return children.find(Kinds.DEPLOYMENT, desired.getMetadata().getNamespace(), first)
                .map(RolloutGate::typed)
                .filter(deployment -> Rollout.of(deployment).complete())
                .isEmpty();
    }

    static Deployment typed(GenericKubernetesResource deployment) {
        return Serialization.unmarshal(Serialization.asJson(deployment), Deployment.class);
    }
}
