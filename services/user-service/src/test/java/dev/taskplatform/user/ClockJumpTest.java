// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that jumps by an hour under a service that works. */
@OnEveryDatabase
class ClockJumpTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();

    private final DatabaseUnderTest underTest;
    private final AtomicReference<Instant> now = new AtomicReference<>(ApiTest.START);
    private UserServiceUnderTest service;
    private ApiClient api;
    private ApiClient observer;
    private String name;

    ClockJumpTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void start() {
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        service = UserServiceUnderTest.start(underTest.settings(), Map.of(), clock, CONTRACT);
        api = service.client();
        observer = new ApiClient(service.server().observePort(), CONTRACT);
        name = "u" + System.nanoTime();
        assertThat(register(name).status()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        observer.close();
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void goesOnWithItsWork(Duration jump) {
        JsonNode session = signIn(ApiTest.PASSWORD).json();
        now.set(ApiTest.START.plus(jump));

        assertThat(observer.get("/observe/health/ready").sendUndocumented().status())
                .isEqualTo(200);
        assertThat(register(name + "x").status()).isEqualTo(201);
        String fresh = ApiTest.token(signIn(ApiTest.PASSWORD));
        assertThat(me(fresh)).isEqualTo(200);
        ApiResponse refreshed = refresh(session.get("refresh_token").asText());
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(me(ApiTest.token(refreshed))).isEqualTo(200);

        now.set(ApiTest.START);
        assertThat(me(ApiTest.token(signIn(ApiTest.PASSWORD)))).isEqualTo(200);
        assertThat(refresh(refreshed.json().get("refresh_token").asText()).status())
                .isEqualTo(200);
    }

    @Test
    void endsAnAccessTokenByTheTimeInIt() {
        String token = ApiTest.token(signIn(ApiTest.PASSWORD));

        now.set(ApiTest.START.minus(Duration.ofHours(1)));
        assertThat(me(token)).isEqualTo(200);
        now.set(ApiTest.START.plus(Duration.ofHours(1)));
        assertThat(me(token)).isEqualTo(401);
        now.set(ApiTest.START);
        assertThat(me(token)).isEqualTo(200);
    }

    @Test
    void endsALockNoLaterThanItsLengthAfterTheClockWasSetBack() {
        ApiResponse last = signIn("wrong horse");
        for (int i = 0; i < 10; i++) {
            last = signIn("wrong horse");
        }
        assertThat(last.status()).isEqualTo(429);
        assertThat(signIn(ApiTest.PASSWORD).status()).isEqualTo(429);

        now.set(ApiTest.START.minus(Duration.ofHours(1)));
        assertThat(signIn(ApiTest.PASSWORD).status()).isEqualTo(429);
        now.set(ApiTest.START.minus(Duration.ofMinutes(45)));
        assertThat(signIn(ApiTest.PASSWORD).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void answersRepetitionsAsBefore(Duration jump) {
        String body = ApiTest.credentials(name + "y", ApiTest.PASSWORD);
        ApiResponse first =
                api.post("/v1/users", body).header("Idempotency-Key", name).send();
        assertThat(first.status()).isEqualTo(201);
        now.set(ApiTest.START.plus(jump));

        assertThat(api.post("/v1/users", body)
                        .header("Idempotency-Key", name)
                        .send()
                        .body())
                .isEqualTo(first.body());
    }

    private ApiResponse register(String username) {
        return api.post("/v1/users", ApiTest.credentials(username, ApiTest.PASSWORD))
                .send();
    }

    private ApiResponse signIn(String password) {
        return api.post("/v1/sessions", ApiTest.credentials(name, password)).send();
    }

    private ApiResponse refresh(String token) {
        return api.request("POST", "/oauth2/token")
                .body(
                        "application/x-www-form-urlencoded",
                        "grant_type=refresh_token&client_id=taskplatform&refresh_token=" + token)
                .send();
    }

    private int me(String token) {
        return api.get("/v1/users/me").bearer(token).send().status();
    }
}
