// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.ApiClient;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simple API, over HTTP and held to the document. */
class SimpleApiTest extends ApiTest {
    SimpleApiTest() {
        super("simple");
    }

    @Test
    void simpleClientsRegisterAndLogIn() {
        ApiResponse registered =
                api.post("/register", credentials("simple", "correct horse")).send();
        assertThat(registered.body()).isEqualTo("{\"message\":\"User registered successfully\"}");
        ApiResponse again =
                api.post("/register", credentials("simple", "correct horse")).send();
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body()).isEqualTo("{\"detail\":\"User already exists\"}");

        ApiResponse in =
                api.post("/login", credentials("simple", "correct horse")).send();
        assertThat(in.json().get("message").asText()).isEqualTo("Login successful");
        String token = in.json().get("access_token").asText();
        assertThat(api.get("/v1/users/me").bearer(token).send().status()).isEqualTo(200);
        ApiResponse wrong =
                api.post("/login", credentials("simple", "wrong horse")).send();
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo("{\"detail\":\"Invalid credentials\"}");
    }

    @Test
    void simpleClientsAreToldThatTheirAccountIsDisabled() {
        api.post("/register", credentials("disabled", "correct horse")).send();
        try (Database behindItsBack = database.open()) {
            behindItsBack.write(
                    handle -> handle.execute("UPDATE account SET disabled_at = 1 WHERE username = 'disabled'"));
        }
        assertThat(api.post("/login", credentials("disabled", "correct horse"))
                        .send()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void simpleClientsAreToldWhatTheirBodyLacks() {
        ApiResponse missing = api.post("/login", "{\"username\": \"ann\"}").send();
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.json().at("/detail/0/type").asText()).isEqualTo("missing");
        assertThat(missing.json().at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"password\"]");
        ApiResponse broken = api.post("/register", "{").send();
        assertThat(broken.status()).isEqualTo(422);
        assertThat(broken.json().at("/detail/0/type").asText()).isEqualTo("json_invalid");
    }

    @Test
    void simpleClientsMaySendMore() {
        String body = "{\"username\": \"more\", \"password\": \"correct horse\", \"email\": \"more@example.com\"}";
        assertThat(api.post("/register", body).send().status()).isEqualTo(200);
    }

    @Test
    void simpleClientsKnowNoPolicyIfCompatible() throws Exception {
        assertThat(api.post("/register", credentials("brief", "pw")).send().status())
                .isEqualTo(422);
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest compatible = UserServiceUnderTest.start(
                        other.settings(), Map.of("compatibility.simple-api", "true"), clock(), contract())) {
            ApiClient client = compatible.client();
            assertThat(client.post("/register", credentials("brief", "pw"))
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/login", credentials("brief", "pw")).send().status())
                    .isEqualTo(200);
            assertThat(client.post("/v1/users", credentials("brief2", "pw"))
                            .send()
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invite", "closed"})
    void simpleClientsRegisterOnlyWhereEverybodyMay(String mode) throws Exception {
        try (DatabaseUnderTest other = DatabaseUnderTest.embedded();
                UserServiceUnderTest service = UserServiceUnderTest.start(
                        other.settings(), Map.of("registration.mode", mode), clock(), contract())) {
            ApiResponse refused = service.client()
                    .post("/register", credentials("outsider", PASSWORD))
                    .send();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("{\"detail\":\"Registration is closed\"}");
        }
    }
}
