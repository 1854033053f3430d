// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/**
 * What the operator observed.
 *
 * @param replicas pods of the task service, and {@code selector} selects the same ones: a HorizontalPodAutoscaler on this resource
 *     multiplies the number of pods that the selector finds, so pods of both services would make it scale twice too far
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskPlatformStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready, Progressing, Degraded, RolledBack and Paused, each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("State of each service.") List<ServiceStatus> services,

        @JsonPropertyDescription("Selector of the task service's pods, for the scale subresource.") @LabelSelector
        String selector,

        @JsonPropertyDescription("Pods of the task service, for the scale subresource.") @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Version that both services run; absent while they differ.")
        String version,

        @JsonPropertyDescription(
                "Name of the ControllerRevision with what ran healthily last; a change that fails is rolled back to it.")
        String revision,

        @JsonPropertyDescription(
                "What would change: of everything while spec.paused is true, of the pods while a new version of the operator waits for approval.")
        List<PlannedChange> plan,

        @JsonPropertyDescription(
                "What approves the plan of a new version of the operator, as the value of the annotation taskplatform.dev/approved.")
        String planRevision,

        @JsonPropertyDescription(
                "What in the resource has no effect or is likely not meant, each as a sentence; nothing of it keeps the platform from working.")
        List<String> warnings,

        @JsonPropertyDescription("Where the data is: Embedded or Postgres. Absent until it is there.")
        Database database,

        @JsonPropertyDescription("The restore of the backup that the services have started with.")
        DataMove restore,

        @JsonPropertyDescription("The move of the data from embedded databases to PostgreSQL.")
        DataMove migration,

        @JsonPropertyDescription("Scheduled and other backups.")
        BackupStatus backup) {

    /** Kinds of databases. */
    public enum Database {
        /** A file of each service. */
        Embedded,
        /** A server. */
        Postgres
    }

    /** What there is of backups. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BackupStatus(
            @JsonPropertyDescription("When the next scheduled backup is due (RFC 3339).")
            String nextAt,

            @JsonPropertyDescription("Path of the last backup that was completed.")
            String lastPath,

            @JsonPropertyDescription("When it was completed (RFC 3339).")
            String lastCompletedAt) {}

    /**
     * State of a service.
     *
     * @param ready pods that are available and of the current revision
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ServiceStatus(
            @JsonPropertyDescription("Name of the service: user-service or task-service.")
            String name,

            @JsonPropertyDescription("Pods that should run.")
            Integer desired,

            @JsonPropertyDescription("Pods of the current revision that are ready.")
            Integer ready,

            @JsonPropertyDescription("Image that the pods run.")
            String image,

            @JsonPropertyDescription("Digest of what the pods are made from; it changes when they are restarted.")
            String revision,

            @JsonPropertyDescription("Address of the service inside the cluster.")
            String url) {}

    /**
     * A change that has not been made yet.
     *
     * @param change Create, Update or Delete
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PlannedChange(
            @JsonPropertyDescription("Kind of the object.") String kind,

            @JsonPropertyDescription("Name of the object.") String name,

            @JsonPropertyDescription("Create, Update or Delete.")
            String change,

            @JsonPropertyDescription("Whether the change restarts pods.")
            Boolean restartsPods,

            @JsonPropertyDescription("Why the object changes, as a sentence.")
            String reason) {}
}
