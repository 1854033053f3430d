// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGuardTest {
    private final TargetGuard guard = new TargetGuard(List.of(), InetAddress::getAllByName);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "ff02::1"
            })
    void callsNoAddressThatIsNotPublic(String address) {
        assertThatThrownBy(() -> guard.address(address)).isInstanceOf(TargetException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1"})
    void callsPublicAddresses(String address) {
        assertThat(guard.address(address)).isEqualTo(InetAddress.ofLiteral(address));
    }

    @Test
    void callsWhatItsOperatorAllows() {
        TargetGuard allowing = new TargetGuard(List.of("10.0.0.0/8", "fd00::/8"), InetAddress::getAllByName);

        assertThat(allowing.address("10.1.2.3")).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
        assertThat(allowing.address("fd00::1")).isEqualTo(InetAddress.ofLiteral("fd00::1"));
        assertThatThrownBy(() -> allowing.address("192.168.0.1")).isInstanceOf(TargetException.class);
        assertThatThrownBy(() -> new TargetGuard(List.of("ten"), InetAddress::getAllByName))
                .hasMessageContaining("webhook.allowed-networks");
    }

    @Test
    void callsNoNameThatAlsoHasAnotherAddress() {
        TargetGuard.NameService both =
                host -> new InetAddress[] {InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("10.0.0.1")};
        TargetGuard.NameService unknown = host -> {
            throw new UnknownHostException(host);
        };
        assertThatThrownBy(() -> new TargetGuard(List.of(), both).address("x")).isInstanceOf(TargetException.class);
        assertThatThrownBy(() -> new TargetGuard(List.of(), unknown).address("x"))
                .isInstanceOf(TargetException.class);
    }

    /** A name whose address changes between the check and the call is called at none that was not checked. */
    @Test
    void isNotFooledByANameThatChanges() throws Exception {
        AtomicInteger called = new AtomicInteger();
        WebServer inside = WebServer.builder()
                .shutdownHook(false)
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.any((request, response) -> {
                    called.incrementAndGet();
                    response.status(Status.OK_200).send();
                }))
                .build()
                .start();
        try {
            Deque<String> answers = new ArrayDeque<>(List.of("192.0.2.200"));
            TargetGuard.NameService rebinding = host ->
                    new InetAddress[] {InetAddress.ofLiteral(answers.isEmpty() ? "127.0.0.1" : answers.remove())};
            // The first address may be called, but nobody is there; what comes after may not.
            WebhookSender sender =
                    new WebhookSender(new TargetGuard(List.of("192.0.2.200"), rebinding), Duration.ofMillis(500));
            assertThatThrownBy(() -> sender.post("http://rebound.test:" + inside.port() + "/", Map.of(), new byte[0]))
                    .isInstanceOf(TargetException.class);
            assertThat(called).hasValue(0);
        } finally {
            inside.stop();
        }
    }
}
