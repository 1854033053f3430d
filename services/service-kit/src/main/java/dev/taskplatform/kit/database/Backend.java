// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Jdbi;

/** What differs between the databases. */
interface Backend extends AutoCloseable {

    /** Name for people, with the place: goes into messages and holds no secret. */
    String description();

    Dialect dialect();

    /** Where migrations run: connections outside the pools, without their limits of time. */
    void configure(FluentConfiguration flyway);

    /** Source of connections that read. */
    DataSource readers();

    /** Source of connections that write. */
    DataSource writers();

    /** Teaches JDBI the column types of this database. */
    void configure(Jdbi jdbi);

    /** Whether the same work may succeed later, against a fault of the statement. */
    boolean isUnavailable(SQLException e);

    @Override
    void close();
}
