// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.process.DataMainTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** Accounts, clients, keys and all that belongs to them, through backup, restore and copy. */
class DataMainIT extends DataMainTests {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final String PASSWORD = "correct horse";
    private static final String CALLBACK = "https://calendar.example/callback";
    /** RFC 7636, appendix B. */
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private Path key;

    DataMainIT() {
        super(DataMain.class, "user-service");
    }

    @BeforeEach
    void prepare() throws IOException {
        key = Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
    }

    @Override
    protected List<String> emptyTables() {
        return List.of(
                // A service that acknowledges deletions is none of a person's things to do.
                "deletion_acknowledgement",
                // What has ended is removed in the background.
                "audit_horizon",
                "throttle_counter");
    }

    @Override
    protected Running start(Map<String, String> database) {
        Map<String, String> settings = new HashMap<>(FirstAdministrator.settings());
        settings.put("keys.encryption-key-file", key.toString());
        return new People(UserServiceUnderTest.start(database, settings, Clock.fixed(NOW, ZoneOffset.UTC), CONTRACT));
    }

    private static final class People implements Running {
        private final UserServiceUnderTest service;
        private final ApiClient api;

        People(UserServiceUnderTest service) {
            this.service = service;
            this.api = service.client();
        }

        @Override
        public void fill() {
            String admin = FirstAdministrator.token(api);
            register("ann");
            String ann = signIn("ann");
            String secret = send(api.post("/v1/users/me/totp", "{\"password\": \"" + PASSWORD + "\"}"), ann, 201)
                    .json()
                    .get("secret")
                    .asText();
            String code = SecondFactorApiTest.code(secret, NOW);
            send(api.post("/v1/users/me/totp/confirmation", "{\"code\": \"" + code + "\"}"), ann, 200);

            send(keyed("{\"username\": \"Zoë-東京\", \"password\": \"" + PASSWORD + "\"}"), admin, 201);
            send(api.post("/v1/admin/invitations", "{\"role\": \"admin\"}"), admin, 201);
            send(api.post("/v1/admin/clients", """
                    {"clientId": "calendar", "name": "Calendar", "type": "confidential", "redirectUris": ["%s"],
                     "grantTypes": ["authorization_code"], "scopes": ["openid", "tasks"]}""".formatted(CALLBACK)), admin, 201);

            register("bob");
            Browser browser = new Browser(api);
            browser.open("/oauth2/authorize?response_type=code&client_id=calendar&redirect_uri=" + CALLBACK
                    + "&scope=openid%20tasks&code_challenge_method=S256&code_challenge=" + CHALLENGE);
            browser.submit("username", "bob", "password", PASSWORD);
            assertThat(browser.submit("decision", "allow").header("Location").orElseThrow())
                    .contains("code=");

            register("gone");
            send(api.post("/v1/users/me/deletion", "{\"password\": \"" + PASSWORD + "\"}"), signIn("gone"), 202);
            for (int i = 0; i < 5; i++) {
                assertThat(api.post("/v1/sessions", ApiTest.credentials("bob", "wrong horse"))
                                .send()
                                .status())
                        .isIn(401, 429);
            }
        }

        @Override
        public List<JsonNode> view() {
            String admin = FirstAdministrator.token(api);
            JsonNode users = get("/v1/admin/users?limit=100", admin);
            assertThat(users.get("items").findValuesAsText("username")).contains("ann", "bob", "Zoë-東京");
            return List.of(
                    users.get("items"),
                    get("/v1/admin/invitations?limit=100", admin).get("items"),
                    get("/v1/admin/deletions?limit=100", admin).get("items"),
                    get("/v1/admin/clients?limit=100", admin).get("items"),
                    get("/v1/admin/keys?limit=100", admin).get("items"),
                    api.get("/.well-known/jwks.json").send().json());
        }

        @Override
        public void use() {
            String admin = FirstAdministrator.token(api);
            send(keyed("{\"username\": \"another\", \"password\": \"" + PASSWORD + "\"}"), admin, 422);
            assertThat(register("ann").status()).isEqualTo(409);
            ApiResponse made = register("carl-" + System.nanoTime());
            assertThat(made.status()).isEqualTo(201);
            assertThat(api.post("/v1/sessions", ApiTest.credentials("ann", PASSWORD))
                            .send()
                            .json()
                            .get("type")
                            .asText())
                    .contains("second-factor-required");
        }

        private ApiClient.Request keyed(String user) {
            return api.post("/v1/admin/users", user).header("Idempotency-Key", "once");
        }

        private ApiResponse register(String username) {
            return api.post("/v1/users", ApiTest.credentials(username, PASSWORD))
                    .send();
        }

        private String signIn(String username) {
            return ApiTest.token(api.post("/v1/sessions", ApiTest.credentials(username, PASSWORD))
                    .send());
        }

        private JsonNode get(String path, String token) {
            return send(api.get(path), token, 200).json();
        }

        private static ApiResponse send(ApiClient.Request request, String token, int status) {
            ApiResponse response = request.bearer(token).send();
            assertThat(response.status()).as(response.body()).isEqualTo(status);
            return response;
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
