// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taskplatform.kit.http.ClientAddresses;
import dev.taskplatform.kit.http.TrustedProxies;
import dev.taskplatform.kit.observe.Meters;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.kit.server.ServiceConfig;
import dev.taskplatform.kit.server.ServiceServer;
import io.helidon.webserver.http.HttpService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final AtomicReference<RateSettings> settings = new AtomicReference<>(new RateSettings(2, 4));
    private final RateLimiter limiter = new RateLimiter(
            settings::get, new ClientAddresses(TrustedProxies.of(List.of("127.0.0.0/8"))), nanoTime::get);
    private final HttpClient http = HttpClient.newHttpClient();
    private ServiceServer server;

    @BeforeEach
    void start() {
        HttpService things = rules -> rules.post("/", limiter.limited((request, response) -> response.send("done")))
                .post("/refused", limiter.limited((request, response) -> {
                    throw new ProblemException(ProblemType.NOT_FOUND, "No.");
                }))
                .get("/", (request, response) -> response.send("free"));
        server = ServiceServer.builder(ServiceConfig.of(Map.of("server.trusted-proxies", "127.0.0.0/8")), new Meters())
                .routes(rules -> rules.register("/v1/things", things))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop();
    }

    @Test
    void letsABurstThroughAndThenSoManyASecond() throws Exception {
        for (int left = 3; left >= 0; left--) {
            HttpResponse<String> response = post("", "203.0.113.5");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(header(response, "RateLimit-Policy")).isEqualTo("\"address\";q=4;w=2");
            assertThat(header(response, "RateLimit")).startsWith("\"address\";r=" + left + ";t=");
        }
        HttpResponse<String> refused = post("", "203.0.113.5");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("/too-many-requests");
        assertThat(header(refused, "Retry-After")).isEqualTo("1");
        assertThat(header(refused, "RateLimit")).isEqualTo("\"address\";r=0;t=2");

        pass(Duration.ofMillis(500));
        assertThat(post("", "203.0.113.5").statusCode()).isEqualTo(200);
        assertThat(post("", "203.0.113.5").statusCode()).isEqualTo(429);

        pass(Duration.ofMinutes(1));
        assertThat(header(post("", "203.0.113.5"), "RateLimit")).isEqualTo("\"address\";r=3;t=1");
    }

    @Test
    void countsEachClientByItself() throws Exception {
        exhaust("203.0.113.5");
        assertThat(post("", "203.0.113.6").statusCode()).isEqualTo(200);
        exhaust("2001:db8::1");
        assertThat(post("", "2001:db8::2").statusCode()).isEqualTo(429);
        assertThat(post("", "2001:db8:0:1::1").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotFooledByWhatAClientPutsBeforeItsAddress() throws Exception {
        exhaust("203.0.113.5");
        assertThat(post("", "198.51.100.1, 203.0.113.5").statusCode()).isEqualTo(429);
        assertThat(post("", "127.0.0.1, 203.0.113.5").statusCode()).isEqualTo(429);
        assertThat(post("", "unknown, 203.0.113.5").statusCode()).isEqualTo(429);
    }

    @Test
    void tellsWhatIsLeftOnErrorsToo() throws Exception {
        HttpResponse<String> response = post("/refused", "203.0.113.5");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "RateLimit")).startsWith("\"address\";r=3;");
        assertThat(header(response, "RateLimit-Policy")).isEqualTo("\"address\";q=4;w=2");
    }

    @Test
    void leavesOtherRoutesAlone() throws Exception {
        exhaust("203.0.113.5");
        HttpRequest get = request("", "203.0.113.5").GET().build();
        HttpResponse<String> response = http.send(get, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("RateLimit")).isEmpty();
    }

    @Test
    void takesUpNewSettings() throws Exception {
        exhaust("203.0.113.5");
        settings.set(new RateSettings(0, 4));
        HttpResponse<String> free = post("", "203.0.113.5");
        assertThat(free.statusCode()).isEqualTo(200);
        assertThat(free.headers().firstValue("RateLimit")).isEmpty();

        settings.set(new RateSettings(1, 1));
        pass(Duration.ofSeconds(10));
        assertThat(post("", "203.0.113.5").statusCode()).isEqualTo(200);
        assertThat(post("", "203.0.113.5").statusCode()).isEqualTo(429);
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatThrownBy(() -> new RateSettings(-1, 1)).hasMessageContaining("rate.requests-per-second");
        assertThatThrownBy(() -> new RateSettings(1, 0)).hasMessageContaining("rate.burst");
        assertThatThrownBy(() -> new RateSettings(1, 601)).hasMessageContaining("rate.burst");
    }

    private void exhaust(String client) throws Exception {
        while (post("", client).statusCode() != 429) {
            assertThat(nanoTime.get()).isZero();
        }
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private HttpResponse<String> post(String path, String forwardedFor) throws Exception {
        HttpRequest post = request(path, forwardedFor)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(post, BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String forwardedFor) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/things" + path))
                .header("X-Forwarded-For", forwardedFor);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
