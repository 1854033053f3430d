// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * Settings under {@code server}.
 *
 * @param host address to listen on
 * @param port of the API; 0 takes a free one
 * @param observePort of health and metrics; 0 takes a free one
 * @param maxPayloadSize longest accepted body, in bytes
 * @param drain from the moment readiness goes down to the moment the listener closes
 * @param shutdownGrace what requests in flight get after that
 */
public record ServerSettings(
        String host, int port, int observePort, long maxPayloadSize, Duration drain, Duration shutdownGrace) {

    /**
     * @param config the node {@code server}
     * @throws io.helidon.config.ConfigException naming the key that is missing or has no proper value
     */
    public static ServerSettings from(Config config) {
        return new ServerSettings(
                config.get("host").asString().get(),
                config.get("port").asInt().get(),
                config.get("observe.port").asInt().get(),
                config.get("max-payload-size").asLong().get(),
                config.get("drain").as(Duration.class).get(),
                config.get("shutdown-grace").as(Duration.class).get());
    }
}
