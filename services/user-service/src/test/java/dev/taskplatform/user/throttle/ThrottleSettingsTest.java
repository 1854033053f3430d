// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.server.ServiceConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThrottleSettingsTest {
    @Test
    void haveDefaults() {
        ThrottleSettings settings = settings(Map.of());
        Duration quarter = Duration.ofMinutes(15);
        assertThat(settings.account()).isEqualTo(new Rule(10, quarter, quarter, Duration.ofHours(2)));
        assertThat(settings.address()).isEqualTo(new Rule(100, quarter, quarter, quarter));
    }

    @ParameterizedTest
    @CsvSource({
        "throttle.account.failures,-1",
        "throttle.account.failures,101",
        "throttle.account.window,PT0S",
        "throttle.account.lock,PT25H",
        "throttle.address.failures,-1",
        "throttle.address.window,PT25H"
    })
    void refuseWhatCannotWork(String key, String value) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    private static ThrottleSettings settings(Map<String, String> changed) {
        return ThrottleSettings.from(ServiceConfig.of(changed).get("throttle"));
    }
}
