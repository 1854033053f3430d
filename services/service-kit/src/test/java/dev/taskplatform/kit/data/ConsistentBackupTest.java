// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups while another process writes to the database all the time. */
class ConsistentBackupTest {
    private static final int BACKUPS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void areOfOneMomentEach() throws Exception {
        CommandsUnderTest commands = new CommandsUnderTest(directory.resolve("live"));
        Thing.open(commands.database()).close();
        long before = 0;
        try (JavaProcess writer =
                JavaProcess.start(List.of(), Writer.class, commands.database().toString())) {
            for (int i = 0; i < BACKUPS; i++) {
                long seen = before;
                await().atMost(PATIENCE).until(() -> pairs(commands.database()) > seen);
                commands.variable("BACKUP_NAME", "backup-" + i).run("backup");
                before = pairs(commands.database());
            }
            assertThat(writer.isAlive()).isTrue();
        }

        long last = 0;
        for (int i = 0; i < BACKUPS; i++) {
            CommandsUnderTest again = new CommandsUnderTest(directory.resolve("restored-" + i))
                    .variable("BACKUP_DIRECTORY", commands.backups().toString())
                    .variable("BACKUP_NAME", "backup-" + i);
            again.run("restore");
            long pairs = pairs(again.database());
            assertThat(pairs).isGreaterThan(last);
            assertThat(
                            Thing.ask(
                                    again.database(),
                                    "SELECT count(*) FROM left_half FULL JOIN right_half USING (id) WHERE left_half.id IS NULL OR right_half.id IS NULL"))
                    .isEqualTo("0");
            assertThat(Thing.ask(again.database(), "SELECT count(*) FROM left_text WHERE left_text MATCH 'words'"))
                    .isEqualTo(Long.toString(pairs));
            last = pairs;
        }
    }

    private static long pairs(Path database) throws Exception {
        return Long.parseLong(Thing.ask(database, "SELECT count(*) FROM right_half"));
    }

    /** Adds pairs until it is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            Path database = Path.of(args[0]);
            try (Thing thing = Thing.open(database)) {
                for (int i = 0; Files.exists(database); i++) {
                    thing.add("some words " + "and more ".repeat(100) + i);
                }
            }
        }
    }
}
