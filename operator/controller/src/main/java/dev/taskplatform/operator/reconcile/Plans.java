// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus.PlannedChange;
import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.apply.Stamp;
import dev.taskplatform.operator.revision.Differences;
import dev.taskplatform.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what would change before it does, and which pods would restart for what reason. */
final class Plans {

    private final Children children;

    Plans(Children children) {
        this.children = children;
    }

    /** @return every change that a paused resource would make */
    List<PlannedChange> ofEverything(TaskPlatform resource, Target target) {
        String namespace = resource.getMetadata().getNamespace();
        List<PlannedChange> changes = new ArrayList<>();
        Set<String> desired = new HashSet<>();
        for (GenericKubernetesResource object : target.objects()) {
            desired.add(id(object));
            if (children.watches(Kinds.of(object))) {
                Optional<GenericKubernetesResource> actual = children.find(
                        Kinds.of(object), namespace, object.getMetadata().getName());
                change(Stamp.put(object, resource), actual, target).ifPresent(changes::add);
            }
        }
        children.of(namespace, resource.getMetadata().getName()).stream()
                .filter(object -> !desired.contains(id(object)) && !Kinds.holdsData(object))
                .map(object -> planned(object, "Delete", false, "nothing asks for it any longer"))
                .forEach(changes::add);
        return changes;
    }

    private static Optional<PlannedChange> change(
            GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual, Target target) {
        if (actual.isEmpty()) {
            return Optional.of(planned(desired, "Create", false, "it is not there"));
        }
        if (Stamp.isSame(actual.get(), desired)) {
            return Optional.empty();
        }
        boolean restarts = Kinds.of(desired).equals(Kinds.DEPLOYMENT)
                && !Stamp.templateOf(actual.get()).equals(Stamp.templateOf(desired));
        String reason = restarts
                ? Services.of(desired)
                        .flatMap(service -> target.last().map(last -> reason(last, target.effective(), service)))
                        .orElse("the definition of the pods has changed")
                : "its definition has changed";
        return Optional.of(planned(desired, "Update", restarts, reason));
    }

    /** @return the pods that a new version of the operator would restart */
    static List<PlannedChange> ofUpgrade(TaskPlatform resource, Target target, Target.Upgrade upgrade) {
        return Services.ALL.stream()
                .filter(service -> !upgrade.revision()
                        .template(service)
                        .equals(target.effective().template(service)))
                .map(service -> new PlannedChange(
                        Kinds.DEPLOYMENT.getKind(),
                        resource.getMetadata().getName() + "-" + service,
                        "Update",
                        true,
                        reason(target.effective(), upgrade.revision(), service)))
                .toList();
    }

    /** @return why the pods of a service are restarted, as in {@link Differences} */
    static String reason(Revision before, Revision after, String service) {
        String differences = Differences.between(
                before.templates().getOrDefault(service, Map.of()),
                after.templates().get(service));
        return differences.isEmpty() ? "the definition of the pods has changed" : differences;
    }

    private static PlannedChange planned(
            GenericKubernetesResource object, String change, boolean restartsPods, String reason) {
        return new PlannedChange(object.getKind(), object.getMetadata().getName(), change, restartsPods, reason);
    }

    private static String id(GenericKubernetesResource object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }
}
