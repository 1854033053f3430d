// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.RunningPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every service's data survives: a backup while the service writes, the loss of the database, a restore, and the move
 * to PostgreSQL, each by the service's own command.
 */
public abstract class DataMainTests {
    @RegisterExtension
    static final RunningPostgres POSTGRES = new RunningPostgres();

    private final Class<?> main;
    private final String service;
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    protected Path directory;

    /** @param main class of the commands */
    protected DataMainTests(Class<?> main, String service) {
        this.main = main;
        this.service = service;
    }

    /** A running service. */
    public interface Running extends AutoCloseable {
        /** Does as many different things as the service has tables. */
        void fill() throws Exception;

        /** What people see of all that. */
        List<JsonNode> view() throws Exception;

        /** Does something that needs all of it to be in order. */
        void use() throws Exception;

        @Override
        void close();
    }

    /** Starts the service on a database. */
    protected abstract Running start(Map<String, String> database) throws Exception;

    /** Tables that may be empty whatever the public API is told; with the reason in a comment. */
    protected abstract List<String> emptyTables();

    @Test
    void movesWithAllItHas() throws Exception {
        try (DatabaseUnderTest embedded = DatabaseUnderTest.embedded();
                DatabaseUnderTest restored = DatabaseUnderTest.embedded();
                DatabaseUnderTest postgres = POSTGRES.get().newDatabase()) {
            List<JsonNode> before;
            JsonNode backup;
            try (Running running = start(embedded.settings())) {
                running.fill();
                before = running.view();
                backup = command(0, embedded.settings(), "backup");
                running.use();
            }
            assertThat(backup.path("service").asText()).isEqualTo(service);
            assertThat(backup.path("backup").asText()).isEqualTo("team/platform/first");
            JsonNode manifest = json.readTree(directory
                    .resolve("team/platform/first/" + service + ".json")
                    .toFile());
            assertThat(manifest.path("tables").properties().stream()
                            .filter(table -> table.getValue().path("rows").asLong() == 0)
                            .map(Map.Entry::getKey))
                    .as("tables that the test has nothing for")
                    .isSubsetOf(emptyTables());

            assertThat(command(0, restored.settings(), "restore")).isEqualTo(backup);
            assertThat(command(2, embedded.settings(), "restore").path("error").asText())
                    .contains("already a database");
            try (Running running = start(restored.settings())) {
                assertThat(running.view()).isEqualTo(before);
            }

            Map<String, String> target = new HashMap<>(postgres.settings());
            target.put("copy-source-path", restored.settings().get("database.embedded.path"));
            JsonNode copied = command(0, target, "copy");
            assertThat(copied.path("rows").asLong())
                    .isGreaterThanOrEqualTo(backup.path("rows").asLong());
            assertThat(copied.path("tables")).isEqualTo(backup.path("tables"));
            try (Running running = start(postgres.settings())) {
                assertThat(running.view()).isEqualTo(before);
                running.use();
            }
            assertThat(command(0, target, "copy")).isEqualTo(copied);
        }
    }

    @Test
    void saysWhatItIsNotAskedRightly() throws Exception {
        try (DatabaseUnderTest embedded = DatabaseUnderTest.embedded()) {
            assertThat(command(2, embedded.settings(), "dump").path("error").asText())
                    .contains("'dump' is no command");
            assertThat(command(1, embedded.settings(), "backup").path("error").asText())
                    .contains("There is no database at");
        }
    }

    /** What it says in the file for the outcome. */
    private JsonNode command(int status, Map<String, String> settings, String name)
            throws IOException, InterruptedException {
        Path outcome = directory.resolve("outcome");
        Map<String, String> environment = new HashMap<>(ServiceProcess.environment(settings));
        if (settings.containsKey("copy-source-path")) {
            environment.put("COPY_SOURCE_PATH", settings.get("copy-source-path"));
        }
        environment.put("BACKUP_DIRECTORY", directory.toString());
        environment.put("BACKUP_PREFIX", "team/platform");
        environment.put("BACKUP_NAME", "first");
        environment.put("TERMINATION_LOG", outcome.toString());
        try (ServiceProcess process = ServiceProcess.start(main, environment, name)) {
            assertThat(process.awaitEnd()).as(() -> process.log().toString()).isEqualTo(status);
            assertThat(process.log().getLast().path("level").asText()).isEqualTo(status == 0 ? "INFO" : "ERROR");
        }
        assertThat(Files.size(outcome)).isLessThan(4096);
        return json.readTree(outcome.toFile());
    }
}
