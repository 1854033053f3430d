// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import com.nimbusds.jose.JWSAlgorithm;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Arrays;

/** What a client has its ID tokens signed by (RFC 7518, section 3.1). */
public enum IdTokenAlgorithm {
    /** Every client knows this one (OpenID Connect Core, section 15.1), and it is the default. */
    RS256(JWSAlgorithm.RS256),
    /** As access tokens are; shorter. */
    ES256(JWSAlgorithm.ES256);

    private final JWSAlgorithm jws;

    IdTokenAlgorithm(JWSAlgorithm jws) {
        this.jws = jws;
    }

    /** As signatures are made by it. */
    public JWSAlgorithm jws() {
        return jws;
    }

    /** As it is in JSON and in the database. */
    public String text() {
        return jws.getName();
    }

    /** @throws InvalidValueException if there is no such algorithm */
    public static IdTokenAlgorithm of(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("The algorithm of ID tokens is RS256 or ES256."));
    }
}
