// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.http.ClientAddress;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The throttle over every database, with two replicas. */
@OnEveryDatabase
class ThrottleTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final ClientAddress HERE = address("203.0.113.5");
    private static final ClientAddress THERE = address("198.51.100.7");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicReference<ThrottleSettings> settings = new AtomicReference<>(settings(3, 100));
    private final DatabaseUnderTest underTest;
    private Database database;
    private Database other;
    private Throttle throttle;
    private Throttle replica;

    ThrottleTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        other = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM throttle_counter"));
        throttle = throttle(database);
        replica = throttle(other);
    }

    @AfterEach
    void close() {
        database.close();
        other.close();
    }

    @Test
    void locksANameOnAllReplicas() {
        assertThat(throttle.begin("ann", HERE).failed()).isFalse();
        assertThat(replica.begin("ann", THERE).failed()).isFalse();
        assertThat(throttle.lockedUntil("ann")).isEmpty();
        assertThat(throttle.begin("ann", HERE).failed()).isTrue();

        assertThat(throttle.lockedUntil("ann")).contains(NOON.plus(QUARTER));
        for (Throttle each : List.of(throttle, replica)) {
            ProblemException refusal = refusal(each, "ann", THERE);
            assertThat(refusal.type()).isEqualTo(ProblemType.TOO_MANY_ATTEMPTS);
            assertThat(headers(refusal))
                    .containsEntry("retry-after", "900")
                    .containsEntry("ratelimit-policy", "\"sign-in-account\";q=3;w=900")
                    .containsEntry("ratelimit", "\"sign-in-account\";r=0;t=900");
        }
        throttle.begin("bob", HERE).cancelled();
    }

    @Test
    void unlocksByItself() {
        fail("ann", 3);
        now.set(NOON.plus(QUARTER).minusMillis(1));
        assertThat(headers(refusal(throttle, "ann", HERE))).containsEntry("retry-after", "1");
        now.set(NOON.plus(QUARTER));
        assertThat(throttle.begin("ann", HERE).failed()).isFalse();
    }

    @Test
    void attemptsWhileLockedDontProlongTheLock() {
        fail("ann", 3);
        now.set(NOON.plus(QUARTER.dividedBy(2)));
        for (int i = 0; i < 10; i++) {
            refusal(throttle, "ann", HERE);
        }
        assertThat(throttle.lockedUntil("ann")).contains(NOON.plus(QUARTER));
    }

    @Test
    void isUnlockedByAnAdministrator() {
        fail("ann", 3);
        assertThat(replica.unlock("ann")).isTrue();
        assertThat(replica.unlock("ann")).isFalse();
        assertThat(throttle.lockedUntil("ann")).isEmpty();
        throttle.begin("ann", HERE).succeeded();
    }

    @Test
    void forgivesWhoKnowsThePassword() {
        fail("ann", 2);
        throttle.begin("ann", HERE).succeeded();
        fail("ann", 2);
        throttle.begin("ann", HERE).succeeded();
    }

    @Test
    void countsNoAttemptWhosePasswordWasNotLookedAt() {
        for (int i = 0; i < 5; i++) {
            throttle.begin("ann", HERE).cancelled();
        }
        assertThat(rows()).isZero();
    }

    @Test
    void countsAnAttemptThatNeverEnds() {
        for (int i = 0; i < 3; i++) {
            throttle.begin("ann", HERE);
        }
        now.set(NOON.plus(Counter.ABANDONED));
        assertThat(headers(refusal(throttle, "ann", HERE))).containsEntry("retry-after", "900");
    }

    @Test
    void endsAnAttemptOnce() {
        Attempt attempt = throttle.begin("ann", HERE);
        attempt.succeeded();
        assertThatThrownBy(attempt::failed).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAnAddressThatTriesManyNames() {
        settings.set(settings(3, 5));
        for (int i = 0; i < 5; i++) {
            // Signing in with an account of one's own in between does not help.
            throttle.begin("mallory", HERE).succeeded();
            throttle.begin("name" + i, HERE).failed();
        }
        ProblemException refusal = refusal(replica, "ann", HERE);
        assertThat(refusal.type()).isEqualTo(ProblemType.TOO_MANY_ATTEMPTS);
        assertThat(headers(refusal))
                .containsEntry("retry-after", "900")
                .containsEntry("ratelimit", "\"sign-in-address\";r=0;t=900");
        throttle.begin("ann", THERE).succeeded();
        now.set(NOON.plus(QUARTER));
        throttle.begin("ann", HERE).succeeded();
    }

    @Test
    void doesNotCountRefusedAttemptsForTheAddress() {
        settings.set(settings(1, 5));
        fail("ann", 1);
        for (int i = 0; i < 10; i++) {
            refusal(throttle, "ann", HERE);
        }
        throttle.begin("bob", HERE).succeeded();
    }

    @Test
    void canBeTurnedOff() {
        settings.set(settings(0, 0));
        fail("ann", 50);
        assertThat(rows()).isZero();
        assertThat(throttle.lockedUntil("ann")).isEmpty();
    }

    @Test
    void letsNoMoreGuessesThroughThanTheLimitOfManyAtOnce() throws Exception {
        settings.set(settings(10, 1000));
        AtomicInteger hashed = new AtomicInteger();
        List<Boolean> through = race(50, attempt -> {
            hashed.incrementAndGet();
            attempt.failed();
        });
        assertThat(hashed).hasValue(10);
        assertThat(through.stream().filter(began -> began)).hasSize(10);
        assertThat(throttle.lockedUntil("ann")).contains(NOON.plus(QUARTER));
    }

    @Test
    void letsAllOfManyRightPasswordsThrough() throws Exception {
        List<Boolean> through = race(30, Attempt::succeeded);
        assertThat(through).containsOnly(true);
        assertThat(rows()).isZero();
    }

    @Test
    void locksForNoLongerThanALockFromNowWhenTheClockIsSetBack() {
        now.set(NOON.plus(Duration.ofHours(1)));
        fail("ann", 3);
        now.set(NOON);
        assertThat(headers(refusal(throttle, "ann", HERE))).containsEntry("retry-after", "900");
        now.set(NOON.plus(Duration.ofMinutes(14)));
        assertThat(headers(refusal(throttle, "ann", HERE))).containsEntry("retry-after", "60");
        now.set(NOON.plus(QUARTER));
        throttle.begin("ann", HERE).succeeded();
    }

    @Test
    void keepsNeitherNamesNorAddresses() {
        fail("ann", 1);
        String table = database.<List<Map<String, Object>>, RuntimeException>read(
                        handle -> handle.createQuery("SELECT * FROM throttle_counter")
                                .mapToMap()
                                .list())
                .toString();
        assertThat(table).doesNotContain("ann", "203.0.113.5");
    }

    @Test
    void purgesWhatHasExpired() {
        for (int i = 0; i < 20; i++) {
            throttle.begin("random" + i, HERE).failed();
        }
        fail("ann", 3);
        assertThat(rows()).isEqualTo(22);

        throttle.purge();
        assertThat(rows()).isEqualTo(22);
        now.set(NOON.plus(QUARTER).plus(Counter.ABANDONED));
        throttle.purge();
        // That there was a lock is remembered for a day.
        assertThat(rows()).isEqualTo(1);
        now.set(NOON.plus(Duration.ofDays(2)));
        throttle.purge();
        assertThat(rows()).isZero();
    }

    @Test
    void saysWhenTheDatabaseIsAway() throws Exception {
        try (DatabaseUnderTest nowhere = DatabaseUnderTest.postgres("127.0.0.1", 1, "users", "users", "secret");
                Database away = nowhere.open()) {
            assertThatThrownBy(() -> throttle(away).begin("ann", HERE))
                    .isInstanceOf(DatabaseUnavailableException.class);
        }
    }

    /** Of each, whether it began; on two replicas at once. */
    private List<Boolean> race(int attempts, Consumer<Attempt> end) throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < attempts; i++) {
            Throttle each = i % 2 == 0 ? throttle : replica;
            work.add(() -> {
                Attempt attempt;
                try {
                    attempt = each.begin("ann", HERE);
                } catch (ProblemException e) {
                    assertThat(e.type()).isEqualTo(ProblemType.TOO_MANY_ATTEMPTS);
                    return false;
                }
                end.accept(attempt);
                return true;
            });
        }
        List<Boolean> through = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> began : executor.invokeAll(work)) {
                through.add(began.get());
            }
        }
        return through;
    }

    private void fail(String name, int times) {
        for (int i = 0; i < times; i++) {
            throttle.begin(name, HERE).failed();
        }
    }

    private int rows() {
        return database.<Integer, RuntimeException>read(
                handle -> handle.createQuery("SELECT count(*) FROM throttle_counter")
                        .mapTo(Integer.class)
                        .one());
    }

    private Throttle throttle(Database replicas) {
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        return new Throttle(
                settings::get, replicas, new byte[32], clock, RandomGenerator.getDefault(), new SimpleMeterRegistry());
    }

    private static ThrottleSettings settings(int accountFailures, int addressFailures) {
        return new ThrottleSettings(
                new Rule(accountFailures, QUARTER, QUARTER, QUARTER.multipliedBy(8)),
                new Rule(addressFailures, QUARTER, QUARTER, QUARTER));
    }

    private static ProblemException refusal(Throttle throttle, String name, ClientAddress from) {
        return catchThrowableOfType(ProblemException.class, () -> throttle.begin(name, from));
    }

    private static Map<String, String> headers(ProblemException problem) {
        return problem.headers().stream()
                .collect(Collectors.toMap(header -> header.headerName().lowerCase(), header -> header.get()));
    }

    private static ClientAddress address(String text) {
        return new ClientAddress(InetAddress.ofLiteral(text));
    }
}
