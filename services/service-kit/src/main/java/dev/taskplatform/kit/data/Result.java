// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a command did.
 *
 * @param backup prefix and name of the backup; empty for a copy
 * @param rows of all tables
 * @param tables how many there are
 * @param bytes of the SQLite file
 * @param sha256 of the SQLite file; for a copy of all its tables, hexadecimal
 * @param warning what else somebody should look after, in a sentence
 */
record Result(
        String service,
        Optional<String> backup,
        long rows,
        int tables,
        long bytes,
        String sha256,
        String schemaVersion,
        Optional<String> warning) {
    static Result of(String backup, Manifest manifest, Optional<String> warning) {
        return new Result(
                manifest.service(),
                Optional.of(backup),
                manifest.rows(),
                manifest.tables().size(),
                manifest.bytes(),
                manifest.sha256(),
                manifest.schemaVersion(),
                warning);
    }

    ObjectNode json(ObjectMapper mapper) {
        ObjectNode json = mapper.createObjectNode().put("service", service);
        backup.ifPresent(name -> json.put("backup", name));
        json.put("rows", rows)
                .put("tables", tables)
                .put("bytes", bytes)
                .put("sha256", sha256)
                .put("schemaVersion", schemaVersion);
        warning.ifPresent(sentence -> json.put("warning", sentence));
        return json;
    }
}
