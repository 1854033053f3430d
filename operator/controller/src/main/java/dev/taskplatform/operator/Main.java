// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import dev.taskplatform.operator.health.HealthServer;
import dev.taskplatform.operator.health.OperatorMetrics;
import dev.taskplatform.operator.log.Logging;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** Starts the operator from its environment; see {@link OperatorConfiguration}. */
public final class Main {

    private static final Duration LONGEST_RECONCILIATION = Duration.ofMinutes(5);

    private Main() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        try {
            run(OperatorConfiguration.of(System.getenv()));
        } catch (Exception e) {
            LoggerFactory.getLogger(Main.class).error("The operator can't start: {}", e.getMessage(), e);
            System.exit(1);
        }
    }

    /** Another replica works already: not even a request in flight may go on. */
    private static void endAtOnce() {
        LoggerFactory.getLogger(Main.class).error("Another replica has become the leader, so this one ends");
        Runtime.getRuntime().halt(1);
    }

    // Everything stays open until the process is ended.
    @SuppressWarnings("resource")
    private static void run(OperatorConfiguration configuration) throws Exception {
        Logging.configure(configuration.logLevel());
        var metrics = new OperatorMetrics(Clock.systemUTC());
        var operator = new TaskPlatformOperator(
                new ConfigBuilder().build(),
                builder -> {},
                configuration,
                metrics,
                new SecureRandom(),
                Clock.systemUTC(),
                Main::endAtOnce);
        var health = new HealthServer(
                configuration.port(), () -> !metrics.isStuck(LONGEST_RECONCILIATION), operator::isReady, metrics);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            health.close();
            operator.close();
        }));
        operator.start();
        LoggerFactory.getLogger(Main.class).info("The operator works");
    }
}
