// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import dev.taskplatform.kit.database.DatabaseSettings;
import dev.taskplatform.kit.database.WholeDatabase;
import io.helidon.config.Config;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The commands for the whole of a service's data, by their names. */
final class DataCommands {
    private static final Logger LOGGER = System.getLogger(DataCommands.class.getName());

    private final Config config;
    private final Environment environment;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * @param config the service's settings
     * @param variables of the process
     */
    DataCommands(Config config, Map<String, String> variables, Clock clock, RandomGenerator random) {
        this.config = config;
        this.environment = new Environment(variables);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Does one.
     *
     * @param arguments its name, and nothing else
     * @throws DataException saying what was wrong, where, and what to do
     */
    Result run(String... arguments) throws DataException {
        ServiceIdentity service = ServiceIdentity.from(config.get("service"));
        try {
            return switch (arguments.length == 1 ? arguments[0] : "") {
                case "backup" -> backup(service);
                case "restore" -> restore(service);
                case "copy" -> copy(service);
                default ->
                    throw new RefusedException("'%s' is no command; use one of backup, restore and copy"
                            .formatted(String.join(" ", Arrays.asList(arguments))));
            };
        } catch (IOException | SQLException e) {
            throw new DataException(Failures.sentence(e), e);
        }
    }

    private Result backup(ServiceIdentity service) throws DataException, IOException, SQLException {
        try (BackupStore store = environment.store(clock, random)) {
            return new BackupCommand(embedded(), service, store, environment, clock).run();
        }
    }

    private Result restore(ServiceIdentity service) throws DataException, IOException, SQLException {
        try (BackupStore store = environment.store(clock, random)) {
            return new RestoreCommand(
                            embedded(),
                            service,
                            store,
                            environment,
                            WholeDatabase.newestEmbedded(),
                            step -> LOGGER.log(Level.INFO, "Restoring: {0}", step))
                    .run();
        }
    }

    private Result copy(ServiceIdentity service) throws DataException, IOException, SQLException {
        if (!(DatabaseSettings.from(config.get("database")) instanceof DatabaseSettings.Postgres target)) {
            throw new RefusedException(
                    "database.kind is 'embedded', so there is nothing to copy to; set it to 'postgres' and mount the Secret of the database");
        }
        return new CopyCommand(environment.copySource(), target, service, environment, clock).run();
    }

    private Path embedded() throws RefusedException {
        if (DatabaseSettings.from(config.get("database")) instanceof DatabaseSettings.Embedded embedded) {
            return embedded.path();
        }
        throw new RefusedException(
                "database.kind is 'postgres', which is backed up by its own tools; these commands are for 'embedded'");
    }
}
