// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups in a directory, and what becomes of them. */
class BackupRestoreTest {
    private static final ObjectMapper JSON = Json.mapper();

    @TempDir
    private Path directory;

    private CommandsUnderTest commands;

    @BeforeEach
    void prepare() throws Exception {
        commands = new CommandsUnderTest(directory);
    }

    @Test
    void saysInTheManifestWhatIsInTheBackup() throws Exception {
        fill("one", "two");

        Result result = commands.run("backup");

        JsonNode manifest = JSON.readTree(commands.stored(".json").toFile());
        assertThat(manifest.properties().stream().map(member -> member.getKey()))
                .containsExactly(
                        "formatVersion",
                        "service",
                        "serviceVersion",
                        "schemaVersion",
                        "createdAt",
                        "bytes",
                        "storedBytes",
                        "sha256",
                        "tables");
        assertThat(manifest.path("formatVersion").asInt()).isOne();
        assertThat(manifest.path("service").asText()).isEqualTo("kit-test");
        assertThat(manifest.path("serviceVersion").asText()).isEqualTo("0");
        assertThat(manifest.path("schemaVersion").asText()).isEqualTo("2");
        assertThat(manifest.path("createdAt").asText()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(manifest.path("storedBytes").asLong()).isEqualTo(Files.size(commands.stored(".db.gz")));
        assertThat(manifest.at("/tables/left_half/rows").asInt()).isEqualTo(2);
        assertThat(manifest.at("/tables/counter/rows").asInt()).isOne();
        // Neither the index of the words nor Flyway's own.
        assertThat(manifest.path("tables").properties().stream().map(member -> member.getKey()))
                .containsExactly(
                        "alpha",
                        "audit",
                        "beta",
                        "counted",
                        "counter",
                        "kinds",
                        "left_half",
                        "loose",
                        "right_half",
                        "zone");
        assertThat(result.json(JSON).toString())
                .isEqualTo(
                        "{\"service\":\"kit-test\",\"backup\":\"team/platform/first\",\"rows\":5,\"tables\":10,\"bytes\":%d,\"sha256\":\"%s\",\"schemaVersion\":\"2\"}"
                                .formatted(
                                        manifest.path("bytes").asLong(),
                                        manifest.path("sha256").asText()));
        assertThat(commands.work()).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(commands.stored(".db.gz"))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void hasNothingThatWasDeleted() throws Exception {
        try (Thing thing = Thing.open(commands.database())) {
            thing.add("kept");
            thing.add("forgotten-and-gone");
            thing.execute("DELETE FROM left_half WHERE text = 'forgotten-and-gone'");
            commands.run("backup");
        }

        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(commands.stored(".db.gz")))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("kept")
                    .doesNotContain("forgotten-and-gone");
        }
    }

    @Test
    void restoresAllThatWasThere() throws Exception {
        fill("some words", "others");
        Result made = commands.run("backup");
        lose();

        Result restored = commands.run("restore");

        assertThat(restored).isEqualTo(made);
        assertThat(Thing.ask(
                        commands.database(),
                        "SELECT group_concat(text) FROM (SELECT text FROM left_half ORDER BY text)"))
                .isEqualTo("others,some words");
        assertThat(
                        Thing.ask(
                                commands.database(),
                                "SELECT text FROM left_half WHERE number IN (SELECT rowid FROM left_text WHERE left_text MATCH 'words')"))
                .isEqualTo("some words");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(commands.database())))
                .isEqualTo("rw-------");
        try (Thing thing = Thing.open(commands.database())) {
            thing.add("the service goes on");
        }
    }

    @Test
    void isDoneOnceHoweverOftenItIsAskedFor() throws Exception {
        fill("one");
        Result made = commands.run("backup");
        fill("two");
        assertThat(commands.run("backup")).isEqualTo(made);
        lose();
        Result restored = commands.run("restore");
        fill("three");

        assertThat(commands.run("restore")).isEqualTo(restored);
        assertThat(Thing.ask(commands.database(), "SELECT count(*) FROM left_half"))
                .isEqualTo("2");
    }

    @Test
    void overwritesNoDatabase() throws Exception {
        fill("one");
        commands.run("backup");
        fill("two");

        refused("restore", commands.database().toString(), "already a database", "remove the file");
        assertThat(Thing.ask(commands.database(), "SELECT count(*) FROM left_half"))
                .isEqualTo("2");
    }

    @Test
    void overwritesNoDatabaseThatCameAfterTheRestored() throws Exception {
        fill("one");
        commands.run("backup");
        lose();
        commands.run("restore");
        Path other = commands.database().resolveSibling("other.db");
        Files.copy(commands.database(), other);
        Files.move(other, commands.database(), StandardCopyOption.REPLACE_EXISTING);

        refused("restore", "already a database");
    }

    @Test
    void overwritesNoOtherBackup() throws Exception {
        fill("one");
        commands.run("backup");
        fill("two");
        commands.variable("BACKUP_NAME", "second").run("backup");
        lose();
        commands.run("restore");

        commands.variable("BACKUP_NAME", "first");
        refused("restore", "was not restored from team/platform/first");
    }

    @Test
    void refusesToLeaveAnOldJournalBeside() throws Exception {
        fill("one");
        commands.run("backup");
        lose();
        Files.write(Path.of(commands.database() + "-wal"), new byte[32]);

        refused("restore", "thing.db-wal");
        assertThat(commands.database()).doesNotExist();
    }

    @Test
    void removesWhatADeadRestoreLeft() throws Exception {
        fill("one");
        commands.run("backup");
        lose();
        Files.write(Path.of(commands.database() + ".restoring"), new byte[100_000]);
        Files.writeString(Path.of(commands.database() + ".restored"), "{\"backup\": \"team/pl");

        commands.run("restore");

        assertThat(Path.of(commands.database() + ".restoring")).doesNotExist();
        assertThat(Thing.ask(commands.database(), "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void restoresNothingThatWasChanged() throws Exception {
        fill("one");
        commands.run("backup");
        lose();

        Path file = commands.stored(".db.gz");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        refused("restore", "kit-test.db.gz", "is damaged", "restore another backup");

        whole[whole.length / 2] ^= 1;
        Files.write(file, whole);
        refused("restore", "kit-test.db.gz");

        byte[] other = database();
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(other);
        }
        refused("restore", "is not what its manifest says");
        assertThat(commands.database()).doesNotExist();
        assertThat(Path.of(commands.database() + ".restoring")).doesNotExist();
    }

    /** Of another database than the one that was backed up. */
    private byte[] database() throws Exception {
        Path file = directory.resolve("elsewhere").resolve("thing.db");
        try (Thing thing = Thing.open(file)) {
            thing.add("other");
        }
        return Files.readAllBytes(file);
    }

    @Test
    void restoresNothingWhoseTablesAreNotThoseOfTheManifest() throws Exception {
        fill("one");
        commands.run("backup");
        lose();
        byte[] manifest = Files.readAllBytes(commands.stored(".json"));

        change(json -> ((ObjectNode) json.at("/tables/left_half")).put("rows", 7));
        refused("restore", "table left_half", "rows=7");
        Files.write(commands.stored(".json"), manifest);

        change(json -> ((ObjectNode) json.at("/tables/right_half")).put("sha256", "0".repeat(64)));
        refused("restore", "table right_half");
        Files.write(commands.stored(".json"), manifest);

        change(json -> ((ObjectNode) json.path("tables")).remove("zone"));
        refused("restore", "tables");
        Files.write(commands.stored(".json"), manifest);

        change(json -> json.put("schemaVersion", "1"));
        refused("restore", "schemaVersion");
        assertThat(commands.database()).doesNotExist();
    }

    @Test
    void refusesManifestsOfAnotherKind() throws Exception {
        fill("one");
        commands.run("backup");
        lose();
        byte[] manifest = Files.readAllBytes(commands.stored(".json"));

        change(json -> json.put("formatVersion", 2));
        refused("restore", "format version 2", "knows 1");
        Files.write(commands.stored(".json"), manifest);

        change(json -> json.put("service", "user-service"));
        refused("restore", "'user-service'", "'kit-test'");
        Files.write(commands.stored(".json"), manifest);

        change(json -> json.put("schemaVersion", "2.1"));
        refused("restore", "schema version 2.1", "knows up to 2");
        Files.write(commands.stored(".json"), manifest);

        change(json -> json.remove("sha256"));
        refused("restore", "is not what a backup writes", "sha256");

        Files.writeString(commands.stored(".json"), "[");
        refused("restore", "is not what a backup writes");
    }

    @Test
    void saysWhichBackupsThereAre() throws Exception {
        fill("one");
        commands.run("backup");
        lose();
        commands.variable("BACKUP_NAME", "frist");

        refused("restore", "team/platform/frist", "those that there are: first");
    }

    @Test
    void isNoBackupWithoutManifest() throws Exception {
        fill("one");
        commands.run("backup");
        Files.delete(commands.stored(".json"));
        lose();

        refused("restore", "There is no backup");

        fill("two");
        commands.run("backup");
        lose();
        commands.run("restore");
        assertThat(Thing.ask(commands.database(), "SELECT text FROM left_half")).isEqualTo("two");
    }

    @Test
    void keepsTheLatest() throws Exception {
        fill("one");
        commands.variable("BACKUP_NAME", "by-hand").run("backup");
        commands.variable("BACKUP_KEEP", "3").variable("BACKUP_KEEP_PREFIX", "daily-");
        for (String name : List.of("daily-9", "daily-8", "daily-3", "daily-5", "daily-1")) {
            commands.pass(Duration.ofDays(1));
            commands.variable("BACKUP_NAME", name).run("backup");
        }

        assertThat(names()).containsExactly("by-hand", "daily-1", "daily-3", "daily-5");
        assertThat(commands.stored(".db.gz").getParent().getParent().resolve("daily-9"))
                .doesNotExist();

        // Whatever its time.
        commands.setTime(commands.now().minus(Duration.ofDays(100)));
        commands.variable("BACKUP_NAME", "daily-0").run("backup");
        assertThat(names()).contains("daily-0", "daily-1", "daily-5").doesNotContain("daily-3");
    }

    @Test
    void leavesAloneWhatIsNotItsOwn() throws Exception {
        fill("one");
        commands.variable("BACKUP_NAME", "daily-1").run("backup");
        Path others = commands.stored(".json").resolveSibling("other-service.json");
        Files.writeString(others, "{}");
        Path file = Files.writeString(commands.backups().resolve("team/platform/notes.txt"), "mine");
        commands.pass(Duration.ofDays(1));
        commands.variable("BACKUP_NAME", "daily-2").variable("BACKUP_KEEP", "1").run("backup");

        assertThat(others).exists();
        assertThat(file).exists();
        assertThat(names()).containsExactly("daily-2");
    }

    @Test
    void removesWhatIsLeftOfIncompleteBackups() throws Exception {
        fill("one");
        commands.variable("BACKUP_NAME", "daily-1").run("backup");
        Files.delete(commands.stored(".json"));
        Path dead = commands.stored(".db.gz");
        commands.variable("BACKUP_KEEP", "5").variable("BACKUP_NAME", "daily-2");
        Files.setLastModifiedTime(dead, FileTime.from(commands.now().minus(Duration.ofHours(1))));
        commands.run("backup");
        assertThat(dead).as("of a backup that may be under way").exists();

        Files.setLastModifiedTime(dead, FileTime.from(commands.now().minus(Duration.ofHours(25))));
        commands.variable("BACKUP_NAME", "daily-3").run("backup");

        assertThat(dead.getParent()).doesNotExist();
        assertThat(names()).containsExactly("daily-2", "daily-3");
    }

    @Test
    void isMadeAlsoWhenOldOnesCantBeRemoved() throws Exception {
        fill("one");
        commands.variable("BACKUP_NAME", "daily-1").run("backup");
        Path folder = commands.stored(".json").getParent();
        Files.writeString(commands.stored(".json"), "{}");
        commands.variable("BACKUP_NAME", "daily-2").variable("BACKUP_KEEP", "1").run("backup");

        assertThat(folder).as("nobody knows what this is").isNotEmptyDirectory();
        assertThat(commands.stored(".json")).exists();
    }

    @Test
    void needsADatabase() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> commands.run("backup"))
                .isNotInstanceOf(RefusedException.class)
                .withMessageContaining("There is no database at " + commands.database());
        assertThat(commands.database()).doesNotExist();
    }

    @Test
    void needsADatabaseOfAService() throws Exception {
        Files.createDirectories(commands.database().getParent());
        Files.writeString(commands.database(), "this is no database at all, it is a text of some length");

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> commands.run("backup"))
                .withMessageContaining("not a database");
    }

    @Test
    void takesNoDamagedDatabase() throws Exception {
        try (Thing thing = Thing.open(commands.database())) {
            for (int i = 0; i < 500; i++) {
                thing.add("text " + i);
            }
        }
        byte[] bytes = Files.readAllBytes(commands.database());
        for (int i = 40 * 1024; i < 60 * 1024; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Files.write(commands.database(), bytes);

        assertThatExceptionOfType(DataException.class).isThrownBy(() -> commands.run("backup"));
        assertThat(commands.stored(".json")).doesNotExist();
        assertThat(commands.work()).isEmptyDirectory();
    }

    @Test
    void saysWhichVariableIsWrong() throws Exception {
        fill("one");
        refusedWith("BACKUP_PREFIX", "../elsewhere", "BACKUP_PREFIX", "'../elsewhere'");
        refusedWith("BACKUP_PREFIX", "/absolute", "BACKUP_PREFIX");
        refusedWith("BACKUP_NAME", "a/b", "BACKUP_NAME");
        refusedWith("BACKUP_NAME", "..", "BACKUP_NAME");
        refusedWith("BACKUP_NAME", " ", "Set BACKUP_NAME to");
        refusedWith("BACKUP_KEEP", "-1", "BACKUP_KEEP", "'-1'");
        refusedWith("BACKUP_KEEP", "all", "BACKUP_KEEP", "'all'");
        refusedWith("BACKUP_S3_ENDPOINT", "https://s3.example", "BACKUP_DIRECTORY", "BACKUP_S3_ENDPOINT");
        commands.without("BACKUP_DIRECTORY");
        refusedWith("BACKUP_S3_ENDPOINT", "s3.example", "BACKUP_S3_ENDPOINT", "https://");
        refusedWith("BACKUP_S3_ENDPOINT", "https://key:secret@s3.example", "BACKUP_S3_ENDPOINT");
        refused("backup", "BACKUP_DIRECTORY", "BACKUP_S3_ENDPOINT");
        refused("dump", "'dump' is no command", "backup, restore and copy");
    }

    private void refusedWith(String variable, String value, String... parts) throws Exception {
        CommandsUnderTest wrong = new CommandsUnderTest(directory);
        if (variable.startsWith("BACKUP_S3") && !List.of(parts).contains("BACKUP_DIRECTORY")) {
            wrong.without("BACKUP_DIRECTORY");
        }
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> wrong.variable(variable, value).run("backup"))
                .withMessageContainingAll(parts)
                .withMessageNotContaining("secret@");
    }

    @Test
    void needsTheDirectoryOfBackups() throws Exception {
        fill("one");
        commands.variable("BACKUP_DIRECTORY", directory.resolve("not-mounted").toString());

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> commands.run("backup"))
                .withMessageContainingAll("BACKUP_DIRECTORY", "not-mounted");
    }

    @Test
    void isForEmbeddedDatabases() throws Exception {
        commands.settings(Map.of(
                "database.kind", "postgres", "database.postgres.secret-dir", "/x", "database.postgres.schema", "s"));

        refused("backup", "database.kind", "embedded");
        refused("restore", "database.kind", "embedded");
    }

    private void fill(String... texts) throws Exception {
        try (Thing thing = Thing.open(commands.database())) {
            for (String text : texts) {
                thing.add(text);
            }
        }
    }

    private void lose() throws Exception {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(commands.database() + suffix));
        }
    }

    private void change(Consumer<ObjectNode> change) throws Exception {
        ObjectNode manifest =
                (ObjectNode) JSON.readTree(commands.stored(".json").toFile());
        change.accept(manifest);
        Files.write(commands.stored(".json"), JSON.writeValueAsBytes(manifest));
    }

    private void refused(String command, String... parts) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> commands.run(command))
                .withMessageContainingAll(parts);
    }

    /** Of the backups that are complete. */
    private List<String> names() throws Exception {
        try (Stream<Path> folders = Files.list(commands.backups().resolve("team/platform"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("kit-test.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
