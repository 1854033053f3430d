// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.api.DataMove;
import dev.taskplatform.operator.api.DatabaseSpec;
import dev.taskplatform.operator.api.DatabaseSpec.Restore;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.Database;
import dev.taskplatform.operator.apply.Children;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Services;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has to be done with all data of a resource before its pods may run as it asks: the restore of a backup into a new one, or the
 * move of embedded databases to PostgreSQL.
 */
public final class DataMoves {

    private final KubernetesClient client;
    private final Children children;
    private final DataJobs jobs;
    private final Clock clock;

    /**
     * @param client access to the cluster
     * @param children what is known of it
     * @param clock time of beginnings and ends
     */
    public DataMoves(KubernetesClient client, Children children, Clock clock) {
        this.client = client;
        this.children = children;
        this.jobs = new DataJobs(client, clock);
        this.clock = clock;
    }

    /**
     * @param resource a resource
     * @return where its data is; empty while there is none
     */
    public Optional<Database> database(TaskPlatform resource) {
        return Optional.ofNullable(resource.getStatus())
                .map(TaskPlatformStatus::database)
                .or(() -> observed(resource));
    }

    /** A status of an operator that did not tell, or none: what the Deployments mount is what they use. */
    private Optional<Database> observed(TaskPlatform resource) {
        String namespace = resource.getMetadata().getNamespace();
        String name = resource.getMetadata().getName() + "-" + Services.USER;
        if (children.find(Kinds.DEPLOYMENT, namespace, name).isEmpty()) {
            return Optional.empty();
        }
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
        return Optional.ofNullable(deployment)
                .map(found -> found.getSpec().getTemplate().getSpec().getVolumes().stream()
                                .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                                        && volume.getPersistentVolumeClaim()
                                                .getClaimName()
                                                .equals(name + "-data"))
                        ? Database.Embedded
                        : Database.Postgres);
    }

    /**
     * @param resource a resource
     * @param database where its data is
     * @return the backup that it has yet to get
     */
    public Optional<Restore> restore(TaskPlatform resource, Optional<Database> database) {
        return Optional.ofNullable(resource.getSpec().database().embedded())
                .map(DatabaseSpec.Embedded::restore)
                .filter(restore -> database.isEmpty());
    }

    /**
     * @param resource a resource
     * @param database where its data is
     * @return what has to be done with it first
     */
    public Optional<DataCommand> due(TaskPlatform resource, Optional<Database> database) {
        String name = resource.getMetadata().getName();
        return restore(resource, database)
                .map(restore -> DataCommand.restore(name, restore.backup()))
                .or(() -> Optional.ofNullable(resource.getSpec().database().postgres())
                        .filter(postgres -> database.equals(Optional.of(Database.Embedded)))
                        .map(postgres -> DataCommand.copy(name, postgres)));
    }

    /**
     * Does the next step; nothing else may use the data meanwhile. That all is done gets into the status before the Jobs go, so that
     * none is made again.
     *
     * @param resource a resource
     * @param command what is due
     * @param rendered what the chart has rendered for it
     * @return how far it is now
     */
    public DataMove advance(TaskPlatform resource, DataCommand command, List<GenericKubernetesResource> rendered) {
        Optional<DataMove> before = before(resource, command);
        Optional<DataMove> done = before.filter(move -> move.completedAt() != null);
        if (done.isPresent()) {
            jobs.remove(resource);
            return new DataMove(
                    DataMove.Phase.Completed,
                    null,
                    done.get().startedAt(),
                    done.get().completedAt(),
                    done.get().services());
        }
        Progress progress = jobs.advance(resource, command, rendered, true);
        return new DataMove(
                progress.state() == Progress.State.FAILED ? DataMove.Phase.Failed : DataMove.Phase.Running,
                progress.message().isEmpty() ? null : progress.message(),
                before.map(DataMove::startedAt).orElseGet(this::now),
                progress.state() == Progress.State.DONE ? now() : null,
                progress.results().isEmpty() ? null : progress.results());
    }

    /**
     * @param resource a resource whose services still have pods
     * @param command what is due
     * @return how far it is
     */
    public DataMove stopping(TaskPlatform resource, DataCommand command) {
        return new DataMove(
                DataMove.Phase.Running,
                "Waits until the services have stopped",
                before(resource, command).map(DataMove::startedAt).orElseGet(this::now),
                null,
                null);
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * @param resource a resource
     * @param command what is due
     * @return what its status says of that
     */
    private static Optional<DataMove> before(TaskPlatform resource, DataCommand command) {
        return Optional.ofNullable(resource.getStatus())
                .map(status -> command.isRestore() ? status.restore() : status.migration())
                .filter(move -> move.phase() != DataMove.Phase.Completed);
    }

    /**
     * Ends a move that nobody asks for any longer.
     *
     * @param resource a resource to which nothing is due
     * @return whether there was one
     */
    public boolean abandon(TaskPlatform resource) {
        boolean unfinished = Optional.ofNullable(resource.getStatus()).stream()
                .flatMap(status -> Stream.of(status.restore(), status.migration()))
                .filter(Objects::nonNull)
                .anyMatch(move -> move.phase() != DataMove.Phase.Completed);
        if (unfinished) {
            jobs.remove(resource);
        }
        return unfinished;
    }
}
