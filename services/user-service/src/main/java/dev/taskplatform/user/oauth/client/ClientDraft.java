// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an administrator decides about a client.
 *
 * @param name as {@link Client#name}
 * @param redirectUris as they were typed
 */
public record ClientDraft(
        String name,
        ClientType type,
        List<String> redirectUris,
        Set<GrantType> grantTypes,
        Set<String> scopes,
        boolean firstParty,
        IdTokenAlgorithm idTokenAlgorithm) {
    private static final int MAX_NAME = 100;
    private static final int MAX_REDIRECT_URIS = 20;

    /** The parser of {@code name}. */
    public static String name(String text) {
        String name = text.strip();
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > MAX_NAME) {
            throw new InvalidValueException("The name of a client has 1 to " + MAX_NAME + " characters.");
        }
        // Also what turns the direction of text: people decide by this name whom they trust.
        if (name.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)) {
            throw new InvalidValueException("The name of a client has no control characters.");
        }
        return name;
    }

    /** The parser of a scope. */
    public static String scope(String text) {
        if (!Scope.OF_PERSONS.contains(text) && !Scope.OF_CLIENTS.contains(text)) {
            throw new InvalidValueException("The scopes are " + String.join(", ", Scope.OF_PERSONS) + " and, for the"
                    + " client credentials grant, " + String.join(", ", Scope.OF_CLIENTS) + ".");
        }
        return text;
    }

    /** What is wrong with the fields, each by itself and together; empty if nothing is. */
    List<FieldError> errors() {
        List<FieldError> errors = new ArrayList<>();
        if (redirectUris.size() > MAX_REDIRECT_URIS) {
            errors.add(FieldError.value("redirectUris", "A client has at most " + MAX_REDIRECT_URIS + " of them."));
        }
        for (String uri : redirectUris) {
            try {
                RedirectUri.of(uri, type);
            } catch (InvalidValueException e) {
                errors.add(FieldError.value("redirectUris", e.getMessage()));
            }
        }
        boolean code = grantTypes.contains(GrantType.AUTHORIZATION_CODE);
        boolean own = grantTypes.contains(GrantType.CLIENT_CREDENTIALS);
        if (grantTypes.isEmpty()) {
            errors.add(FieldError.value("grantTypes", "A client has at least one grant type."));
        }
        if (code == redirectUris.isEmpty()) {
            errors.add(FieldError.value(
                    "redirectUris",
                    "A client has redirect URIs if it has the grant type authorization_code, and only then."));
        }
        if (own && type == ClientType.PUBLIC) {
            errors.add(FieldError.value("grantTypes", "client_credentials is for confidential clients."));
        }
        if (grantTypes.contains(GrantType.REFRESH_TOKEN) && !code) {
            errors.add(FieldError.value("grantTypes", "refresh_token is of use with authorization_code alone."));
        }
        if (!code && scopes.stream().anyMatch(Scope.OF_PERSONS::contains)) {
            errors.add(FieldError.value("scopes", "A scope about persons needs the grant type authorization_code."));
        }
        if (!own && scopes.stream().anyMatch(Scope.OF_CLIENTS::contains)) {
            errors.add(FieldError.value("scopes", "A scope for services needs the grant type client_credentials."));
        }
        if (scopes.contains(Scope.OFFLINE_ACCESS) && !grantTypes.contains(GrantType.REFRESH_TOKEN)) {
            errors.add(FieldError.value("scopes", "offline_access needs the grant type refresh_token."));
        }
        if (scopes.contains(Scope.ACCOUNT) && !firstParty) {
            errors.add(FieldError.value("scopes", "account is for first-party clients alone."));
        }
        return List.copyOf(errors);
    }

    /** The redirect URIs; only of a draft without errors. */
    List<RedirectUri> parsedRedirectUris() {
        return redirectUris.stream().map(uri -> RedirectUri.of(uri, type)).toList();
    }
}
