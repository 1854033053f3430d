// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

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

/** Accounts and their passwords. */
final class AccountWiring {
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final Accounts accounts;
    private final UsersResource users;

    AccountWiring(Essentials essentials, KeyWiring keys, LimitWiring limits) {
        Config config = essentials.config();
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
                accounts, policy, keys.bearer(), limits.limiter(), essentials.actors(), essentials.json());
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
        server.closing(hasher);
    }
}
