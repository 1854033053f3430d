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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        database.write(handle -> handle.execute("DELETE FROM deletion"));
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
        Account ann =
                Account.registered(UUID.randomUUID(), Username.of("ann"), "$argon2id$secret", Set.of(Role.USER), NOON);
        database.write(handle -> handle.execute("ALTER TABLE account RENAME TO elsewhere"));

        try {
            failsWithoutTelling(() -> accounts.add(ann));
        } finally {
            database.write(handle -> handle.execute("ALTER TABLE elsewhere RENAME TO account"));
        }
    }

    private static void failsWithoutTelling(ThrowingCallable work) {
        assertThatThrownBy(work)
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

    @Test
    void refusesNamesThatLookLikeAnothers() {
        Account alice = account("alice");
        accounts.add(alice);

        assertThat(accounts.isTaken(Username.of("aIice"))).isTrue();
        assertThat(accounts.add(account("aIice"))).isFalse();
        assertThat(accounts.find(Username.of("aIice"))).isEmpty();
        assertThat(accounts.isTaken(Username.of("alicia"))).isFalse();
    }

    @Test
    void letsOneOfManyLookalikesWin() throws Exception {
        try (Database other = underTest.open()) {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                attempts.add(() -> accounts.add(account("paypal")));
                attempts.add(() -> new DatabaseAccountRepository(other).add(account("paypa1")));
            }
            assertThat(together(attempts)).containsOnlyOnce(true);
        }
    }

    @Test
    void keepsTheNameOfADeletedAccountUntilTheDeletionIsComplete() {
        DeletionRepository deletions = new DatabaseDeletionRepository(database);
        Account ann = account("ann");
        Deletion deletion = new Deletion(UUID.randomUUID(), ann.id(), NOON, Optional.empty());
        deletions.add(deletion, ann.username());

        assertThat(accounts.isTaken(Username.of("ann"))).isTrue();
        assertThat(accounts.add(account("ANN"))).isFalse();

        deletions.completeIfAcknowledged(deletion.id(), Set.of(), NOON);
        assertThat(accounts.isTaken(Username.of("ann"))).isFalse();
        assertThat(accounts.add(account("ann"))).isTrue();
    }

    @Test
    void removesAnAccountThatNobodyElseChanged() {
        Account ann = account("ann");
        accounts.add(ann);

        assertThat(accounts.remove(ann.id(), 2)).isFalse();
        assertThat(accounts.remove(ann.id(), 1)).isTrue();
        assertThat(accounts.find(ann.id())).isEmpty();
        assertThat(accounts.remove(ann.id(), 1)).isFalse();
    }

    @Test
    void findsManyByIdAndName() {
        Account ann = account("ann");
        Account bob = account("Bob");
        Account eve = account("eve");
        List.of(bob, eve, ann).forEach(accounts::add);

        assertThat(accounts.findAll(Set.of(eve.id(), UUID.randomUUID()), Set.of(Username.of("BOB"), Username.of("x"))))
                .containsExactly(bob, eve);
        assertThat(accounts.findAll(Set.of(), Set.of())).isEmpty();
        assertThat(accounts.findAll(Set.of(ann.id()), Set.of(Username.of("ann"))))
                .containsExactly(ann);
    }

    @Test
    void listsAllInTheOrderOfTheirNames() {
        List<Account> all = new ArrayList<>();
        for (String name : List.of("-a", "Anna", "ann.b", "ann", "b", "Émile", "zoë", "анна", "安娜")) {
            all.add(account(name));
        }
        all.reversed().forEach(accounts::add);
        List<String> expected =
                all.stream().map(account -> account.username().key()).sorted().toList();
        AccountFilter everyone = new AccountFilter(Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(keys(pages(everyone, 2))).isEqualTo(expected);
        assertThat(keys(pages(everyone, 50))).isEqualTo(expected);
    }

    @Test
    void findsByTheBeginningOfEitherName() {
        accounts.add(named("anton", Optional.empty()));
        accounts.add(named("Ann", Optional.of("Ann O'Brien")));
        accounts.add(named("zoe", Optional.of("ANNE")));
        accounts.add(named("carl", Optional.of("Anna")));
        accounts.add(named("dora", Optional.of("Anna")));
        accounts.add(named("eve", Optional.of("Hannah")));
        AccountFilter filter = new AccountFilter(Optional.of("ann"), Optional.empty(), Optional.empty());

        for (int size = 1; size < 6; size++) {
            assertThat(keys(pages(filter, size))).containsExactly("ann", "carl", "dora", "zoe");
        }
    }

    @Test
    void listsByStatusAndRole() {
        Account ann = with("ann", Set.of(Role.USER, Role.ADMIN), Optional.empty());
        Account bob = with("bob", Set.of(Role.USER), Optional.of(NOON));
        Account eve = with("eve", Set.of(Role.USER), Optional.empty());
        Account old = with("old", Set.of(Role.ADMIN), Optional.of(NOON));
        List.of(ann, bob, eve, old).forEach(accounts::add);

        assertThat(list(AccountStatus.ACTIVE, null)).containsExactly("ann", "eve");
        assertThat(list(AccountStatus.DISABLED, null)).containsExactly("bob", "old");
        assertThat(list(null, Role.ADMIN)).containsExactly("ann", "old");
        assertThat(list(null, Role.USER)).containsExactly("ann", "bob", "eve");
        assertThat(list(AccountStatus.ACTIVE, Role.ADMIN)).containsExactly("ann");
    }

    @Test
    void knowsWhetherThereIsAnAdministrator() {
        assertThat(accounts.hasAdministrator()).isFalse();
        Account ann = with("ann", Set.of(Role.USER, Role.ADMIN), Optional.empty());
        accounts.add(ann);
        accounts.add(with("bob", Set.of(Role.USER, Role.ADMIN), Optional.of(NOON)));
        accounts.add(with("eve", Set.of(Role.USER), Optional.empty()));

        assertThat(accounts.hasAdministrator()).isTrue();
        assertThat(accounts.hasActiveAdministratorBeside(ann.id())).isFalse();
        assertThat(accounts.hasActiveAdministratorBeside(UUID.randomUUID())).isTrue();
    }

    @Test
    void completesOlderAccounts() {
        for (String name : List.of("bob", "b0b", "eve")) {
            accounts.add(account(name + "-new"));
            database.write(handle -> handle.createUpdate("""
                            UPDATE account SET username = :name, username_key = :name, username_skeleton = NULL
                            WHERE username = :new""")
                    .bind("name", name)
                    .bind("new", name + "-new")
                    .execute());
        }
        assertThat(accounts.isTaken(Username.of("evе"))).isFalse();

        assertThat(accounts.fillSkeletons(2)).isEqualTo(2);
        assertThat(accounts.fillSkeletons(2)).isOne();
        assertThat(accounts.fillSkeletons(2)).isZero();

        assertThat(accounts.isTaken(Username.of("evе"))).isTrue();
        assertThat(accounts.add(account("ВОВ"))).isFalse();
        assertThat(accounts.find(Username.of("b0b"))).isPresent();
    }

    private List<Account> pages(AccountFilter filter, int size) {
        List<Account> all = new ArrayList<>();
        Optional<AccountPosition> after = Optional.empty();
        List<Account> page;
        do {
            page = accounts.list(filter, after, size);
            all.addAll(page);
            after = page.isEmpty()
                    ? after
                    : Optional.of(AccountPosition.from(
                            AccountPosition.of(page.getLast(), filter).toBytes()));
        } while (page.size() == size);
        return all;
    }

    private List<String> list(AccountStatus status, Role role) {
        return keys(
                pages(new AccountFilter(Optional.empty(), Optional.ofNullable(status), Optional.ofNullable(role)), 1));
    }

    private static List<String> keys(List<Account> accounts) {
        return accounts.stream().map(account -> account.username().key()).toList();
    }

    private static List<Boolean> together(List<Callable<Boolean>> attempts) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Boolean> outcomes = new ArrayList<>();
            for (Future<Boolean> attempt : executor.invokeAll(attempts)) {
                outcomes.add(attempt.get());
            }
            return outcomes;
        }
    }

    private static Account named(String username, Optional<String> displayName) {
        return AccountPatch.ofProfile(PatchField.to(displayName), PatchField.unchanged())
                .applyTo(account(username), NOON);
    }

    private static Account with(String username, Set<Role> roles, Optional<Instant> disabledAt) {
        return new AccountPatch(
                        PatchField.unchanged(),
                        PatchField.unchanged(),
                        Optional.of(roles),
                        Optional.of(disabledAt.isPresent()))
                .applyTo(account(username), NOON);
    }

    private static Account account(String username) {
        return Account.registered(UUID.randomUUID(), Username.of(username), "$argon2id$hash", Set.of(Role.USER), NOON);
    }
}
