// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.user.password.Argon2Settings;
import dev.taskplatform.user.password.HashingCapacity;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts over their real collaborators. */
@OnEveryDatabase
class AccountsTest {
    private static final Username ANN = Username.of("ann");
    private static final Password PASSWORD = Password.of("correct horse");

    private final AtomicReference<Argon2Settings> settings = new AtomicReference<>(new Argon2Settings(64, 1, 1));
    private final DatabaseUnderTest underTest;
    private Database database;
    private PasswordHasher hasher;
    private AccountRepository repository;
    private Accounts accounts;

    AccountsTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        SecureRandom random = new SecureRandom();
        database = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM account"));
        repository = new DatabaseAccountRepository(database);
        hasher = new PasswordHasher(settings::get, new HashingCapacity(1, 2), random, new SimpleMeterRegistry());
        accounts = new Accounts(repository, hasher);
        repository.add(Account.registered(
                UUID.randomUUID(),
                ANN,
                hasher.hash(PASSWORD),
                Set.of(Role.USER),
                Instant.parse("2026-03-01T12:00:00Z")));
    }

    @AfterEach
    void close() {
        hasher.close();
        database.close();
    }

    @Test
    void renewsTheHashWhenTheParametersChanged() {
        String old = hash();
        accounts.renewHash(ann(), PASSWORD);
        assertThat(hash()).isEqualTo(old);

        settings.set(new Argon2Settings(128, 1, 1));
        Account asItWas = ann();
        accounts.renewHash(asItWas, PASSWORD);
        String stronger = hash();
        assertThat(stronger).contains("$m=128,t=1,p=1$");
        assertThat(hasher.matches(PASSWORD, Optional.of(stronger))).isTrue();

        settings.set(new Argon2Settings(32, 2, 1));
        accounts.renewHash(asItWas, PASSWORD);
        assertThat(hash()).isEqualTo(stronger);
        accounts.renewHash(ann(), PASSWORD);
        assertThat(hash()).contains("$m=32,t=2,p=1$");
    }

    private Account ann() {
        return accounts.find(ANN).orElseThrow();
    }

    private String hash() {
        return repository.find(ANN).orElseThrow().passwordHash();
    }
}
