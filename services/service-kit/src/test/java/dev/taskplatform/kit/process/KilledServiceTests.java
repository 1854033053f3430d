// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every service keeps when it is killed while it makes things. A class that extends it runs on every database.
 */
public abstract class KilledServiceTests {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final int WRITERS = 4;

    private final DatabaseUnderTest underTest;
    private final int answersBeforeKill;

    @TempDir
    protected Path directory;

    /** @param answersBeforeKill how many requests are answered before the process is killed */
    protected KilledServiceTests(DatabaseUnderTest underTest, int answersBeforeKill) {
        this.underTest = underTest;
        this.answersBeforeKill = answersBeforeKill;
    }

    /**
     * Starts the service.
     *
     * @param database environment variables that select the database
     */
    protected abstract ServiceProcess start(Map<String, String> database) throws IOException;

    /**
     * Makes something, by a request whose {@code Idempotency-Key} is the number.
     *
     * @return its path; empty if the service did not answer that it was made
     */
    protected abstract Optional<String> make(ApiClient client, int number);

    /** Whether what was made with this number is there. */
    protected abstract boolean isThere(ApiClient client, int number, String path);

    /** Fails if something is half made. */
    protected abstract void assertWhole(Database database);

    @Test
    void keepsWhatItAcknowledgedAndNothingHalfMade() throws Exception {
        Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
        Map<String, String> database = ServiceProcess.environment(underTest.settings());
        try (ServiceProcess process = start(database);
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            int port = process.awaitPort();
            AtomicInteger next = new AtomicInteger();
            CountDownLatch enough = new CountDownLatch(answersBeforeKill);
            for (int i = 0; i < WRITERS; i++) {
                writers.submit(() -> {
                    try (ApiClient client = new ApiClient(port, CONTRACT)) {
                        while (true) {
                            int number = next.incrementAndGet();
                            make(client, number).ifPresent(path -> acknowledged.put(number, path));
                            enough.countDown();
                        }
                    } catch (UncheckedIOException e) {
                        // The process is gone.
                    }
                });
            }
            enough.await();
            process.kill();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(answersBeforeKill - WRITERS);

        try (ServiceProcess again = start(database);
                ApiClient client = new ApiClient(again.awaitPort(), CONTRACT)) {
            assertThat(acknowledged).allSatisfy((number, path) -> {
                assertThat(isThere(client, number, path)).isTrue();
                assertThat(make(client, number))
                        .as("the answer to a repetition")
                        .contains(path);
            });
        }
        try (Database kept = underTest.open()) {
            assertWhole(kept);
        }
    }
}
