// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.contract.ApiResponse;
import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signing keys for administrators, over HTTP and held to the document. */
class KeysAdminApiTest extends ApiTest {
    private String admin;

    KeysAdminApiTest() {
        super("admin-keys");
    }

    @BeforeEach
    void signInAsAdministrator() {
        admin = authorized();
    }

    @Override
    String authorized() {
        return administrator();
    }

    @Test
    void rotatesWithOverlap() throws Exception {
        revoke();
        admin = authorized();
        String first = signingKey();
        ApiResponse rotated = rotate("{}");

        assertThat(rotated.status()).isEqualTo(202);
        String second = rotated.json().get("kid").asText();
        assertThat(rotated.json().get("state").asText()).isEqualTo("published");
        assertThat(Instant.parse(rotated.json().get("signsFrom").asText()))
                .isAfterOrEqualTo(
                        Instant.parse(rotated.json().get("createdAt").asText()).plusSeconds(300));
        assertThat(publishedKeys()).containsExactly(second, first);
        assertThat(signingKey()).isEqualTo(first);
        assertThat(rotate("{\"revokePrevious\": false}").json()).isEqualTo(rotated.json());

        JsonNode items = api.get("/v1/admin/keys").bearer(admin).send().json().get("items");
        assertThat(items.findValuesAsText("kid")).containsExactly(second, first);
        assertThat(items.findValuesAsText("state")).containsExactly("published", "signing");
        assertThat(items.findValuesAsText("ES256")).containsExactly(second, first);
        assertThat(items.findValuesAsText("RS256")).isEqualTo(publishedKeys("RS256"));
    }

    @Test
    void revokesAllTokensInAnEmergency() throws Exception {
        String first = signingKey();

        ApiResponse revoked = revoke();

        assertThat(revoked.json().get("state").asText()).isEqualTo("signing");
        String second = revoked.json().get("kid").asText();
        assertThat(publishedKeys()).containsExactly(second).doesNotContain(first);
        assertThat(api.get("/v1/admin/keys").bearer(admin).send().status()).isEqualTo(401);
        assertThat(signingKey()).isEqualTo(second);
    }

    @Test
    void keepsWhoDidIt() {
        revoke();

        try (Database own = database.open()) {
            assertThat(own.<String, RuntimeException>read(handle ->
                            handle.createQuery("""
                            SELECT details FROM audit_entry
                            WHERE kind = 'key.rotated' AND actor_user_id IS NOT NULL AND request_id IS NOT NULL
                            ORDER BY id DESC LIMIT 1""").mapTo(String.class).one()))
                    .contains(publishedKeys().getFirst(), "\"previousRevoked\":\"true\"");
        }
    }

    @Test
    void isForAdministrators() {
        register("ordinary", PASSWORD);
        String ordinary = token(signIn("ordinary", PASSWORD));

        assertThat(api.get("/v1/admin/keys").bearer(ordinary).send().status()).isEqualTo(403);
        assertThat(api.post("/v1/admin/keys/rotation", "{}")
                        .bearer(ordinary)
                        .send()
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{\"revokePrevious\": \"yes\"}", "{\"revokePrevious\": null}", "{\"revoke\": true}"})
    void refusesOtherBodies(String body) {
        assertThat(rotate(body).status()).isEqualTo(400);
    }

    private ApiResponse rotate(String body) {
        return api.post("/v1/admin/keys/rotation", body).bearer(admin).send();
    }

    private ApiResponse revoke() {
        ApiResponse revoked = rotate("{\"revokePrevious\": true}");
        assertThat(revoked.status()).isEqualTo(202);
        return revoked;
    }

    private List<String> publishedKeys() {
        return publishedKeys("ES256");
    }

    private List<String> publishedKeys(String algorithm) {
        JsonNode keys = api.get("/.well-known/jwks.json").send().json().get("keys");
        return StreamSupport.stream(keys.spliterator(), false)
                .filter(key -> key.get("alg").asText().equals(algorithm))
                .map(key -> key.get("kid").asText())
                .toList();
    }

    /** The key of a new token. */
    private String signingKey() throws Exception {
        return SignedJWT.parse(authorized()).getHeader().getKeyID();
    }
}
