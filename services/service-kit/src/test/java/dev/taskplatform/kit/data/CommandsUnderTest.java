// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import dev.taskplatform.kit.server.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** The commands in a directory of their own: the database, the backups, and what they need while they run. */
final class CommandsUnderTest {
    private final Path directory;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    CommandsUnderTest(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("work"));
        Files.createDirectories(directory.resolve("backups"));
        settings.put("database.kind", "embedded");
        settings.put("database.embedded.path", database().toString());
        variables.put("DATA_WORK_DIR", directory.resolve("work").toString());
        variables.put("BACKUP_DIRECTORY", backups().toString());
        variables.put("BACKUP_PREFIX", "team/platform");
        variables.put("BACKUP_NAME", "first");
    }

    Path database() {
        return directory.resolve("data").resolve("thing.db");
    }

    Path backups() {
        return directory.resolve("backups");
    }

    /** A file of the backup that is named. */
    Path stored(String suffix) {
        return backups()
                .resolve(variables.get("BACKUP_PREFIX"))
                .resolve(variables.get("BACKUP_NAME"))
                .resolve("kit-test" + suffix);
    }

    Path work() {
        return directory.resolve("work");
    }

    CommandsUnderTest variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    CommandsUnderTest without(String name) {
        variables.remove(name);
        return this;
    }

    CommandsUnderTest settings(Map<String, String> more) {
        settings.putAll(more);
        return this;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    void setTime(Instant time) {
        now = time;
    }

    Instant now() {
        return now;
    }

    Result run(String... arguments) throws Exception {
        return ThingMigrations.using(() -> new DataCommands(
                        ServiceConfig.of(settings), variables, Clock.fixed(now, ZoneOffset.UTC), new Random(1))
                .run(arguments));
    }
}
