// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Username;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.session.SignIn;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One replica of the service as far as its model goes, wired as it is, but without its HTTP. */
final class ReplicaUnderTest implements AutoCloseable {
    /** Somebody at the other end of a connection. */
    static final Actor SOMEBODY = new Actor(null, null, "192.0.2.1", "request-1");

    private final Essentials essentials;
    private final AccountWiring accounts;
    private final SessionWiring sessions;

    private ReplicaUnderTest(Essentials essentials) {
        this.essentials = essentials;
        KeyWiring keys = new KeyWiring(essentials);
        LimitWiring limits = new LimitWiring(essentials, keys);
        this.accounts = new AccountWiring(essentials);
        this.sessions = new SessionWiring(essentials, keys, limits, accounts);
    }

    /** @param settings beside those of every test */
    static ReplicaUnderTest start(DatabaseUnderTest database, Map<String, String> settings, Clock clock) {
        return new ReplicaUnderTest(Essentials.of(UserServiceUnderTest.config(database.settings(), settings), clock));
    }

    Sessions sessions() {
        return sessions.sessions();
    }

    SignIn signIn() {
        return sessions.signIn();
    }

    Database database() {
        return essentials.database();
    }

    /** A new account with a name of its own and {@link ApiTest#PASSWORD}. */
    Account register() {
        return accounts.registration()
                .register(
                        Username.of("u" + UUID.randomUUID()), Password.of(ApiTest.PASSWORD), Optional.empty(), SOMEBODY)
                .orElseThrow();
    }

    Account account(UUID id) {
        return accounts.accounts().find(id).orElseThrow();
    }

    /** How often something was done to an account. */
    int audited(String kind, UUID userId) {
        return database()
                .read(handle -> handle.createQuery(
                                "SELECT count(*) FROM audit_entry WHERE kind = :kind AND user_id = :userId")
                        .bind("kind", kind)
                        .bind("userId", userId)
                        .mapTo(Integer.class)
                        .one());
    }

    /** The sessions that other services are told to have ended. */
    List<UUID> revoked(UUID userId) {
        return database()
                .read(handle -> handle.createQuery(
                                "SELECT session_id FROM event WHERE type = 'session.revoked' AND user_id = :userId")
                        .bind("userId", userId)
                        .mapTo(UUID.class)
                        .list());
    }

    @Override
    public void close() {
        accounts.hasher().close();
        essentials.database().close();
    }
}
