// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import com.nimbusds.jose.JWSAlgorithm;
import dev.taskplatform.kit.json.Choice;
import dev.taskplatform.kit.problem.InvalidValueException;

/** What a client has its ID tokens signed by (RFC 7518, section 3.1). */
public enum IdTokenAlgorithm implements Choice {
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

    @Override
    public String text() {
        return jws.getName();
    }

    /** @throws InvalidValueException if there is no such algorithm */
    public static IdTokenAlgorithm of(String text) {
        return Choice.of(IdTokenAlgorithm.class, "An algorithm of ID tokens", text);
    }
}
