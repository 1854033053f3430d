// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An authorization request.
 *
 * @param target where the answer goes
 * @param scope what of the requested scope the client can be given
 * @param nonce goes into the ID token
 * @param codeChallenge of PKCE, by S256
 * @param prompt what the person is to be asked; empty leaves it to us
 * @param maxAge how long ago the person may have signed in
 * @param loginHint the username that the client expects
 */
public record AuthorizationRequest(
        AuthorizationTarget target,
        Set<String> scope,
        Optional<String> nonce,
        String codeChallenge,
        Set<Prompt> prompt,
        Optional<Duration> maxAge,
        Optional<String> loginHint) {
    private static final int MAX_NONCE = 512;
    private static final int MAX_MAX_AGE_DIGITS = 9;

    /** @throws OAuthException to be sent to the target */
    static AuthorizationRequest of(Parameters parameters, AuthorizationTarget target) {
        refuse(parameters, "request", OAuthError.REQUEST_NOT_SUPPORTED);
        refuse(parameters, "request_uri", OAuthError.REQUEST_URI_NOT_SUPPORTED);
        if (!parameters.required("response_type").equals("code")) {
            throw new OAuthException(OAuthError.UNSUPPORTED_RESPONSE_TYPE, "response_type must be code");
        }
        if (parameters
                .optional("response_mode")
                .filter(mode -> !mode.equals("query"))
                .isPresent()) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "response_mode must be query or left out");
        }
        String challenge = Pkce.challenge(parameters.required("code_challenge"));
        if (!parameters
                .optional("code_challenge_method")
                .filter(Pkce.METHOD::equals)
                .isPresent()) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "code_challenge_method must be " + Pkce.METHOD);
        }
        return new AuthorizationRequest(
                target,
                scope(Scope.parse(parameters.optional("scope").orElse("")), target.client()),
                parameters.optional("nonce", MAX_NONCE),
                challenge,
                parameters.optional("prompt").map(Prompt::parse).orElse(Set.of()),
                parameters.optional("max_age").map(AuthorizationRequest::maxAge),
                parameters.optional("login_hint"));
    }

    /** The client that asks. */
    public Client client() {
        return target.client();
    }

    boolean asks(Prompt what) {
        return prompt.contains(what);
    }

    /**
     * Words that nobody knows do not matter (OpenID Connect Core, section 3.1.2.1), nor does the wish for a refresh token
     * that the client can't be given (section 11). Other words that are not the client's are refused.
     */
    private static Set<String> scope(Set<String> requested, Client client) {
        Set<String> scope = new LinkedHashSet<>(requested);
        scope.retainAll(Scope.OF_PERSONS);
        if (!client.may(GrantType.REFRESH_TOKEN) || !client.scopes().contains(Scope.OFFLINE_ACCESS)) {
            scope.remove(Scope.OFFLINE_ACCESS);
        }
        if (scope.isEmpty() || !client.scopes().containsAll(scope)) {
            throw new OAuthException(
                    OAuthError.INVALID_SCOPE, "The client may ask for: " + Scope.text(new TreeSet<>(client.scopes())));
        }
        return Set.copyOf(scope);
    }

    private static Duration maxAge(String text) {
        if (text.length() > MAX_MAX_AGE_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "max_age must be a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static void refuse(Parameters parameters, String name, OAuthError error) {
        if (parameters.has(name)) {
            throw new OAuthException(error, "The parameter " + name + " is not supported");
        }
    }
}
