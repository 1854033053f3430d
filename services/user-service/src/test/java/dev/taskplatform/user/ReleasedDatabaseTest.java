// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who had an account in a released version has it after the upgrade; see {@link GenerateReleasedDatabase}. */
@OnEveryDatabase
class ReleasedDatabaseTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    private final DatabaseUnderTest underTest;

    ReleasedDatabaseTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    static List<String> versions() throws Exception {
        try (Stream<Path> folders = Files.list(released())) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void letsPeopleSignInAsBefore(String version) throws Exception {
        load(released().resolve(version).resolve(underTest.kind() == Kind.EMBEDDED ? "sqlite.sql" : "postgresql.sql"));
        Instant registered;
        String kid;
        try (Database upgraded = underTest.open()) {
            registered = upgraded.read(handle -> handle.createQuery("SELECT created_at FROM account")
                    .mapTo(Instant.class)
                    .one());
            kid = upgraded.read(handle -> handle.createQuery("SELECT kid FROM signing_key")
                    .mapTo(String.class)
                    .one());
        }
        // Soon after: keys that are due would rotate.
        Clock clock = Clock.fixed(registered.plus(Duration.ofHours(1)), ZoneOffset.UTC);
        Map<String, String> settings = Map.of(
                "keys.encryption-key-file", released().resolve("encryption-key").toString());
        try (UserServiceUnderTest service =
                UserServiceUnderTest.start(underTest.settings(), settings, clock, CONTRACT)) {
            ApiClient api = service.client();
            ApiResponse session = signIn(api, "correct horse");
            assertThat(session.status()).isEqualTo(201);
            String token = ApiTest.token(session);
            assertThat(SignedJWT.parse(token).getHeader().getKeyID())
                    .as("the key that signed before")
                    .isEqualTo(kid);
            JsonNode me = api.get("/v1/users/me").bearer(token).send().json();
            assertThat(me.get("username").asText()).isEqualTo("Ann");
            assertThat(me.get("createdAt").asText()).isEqualTo(registered.toString());

            assertThat(signIn(api, "wrong horse").status()).isEqualTo(401);
            assertThat(api.post("/v1/users", ApiTest.credentials("ANN", "correct horse"))
                            .send()
                            .status())
                    .isEqualTo(409);
            // The first sign-in may have hashed the password anew.
            assertThat(signIn(api, "correct horse").status()).isEqualTo(201);
        }
    }

    private static ApiResponse signIn(ApiClient api, String password) {
        return api.post("/v1/sessions", ApiTest.credentials("ann", password)).send();
    }

    /** Makes the database what the released version left. */
    private void load(Path dump) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            if (underTest.kind() == Kind.POSTGRES) {
                String schema = underTest.settings().get("database.postgres.schema");
                statement.execute("DROP SCHEMA IF EXISTS %1$s CASCADE; CREATE SCHEMA %1$s; SET search_path TO %1$s"
                        .formatted(schema));
            }
            statement.executeUpdate(Files.readString(dump));
        }
    }

    private Connection connect() throws Exception {
        if (underTest.kind() == Kind.EMBEDDED) {
            Path file = Path.of(underTest.settings().get("database.embedded.path"));
            Files.createDirectories(file.getParent());
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(Path.of(file + suffix));
            }
            return DriverManager.getConnection("jdbc:sqlite:" + file);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%s/%s".formatted(secret("host"), secret("port"), secret("dbname")),
                secret("username"),
                secret("password"));
    }

    private String secret(String name) throws IOException {
        return Files.readString(underTest.directory().resolve(name)).strip();
    }

    private static Path released() throws URISyntaxException {
        return Path.of(ReleasedDatabaseTest.class.getResource("/released").toURI());
    }
}
