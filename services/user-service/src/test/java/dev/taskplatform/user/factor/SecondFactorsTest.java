// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.DatabaseAccountRepository;
import dev.taskplatform.user.account.Role;
import dev.taskplatform.user.account.Username;
import dev.taskplatform.user.audit.DatabaseAuditLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second factors over two replicas, in every database. */
@OnEveryDatabase
class SecondFactorsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int STEP_SECONDS = 30;
    private static final int RACERS = 8;

    private final DatabaseUnderTest underTest;
    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final UuidGenerator ids = new UuidGenerator(clock, random);

    @TempDir
    private Path directory;

    private Database databaseOfOne;
    private Database databaseOfTwo;
    private Sealer sealer;
    private SecondFactors one;
    private SecondFactors two;

    SecondFactorsTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void start() throws Exception {
        Path key =
                Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        sealer = Sealer.fromFile(key, random);
        databaseOfOne = underTest.open();
        databaseOfTwo = underTest.open();
        one = replica(databaseOfOne);
        two = replica(databaseOfTwo);
    }

    @AfterEach
    void stop() {
        databaseOfOne.close();
        databaseOfTwo.close();
    }

    @Test
    void letsOneOfManyUseACode() throws Exception {
        for (int round = 0; round < 5; round++) {
            UUID user = account().id();
            TotpSecret secret = enabled(user);
            now.set(now.get().plusSeconds(STEP_SECONDS));
            String code = secret.code(TotpSecret.step(now.get()));

            assertThat(all(factors -> factors.accept(user, code, actor(user)))).containsOnlyOnce(true);
        }
    }

    @Test
    void letsOneOfManyUseARecoveryCode() throws Exception {
        UUID user = account().id();
        enabled(user);
        List<String> codes = one.replaceRecoveryCodes(user, actor(user));
        for (String code : codes.subList(0, 3)) {
            assertThat(all(factors -> factors.accept(user, code, actor(user)))).containsOnlyOnce(true);
        }
        assertThat(two.recoveryCodes(user)).isEqualTo(7);
        assertThat(audited("recovery-code.used", user)).isEqualTo(3);
    }

    @Test
    void isEnabledByOneOfMany() throws Exception {
        Account account = account();
        TotpSecret secret = secret(one.enrol(account).orElseThrow());
        Factor proposed = one.find(account.id()).orElseThrow();
        String code = secret.code(TotpSecret.step(now.get()));

        List<Optional<List<String>>> recoveryCodes =
                all(factors -> factors.enable(proposed, code, actor(account.id())));

        assertThat(recoveryCodes.stream().filter(Optional::isPresent)).hasSize(1);
        List<String> given =
                recoveryCodes.stream().flatMap(Optional::stream).findFirst().orElseThrow();
        assertThat(two.accept(account.id(), given.getFirst(), actor(account.id())))
                .isTrue();
        assertThat(audited("second-factor.enabled", account.id())).isEqualTo(1);
    }

    @Test
    void isNotEnabledByTheCodeOfASecretThatWasReplaced() {
        Account account = account();
        TotpSecret forgotten = secret(one.enrol(account).orElseThrow());
        Factor proposed = one.find(account.id()).orElseThrow();
        two.enrol(account).orElseThrow();

        assertThat(one.enable(proposed, forgotten.code(TotpSecret.step(START)), actor(account.id())))
                .isEmpty();
        assertThat(one.isEnabled(account.id())).isFalse();
    }

    @Test
    void isNotReplacedOnceItIsEnabled() {
        Account account = account();
        TotpSecret secret = enabled(account.id());

        assertThat(two.enrol(account)).isEmpty();

        now.set(START.plusSeconds(STEP_SECONDS));
        assertThat(one.accept(account.id(), secret.code(TotpSecret.step(now.get())), actor(account.id())))
                .isTrue();
    }

    @Test
    void takesNoCodeAgainWhenTheClockIsSetBack() {
        UUID user = account().id();
        TotpSecret secret = enabled(user);
        now.set(START.plusSeconds(STEP_SECONDS));
        String code = secret.code(TotpSecret.step(now.get()));
        assertThat(one.accept(user, code, actor(user))).isTrue();
        now.set(START.minusSeconds(3600));
        String earlier = secret.code(TotpSecret.step(now.get()));

        assertThat(two.accept(user, earlier, actor(user))).isFalse();
        now.set(START.plusSeconds(STEP_SECONDS));
        assertThat(two.accept(user, code, actor(user))).isFalse();
    }

    @Test
    void goesWithItsRecoveryCodesAndWithItsAccount() {
        UUID user = account().id();
        enabled(user);
        assertThat(one.disable(user, actor(user))).isTrue();
        assertThat(two.disable(user, actor(user))).isFalse();
        assertThat(two.recoveryCodes(user)).isZero();

        enabled(user);
        databaseOfOne.write(handle -> handle.createUpdate("DELETE FROM account WHERE id = :id")
                .bind("id", user)
                .execute());
        assertThat(two.find(user)).isEmpty();
        assertThat(two.recoveryCodes(user)).isZero();
    }

    @Test
    void storesNoSecretAsItIs() {
        Account account = account();
        TotpSecret secret = secret(one.enrol(account).orElseThrow());
        List<String> codes = one.replaceRecoveryCodes(account.id(), actor(account.id()));

        byte[] sealed = one.find(account.id()).orElseThrow().sealedSecret();

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(secret.bytes(), StandardCharsets.ISO_8859_1), secret.text());
        List<byte[]> hashes = databaseOfOne.read(
                handle -> handle.createQuery("SELECT code_hash FROM recovery_code WHERE user_id = :id")
                        .bind("id", account.id())
                        .mapTo(byte[].class)
                        .list());
        assertThat(hashes)
                .hasSize(codes.size())
                .allSatisfy(hash -> assertThat(new String(hash, StandardCharsets.ISO_8859_1))
                        .doesNotContain(codes.getFirst()));
    }

    private SecondFactors replica(Database database) {
        return new SecondFactors(
                new DatabaseFactorRepository(database),
                sealer,
                "users.test",
                database,
                new DatabaseAuditLog(database, ids, clock, Json.mapper()),
                ids,
                random,
                clock);
    }

    private Account account() {
        Account account = Account.registered(
                ids.next(), Username.of("u" + UUID.randomUUID()), "$argon2id$hash", Set.of(Role.USER), START);
        new DatabaseAccountRepository(databaseOfOne).add(account);
        return account;
    }

    private TotpSecret enabled(UUID user) {
        Account account =
                new DatabaseAccountRepository(databaseOfOne).find(user).orElseThrow();
        TotpSecret secret = secret(one.enrol(account).orElseThrow());
        Factor proposed = one.find(user).orElseThrow();
        assertThat(one.enable(proposed, secret.code(TotpSecret.step(now.get())), actor(user)))
                .isPresent();
        return secret;
    }

    private TotpSecret secret(Enrolment enrolment) {
        // Its base 32 read back: 8 characters are 5 bytes.
        byte[] bytes = new byte[enrolment.secret().length() * 5 / 8];
        for (int i = 0; i < enrolment.secret().length(); i++) {
            int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
                    .indexOf(enrolment.secret().charAt(i));
            for (int bit = 0; bit < 5; bit++) {
                int at = i * 5 + bit;
                bytes[at / 8] |= (byte) ((value >> (4 - bit) & 1) << (7 - at % 8));
            }
        }
        return new TotpSecret(bytes);
    }

    private <T> List<T> all(Attempt<T> attempt) throws Exception {
        List<Callable<T>> attempts = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            attempts.add(() -> attempt.with(one));
            attempts.add(() -> attempt.with(two));
        }
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : executor.invokeAll(attempts)) {
                results.add(result.get());
            }
        }
        return results;
    }

    private int audited(String kind, UUID user) {
        return databaseOfOne.read(
                handle -> handle.createQuery("SELECT count(*) FROM audit_entry WHERE kind = :kind AND user_id = :user")
                        .bind("kind", kind)
                        .bind("user", user)
                        .mapTo(Integer.class)
                        .one());
    }

    private static Actor actor(UUID user) {
        return new Actor(user, "taskplatform", "192.0.2.1", "request-1");
    }

    private interface Attempt<T> {
        T with(SecondFactors replica);
    }
}
