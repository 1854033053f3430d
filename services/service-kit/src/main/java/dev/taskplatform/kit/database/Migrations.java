// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The migrations that a service has on its class path. */
final class Migrations {
    private Migrations() {}

    /**
     * Those for one database.
     *
     * @param dialect whose SQL it speaks
     * @param place says where it is
     */
    static Flyway of(Dialect dialect, Consumer<FluentConfiguration> place) {
        ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
        List<String> locations = new ArrayList<>();
        for (String folder : List.of("common", dialect.migrations())) {
            String location = "db/migration/" + folder;
            if (classLoader.getResource(location) != null) {
                locations.add("classpath:" + location);
            }
        }
        FluentConfiguration configuration = Flyway.configure(classLoader)
                .locations(locations.toArray(String[]::new))
                .failOnMissingLocations(true);
        place.accept(configuration);
        return configuration.load();
    }
}
