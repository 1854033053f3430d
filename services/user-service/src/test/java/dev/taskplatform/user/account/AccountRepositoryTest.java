// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for accounts. */
@OnEveryDatabase
class AccountRepositoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final DatabaseUnderTest underTest;
    private Database database;
    private AccountRepository accounts;

    AccountRepositoryTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM account"));
        accounts = new DatabaseAccountRepository(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsWhatWasAdded() {
        Account ann = account("Anné");
        assertThat(accounts.add(ann)).isTrue();

        assertThat(accounts.find(ann.id())).contains(ann);
        assertThat(accounts.find(Username.of("ANNÉ"))).contains(ann);
    }

    @Test
    void findsNothingElse() {
        accounts.add(account("ann"));

        assertThat(accounts.find(UUID.randomUUID())).isEmpty();
        assertThat(accounts.find(Username.of("anna"))).isEmpty();
    }

    @Test
    void leavesTheFirstOfOneName() {
        Account first = account("ann");
        accounts.add(first);

        assertThat(accounts.add(account("ANN"))).isFalse();
        assertThat(accounts.find(Username.of("ann"))).contains(first);
    }

    @Test
    void changesAnAccountThatNobodyElseChanged() {
        Account ann = account("ann");
        accounts.add(ann);
        Account changed = new Account(
                ann.id(),
                ann.username(),
                "$argon2id$other",
                Optional.of("Ann"),
                Optional.of("ann@example.com"),
                Set.of(Role.USER, Role.ADMIN),
                Optional.of(NOON.plusSeconds(1)),
                NOON.plusSeconds(2),
                2,
                NOON,
                NOON.plusSeconds(3));

        assertThat(accounts.update(changed, 1)).isTrue();
        assertThat(accounts.find(ann.id())).contains(changed);
        assertThat(accounts.update(changed, 1)).isFalse();
        assertThat(accounts.update(account("ghost"), 1)).isFalse();
    }

    @Test
    void letsOneOfManyReplicasWin() throws Exception {
        try (Database other = underTest.open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                attempts.add(() -> accounts.add(account("ann")));
                attempts.add(() -> new DatabaseAccountRepository(other).add(account("Ann")));
            }
            List<Boolean> won = new ArrayList<>();
            for (Future<Boolean> attempt : executor.invokeAll(attempts)) {
                won.add(attempt.get());
            }
            assertThat(won).containsOnlyOnce(true);
        }
    }

    @Test
    void replacesAHashOnlyIfItIsTheOneThatIsThere() {
        Account ann = account("ann");
        accounts.add(ann);

        assertThat(accounts.replaceHash(ann.id(), ann.passwordHash(), "$argon2id$new"))
                .isTrue();
        assertThat(accounts.replaceHash(ann.id(), ann.passwordHash(), "$argon2id$other"))
                .isFalse();
        assertThat(accounts.replaceHash(UUID.randomUUID(), "$argon2id$new", "$argon2id$other"))
                .isFalse();

        Account found = accounts.find(ann.id()).orElseThrow();
        assertThat(found.passwordHash()).isEqualTo("$argon2id$new");
        assertThat(found.version()).isEqualTo(ann.version());
    }

    @Test
    void keepsHashesOutOfItsFailures() {
        Account ann = account("ann");
        accounts.add(ann);
        Account sameId = Account.registered(ann.id(), Username.of("bob"), "$argon2id$secret", Set.of(Role.USER), NOON);

        assertThatThrownBy(() -> accounts.add(sameId))
                .extracting(failure -> {
                    StringWriter text = new StringWriter();
                    failure.printStackTrace(new PrintWriter(text));
                    return text.toString();
                })
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void keepsAccountsOverARestart() {
        Account ann = account("ann");
        accounts.add(ann);
        database.close();

        database = underTest.open();

        assertThat(new DatabaseAccountRepository(database).find(ann.id())).contains(ann);
    }

    private static Account account(String username) {
        return Account.registered(UUID.randomUUID(), Username.of(username), "$argon2id$hash", Set.of(Role.USER), NOON);
    }
}
