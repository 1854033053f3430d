// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import dev.taskplatform.kit.contract.ApiResponse;
import org.junit.jupiter.api.Test;

/** The public keys, over HTTP and held to the document. */
class KeysApiTest extends ApiTest {
    KeysApiTest() {
        super("keys");
    }

    @Test
    void keysAreCacheable() {
        String etag = api.get("/.well-known/jwks.json").send().header("ETag").orElseThrow();
        ApiResponse same =
                api.get("/.well-known/jwks.json").header("If-None-Match", etag).send();
        assertThat(same.status()).isEqualTo(304);
        ApiResponse other = api.get("/.well-known/jwks.json")
                .header("If-None-Match", "\"other\"")
                .send();
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    void hasOneForEachAlgorithmAndNoPrivateParts() throws Exception {
        JWKSet keys = JWKSet.parse(api.get("/.well-known/jwks.json").send().body());

        assertThat(keys.getKeys())
                .extracting(key -> key.getAlgorithm().getName())
                .containsExactly("ES256", "RS256");
        assertThat(keys.getKeys()).noneMatch(JWK::isPrivate).allSatisfy(key -> {
            assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
            assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
        });
    }

    @Test
    void refusesConditionsThatAreNone() {
        assertThat(api.get("/.well-known/jwks.json")
                        .header("If-None-Match", "no quotes")
                        .send()
                        .status())
                .isEqualTo(400);
    }
}
