// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Replicas that meet an empty database at the same moment. */
@OnEveryDatabase
class ReplicasTest {
    private static final int REPLICAS = 4;

    private final DatabaseUnderTest underTest;

    ReplicasTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @Test
    void migrateItOnce() throws Exception {
        Callable<Database> start = () -> NoteMigrations.using(underTest::open);
        List<Database> databases = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(REPLICAS)) {
            for (Future<Database> started : executor.invokeAll(
                    Stream.generate(() -> start).limit(REPLICAS).toList())) {
                databases.add(started.get());
            }
            for (Database database : databases) {
                assertThat(database.isHealthy()).isTrue();
                assertThat(database.<Integer, RuntimeException>read(handle -> handle.createQuery(
                                        "SELECT count(*) FROM flyway_schema_history WHERE version IS NOT NULL")
                                .mapTo(Integer.class)
                                .one()))
                        .isEqualTo(3);
            }
        } finally {
            databases.forEach(Database::close);
        }
    }
}
