// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {
    private static final Password PASSWORD = Password.of("correct horse");

    @Test
    void knowsAPasswordAgain() {
        try (PasswordHasher hasher = hasher(64)) {
            String hash = hasher.hash(PASSWORD);

            assertThat(hasher.matches(PASSWORD, Optional.of(hash))).isTrue();
            assertThat(hasher.matches(Password.of("wrong horse"), Optional.of(hash)))
                    .isFalse();
            assertThat(hasher.matches(PASSWORD, Optional.empty())).isFalse();
        }
    }

    @Test
    void storesItsParametersAndANewSaltEachTime() {
        try (PasswordHasher hasher = hasher(64)) {
            String hash = hasher.hash(PASSWORD);

            assertThat(hash).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
            assertThat(hasher.hash(PASSWORD)).isNotEqualTo(hash);
        }
    }

    @Test
    void checksHashesOfOtherParameters() {
        String old;
        try (PasswordHasher before = hasher(32)) {
            old = before.hash(PASSWORD);
        }
        try (PasswordHasher now = hasher(64)) {
            assertThat(now.matches(PASSWORD, Optional.of(old))).isTrue();
        }
    }

    /** The vector of the reference implementation's test suite (argon2id, v=19, t=2, m=65536, p=1). */
    @Test
    void agreesWithTheReferenceImplementation() {
        String hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        try (PasswordHasher hasher = hasher(64)) {
            assertThat(hasher.matches(Password.of("password"), Optional.of(hash)))
                    .isTrue();
        }
    }

    @Test
    void passwordsDoNotShowThemselves() {
        assertThat(PASSWORD.toString()).doesNotContain("horse");
    }

    @Test
    void comparesOnceWhetherOrNotThereIsAnAccount() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (PasswordHasher hasher = hasher(() -> settings(64), meters)) {
            String hash = hasher.hash(PASSWORD);
            long before = hashes(meters);

            hasher.matches(Password.of("wrong horse"), Optional.of(hash));
            assertThat(hashes(meters)).isEqualTo(before + 1);

            hasher.matches(Password.of("wrong horse"), Optional.empty());
            assertThat(hashes(meters)).isEqualTo(before + 2);
        }
    }

    @Test
    void takesForUnknownUsersWhatMostAccountsTake() {
        AtomicReference<Argon2Settings> settings = new AtomicReference<>(settings(64));
        UsualCost usual = new UsualCost();
        assertThat(usual.or(settings.get())).isEqualTo(settings(64));

        for (int i = 0; i < 10; i++) {
            usual.seen(settings(64));
        }
        settings.set(settings(128));
        assertThat(usual.or(settings.get())).isEqualTo(settings(64));

        usual.seen(settings(128));
        assertThat(usual.or(settings.get())).isEqualTo(settings(64));
        for (int i = 0; i < 60; i++) {
            usual.seen(settings(128));
        }
        assertThat(usual.or(settings.get())).isEqualTo(settings(128));
    }

    @Test
    void takesUpNewSettingsAndKnowsWhatToHashAnew() {
        AtomicReference<Argon2Settings> settings = new AtomicReference<>(settings(64));
        try (PasswordHasher hasher = hasher(settings::get, new SimpleMeterRegistry())) {
            String old = hasher.hash(PASSWORD);
            assertThat(hasher.needsRehash(old)).isFalse();
            assertThat(hasher.rehash(PASSWORD, old)).isEmpty();

            settings.set(settings(128));
            assertThat(hasher.needsRehash(old)).isTrue();
            String renewed = hasher.rehash(PASSWORD, old).orElseThrow();
            assertThat(renewed).startsWith("$argon2id$v=19$m=128,t=1,p=1$");
            assertThat(hasher.matches(PASSWORD, Optional.of(renewed))).isTrue();
            assertThat(hasher.needsRehash(renewed)).isFalse();

            settings.set(settings(32));
            assertThat(hasher.needsRehash(renewed)).isTrue();
        }
    }

    @Test
    void countsWhomItTurnsAwayAndSaysWhenToComeBack() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        AtomicReference<ProblemException> refusal = new AtomicReference<>();
        Argon2Settings slow = new Argon2Settings(32 * 1024, 8, 1);
        try (PasswordHasher hasher = hasher(() -> slow, meters);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200 && refusal.get() == null; i++) {
                executor.execute(() -> {
                    try {
                        hasher.hash(PASSWORD);
                    } catch (ProblemException e) {
                        refusal.compareAndSet(null, e);
                    }
                });
            }
            await().until(() -> refusal.get() != null);
        }
        assertThat(refusal.get().headers())
                .anySatisfy(header -> assertThat(header.name()).isEqualToIgnoringCase("Retry-After"));
        assertThat(meters.get("password.hash.refused").counter().count()).isPositive();
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> new Argon2Settings(4, 1, 1)).hasMessageContaining("password.argon2.memory-kib");
        assertThatThrownBy(() -> new Argon2Settings(64, 0, 1)).hasMessageContaining("password.argon2.iterations");
        assertThatThrownBy(() -> new Argon2Settings(64, 1, 0)).hasMessageContaining("password.argon2.parallelism");
    }

    private static long hashes(SimpleMeterRegistry meters) {
        return meters.get("password.hash.duration").timer().count();
    }

    private static Argon2Settings settings(int memoryKib) {
        return new Argon2Settings(memoryKib, 1, 1);
    }

    private static PasswordHasher hasher(int memoryKib) {
        return hasher(() -> settings(memoryKib), new SimpleMeterRegistry());
    }

    private static PasswordHasher hasher(Supplier<Argon2Settings> settings, SimpleMeterRegistry meters) {
        return new PasswordHasher(settings, new HashingCapacity(16, 2), new SecureRandom(), meters);
    }
}
