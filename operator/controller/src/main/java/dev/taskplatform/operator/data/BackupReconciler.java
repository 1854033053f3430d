// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.api.BackupSpec;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformBackup;
import dev.taskplatform.operator.api.TaskPlatformBackupStatus;
import dev.taskplatform.operator.api.TaskPlatformBackupStatus.Phase;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.Database;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.cache.ChildInformers;
import dev.taskplatform.operator.chart.RenderException;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;

/**
 * Makes a backup: a Job for each service, one after the other, and one backup of a resource at a time, the oldest first. It ends as
 * Completed or Failed, and is not looked at again.
 */
public final class BackupReconciler implements Reconciler<TaskPlatformBackup> {

    /** How long a step is waited for that no watch tells about. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final ChildInformers children;
    private final DataRenderer renderer;
    private final DataJobs jobs;
    private final Clock clock;

    /**
     * @param client access to the cluster
     * @param children what is known of it
     * @param renderer renders the Jobs
     * @param clock time of beginnings and ends
     */
    public BackupReconciler(KubernetesClient client, ChildInformers children, DataRenderer renderer, Clock clock) {
        this.client = client;
        this.children = children;
        this.renderer = renderer;
        this.jobs = new DataJobs(client, clock);
        this.clock = clock;
    }

    @Override
    public UpdateControl<TaskPlatformBackup> reconcile(TaskPlatformBackup backup, Context<TaskPlatformBackup> context) {
        if (phase(backup).filter(Phase::isLast).isPresent()) {
            return UpdateControl.noUpdate();
        }
        boolean ended = Optional.ofNullable(backup.getStatus())
                .map(TaskPlatformBackupStatus::completedAt)
                .isPresent();
        TaskPlatformBackupStatus status = ended ? end(backup) : advance(backup, context);
        UpdateControl<TaskPlatformBackup> control = status.equals(backup.getStatus())
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(withStatus(backup, status));
        return switch (status.phase()) {
            case Pending -> control.rescheduleAfter(WAIT);
            case Running -> control.rescheduleAfter(STEP);
            case Completed, Failed -> control;
        };
    }

    private TaskPlatformBackupStatus advance(TaskPlatformBackup backup, Context<TaskPlatformBackup> context) {
        String namespace = backup.getMetadata().getNamespace();
        String name = backup.getSpec().taskPlatformName();
        TaskPlatform resource = client.resources(TaskPlatform.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (resource == null) {
            return pending("There is no TaskPlatform %s in namespace %s: create it, or delete this backup"
                    .formatted(name, namespace));
        }
        Optional<String> impossible = impossible(resource);
        if (impossible.isPresent()) {
            return new TaskPlatformBackupStatus(Phase.Failed, impossible.get(), startedAt(backup), now(), null, null);
        }
        return waitsFor(backup, resource, context)
                .map(BackupReconciler::pending)
                .orElseGet(() -> run(backup, resource));
    }

    private static Optional<String> impossible(TaskPlatform resource) {
        String name = resource.getMetadata().getName();
        BackupSpec store = resource.getSpec().backup();
        if (resource.getSpec().database().embedded() == null) {
            return Optional.of("TaskPlatform %s keeps its data in PostgreSQL, which is backed up by its own tools"
                    .formatted(name));
        }
        return store == null
                ? Optional.of(
                        "TaskPlatform %s does not say where its backups are: set spec.backup.persistentVolumeClaim or spec.backup.s3, and make another TaskPlatformBackup"
                                .formatted(name))
                : Optional.empty();
    }

    private static Optional<String> waitsFor(
            TaskPlatformBackup backup, TaskPlatform resource, Context<TaskPlatformBackup> context) {
        String name = resource.getMetadata().getName();
        if (Boolean.TRUE.equals(resource.getSpec().paused())) {
            return Optional.of("TaskPlatform %s is paused: waits until spec.paused is false".formatted(name));
        }
        boolean hasData = Optional.ofNullable(resource.getStatus())
                .map(TaskPlatformStatus::database)
                .filter(Database.Embedded::equals)
                .isPresent();
        if (!hasData) {
            return Optional.of(
                    "TaskPlatform %s has no data yet: waits until its services were started".formatted(name));
        }
        return context.getPrimaryCache()
                .list(backup.getMetadata().getNamespace())
                .filter(other -> other.getSpec().taskPlatformName().equals(name))
                .filter(other -> phase(other).filter(Phase::isLast).isEmpty())
                .min(Comparator.comparing((TaskPlatformBackup other) ->
                                phase(other).filter(Phase.Running::equals).isEmpty())
                        .thenComparing(other -> other.getMetadata().getCreationTimestamp())
                        .thenComparing(other -> other.getMetadata().getName()))
                .map(other -> other.getMetadata().getName())
                .filter(first -> !first.equals(backup.getMetadata().getName()))
                .map("Waits until the backup %s is done"::formatted);
    }

    private TaskPlatformBackupStatus run(TaskPlatformBackup backup, TaskPlatform resource) {
        DataCommand command = command(backup, resource);
        Progress progress;
        try {
            progress = jobs.advance(backup, command, renderer.render(resource, command), false);
        } catch (RenderException e) {
            return pending("TaskPlatform %s can't be turned into objects: %s"
                    .formatted(resource.getMetadata().getName(), e.getMessage()));
        }
        boolean done = progress.state() == Progress.State.DONE;
        return new TaskPlatformBackupStatus(
                Phase.Running,
                progress.message().isEmpty() ? null : progress.message(),
                startedAt(backup),
                progress.state() == Progress.State.RUNNING ? null : now(),
                done ? command.path() : null,
                done ? progress.results() : null);
    }

    /** What it has come to is in the status before the Jobs go, so that none is made again. */
    private TaskPlatformBackupStatus end(TaskPlatformBackup backup) {
        jobs.remove(backup);
        TaskPlatformBackupStatus status = backup.getStatus();
        return new TaskPlatformBackupStatus(
                status.path() == null ? Phase.Failed : Phase.Completed,
                status.message(),
                status.startedAt(),
                status.completedAt(),
                status.path(),
                status.services());
    }

    private DataCommand command(TaskPlatformBackup backup, TaskPlatform resource) {
        ObjectMeta metadata = resource.getMetadata();
        boolean scheduled = BackupSchedule.isScheduled(backup);
        // Apart, so that those that a schedule removes are its own.
        String prefix = "%s/%s%s".formatted(metadata.getNamespace(), metadata.getName(), scheduled ? "/scheduled" : "");
        return DataCommand.backup(
                backup.getMetadata().getName(),
                prefix,
                scheduled ? BackupSchedule.keep(resource) : 0,
                Services.ALL.stream().allMatch(service -> hasPods(metadata, service)));
    }

    private boolean hasPods(ObjectMeta resource, String service) {
        return children.find(Kinds.DEPLOYMENT, resource.getNamespace(), resource.getName() + "-" + service)
                .filter(deployment -> deployment.get("spec", "replicas") instanceof Number pods && pods.intValue() > 0)
                .isPresent();
    }

    private static TaskPlatformBackupStatus pending(String message) {
        return new TaskPlatformBackupStatus(Phase.Pending, message, null, null, null, null);
    }

    private String startedAt(TaskPlatformBackup backup) {
        return Optional.ofNullable(backup.getStatus())
                .map(TaskPlatformBackupStatus::startedAt)
                .orElseGet(this::now);
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Optional<Phase> phase(TaskPlatformBackup backup) {
        return Optional.ofNullable(backup.getStatus()).map(TaskPlatformBackupStatus::phase);
    }

    /** Server-side apply of the status alone. */
    private static TaskPlatformBackup withStatus(TaskPlatformBackup backup, TaskPlatformBackupStatus status) {
        var patch = new TaskPlatformBackup();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(backup.getMetadata().getName())
                .withNamespace(backup.getMetadata().getNamespace())
                .build());
        patch.setStatus(status);
        return patch;
    }
}
