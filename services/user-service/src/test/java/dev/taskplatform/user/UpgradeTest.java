// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.DatabaseUnderTest.Kind;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.user.password.Argon2Settings;
import dev.taskplatform.user.password.HashingCapacity;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** What people did with released versions of the service is there after an upgrade. */
@OnEveryDatabase
class UpgradeTest {
    private final DatabaseUnderTest underTest;
    private final OpenApiContract contract = OpenApiContract.load();

    UpgradeTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    /** Also with names that nobody can choose any more, and with two that look alike. */
    @Test
    void whoRegisteredWithVersion1SignsIn() throws Exception {
        List<String> usernames = List.of("ann", "me", "pаypal", "bob", "b0b");
        registerWithVersion1(usernames);

        try (UserServiceUnderTest service =
                UserServiceUnderTest.start(underTest.settings(), Map.of(), Clock.systemUTC(), contract)) {
            ApiClient client = service.client();
            for (String username : usernames) {
                assertThat(signIn(client, username)).as(username).isEqualTo(201);
            }
            assertThat(signIn(client, "B0B")).isEqualTo(201);
            for (String lookalike : List.of("Ann", "paypal", "B0b", "ann".replace('a', 'ɑ'))) {
                assertThat(register(client, lookalike)).as(lookalike).isEqualTo(409);
            }
            leavesReplicasOfVersion1AtWork(client);
        }
    }

    /** While replicas are replaced one by one, those of the older version answer on the upgraded database. */
    private void leavesReplicasOfVersion1AtWork(ApiClient client) throws Exception {
        register(version1().getConfiguration().getDataSource(), List.of("bea"));
        ApiResponse session = client.post("/v1/sessions", ApiTest.credentials("bea", ApiTest.PASSWORD))
                .send();
        assertThat(session.status()).isEqualTo(201);
        assertThat(keysOfVersion1())
                .as("the keys that version 1 signs with the first of")
                .first()
                .isEqualTo(SignedJWT.parse(ApiTest.token(session)).getHeader().getKeyID());
    }

    private List<String> keysOfVersion1() throws Exception {
        try (Connection connection =
                        version1().getConfiguration().getDataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT generation, kid, sealed, created_at FROM %s ORDER BY generation DESC"
                                .formatted(underTest.table("signing_key")))) {
            List<String> kids = new ArrayList<>();
            while (rows.next()) {
                kids.add(rows.getString("kid"));
            }
            return kids;
        }
    }

    private static int signIn(ApiClient client, String username) {
        return client.post("/v1/sessions", ApiTest.credentials(username, ApiTest.PASSWORD))
                .send()
                .status();
    }

    private static int register(ApiClient client, String username) {
        return client.post("/v1/users", ApiTest.credentials(username, ApiTest.PASSWORD))
                .send()
                .status();
    }

    private void registerWithVersion1(List<String> usernames) throws Exception {
        Flyway version1 = version1();
        version1.migrate();
        register(version1.getConfiguration().getDataSource(), usernames);
    }

    private Flyway version1() {
        return underTest.migrations("1");
    }

    private void register(DataSource source, List<String> usernames) throws Exception {
        try (PasswordHasher hasher = new PasswordHasher(
                        () -> new Argon2Settings(64, 1, 1),
                        new HashingCapacity(1, 1),
                        new SecureRandom(),
                        new SimpleMeterRegistry());
                Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String username : usernames) {
                statement.execute("INSERT INTO %s (id, username, username_key, password_hash, created_at)"
                                .formatted(underTest.table("account"))
                        + " VALUES ('%s', '%s', '%s', '%s', %s)"
                                .formatted(
                                        UUID.randomUUID(),
                                        username,
                                        username,
                                        hasher.hash(Password.of(ApiTest.PASSWORD)),
                                        underTest.kind() == Kind.EMBEDDED ? "0" : "now()"));
            }
        }
    }
}
