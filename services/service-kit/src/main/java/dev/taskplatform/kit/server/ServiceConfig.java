// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a service's settings come from. */
public final class ServiceConfig {
    /** Environment variable with the path of the mounted file. */
    public static final String FILE_VARIABLE = "TASKPLATFORM_CONFIG_FILE";

    private static final String DEFAULT_FILE = "/etc/taskplatform/config/application.yaml";
    private static final String DEFAULTS = "application.yaml";

    private ServiceConfig() {}

    /**
     * Path of the mounted file.
     *
     * @param environment the process's variables
     */
    static Path file(Map<String, String> environment) {
        return Path.of(environment.getOrDefault(FILE_VARIABLE, DEFAULT_FILE));
    }

    /**
     * Environment, then the mounted file if there is one, then {@code application.yaml} on the class path. The variable
     * for {@code server.max-payload-size} is {@code SERVER_MAX_dash_PAYLOAD_dash_SIZE}, as Helidon maps them.
     *
     * @param file content of the mounted file
     * @throws io.helidon.config.ConfigException if it is no YAML
     */
    static Config load(Optional<byte[]> file) {
        byte[] yaml = file.orElse(new byte[0]);
        return Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .sources(
                        ConfigSources.environmentVariables(),
                        ConfigSources.create(new ByteArrayInputStream(yaml), MediaTypes.APPLICATION_YAML),
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
