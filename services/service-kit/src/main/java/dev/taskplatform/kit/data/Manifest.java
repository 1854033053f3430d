// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.taskplatform.kit.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;

/**
 * What a backup is, as it is stored beside it.
 *
 * @param formatVersion of this document and of what lies beside it
 * @param schemaVersion of the database, as Flyway counts
 * @param createdAt when the snapshot was taken
 * @param bytes of the database file
 * @param storedBytes of the file as it is stored, compressed
 * @param sha256 of the database file, hexadecimal
 * @param tables by their names
 */
record Manifest(
        int formatVersion,
        String service,
        String serviceVersion,
        String schemaVersion,
        Instant createdAt,
        long bytes,
        long storedBytes,
        String sha256,
        Map<String, TableSummary> tables) {
    static final int FORMAT_VERSION = 1;

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final ObjectMapper JSON = Json.mapper();
    private static final ObjectReader READER = JSON.readerFor(Manifest.class)
            .with(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    Manifest {
        if (bytes <= 0 || storedBytes <= 0 || !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("bytes, storedBytes and sha256 describe no file");
        }
        // Throws when it is none.
        MigrationVersion.fromVersion(schemaVersion);
        tables = new TreeMap<>(tables);
    }

    /**
     * Reads one.
     *
     * @param place for messages
     * @throws RefusedException if it is none, or of a format that this program does not know
     */
    static Manifest parse(byte[] json, String place) throws RefusedException {
        try {
            JsonNode document = JSON.readTree(json);
            int version = document.path("formatVersion").asInt();
            if (version != FORMAT_VERSION) {
                throw new RefusedException(
                        "%s has the format version %s, and this program knows %d; use the version of the service that made the backup, or a later one"
                                .formatted(place, document.path("formatVersion"), FORMAT_VERSION));
            }
            return READER.readValue(document);
        } catch (IOException e) {
            throw new RefusedException(
                    "%s is not what a backup writes: %s; restore another backup".formatted(place, reason(e)), e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
    }

    byte[] json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A manifest is made of what JSON has", e);
        }
    }

    /** Of all tables. */
    long rows() {
        return tables.values().stream().mapToLong(TableSummary::rows).sum();
    }
}
