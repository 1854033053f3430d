// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.contract.ApiResponse;
import java.util.Collections;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other services ask, over HTTP and held to the document. */
class ServicesApiTest extends ApiTest {
    ServicesApiTest() {
        super("services");
    }

    @Override
    String authorized() {
        return service.clientToken("task-service", "users:read", "events");
    }

    @Test
    void tellsWhomIdsAndUsernamesBelongTo() {
        String ann = register("Ann", PASSWORD).json().get("id").asText();
        String bob = register("bob", PASSWORD).json().get("id").asText();
        register("carl", PASSWORD);

        JsonNode users = lookUp("{\"ids\": [\"%s\", \"%s\", \"%s\"], \"usernames\": [\"ANN\", \"nobody\", \"no/body\"]}"
                        .formatted(bob, bob, UUID.randomUUID()))
                .json()
                .get("users");

        assertThat(users).hasSize(2);
        assertThat(users.get(0).get("id").asText()).isEqualTo(ann);
        assertThat(users.get(0).get("username").asText()).isEqualTo("Ann");
        assertThat(users.get(0).get("disabled").asBoolean()).isFalse();
        assertThat(users.get(1).get("id").asText()).isEqualTo(bob);
        assertThat(lookUp("{}").json().get("users")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ids\": [\"1-1-1-1-1\"]}",
                "{\"ids\": \"x\"}",
                "{\"usernames\": [1]}",
                "{\"names\": []}",
                "{\"ids\": null}"
            })
    void refusesWhatCannotBeLookedUp(String body) {
        assertThat(lookUp(body).status()).isEqualTo(400);
    }

    @Test
    void looksUpNoMoreThanAHundred() {
        String names = Collections.nCopies(101, "\"ann\"").stream().collect(Collectors.joining(","));

        ApiResponse refused = lookUp("{\"usernames\": [" + names + "]}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/usernames");
    }

    @Test
    void refusesPersons() {
        register("person", PASSWORD);
        String token = token(signIn("person", PASSWORD));

        assertThat(api.post("/internal/v1/users/lookup", "{}")
                        .bearer(token)
                        .send()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void takesServicesWordOnDeletions() {
        register("leaver", PASSWORD);
        String deletion = api.post("/v1/users/me/deletion", "{\"password\": \"" + PASSWORD + "\"}")
                .bearer(token(signIn("leaver", PASSWORD)))
                .send()
                .json()
                .get("id")
                .asText();

        assertThat(acknowledge(deletion)).isEqualTo(204);
        assertThat(acknowledge(deletion)).isEqualTo(204);
        assertThat(acknowledge(UUID.randomUUID().toString())).isEqualTo(404);
        assertThat(acknowledge("1")).isEqualTo(400);
    }

    private int acknowledge(String deletion) {
        return api.request("POST", "/internal/v1/deletions/" + deletion + "/acknowledgements")
                .bearer(authorized())
                .send()
                .status();
    }

    private ApiResponse lookUp(String body) {
        return api.post("/internal/v1/users/lookup", body).bearer(authorized()).send();
    }
}
