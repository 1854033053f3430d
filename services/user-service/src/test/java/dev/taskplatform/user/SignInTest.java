// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static dev.taskplatform.user.ReplicaUnderTest.SOMEBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.audit.EmptyAuditLog;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.session.SignInProblems;
import dev.taskplatform.user.session.SignInRequest;
import dev.taskplatform.user.session.SignedIn;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What signing in leaves behind, in every database. */
@OnEveryDatabase
class SignInTest {
    private static final Password RIGHT = Password.of(ApiTest.PASSWORD);
    private static final Password WRONG = Password.of("wrong horse");

    private final DatabaseUnderTest underTest;
    private ReplicaUnderTest replica;

    SignInTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void start() {
        replica = replica(Map.of());
        EmptyAuditLog.of(replica.database());
    }

    @AfterEach
    void stop() {
        replica.close();
    }

    @Test
    void isRecorded() {
        Account account = replica.register();

        SignedIn signedIn = attempt(account, RIGHT);

        assertThat(signedIn.account()).isEqualTo(account);
        assertThat(signedIn.methods()).containsExactly("pwd");
        assertThat(audit("sign-in.succeeded")).containsExactly(account.id() + " by " + account.id() + " {}");
    }

    @Test
    void isRecordedWhenItFails() {
        Account account = replica.register();

        assertRefused(account, WRONG, SignInProblems.WRONG_CREDENTIALS);
        disable(account);
        assertRefused(account, RIGHT, SignInProblems.ACCOUNT_DISABLED);

        assertThat(audit("sign-in.failed"))
                .containsExactlyInAnyOrder(
                        account.id() + " by null {\"reason\":\"wrong-password\"}",
                        account.id() + " by " + account.id() + " {\"reason\":\"account-disabled\"}");
    }

    @Test
    void recordsNothingThatWasTyped() {
        SignInRequest swapped = new SignInRequest("my secret password", RIGHT, Optional.of("123456"), SOMEBODY);

        assertThatThrownBy(() -> replica.signIn().attempt(swapped)).isInstanceOf(ProblemException.class);

        assertThat(audit("sign-in.failed")).containsExactly("null by null {\"reason\":\"unknown-username\"}");
        assertThat(swapped.toString()).doesNotContain("secret", "123456");
    }

    @Test
    void recordsTheLock() {
        Account account = replica.register();
        for (int i = 0; i < 10; i++) {
            assertRefused(account, WRONG, SignInProblems.WRONG_CREDENTIALS);
        }

        assertRefused(account, RIGHT, ProblemType.TOO_MANY_ATTEMPTS);
        assertThatThrownBy(() -> replica.signIn().confirm(account, RIGHT, Optional.empty(), SOMEBODY))
                .isInstanceOf(ProblemException.class);

        assertThat(audit("account.locked")).containsExactly(account.id() + " by null {}");
    }

    @Test
    void renewsAHashOfOldParameters() {
        Account account = replica.register();
        try (ReplicaUnderTest stronger = replica(Map.of("password.argon2.iterations", "2"))) {
            stronger.signIn().attempt(new SignInRequest(account.username().value(), RIGHT, Optional.empty(), SOMEBODY));
        }
        Account renewed = replica.account(account.id());
        assertThat(renewed.passwordHash()).contains("t=2").isNotEqualTo(account.passwordHash());
        assertThat(renewed.version()).isEqualTo(account.version());
        assertThat(attempt(account, RIGHT).account()).isEqualTo(renewed);
    }

    @Test
    void confirmsOnlyWithThePassword() {
        Account account = replica.register();
        replica.signIn().confirm(account, RIGHT, Optional.empty(), SOMEBODY);

        assertThatThrownBy(() -> replica.signIn().confirm(account, WRONG, Optional.empty(), SOMEBODY))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.type()).isEqualTo(SignInProblems.NOT_CONFIRMED));
    }

    private ReplicaUnderTest replica(Map<String, String> settings) {
        return ReplicaUnderTest.start(underTest, settings, Clock.systemUTC());
    }

    private SignedIn attempt(Account account, Password password) {
        return replica.signIn()
                .attempt(new SignInRequest(account.username().value(), password, Optional.empty(), SOMEBODY));
    }

    private void assertRefused(Account account, Password password, ProblemType type) {
        assertThatThrownBy(() -> attempt(account, password))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.type()).isEqualTo(type));
    }

    /** Behind the back of the service: administrators have a route for it. */
    private void disable(Account account) {
        replica.database()
                .write(handle -> handle.createUpdate("UPDATE account SET disabled_at = :now WHERE id = :id")
                        .bind("now", ApiTest.START)
                        .bind("id", account.id())
                        .execute());
    }

    private List<String> audit(String kind) {
        return replica.database()
                .read(handle -> handle.createQuery(
                                "SELECT user_id, actor_user_id, details FROM audit_entry WHERE kind = :kind")
                        .bind("kind", kind)
                        .map((row, context) -> row.getString("user_id") + " by " + row.getString("actor_user_id") + " "
                                + row.getString("details"))
                        .list());
    }
}
