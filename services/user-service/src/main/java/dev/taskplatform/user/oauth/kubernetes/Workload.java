// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.kubernetes;

import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.client.ClientType;
import dev.taskplatform.user.oauth.client.Clients;
import dev.taskplatform.user.oauth.client.GrantType;
import dev.taskplatform.user.oauth.client.IdTokenAlgorithm;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.token.TokenIssuer;
import io.helidon.config.Config;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A ServiceAccount that is let in.
 *
 * @param subject {@code system:serviceaccount:NAMESPACE:NAME}
 * @param clientId the client that it is; several ServiceAccounts may be one
 * @param scope the most it can be given
 */
public record Workload(String subject, String clientId, Set<String> scope) {
    private static final String KEY = "oauth.kubernetes.service-accounts.";
    private static final Pattern SUBJECT =
            Pattern.compile("system:serviceaccount:[a-z0-9]([a-z0-9-]*[a-z0-9])?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public Workload {
        if (!SUBJECT.matcher(subject).matches()) {
            throw new IllegalArgumentException(
                    KEY + "subject: must be system:serviceaccount:NAMESPACE:NAME, but is '%s'".formatted(subject));
        }
        try {
            Clients.id(clientId);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(KEY + "client-id: '%s': %s".formatted(clientId, e.getMessage()), e);
        }
        if (clientId.equals(TokenIssuer.OWN_CLIENT)) {
            throw new IllegalArgumentException(KEY + "client-id: %s is the platform's own client".formatted(clientId));
        }
        scope = Set.copyOf(scope);
        if (scope.isEmpty() || !Scope.OF_CLIENTS.containsAll(scope)) {
            throw new IllegalArgumentException(KEY
                    + "scope: must be one or more of %s, but is '%s'"
                            .formatted(Scope.text(Scope.OF_CLIENTS), Scope.text(scope)));
        }
    }

    static Workload from(Config config) {
        String scope = config.get("scope").asString().get();
        try {
            return new Workload(
                    config.get("subject").asString().get(),
                    config.get("client-id").asString().get(),
                    Scope.parse(scope));
        } catch (OAuthException e) {
            throw new IllegalArgumentException(KEY + "scope: '%s': %s".formatted(scope, e.getMessage()), e);
        }
    }

    /** As clients are known. */
    public Client client() {
        return new Client(
                clientId,
                clientId,
                ClientType.CONFIDENTIAL,
                List.of(),
                Set.of(GrantType.CLIENT_CREDENTIALS, GrantType.JWT_BEARER),
                scope,
                true,
                IdTokenAlgorithm.RS256,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
