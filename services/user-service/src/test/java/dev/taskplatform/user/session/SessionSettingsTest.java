// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> new SessionSettings(Duration.ZERO, HOUR, Duration.ZERO))
                .hasMessageContaining("token.refresh-idle-lifetime");
        assertThatThrownBy(() -> new SessionSettings(HOUR, Duration.ofDays(5000), Duration.ZERO))
                .hasMessageContaining("token.session-lifetime");
        assertThatThrownBy(() -> new SessionSettings(HOUR, HOUR, HOUR)).hasMessageContaining("token.refresh-grace");
        assertThatThrownBy(() -> new SessionSettings(HOUR, HOUR, Duration.ofSeconds(-1)))
                .hasMessageContaining("token.refresh-grace");
    }
}
