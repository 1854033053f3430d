// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.kit.server.ServiceServer;
import dev.taskplatform.user.account.AccountRepository;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.account.Bootstrap;
import dev.taskplatform.user.account.DatabaseAccountRepository;
import dev.taskplatform.user.account.DatabaseInvitationRepository;
import dev.taskplatform.user.account.InvitationRepository;
import dev.taskplatform.user.account.Registration;
import dev.taskplatform.user.account.RegistrationSettings;
import dev.taskplatform.user.account.UsernamePolicy;
import dev.taskplatform.user.password.Argon2Settings;
import dev.taskplatform.user.password.HashingCapacity;
import dev.taskplatform.user.password.PasswordHasher;
import dev.taskplatform.user.password.PasswordPolicy;
import dev.taskplatform.user.password.PasswordSettings;
import io.helidon.config.Config;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Accounts and their passwords: what signing in is built on. */
final class AccountWiring {
    private static final Logger LOGGER = System.getLogger(AccountWiring.class.getName());

    private final PasswordHasher hasher;
    private final UsernamePolicy usernames = new UsernamePolicy();
    private final PasswordPolicy policy;
    private final AccountRepository repository;
    private final InvitationRepository invitations;
    private final Accounts accounts;
    private final Registration registration;
    private final Bootstrap bootstrap;

    AccountWiring(Essentials essentials) {
        Config config = essentials.config();
        policy = PasswordPolicy.of(essentials.live().setting(root -> PasswordSettings.from(root.get("password"))));
        hasher = new PasswordHasher(
                essentials.live().setting(root -> Argon2Settings.from(root.get("password"))),
                HashingCapacity.from(config.get("password")),
                essentials.random(),
                essentials.meters().registry());
        repository = new DatabaseAccountRepository(essentials.database());
        invitations = new DatabaseInvitationRepository(essentials.database());
        accounts = new Accounts(repository, hasher);
        registration = new Registration(
                essentials.live().setting(root -> RegistrationSettings.from(root.get("registration"))),
                repository,
                invitations,
                hasher,
                essentials.database(),
                essentials.audit(),
                essentials.ids(),
                essentials.clock());
        bootstrap = Bootstrap.from(config.get("admin.bootstrap"), usernames, policy, registration);
        // An administrator can sign in as soon as the service is ready; with a database that comes later, soon after.
        try {
            bootstrap.run();
        } catch (DatabaseUnavailableException e) {
            LOGGER.log(Level.DEBUG, "The database is away: the first administrator has to wait", e);
        }
    }

    AccountRepository repository() {
        return repository;
    }

    InvitationRepository invitations() {
        return invitations;
    }

    Accounts accounts() {
        return accounts;
    }

    Registration registration() {
        return registration;
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    PasswordHasher hasher() {
        return hasher;
    }

    UsernamePolicy usernames() {
        return usernames;
    }

    PasswordPolicy policy() {
        return policy;
    }

    void supervise(ServiceServer.Builder server) {
        server.closing(hasher);
    }
}
