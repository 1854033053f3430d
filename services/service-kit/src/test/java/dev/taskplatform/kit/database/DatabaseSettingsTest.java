// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSettingsTest {
    private static final Map<String, String> POSTGRES = Map.of(
            "kind",
            "postgres",
            "postgres.secret-dir",
            "/secret",
            "postgres.schema",
            "tasks",
            "postgres.pool-size",
            "3");

    @Test
    void readsBothKinds() {
        assertThat(settings(Map.of("kind", "embedded", "embedded.path", "/data/tasks.db")))
                .isEqualTo(new DatabaseSettings.Embedded(Path.of("/data/tasks.db")));
        assertThat(settings(POSTGRES)).isEqualTo(new DatabaseSettings.Postgres(Path.of("/secret"), "tasks", 3));
    }

    @ParameterizedTest
    @CsvSource({
        "kind, mysql",
        "kind, ''",
        "postgres.secret-dir, ",
        "postgres.schema, ",
        "postgres.schema, Tasks",
        "postgres.schema, a; DROP SCHEMA b",
        "postgres.pool-size, 0",
    })
    void namesTheKeyThatIsWrong(String key, String value) {
        Map<String, String> settings = new HashMap<>(POSTGRES);
        if (value == null) {
            settings.remove(key);
        } else {
            settings.put(key, value);
        }
        assertThatThrownBy(() -> settings(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("database." + key + ": ");
    }

    private static DatabaseSettings settings(Map<String, String> settings) {
        Map<String, String> prefixed = new HashMap<>();
        settings.forEach((key, value) -> prefixed.put("database." + key, value));
        return DatabaseSettings.from(Config.just(ConfigSources.create(prefixed)).get("database"));
    }
}
