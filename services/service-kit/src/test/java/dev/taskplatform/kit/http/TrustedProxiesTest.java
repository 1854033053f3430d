// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # peer     | X-Forwarded-For                        | client
            10.1.2.3   | 203.0.113.5                            | 203.0.113.5
            10.1.2.3   |                                        | 10.1.2.3
            192.0.2.7  | 203.0.113.5                            | 203.0.113.5
            192.0.2.8  | 203.0.113.5                            | 192.0.2.8
            11.1.2.3   | 203.0.113.5                            | 11.1.2.3
            10.1.2.3   | 198.51.100.9, 203.0.113.5              | 203.0.113.5
            10.1.2.3   | 198.51.100.9, 203.0.113.5, 10.9.9.9    | 203.0.113.5
            10.1.2.3   | 10.0.0.1,10.0.0.2                      | 10.0.0.1
            10.1.2.3   | 203.0.113.5:4711                       | 203.0.113.5
            10.1.2.3   | [2001:db8::1]:4711                     | 2001:db8:0:0:0:0:0:1
            10.1.2.3   | 2001:db8::1                            | 2001:db8:0:0:0:0:0:1
            10.1.2.3   | ::ffff:203.0.113.5                     | 203.0.113.5
            fd12::1    | 203.0.113.5                            | 203.0.113.5
            fe80::1    | 203.0.113.5                            | fe80:0:0:0:0:0:0:1
            10.1.2.3   | 203.0.113.5, unknown                   | 10.1.2.3
            10.1.2.3   | 203.0.113.5, unknown, 10.0.0.1         | 10.0.0.1
            10.1.2.3   | example.com                            | 10.1.2.3
            10.1.2.3   | 1.2.3                                  | 10.1.2.3
            10.1.2.3   | 999.1.1.1                              | 10.1.2.3
            10.1.2.3   | 203.0.113.5,                           | 203.0.113.5
            """)
    void believesOnlyThem(String peer, String forwardedFor, String client) {
        List<String> values = forwardedFor == null ? List.of() : List.of(forwardedFor);
        assertThat(PROXIES.client(InetAddress.ofLiteral(peer), values).text()).isEqualTo(client);
    }

    @Test
    void readsSeveralFieldsAsOne() {
        assertThat(client("10.1.2.3", "198.51.100.9", "203.0.113.5, 10.0.0.1").text())
                .isEqualTo("203.0.113.5");
    }

    @Test
    void believesNobodyUnlessTold() {
        TrustedProxies none = TrustedProxies.of(List.of());
        assertThat(none.client(InetAddress.ofLiteral("127.0.0.1"), List.of("203.0.113.5"))
                        .text())
                .isEqualTo("127.0.0.1");
    }

    @Test
    void takesANetworkOfIpv6ForOneClient() {
        ClientAddress one = client("10.1.2.3", "2001:db8:1:2:3:4:5:6");
        ClientAddress neighbour = client("10.1.2.3", "2001:db8:1:2:ffff::1");
        ClientAddress stranger = client("10.1.2.3", "2001:db8:1:3::1");

        assertThat(one.network()).isEqualTo(neighbour.network()).isEqualTo("2001:db8:1:2:0:0:0:0/64");
        assertThat(one.network()).isNotEqualTo(stranger.network());
        assertThat(client("10.1.2.3", "203.0.113.5").network()).isEqualTo("203.0.113.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "fd00::/129", "10.0.0/8", "proxy.example", "", "10.0.0.0/", "10.0.0.0/-1"})
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("server.trusted-proxies")
                .hasMessageContaining("'" + text + "'");
    }

    private static ClientAddress client(String peer, String... forwardedFor) {
        return PROXIES.client(InetAddress.ofLiteral(peer), Arrays.asList(forwardedFor));
    }
}
