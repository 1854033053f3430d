// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.apply.Restart;
import dev.taskplatform.operator.event.Events;
import dev.taskplatform.operator.event.Events.Type;
import dev.taskplatform.operator.revision.Differences;
import dev.taskplatform.operator.status.Problem;
import java.util.List;
import java.util.Optional;

/** Decides which events a person would want to know of a resource. */
final class Announcements {

    private final Events events;

    Announcements(Events events) {
        this.events = events;
    }

    /** Says whose pods are being replaced, and why. */
    void restarts(TaskPlatform resource, Target target, List<Restart> restarts) {
        restarts.forEach(restart -> events.record(
                resource,
                Type.Normal,
                "RestartingPods",
                "%s: %s"
                        .formatted(
                                restart.service(),
                                target.last()
                                        .map(last -> last.templates().get(restart.service()))
                                        .map(before -> Differences.between(before, restart.template()))
                                        .filter(reason -> !reason.isEmpty())
                                        .orElse("the definition of the pods has changed"))));
    }

    void rolledBack(TaskPlatform resource, Problem problem) {
        events.record(
                resource,
                Type.Warning,
                "RollingBack",
                "The change did not become healthy, what ran before is brought back. " + problem.message());
    }

    /** Says what has become of the resource, when that is another thing than before. */
    void status(TaskPlatform resource, TaskPlatformStatus now) {
        Optional<Condition> before =
                Optional.ofNullable(resource.getStatus()).flatMap(status -> condition(status, "Ready"));
        Condition ready = condition(now, "Ready").orElseThrow();
        if (before.filter(old -> ready.reason().equals(old.reason())).isEmpty()) {
            boolean degraded = condition(now, "Degraded")
                    .filter(condition -> condition.status().equals("True"))
                    .isPresent();
            events.record(resource, degraded ? Type.Warning : Type.Normal, ready.reason(), ready.message());
        }
        boolean waited = resource.getStatus() != null && resource.getStatus().planRevision() != null;
        if (now.planRevision() != null && !waited) {
            events.record(
                    resource,
                    Type.Normal,
                    "UpgradeWaiting",
                    ("This version of the operator would restart pods: see status.plan. Approve it with `kubectl annotate"
                                    + " taskplatform %s taskplatform.dev/approved=%s --overwrite`")
                            .formatted(resource.getMetadata().getName(), now.planRevision()));
        }
    }

    private static Optional<Condition> condition(TaskPlatformStatus status, String type) {
        return Optional.ofNullable(status.conditions()).stream()
                .flatMap(List::stream)
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
