// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import javax.sql.DataSource;

/** Limits that every pool of connections has. */
final class Pools {
    /** Longest wait for a connection: a client rather hears 503 soon than waits in a queue that grows. */
    static final Duration ACQUIRE = Duration.ofSeconds(2);

    private static final Duration VALIDATION = Duration.ofSeconds(1);

    private Pools() {}

    static HikariConfig config(String name, DataSource source, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(ACQUIRE.toMillis());
        config.setValidationTimeout(VALIDATION.toMillis());
        return config;
    }
}
