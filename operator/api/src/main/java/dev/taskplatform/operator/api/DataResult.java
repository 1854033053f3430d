// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * What was backed up, restored or copied of one service.
 *
 * @param bytes of the SQLite file
 * @param sha256 hexadecimal
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DataResult(
        @JsonPropertyDescription("Name of the service: user-service or task-service.")
        String name,

        @JsonPropertyDescription("Rows of all tables.") Long rows,

        @JsonPropertyDescription("Number of tables.") Integer tables,

        @JsonPropertyDescription("Size of the database in bytes.")
        Long bytes,

        @JsonPropertyDescription("SHA-256 of the database file, or of the content of all tables after a move.")
        String sha256,

        @JsonPropertyDescription("Version of the database's schema.")
        String schemaVersion) {}
