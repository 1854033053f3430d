// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.WholeDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A restore whose process dies after each of its steps. */
class KilledRestoreTest {
    private static final int DIED = 137;

    @TempDir
    private Path directory;

    private CommandsUnderTest commands;

    @BeforeEach
    void backUp() throws Exception {
        commands = new CommandsUnderTest(directory);
        try (Thing thing = Thing.open(commands.database())) {
            thing.add("one");
        }
        commands.run("backup");
        Files.delete(commands.database());
    }

    @ParameterizedTest
    @EnumSource(RestoreCommand.Step.class)
    void leavesAllOrNothing(RestoreCommand.Step step) throws Exception {
        try (JavaProcess process = JavaProcess.start(
                List.of(),
                Dying.class,
                directory.toString(),
                commands.database().toString(),
                step.name())) {
            assertThat(process.awaitEnd()).isEqualTo(DIED);
        }

        boolean placed = step == RestoreCommand.Step.PLACED;
        assertThat(Files.exists(commands.database())).isEqualTo(placed);
        if (placed) {
            // What the service writes before the Job is tried again.
            try (Thing thing = Thing.open(commands.database())) {
                thing.add("two");
            }
        }

        Result again = commands.run("restore");

        assertThat(again.rows()).isEqualTo(3);
        assertThat(Thing.ask(commands.database(), "SELECT count(*) FROM left_half"))
                .isEqualTo(placed ? "2" : "1");
        assertThat(Path.of(commands.database() + ".restoring")).doesNotExist();
    }

    /** A restore that ends as by SIGKILL. */
    static final class Dying {
        private Dying() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            Environment environment = new Environment(Map.of(
                    "BACKUP_DIRECTORY", directory.resolve("backups").toString(),
                    "BACKUP_PREFIX", "team/platform",
                    "BACKUP_NAME", "first"));
            ThingMigrations.using(() -> {
                try (BackupStore store = environment.store(Clock.systemUTC(), new Random(1))) {
                    return new RestoreCommand(
                                    Path.of(args[1]),
                                    new ServiceIdentity("kit-test", "0"),
                                    store,
                                    environment,
                                    WholeDatabase.newestEmbedded(),
                                    step -> {
                                        if (step.name().equals(args[2])) {
                                            Runtime.getRuntime().halt(DIED);
                                        }
                                    })
                            .run();
                }
            });
        }
    }
}
