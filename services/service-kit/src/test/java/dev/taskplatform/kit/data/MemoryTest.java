// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is several times as large as the heap. */
class MemoryTest {
    private static final long HEAP = 40L << 20;

    @TempDir
    private Path directory;

    @Test
    void isNeverHeldInMemory() throws Exception {
        CommandsUnderTest commands = new CommandsUnderTest(directory);
        try (Thing thing = Thing.open(commands.database())) {
            thing.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) "
                    + "INSERT INTO loose (text, value) SELECT hex(randomblob(1000)), i FROM n");
            thing.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) "
                    + "INSERT INTO counted (text) SELECT hex(randomblob(1000)) FROM n");
        }
        assertThat(Files.size(commands.database())).isGreaterThan(3 * HEAP);

        try (JavaProcess process = JavaProcess.start(List.of("-Xmx" + HEAP), Both.class, directory.toString())) {
            assertThat(process.awaitEnd()).isZero();
        }

        assertThat(Thing.ask(commands.database(), "SELECT count(*) FROM counted"))
                .isEqualTo("40000");
    }

    /** A backup, and its restore. */
    static final class Both {
        private Both() {}

        public static void main(String[] args) throws Exception {
            CommandsUnderTest commands = new CommandsUnderTest(Path.of(args[0]));
            commands.run("backup");
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(Path.of(commands.database() + suffix));
            }
            commands.run("restore");
        }
    }
}
