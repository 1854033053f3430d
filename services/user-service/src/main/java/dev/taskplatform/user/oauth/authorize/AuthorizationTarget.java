// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.client.KnownClients;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the answer to an authorization request goes. Until this is known to be right nothing may be sent there: what is
 * wrong with it is told to the person, not to the client (RFC 6749, section 4.1.2.1).
 *
 * @param redirectUri as it was requested
 * @param state given back with every answer
 */
public record AuthorizationTarget(Client client, String redirectUri, Optional<String> state) {
    private static final int MAX_STATE = 4096;

    /** @throws OAuthException invalid_request, or unauthorized_client, not to be sent to the client */
    static AuthorizationTarget of(Parameters parameters, KnownClients clients) {
        Client client = clients.find(parameters.required("client_id"))
                .orElseThrow(() -> new OAuthException(
                        OAuthError.UNAUTHORIZED_CLIENT, "The program that sent you here is not known."));
        // Required even if only one is registered, as OpenID Connect and OAuth 2.1 have it.
        String redirectUri = parameters.required("redirect_uri");
        if (!client.may(GrantType.AUTHORIZATION_CODE) || !client.redirectsTo(redirectUri)) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST,
                    "The program wants its answer at an address that is not registered for it (redirect_uri).");
        }
        return new AuthorizationTarget(client, redirectUri, parameters.optional("state", MAX_STATE));
    }

    /** The address with a code. */
    String withCode(String code, String issuer) {
        return with(Map.of("code", code), issuer);
    }

    /** The address with an error. */
    String withError(OAuthException error, String issuer) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", error.error().code());
        answer.put("error_description", error.getMessage());
        return with(answer, issuer);
    }

    /** {@code iss} tells a client that speaks to several servers which one answers (RFC 9207). */
    private String with(Map<String, String> answer, String issuer) {
        Map<String, String> all = new LinkedHashMap<>(answer);
        state.ifPresent(value -> all.put("state", value));
        all.put("iss", issuer);
        String query = all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return redirectUri + (redirectUri.indexOf('?') < 0 ? "?" : "&") + query;
    }
}
