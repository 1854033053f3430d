// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Connects to the PostgreSQL that the files of a mounted Secret name. They are read for each new connection, so a
 * rotated password needs no restart.
 */
final class PostgresDataSource implements DataSource {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final List<String> FILES = List.of("host", "port", "dbname", "username", "password");

    private final Driver driver = new Driver();
    private final Path secretDir;
    private final Duration socketTimeout;

    /** @param socketTimeout longest wait for an answer of the server; zero waits for ever */
    PostgresDataSource(Path secretDir, Duration socketTimeout) {
        this.secretDir = secretDir;
        this.socketTimeout = socketTimeout;
    }

    /** @throws IllegalArgumentException naming the file that is missing, empty or can't be read */
    void requireFiles() {
        FILES.forEach(name -> {
            try {
                value(name);
            } catch (SQLException e) {
                throw new IllegalArgumentException("database.postgres.secret-dir: " + e.getMessage(), e);
            }
        });
    }

    @Override
    public Connection getConnection() throws SQLException {
        Properties properties = new Properties();
        PGProperty.PG_HOST.set(properties, value("host"));
        PGProperty.PG_PORT.set(properties, value("port"));
        PGProperty.PG_DBNAME.set(properties, value("dbname"));
        PGProperty.USER.set(properties, value("username"));
        PGProperty.PASSWORD.set(properties, value("password"));
        PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
        PGProperty.LOGIN_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) socketTimeout.toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // It is what a row has, and would get into messages and the log.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        return driver.connect("jdbc:postgresql:", properties);
    }

    private String value(String name) throws SQLException {
        Path file = secretDir.resolve(name);
        try {
            String value = Files.readString(file).strip();
            if (value.isEmpty()) {
                throw new SQLException(
                        "the file %s is empty; give the Secret a value for '%s'".formatted(file, name), "08001");
            }
            return value;
        } catch (IOException e) {
            throw new SQLException(
                    "can't read the file %s (%s); give the Secret a key '%s' and mount it there"
                            .formatted(file, e.getClass().getSimpleName(), name),
                    "08001",
                    e);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user name and password come from " + secretDir);
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // Hikari passes its own, and says so is optional: CONNECT is the limit.
    }

    @Override
    public int getLoginTimeout() {
        return (int) CONNECT.toSeconds();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
