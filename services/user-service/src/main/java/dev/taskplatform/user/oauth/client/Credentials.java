// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client proves with who it is: exactly one way in a request (RFC 6749, section 2.3). */
public sealed interface Credentials {

    /** A name and a secret: {@code client_secret_basic} or {@code client_secret_post}. */
    record Secret(String clientId, String secret) implements Credentials {
        /** Leaves the secret out, so that it gets into no log. */
        @Override
        public String toString() {
            return "Secret[" + clientId + "]";
        }
    }

    /**
     * A signed assertion (RFC 7523, section 2.2).
     *
     * @param clientId of the request, which may leave it out
     */
    record Assertion(Optional<String> clientId, String assertion) implements Credentials {
        /** Leaves the assertion out, so that it gets into no log. */
        @Override
        public String toString() {
            return "Assertion[" + clientId + "]";
        }
    }

    /** A name alone: a public client. */
    record None(String clientId) implements Credentials {}

    /** {@code client_assertion_type} of a JWT. */
    String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** Longest secret that is looked at, in characters. */
    int MAX_SECRET = 256;

    /**
     * The credentials of a request.
     *
     * @param authorization the {@code Authorization} header
     * @param form the body
     * @throws OAuthException invalid_client if there are none or the header is not Basic; invalid_request if there are
     *     several
     */
    static Credentials of(Optional<String> authorization, Parameters form) {
        int ways = (authorization.isPresent() ? 1 : 0)
                + (form.has("client_secret") ? 1 : 0)
                + (form.has("client_assertion") || form.has("client_assertion_type") ? 1 : 0);
        if (ways > 1) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST, "The client authenticates in more than one way; use one");
        }
        Optional<String> clientId = form.optional("client_id");
        if (authorization.isPresent()) {
            Secret basic = Basic.parse(authorization.get());
            if (clientId.filter(id -> !id.equals(basic.clientId())).isPresent()) {
                throw new OAuthException(
                        OAuthError.INVALID_REQUEST, "client_id is another than that of the Authorization header");
            }
            return basic;
        }
        if (ways == 1 && !form.has("client_secret")) {
            if (!form.required("client_assertion_type").equals(JWT_BEARER)) {
                throw new OAuthException(OAuthError.INVALID_CLIENT, "client_assertion_type must be " + JWT_BEARER);
            }
            return new Assertion(clientId, form.required("client_assertion", Parameters.MAX_TOKEN_LENGTH));
        }
        if (ways == 0
                && form.has("assertion")
                && form.optional("grant_type")
                        .filter(GrantType.JWT_BEARER.text()::equals)
                        .isPresent()) {
            // The assertion of this grant says who asks (RFC 7523, section 2.1).
            return new Assertion(clientId, form.required("assertion", Parameters.MAX_TOKEN_LENGTH));
        }
        String id = clientId.orElseThrow(
                () -> new OAuthException(OAuthError.INVALID_CLIENT, "The client says neither its name nor a secret"));
        return form.optional("client_secret", MAX_SECRET)
                .<Credentials>map(secret -> new Secret(id, secret))
                .orElseGet(() -> new None(id));
    }

    /** {@code client_secret_basic}: both parts are form-encoded before they are joined (RFC 6749, section 2.3.1). */
    final class Basic {
        private static final Pattern SCHEME =
                Pattern.compile("basic +([A-Za-z0-9+/]{1,2048}={0,2})", Pattern.CASE_INSENSITIVE);

        private Basic() {}

        static Secret parse(String header) {
            Matcher matcher = SCHEME.matcher(header);
            if (matcher.matches()) {
                try {
                    byte[] bytes = Base64.getDecoder().decode(matcher.group(1));
                    String text = new String(bytes, StandardCharsets.US_ASCII);
                    int colon = text.indexOf(':');
                    if (colon > 0) {
                        return new Secret(
                                Parameters.decode(text.substring(0, colon)),
                                Parameters.decode(text.substring(colon + 1)));
                    }
                } catch (IllegalArgumentException | OAuthException e) {
                    throw malformed();
                }
            }
            throw malformed();
        }

        private static OAuthException malformed() {
            return new OAuthException(
                    OAuthError.INVALID_CLIENT,
                    "The Authorization header is not Basic with a form-encoded id and secret");
        }
    }
}
