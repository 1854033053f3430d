// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
    private final AtomicReference<PasswordSettings> settings = new AtomicReference<>(new PasswordSettings(8));
    private final PasswordPolicy policy = PasswordPolicy.of(settings::get);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse",
                "ünïcödé wörter",
                "        ",
                "zqjxkvbp",
                "annabella wins",
                "my taskplatform is on fire",
                "97531864200-",
                "🔑🔑🔑🔑🔑🔑🔑🔑"
            })
    void acceptsWhateverGuessersDontTryFirst(String password) {
        assertThatCode(() -> policy.accept(password, Optional.of("ann"))).doesNotThrowAnyException();
    }

    @Test
    void acceptsLongOnes() {
        assertThatCode(() -> policy.accept("ä".repeat(128), Optional.empty())).doesNotThrowAnyException();
        refused("x".repeat(129)).hasMessageContaining("at most 128");
    }

    @Test
    void takesUpANewMinimum() {
        refused("7 chars").hasMessageContaining("at least 8").hasMessageContaining("several words");
        settings.set(new PasswordSettings(15));
        refused("correct horse").hasMessageContaining("at least 15");
        settings.set(new PasswordSettings(6));
        assertThatCode(() -> policy.accept("7 chars", Optional.empty())).doesNotThrowAnyException();
        refused("123456").hasMessageContaining("many people");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "PassWord", "12345678", "qwertyuiop", "ｐａｓｓｗｏｒｄ", "trustno1", "iloveyou"})
    void refusesCommonOnes(String password) {
        refused(password).hasMessageContaining("many people use").hasMessageContaining("Choose another one");
    }

    @Test
    void knowsManyOfThem() {
        CommonPasswords common = CommonPasswords.load();
        assertThat(common.contains("zxcvbnm1")).isTrue();
        assertThat(common.contains("correct horse")).isFalse();
        assertThat(common.contains("")).isFalse();
        try (Stream<String> lines = new BufferedReader(new InputStreamReader(
                        CommonPasswords.class.getResourceAsStream("common-passwords.txt"), StandardCharsets.UTF_8))
                .lines()) {
            assertThat(lines.filter(line -> line.length() >= 8).filter(common::contains))
                    .hasSizeGreaterThan(20_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "margaret.h",
                "Margaret.H",
                "margaret.h1984",
                "!!margaret.h!!",
                "h.teragram",
                "h.teragram99",
                "margaret.hmargaret.h",
                "ｍargaret.h2"
            })
    void refusesVariationsOfTheUsername(String password) {
        refused(password, "Margaret.H").hasMessageContaining("username").hasMessageContaining("nothing to do with it");
    }

    @Test
    void refusesWhatIsBeforeTheAtOfAnAddress() {
        refused("margaret123", "margaret@example.com").hasMessageContaining("username");
        refused("margaret@example.com", "margaret@example.com").hasMessageContaining("username");
    }

    @Test
    void ownsThatShortUsernamesAreInMuch() {
        assertThatCode(() -> policy.accept("a-83610572", Optional.of("a"))).doesNotThrowAnyException();
        settings.set(new PasswordSettings(1));
        refused("a", "a").hasMessageContaining("username");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"taskplatform", "TaskPlatform1", "mroftalpksat", "taskplatformtaskplatform", "2026taskplatform!"
            })
    void refusesVariationsOfTheServicesName(String password) {
        refused(password).hasMessageContaining("service's name");
    }

    @Test
    void letsSimpleClientsChooseAnything() {
        PasswordPolicy anything = PasswordPolicy.anything();
        assertThatCode(() -> anything.accept("a", Optional.of("a"))).doesNotThrowAnyException();
        assertThatCode(() -> anything.accept("password", Optional.of("a"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> anything.accept("", Optional.empty())).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> anything.accept("x".repeat(129), Optional.empty()))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> new PasswordSettings(0)).hasMessageContaining("password.min-length");
        assertThatThrownBy(() -> new PasswordSettings(129)).hasMessageContaining("password.min-length");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String password) {
        return assertThatThrownBy(() -> policy.accept(password, Optional.empty()))
                .isInstanceOf(InvalidValueException.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String password, String username) {
        return assertThatThrownBy(() -> policy.accept(password, Optional.of(username)))
                .isInstanceOf(InvalidValueException.class);
    }
}
