// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.idempotency.IdempotencySettings;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.account.AccountChanges;
import dev.taskplatform.user.account.Administrators;
import dev.taskplatform.user.account.DatabaseDeletionRepository;
import dev.taskplatform.user.account.DeletionSettings;
import dev.taskplatform.user.account.Deletions;
import dev.taskplatform.user.account.PasswordChanges;
import dev.taskplatform.user.account.Reauthentication;
import dev.taskplatform.user.account.SessionEnder;
import dev.taskplatform.user.account.UserLookupResource;
import dev.taskplatform.user.account.UsersResource;
import io.helidon.webserver.http.HttpRules;
import java.time.Duration;

/** What people do with their own accounts, and what follows from it for their sessions. */
final class ProfileWiring {
    /** Until the database has been reached and all is as it must be at a start. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Then again, as replicas of an older version may still be at work. */
    private static final Duration NOW_AND_THEN = Duration.ofHours(1);

    private final Essentials essentials;
    private final AccountWiring accounts;
    private final AccountChanges changes;
    private final Deletions deletions;
    private final UsersResource users;
    private final UserLookupResource lookup;
    private final Idempotency idempotency;
    private volatile Duration upkeep = SOON;

    ProfileWiring(
            Essentials essentials, KeyWiring keys, LimitWiring limits, AccountWiring accounts, SessionWiring signedIn) {
        this.essentials = essentials;
        this.accounts = accounts;
        SessionEnder sessions = signedIn.sessions()::endAll;
        Reauthentication reauthentication = signedIn.signIn()::confirm;
        Administrators administrators = new Administrators(accounts.repository());
        changes = new AccountChanges(
                accounts.repository(),
                administrators,
                sessions,
                limits.throttle(),
                essentials.database(),
                essentials.audit(),
                essentials.outbox(),
                essentials.clock());
        PasswordChanges passwordChanges = new PasswordChanges(
                accounts.repository(),
                reauthentication,
                accounts.hasher(),
                sessions,
                essentials.database(),
                essentials.audit(),
                essentials.clock());
        deletions = new Deletions(
                new DatabaseDeletionRepository(essentials.database()),
                accounts.repository(),
                administrators,
                reauthentication,
                sessions,
                essentials.database(),
                essentials.audit(),
                essentials.outbox(),
                DeletionSettings.from(essentials.config().get("deletion")),
                essentials.clock());
        idempotency = new Idempotency(
                essentials.database(),
                IdempotencySettings.from(essentials.config().get("idempotency")),
                keys.sealer().deriveKey("idempotency"),
                essentials.mapper(),
                essentials.random(),
                essentials.clock());
        users = new UsersResource(
                accounts.accounts(),
                accounts.registration(),
                changes,
                passwordChanges,
                deletions,
                accounts.usernames(),
                accounts.policy(),
                keys.bearer(),
                limits.limiter(),
                idempotency,
                essentials.actors(),
                essentials.json());
        lookup = new UserLookupResource(accounts.accounts(), keys.bearer(), essentials.json());
    }

    AccountChanges changes() {
        return changes;
    }

    /** Wraps the handlers that make something. */
    Idempotency idempotency() {
        return idempotency;
    }

    Deletions deletions() {
        return deletions;
    }

    void routes(HttpRules rules) {
        rules.register("/v1/users", users).register("/internal/v1/users", lookup);
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(Repeating.start("account-upkeep", () -> upkeep, essentials.random(), this::keepUp))
                .closing(Repeating.start(
                        "idempotency-purge", () -> NOW_AND_THEN, essentials.random(), idempotency::purge));
    }

    private void keepUp() {
        accounts.bootstrap().run();
        accounts.registration().completeNames();
        deletions.settle();
        upkeep = NOW_AND_THEN;
    }
}
