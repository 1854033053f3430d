// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.api.BackupSpec;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformBackup;
import dev.taskplatform.operator.api.TaskPlatformBackupSpec;
import dev.taskplatform.operator.api.TaskPlatformBackupStatus;
import dev.taskplatform.operator.api.TaskPlatformBackupStatus.Phase;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.BackupStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.Database;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.cache.ChildInformers;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a TaskPlatformBackup when one is due. It is named after the minute for which it was scheduled, so that none is made twice; one
 * that came due while the operator was away is made when it is back, but only the last. While a scheduled one is not done, no other
 * is made.
 */
public final class BackupSchedule {

    private static final Logger LOG = LoggerFactory.getLogger(BackupSchedule.class);
    private static final String SCHEDULED = "taskplatform.dev/scheduled";
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmm").withZone(ZoneOffset.UTC);

    /** Backups that a resource keeps when it does not say how many. */
    private static final int KEEP = 7;

    private final KubernetesClient client;
    private final ChildInformers children;
    private final Clock clock;

    /**
     * @param client access to the cluster
     * @param children what is known of it
     * @param clock time that decides what is due
     */
    public BackupSchedule(KubernetesClient client, ChildInformers children, Clock clock) {
        this.client = client;
        this.children = children;
        this.clock = clock;
    }

    /**
     * @param backup a backup
     * @return whether it was made by a schedule
     */
    static boolean isScheduled(TaskPlatformBackup backup) {
        return Labels.of(backup, SCHEDULED).isPresent();
    }

    /**
     * @param resource a resource
     * @return how many of its scheduled backups stay
     */
    static int keep(TaskPlatform resource) {
        return Optional.ofNullable(resource.getSpec().backup())
                .map(BackupSpec::keep)
                .orElse(KEEP);
    }

    /**
     * Makes what is due.
     *
     * @param resource a resource
     * @param database where its data is
     * @return what there is of backups now
     */
    public Optional<BackupStatus> advance(TaskPlatform resource, Optional<Database> database) {
        Optional<BackupStatus> before =
                Optional.ofNullable(resource.getStatus()).map(TaskPlatformStatus::backup);
        Optional<Instant> next = schedule(resource, database)
                .flatMap(schedule -> next(
                        resource, schedule, before.map(BackupStatus::nextAt).map(Instant::parse)));
        Optional<TaskPlatformBackupStatus> last = backups(resource).stream()
                .map(TaskPlatformBackup::getStatus)
                .filter(status -> status != null && status.phase() == Phase.Completed)
                .max(Comparator.comparing(TaskPlatformBackupStatus::completedAt));
        var now = new BackupStatus(
                next.map(Instant::toString).orElse(null),
                last.map(TaskPlatformBackupStatus::path)
                        .or(() -> before.map(BackupStatus::lastPath))
                        .orElse(null),
                last.map(TaskPlatformBackupStatus::completedAt)
                        .or(() -> before.map(BackupStatus::lastCompletedAt))
                        .orElse(null));
        return Optional.of(now).filter(status -> status.nextAt() != null || status.lastPath() != null);
    }

    private static Optional<CronSchedule> schedule(TaskPlatform resource, Optional<Database> database) {
        boolean off = Boolean.TRUE.equals(resource.getSpec().paused())
                || resource.getSpec().database().embedded() == null
                || !database.equals(Optional.of(Database.Embedded));
        return Optional.ofNullable(resource.getSpec().backup())
                .filter(backup -> !off && backup.schedule() != null)
                .flatMap(backup -> {
                    try {
                        return Optional.of(CronSchedule.of(backup));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty(); // a warning of the status says so
                    }
                });
    }

    private Optional<Instant> next(TaskPlatform resource, CronSchedule schedule, Optional<Instant> planned) {
        Instant now = clock.instant();
        planned.filter(time -> !time.isAfter(now) && isOf(schedule, time))
                .ifPresent(time -> make(resource, schedule, time, now));
        return planned.filter(time -> time.isAfter(now) && isOf(schedule, time)).or(() -> schedule.next(now));
    }

    /** The schedule may have changed since. */
    private static boolean isOf(CronSchedule schedule, Instant time) {
        return schedule.next(time.minusSeconds(1)).equals(Optional.of(time));
    }

    private void make(TaskPlatform resource, CronSchedule schedule, Instant first, Instant now) {
        List<TaskPlatformBackup> scheduled = backups(resource).stream()
                .filter(BackupSchedule::isScheduled)
                .sorted(Comparator.comparing(
                        (TaskPlatformBackup backup) -> backup.getMetadata().getName(), Comparator.reverseOrder()))
                .toList();
        Optional<TaskPlatformBackup> unfinished = scheduled.stream()
                .filter(backup -> backup.getStatus() == null
                        || backup.getStatus().phase() == Phase.Pending
                        || backup.getStatus().phase() == Phase.Running)
                .findFirst();
        if (unfinished.isPresent()) {
            LOG.warn(
                    "No backup is made at {}, since {} is not done",
                    first,
                    unfinished.get().getMetadata().getName());
            return;
        }
        create(resource, schedule.last(now).orElse(first));
        scheduled.stream()
                .skip(keep(resource) - 1L)
                .forEach(backup -> client.resource(backup).delete());
    }

    private void create(TaskPlatform resource, Instant time) {
        var backup = new TaskPlatformBackup();
        String name = resource.getMetadata().getName();
        backup.setMetadata(new ObjectMetaBuilder()
                .withName(name + "-" + MINUTE.format(time))
                .withNamespace(resource.getMetadata().getNamespace())
                .withLabels(Labels.ofBoth(name))
                .addToLabels(SCHEDULED, "true")
                .build());
        backup.setSpec(new TaskPlatformBackupSpec(name));
        try {
            client.resource(backup).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // Made before the status could say so.
        }
    }

    private List<TaskPlatformBackup> backups(TaskPlatform resource) {
        return children.backups(
                resource.getMetadata().getNamespace(), resource.getMetadata().getName());
    }
}
