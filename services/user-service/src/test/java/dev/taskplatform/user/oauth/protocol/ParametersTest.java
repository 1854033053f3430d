// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    @Test
    void decodes() {
        Parameters parameters = Parameters.parse("a=b+c%2B%C3%A4&&empty=&bare&long=" + "x".repeat(2000));
        assertThat(parameters.required("a")).isEqualTo("b c+ä");
        assertThat(parameters.has("empty")).isFalse();
        assertThat(parameters.optional("bare")).isEmpty();
        assertThat(parameters.optional("long", 2000)).isPresent();
        assertThatThrownBy(() -> parameters.optional("long")).isInstanceOf(OAuthException.class);
        assertThatThrownBy(() -> parameters.required("empty")).hasMessageContaining("empty is missing");
    }

    @Test
    void refusesARepeatedParameterWhereItIsAskedFor() {
        Parameters parameters = Parameters.parseRepeated("a=1&b=2&a=3&c=&c=");

        assertThat(parameters.required("b")).isEqualTo("2");
        for (String name : List.of("a", "c")) {
            assertThat(parameters.has(name)).isTrue();
            assertThatThrownBy(() -> parameters.optional(name)).hasMessageContaining("repeated");
        }
        assertThatThrownBy(parameters::once).hasMessageContaining("repeated");
        assertThat(parameters.encoded()).isEqualTo("a=1&a=3&b=2&c=&c=");
        assertThat(parameters.without("a", "c").once().encoded()).isEqualTo("b=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=1&a=2", "a=&a=2", "a=1&%61=2", "a=%", "a=%4", "a=%zz", "a=%ff", "a=ä", "a=%00", "a=%ed%a0%80"
            })
    void refuses(String encoded) {
        assertThatThrownBy(() -> Parameters.parse(encoded))
                .isInstanceOfSatisfying(
                        OAuthException.class, e -> assertThat(e.error()).isEqualTo(OAuthError.INVALID_REQUEST));
    }

    @Test
    void refusesVeryMany() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            many.append("&p").append(i).append("=1");
        }
        assertThatThrownBy(() -> Parameters.parse(many.toString())).isInstanceOf(OAuthException.class);
    }

    @Test
    void showsNoValues() {
        assertThat(Parameters.parse("client_secret=hunter2")).hasToString("Parameters[client_secret]");
    }
}
