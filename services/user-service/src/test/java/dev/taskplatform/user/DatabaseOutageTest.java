// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.CommonAnswers;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.PostgresServer;
import dev.taskplatform.kit.database.TcpProxy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every route while the database goes away under a service that works, and when it is back. */
class DatabaseOutageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What is answered out of memory. */
    private static final Set<String> NEED_NO_DATABASE = Set.of(
            "GET /.well-known/jwks.json",
            "GET /.well-known/openid-configuration",
            "GET /.well-known/oauth-authorization-server",
            // The example comes from no browser that has seen the form.
            "POST /oauth2/authorize");

    private static final Set<String> FOR_SERVICES = Set.of("events", "services");

    @RegisterExtension
    static final Server SERVER = new Server();

    private final OpenApiContract contract = OpenApiContract.load();
    private TcpProxy proxy;
    private DatabaseUnderTest database;
    private UserServiceUnderTest service;
    private ApiClient observer;
    private String token;
    private String servicesToken;

    @BeforeEach
    void start() throws Exception {
        proxy = new TcpProxy(SERVER.postgres.port());
        proxy.connect();
        database = SERVER.postgres.newDatabase(proxy.port());
        service = UserServiceUnderTest.start(
                database.settings(), FirstAdministrator.settings(), Clock.systemUTC(), contract);
        observer = new ApiClient(service.server().observePort(), contract);
        token = FirstAdministrator.token(service.client());
        servicesToken = service.clientToken("task-service", "events", "users:read");
        assertThat(service.client().get("/v1/users/me").bearer(token).send().status())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        observer.close();
        service.close();
        proxy.close();
        database.close();
    }

    @Test
    void saysOfEveryRouteWhetherItCanAnswerWhenTheServerIsGone() throws Exception {
        proxy.disconnect();

        assertAnswersAreUnavailable();
        assertThat(readiness()).isEqualTo(503);
        assertThat(observer.get("/observe/health/live").sendUndocumented().status())
                .isEqualTo(200);

        proxy.connect();
        assertRecovers();
    }

    @Test
    void saysOfEveryRouteWhetherItCanAnswerWhenTheServerIsSilent() throws Exception {
        proxy.fallSilent();

        assertAnswersAreUnavailable();
        await().atMost(PATIENCE).until(() -> readiness() == 503);

        proxy.disconnect();
        proxy.connect();
        assertRecovers();
    }

    private void assertAnswersAreUnavailable() throws Exception {
        assertThat(answers()).allSatisfy((operation, answer) -> {
            if (NEED_NO_DATABASE.contains(operation)) {
                assertThat(answer.status()).as(operation).isLessThan(400);
                return;
            }
            assertThat(answer.status()).as(operation + " " + answer.body()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).as(operation).isPresent();
            assertThat(answer.body()).as(operation).doesNotContain("postgres", "SQL", "Exception");
        });
    }

    private void assertRecovers() {
        await().atMost(PATIENCE).until(() -> readiness() == 200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(service.client()
                                .get("/v1/users/me")
                                .bearer(FirstAdministrator.token(service.client()))
                                .send()
                                .status())
                        .isEqualTo(200));
    }

    private int readiness() {
        return observer.get("/observe/health/ready").sendUndocumented().status();
    }

    private Map<String, ApiResponse> answers() throws Exception {
        Map<String, ApiResponse> answers = new TreeMap<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, CompletableFuture<ApiResponse>> calls = new HashMap<>();
            for (String tag : contract.tags()) {
                String own = FOR_SERVICES.contains(tag) ? servicesToken : token;
                calls.putAll(new CommonAnswers(contract, tag).answers(service.client(), own, executor));
            }
            // The examples of these do not say which client asks.
            for (String path : List.of("/oauth2/token", "/oauth2/introspect", "/oauth2/revoke")) {
                calls.put("POST " + path, CompletableFuture.supplyAsync(() -> asClient(path), executor));
            }
            for (var call : calls.entrySet()) {
                answers.put(call.getKey(), call.getValue().get());
            }
        }
        return answers;
    }

    private ApiResponse asClient(String path) {
        return service.client()
                .request("POST", path)
                .header("Authorization", "Basic Y2FsZW5kYXI6c2VjcmV0")
                .body("application/x-www-form-urlencoded", "grant_type=client_credentials&token=opaque")
                .send();
    }

    static final class Server implements BeforeAllCallback {
        private PostgresServer postgres;

        @Override
        public void beforeAll(ExtensionContext context) {
            postgres = PostgresServer.shared(context);
        }
    }
}
