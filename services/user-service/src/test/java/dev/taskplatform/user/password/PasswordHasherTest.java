// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    void turnsAwayWhatWouldWaitTooLong() throws Exception {
        int attempts = 200;
        try (PasswordHasher hasher = hasher(16 * 1024);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Optional<ProblemType>> attempt = () -> {
                try {
                    hasher.hash(PASSWORD);
                    return Optional.empty();
                } catch (ProblemException e) {
                    return Optional.of(e.type());
                }
            };
            List<Optional<ProblemType>> outcomes = new ArrayList<>();
            for (Future<Optional<ProblemType>> outcome : executor.invokeAll(Collections.nCopies(attempts, attempt))) {
                outcomes.add(outcome.get());
            }
            assertThat(outcomes).contains(Optional.empty(), Optional.of(ProblemType.UNAVAILABLE));
            assertThat(outcomes.stream().flatMap(Optional::stream)).containsOnly(ProblemType.UNAVAILABLE);
        }
    }

    @Test
    void passwordsDoNotShowThemselves() {
        assertThat(PASSWORD.toString()).doesNotContain("horse");
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> new Argon2Settings(4, 1, 1, 1)).hasMessageContaining("password.argon2.memory-kib");
        assertThatThrownBy(() -> new Argon2Settings(64, 0, 1, 1)).hasMessageContaining("password.argon2.iterations");
        assertThatThrownBy(() -> new Argon2Settings(64, 1, 1, 0)).hasMessageContaining("password.max-concurrent");
        assertThatThrownBy(() -> new PasswordPolicy(0)).hasMessageContaining("password.min-length");
    }

    private static PasswordHasher hasher(int memoryKib) {
        return new PasswordHasher(new Argon2Settings(memoryKib, 1, 1, 1), new SecureRandom());
    }
}
