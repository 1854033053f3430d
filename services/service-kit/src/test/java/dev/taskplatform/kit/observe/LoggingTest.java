// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.server.ServiceConfig;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private final Logger root = Logger.getLogger("");
    private final Logger library = Logger.getLogger("com.zaxxer.hikari");

    @BeforeEach
    void configure() {
        Logging.configure(LogLevel.INFO);
    }

    @AfterEach
    void restore() {
        Logging.change(LogLevel.INFO);
    }

    @Test
    void changesTheLevelAndNothingElse() {
        Handler[] handlers = root.getHandlers();

        Logging.change(LogLevel.DEBUG);
        assertThat(root.getLevel()).isEqualTo(Level.FINE);
        assertThat(library.isLoggable(Level.FINE)).isTrue();
        assertThat(root.getHandlers()).isEqualTo(handlers);

        Logging.change(LogLevel.INFO);
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        assertThat(library.isLoggable(Level.INFO)).isFalse();
        assertThat(root.getHandlers()).isEqualTo(handlers);
    }

    @Test
    void neverTellsTheParametersOfStatements() {
        Logger driver = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");

        Logging.configure(LogLevel.TRACE);
        assertThat(driver.isLoggable(Level.FINE)).isFalse();
        Logging.change(LogLevel.ERROR);
        assertThat(driver.isLoggable(Level.INFO)).isFalse();
        Logging.change(LogLevel.TRACE);
        assertThat(driver.isLoggable(Level.FINE)).isFalse();
        assertThat(driver.isLoggable(Level.INFO)).isTrue();
    }

    @Test
    void readsALevelInAnyCase() {
        assertThat(LogLevel.from(ServiceConfig.of(Map.of("log.level", "warn")))).isEqualTo(LogLevel.WARN);
    }

    @Test
    void refusesUnknownLevels() {
        assertThatThrownBy(() -> LogLevel.from(ServiceConfig.of(Map.of("log.level", "LOUD"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("log.level", "LOUD");
    }
}
