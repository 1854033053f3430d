// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** How far a restore, or the move to another database, has come. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataMove(
        @JsonPropertyDescription("Running, Failed (tried again each minute) or Completed.")
        Phase phase,

        @JsonPropertyDescription("How far it is, or what went wrong and what to do, as a sentence.")
        String message,

        @JsonPropertyDescription("When it began (RFC 3339).")
        String startedAt,

        @JsonPropertyDescription("When it was completed (RFC 3339).")
        String completedAt,

        @JsonPropertyDescription("What was moved and found the same afterwards, by service.")
        List<DataResult> services) {

    /** How far it is. */
    public enum Phase {
        /** Under way. */
        Running,
        /** Could not be done, and is tried again. */
        Failed,
        /** Done. */
        Completed
    }
}
