// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.idempotency.IdempotencySettings;
import dev.taskplatform.kit.schedule.Repeating;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.account.DatabaseAccountRepository;
import dev.taskplatform.user.account.UsersResource;
import dev.taskplatform.user.password.Argon2Settings;
import dev.taskplatform.user.password.HashingCapacity;
import dev.taskplatform.user.password.PasswordHasher;
import dev.taskplatform.user.password.PasswordPolicy;
import dev.taskplatform.user.password.PasswordSettings;
import io.helidon.config.Config;
import io.helidon.webserver.http.HttpRules;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Accounts and their passwords. */
final class AccountWiring {
    /** What has expired does no harm but take space. */
    private static final Duration PURGE_INTERVAL = Duration.ofMinutes(10);

    private final RandomGenerator random;
    private final Idempotency idempotency;
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final Accounts accounts;
    private final UsersResource users;

    AccountWiring(Essentials essentials, KeyWiring keys, LimitWiring limits) {
        Config config = essentials.config();
        random = essentials.random();
        idempotency = new Idempotency(
                essentials.database(),
                IdempotencySettings.from(config.get("idempotency")),
                keys.sealer().deriveKey("idempotency"),
                essentials.mapper(),
                random,
                essentials.clock());
        policy = PasswordPolicy.of(essentials.live().setting(root -> PasswordSettings.from(root.get("password"))));
        hasher = new PasswordHasher(
                essentials.live().setting(root -> Argon2Settings.from(root.get("password"))),
                HashingCapacity.from(config.get("password")),
                essentials.random(),
                essentials.meters().registry());
        accounts = new Accounts(
                new DatabaseAccountRepository(essentials.database()),
                hasher,
                essentials.database(),
                essentials.audit(),
                essentials.ids(),
                essentials.clock());
        users = new UsersResource(
                accounts, policy, keys.bearer(), limits.limiter(), idempotency, essentials.actors(), essentials.json());
    }

    /** Wraps the handlers that make something. */
    Idempotency idempotency() {
        return idempotency;
    }

    Accounts accounts() {
        return accounts;
    }

    PasswordHasher hasher() {
        return hasher;
    }

    PasswordPolicy policy() {
        return policy;
    }

    void routes(HttpRules rules) {
        rules.register("/v1/users", users);
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(hasher)
                .closing(Repeating.start("idempotency-purge", () -> PURGE_INTERVAL, random, idempotency::purge));
    }
}
