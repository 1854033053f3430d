// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.PlannedChange;
import dev.taskplatform.operator.apply.Applier;
import dev.taskplatform.operator.apply.KeySecret;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Outcome;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.apply.Stamp;
import dev.taskplatform.operator.cache.ChildInformers;
import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.OperandImages;
import dev.taskplatform.operator.chart.RenderException;
import dev.taskplatform.operator.event.Events;
import dev.taskplatform.operator.reconcile.DatabaseSecret.Connection;
import dev.taskplatform.operator.revision.Revision;
import dev.taskplatform.operator.revision.Revisions;
import dev.taskplatform.operator.status.Assessment;
import dev.taskplatform.operator.status.Observation;
import dev.taskplatform.operator.status.Problem;
import dev.taskplatform.operator.status.Rollout;
import dev.taskplatform.operator.status.StatusCalculator;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Renders the chart for a resource, applies it, remembers what runs healthily, takes back what doesn't, and says in the status how
 * far it is.
 *
 * <p>There is no finalizer: everything is owned by the resource and goes with it, and a namespace can be deleted although the
 * operator is gone.
 */
public final class TaskPlatformReconciler implements Reconciler<TaskPlatform> {

    /** What is looked at again although no watch tells about it: an object of the user's that is in the way. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final ChildInformers children;
    private final Targets targets;
    private final Applier applier;
    private final Revisions revisions;
    private final Plans plans;
    private final DatabaseSecret databaseSecret;
    private final Warnings warnings = new Warnings();
    private final Announcements announcements;
    private final Clock clock;

    /**
     * @param client access to the cluster
     * @param chart definition of the workloads
     * @param images images of a resource that names no others
     * @param keySecret maker of encryption keys
     * @param clock time of the conditions' transitions
     */
    public TaskPlatformReconciler(
            KubernetesClient client, Chart chart, OperandImages images, KeySecret keySecret, Clock clock) {
        this.children = new ChildInformers(client);
        this.revisions = new Revisions(client, children);
        this.targets = new Targets(chart, OperatorPart.of(chart, images), revisions);
        this.applier = new Applier(client, children, keySecret);
        this.plans = new Plans(children);
        this.databaseSecret = new DatabaseSecret(client);
        this.announcements = new Announcements(new Events(client, clock));
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, TaskPlatform>> prepareEventSources(EventSourceContext<TaskPlatform> context) {
        return children.create(context);
    }

    @Override
    public UpdateControl<TaskPlatform> reconcile(TaskPlatform resource, Context<TaskPlatform> context)
            throws ApplyFailedException {
        Assessment found = bringAbout(resource, context);
        UpdateControl<TaskPlatform> control = newStatus(resource, found)
                .map(status -> UpdateControl.patchStatus(withStatus(resource, status)))
                .orElseGet(UpdateControl::noUpdate);
        return found.problems().isEmpty() ? control : control.rescheduleAfter(LOOK_AGAIN);
    }

    @Override
    public ErrorStatusUpdateControl<TaskPlatform> updateErrorStatus(
            TaskPlatform resource, Context<TaskPlatform> context, Exception error) {
        Assessment found = error instanceof ApplyFailedException failure
                ? failure.assessment()
                : Assessment.of(new Problem("ReconcileFailed", "The operator failed: " + error));
        return newStatus(resource, found)
                .map(status -> ErrorStatusUpdateControl.patchStatus(withStatus(resource, status)))
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    private Assessment bringAbout(TaskPlatform resource, Context<TaskPlatform> context) throws ApplyFailedException {
        boolean paused = Boolean.TRUE.equals(resource.getSpec().paused());
        Applier.Pass pass = applier.pass(resource);
        Optional<byte[]> key = paused ? pass.existingKey() : pass.key();
        Connection connection = databaseSecret.read(resource);
        Optional<String> credentials =
                key.filter(bytes -> connection.isPresent()).map(connection::digest);
        try {
            Target target = targets.of(resource, credentials);
            return paused
                    ? planned(resource, target)
                    : applied(resource, context, pass, connection, credentials, target);
        } catch (RenderException e) {
            // Nothing is applied or pruned: what runs goes on.
            return Assessment.of(
                    new Problem("RenderFailed", "The resource can't be turned into objects: " + e.getMessage()));
        }
    }

    private Assessment planned(TaskPlatform resource, Target target) {
        return assessment(resource, List.of(), List.of(), target, plans.ofEverything(resource, target));
    }

    private Assessment applied(
            TaskPlatform resource,
            Context<TaskPlatform> context,
            Applier.Pass pass,
            Connection connection,
            Optional<String> credentials,
            Target target)
            throws ApplyFailedException {
        if (target.objects().stream().anyMatch(object -> !children.watches(Kinds.of(object)))) {
            children.watchNewKinds(context.eventSourceRetriever());
        }
        // The event that what is remembered has changed brings the next reconciliation.
        if (target.last().isEmpty() && isAdopted(resource, credentials) || hasFailed(resource, target)) {
            return assessment(resource, List.of(), List.of(), target, List.of());
        }
        boolean known = connection.problem().isEmpty() && (!connection.isPresent() || credentials.isPresent());
        pass.apply(RolloutGate.inOrder(target.objects()), new RolloutGate(children, target.effective(), known));
        Outcome outcome = pass.outcome();
        announcements.restarts(resource, target, outcome.restarts());
        List<Problem> problems = new ArrayList<>(connection.problem().stream().toList());
        problems.addAll(outcome.problems());
        if (problems.isEmpty() && outcome.held().isEmpty() && isHealthy(resource, target)) {
            revisions.recordHealthy(resource, target.revision(), target.operator());
        }
        List<PlannedChange> plan = target.upgrade().stream()
                .flatMap(upgrade -> Plans.ofUpgrade(resource, target, upgrade).stream())
                .toList();
        Assessment found = assessment(resource, problems, outcome.held(), target, plan);
        if (outcome.failed()) {
            throw new ApplyFailedException(found);
        }
        return found;
    }

    private Assessment assessment(
            TaskPlatform resource, List<Problem> problems, List<String> held, Target target, List<PlannedChange> plan) {
        return new Assessment(
                problems,
                held,
                target.failure().map(failure -> new Assessment.RolledBack(failure.name(), failure.problem())),
                plan,
                target.upgrade().map(Target.Upgrade::approval),
                revisions.healthy(resource).map(Revisions.Healthy::name),
                warnings.of(resource));
    }

    /** Pods that an operator without revisions has made must not restart because this one makes them a little differently. */
    private boolean isAdopted(TaskPlatform resource, Optional<String> credentials) {
        return observe(resource).stream()
                        .allMatch(seen ->
                                seen.deployment().isPresent() && seen.revision().isEmpty())
                && revisions.adopt(resource, images -> targets.values(resource, images, credentials));
    }

    /** Remembers a revision whose pods have made no progress in time, so that the next reconciliation goes back. */
    private boolean hasFailed(TaskPlatform resource, Target target) {
        boolean wanted = resource.getSpec().rollout() == null
                || !Boolean.FALSE.equals(resource.getSpec().rollout().automaticRollback());
        if (!wanted
                || target.failure().isPresent()
                || target.last().isEmpty()
                || target.last().get().digest().equals(target.revision().digest())) {
            return false;
        }
        Optional<Observation> stalled = observe(resource).stream()
                .filter(seen -> seen.isPastDeadline() && isOf(target.revision(), seen))
                .findFirst();
        stalled.flatMap(Observation::problem).ifPresent(problem -> {
            revisions.recordFailed(resource, target.revision().digest(), problem);
            announcements.rolledBack(resource, problem);
        });
        return stalled.isPresent();
    }

    private boolean isHealthy(TaskPlatform resource, Target target) {
        return target.failure().isEmpty()
                && observe(resource).stream()
                        .allMatch(seen -> isOf(target.revision(), seen)
                                && seen.deployment()
                                        .map(Rollout::of)
                                        .filter(rollout -> rollout.complete() && rollout.desired() > 0)
                                        .isPresent());
    }

    private static boolean isOf(Revision revision, Observation seen) {
        return seen.revision().isPresent() && seen.revision().equals(revision.template(seen.service()));
    }

    private Optional<TaskPlatformStatus> newStatus(TaskPlatform resource, Assessment found) {
        TaskPlatformStatus status = StatusCalculator.calculate(resource, found, observe(resource), clock.instant());
        if (status.equals(resource.getStatus())) {
            return Optional.empty();
        }
        announcements.status(resource, status);
        return Optional.of(status);
    }

    private List<Observation> observe(TaskPlatform resource) {
        String namespace = resource.getMetadata().getNamespace();
        String name = resource.getMetadata().getName();
        return Services.ALL.stream()
                .map(service -> {
                    var deployment = children.find(Kinds.DEPLOYMENT, namespace, name + "-" + service);
                    return new Observation(
                            service,
                            deployment.map(RolloutGate::typed),
                            deployment.flatMap(Stamp::templateOf),
                            children.pods(namespace, name, service),
                            children.find(Kinds.VOLUME_CLAIM, namespace, name + "-" + service + "-data")
                                    .map(claim -> claim.get("status", "phase")));
                })
                .toList();
    }

    /** Server-side apply of the status alone: an object without spec, labels and version. */
    private static TaskPlatform withStatus(TaskPlatform resource, TaskPlatformStatus status) {
        var patch = new TaskPlatform();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        patch.setStatus(status);
        return patch;
    }
}
