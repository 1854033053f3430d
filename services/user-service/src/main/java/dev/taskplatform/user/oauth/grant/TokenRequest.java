// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.user.oauth.client.Client;
import dev.taskplatform.user.oauth.protocol.Parameters;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.session.UserAgent;
import java.util.Optional;
import java.util.Set;

/**
 * A request for tokens.
 *
 * @param client who asks; has proved it, and may use the grant
 * @param form what it sends
 * @param actor where the request comes from
 * @param userAgent with what
 */
public record TokenRequest(Client client, Parameters form, Actor actor, Optional<UserAgent> userAgent) {
    /**
     * The words of {@code scope}, if they are given.
     *
     * @throws dev.taskplatform.user.oauth.protocol.OAuthException invalid_scope if they are malformed
     */
    Optional<Set<String>> scope() {
        return form.optional("scope").map(Scope::parse);
    }
}
