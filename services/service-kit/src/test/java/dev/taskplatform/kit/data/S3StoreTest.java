// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that checks signatures, and one that misbehaves. */
class S3StoreTest {
    private static final int PART = 1 << 16;
    private static final int ATTEMPTS = 4;
    private static final int PIECE = 4 << 20;

    @TempDir
    private Path directory;

    private Path credentials;
    private S3Server server;

    @BeforeEach
    void prepare() throws Exception {
        credentials = Files.createDirectories(directory.resolve("credentials"));
        Files.writeString(credentials.resolve("access-key-id"), S3Server.KEY_ID + "\n");
        Files.writeString(credentials.resolve("secret-access-key"), S3Server.SECRET + "\n");
        Files.createDirectories(directory.resolve("work"));
        server = new S3Server();
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(directory.resolve("work")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 1, PIECE, PIECE + 1, 2 * PIECE})
    void givesBackWhatItGot(int length) throws Exception {
        byte[] content = random(length);
        try (BackupStore store = store()) {
            put(store, "team/one", content);

            assertThat(read(store, "team/one")).isEqualTo(content);
        }
        assertThat(server.objects()).containsOnlyKeys("folder/team/one");
        assertThat(server.requests().stream().anyMatch(request -> request.contains("partNumber")))
                .isEqualTo(length > PART);
        assertThat(server.openUploads()).isZero();
    }

    @Test
    void keepsNothingThatWasNotCommitted() throws Exception {
        try (BackupStore store = store();
                BackupStore.Upload upload = store.create("team/one")) {
            upload.write(random(3 * PART));
            assertThat(server.openUploads()).isOne();
        }
        assertThat(server.objects()).isEmpty();
        assertThat(server.openUploads()).isZero();
    }

    @Test
    void listsAllPages() throws Exception {
        try (BackupStore store = store()) {
            for (int i = 0; i < 10; i++) {
                put(store, "team/" + i, random(10));
            }
            put(store, "teams/1", random(10));

            assertThat(store.list("team"))
                    .extracting(BackupStore.Stored::name)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 10).mapToObj(i -> "team/" + i).toList());
            assertThat(store.list("nothing")).isEmpty();
        }
    }

    @Test
    void removes() throws Exception {
        try (BackupStore store = store()) {
            put(store, "team/one", random(10));
            store.delete("team/one");
            store.delete("team/one");

            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> store.open("team/one"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void triesAgainWhileTheStoreIsBusy(int status) throws Exception {
        byte[] content = random(3 * PART);
        try (BackupStore store = store()) {
            server.fail(ATTEMPTS - 1, status, "SlowDown");
            put(store, "team/one", content);
            server.fail(ATTEMPTS - 1, status, "SlowDown");
            assertThat(read(store, "team/one")).isEqualTo(content);
            server.fail(ATTEMPTS - 1, status, "SlowDown");
            assertThat(store.list("team")).hasSize(1);
        }
    }

    @Test
    void givesUpAfterSomeAttempts() throws Exception {
        try (BackupStore store = store()) {
            server.fail(ATTEMPTS, 503, "SlowDown");

            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> put(store, "team/one", random(10)))
                    .withMessageContainingAll(
                            "folder/team/one", "bucket backups", "503", "SlowDown", "It says SlowDown");
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void abortsAnUploadThatFails() throws Exception {
        server.fault(request -> request.contains("partNumber=2"), (exchange, body) -> {
            server.error(exchange, 403, "AccessDenied");
            return true;
        });
        try (BackupStore store = store()) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> put(store, "team/one", random(3 * PART)))
                    .withMessageContainingAll("403", "AccessDenied", "let the key");
        }
        assertThat(server.openUploads()).isZero();
    }

    @Test
    void goesOnAfterDownloadsThatBreakOff() throws Exception {
        byte[] content = random(2 * PIECE);
        try (BackupStore store = store()) {
            put(store, "team/one", content);
            for (int i = 0; i < 2; i++) {
                server.fault(request -> request.startsWith("GET"), (exchange, body) -> {
                    exchange.getResponseHeaders()
                            .set("Content-Range", "bytes 0-%d/%d".formatted(PIECE - 1, content.length));
                    exchange.sendResponseHeaders(206, PIECE);
                    exchange.getResponseBody().write(content, 0, 1000);
                    exchange.getResponseBody().flush();
                    return true;
                });
            }

            assertThat(read(store, "team/one")).isEqualTo(content);
        }
    }

    @Test
    void takesNoOtherRangeForTheOneItAskedFor() throws Exception {
        byte[] content = random(100);
        try (BackupStore store = store()) {
            put(store, "team/one", content);
            server.fault(request -> request.startsWith("GET"), (exchange, body) -> {
                exchange.getResponseHeaders().set("Content-Range", "bytes 50-99/100");
                exchange.sendResponseHeaders(206, 50);
                exchange.getResponseBody().write(content, 50, 50);
                return true;
            });
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> read(store, "team/one"))
                    .withMessageContaining("range");

            server.fault(request -> request.startsWith("GET"), (exchange, body) -> {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write(content);
                return true;
            });
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> read(store, "team/one"))
                    .withMessageContaining("range");
        }
    }

    @Test
    void mixesNoVersionsOfAnObject() throws Exception {
        try (BackupStore store = store()) {
            put(store, "team/one", random(2 * PIECE));
            try (InputStream in = store.open("team/one")) {
                in.readNBytes(PIECE);
                put(store, "team/one", random(2 * PIECE + 1));

                assertThatExceptionOfType(S3Exception.class)
                        .isThrownBy(in::readAllBytes)
                        .withMessageContaining("412");
            }
        }
    }

    @Test
    void triesAgainWhenACompletionFailsInTheMiddle() throws Exception {
        byte[] content = random(2 * PART);
        server.fault(request -> request.startsWith("POST") && request.contains("uploadId="), (exchange, body) -> {
            server.answer(exchange, 200, "<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>");
            return true;
        });
        try (BackupStore store = store()) {
            put(store, "team/one", content);
        }
        assertThat(server.objects().get("folder/team/one")).isEqualTo(content);
    }

    @Test
    void knowsACompletionWhoseAnswerWasLost() throws Exception {
        byte[] content = random(2 * PART);
        server.fault(request -> request.startsWith("POST") && request.contains("uploadId="), (exchange, body) -> {
            server.complete(exchange);
            return true;
        });
        try (BackupStore store = store()) {
            put(store, "team/one", content);
        }
        assertThat(server.objects().get("folder/team/one")).isEqualTo(content);
    }

    @Test
    void endsAnAttemptThatTakesTooLong() throws Exception {
        server.fault(request -> true, (exchange, body) -> {
            try {
                Thread.sleep(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
        try (BackupStore store = store(settings(server.endpoint(), Duration.ofMillis(300), Optional.empty()))) {
            put(store, "team/one", random(10));
        }
        assertThat(server.objects()).hasSize(1);
    }

    @Test
    void signsByTheTimeOfTheStore() throws Exception {
        S3Settings settings = settings(server.endpoint(), Duration.ofSeconds(20), Optional.empty());
        Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(-3));
        try (BackupStore store =
                new S3Store(new S3Client(settings, wrong, new Random(1)), "folder", PART, directory.resolve("work"))) {
            put(store, "team/one", random(3 * PART));
            assertThat(store.list("team")).hasSize(1);
        }
    }

    @Test
    void saysThatClocksDifferWhereTheTimeOfTheStoreIsNoHelp() throws Exception {
        server.fail(ATTEMPTS, 403, "RequestTimeTooSkewed");
        try (BackupStore store = store()) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> put(store, "team/one", random(10)))
                    .withMessageContainingAll("RequestTimeTooSkewed", "set the clock");
        }
    }

    @Test
    void saysWhichCredentialsAreWrongAndShowsNone() throws Exception {
        Files.writeString(credentials.resolve("secret-access-key"), "another-secret");
        try (BackupStore store = store()) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> put(store, "team/one", random(10)))
                    .withMessageContainingAll("403", "SignatureDoesNotMatch", "secret-access-key")
                    .withMessageNotContaining("another-secret");
        }
        Files.writeString(credentials.resolve("access-key-id"), "SOMEBODY");
        try (BackupStore store = store()) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> store.list("team"))
                    .withMessageContainingAll("InvalidAccessKeyId", "access-key-id")
                    .withMessageNotContaining("SOMEBODY");
        }
        Files.delete(credentials.resolve("access-key-id"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(this::store)
                .withMessageContainingAll("access-key-id", "BACKUP_S3_CREDENTIALS_DIR");
    }

    @Test
    void saysThatThereIsNoBucket() throws Exception {
        S3Settings settings = new S3Settings(
                server.endpoint(),
                S3Server.REGION,
                "nowhere",
                "",
                credentials,
                Optional.empty(),
                ATTEMPTS,
                Duration.ofMillis(1),
                Duration.ofSeconds(20),
                PART);
        try (BackupStore store = store(settings)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.open("team/one"), () -> put(store, "team/one", random(1)), () -> store.list("team"))) {
                assertThatExceptionOfType(S3Exception.class)
                        .isThrownBy(call)
                        .withMessageContainingAll("bucket nowhere", "404 NoSuchBucket", "BACKUP_S3_BUCKET");
            }
        }
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        // Nothing listens on port 1.
        try (BackupStore store =
                store(settings(URI.create("http://localhost:1"), Duration.ofSeconds(20), Optional.empty()))) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> store.list("team"))
                    .withMessageContainingAll("got no answer", "localhost:1", "BACKUP_S3_ENDPOINT");
        }
    }

    @Test
    void saysThatItIsNoStore() throws Exception {
        server.fault(request -> true, (exchange, body) -> {
            server.answer(exchange, 200, "<html><p>Welcome");
            return true;
        });
        try (BackupStore store = store()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> store.list("team"))
                    .withMessageContaining("speaks S3");
        }
        server.fault(request -> true, (exchange, body) -> {
            exchange.getResponseHeaders().set("Location", "http://elsewhere.example/");
            exchange.sendResponseHeaders(301, -1);
            return true;
        });
        try (BackupStore store = store()) {
            assertThatExceptionOfType(S3Exception.class)
                    .isThrownBy(() -> store.list("team"))
                    .withMessageContainingAll("301", "the store's own address");
        }
    }

    @Test
    void trustsTheAuthorityOfTheFile() throws Exception {
        Path keys = directory.resolve("keys.p12");
        Path certificate = directory.resolve("ca.crt");
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-keystore",
                keys.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "store");
        keytool(
                "-exportcert",
                "-rfc",
                "-file",
                certificate.toString(),
                "-keystore",
                keys.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "store");
        KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        try (S3Server tls = S3Server.tls(context)) {
            try (BackupStore backups =
                    store(settings(tls.endpoint(), Duration.ofSeconds(20), Optional.of(certificate)))) {
                put(backups, "team/one", random(2 * PART));
                assertThat(tls.objects()).hasSize(1);
            }
            try (BackupStore backups = store(settings(tls.endpoint(), Duration.ofSeconds(20), Optional.empty()))) {
                assertThatExceptionOfType(S3Exception.class)
                        .isThrownBy(() -> backups.list("team"))
                        .withMessageContainingAll("got no answer", "certification path");
            }
        }
        Files.writeString(certificate, "no certificate");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> store(settings(server.endpoint(), Duration.ofSeconds(20), Optional.of(certificate))))
                .withMessageContainingAll("BACKUP_S3_CA_FILE", certificate.toString());
    }

    @Test
    void takesBackupsAndGivesThemBack() throws Exception {
        CommandsUnderTest commands = new CommandsUnderTest(directory.resolve("commands"))
                .without("BACKUP_DIRECTORY")
                .variable("BACKUP_S3_ENDPOINT", server.endpoint() + "/")
                .variable("BACKUP_S3_REGION", S3Server.REGION)
                .variable("BACKUP_S3_BUCKET", S3Server.BUCKET)
                .variable("BACKUP_S3_PREFIX", "a/b")
                .variable("BACKUP_S3_CREDENTIALS_DIR", credentials.toString());
        try (Thing thing = Thing.open(commands.database())) {
            thing.add("one");
        }
        for (int i = 1; i <= 5; i++) {
            commands.pass(Duration.ofSeconds(1));
            commands.variable("BACKUP_NAME", "daily-" + i)
                    .variable("BACKUP_KEEP", "2")
                    .run("backup");
        }
        assertThat(server.objects())
                .containsOnlyKeys(
                        "a/b/team/platform/daily-4/kit-test.db.gz",
                        "a/b/team/platform/daily-4/kit-test.json",
                        "a/b/team/platform/daily-5/kit-test.db.gz",
                        "a/b/team/platform/daily-5/kit-test.json");

        Files.delete(commands.database());
        commands.run("restore");

        assertThat(Thing.ask(commands.database(), "SELECT text FROM left_half")).isEqualTo("one");
        assertThat(commands.work()).isEmptyDirectory();
    }

    private BackupStore store() throws DataException {
        return store(settings(server.endpoint(), Duration.ofSeconds(20), Optional.empty()));
    }

    private BackupStore store(S3Settings settings) throws DataException {
        return new S3Store(
                new S3Client(settings, Clock.systemUTC(), new Random(1)),
                settings.folder(),
                settings.partBytes(),
                directory.resolve("work"));
    }

    private S3Settings settings(URI endpoint, Duration timeout, Optional<Path> caFile) {
        return new S3Settings(
                endpoint,
                S3Server.REGION,
                S3Server.BUCKET,
                "folder",
                credentials,
                caFile,
                ATTEMPTS,
                Duration.ofMillis(1),
                timeout,
                PART);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void put(BackupStore store, String name, byte[] content) throws IOException {
        try (BackupStore.Upload upload = store.create(name)) {
            upload.write(content);
            upload.commit();
        }
    }

    private static byte[] read(BackupStore store, String name) throws IOException {
        try (InputStream in = store.open(name)) {
            return in.readAllBytes();
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
