// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Gate;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.apply.Stamp;
import dev.taskplatform.operator.revision.Revision;
import dev.taskplatform.operator.status.Rollout;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The order of a rollout: a change of the task service's pods waits until the user service is available in its own new revision, so
 * that what the one asks of the other is there, and a bad change stops at the first service. The file with its settings waits too,
 * since a pod that is restarted meanwhile would read it. The first install starts both at once: the task service bears a user
 * service that isn't there yet. While there is no usable connection to the database, no Deployment and no settings file is made or
 * changed: what is made from the connection can't be compared.
 *
 * <p>What was applied last is not kept anywhere else than in the cluster, so damage to a Deployment whose change waits is repaired
 * when its turn comes. One gate serves one reconciliation.
 */
final class RolloutGate implements Gate {

    private final Children children;
    private final Revision target;
    private final boolean databaseKnown;
    private boolean firstChanges;

    /**
     * @param children what is known of the cluster
     * @param target what the pods are to do
     * @param databaseKnown whether there is a usable connection to the database
     */
    RolloutGate(Children children, Revision target, boolean databaseKnown) {
        this.children = children;
        this.target = target;
        this.databaseKnown = databaseKnown;
    }

    /** @return the objects in the order of the rollout: what the pods need, then the services, each after the file it reads */
    static List<GenericKubernetesResource> inOrder(List<GenericKubernetesResource> rendered) {
        return rendered.stream()
                .sorted(Comparator.comparingInt(RolloutGate::rank))
                .toList();
    }

    private static int rank(GenericKubernetesResource object) {
        if (isDeployment(object)) {
            return isOf(Services.TASK, object) ? 3 : 1;
        }
        return isFile(object) && isOf(Services.TASK, object) ? 2 : 0;
    }

    @Override
    public boolean holds(GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual) {
        if (!databaseKnown && (isDeployment(desired) || isFile(desired))) {
            return true;
        }
        if (isDeployment(desired) && isOf(Services.USER, desired)) {
            firstChanges |= restarts(desired, actual);
            return false;
        }
        return isOf(Services.TASK, desired)
                && (isFile(desired) || isDeployment(desired))
                && deployment(desired, Services.TASK)
                        .filter(found -> !Stamp.templateOf(found).equals(target.template(Services.TASK)))
                        .isPresent()
                && (firstChanges || !isFirstComplete(desired));
    }

    private static boolean restarts(GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual) {
        return actual.filter(found -> !Stamp.templateOf(found).equals(Stamp.templateOf(desired)))
                .isPresent();
    }

    private boolean isFirstComplete(GenericKubernetesResource object) {
        return deployment(object, Services.USER)
                .filter(deployment -> Rollout.of(typed(deployment)).complete())
                .isPresent();
    }

    /** The Deployment of a service of the resource whose object it is. */
    private Optional<GenericKubernetesResource> deployment(GenericKubernetesResource object, String service) {
        String name = object.getMetadata().getName();
        String resource = name.substring(0, name.length() - Services.TASK.length());
        return children.find(Kinds.DEPLOYMENT, object.getMetadata().getNamespace(), resource + service);
    }

    /** Whether it is the file with the settings of a service. */
    private static boolean isFile(GenericKubernetesResource object) {
        return Kinds.of(object).equals(Kinds.CONFIG_MAP) && Services.of(object).isPresent();
    }

    private static boolean isDeployment(GenericKubernetesResource object) {
        return Kinds.of(object).equals(Kinds.DEPLOYMENT);
    }

    private static boolean isOf(String service, GenericKubernetesResource object) {
        return Services.of(object).equals(Optional.of(service));
    }

    static Deployment typed(GenericKubernetesResource deployment) {
        return Serialization.unmarshal(Serialization.asJson(deployment), Deployment.class);
    }
}
