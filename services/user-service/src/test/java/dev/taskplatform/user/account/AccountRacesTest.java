// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.server.ServiceConfig;
import dev.taskplatform.user.account.Registration.FirstAdministrator;
import dev.taskplatform.user.account.RegistrationSettings.Mode;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.audit.DatabaseAuditLog;
import dev.taskplatform.user.audit.EmptyAuditLog;
import dev.taskplatform.user.event.DatabaseEventOutbox;
import dev.taskplatform.user.event.EventOutbox;
import dev.taskplatform.user.password.Argon2Settings;
import dev.taskplatform.user.password.HashingCapacity;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordHasher;
import dev.taskplatform.user.throttle.Throttle;
import dev.taskplatform.user.throttle.ThrottleSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several replicas do at once: exactly one wins, and nothing of the others' remains. */
@OnEveryDatabase
class AccountRacesTest {
    private static final int REPLICAS = 2;
    private static final int ATTEMPTS = 12;
    private static final Password PASSWORD = Password.of("correct horse");
    private static final Actor ADMIN = new Actor(UUID.randomUUID(), null, "192.0.2.1", null);

    private final DatabaseUnderTest underTest;
    private final List<Replica> replicas = new ArrayList<>();

    AccountRacesTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(new Replica(underTest.open()));
        }
        EmptyAuditLog.of(replicas.getFirst().database);
        for (String table : List.of("account", "invitation", "event", "deletion_acknowledgement", "deletion")) {
            replicas.getFirst().database.write(handle -> handle.execute("DELETE FROM " + table));
        }
    }

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
    }

    @Test
    void anInvitationMakesOneAccount() throws Exception {
        InvitationToken token = replicas.getFirst().invite();

        List<Optional<Account>> outcomes = atOnce((replica, attempt) -> {
            try {
                return replica.registration.register(
                        Username.of("guest" + attempt), PASSWORD, Optional.of(token), Actor.SYSTEM);
            } catch (RegistrationRefusedException e) {
                return Optional.empty();
            }
        });

        assertThat(outcomes.stream().flatMap(Optional::stream)).hasSize(1);
        Account guest = outcomes.stream().flatMap(Optional::stream).findFirst().orElseThrow();
        assertThat(count("account")).isOne();
        assertThat(replicas.getFirst()
                        .invitations
                        .find(token.hash())
                        .orElseThrow()
                        .usedBy())
                .contains(guest.id());
    }

    @Test
    void aTakenNameUsesNoInvitationUp() {
        Replica replica = replicas.getFirst();
        replica.add("ann", Role.USER);
        InvitationToken token = replica.invite();

        assertThat(replica.registration.register(Username.of("ann"), PASSWORD, Optional.of(token), Actor.SYSTEM))
                .isEmpty();
        assertThat(replica.registration.register(Username.of("bob"), PASSWORD, Optional.of(token), Actor.SYSTEM))
                .isPresent();
    }

    @Test
    void oneReplicaMakesTheFirstAdministrator() throws Exception {
        List<FirstAdministrator> outcomes = atOnce((replica, attempt) ->
                replica.registration.createFirstAdministrator(Username.of("admin" + attempt), PASSWORD));

        assertThat(outcomes).containsOnlyOnce(FirstAdministrator.CREATED);
        assertThat(Set.copyOf(outcomes))
                .containsExactlyInAnyOrder(FirstAdministrator.CREATED, FirstAdministrator.EXISTS);
        assertThat(count("account")).isOne();
    }

    @Test
    void theFirstAdministratorTakesNobodysAccount() {
        Replica replica = replicas.getFirst();
        Account ann = replica.add("ann", Role.USER);

        assertThat(replica.registration.createFirstAdministrator(Username.of("ANN"), Password.of("other password")))
                .isEqualTo(FirstAdministrator.USERNAME_TAKEN);
        assertThat(replica.accounts.find(ann.id())).contains(ann);
    }

    @Test
    void administratorsWhoDemoteEachOtherLeaveOne() throws Exception {
        List<Account> admins = new ArrayList<>();
        for (int i = 0; i < ATTEMPTS; i++) {
            admins.add(replicas.getFirst().add("admin" + i, Role.ADMIN));
        }
        List<String> outcomes =
                atOnce((replica, attempt) -> replica.leave(admins.get(attempt).id(), attempt));

        assertThat(outcomes).containsOnlyOnce("last administrator");
        assertThat(replicas.getFirst().accounts.hasActiveAdministratorBeside(UUID.randomUUID()))
                .isTrue();
    }

    @Test
    void ofChangesWithOneVersionOneSucceeds() throws Exception {
        Account ann = replicas.getFirst().add("ann", Role.USER);

        List<Boolean> outcomes = atOnce((replica, attempt) -> {
            try {
                AccountPatch patch =
                        AccountPatch.ofProfile(PatchField.to(Optional.of("Ann " + attempt)), PatchField.unchanged());
                return replica.changes
                        .change(ann.id(), patch, Optional.of(Set.of(1L)), ADMIN)
                        .isPresent();
            } catch (VersionMismatchException e) {
                return false;
            }
        });

        assertThat(outcomes).containsOnlyOnce(true);
    }

    @Test
    void ofChangesWithoutVersionNoneIsLost() throws Exception {
        Account ann = replicas.getFirst().add("ann", Role.USER);

        atOnce((replica, attempt) -> replica.changes.change(
                ann.id(),
                AccountPatch.ofProfile(PatchField.to(Optional.of("Ann " + attempt)), PatchField.unchanged()),
                Optional.empty(),
                ADMIN));

        assertThat(replicas.getFirst().accounts.find(ann.id()).orElseThrow().version())
                .isEqualTo(1 + ATTEMPTS);
    }

    @Test
    void aPasswordIsReplacedOnce() throws Exception {
        Account ann = replicas.getFirst().add("ann", Role.USER);

        List<Boolean> outcomes = atOnce((replica, attempt) -> {
            try {
                return replica.passwords.change(
                        ann.id(),
                        Optional.empty(),
                        PASSWORD,
                        Optional.empty(),
                        Password.of("new password " + attempt),
                        ADMIN);
            } catch (WrongPassword e) {
                return false;
            }
        });

        assertThat(outcomes).containsOnlyOnce(true);
        Account now = replicas.getFirst().accounts.find(ann.id()).orElseThrow();
        Password winner = Password.of("new password " + outcomes.indexOf(true));
        assertThat(replicas.getFirst().hasher.matches(winner, Optional.of(now.passwordHash())))
                .isTrue();
        assertThat(count("audit_entry")).isOne();
    }

    @Test
    void anAccountIsDeletedOnce() throws Exception {
        Account ann = replicas.getFirst().add("ann", Role.USER);

        List<Optional<Deletion>> outcomes =
                atOnce((replica, attempt) -> replica.deletions.delete(ann.id(), Optional.empty(), ADMIN));

        assertThat(outcomes.stream().flatMap(Optional::stream)).hasSize(1);
        assertThat(count("deletion")).isOne();
        assertThat(count("event")).isOne();
    }

    @Test
    void theLastServiceCompletesADeletion() throws Exception {
        Account ann = replicas.getFirst().add("ann", Role.USER);
        UUID id = replicas.getFirst()
                .deletions
                .delete(ann.id(), Optional.empty(), ADMIN)
                .orElseThrow()
                .id();

        List<Boolean> outcomes =
                atOnce((replica, attempt) -> replica.deletions.acknowledge(id, Replica.consumer(attempt)));

        assertThat(outcomes).containsOnly(true);
        assertThat(replicas.getFirst().deletions.find(id).orElseThrow().state()).isEqualTo(Deletion.State.COMPLETED);
    }

    @Test
    void nobodyGetsTheNameOfAnAccountThatIsBeingDeleted() throws Exception {
        Account ann = replicas.getFirst().add("ann", Role.USER);

        List<Boolean> outcomes = atOnce((replica, attempt) -> attempt == 0
                ? replica.deletions.delete(ann.id(), Optional.empty(), ADMIN).isPresent()
                : replica.accounts.add(account("Ann", Role.USER, "hash")));

        assertThat(outcomes.getFirst()).isTrue();
        assertThat(outcomes.subList(1, ATTEMPTS)).containsOnly(false);
        assertThat(count("account")).isZero();
    }

    private int count(String table) {
        return replicas.getFirst()
                .database
                .read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                        .mapTo(Integer.class)
                        .one());
    }

    /** Outcomes in the order of the attempts, which the replicas share. */
    private <T> List<T> atOnce(Attempt<T> attempt) throws Exception {
        List<Callable<T>> work = new ArrayList<>();
        for (int i = 0; i < ATTEMPTS; i++) {
            int number = i;
            work.add(() -> attempt.make(replicas.get(number % REPLICAS), number));
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> outcomes = new ArrayList<>();
            for (Future<T> outcome : executor.invokeAll(work)) {
                outcomes.add(outcome.get());
            }
            return Collections.unmodifiableList(outcomes);
        }
    }

    private static Account account(String username, Role role, String hash) {
        Clock clock = Clock.systemUTC();
        return Account.registered(
                UUID.randomUUID(),
                Username.of(username),
                hash,
                EnumSet.of(Role.USER, role),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static final class WrongPassword extends RuntimeException {}

    private interface Attempt<T> {
        T make(Replica replica, int number) throws Exception;
    }

    /** One replica's view of the database. */
    private static final class Replica implements AutoCloseable {
        private final Database database;
        private final PasswordHasher hasher;
        private final AccountRepository accounts;
        private final InvitationRepository invitations;
        private final Invitations inviting;
        private final Registration registration;
        private final AccountChanges changes;
        private final PasswordChanges passwords;
        private final Deletions deletions;

        Replica(Database database) {
            this.database = database;
            SecureRandom random = new SecureRandom();
            Clock clock = Clock.systemUTC();
            UuidGenerator ids = new UuidGenerator(clock, random);
            AuditLog audit = new DatabaseAuditLog(database, ids, clock, new ObjectMapper());
            EventOutbox outbox = new DatabaseEventOutbox(database, ids, clock);
            SessionEnder sessions = (userId, except, reason, actor) -> {};
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            hasher = new PasswordHasher(() -> new Argon2Settings(64, 1, 1), new HashingCapacity(64, 2), random, meters);
            accounts = new DatabaseAccountRepository(database);
            invitations = new DatabaseInvitationRepository(database);
            inviting = new Invitations(invitations, database, audit, ids, random, clock);
            registration = new Registration(
                    () -> new RegistrationSettings(Mode.INVITE),
                    accounts,
                    invitations,
                    hasher,
                    database,
                    audit,
                    ids,
                    clock);
            Administrators administrators = new Administrators(accounts);
            ThrottleSettings throttling =
                    ThrottleSettings.from(ServiceConfig.of(Map.of()).get("throttle"));
            Throttle throttle = new Throttle(() -> throttling, database, new byte[32], clock, random, meters);
            changes = new AccountChanges(accounts, administrators, sessions, throttle, database, audit, outbox, clock);
            Reauthentication reauthentication = (account, password, code, actor) -> {
                if (!hasher.matches(password, Optional.of(account.passwordHash()))) {
                    throw new WrongPassword();
                }
            };
            passwords = new PasswordChanges(accounts, reauthentication, hasher, sessions, database, audit, clock);
            deletions = new Deletions(
                    new DatabaseDeletionRepository(database),
                    accounts,
                    administrators,
                    reauthentication,
                    sessions,
                    database,
                    audit,
                    outbox,
                    new DeletionSettings(IntStream.range(0, ATTEMPTS)
                            .mapToObj(Replica::consumer)
                            .collect(Collectors.toSet())),
                    clock);
        }

        static String consumer(int number) {
            return "service" + number;
        }

        InvitationToken invite() {
            return inviting.create(Optional.empty(), Optional.empty(), Role.USER, Duration.ofDays(1), ADMIN)
                    .token();
        }

        Account add(String username, Role role) {
            Account account = account(username, role, hasher.hash(PASSWORD));
            assertThat(accounts.add(account)).isTrue();
            return account;
        }

        /** In each of the ways in which there is one administrator less. */
        String leave(UUID admin, int way) {
            AccountPatch demoted = new AccountPatch(
                    PatchField.unchanged(), PatchField.unchanged(), Optional.of(Set.of(Role.USER)), Optional.empty());
            AccountPatch disabled = new AccountPatch(
                    PatchField.unchanged(), PatchField.unchanged(), Optional.empty(), Optional.of(true));
            try {
                return switch (way % 3) {
                    case 0 ->
                        changes.change(admin, demoted, Optional.empty(), ADMIN).toString();
                    case 1 ->
                        changes.change(admin, disabled, Optional.empty(), ADMIN).toString();
                    default -> deletions.delete(admin, Optional.empty(), ADMIN).toString();
                };
            } catch (LastAdministratorException e) {
                return "last administrator";
            }
        }

        @Override
        public void close() {
            hasher.close();
            database.close();
        }
    }
}
