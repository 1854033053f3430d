// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** What has become of a backup. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskPlatformBackupStatus(
        @JsonPropertyDescription("Pending, Running, Completed or Failed.")
        Phase phase,

        @JsonPropertyDescription("What it waits for, or what went wrong and what to do, as a sentence.")
        String message,

        @JsonPropertyDescription("When it began to be made (RFC 3339).")
        String startedAt,

        @JsonPropertyDescription("When it ended (RFC 3339).")
        String completedAt,

        @JsonPropertyDescription(
                "Where it is in the store; what spec.database.embedded.restore.backup of another TaskPlatform names.")
        String path,

        @JsonPropertyDescription("What was backed up, by service.")
        List<DataResult> services) {

    /** How far a backup is. */
    public enum Phase {
        /** Waits for something. */
        Pending,
        /** Is being made. */
        Running,
        /** Is there. */
        Completed,
        /** Was not made, and is not tried again. */
        Failed;

        /** @return whether it stays like this */
        public boolean isLast() {
            return this == Completed || this == Failed;
        }
    }
}
