// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.util.Map;

/** Where a service's settings come from. */
public final class ServiceConfig {
    /** Environment variable with the path of the mounted file. */
    public static final String FILE_VARIABLE = "TASKPLATFORM_CONFIG_FILE";

    private static final String DEFAULT_FILE = "/etc/taskplatform/config/application.yaml";
    private static final String DEFAULTS = "application.yaml";

    private ServiceConfig() {}

    /**
     * Environment, then the mounted file if there is one, then {@code application.yaml} on the class path. The variable
     * for {@code server.max-payload-size} is {@code SERVER_MAX_dash_PAYLOAD_dash_SIZE}, as Helidon maps them.
     *
     * @param environment the process's variables
     */
    public static Config load(Map<String, String> environment) {
        Path file = Path.of(environment.getOrDefault(FILE_VARIABLE, DEFAULT_FILE));
        return Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .sources(
                        ConfigSources.environmentVariables(),
                        ConfigSources.file(file).optional(),
                        ConfigSources.classpath(DEFAULTS))
                .build();
    }

    /**
     * {@code application.yaml} on the class path with some settings replaced, untouched by the environment.
     *
     * @param settings by their dotted keys
     */
    public static Config of(Map<String, String> settings) {
        return Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .sources(ConfigSources.create(settings), ConfigSources.classpath(DEFAULTS))
                .build();
    }
}
