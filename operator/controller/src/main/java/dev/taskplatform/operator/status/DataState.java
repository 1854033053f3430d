// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import dev.taskplatform.operator.api.DataMove;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.BackupStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.Database;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of a resource's data as a whole.
 *
 * @param database where it is, once it is anywhere
 * @param restore of the backup that it began with
 * @param migration from embedded databases to PostgreSQL
 * @param backup what there is of backups
 */
public record DataState(
        Optional<Database> database,
        Optional<DataMove> restore,
        Optional<DataMove> migration,
        Optional<BackupStatus> backup) {

    /**
     * @param resource a resource
     * @return what its status says
     */
    public static DataState before(TaskPlatform resource) {
        Optional<TaskPlatformStatus> status = Optional.ofNullable(resource.getStatus());
        return new DataState(
                status.map(TaskPlatformStatus::database),
                status.map(TaskPlatformStatus::restore),
                status.map(TaskPlatformStatus::migration),
                status.map(TaskPlatformStatus::backup));
    }

    /** @return the same without moves that were not completed */
    public DataState settled(Optional<Database> found) {
        return new DataState(
                found, restore.filter(DataState::isCompleted), migration.filter(DataState::isCompleted), backup);
    }

    /** @return the same after a step of a restore or a migration */
    public DataState with(DataMove move, boolean isRestore, Optional<Database> found) {
        return isRestore
                ? new DataState(found, Optional.of(move), migration, backup)
                : new DataState(found, restore, Optional.of(move), backup);
    }

    /** @return the same with what there is of backups now */
    public DataState with(Optional<BackupStatus> now) {
        return new DataState(database, restore, migration, now);
    }

    private static boolean isCompleted(DataMove move) {
        return move.phase() == DataMove.Phase.Completed;
    }

    /** @return whether there is a restore or a migration that is not done */
    public boolean isMoving() {
        return !restore.stream().allMatch(DataState::isCompleted)
                || !migration.stream().allMatch(DataState::isCompleted);
    }

    /** @return what is done with the data now, while no pod may run */
    Optional<Problem> activity() {
        return said(DataMove.Phase.Running, "Restoring", "Migrating");
    }

    /** @return what could not be done with it, and is tried again */
    Optional<Problem> problem() {
        return said(DataMove.Phase.Failed, "RestoreFailed", "MigrationFailed");
    }

    private Optional<Problem> said(DataMove.Phase phase, String restoring, String migrating) {
        return Stream.of(
                        restore.filter(move -> move.phase() == phase)
                                .map(move -> new Problem(restoring, "The backup is restored. " + message(move))),
                        migration
                                .filter(move -> move.phase() == phase)
                                .map(move -> new Problem(
                                        migrating,
                                        "The data moves to PostgreSQL, and the services are stopped. "
                                                + message(move))))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String message(DataMove move) {
        return Objects.requireNonNullElse(move.message(), "");
    }
}
