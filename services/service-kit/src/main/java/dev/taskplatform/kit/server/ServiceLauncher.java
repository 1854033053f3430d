// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import dev.taskplatform.kit.observe.LogLevel;
import dev.taskplatform.kit.observe.Logging;
import io.helidon.Main;
import io.helidon.config.ConfigException;
import io.helidon.spi.HelidonShutdownHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs a service as a process: settings, logging, start, and an orderly end on SIGTERM with exit status 0. */
public final class ServiceLauncher {
    private static final Logger LOGGER = System.getLogger(ServiceLauncher.class.getName());

    private static final int FAILURE = 1;

    private ServiceLauncher() {}

    /**
     * Returns once the service listens; ends the process with status 1 if it cannot.
     *
     * @param service wires the service from its settings, and gives them to the server to {@linkplain
     *     ServiceServer.Builder#watching watch}
     */
    public static void launch(Function<LiveConfig, ServiceServer> service) {
        try {
            Logging.configure(LogLevel.INFO);
            LiveConfig config = LiveConfig.load(System.getenv());
            Supplier<LogLevel> level = config.setting(LogLevel::from, Logging::change);
            Logging.configure(level.get());
            ServiceServer server = service.apply(config).start();
            Main.addShutdownHandler(new OrderlyStop(server));
            Logging.outliveShutdown();
        } catch (IllegalArgumentException | ConfigException e) {
            // A setting: the message says all there is to know.
            fail(e, Level.DEBUG);
        } catch (RuntimeException e) {
            fail(e, Level.ERROR);
        }
    }

    /** Its last line is one sentence: the kubelet keeps the end of the log, and the operator reports that line. */
    private static void fail(RuntimeException cause, Level ofTrace) {
        LOGGER.log(ofTrace, "Where it was noticed", cause);
        LOGGER.log(Level.ERROR, "The service cannot start: {0}", cause.getMessage());
        System.exit(FAILURE);
    }

    private record OrderlyStop(ServiceServer server) implements HelidonShutdownHandler {
        @Override
        public void shutdown() {
            int status = FAILURE;
            try {
                server.stop();
                status = 0;
            } finally {
                // An orderly end on SIGTERM is a success; left alone the JVM would report 143.
                Runtime.getRuntime().halt(status);
            }
        }
    }
}
