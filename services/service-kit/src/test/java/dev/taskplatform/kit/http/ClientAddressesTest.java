// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.server.ServiceConfig;
import dev.taskplatform.kit.server.ServiceServer;
import io.helidon.webserver.http.HttpService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientAddressesTest {
    @Test
    void believesTheProxiesOfAList() throws Exception {
        assertThat(client(Map.of("server.trusted-proxies.0", "fd00::/8", "server.trusted-proxies.1", "127.0.0.0/8")))
                .isEqualTo("203.0.113.5");
    }

    /** As they come from an environment variable. */
    @Test
    void believesTheProxiesOfOneText() throws Exception {
        assertThat(client(Map.of("server.trusted-proxies", "fd00::/8, 127.0.0.0/8")))
                .isEqualTo("203.0.113.5");
    }

    @Test
    void believesNobodyUnlessTold() throws Exception {
        assertThat(client(Map.of())).isEqualTo("127.0.0.1");
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertThatThrownBy(() -> addresses(Map.of("server.trusted-proxies", "proxy")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("server.trusted-proxies");
    }

    private static ClientAddresses addresses(Map<String, String> settings) {
        return ClientAddresses.from(ServiceConfig.of(settings).get("server"));
    }

    private static String client(Map<String, String> settings) throws Exception {
        ClientAddresses addresses = addresses(settings);
        HttpService echo = rules -> rules.get(
                "/", (request, response) -> response.send(addresses.of(request).text()));
        ServiceServer server = ServiceServer.builder(ServiceConfig.of(Map.of()), new Meters())
                .routes(rules -> rules.register("/v1/me", echo))
                .build()
                .start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/me"))
                    .header("X-Forwarded-For", "203.0.113.5")
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        } finally {
            server.stop();
        }
    }
}
