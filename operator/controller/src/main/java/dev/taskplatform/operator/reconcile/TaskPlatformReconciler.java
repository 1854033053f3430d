// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.DataMove;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.BackupStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.Database;
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
import dev.taskplatform.operator.data.BackupReconciler;
import dev.taskplatform.operator.data.BackupSchedule;
import dev.taskplatform.operator.data.DataCommand;
import dev.taskplatform.operator.data.DataMoves;
import dev.taskplatform.operator.data.RestoreKeys;
import dev.taskplatform.operator.event.Events;
import dev.taskplatform.operator.reconcile.DatabaseSecret.Connection;
import dev.taskplatform.operator.revision.Revision;
import dev.taskplatform.operator.revision.Revisions;
import dev.taskplatform.operator.status.Assessment;
import dev.taskplatform.operator.status.DataState;
import dev.taskplatform.operator.status.Observation;
import dev.taskplatform.operator.status.Problem;
import dev.taskplatform.operator.status.Rollout;
import dev.taskplatform.operator.status.StatusCalculator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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
import java.time.Instant;
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

    /** The same for a Job. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private static final Duration SOONEST = Duration.ofSeconds(1);

    /** The data is where it should be, and the services may start. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final ChildInformers children;
    private final Targets targets;
    private final Applier applier;
    private final Revisions revisions;
    private final Plans plans;
    private final DatabaseSecret databaseSecret;
    private final RestoreKeys restoreKeys;
    private final DataMoves moves;
    private final Moving moving;
    private final BackupSchedule schedule;
    private final Warnings warnings = new Warnings();
    private final Announcements announcements;
    private final Clock clock;

    private TaskPlatformReconciler(
            KubernetesClient client,
            ChildInformers children,
            Revisions revisions,
            Targets targets,
            KeySecret keySecret,
            Clock clock) {
        this.children = children;
        this.revisions = revisions;
        this.targets = targets;
        this.applier = new Applier(client, children, keySecret);
        this.plans = new Plans(children);
        this.databaseSecret = new DatabaseSecret(client);
        this.restoreKeys = new RestoreKeys(client);
        this.moves = new DataMoves(client, children, clock);
        this.moving = new Moving(client, children);
        this.schedule = new BackupSchedule(client, children, clock);
        this.announcements = new Announcements(new Events(client, clock));
        this.clock = clock;
    }

    /**
     * @param client access to the cluster
     * @param chart definition of the workloads
     * @param images images of a resource that names no others
     * @param keySecret maker of encryption keys
     * @param clock time of the conditions' transitions
     * @return it, and what makes the backups of its resources
     */
    public static Reconcilers create(
            KubernetesClient client, Chart chart, OperandImages images, KeySecret keySecret, Clock clock) {
        var children = new ChildInformers(client);
        var revisions = new Revisions(client, children);
        var targets = new Targets(chart, OperatorPart.of(chart, images), revisions);
        return new Reconcilers(
                new TaskPlatformReconciler(client, children, revisions, targets, keySecret, clock),
                new BackupReconciler(
                        client,
                        children,
                        (resource, command) -> targets.withDataJobs(resource, Optional.empty(), command),
                        clock));
    }

    /**
     * The reconcilers of the operator, which share what they know of the cluster.
     *
     * @param platforms of the resources
     * @param backups of their backups
     */
    public record Reconcilers(TaskPlatformReconciler platforms, BackupReconciler backups) {}

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
        return nextLook(resource, found).map(control::rescheduleAfter).orElse(control);
    }

    private Optional<Duration> nextLook(TaskPlatform resource, Assessment found) {
        if (found.data().isMoving()) {
            return Optional.of(STEP);
        }
        if (DataState.before(resource).isMoving()) {
            return Optional.of(AT_ONCE);
        }
        return found.problems().isEmpty()
                ? found.data()
                        .backup()
                        .map(BackupStatus::nextAt)
                        .map(next -> Duration.between(clock.instant(), Instant.parse(next)))
                        .map(wait -> wait.compareTo(SOONEST) < 0 ? SOONEST : wait)
                : Optional.of(LOOK_AGAIN);
    }

    @Override
    public ErrorStatusUpdateControl<TaskPlatform> updateErrorStatus(
            TaskPlatform resource, Context<TaskPlatform> context, Exception error) {
        Assessment found = error instanceof ApplyFailedException failure
                ? failure.assessment()
                : Assessment.of(
                        new Problem("ReconcileFailed", "The operator failed: " + error), DataState.before(resource));
        return newStatus(resource, found)
                .map(status -> ErrorStatusUpdateControl.patchStatus(withStatus(resource, status)))
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    private Assessment bringAbout(TaskPlatform resource, Context<TaskPlatform> context) throws ApplyFailedException {
        boolean paused = Boolean.TRUE.equals(resource.getSpec().paused());
        Optional<Database> database = moves.database(resource);
        DataState data = DataState.before(resource).with(schedule.advance(resource, database));
        RestoreKeys.Found given = moves.restore(resource, database)
                .map(restore -> restoreKeys.read(resource, restore))
                .orElse(RestoreKeys.Found.NONE);
        if (given.problem().isPresent()) {
            return Assessment.of(given.problem().get(), data);
        }
        Applier.Pass pass = applier.pass(resource);
        Optional<byte[]> key = paused ? pass.existingKey() : pass.key(given.data());
        Connection connection = databaseSecret.read(resource);
        Optional<String> credentials =
                key.filter(bytes -> connection.isPresent()).map(connection::digest);
        try {
            Target target = targets.of(resource, credentials);
            if (paused) {
                return planned(resource, target, data);
            }
            Optional<DataCommand> due = moves.due(resource, database);
            if (due.isPresent()) {
                return moved(resource, context, pass, connection, credentials, target, due.get(), data);
            }
            moves.abandon(resource);
            return applied(resource, context, pass, connection, credentials, target, data.settled(database));
        } catch (RenderException e) {
            // Nothing is applied or pruned: what runs goes on.
            return Assessment.of(
                    new Problem("RenderFailed", "The resource can't be turned into objects: " + e.getMessage()), data);
        }
    }

    private Assessment planned(TaskPlatform resource, Target target, DataState data) {
        return assessment(resource, List.of(), List.of(), target, plans.ofEverything(resource, target), data);
    }

    /** Restores or moves all data; no service runs meanwhile. */
    private Assessment moved(
            TaskPlatform resource,
            Context<TaskPlatform> context,
            Applier.Pass pass,
            Connection connection,
            Optional<String> credentials,
            Target target,
            DataCommand command,
            DataState data)
            throws ApplyFailedException, RenderException {
        if (connection.problem().isPresent() || connection.isPresent() && credentials.isEmpty()) {
            // What runs goes on until it is known where to.
            List<Problem> problems =
                    new ArrayList<>(connection.problem().stream().toList());
            problems.addAll(pass.outcome().problems());
            return assessment(resource, problems, List.of(), target, List.of(), data);
        }
        List<GenericKubernetesResource> rendered = targets.withDataJobs(resource, credentials, command);
        List<GenericKubernetesResource> objects = moving.objects(resource, rendered);
        watchNewKinds(objects, context);
        pass.apply(objects, moving.gate(resource));
        Outcome outcome = pass.outcome();
        DataState now = data;
        if (outcome.problems().isEmpty()) {
            DataMove move = moving.isStopped(resource)
                    ? moves.advance(resource, command, rendered)
                    : moves.stopping(resource, command);
            boolean completed = move.phase() == DataMove.Phase.Completed;
            if (completed && !command.isRestore()) {
                revisions.forgetAll(resource);
            }
            now = data.with(
                    move,
                    command.isRestore(),
                    completed
                            ? Optional.of(command.isRestore() ? Database.Embedded : Database.Postgres)
                            : data.database());
        }
        Assessment found = assessment(resource, outcome.problems(), outcome.held(), target, List.of(), now);
        if (outcome.failed()) {
            throw new ApplyFailedException(found);
        }
        return found;
    }

    private void watchNewKinds(List<GenericKubernetesResource> objects, Context<TaskPlatform> context) {
        if (objects.stream().anyMatch(object -> !children.watches(Kinds.of(object)))) {
            children.watchNewKinds(context.eventSourceRetriever());
        }
    }

    private Assessment applied(
            TaskPlatform resource,
            Context<TaskPlatform> context,
            Applier.Pass pass,
            Connection connection,
            Optional<String> credentials,
            Target target,
            DataState before)
            throws ApplyFailedException {
        watchNewKinds(target.objects(), context);
        // The event that what is remembered has changed brings the next reconciliation.
        if (target.last().isEmpty() && isAdopted(resource, credentials) || hasFailed(resource, target)) {
            return assessment(resource, List.of(), List.of(), target, List.of(), before);
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
        DataState data = before.settled(before.database().or(() -> moves.database(resource)));
        Assessment found = assessment(resource, problems, outcome.held(), target, plan, data);
        if (outcome.failed()) {
            throw new ApplyFailedException(found);
        }
        return found;
    }

    private Assessment assessment(
            TaskPlatform resource,
            List<Problem> problems,
            List<String> held,
            Target target,
            List<PlannedChange> plan,
            DataState data) {
        return new Assessment(
                problems,
                held,
                target.failure().map(failure -> new Assessment.RolledBack(failure.name(), failure.problem())),
                plan,
                target.upgrade().map(Target.Upgrade::approval),
                revisions.healthy(resource).map(Revisions.Healthy::name),
                warnings.of(resource),
                data);
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
