// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;

/** PostgreSQL, in the schema of this service, with one pool for all work. */
final class PostgresBackend implements Backend {
    /** Short enough that a changed password or a moved server is taken up without a restart. */
    private static final Duration CONNECTION_LIFE = Duration.ofMinutes(10);

    private static final Duration STATEMENT = Duration.ofSeconds(5);
    /** After the statement's own limit, for a server that is gone without a word. */
    private static final Duration SOCKET = Duration.ofSeconds(7);

    /** Classes of SQLSTATE: connection, authorisation (the password may be rotating), resources, operator. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "28", "53", "57", "58");

    /** A transaction that only reads: the server is a former primary. */
    private static final String READ_ONLY = "25006";

    /** With it serialisation failure, deadlock, lock not available, no such database (yet). */
    private static final Set<String> UNAVAILABLE_STATES = Set.of(READ_ONLY, "40001", "40P01", "55P03", "3D000");

    private final DatabaseSettings.Postgres settings;
    private final PostgresDataSource migrating;
    private final HikariDataSource pool;

    PostgresBackend(DatabaseSettings.Postgres settings) {
        this.settings = settings;
        this.migrating = new PostgresDataSource(settings.secretDir(), Duration.ZERO);
        migrating.requireFiles();
        HikariConfig config =
                Pools.config("postgres", new PostgresDataSource(settings.secretDir(), SOCKET), settings.poolSize());
        config.setMaxLifetime(CONNECTION_LIFE.toMillis());
        // As statements, not start-up parameters: connection poolers such as PgBouncer refuse those.
        config.setConnectionInitSql("SET search_path TO %s; SET statement_timeout TO %d"
                .formatted(settings.schema(), STATEMENT.toMillis()));
        config.setExceptionOverride(new LeaveFormerPrimary());
        // The server may come later than this program.
        config.setInitializationFailTimeout(-1);
        this.pool = new HikariDataSource(config);
    }

    @Override
    public String description() {
        return "PostgreSQL of " + settings.secretDir();
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    @Override
    public void configure(FluentConfiguration flyway) {
        flyway.dataSource(migrating).schemas(settings.schema()).createSchemas(true);
    }

    @Override
    public DataSource readers() {
        return pool;
    }

    @Override
    public DataSource writers() {
        return pool;
    }

    @Override
    public void configure(Jdbi jdbi) {
        jdbi.registerArgument(new InstantArgument());
        jdbi.registerArgument(new UuidArgument());
        jdbi.registerColumnMapper(Instant.class, INSTANT);
    }

    @Override
    public boolean isUnavailable(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && state.length() == 5
                && (UNAVAILABLE_CLASSES.contains(state.substring(0, 2)) || UNAVAILABLE_STATES.contains(state));
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The pool drops broken connections by itself; one to a former primary is as useless. */
    private static final class LeaveFormerPrimary implements SQLExceptionOverride {
        @java.lang.Override // not the nested type of that name
        public Override adjudicate(SQLException e) {
            return READ_ONLY.equals(e.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
        InstantArgument() {
            super(Types.TIMESTAMP_WITH_TIMEZONE);
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            OffsetDateTime utc = value.atOffset(ZoneOffset.UTC);
            return (position, statement, context) -> statement.setObject(position, utc);
        }
    }

    /** JDBI's own says of a null that it is text, which PostgreSQL takes for no uuid. */
    private static final class UuidArgument extends AbstractArgumentFactory<UUID> {
        UuidArgument() {
            super(Types.OTHER);
        }

        @Override
        protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setObject(position, value);
        }
    }

    private static final ColumnMapper<Instant> INSTANT = (row, column, context) -> {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    };
}
