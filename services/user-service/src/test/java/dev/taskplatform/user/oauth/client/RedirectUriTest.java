// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.problem.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectUriTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            https://a.example/cb         | https://a.example/cb             | true
            https://a.example/cb         | https://a.example/cb/            | false
            https://a.example/cb         | https://a.example/cb?x=1         | false
            https://a.example/cb         | https://a.example:443/cb         | false
            https://a.example/cb         | https://A.example/cb             | false
            https://a.example/cb         | https://a.example/cb/../x        | false
            https://a.example/cb         | https://a.example@evil.example/cb | false
            https://127.0.0.1/cb         | https://127.0.0.1:8443/cb        | false
            http://127.0.0.1/cb          | http://127.0.0.1:49152/cb        | true
            http://127.0.0.1:1/cb        | http://127.0.0.1/cb              | true
            http://127.0.0.1             | http://127.0.0.1:49152           | true
            http://127.0.0.1?a=b         | http://127.0.0.1:49152?a=b       | true
            http://127.0.0.1/cb          | http://127.0.0.1:49152/other     | false
            http://127.0.0.1/cb          | http://127.0.0.1.evil.example/cb | false
            http://127.0.0.1/cb          | http://127.0.0.1:1@evil.example/cb | false
            http://127.0.0.1/cb          | http://127.0.0.1:123456/cb       | false
            http://127.0.0.1/cb          | http://[::1]:49152/cb            | false
            http://[::1]/cb              | http://[::1]:49152/cb            | true
            com.example.app:/cb          | com.example.app:/cb              | true
            com.example.app:/cb          | com.example.app:/cb?x            | false
            """)
    void isComparedAsAStringButForThePortOfTheOwnMachine(String registered, String requested, boolean matches) {
        assertThat(RedirectUri.of(registered, ClientType.PUBLIC).matches(requested))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app:/callback",
                "javascript:alert(1)",
                "data:text/html,x",
                "http://example.com/",
                "http://127.0.0.1.nip.io/",
                "http://localhost/",
                "https://",
                "//example.com/",
                "https://example.com/#",
                "https://example.com/\tx",
                "https://example.com/*"
            })
    void refusesWhatCouldLeadElsewhere(String uri) {
        assertThatThrownBy(() -> RedirectUri.of(uri, ClientType.PUBLIC)).isInstanceOf(InvalidValueException.class);
    }
}
