// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordPolicy;
import io.helidon.config.Config;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes the administrator of a new installation from its settings. Once there is an administrator it does nothing any
 * more: it changes no account, and no password.
 */
public final class Bootstrap {
    private static final Logger LOGGER = System.getLogger(Bootstrap.class.getName());

    private static final String USERNAME = "admin.bootstrap.username";
    private static final String PASSWORD_FILE = "admin.bootstrap.password-file";

    private final Optional<Credentials> credentials;
    private final Registration registration;

    private Bootstrap(Optional<Credentials> credentials, Registration registration) {
        this.credentials = credentials;
        this.registration = registration;
    }

    /**
     * The settings under {@code admin.bootstrap}; without a username there is nothing to do.
     *
     * @throws IllegalArgumentException naming the setting, if nobody could register with the username or the password
     */
    public static Bootstrap from(
            Config config, UsernamePolicy usernames, PasswordPolicy passwords, Registration registration) {
        String username = config.get("username").asString().get();
        if (username.isEmpty()) {
            return new Bootstrap(Optional.empty(), registration);
        }
        Path file = config.get("password-file").as(Path.class).get();
        Username name = username(username, usernames);
        return new Bootstrap(Optional.of(new Credentials(name, password(file, name, passwords))), registration);
    }

    /**
     * Makes the administrator, if there is none.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException while the database is away
     */
    public void run() {
        credentials.ifPresent(administrator -> {
            String username = administrator.username().value();
            switch (registration.createFirstAdministrator(administrator.username(), administrator.password())) {
                case CREATED -> LOGGER.log(Level.INFO, "There was no administrator: {0} is one now", username);
                case EXISTS -> LOGGER.log(Level.DEBUG, "There is an administrator");
                case USERNAME_TAKEN ->
                    LOGGER.log(
                            Level.WARNING,
                            "There is no administrator, and {0} is somebody''s username already, or looks like one:"
                                    + " choose another for {1}",
                            username,
                            USERNAME);
            }
        });
    }

    private static Username username(String text, UsernamePolicy policy) {
        try {
            return policy.accept(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(USERNAME + ": " + e.getMessage(), e);
        }
    }

    private static Password password(Path file, Username username, PasswordPolicy policy) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%s: the file %s cannot be read as text; make it, or leave %s empty"
                            .formatted(PASSWORD_FILE, file, USERNAME),
                    e);
        }
        try {
            // Editors and shells end a file with a line break, which nobody types when they sign in.
            return policy.accept(text.replaceFirst("\\R\\z", ""), Optional.of(username.value()));
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(PASSWORD_FILE + ": " + e.getMessage(), e);
        }
    }

    private record Credentials(Username username, Password password) {}
}
