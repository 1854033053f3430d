// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static dev.taskplatform.user.ReplicaUnderTest.SOMEBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.session.IssuedSession;
import dev.taskplatform.user.session.NewSession;
import dev.taskplatform.user.session.RefreshRefusedException;
import dev.taskplatform.user.session.RefreshRefusedException.Reason;
import dev.taskplatform.user.session.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions over two replicas, in every database. */
@OnEveryDatabase
class SessionsTest {
    private static final Instant START = ApiTest.START;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofDays(14);
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final String CLIENT = "some-client";
    private static final Set<String> SCOPE = Set.of("openid", "tasks");
    private static final int RACERS = 8;

    private final DatabaseUnderTest underTest;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private ReplicaUnderTest one;
    private ReplicaUnderTest two;

    SessionsTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void start() {
        one = replica();
        one.database().write(handle -> handle.execute("DELETE FROM session"));
        two = replica();
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    @Test
    void exchangesRefreshTokensOneAfterTheOther() throws Exception {
        IssuedSession first = begin();
        now.set(START.plus(Duration.ofMinutes(10)));
        IssuedSession second = refresh(one, first);
        now.set(START.plus(Duration.ofMinutes(20)));
        IssuedSession third = refresh(two, second);

        assertThat(List.of(token(first), token(second), token(third))).doesNotHaveDuplicates();
        assertThat(third.session().lastUsedAt()).isEqualTo(START.plus(Duration.ofMinutes(20)));
        assertThat(third.session().createdAt()).isEqualTo(START);
        assertThat(third.session().authenticatedAt()).isEqualTo(START);
        assertThat(third.tokens().refreshExpiresIn()).isEqualTo(IDLE.toSeconds());
        assertThat(third.tokens().scope()).isEqualTo("openid tasks");
        assertThat(find(third)).contains(third.session().toString());
    }

    @Test
    void givesARepeatWithinTheGraceTheSameSuccessor() throws Exception {
        IssuedSession first = begin();
        String successor = token(refresh(one, first));
        now.set(START.plus(GRACE));

        assertThat(token(refresh(one, first))).isEqualTo(successor);
        assertThat(token(refresh(two, first))).isEqualTo(successor);
        assertThat(refresh(two, successor).session().generation()).isEqualTo(2);
    }

    @Test
    void givesAllOfManyAtOnceTheSameSuccessor() throws Exception {
        for (int round = 0; round < 5; round++) {
            IssuedSession first = begin();
            CyclicBarrier together = new CyclicBarrier(2 * RACERS);
            List<Callable<String>> attempts = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                for (ReplicaUnderTest replica : List.of(one, two)) {
                    attempts.add(() -> {
                        together.await();
                        return token(refresh(replica, first));
                    });
                }
            }
            List<String> successors = all(attempts);

            assertThat(successors).hasSize(2 * RACERS).containsOnly(successors.getFirst());
            assertThat(refresh(one, successors.getFirst()).session().generation())
                    .isEqualTo(2);
            assertThat(one.revoked(first.account().id())).isEmpty();
        }
    }

    @Test
    void endsTheSessionWhenATokenComesAgainLater() throws Exception {
        IssuedSession first = begin();
        IssuedSession second = refresh(one, first);
        now.set(START.plus(GRACE).plusMillis(1));

        assertRefused(two, token(first));

        assertRefused(one, token(second));
        UUID userId = first.account().id();
        assertThat(find(first)).isEmpty();
        assertThat(one.audited("session.refresh-replayed", userId)).isEqualTo(1);
        assertThat(one.audited("session.ended", userId)).isEqualTo(1);
        assertThat(one.revoked(userId)).containsExactly(first.session().id());
    }

    @Test
    void endsTheSessionWhenAnOlderTokenComesWithinTheGrace() throws Exception {
        IssuedSession first = begin();
        IssuedSession third = refresh(one, refresh(one, first));

        assertRefused(one, token(first));

        assertRefused(one, token(third));
    }

    @Test
    void endsTheSessionOnceWhenManyThievesCome() throws Exception {
        IssuedSession first = begin();
        refresh(one, refresh(one, first));
        Callable<Void> here = () -> {
            assertRefused(one, token(first));
            return null;
        };
        Callable<Void> there = () -> {
            assertRefused(two, token(first));
            return null;
        };

        all(List.of(here, there, here, there, here, there));

        UUID userId = first.account().id();
        assertThat(one.audited("session.ended", userId)).isEqualTo(1);
        assertThat(one.revoked(userId)).hasSize(1);
    }

    @Test
    void changesNothingForAnotherClient() throws Exception {
        IssuedSession first = begin();
        assertRefused(one, token(first), "another-client", Optional.empty(), Reason.INVALID_TOKEN);
        IssuedSession second = refresh(one, first);
        now.set(START.plus(Duration.ofHours(1)));

        assertRefused(one, token(first), "another-client", Optional.empty(), Reason.INVALID_TOKEN);

        assertThat(refresh(one, second).session().generation()).isEqualTo(2);
    }

    @Test
    void changesNothingForATokenThatItDidNotMake() throws Exception {
        IssuedSession issued = begin();
        IssuedSession other = begin();
        String token = token(issued);
        byte[] forged = Base64.getUrlDecoder().decode(token);
        forged[forged.length - 1] ^= 1;
        byte[] ofOther = Base64.getUrlDecoder().decode(token(other));
        System.arraycopy(Base64.getUrlDecoder().decode(token), 0, ofOther, 0, 16);
        byte[] later = Base64.getUrlDecoder().decode(token);
        later[19]++;
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();

        for (String wrong : List.of(
                "",
                "x",
                token + "A",
                token.substring(1),
                token + "==",
                encoder.encodeToString(forged),
                encoder.encodeToString(ofOther),
                encoder.encodeToString(later))) {
            assertRefused(one, wrong);
        }
        assertThat(refresh(one, token).session().generation()).isEqualTo(1);
    }

    @Test
    void grantsNoMoreThanAtFirst() throws Exception {
        IssuedSession first = begin();
        assertRefused(one, token(first), CLIENT, Optional.of(Set.of("tasks", "account")), Reason.INVALID_SCOPE);

        IssuedSession narrow = one.sessions().refresh(token(first), CLIENT, SOMEBODY, Optional.of(Set.of("tasks")));

        assertThat(narrow.tokens().scope()).isEqualTo("tasks");
        assertThat(refresh(one, narrow).tokens().scope()).isEqualTo("openid tasks");
    }

    @Test
    void refusesWhoIsDisabled() throws Exception {
        IssuedSession first = begin();
        set(one, "disabled_at", first.account());

        assertRefused(one, token(first));
        assertThatThrownBy(() -> begin(one.account(first.account().id()))).isInstanceOf(ProblemException.class);
    }

    @Test
    void beginsNothingAfterTheAccountHasChanged() {
        Account asItWas = one.register();
        set(one, "password_changed_at", asItWas);

        assertThatThrownBy(() -> begin(asItWas)).isInstanceOf(ProblemException.class);
        assertThat(list(asItWas)).isEmpty();
    }

    @Test
    void leavesNoSessionThatBeginsWhileThePasswordChanges() throws Exception {
        for (int round = 0; round < 10; round++) {
            Account asItWas = one.register();
            CyclicBarrier together = new CyclicBarrier(2);
            Callable<Object> begin = () -> {
                together.await();
                try {
                    return begin(asItWas);
                } catch (ProblemException e) {
                    return e;
                }
            };
            Callable<Object> change = () -> {
                together.await();
                return two.database().inTransaction(() -> {
                    set(two, "password_changed_at", asItWas);
                    two.sessions().endAll(asItWas.id(), Optional.empty(), "password-changed", SOMEBODY);
                    return null;
                });
            };
            all(List.of(begin, change));

            assertThat(list(asItWas)).isEmpty();
        }
    }

    @Test
    void endsForGoodWhenItIsNotUsed() throws Exception {
        IssuedSession first = begin();
        now.set(START.plus(IDLE).minusMillis(1));
        IssuedSession second = refresh(one, first);
        now.set(START.plus(IDLE).plus(IDLE));

        assertThat(list(first.account())).isEmpty();
        assertThat(find(first)).isEmpty();
        assertRefused(one, token(second));

        now.set(START.plus(IDLE));
        assertRefused(one, token(second));
        assertThat(find(first)).isEmpty();
    }

    @Test
    void endsHoweverMuchItIsUsed() throws Exception {
        IssuedSession issued = begin();
        for (Instant time = START; time.isBefore(START.plus(LIFETIME)); time = time.plus(Duration.ofDays(10))) {
            now.set(time);
            issued = refresh(one, issued);
        }
        assertThat(issued.tokens().refreshExpiresIn())
                .isEqualTo(Duration.ofDays(10).toSeconds());
        now.set(START.plus(LIFETIME));

        assertRefused(one, token(issued));
    }

    @Test
    void goesOnWhenTheClockJumps() throws Exception {
        IssuedSession first = begin();
        now.set(START.plus(Duration.ofHours(1)));
        IssuedSession second = refresh(one, first);
        now.set(START);
        IssuedSession third = refresh(two, second);
        now.set(START.plus(Duration.ofHours(2)));

        assertThat(refresh(one, third).session().generation()).isEqualTo(3);
    }

    @Test
    void takesNoExchangedTokenForFreshWhenTheClockIsSetBack() throws Exception {
        IssuedSession first = begin();
        IssuedSession second = refresh(one, first);
        now.set(START.minus(Duration.ofHours(1)));

        assertRefused(one, token(first));
        assertRefused(one, token(second));
    }

    @Test
    void isNotBroughtBackByAClockThatIsSetBack() throws Exception {
        IssuedSession first = begin();
        UUID userId = first.account().id();
        assertThat(one.sessions().end(userId, first.session().id(), "test", SOMEBODY))
                .isTrue();
        now.set(START.minus(Duration.ofHours(1)));

        assertThat(find(first)).isEmpty();
        assertRefused(one, token(first));
    }

    @Test
    void endsOnceOfManyTimes() throws Exception {
        IssuedSession issued = begin();
        UUID userId = issued.account().id();
        List<Callable<Boolean>> attempts = IntStream.range(0, 2 * RACERS)
                .mapToObj(i -> (Callable<Boolean>) () -> (i % 2 == 0 ? one : two)
                        .sessions()
                        .end(userId, issued.session().id(), "test", SOMEBODY))
                .toList();

        assertThat(all(attempts)).containsOnlyOnce(true);

        assertThat(one.audited("session.ended", userId)).isEqualTo(1);
        assertThat(one.revoked(userId)).containsExactly(issued.session().id());
        assertThat(one.sessions().end(UUID.randomUUID(), begin().session().id(), "test", SOMEBODY))
                .isFalse();
    }

    @Test
    void endsAllButOne() throws Exception {
        Account account = one.register();
        IssuedSession kept = begin(account);
        List<UUID> others =
                List.of(begin(account).session().id(), begin(account).session().id());
        IssuedSession somebodyElses = begin();

        one.sessions().endAll(account.id(), Optional.of(kept.session().id()), "test", SOMEBODY);

        assertThat(one.revoked(account.id())).containsExactlyInAnyOrderElementsOf(others);
        assertThat(list(account))
                .extracting(Session::id)
                .containsExactly(kept.session().id());
        one.sessions().endAll(account.id(), Optional.empty(), "test", SOMEBODY);
        assertThat(list(account)).isEmpty();
        assertThat(find(somebodyElses)).isPresent();
    }

    @Test
    void leavesNoSessionThatIsRefreshedWhileAllEnd() throws Exception {
        for (int round = 0; round < 10; round++) {
            IssuedSession first = begin();
            Callable<Object> refresh = () -> {
                try {
                    return refresh(one, first);
                } catch (RefreshRefusedException e) {
                    return e;
                }
            };
            Callable<Object> end = () -> {
                two.sessions().endAll(first.account().id(), Optional.empty(), "test", SOMEBODY);
                return null;
            };
            all(List.of(refresh, end));

            assertThat(list(first.account())).isEmpty();
        }
    }

    @Test
    void forgetsWhatWentOutOfUseLongAgo() throws Exception {
        Account account = one.register();
        int old = 450;
        for (int i = 0; i < old; i++) {
            begin(account);
        }
        now.set(START.plus(Duration.ofDays(1)));
        IssuedSession younger = begin(account);
        now.set(START.plus(IDLE).plus(Duration.ofDays(1)));
        assertThat(one.sessions().purge()).isZero();
        now.set(START.plus(IDLE).plus(Duration.ofDays(1)).plusMillis(1));

        List<Integer> purged = all(List.of(one.sessions()::purge, two.sessions()::purge));

        assertThat(purged.stream().mapToInt(Integer::intValue).sum()).isEqualTo(old);
        now.set(START.plus(IDLE));
        assertThat(list(account))
                .extracting(Session::id)
                .containsExactly(younger.session().id());
    }

    @Test
    void storesNoToken() {
        IssuedSession issued = begin();
        byte[] token = Base64.getUrlDecoder().decode(token(issued));
        HexFormat hex = HexFormat.of();

        List<Map<String, Object>> rows = one.database()
                .read(handle ->
                        handle.createQuery("SELECT * FROM session").mapToMap().list());

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().values()).allSatisfy(value -> {
            String stored = value instanceof byte[] bytes ? hex.formatHex(bytes) : String.valueOf(value);
            assertThat(stored).doesNotContain(token(issued), hex.formatHex(token, token.length - 32, token.length));
        });
    }

    private ReplicaUnderTest replica() {
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        return ReplicaUnderTest.start(underTest, Map.of(), clock);
    }

    private IssuedSession begin() {
        return begin(one.register());
    }

    private IssuedSession begin(Account account) {
        return one.sessions()
                .start(new NewSession(account, CLIENT, SCOPE, Set.of("pwd"), now.get(), SOMEBODY, Optional.empty()));
    }

    private static IssuedSession refresh(ReplicaUnderTest replica, IssuedSession issued)
            throws RefreshRefusedException {
        return refresh(replica, token(issued));
    }

    private static IssuedSession refresh(ReplicaUnderTest replica, String token) throws RefreshRefusedException {
        return replica.sessions().refresh(token, CLIENT, SOMEBODY, Optional.empty());
    }

    private static void assertRefused(ReplicaUnderTest replica, String token) {
        assertRefused(replica, token, CLIENT, Optional.empty(), Reason.INVALID_TOKEN);
    }

    private static void assertRefused(
            ReplicaUnderTest replica, String token, String client, Optional<Set<String>> scope, Reason reason) {
        assertThatThrownBy(() -> replica.sessions().refresh(token, client, SOMEBODY, scope))
                .isInstanceOfSatisfying(
                        RefreshRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private Optional<String> find(IssuedSession issued) {
        return two.sessions().find(issued.account().id(), issued.session().id()).map(Session::toString);
    }

    private List<Session> list(Account account) {
        return two.sessions().list(account.id(), Optional.empty(), 1000);
    }

    /** Behind the back of the service: administrators and persons have routes for it. */
    private static void set(ReplicaUnderTest replica, String column, Account account) {
        replica.database()
                .write(handle -> handle.createUpdate("UPDATE account SET " + column + " = :now WHERE id = :id")
                        .bind("now", START.plusSeconds(1))
                        .bind("id", account.id())
                        .execute());
    }

    private static String token(IssuedSession issued) {
        return issued.tokens().refreshToken();
    }

    private static <T> List<T> all(List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : executor.invokeAll(work)) {
                results.add(result.get());
            }
        }
        return results;
    }
}
