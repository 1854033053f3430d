// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.password;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What can be chosen as a password (NIST SP 800-63B-4, section 3.1.1.2): any characters, by length, unless guessers try
 * it first. No rules of composition.
 */
public final class PasswordPolicy {
    /** In code points. */
    static final int MAX_LENGTH = 128;

    private static final ContextWord SERVICE = new ContextWord("taskplatform");

    private final Supplier<PasswordSettings> settings;
    private final Optional<CommonPasswords> common;

    private PasswordPolicy(Supplier<PasswordSettings> settings, Optional<CommonPasswords> common) {
        this.settings = settings;
        this.common = common;
    }

    /**
     * Refuses what is short, common, or plain from the context.
     *
     * @param settings may change at any time; old passwords stay valid
     */
    public static PasswordPolicy of(Supplier<PasswordSettings> settings) {
        return new PasswordPolicy(settings, Optional.of(CommonPasswords.load()));
    }

    /** Accepts whatever can be kept: for clients that knew no rules. */
    public static PasswordPolicy anything() {
        PasswordSettings one = new PasswordSettings(1);
        return new PasswordPolicy(() -> one, Optional.empty());
    }

    /**
     * A new password.
     *
     * @param username whose it will be, if that is known
     * @throws InvalidValueException saying why it is refused and what to do
     */
    public Password accept(String text, Optional<String> username) {
        Password password = Password.of(text);
        int minLength = settings.get().minLength();
        if (password.length() < minLength) {
            throw new InvalidValueException(
                    "A password has at least %d characters. A sentence of several words is long and easy to remember."
                            .formatted(minLength));
        }
        if (password.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    "A password has at most %d characters. Choose a shorter one.".formatted(MAX_LENGTH));
        }
        common.ifPresent(known -> refuseGuessable(text, username, known));
        return password;
    }

    private static void refuseGuessable(String text, Optional<String> username, CommonPasswords common) {
        if (username.stream().flatMap(PasswordPolicy::words).anyMatch(word -> word.isIn(text))) {
            throw new InvalidValueException(
                    "This password is a variation of the username, which is guessed first. Choose one that has nothing to do with it.");
        }
        if (SERVICE.isIn(text)) {
            throw new InvalidValueException(
                    "This password is a variation of the service's name, which is guessed first. Choose one that has nothing to do with it.");
        }
        if (common.contains(text)) {
            throw new InvalidValueException(
                    "This password is one of those that many people use and that are guessed first. Choose another one, such as several words that don't belong together.");
        }
    }

    /** Of an e-mail address what is before the @ too. */
    private static Stream<ContextWord> words(String username) {
        return Stream.of(username, username.replaceFirst("@.*", "")).distinct().map(ContextWord::new);
    }
}
