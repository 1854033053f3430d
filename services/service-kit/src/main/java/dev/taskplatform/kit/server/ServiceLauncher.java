// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import dev.taskplatform.kit.observe.Logging;
import io.helidon.Main;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.spi.HelidonShutdownHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;

/** Runs a service as a process: settings, logging, start, and an orderly end on SIGTERM with exit status 0. */
public final class ServiceLauncher {
    private static final Logger LOGGER = System.getLogger(ServiceLauncher.class.getName());

    private static final int FAILURE = 1;

    private ServiceLauncher() {}

    /**
     * Returns once the service listens; ends the process with status 1 if it cannot.
     *
     * @param service wires the service from its settings
     */
    public static void launch(Function<Config, ServiceServer> service) {
        try {
            Logging.configure("INFO");
            Config config = ServiceConfig.load(System.getenv());
            Logging.configure(config.get("log.level").asString().get());
            ServiceServer server = service.apply(config).start();
            Main.addShutdownHandler(new OrderlyStop(server));
            Logging.outliveShutdown();
        } catch (IllegalArgumentException | ConfigException e) {
            // A setting: the message says all there is to know.
            LOGGER.log(Level.ERROR, "The service cannot start: {0}", e.getMessage());
            LOGGER.log(Level.DEBUG, "Where it was noticed", e);
            System.exit(FAILURE);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "The service cannot start: " + e.getMessage(), e);
            System.exit(FAILURE);
        }
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
